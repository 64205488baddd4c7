package response

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/followup"
	"countersign/tui/ui"
)

// FollowAsked asks for a request that follows the exchange that is shown: for one
// of the steps that can be taken, best first.
type FollowAsked struct {
	Exchange *apiclient.Exchange
	Steps    []followup.Step
}

// Steps finds what may follow an exchange, best first; steps that lack a value
// have a reason. It reads bodies of any size.
type Steps func(of catalog.Endpoint, e *apiclient.Exchange) []followup.Step

// SetSteps sets how follow-ups are found.
func (p *Pane) SetSteps(find Steps) { p.find = find }

// followable is what may follow an exchange.
type followable struct {
	exchange *apiclient.Exchange
	steps    []followup.Step
}

// LookAhead finds what may follow the exchange that is shown.
func (p *Pane) LookAhead() tea.Cmd {
	find, endpoint, e := p.find, p.endpoint, p.exchange
	if find == nil || e == nil {
		return nil
	}
	return func() tea.Msg { return followable{e, find(endpoint, e)} }
}

// take shows what may follow, unless another exchange is shown by now.
func (p *Pane) take(msg followable) {
	if msg.exchange == p.exchange {
		p.steps = msg.steps
		p.fit()
	}
}

// possible are the steps that can be done.
func (p *Pane) possible() []followup.Step {
	return slices.DeleteFunc(slices.Clone(p.steps), func(s followup.Step) bool { return s.Missing != "" })
}

// nothingFollows returns why nothing can follow; "" where something can.
func (p *Pane) nothingFollows() string {
	switch {
	case p.waiting != "":
		return p.noResponse()
	case p.exchange == nil:
		return "Nothing sent yet, so nothing can follow"
	case len(p.possible()) > 0:
		return ""
	case len(p.steps) > 0:
		return "Nothing can follow: " + p.steps[0].Missing
	}
	return "The catalogue knows nothing that follows this result"
}

// buyers lists what the buyer of the built-in Super App can do now.
func (p *Pane) buyers() []followup.Step {
	return slices.DeleteFunc(p.possible(), func(s followup.Step) bool { return !s.Buyer })
}

// nothingToApprove returns why there is nothing to approve.
func (p *Pane) nothingToApprove() string {
	switch {
	case p.waiting != "":
		return p.noResponse()
	case len(p.buyers()) == 0:
		return "Nothing waits for the buyer: only a payment to the built-in Super App that was answered with A does"
	}
	return ""
}

func (p *Pane) follow() tea.Cmd {
	return ui.Emit(FollowAsked{Exchange: p.exchange, Steps: p.possible()})
}

// offer names what may follow, in a row: "a: query this payment · refund it".
// Where the outcome is unknown it warns, and says what to do first.
func (p *Pane) offer() []string {
	possible := p.possible()
	if len(possible) == 0 || p.h < 8 {
		return nil
	}
	name := p.theme.Words("{response.follow}")
	var names []string
	for _, s := range possible {
		names = append(names, s.Says)
	}
	text, style := strings.Join(names, " · "), p.theme.Info
	if possible[0].Urgent {
		text, style = names[0]+" first: the outcome is unknown; do not pay again", p.theme.Warn
	}
	text = ui.Truncate(ui.Safe(text), p.w-ui.Width(name)-1)
	return []string{p.theme.Key.Render(name) + " " + style.Render(text)}
}
