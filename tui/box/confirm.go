package box

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/ui"
)

// Confirm asks before something that cannot be taken back, or says what
// must not be missed: then there is nothing to answer.
type Confirm struct {
	scroller
	title         string
	question, why string
	yes           func() tea.Cmd // nil for a notice
}

// NewConfirm asks a question, which may have several lines. yes is done upon a yes.
func NewConfirm(theme *ui.Theme, question, why string, yes func() tea.Cmd) *Confirm {
	return newConfirm(theme, "Confirm", question, why, yes)
}

// NewNotice says things at the start that the status line would cut or lose.
func NewNotice(theme *ui.Theme, notices []string) *Confirm {
	return newConfirm(theme, "Please note", strings.Join(notices, "\n\n"), "", nil)
}

func newConfirm(theme *ui.Theme, title, question, why string, yes func() tea.Cmd) *Confirm {
	lines := strings.Split(question, "\n")
	for i, l := range lines {
		lines[i] = ui.Safe(l)
	}
	c := &Confirm{title: title, question: strings.Join(lines, "\n"), why: why, yes: yes}
	if c.frame = (frame{theme: theme, keys: "y yes · n no"}); yes == nil {
		c.keys = "enter closes"
	}
	return c
}

// Resize implements Box.
func (c *Confirm) Resize(w, h int) {
	c.within(w, h, 76, h)
	lines := c.said(c.theme.Warn, c.question, ui.Whole)
	if c.why != "" {
		lines = append(lines, c.said(c.theme.Muted, ui.Safe(c.why), ui.Whole)...)
	}
	c.within(w, h, 76, min(len(lines)+4, max(4, h-2)))
	c.show(lines, min(len(lines), c.h-3))
}

// Key implements Box.
func (c *Confirm) Key(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch key := msg.String(); {
	case c.yes == nil && (key == "enter" || key == " " || c.leaves(msg)):
		return nil, true
	case c.yes == nil:
	case key == "y" || key == "Y":
		return c.yes(), true
	case key == "n" || key == "N" || c.leaves(msg):
		return nil, true
	}
	c.turn(msg)
	return nil, false
}

// Click answers on the row of the answers.
func (c *Confirm) Click(x, y int) (tea.Cmd, bool) {
	switch {
	case y != c.h-3:
		return nil, false
	case c.yes == nil:
		return nil, true
	case x < len(" y yes  "):
		return c.yes(), true
	case x >= len(" y yes    "):
		return nil, true
	}
	return nil, false
}

// View keeps the last row for the keys, whatever the height.
func (c *Confirm) View() string {
	lines := strings.Split(c.text.View(), "\n")[:c.text.Height]
	if len(lines) < c.h-3 {
		lines = append(lines, "")
	}
	answer := " " + c.theme.Key.Render("enter") + " closes"
	if c.yes != nil {
		answer = " " + c.theme.Key.Render("y") + " yes    " + c.theme.Key.Render("n") + " no"
	}
	return c.bordered(c.title, c.place(), append(lines, answer))
}
