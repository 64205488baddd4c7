package box

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/followup"
	"countersign/tui/ui"
)

// Steps chooses what follows an exchange.
type Steps struct {
	listed
	steps []followup.Step
}

// NewSteps makes the box. choose takes the step that is chosen, if it can be taken
// now.
func NewSteps(theme *ui.Theme, steps []followup.Step, choose func(followup.Step) tea.Cmd) *Steps {
	b := &Steps{steps: steps}
	b.frame = frame{theme: theme, keys: "{lists.up}{lists.down} · enter chooses · {cancel} closes"}
	b.List.Len = len(steps)
	b.choose = func() (tea.Cmd, bool) {
		s := steps[b.List.Cursor]
		if s.Missing != "" {
			return nil, false
		}
		return choose(s), true
	}
	return b
}

// Resize implements Box.
func (b *Steps) Resize(w, h int) { b.fit(w, h, 80, len(b.steps)+3, 3) }

// Key chooses with the key that has opened the box, too.
func (b *Steps) Key(msg tea.KeyMsg) (tea.Cmd, bool) {
	if b.theme.Keys().Has("response.follow", msg.String()) {
		return b.choose()
	}
	return b.listed.Key(msg)
}

// View implements Box.
func (b *Steps) View() string {
	note := " It opens as a new request. Nothing is sent yet."
	if b.steps[b.List.Cursor].Buyer {
		note = " It is done at once, as the button on that page does it."
	}
	lines := append(b.lines(b.line), b.theme.Muted.Render(ui.Truncate(note, b.w-2)))
	return b.bordered("What next", b.theme.Words("enter chooses · {cancel} closes"), lines)
}

func (b *Steps) line(i int) string {
	s, t := b.steps[i], b.theme
	name := s.Endpoint.ID + " "
	if s.Buyer {
		name = "the built-in Super App's page "
	}
	text, style := s.Says, t.Text
	if s.Missing != "" {
		text, style = text+" (not now: "+s.Missing+")", t.Muted
	}
	row := "   " + ui.Fit(ui.Safe(text), b.w-5-ui.Width(name))
	return t.Row(i == b.List.Cursor, b.w-2, style.On(row), t.Muted.On(name))
}
