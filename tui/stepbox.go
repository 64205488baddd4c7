package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/followup"
	"countersign/tui/response"
	"countersign/tui/ui"
)

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
	switch {
	case msg.String() == "enter", b.theme.Keys().Has("response.follow", msg.String()):
		return b.choose()
	}
	return nil, b.leaves(msg, "", false)
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

func (b *stepBox) keys() string {
	return b.theme.Words("{lists.up}{lists.down} · enter chooses · {cancel} closes")
}

func (b *stepBox) typing() bool { return false }

func (b *stepBox) view() string {
	note := " It opens as a request of its own. Nothing is sent by itself."
	if b.steps[b.list.Cursor].Buyer {
		note = " It is done at once, as the button on that page does it."
	}
	lines := append(b.list.Lines(b.line), b.theme.Muted.Render(ui.Truncate(note, b.w-2)))
	return b.frame("What next", b.theme.Words("enter chooses · {cancel} closes"), lines)
}

func (b *stepBox) line(i int) string {
	s, w := b.steps[i], b.w-2
	name := s.Endpoint.ID + " "
	if s.Buyer {
		name = "the built-in Super App's page "
	}
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
