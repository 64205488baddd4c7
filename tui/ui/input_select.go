package ui

import tea "github.com/charmbracelet/bubbletea"

// unshifted are the keys that move the end of the selection.
var unshifted = map[tea.KeyType]tea.KeyType{
	tea.KeyShiftLeft: tea.KeyLeft, tea.KeyShiftRight: tea.KeyRight, tea.KeyShiftUp: tea.KeyUp,
	tea.KeyShiftDown: tea.KeyDown,
	tea.KeyShiftHome: tea.KeyHome, tea.KeyShiftEnd: tea.KeyEnd,
	tea.KeyCtrlShiftLeft: tea.KeyCtrlLeft, tea.KeyCtrlShiftRight: tea.KeyCtrlRight,
	tea.KeyCtrlShiftHome: tea.KeyCtrlHome, tea.KeyCtrlShiftEnd: tea.KeyCtrlEnd,
}

// byWord are the ways in which terminals spell the keys that move by words.
var byWord = map[string]tea.KeyType{
	"alt+left": tea.KeyCtrlLeft, "alt+b": tea.KeyCtrlLeft, "alt+right": tea.KeyCtrlRight, "alt+f": tea.KeyCtrlRight,
}

// MoveKey moves the cursor of a text by a key: with shift the end of a selection,
// of which the other end is the anchor, -1 for none; from a selection the plain
// arrows go to its ends. move does what a key does without a selection. It
// reports whether the key is one that moves.
func MoveKey(msg tea.KeyMsg, cursor, anchor *int, move func(tea.KeyMsg) bool) bool {
	held := *anchor
	plain, extends := unshifted[msg.Type]
	if extends {
		msg.Type = plain
	}
	if key, ok := byWord[msg.String()]; ok {
		msg = tea.KeyMsg{Type: key}
	}
	switch {
	case extends:
		if held < 0 {
			held = *cursor
		}
		move(msg)
		*anchor = held
		return true
	case held >= 0 && held != *cursor && (msg.Type == tea.KeyLeft || msg.Type == tea.KeyRight):
		if *anchor = -1; msg.Type == tea.KeyLeft {
			*cursor = min(held, *cursor)
		} else {
			*cursor = max(held, *cursor)
		}
		return true
	case !move(msg):
		return false
	}
	*anchor = -1
	return true
}

// Selection returns the place of the selected text: [from, to). Without one
// both are the cursor's.
func (in *Input) Selection() (from, to int) {
	if in.anchor < 0 {
		return in.cursor, in.cursor
	}
	return min(in.anchor, in.cursor), max(in.anchor, in.cursor)
}

// SelectAll selects the whole text; what is typed or pasted next replaces it.
func (in *Input) SelectAll() { in.anchor, in.cursor = 0, len(in.value) }

// move moves the cursor. It reports whether the key is one that does.
func (in *Input) move(msg tea.KeyMsg) bool {
	switch msg.Type {
	case tea.KeyLeft, tea.KeyCtrlLeft:
		in.left(msg.Type == tea.KeyCtrlLeft)
	case tea.KeyRight, tea.KeyCtrlRight:
		in.right(msg.Type == tea.KeyCtrlRight)
	case tea.KeyHome, tea.KeyCtrlHome:
		in.cursor = 0
	case tea.KeyEnd, tea.KeyCtrlE, tea.KeyCtrlEnd:
		in.cursor = len(in.value)
	default:
		return false
	}
	return true
}
