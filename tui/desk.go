package tui

import (
	"bytes"
	"cmp"
	"context"
	"reflect"
	"slices"
	"strings"
	"time"

	"countersign/tui/ui/editor"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/hint"
	"countersign/apiclient/variables"
	"countersign/tui/endpoints"
	"countersign/tui/headers"
	"countersign/tui/keymap"
	"countersign/tui/request"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// desk is what lies before the person: the draft as it would be signed now,
// and the exchange that was sent or loaded last.
type desk struct {
	revision   int // grows with each change of the draft
	previewing bool
	preview    *apiclient.Exchange
	previewErr error
	previewed  int // the revision that preview is of

	changes map[string]headers.Changes // what was changed on purpose, for each draft

	shown         *apiclient.Exchange
	shownRevision int // the draft's revision when shown was sent or loaded

	recorded       int       // how many runs the history holds
	draftKey       string    // the draft that was open before a saved run
	opened         int       // number of the run that was asked for last, or draft opened: a late run is dropped
	loads          loads     // of profiles
	historyVersion int64     // of the list of runs on the screen
	interrupted    time.Time // when ctrl+c was pressed last
	masked         bool      // what is secret is masked on the screen
}

// request is the exchange whose request is on the screen: the one that was
// sent while the draft is unchanged since, else the draft as it would be
// signed. nil before the first preview.
func (d *desk) request() *apiclient.Exchange {
	if d.shown != nil && d.shownRevision == d.revision {
		return d.shown
	}
	return d.preview
}

// live reports whether the request side shows the draft, not what was sent.
func (d *desk) live() bool { return d.shown == nil || d.shownRevision != d.revision }

// draft puts together what the request and headers panes hold.
func (a *App) draft() apiclient.Draft {
	d := a.panes.request.Draft()
	c := a.panes.headers.Changes()
	d.Header = slices.DeleteFunc(d.Header, func(f apiclient.Field) bool { // one that was set by hand wins
		return slices.ContainsFunc(c.Set, func(by apiclient.Field) bool { return strings.EqualFold(by.Name, f.Name) })
	})
	d.Header, d.Omit, d.Tamper = append(d.Header, c.Set...), c.Omit, c.Tamper
	return d
}

// tellHeaders tells the request pane which headers were changed by hand.
func (a *App) tellHeaders(c headers.Changes) {
	var names []string
	for _, f := range c.Set {
		names = append(names, f.Name)
	}
	a.panes.request.SetHeaderChanges(a.headerChanges(c), names)
}

// draftChanged notes an edit and has it signed again, one preview at a time.
func (a *App) draftChanged() tea.Cmd {
	a.desk.revision++
	a.status.Edited()
	a.panes.response.SetStale(a.desk.shown != nil)
	a.tellHeaders(a.panes.headers.Changes())
	a.panes.request.SetUnsaved(a.unsavedFile(a.panes.request.Key()))
	return a.nextPreview()
}

// openDraft opens another draft; each has its own headers changed on purpose.
func (a *App) openDraft(open func()) {
	a.desk.opened++
	a.markIfEdited()
	if a.desk.changes == nil {
		a.desk.changes = map[string]headers.Changes{}
	}
	a.desk.changes[a.panes.request.Key()] = a.panes.headers.Changes()
	if !a.panes.request.SavedRun() {
		a.desk.draftKey = a.panes.request.Key()
	}
	open()
	a.showChanges()
}

// loaded is what the explorer works with.
type loaded struct {
	services *Services
	count    int
	version  int64     // of the history
	preview  previewed // of the draft that is open at the start
	kept     savedBefore
	err      error
}

// previewed is the draft as it would be signed now.
type previewed struct {
	revision int
	body     []byte              // expanded
	faults   []catalog.Violation // what the schema says of it
	exchange apiclient.Exchange
	err      error

	expansion variables.Expansion
	marks     []editor.Mark // the faults, at their places in the body as it is written
}

func (msg previewed) handle(a *App) tea.Cmd {
	a.desk.previewing = false
	if msg.revision != a.desk.revision {
		return a.nextPreview() // edited meanwhile: a late answer is not shown
	}
	a.desk.previewErr, a.desk.previewed = msg.err, msg.revision
	a.panes.request.SetExpanded(msg.body, msg.faults, msg.err)
	a.panes.request.SetFindings(msg.expansion, msg.marks)
	a.desk.preview = nil // what cannot be signed now must not be shown or copied as if it were
	if msg.err == nil {
		a.desk.preview = &msg.exchange
	}
	a.updatePanes()
	return nil
}

// updatePanes hands the panes what they show.
func (a *App) updatePanes() {
	request := a.asShown(a.desk.request())
	shown := request
	if a.desk.shown != a.desk.request() {
		shown = a.asShown(a.desk.shown)
	}
	a.panes.request.SetTampered(a.tamperedTitles())
	a.panes.headers.Show(request, shown, a.desk.live())
	a.panes.signature.Show(request, shown, a.desk.live(), a.desk.previewErr)
}

// handle starts the work once everything is loaded.
func (msg loaded) handle(a *App) tea.Cmd {
	if a.services != nil {
		return nil // another profile was chosen meanwhile, and is there
	}
	if msg.err != nil {
		a.loadErr = msg.err
		a.status.Set("Nothing can be sent yet: the reason stands above", status.Bad)
		a.panes.runs.Fail("The history is opened when this is fixed.")
		a.panes.signature.Show(nil, nil, true, msg.err)
		return nil
	}
	a.services = msg.services
	a.desk.recorded, a.desk.historyVersion = msg.count, msg.version
	a.attach()
	a.restore(msg.kept, a.desk.revision == msg.preview.revision)
	a.sayReady()
	a.notify(a.services.Notices)
	cmds := []tea.Cmd{msg.preview.handle(a), a.nextPreview(), a.panes.runs.Refresh(), a.openFirst()}
	if a.unsaved() { // typed while the history was opened
		cmds = append(cmds, a.saveSoon())
	}
	return tea.Batch(cmds...)
}

// choose opens an endpoint's draft.
func (a *App) choose(msg endpoints.Chosen) tea.Cmd {
	if !msg.Stay {
		defer a.setFocus(keymap.Request)
	}
	if a.panes.request.Key() == msg.Endpoint.ID {
		return nil // it is open: nothing is lost by choosing it again
	}
	a.openDraft(func() { a.panes.request.Open(msg.Endpoint) })
	return a.draftOpened()
}

// backToDraft goes from a saved run to the draft that was open before it, or
// to that of the run's endpoint.
func (a *App) backToDraft() tea.Cmd {
	key := a.desk.draftKey
	a.openDraft(func() {
		if a.panes.request.Reopen(key) {
			return
		}
		e, known := a.panes.request.Endpoint()
		if all := a.config.Catalog.Endpoints(); !known && len(all) > 0 {
			e, known = all[0], true
		}
		if known {
			a.panes.request.Open(e)
		}
	})
	return a.draftOpened()
}

// sayReady says that the draft can be sent; where a value is missing, the request
// pane says so until it is there.
func (a *App) sayReady() {
	if a.missing() != "" {
		a.status.Set("", status.Neutral)
		return
	}
	a.status.Set(a.theme.Words("Ready: {send} signs and sends this request"), status.Neutral)
}

// draftOpened shows another draft, of which nothing was sent.
func (a *App) draftOpened() tea.Cmd {
	a.markOpen()
	endpoint, _ := a.panes.request.Endpoint()
	return a.requestShown(endpoint)
}

// markOpen shows in the list what is open.
func (a *App) markOpen() {
	if f := a.openFile(); f != nil {
		a.panes.endpoints.MarkRequest(f.Path, f.ID)
		return
	}
	e, _ := a.panes.request.Endpoint()
	a.panes.endpoints.Mark(e.ID)
}

// requestShown shows the request of a draft that was opened.
func (a *App) requestShown(endpoint catalog.Endpoint) tea.Cmd {
	if a.desk.shown != nil || a.missing() != "" { // the status is about what leaves the screen
		a.sayReady()
	}
	a.desk.shown, a.desk.preview = nil, nil
	a.panes.response.Clear()
	a.panes.response.SetEndpoint(endpoint)
	cmd := tea.Batch(a.draftChanged(), a.saveSoon())
	a.updatePanes()
	return cmd
}

// load makes the services and signs the first draft with them, so that the
// first full frame already shows what would be signed. What the schema says of
// it comes a moment later: to read a schema takes longer than to sign.
func (a *App) load() tea.Cmd {
	load, flight, c := a.config.Load, &a.flight, a.config.Catalog
	d, revision := a.draft(), a.desk.revision
	return func() tea.Msg {
		ctx := context.Background()
		s, err := load(ctx, flight.observe)
		if err != nil {
			return loaded{err: err}
		}
		signed := make(chan previewed, 1)
		go func() { signed <- s.preview(s.trace, d, catalog.Endpoint{}, false, revision) }() // mostly it is the one
		version, err := s.History.Version(ctx)
		n, countErr := s.History.Count(ctx)
		if err = cmp.Or(err, countErr); err != nil {
			s.Notices = append(s.Notices, hint.Sentence(err))
		}
		var k savedBefore
		if k.drafts, k.place, err = s.History.Drafts(ctx, s.Client.Profile().Name); err != nil {
			s.Notices = append(s.Notices, hint.Sentence(err))
		}
		preview := <-signed
		if first := k.first(c, d); !reflect.DeepEqual(first, d) {
			preview = s.preview(s.trace, first, catalog.Endpoint{}, false, revision)
		}
		return loaded{services: s, count: n, version: version, preview: preview, kept: k}
	}
}

// Loading implements terminal.Model: it reports whether the services are still
// being made.
func (a *App) Loading() bool { return a.services == nil && a.loadErr == nil }

// preview signs the draft as it stands and sends nothing.
func (a *App) preview(d apiclient.Draft, revision int) tea.Cmd {
	s, expand := a.services, a.expander()
	endpoint, known := a.panes.request.Endpoint()
	return func() tea.Msg { return s.preview(expand, d, endpoint, known, revision) }
}

func (s *Services) preview(expand expander, d apiclient.Draft, endpoint catalog.Endpoint, known bool, revision int) previewed {
	text := d.Body
	d, x, err := expand(context.Background(), d)
	p := previewed{revision: revision, body: x.Text, expansion: x, err: err}
	if known {
		p.faults = endpoint.Check(x.Text)
	}
	p.marks = request.Find(text, x, p.faults)
	if x.Err != nil {
		p.faults = nil // they may be those of what stands for a missing value
	}
	if p.err != nil {
		return p
	}
	p.exchange, p.err = s.Client.Preview(d)
	return p
}

func (s *Services) trace(ctx context.Context, d apiclient.Draft) (apiclient.Draft, variables.Expansion, error) {
	if s.Trace != nil {
		return s.Trace(ctx, d)
	}
	out, err := s.Expand(ctx, d)
	if err != nil {
		out = d
	}
	return out, variables.Expansion{Text: out.Body, Err: err}, err
}

// To sign and check a large body takes longer than to type a character, and
// keeps a core busy that the next key needs. So it waits for a pause.
const (
	largeBody   = 64 << 10 // bytes
	typingPause = 150 * time.Millisecond
	mostPauses  = 6 // a person who types on and on sees a preview about once a second
)

// paused says that the pause after an edit of a large body is over.
type paused struct {
	revision int // the draft's when the pause began
	pauses   int // how many there were before the preview
}

func (m paused) handle(a *App) tea.Cmd {
	if m.revision != a.desk.revision && m.pauses < mostPauses {
		if cmd := a.pause(m.pauses + 1); cmd != nil {
			return cmd
		}
	}
	return a.preview(a.draft(), a.desk.revision)
}

// pause waits for a pause in the typing; nil where there is no clock to wait by.
func (a *App) pause(pauses int) tea.Cmd {
	revision := a.desk.revision
	return a.config.After(typingPause, func(time.Time) tea.Msg { return paused{revision, pauses} })
}

// nextPreview has the draft signed as it stands, unless that is under way.
func (a *App) nextPreview() tea.Cmd {
	if a.services == nil || a.desk.previewing {
		return nil
	}
	a.desk.previewing = true
	if a.panes.request.Size() > largeBody {
		if cmd := a.pause(0); cmd != nil {
			return cmd
		}
	}
	return a.preview(a.draft(), a.desk.revision)
}

// tamperedTitles names what is tampered in the request on the screen; "" where
// nothing is. Where the draft cannot be signed, it is what was asked for.
func (a *App) tamperedTitles() string {
	if e := a.desk.request(); e != nil {
		return apiclient.TamperTitles(e.Tampered)
	}
	return apiclient.TamperTitles(a.panes.headers.Changes().Tamper)
}

// openEditor opens the body in $EDITOR.
func (a *App) openEditor(msg request.EditorAsked) tea.Cmd {
	if len(a.config.Editor) == 0 {
		a.status.Set("No editor is set: export EDITOR=vi, or the editor of your choice", status.Warn)
		return nil
	}
	edit := a.config.terminal.Edit(a.config.Editor, msg.Body)
	return a.config.Exec(edit, func(err error) tea.Msg { return edited{msg.Body, edit.Text(), msg.Done, err} })
}

// edited is what $EDITOR left.
type edited struct {
	before, body []byte
	done         func([]byte) tea.Cmd
	err          error
}

// handle puts what the editor left into the request. Many editors add a line end
// to the last line: it is signed like every other byte, so it is told.
func (msg edited) handle(a *App) tea.Cmd {
	same := bytes.Equal(msg.before, msg.body)
	switch {
	case msg.err != nil:
		a.status.Set("The editor failed: "+msg.err.Error(), status.Bad)
	case same:
		a.status.Set("The editor left the body as it was", status.Neutral)
	default:
		text := "Body taken from the editor, " + ui.Bytes(int64(len(msg.body)))
		if bytes.HasSuffix(msg.body, []byte("\n")) && !bytes.HasSuffix(msg.before, []byte("\n")) {
			text += a.theme.Words("; it now ends in a line end, which is signed too ({request.undo}: as before)")
		}
		a.status.Set(text, status.Neutral)
	}
	if same {
		return nil
	}
	return msg.done(msg.body)
}
