package desk

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/expect"
	"countersign/apiclient/followup"
	"countersign/apiclient/requests"
	"countersign/apiclient/variables"
	"countersign/tui/headers"
	"countersign/tui/pasted"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// Ask returns a number for what is asked for to be opened. It is overtaken by what is
// asked for, or opened, later.
func (d *Desk) Ask() int {
	d.asked++
	return d.asked
}

// Overtaken reports whether something else was asked for since Ask.
func (d *Desk) Overtaken(seq int) bool { return seq != d.asked }

// open opens another draft; each has other headers changed on purpose.
func (d *Desk) open(open func()) {
	d.asked++
	d.markIfEdited()
	d.changes[d.request.Key()] = d.headers.Changes()
	if !d.request.SavedRun() {
		d.draftKey = d.request.Key()
	}
	open()
	d.showChanges()
}

// openWith opens another draft with what its headers have on purpose, unless they
// were changed before.
func (d *Desk) openWith(c headers.Changes, open func()) {
	d.open(func() {
		open()
		if _, known := d.changes[d.request.Key()]; !known {
			d.changes[d.request.Key()] = c
		}
	})
}

// OpenEndpoint opens the draft of an endpoint.
func (d *Desk) OpenEndpoint(e catalog.Endpoint) tea.Cmd {
	d.open(func() { d.request.Open(e) })
	return d.opened()
}

// Back goes from a saved run to the draft that was open before it, or to that of the
// run's endpoint.
func (d *Desk) Back() tea.Cmd {
	key := d.draftKey
	d.open(func() {
		if d.request.Reopen(key) {
			return
		}
		if e, known := d.nearestEndpoint(); known {
			d.request.Open(e)
		}
	})
	return d.opened()
}

// nearestEndpoint is that of the open draft, else the first that there is.
func (d *Desk) nearestEndpoint() (catalog.Endpoint, bool) {
	e, known := d.request.Endpoint()
	if all := d.catalog.Endpoints(); !known && len(all) > 0 {
		return all[0], true
	}
	return e, known
}

// opened shows another draft, of which nothing was sent.
func (d *Desk) opened() tea.Cmd {
	if d.shown != nil || d.Missing() != "" { // the status is about what leaves the screen
		d.tellReady()
	}
	e, _ := d.request.Endpoint()
	d.clear(e)
	cmd := tea.Batch(d.Changed(), d.SaveSoon())
	d.updatePanes()
	return cmd
}

// clear takes the exchange off the desk.
func (d *Desk) clear(e catalog.Endpoint) {
	d.shown, d.preview.exchange = nil, nil
	d.response.Clear()
	d.response.SetEndpoint(e)
}

// tellReady says that the draft can be sent; where a value is missing, the request
// pane says so until it is there.
func (d *Desk) tellReady() {
	if d.Missing() != "" {
		d.status.Set("", status.Neutral)
		return
	}
	d.status.Set(d.theme.Words("Ready: {send} signs and sends this request"), status.Neutral)
}

// OpenPasted opens a request that was pasted as a new draft.
func (d *Desk) OpenPasted(p pasted.Request) tea.Cmd {
	d.openWith(headers.Changes{Set: p.Draft.Header, Tamper: p.Draft.Tamper}, func() {
		d.request.OpenPasted(p.Key, p.Title, p.Endpoint, p.Draft)
	})
	return d.opened()
}

// OpenStep opens what may follow an exchange as a new draft: what was written
// for its endpoint stays.
func (d *Desk) OpenStep(s followup.Step, e *apiclient.Exchange) tea.Cmd {
	title := s.Says + " " + e.StartedAt.Local().Format("15:04:05")
	key := "follow:" + e.ID + ":" + s.Endpoint.ID + ":" + s.Says
	draft := apiclient.Draft{Method: s.Endpoint.Method, Target: s.Target, Body: s.Body}
	d.open(func() { d.request.OpenPasted(key, title, s.Endpoint, draft) })
	if len(s.Header) > 0 && d.headers.Changes().Count() == 0 {
		d.headers.SetChanges(headers.Changes{Set: s.Header})
	}
	d.clear(s.Endpoint)
	cmd := d.Changed()
	d.updatePanes()
	return cmd
}

// OpenRun opens the draft of a run, which sends it again, and shows the run beside it
// with how what it expects stands. Nothing of the draft is a template.
func (d *Desk) OpenRun(e apiclient.Exchange, endpoint catalog.Endpoint, expected []expect.Result) tea.Cmd {
	client := d.services.Client
	target, _ := requests.BelowBase(client.Profile(), d.catalog, e.Request.Path())
	draft := variables.LiteralDraft(client.Again(e, target))
	asSent := headers.Changes{Set: draft.Header, Omit: draft.Omit, Tamper: draft.Tamper}
	d.openWith(asSent, func() { d.request.OpenRun(&e, endpoint, draft) })
	d.response.SetEndpoint(endpoint)
	d.revision++
	d.preview.exchange = nil // of another draft
	d.shown, d.shownRevision = &e, d.revision
	cmds := []tea.Cmd{d.response.Show(d.asShown(&e)), d.SaveSoon()}
	d.response.SetStale(false)
	d.response.SetExpectations(expected)
	if d.request.Edited() || !d.headers.Changes().Equal(asSent) {
		cmds = append(cmds, d.Changed())
	}
	d.updatePanes()
	return tea.Batch(cmds...)
}

// Missing names the parameters of the path that have no value yet.
func (d *Desk) Missing() string { return ui.Safe(strings.Join(d.request.MissingParams(), ", ")) }
