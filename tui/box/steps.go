package box

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/followup"
	"countersign/tui/ui"
)

// Steps chooses what follows an exchange.
type Steps struct {
	listed
	Steps  []followup.Step
	chosen func(followup.Step) tea.Cmd
}

// NewSteps makes the box. choose takes the step that is chosen.
func NewSteps(theme *ui.Theme, steps []followup.Step, choose func(followup.Step) tea.Cmd) *Steps {
	b := &Steps{listed: listed{frame: frame{theme: theme}}, Steps: steps, chosen: choose}
	b.List.Len = len(steps)
	return b
}

// Resize implements Box.
func (b *Steps) Resize(w, h int) {
	b.within(w, h, 80, len(b.Steps)+3)
	b.List.Height = max(1, b.h-3)
	b.List.To(b.List.Cursor)
}

// Key implements Box.
func (b *Steps) Key(msg tea.KeyMsg) (tea.Cmd, bool) {
	if b.List.Act(b.motion(msg, false)) {
		return nil, false
	}
	switch {
	case msg.String() == "enter", b.theme.Keys().Has("response.follow", msg.String()):
		return b.choose()
	}
	return nil, b.leaves(msg, "", false)
}

// choose opens the step under the cursor, if it can be taken now.
func (b *Steps) choose() (tea.Cmd, bool) {
	s := b.Steps[b.List.Cursor]
	if s.Missing != "" {
		return nil, false
	}
	return b.chosen(s), true
}

// Click opens the step under the mouse.
func (b *Steps) Click(_, y int) (tea.Cmd, bool) {
	if !b.List.Click(y) {
		return nil, false
	}
	return b.choose()
}

// Keys implements Box.
func (b *Steps) Keys() string {
	return b.theme.Words("{lists.up}{lists.down} · enter chooses · {cancel} closes")
}

// View implements Box.
func (b *Steps) View() string {
	note := " It opens as a new request. Nothing is sent yet."
	if b.Steps[b.List.Cursor].Buyer {
		note = " It is done at once, as the button on that page does it."
	}
	lines := append(b.List.Lines(b.line), b.theme.Muted.Render(ui.Truncate(note, b.w-2)))
	return b.bordered("What next", b.theme.Words("enter chooses · {cancel} closes"), lines)
}

func (b *Steps) line(i int) string {
	s, w := b.Steps[i], b.w-2
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
	case i == b.List.Cursor:
		return b.theme.Selection.Render("   " + row + name)
	case s.Missing != "":
		return b.theme.Muted.Render("   " + row + name)
	}
	return "   " + b.theme.Text.Render(row) + b.theme.Muted.Render(name)
}
