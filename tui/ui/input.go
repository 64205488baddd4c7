package ui

import (
	"strings"

	"countersign/tui/ui/glyph"

	tea "github.com/charmbracelet/bubbletea"
)

// Input is one line of text to type: a filter, a search, an answer. Its cursor
// does not blink. The zero width draws nothing.
type Input struct {
	// Placeholder is shown while there is no text.
	Placeholder string
	// Secret draws a dot for each character.
	Secret bool

	theme   *Theme
	value   []byte
	cursor  int // byte offset, at a glyph's start
	anchor  int // the other end of the selection; -1: there is none
	first   int // byte offset of the first glyph that is drawn
	width   int
	focused bool
}

// NewInput returns an empty input without the focus.
func NewInput(theme *Theme) *Input { return &Input{theme: theme, anchor: -1} }

// Value returns the text.
func (in *Input) Value() string { return string(in.value) }

// SetValue replaces the text; the cursor goes to its end.
func (in *Input) SetValue(s string) {
	in.value = []byte(s)
	in.cursor, in.anchor, in.first = len(in.value), -1, 0
}

// Cursor returns the cursor's offset in bytes.
func (in *Input) Cursor() int { return in.cursor }

// Resize sets the width in cells.
func (in *Input) Resize(width int) { in.width = max(0, width) }

// Focus shows the cursor.
func (in *Input) Focus() { in.focused = true }

// Blur hides the cursor.
func (in *Input) Blur() { in.focused = false }

// Focused reports whether keys go into it.
func (in *Input) Focused() bool { return in.focused }

// AtEnd reports whether the cursor is behind the text.
func (in *Input) AtEnd() bool { return in.cursor >= len(in.value) }

// Update takes a key. It reports whether the text changed; keys that mean
// nothing in a line of text are left alone. What is typed, pasted or deleted
// takes the place of the selection.
func (in *Input) Update(msg tea.KeyMsg) (changed bool) {
	from, to := in.Selection()
	switch msg.Type {
	case tea.KeyRunes, tea.KeySpace:
		if !msg.Alt || msg.Paste {
			return in.insert(string(msg.Runes))
		}
	case tea.KeyBackspace, tea.KeyCtrlH, tea.KeyDelete, tea.KeyCtrlW, tea.KeyCtrlU, tea.KeyCtrlK:
		if from == to {
			from, to = in.erased(msg)
		}
		in.remove(from, to)
		return from < to
	}
	if msg.Type == tea.KeyCtrlA {
		in.SelectAll()
	} else {
		MoveKey(msg, &in.cursor, &in.anchor, in.move)
	}
	return false
}

// erased returns what a key deletes: [from, to).
func (in *Input) erased(msg tea.KeyMsg) (from, to int) {
	from, to = in.cursor, in.cursor
	switch msg.Type {
	case tea.KeyDelete:
		if to < len(in.value) {
			to += glyph.Next(in.value[to:]).Bytes
		}
	case tea.KeyCtrlU:
		from = 0
	case tea.KeyCtrlK:
		to = len(in.value)
	default:
		in.left(msg.Alt || msg.Type == tea.KeyCtrlW)
		from = in.cursor
	}
	return from, to
}

// insert types text; line ends of a paste become spaces.
func (in *Input) insert(s string) bool {
	if s == "" {
		return false
	}
	s = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ").Replace(s)
	from, to := in.Selection()
	tail := append([]byte(s), in.value[to:]...)
	in.value = append(in.value[:from], tail...)
	in.cursor, in.anchor = from+len(s), -1
	in.settle()
	return true
}

func (in *Input) remove(from, to int) {
	in.value = append(in.value[:from], in.value[to:]...)
	in.cursor, in.anchor = from, -1
	in.settle()
}

// settle moves the cursor behind the character that it stands in: what was
// typed in front of a mark has become one with it.
func (in *Input) settle() {
	for at := glyph.Anchor(in.value, in.cursor); at < len(in.value); at += glyph.Next(in.value[at:]).Bytes {
		if at >= in.cursor {
			in.cursor = at
			return
		}
	}
	in.cursor = len(in.value)
}

func (in *Input) left(word bool) {
	if word {
		in.cursor = glyph.Before(in.value, glyph.WordLeft(in.value, in.cursor)+1)
		return
	}
	in.cursor = glyph.Before(in.value, in.cursor)
}

func (in *Input) right(word bool) {
	if in.cursor >= len(in.value) {
		return
	}
	if word {
		in.cursor = glyph.WordRight(in.value, in.cursor)
		in.settle()
		return
	}
	in.cursor += glyph.Next(in.value[in.cursor:]).Bytes
}

// View draws exactly the width, the cursor always in sight.
func (in *Input) View() string {
	if in.width <= 0 {
		return ""
	}
	if len(in.value) == 0 {
		return in.placeholder()
	}
	in.scroll()
	var out strings.Builder
	col, at := 0, in.first
	from, to := in.Selection()
	for at < len(in.value) {
		g := glyph.Next(in.value[at:])
		text, cells := in.drawn(g, at)
		if col+cells > in.width {
			text, cells = Fit(text, in.width-col), in.width-col
		}
		if cells <= 0 {
			break
		}
		if in.focused && at == in.cursor {
			text = in.theme.Cursor.Render(text)
		} else if in.focused && at >= from && at < to {
			text = in.theme.Selected.Render(text)
		} else if g.Symbol && !in.Secret {
			text = in.theme.Invisible.Render(text)
		}
		out.WriteString(text)
		col += cells
		at += g.Bytes
	}
	if in.focused && in.cursor >= len(in.value) && col < in.width {
		out.WriteString(in.theme.Cursor.Render(" "))
	}
	return Pad(out.String(), in.width)
}

func (in *Input) placeholder() string {
	if !in.focused {
		return Fit(in.theme.Placeholder.Render(Safe(in.Placeholder)), in.width)
	}
	rest := Fit(Safe(in.Placeholder), in.width-1)
	return in.theme.Cursor.Render(" ") + in.theme.Placeholder.Render(rest)
}

func (in *Input) drawn(g glyph.Glyph, at int) (string, int) {
	switch {
	case in.Secret:
		return "•", 1
	case g.Text != "":
		return g.Text, g.Cells
	}
	return string(in.value[at : at+g.Bytes]), g.Cells
}

// scroll moves the first drawn glyph so that the cursor's cell is in sight.
func (in *Input) scroll() {
	if in.cursor < in.first {
		in.first = in.cursor
	}
	// From the cursor to the left: how much fits.
	room := in.width - 1
	if in.cursor < len(in.value) {
		_, cells := in.drawn(glyph.Next(in.value[in.cursor:]), in.cursor)
		room = max(0, in.width-cells)
	}
	least := in.leftmost(room)
	in.first = max(in.first, least)
	if least == 0 {
		in.first = 0
	}
}

// leftmost returns the first of the glyphs before the cursor that fit a room. Only
// as much of the text is looked at as it takes.
func (in *Input) leftmost(room int) int {
	for reach := 8 * (room + 8); ; reach *= 8 {
		start := glyph.Anchor(in.value, in.cursor-reach)
		starts, widths := []int{}, []int{}
		for at := start; at < in.cursor; {
			g := glyph.Next(in.value[at:])
			_, cells := in.drawn(g, at)
			starts, widths = append(starts, at), append(widths, cells)
			at += g.Bytes
		}
		least, left := in.cursor, room
		for i := len(starts) - 1; i >= 0 && widths[i] <= left; i-- {
			left -= widths[i]
			least = starts[i]
		}
		if least > start || start == 0 {
			return least
		}
	}
}
