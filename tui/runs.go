package tui

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/expect"
	"countersign/apiclient/followup"
	"countersign/apiclient/hint"
	"countersign/apiclient/variables"
	"countersign/tui/box"
	"countersign/tui/headers"
	"countersign/tui/keymap"
	"countersign/tui/response"
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
	expected []expect.Result // how what its request expects stands, where it is known which that is
	err      error
}

func (a *App) fetch(id string, why purpose) tea.Cmd {
	a.desk.opened++
	was, _ := a.files.SentAs(id)
	services, seq, h := a.services, a.desk.opened, a.holdingOf(was)
	return func() tea.Msg {
		ctx := context.Background()
		e, err := services.History.Get(ctx, id)
		if err == nil && services.Recheck != nil {
			services.Recheck(ctx, &e)
		}
		msg := fetched{seq: seq, exchange: e, purpose: why, err: err}
		if err == nil {
			msg.expected = h.Against(ctx, &e)
		}
		return msg
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
	a.openDraft(func() {
		a.panes.request.OpenRun(&e, ep, known)
		if _, known := a.desk.changes[a.panes.request.Key()]; !known {
			a.desk.changes[a.panes.request.Key()] = c
		}
	})
	return c
}

// handle lays a saved run on the desk. It never sends, unless the person
// asked for that by name.
func (msg fetched) handle(a *App) tea.Cmd {
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
	if a.inFlight(e.ID) {
		a.status.Set(a.theme.Words("This one is still under way: {cancel} cancels it"), status.Warn)
		return nil
	}
	ep, known := a.config.Catalog.Match(e.Request.Path())
	if own, ok := endpointOf(a.config.Catalog, e.Endpoint); ok && e.Origin.AsPlatform() {
		ep, known = own, true // its path is that of the merchant's server
	}
	asSent := a.openRun(e, ep, known)
	if known {
		a.panes.endpoints.Mark(ep.ID)
	}
	a.panes.response.SetEndpoint(ep)
	a.desk.revision++
	a.desk.preview = nil // of another draft
	a.desk.shown, a.desk.shownRevision = &e, a.desk.revision
	cmds := []tea.Cmd{a.panes.response.Show(a.asShown(&e)), a.saveSoon()}
	a.panes.response.SetStale(false)
	a.panes.response.SetExpectations(msg.expected)
	if a.panes.request.Edited() || !a.panes.headers.Changes().Equal(asSent) {
		cmds = append(cmds, a.draftChanged())
	}
	a.updatePanes()
	text := e.StartedAt.Local().Format("15:04:05")
	elsewhere := e.Profile != "" && e.Profile != a.services.Client.Profile().Name
	if elsewhere {
		text += " · run of profile " + e.Profile
	}
	a.status.SetOutcome(text+" · ", &e)
	switch {
	case msg.purpose == toDiagnose:
		cmds = append(cmds, a.openDiagnosis(&e))
	case msg.purpose == toSend && elsewhere && !e.Origin.AsPlatform():
		p := a.services.Client.Profile()
		a.askAbout(fmt.Sprintf("Send this run of profile %s to %s (%s)?", e.Profile, p.Name, p.BaseURL),
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

type (
	following struct { // a step was chosen
		exchange *apiclient.Exchange
		step     followup.Step
	}
	agreed struct { // the buyer did
		outcome string
		err     error
	}
)

// steps finds what may follow an exchange: the buyer's part first, and last what
// the Super App would tell the merchant, where it can be sent in its place.
func (a *App) steps() response.Steps {
	c, buyer, notifies := a.config.Catalog, a.services.Buyer, a.services.Client.Profile().PlatformKey != nil
	return func(endpoint catalog.Endpoint, e *apiclient.Exchange) []followup.Step {
		var steps []followup.Step
		if buyer != nil && e.Response != nil {
			if says := buyer.Asked(e.Response.Content()); says != "" {
				steps = append(steps, followup.Step{Says: says, Buyer: true})
			}
		}
		steps = append(steps, followup.After(c, endpoint, e)...)
		if !notifies || e.Result.Status != "S" && e.Result.Status != "A" {
			return steps
		}
		for _, s := range followup.Callbacks(c, endpoint, e) {
			if s.Missing == "" {
				steps = append(steps, s)
			}
		}
		return steps
	}
}

func (msg agreed) handle(a *App) tea.Cmd {
	if msg.err != nil {
		a.status.Set(hint.Sentence(msg.err), status.Bad)
	} else {
		next := a.theme.Words(" · {response.follow} opens what comes next")
		a.status.Set(strings.TrimSuffix(msg.outcome, ".")+next, status.Good)
	}
	return a.panes.response.LookAhead()
}

// chooseStep opens the step that is urgent or the only one, and asks where there
// are more.
func (a *App) chooseStep(msg response.FollowAsked) tea.Cmd {
	if a.desk.masked {
		msg.Exchange = a.desk.shown // not the one with masks, which was shown
	}
	if len(msg.Steps) == 1 || msg.Steps[0].Urgent {
		return ui.Emit(following{msg.Exchange, msg.Steps[0]})
	}
	a.open(box.NewSteps(a.theme, msg.Steps, func(s followup.Step) tea.Cmd { return ui.Emit(following{msg.Exchange, s}) }))
	return nil
}

// handle opens a step as a draft of its own: what was written for its endpoint
// stays, and nothing is sent.
func (msg following) handle(a *App) tea.Cmd {
	s, e := msg.step, msg.exchange
	if s.Buyer {
		buyer := a.services.Buyer
		if buyer == nil { // another profile came into use since it was offered
			a.status.Set("Nothing was approved: requests do not go to the built-in Super App any more", status.Warn)
			return nil
		}
		return func() tea.Msg {
			outcome, err := buyer.Agree(e.Response.Content())
			return agreed{outcome, err}
		}
	}
	title := s.Says + " " + e.StartedAt.Local().Format("15:04:05")
	key := "follow:" + e.ID + ":" + s.Endpoint.ID + ":" + s.Says
	a.openDraft(func() { a.panes.request.OpenStep(key, title, s.Endpoint, s.Target, s.Body) })
	if len(s.Header) > 0 && a.panes.headers.Changes().Count() == 0 {
		a.panes.headers.SetChanges(headers.Changes{Set: s.Header})
	}
	a.panes.endpoints.Mark(s.Endpoint.ID)
	a.desk.shown, a.desk.preview = nil, nil
	a.panes.response.Clear()
	a.panes.response.SetEndpoint(s.Endpoint)
	a.setFocus(keymap.Request)
	cmd := a.draftChanged()
	a.updatePanes()
	a.status.Set(fmt.Sprintf("%s: filled in from the exchange of %s; %s sends it", s.Says,
		e.StartedAt.Local().Format("15:04:05"), a.keys.KeyName(keymap.Send)), status.Neutral)
	return cmd
}
