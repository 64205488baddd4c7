package box

import (
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Fault is a way in which the other side misbehaves when it is asked to, or the
// heading of some.
type Fault struct {
	Name, Says string
	Heading    bool
}

// Faults chooses how the built-in Super App misbehaves. Each choice counts at once,
// for all answers that follow.
type Faults struct {
	listed
	Rows   []Fault
	Chosen []string
	done   func(chosen []string) tea.Cmd
	send   func() tea.Cmd
}

// NewFaults makes the box. done takes each choice, send sends the request.
func NewFaults(theme *ui.Theme, rows []Fault, chosen []string, done func([]string) tea.Cmd, send func() tea.Cmd) *Faults {
	b := &Faults{listed: listed{frame: frame{theme: theme}}, Rows: rows, Chosen: chosen, done: done, send: send}
	b.List.Len = len(rows)
	b.List.Heading = func(i int) bool { return rows[i].Heading }
	b.List.Move(0)
	return b
}

// Resize implements Box.
func (b *Faults) Resize(w, h int) {
	b.within(w, h, 96, len(b.Rows)+2+b.bottom()+1)
	b.List.Height = max(1, b.h-2-b.bottom()-1)
	b.List.To(b.List.Cursor)
}

// bottom is how many rows explain the fault under the cursor.
func (b *Faults) bottom() int { return 2 }

// Key implements Box.
func (b *Faults) Key(msg tea.KeyMsg) (tea.Cmd, bool) {
	if b.theme.Keys().Has(keymap.Send, msg.String()) {
		return b.send(), true
	}
	does := b.motion(msg, false)
	switch {
	case b.List.Act(does):
		return nil, false
	case does == keymap.ListsTick, msg.String() == "enter":
		return b.toggle(), false
	case does == keymap.ListsClear:
		b.Chosen = nil
		return b.done(nil), false
	}
	return nil, b.leaves(msg, keymap.Faults, false)
}

// toggle puts the fault under the cursor in force, or ends it.
func (b *Faults) toggle() tea.Cmd {
	r := b.Rows[b.List.Cursor]
	if r.Heading {
		return nil
	}
	if slices.Contains(b.Chosen, r.Name) {
		b.Chosen = slices.DeleteFunc(slices.Clone(b.Chosen), func(name string) bool { return name == r.Name })
	} else {
		b.Chosen = append(slices.Clone(b.Chosen), r.Name)
	}
	return b.done(b.Chosen)
}

// Click puts the fault under the mouse in force, or ends it.
func (b *Faults) Click(_, y int) (tea.Cmd, bool) {
	if i := b.List.Offset + y; i >= len(b.Rows) || b.Rows[i].Heading || !b.List.Click(y) {
		return nil, false
	}
	return b.toggle(), false
}

// Keys implements Box.
func (b *Faults) Keys() string {
	return b.theme.Words("{lists.up}{lists.down} · {lists.tick} chooses · {lists.clear} ends all · {send} sends · {cancel} closes")
}

// View implements Box.
func (b *Faults) View() string {
	title := "Let the built-in Super App misbehave, to test what you make of it"
	if n := len(b.Chosen); n > 0 {
		title = fmt.Sprintf("The built-in Super App misbehaves · %d chosen", n)
	}
	lines := append(b.above(b.line), b.explain()...)
	return b.bordered(title, b.theme.Words("{lists.tick} chooses · {lists.clear} ends all · {cancel} closes"), lines)
}

func (b *Faults) explain() []string {
	var lines []string
	w := max(1, b.w-4)
	for _, l := range ui.AtMost(ui.Words(ui.Safe(b.Rows[b.List.Cursor].Says), w), b.bottom(), w) {
		lines = append(lines, " "+b.theme.Text.Render(l))
	}
	return lines
}

func (b *Faults) line(i int) string {
	r, w := b.Rows[i], b.w-2
	if r.Heading {
		return " " + b.theme.Title.Render(ui.Truncate(r.Name, max(0, w-1)))
	}
	sign, style := "○ ", b.theme.Text
	if slices.Contains(b.Chosen, r.Name) {
		sign, style = "● ", b.theme.Warn
	}
	room := max(0, w-3-ui.Width(sign))
	if i == b.List.Cursor {
		return b.theme.Selection.Render("   " + sign + ui.Fit(ui.Truncate(r.Name+"  "+r.Says, room), room))
	}
	name := ui.Truncate(r.Name, room)
	says := ui.Truncate("  "+r.Says, max(0, room-ui.Width(name)))
	return "   " + style.Render(sign+name) + b.theme.Muted.Render(says)
}
