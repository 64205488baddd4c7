package tui

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/followup"
	"countersign/tui/headers"
	"countersign/tui/keymap"
	"countersign/tui/response"
	"countersign/tui/ui"
)

// Messages of what may follow an exchange.
type (
	followable struct {
		exchange *apiclient.Exchange
		steps    []followup.Step
	}
	following struct { // a step was chosen
		exchange *apiclient.Exchange
		step     followup.Step
	}
)

// lookAhead finds what may follow an exchange. It reads bodies of any size, so
// it is a command.
func (a *App) lookAhead(e *apiclient.Exchange) tea.Cmd {
	endpoint, known := a.panes.request.Endpoint()
	if !known || len(endpoint.Links) == 0 {
		return nil
	}
	c := a.config.Catalog
	return func() tea.Msg { return followable{e, followup.After(c, endpoint, e)} }
}

// followNews handles what concerns the requests that follow another.
func (a *App) followNews(msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case followable:
		a.panes.response.SetSteps(msg.exchange, msg.steps)
		return nil, true
	case response.FollowAsked:
		return a.chooseStep(msg), true
	case following:
		return a.follow(msg), true
	}
	return nil, false
}

// chooseStep opens the step that is urgent or the only one, and asks where there
// are more.
func (a *App) chooseStep(msg response.FollowAsked) tea.Cmd {
	var possible []followup.Step
	for _, s := range msg.Steps {
		if s.Missing == "" {
			possible = append(possible, s)
		}
	}
	if len(possible) == 0 {
		return nil
	}
	if len(possible) == 1 || possible[0].Urgent {
		return ui.Emit(following{msg.Exchange, possible[0]})
	}
	a.open(newStepBox(a, msg))
	return nil
}

// follow opens a step as a draft of its own: what was written for its endpoint
// stays, and nothing is sent.
func (a *App) follow(msg following) tea.Cmd {
	s, e := msg.step, msg.exchange
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
	a.say(fmt.Sprintf("%s: filled in from the exchange of %s; %s sends it", s.Says, e.StartedAt.Local().Format("15:04:05"), a.keyName(keymap.Send)), neutral)
	return cmd
}

// stepBox chooses what follows an exchange.
type stepBox struct {
	box
	exchange *apiclient.Exchange
	steps    []followup.Step
	list     ui.List
}

func newStepBox(a *App, msg response.FollowAsked) *stepBox {
	b := &stepBox{box: box{theme: a.theme}, exchange: msg.Exchange, steps: msg.Steps}
	b.list.Len = len(b.steps)
	return b
}

func (b *stepBox) resize(w, h int) {
	b.within(w, h, 80, len(b.steps)+3)
	b.list.Height = max(1, b.h-3)
	b.list.To(b.list.Cursor)
}

func (b *stepBox) key(msg tea.KeyMsg) (tea.Cmd, bool) {
	if b.list.Act(b.motion(msg, false)) {
		return nil, false
	}
	switch msg.String() {
	case "esc", "q":
		return nil, true
	case "enter", "a":
		return b.choose()
	}
	return nil, false
}

// choose opens the step under the cursor, if it can be taken now.
func (b *stepBox) choose() (tea.Cmd, bool) {
	s := b.steps[b.list.Cursor]
	if s.Missing != "" {
		return nil, false
	}
	return ui.Emit(following{b.exchange, s}), true
}

// click opens the step under the mouse.
func (b *stepBox) click(_, y int) (tea.Cmd, bool) {
	if !b.list.Click(y) {
		return nil, false
	}
	return b.choose()
}

func (b *stepBox) mouse(msg tea.MouseMsg) tea.Cmd {
	b.list.Wheel(msg)
	return nil
}

func (b *stepBox) keys() string { return "↑↓ · enter opens it, filled in · esc closes" }
func (b *stepBox) typing() bool { return false }

func (b *stepBox) view() string {
	note := " It opens as a request of its own. Nothing is sent by itself."
	lines := append(b.list.Lines(b.line), b.theme.Muted.Render(ui.Truncate(note, b.w-2)))
	return b.frame("What next", "enter opens · esc closes", lines)
}

func (b *stepBox) line(i int) string {
	s, w := b.steps[i], b.w-2
	name := s.Endpoint.ID + " "
	text := s.Says
	if s.Missing != "" {
		text += " (not now: " + s.Missing + ")"
	}
	room := max(0, w-3-ui.Width(name))
	row := ui.Fit(ui.Truncate(ui.Safe(text), room), room)
	switch {
	case i == b.list.Cursor:
		return b.theme.Selection.Render("   " + row + name)
	case s.Missing != "":
		return b.theme.Muted.Render("   " + row + name)
	}
	return "   " + b.theme.Text.Render(row) + b.theme.Muted.Render(name)
}
