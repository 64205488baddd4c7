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
	lead       []string // why, wrapped
}

// NewPick makes the box; why says what is chosen, and what for.
func NewPick(theme *ui.Theme, title, why string, options []Option) *Pick {
	b := &Pick{listed: listed{frame: frame{theme: theme}}, title: ui.Safe(title), why: ui.Safe(why), options: options}
	b.List.Len = len(options)
	return b
}

// Resize implements Box.
func (b *Pick) Resize(w, h int) {
	b.within(w, h, 90, h)
	b.lead = nil
	if b.why != "" {
		for _, l := range ui.AtMost(ui.Words(b.why, max(1, b.w-4)), max(1, h/3), max(1, b.w-4)) {
			b.lead = append(b.lead, " "+b.theme.Muted.Render(l))
		}
		b.lead = append(b.lead, "")
	}
	b.within(w, h, 90, len(b.options)+len(b.lead)+2)
	b.List.Height = max(1, b.h-2-len(b.lead))
	b.List.To(b.List.Cursor)
}

// Key implements Box.
func (b *Pick) Key(msg tea.KeyMsg) (tea.Cmd, bool) {
	switch {
	case b.List.Act(b.motion(msg, false)):
		return nil, false
	case msg.String() == "enter" && !msg.Paste:
		return b.options[b.List.Cursor].Do(), true
	}
	return nil, b.leaves(msg, "", false)
}

// Click chooses what is under the mouse.
func (b *Pick) Click(_, y int) (tea.Cmd, bool) {
	if !b.List.Click(y - len(b.lead)) {
		return nil, false
	}
	return b.options[b.List.Cursor].Do(), true
}

// Keys implements Box.
func (b *Pick) Keys() string {
	return b.theme.Words("{lists.up}{lists.down} · enter chooses · {cancel} leaves all as it is")
}

// View implements Box.
func (b *Pick) View() string {
	lines := append(b.lead[:len(b.lead):len(b.lead)], b.List.Lines(b.line)...)
	return b.bordered(b.title, b.theme.Words("enter chooses · {cancel}"), lines)
}

func (b *Pick) line(i int) string {
	o, w := b.options[i], b.w-2
	right := " " + ui.Safe(o.Right) + " "
	room := max(0, w-3-ui.Width(right))
	row := ui.Fit(ui.Truncate(ui.Safe(o.Text), room), room)
	if i == b.List.Cursor {
		return b.theme.Selection.Render(ui.Fit("   "+row+right, w))
	}
	return ui.Fit("   "+b.theme.Text.Render(row)+b.theme.Muted.Render(right), w)
}
