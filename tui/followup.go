package tui

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/followup"
	"countersign/apiclient/hint"
	"countersign/tui/box"
	"countersign/tui/headers"
	"countersign/tui/keymap"
	"countersign/tui/response"
	"countersign/tui/status"
	"countersign/tui/ui"
)

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

// steps finds what may follow an exchange: the buyer's part first.
func (a *App) steps() response.Steps {
	c, buyer := a.config.Catalog, a.services.Buyer
	return func(endpoint catalog.Endpoint, e *apiclient.Exchange) []followup.Step {
		var steps []followup.Step
		if buyer != nil && e.Response != nil {
			if says := buyer.Asked(e.Response.Content()); says != "" {
				steps = append(steps, followup.Step{Says: says, Buyer: true})
			}
		}
		return append(steps, followup.After(c, endpoint, e)...)
	}
}

func (msg following) handle(a *App) tea.Cmd { return a.follow(msg) }

func (msg agreed) handle(a *App) tea.Cmd {
	if msg.err != nil {
		a.status.Set(hint.Sentence(msg.err), status.Bad)
	} else {
		a.status.Set(strings.TrimSuffix(msg.outcome, ".")+a.theme.Words(" · {response.follow} opens what comes next"), status.Good)
	}
	return a.panes.response.LookAhead()
}

// chooseStep opens the step that is urgent or the only one, and asks where there
// are more.
func (a *App) chooseStep(msg response.FollowAsked) tea.Cmd {
	if len(msg.Steps) == 1 || msg.Steps[0].Urgent {
		return ui.Emit(following{msg.Exchange, msg.Steps[0]})
	}
	a.open(box.NewSteps(a.theme, msg.Steps, func(s followup.Step) tea.Cmd { return ui.Emit(following{msg.Exchange, s}) }))
	return nil
}

// follow opens a step as a draft of its own: what was written for its endpoint
// stays, and nothing is sent.
func (a *App) follow(msg following) tea.Cmd {
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
	a.turnTo(func() { a.panes.request.OpenStep(key, title, s.Endpoint, s.Target, s.Body) })
	if len(s.Header) > 0 && a.panes.headers.Changes().Count() == 0 {
		a.panes.headers.SetChanges(headers.Changes{Set: s.Header})
	}
	a.panes.endpoints.Mark(s.Endpoint.ID)
	a.desk.shown, a.desk.preview = nil, nil
	a.panes.response.Clear()
	a.panes.response.SetEndpoint(s.Endpoint)
	a.setFocus(keymap.Request)
	cmd := a.draftChanged()
	a.tellPanes()
	a.status.Set(fmt.Sprintf("%s: filled in from the exchange of %s; %s sends it", s.Says, e.StartedAt.Local().Format("15:04:05"), a.keys.KeyName(keymap.Send)), status.Neutral)
	return cmd
}
