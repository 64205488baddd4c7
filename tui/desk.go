package tui

import (
	"cmp"
	"fmt"
	"reflect"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/keys"
	"countersign/tui/endpoints"
	"countersign/tui/headers"
	"countersign/tui/keymap"
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
	shownRevision int   // the draft's revision when shown was sent or loaded
	ended         ended // how shown ended, in words

	recorded       int       // how many runs the history holds
	sends          int       // grows with each send: a late answer is told from the newest
	draftKey       string    // the draft that was open before a saved run
	opened         int       // grows with each run that is asked for, and each draft that is opened: a late run is told from the newest
	loads          loads     // of profiles
	historyVersion int64     // of the list of runs on the screen
	interrupted    time.Time // when ctrl+c was pressed last
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
	d.Header, d.Omit, d.Tamper = c.Set, c.Omit, c.Tamper
	return d
}

// draftChanged notes an edit and has it signed anew, one preview at a time.
func (a *App) draftChanged() tea.Cmd {
	a.desk.revision++
	if a.status.tone == good {
		a.status.tone = neutral
	}
	a.panes.response.SetStale(a.desk.shown != nil)
	a.panes.request.SetHeaderChanges(a.panes.headers.Changes().Fields())
	return a.nextPreview()
}

// turnTo opens another draft; each has its own headers changed on purpose.
func (a *App) turnTo(open func()) {
	a.desk.opened++
	a.notice()
	if a.desk.changes == nil {
		a.desk.changes = map[string]headers.Changes{}
	}
	a.desk.changes[a.panes.request.Key()] = a.panes.headers.Changes()
	if !a.panes.request.SavedRun() {
		a.desk.draftKey = a.panes.request.Key()
	}
	open()
	a.takeChanges()
}

func (a *App) showPreview(msg previewed) tea.Cmd {
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
	a.tellPanes()
	return nil
}

// tellPanes hands the panes what they show.
func (a *App) tellPanes() {
	request := a.desk.request()
	a.panes.request.SetTampered(a.tamperedTitles())
	a.panes.headers.Show(request, a.desk.shown, a.desk.live())
	a.panes.signature.Show(request, a.desk.shown, a.desk.live(), a.desk.previewErr)
}

// begin starts the work once everything is loaded.
func (a *App) begin(msg loaded) tea.Cmd {
	if a.services != nil {
		return nil // another profile was chosen meanwhile, and is there
	}
	if msg.err != nil {
		a.loadErr = msg.err
		a.say("Nothing can be sent yet: the reason stands above", bad)
		a.panes.runs.Fail("The history is opened when this is fixed.")
		a.panes.signature.Show(nil, nil, true, msg.err)
		return nil
	}
	a.services = msg.services
	a.desk.recorded, a.desk.historyVersion = msg.count, msg.version
	a.panes.runs.Attach(a.services.History)
	profile := a.services.Client.Profile()
	a.panes.request.SetBase(profile.BaseURL)
	a.panes.response.SetProfile(profile.Name)
	a.panes.request.SetTriggers(a.services.Triggers)
	a.panes.headers.SetProfile(profile)
	a.panes.signature.SetProfile(profile)
	a.restore(msg.kept, a.desk.revision == msg.preview.revision)
	a.say(a.theme.Words("Ready: {send} signs and sends this request"), neutral)
	a.notify(a.services.Notices)
	cmds := []tea.Cmd{a.showPreview(msg.preview), a.nextPreview(), a.panes.runs.Refresh()}
	if a.unkept() { // typed while the history was opened
		cmds = append(cmds, a.keepSoon())
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
	a.turnTo(func() { a.panes.request.Open(msg.Endpoint) })
	return a.turned()
}

// backToDraft goes from a saved run to the draft that was open before it, or
// to that of the run's endpoint.
func (a *App) backToDraft() tea.Cmd {
	key := a.desk.draftKey
	a.turnTo(func() {
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
	return a.turned()
}

// turned shows another draft, of which nothing was sent.
func (a *App) turned() tea.Cmd {
	endpoint, _ := a.panes.request.Endpoint()
	a.panes.endpoints.Mark(endpoint.ID)
	if a.desk.shown != nil { // the status is about what leaves the screen
		a.say(a.theme.Words("Ready: {send} signs and sends this request"), neutral)
	}
	a.desk.shown, a.desk.preview = nil, nil
	a.panes.response.Clear()
	a.panes.response.SetEndpoint(endpoint)
	cmd := tea.Batch(a.draftChanged(), a.placeMoved())
	a.tellPanes()
	return cmd
}

// askToSend sends, or asks first where the profile wants it.
func (a *App) askToSend() tea.Cmd {
	p := a.services.Client.Profile()
	var cmd tea.Cmd
	if a.panes.request.TakeTyped() { // what is on the screen is what is sent
		cmd = tea.Batch(a.draftChanged(), a.touched())
	}
	if a.panes.request.Untaken() {
		a.say("Not sent: what is typed in the form cannot be taken as it stands", warn)
		return cmd
	}
	d := a.draft()
	if what := keys.PrivateIn(d.Body); what != "" {
		a.askAbout("Send a private key as the body?", "The body holds "+what+". It would go to "+p.BaseURL+" and into the history: whoever has it can sign as you.")
		return cmd
	}
	if !p.Confirm {
		return tea.Batch(cmd, a.launch())
	}
	a.askAbout(fmt.Sprintf("Send %s %s to %s?", cmp.Or(d.Method, "POST"), ui.Safe(d.Target), p.Name),
		"It goes to "+p.BaseURL+". This profile asks before each request, because it may move money.")
	return cmd
}

// askAbout asks whether the draft is to be sent as it stands, to where requests
// go now. The answer says what was asked about: a run, or the services of
// another profile, may come while the question stands there.
func (a *App) askAbout(question, why string) {
	d := a.draft()
	question += a.stakes()
	if titles := apiclient.TamperTitles(d.Tamper); titles != "" {
		why += " It is tampered with on purpose: " + titles + "."
	}
	a.open(newConfirm(a, question, why, ui.Emit(confirmed{a.services, a.panes.request.Key(), d})))
}

// Why a yes was no answer any more.
const (
	otherProfile = "Nothing was sent: another profile came into use, or this one changed, since you were asked"
	otherDraft   = "Nothing was sent: it is not the request any more that you were asked about"
)

// launchAsked puts the draft in flight if it still is what was asked about.
func (a *App) launchAsked(msg confirmed) tea.Cmd {
	switch {
	case msg.services != a.services:
		a.say(otherProfile, warn)
	case msg.key != a.panes.request.Key() || !reflect.DeepEqual(msg.draft, a.draft()):
		a.say(otherDraft, warn)
	default:
		return a.launch()
	}
	return nil
}

// launch puts the draft in flight.
func (a *App) launch() tea.Cmd {
	if a.flight != nil || a.services == nil {
		return nil
	}
	a.say("", neutral)
	cmd := a.keepThen(a.send(a.draft(), a.desk.revision))
	a.panes.response.Wait(a.flight.words(a.theme.Words("{cancel} cancels")))
	return cmd
}

func (a *App) advance(p apiclient.Progress) {
	if a.flight != nil {
		a.flight.progress = p
		a.panes.response.Wait(a.flight.words(a.theme.Words("{cancel} cancels")))
	}
}

// finish shows how the exchange that was in flight ended.
func (a *App) finish(msg finished) tea.Cmd {
	if a.flight != nil && a.flight.seq == msg.seq {
		a.flight = nil
		a.panes.response.Wait("")
	}
	e := msg.exchange
	record := a.account(e)
	if msg.key != a.panes.request.Key() {
		// Another draft is open by now: the answer is not put beside it.
		says := "sent before: " + apiclient.Summary(e) + " · it is among the runs"
		if f, not := notRecorded(e); not {
			says = "The answer of " + orDash(cmp.Or(e.Endpoint, e.Request.Path())) + " is not in the history: " + f.Says
		}
		a.sum(says, toneOf(e))
		return tea.Batch(record, a.panes.runs.Refresh(), a.look(false))
	}
	a.panes.response.SetStale(msg.revision != a.desk.revision)
	a.desk.shown, a.desk.shownRevision = &e, msg.revision
	if msg.revision == a.desk.revision && e.Request.Line != "" {
		a.panes.request.SetSent(msg.expansion)
	}
	a.conclude(outcome(e), toneOf(e))
	cmd := a.panes.response.Show(&e)
	a.tellPanes()
	// What was sent used up its variables: the next preview has new ones.
	return tea.Batch(record, cmd, a.lookAhead(&e), a.look(false), a.learnFrom())
}

// toneOf colours a summary: only an exchange that worked and verified both
// ways is good.
func toneOf(e apiclient.Exchange) tone {
	switch {
	case e.Err != "" || e.Response == nil:
		return bad
	case e.Reaction() == apiclient.Refused:
		return neutral // it is what was wanted, and no success either
	case !e.Sides().Verified():
		return bad
	case e.Result.Status == "S" || e.Result.Status == "A":
		return good
	default:
		return warn
	}
}

// sentence writes an error with its hint for the status line.
func sentence(err error) string {
	text := err.Error()
	if fix := hint.Of(err); fix != "" {
		text += ": " + fix
	}
	return text
}
