package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
)

// List is the arithmetic of a list of which a window is shown. The pane owns
// the items and draws them; set Len and Height whenever they change, then call
// To(Cursor) to bring the window into place.
type List struct {
	Cursor int // the chosen item; 0 in an empty list
	Offset int // the first item in the window
	Height int // rows of the window
	Len    int // items

	// Heading reports the items that Move passes over; nil: there are none.
	Heading func(i int) bool
}

// Move moves the cursor by delta items and stops at the ends. The headings
// above the first item come into the window with it, and so does that above any
// other.
func (l *List) Move(delta int) {
	at := max(0, min(l.Cursor+delta, l.Len-1))
	if l.Heading == nil {
		l.To(at)
		return
	}
	step := 1
	if delta < 0 {
		step = -1
	}
	first := 0
	for first < l.Len-1 && l.Heading(first) {
		first++
	}
	for at > first && at < l.Len-1 && l.Heading(at) {
		at += step
	}
	l.To(max(at, first))
	switch {
	case l.Cursor == first && first < l.Height:
		l.Offset = 0
	case l.Offset > 0 && l.Offset == l.Cursor && l.Height > 1 && l.Heading(l.Cursor-1):
		l.Offset--
	}
}

// Go moves the cursor; a page is a window less a row, which keeps the context.
func (l *List) Go(m Move) { l.Move(m.Rows(l.Height)) }

// Act does an action of the scope keymap.Lists. It reports whether it is one.
func (l *List) Act(id keymap.ID) bool {
	m, moved := MoveOf(id)
	if moved {
		l.Go(m)
	}
	return moved
}

// To moves the cursor to item i, or the nearest there is, and the window with it.
func (l *List) To(i int) {
	l.Cursor = max(0, min(i, l.Len-1))
	if l.Cursor < l.Offset {
		l.Offset = l.Cursor
	}
	if l.Height > 0 && l.Cursor >= l.Offset+l.Height {
		l.Offset = l.Cursor - l.Height + 1
	}
	l.Offset = max(0, min(l.Offset, l.Len-l.Height))
}

// Click moves the cursor to the item at a row of the window, counted from 0.
// It reports whether there is one, which is no heading.
func (l *List) Click(row int) bool {
	i := l.Offset + row
	if row < 0 || row >= l.Height || i >= l.Len || l.Heading != nil && l.Heading(i) {
		return false
	}
	l.To(i)
	return true
}

// Window returns the items that are shown: [from, to).
func (l *List) Window() (from, to int) {
	from = max(0, min(l.Offset, l.Len))
	return from, max(from, min(from+l.Height, l.Len))
}

// Lines draws the items that are shown, one a row.
func (l *List) Lines(draw func(i int) string) []string {
	from, to := l.Window()
	lines := make([]string, 0, to-from)
	for i := from; i < to; i++ {
		lines = append(lines, draw(i))
	}
	return lines
}

// Targets are the items that are shown, but for headings, from row top of a
// pane on: to jump to one chooses it.
func (l *List) Targets(top int, choose func() tea.Cmd) []Target {
	var list []Target
	from, to := l.Window()
	for i := from; i < to; i++ {
		if l.Heading != nil && l.Heading(i) {
			continue
		}
		list = append(list, Target{Y: top + i - from, Go: func() tea.Cmd {
			l.To(i)
			return choose()
		}})
	}
	return list
}
