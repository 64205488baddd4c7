package box

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/ui"
)

// Option is something that can be chosen.
type Option struct {
	Text  string
	Right string // at the end of the row
	Do    func() tea.Cmd
}

// Pick asks which of several things to do. To leave it does none of them.
type Pick struct {
	listed
	title, why string
	options    []Option
}

// NewPick makes the box; why says what is chosen, and what for.
func NewPick(theme *ui.Theme, title, why string, options []Option) *Pick {
	b := &Pick{title: ui.Safe(title), why: ui.Safe(why), options: options}
	b.frame = frame{theme: theme, keys: "{lists.up}{lists.down} · enter chooses · {cancel} leaves all as it is"}
	b.List.Len = len(options)
	b.choose = func() (tea.Cmd, bool) { return options[b.List.Cursor].Do(), true }
	return b
}

// Resize implements Box.
func (b *Pick) Resize(w, h int) {
	b.within(w, h, 90, h)
	if b.lead = nil; b.why != "" {
		b.lead = append(b.said(b.theme.Muted, b.why, max(1, h/3)), "")
	}
	b.fit(w, h, 90, len(b.options)+len(b.lead)+2, len(b.lead)+2)
}

// View implements Box.
func (b *Pick) View() string {
	return b.bordered(b.title, b.theme.Words("enter chooses · {cancel}"), b.lines(b.line))
}

func (b *Pick) line(i int) string {
	o, t := b.options[i], b.theme
	right := " " + ui.Safe(o.Right) + " "
	row := "   " + ui.Fit(ui.Safe(o.Text), b.w-5-ui.Width(right))
	return t.Row(i == b.List.Cursor, b.w-2, t.Text.On(row), t.Muted.On(right))
}
