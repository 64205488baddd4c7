package tui

import (
	"context"
	"fmt"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/hint"
	"countersign/apiclient/variables"
	"countersign/tui/headers"
	"countersign/tui/runs"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// purpose is what a run is fetched for. Only toSend and toResend ever send.
type purpose int

const (
	toShow purpose = iota
	toSend
	toDiagnose
	toResend
)

func (p purpose) sends() bool { return p == toSend || p == toResend }

// fetched is a run that was asked for.
type fetched struct {
	seq      int // a run that was overtaken is not shown, and never sent
	exchange apiclient.Exchange
	purpose  purpose
	err      error
}

func (msg fetched) handle(a *App) tea.Cmd { return a.showRun(msg) }

func (a *App) fetch(id string, why purpose) tea.Cmd {
	a.desk.opened++
	services, seq := a.services, a.desk.opened
	return func() tea.Msg {
		ctx := context.Background()
		e, err := services.History.Get(ctx, id)
		if err == nil && services.Recheck != nil {
			services.Recheck(ctx, &e)
		}
		return fetched{seq: seq, exchange: e, purpose: why, err: err}
	}
}

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
	if msg.seq != a.desk.opened || msg.purpose.sends() && a.box != nil {
		if msg.purpose.sends() {
			a.status.Set("The run came late, after something else was opened: it was not sent", status.Warn)
		}
		return nil
	}
	if msg.err != nil {
		a.status.Set(hint.Sentence(msg.err), status.Bad)
		return nil
	}
	e := msg.exchange
	if a.flying(e.ID) {
		a.status.Set(a.theme.Words("This one is still under way: {cancel} cancels it"), status.Warn)
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
	cmds := []tea.Cmd{a.panes.response.Show(&e), a.keepSoon()}
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
	a.status.SetOutcome(text+" · ", &e)
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

// longestName bounds the name of a run, in characters: a row shows a few dozen.
const longestName = 200

func (a *App) askName(msg runs.NameAsked) tea.Cmd {
	return a.ask("Name of this run (nothing: none)", msg.Name, func(name string) (tea.Cmd, error) {
		if n := utf8.RuneCountInString(name); n > longestName {
			return nil, fmt.Errorf("a name has at most %d characters, this one has %s", longestName, ui.Thousands(n))
		}
		return a.panes.runs.Rename(msg.ID, name), nil
	})
}
