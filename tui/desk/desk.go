// Package desk is what lies before the person: the draft as it would be signed now,
// and the exchange that was sent or loaded last. It signs and sends drafts, keeps
// them in the history, and shows all that in the panes of the exchange. What ended
// it sends Ended and Left.
package desk

import (
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/redact"
	"countersign/tui/box"
	"countersign/tui/files"
	"countersign/tui/headers"
	"countersign/tui/request"
	"countersign/tui/response"
	"countersign/tui/services"
	"countersign/tui/signature"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// Options are what a Desk works with.
type Options struct {
	Request   *request.Pane
	Headers   *headers.Pane
	Signature *signature.Pane
	Response  *response.Pane
	Files     *files.Files
	Theme     *ui.Theme
	Status    *status.Line
	Open      func(box.Box) // over the panes, in place of another
	Now       func() time.Time
	After     func(time.Duration, func(time.Time) tea.Msg) tea.Cmd
}

// Desk has one draft open, of many.
type Desk struct {
	o Options

	services *services.Services // nil until Attach
	catalog  *catalog.Catalog
	redactor redact.Redactor
	masked   bool // what is secret is masked on the screen

	Flight Flight // what is being sent

	revision int // grows with each change of the draft
	preview  preview
	changes  map[string]headers.Changes // what was changed on purpose, for each draft

	shown         *apiclient.Exchange
	shownRevision int // the draft's revision when shown was sent or loaded

	draftKey string // the draft that was open before a saved run
	asked    int    // number of what was asked for last to be opened: what comes late is dropped
	saver    saver

	// Unopened is the request of a file that was open when the explorer was left,
	// where it has no draft yet.
	Unopened files.Place
}

// New makes a desk. Use and Attach say what it works with.
func New(o Options) *Desk { return &Desk{o: o, changes: map[string]headers.Changes{}} }

// Message is one of the desk's own, for Update.
type Message interface{ update(d *Desk) tea.Cmd }

// Update takes one of the desk's own messages.
func (d *Desk) Update(msg Message) tea.Cmd { return msg.update(d) }

// Use works with the endpoints of a catalogue, and masks what a redactor says.
func (d *Desk) Use(c *catalog.Catalog, r redact.Redactor) { d.catalog, d.redactor = c, r }

// Attach hands the panes what they work with.
func (d *Desk) Attach(s *services.Services) {
	d.services = s
	p := s.Client.Profile()
	d.o.Request.SetBase(p.BaseURL)
	d.o.Request.SetSentHeaders(func(name string) bool {
		return s.Client.SendsHeader(apiclient.Draft{Body: []byte("{}")}, name)
	})
	d.o.Request.SetTriggers(s.Triggers)
	d.o.Headers.SetProfile(p)
	d.o.Signature.SetProfile(p)
	d.o.Response.SetProfile(p.Name)
	d.o.Response.SetSteps(s.Steps(d.catalog))
	d.o.Files.Attach(p, s.Resolver)
	d.o.Request.SetVariables(d.variables())
}

// FollowCatalog has the drafts follow a catalogue that was read again, and the open
// one checked and signed again.
func (d *Desk) FollowCatalog() tea.Cmd {
	before := d.o.Request.Revision()
	d.o.Request.SetCatalog(d.endpoint)
	if e, known := d.o.Request.Endpoint(); known {
		d.o.Response.SetEndpoint(e)
	}
	if d.services == nil {
		return nil
	}
	d.o.Response.SetSteps(d.services.Steps(d.catalog))
	if d.o.Request.Revision() != before {
		d.saver.seen = d.edition() // nobody typed that
		return d.Changed()
	}
	return d.nextPreview()
}

// endpoint finds an endpoint of the catalogue by its ID.
func (d *Desk) endpoint(id string) (catalog.Endpoint, bool) { return d.catalog.ByID(id) }

// Shown is the exchange that was sent or loaded last; nil where none is shown.
func (d *Desk) Shown() *apiclient.Exchange { return d.shown }

// Signed is the exchange whose request is on the screen: the one that was sent
// while the draft is unchanged since, else the draft as it would be signed. nil
// before the first preview.
func (d *Desk) Signed() *apiclient.Exchange {
	if !d.Live() {
		return d.shown
	}
	return d.preview.exchange
}

// Live reports whether the request side shows the draft, not what was sent.
func (d *Desk) Live() bool { return d.shown == nil || d.shownRevision != d.revision }

// Subject is the exchange that a diagnosis is about: the one that was sent or
// loaded, unless it verifies and the draft that is on the screen does not.
func (d *Desk) Subject() *apiclient.Exchange {
	if _, bad := status.Unverified(d.shown); bad {
		return d.shown
	}
	if _, bad := status.Unverified(d.Signed()); bad {
		return d.Signed()
	}
	return d.shown
}

// Untouched reports whether nothing was opened since the start, and nothing typed.
func (d *Desk) Untouched() bool { return d.asked == 0 && !d.o.Request.Edited() }

// Draft puts together what the request and headers panes hold.
func (d *Desk) Draft() apiclient.Draft {
	draft := d.o.Request.Draft()
	c := d.o.Headers.Changes()
	draft.Header = slices.DeleteFunc(draft.Header, func(f apiclient.Field) bool { // one that was set by hand wins
		return slices.ContainsFunc(c.Set, func(by apiclient.Field) bool { return strings.EqualFold(by.Name, f.Name) })
	})
	draft.Header, draft.Omit, draft.Tamper = append(draft.Header, c.Set...), c.Omit, c.Tamper
	return draft
}

// Edited notes that a person edited the draft: it is signed again, and kept.
func (d *Desk) Edited() tea.Cmd {
	cmd := d.Changed()
	d.mark(d.o.Request.Key())
	d.saver.seen = d.edition()
	return tea.Batch(cmd, d.SaveSoon())
}

// TakeTyped takes what is still being typed in a form into the draft.
func (d *Desk) TakeTyped() tea.Cmd {
	if !d.o.Request.TakeTyped() {
		return nil
	}
	return d.Edited()
}

// Changed has the draft, which is another now, signed again, one preview at a time.
func (d *Desk) Changed() tea.Cmd {
	d.revision++
	d.o.Status.Edited()
	d.o.Response.SetStale(d.shown != nil)
	d.showState(d.o.Headers.Changes())
	return d.nextPreview()
}

// showState says in the request pane how the draft differs from its file, and from
// what its headers would be. c is what was changed in them.
func (d *Desk) showState(c headers.Changes) {
	var names []string
	for _, f := range c.Set {
		names = append(names, f.Name)
	}
	d.o.Request.SetHeaderChanges(d.headerChanges(c), names)
	d.o.Request.SetUnsaved(d.Unsaved(d.o.Request.Key()))
}

// changesIn is what was changed on purpose in the headers of a draft.
func (d *Desk) changesIn(key string) headers.Changes {
	if key == d.o.Request.Key() {
		return d.o.Headers.Changes()
	}
	return d.changes[key]
}

// showChanges shows what was changed on purpose in the open draft.
func (d *Desk) showChanges() {
	c := d.changes[d.o.Request.Key()]
	d.o.Headers.SetChanges(c)
	d.showState(c)
	if d.services != nil {
		d.o.Request.SetVariables(d.variables())
	}
	d.saver.seen = d.edition()
}

// updatePanes hands the panes what they show.
func (d *Desk) updatePanes() {
	signed := d.asShown(d.Signed())
	shown := signed
	if d.shown != d.Signed() {
		shown = d.asShown(d.shown)
	}
	d.o.Request.SetTampered(d.tamperedTitles())
	d.o.Headers.Show(signed, shown, d.Live())
	d.o.Signature.Show(signed, shown, d.Live(), d.preview.err)
}

// tamperedTitles names what is tampered in the request on the screen; "" where
// nothing is. Where the draft cannot be signed, it is what was asked for.
func (d *Desk) tamperedTitles() string {
	if e := d.Signed(); e != nil {
		return apiclient.TamperTitles(e.Tampered)
	}
	return apiclient.TamperTitles(d.o.Headers.Changes().Tamper)
}

// Restate shows what is said of the exchange on the screen after all.
func (d *Desk) Restate(e apiclient.Exchange) {
	if d.shown == nil || d.shown.ID != e.ID {
		return
	}
	d.shown = &e
	d.o.Status.SetOutcome("", &e)
	d.o.Response.Restate(&e)
	d.updatePanes()
}
