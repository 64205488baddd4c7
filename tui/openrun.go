package tui

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/variables"
	"countersign/tui/headers"
)

// openRun opens the draft of a run, which sends it again, and gives what its
// headers had on purpose. Nothing of it is a template.
func (a *App) openRun(e apiclient.Exchange, ep catalog.Endpoint, known bool) (asSent headers.Changes) {
	d := a.services.Client.Again(e, "")
	e.Request.Body = d.Body
	for i, f := range d.Header {
		d.Header[i].Value = string(variables.Literal([]byte(f.Value)))
	}
	c := headers.Changes{Set: d.Header, Omit: d.Omit, Tamper: d.Tamper}
	a.turnTo(func() {
		a.panes.request.OpenRun(&e, ep, known)
		if _, known := a.desk.changes[a.panes.request.Key()]; !known {
			a.desk.changes[a.panes.request.Key()] = c
		}
	})
	return c
}

// showRun lays a saved run on the desk. It never sends, unless the person
// asked for that by name.
func (a *App) showRun(msg fetched) tea.Cmd {
	if msg.seq != a.desk.opened || msg.purpose.sends() && a.overlay != nil {
		if msg.purpose.sends() {
			a.say("The run came late, after something else was opened: it was not sent", warn)
		}
		return nil
	}
	if msg.err != nil {
		a.say(sentence(msg.err), bad)
		return nil
	}
	e := msg.exchange
	if a.flight != nil && a.flight.progress.ID == e.ID {
		a.say(a.theme.Words("This one is still under way: {cancel} cancels it"), warn)
		return nil
	}
	ep, known := a.config.Catalog.Match(e.Request.Path())
	asSent := a.openRun(e, ep, known)
	if known {
		a.panes.endpoints.Mark(ep.ID)
	}
	a.panes.response.SetEndpoint(ep)
	a.desk.revision++
	a.desk.preview = nil // of another draft
	a.desk.shown, a.desk.shownRevision = &e, a.desk.revision
	cmds := []tea.Cmd{a.panes.response.Show(&e), a.placeMoved(), a.lookAhead(&e)}
	a.panes.response.SetStale(false)
	if a.panes.request.Edited() || !a.panes.headers.Changes().Equal(asSent) {
		cmds = append(cmds, a.draftChanged())
	}
	a.tellPanes()
	text := e.StartedAt.Local().Format("15:04:05")
	elsewhere := e.Profile != "" && e.Profile != a.services.Client.Profile().Name
	if elsewhere {
		text += " · run of profile " + e.Profile
	}
	a.conclude(text+" · "+outcome(e), toneOf(e))
	switch {
	case msg.purpose == toDiagnose:
		cmds = append(cmds, a.openDiagnosis(&e))
	case msg.purpose == toSend && elsewhere:
		a.askAbout(fmt.Sprintf("Send this run of profile %s to %s (%s)?", e.Profile, a.services.Client.Profile().Name, a.services.Client.Profile().BaseURL),
			"It was sent with another profile: other host, client id and keys.")
	case msg.purpose == toSend:
		cmds = append(cmds, a.askToSend())
	case msg.purpose == toResend:
		cmds = append(cmds, a.askToResend(e, elsewhere))
	}
	return tea.Batch(cmds...)
}
