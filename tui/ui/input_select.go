package ui

import tea "github.com/charmbracelet/bubbletea"

// Unshifted are the keys that move the end of the selection.
var Unshifted = map[tea.KeyType]tea.KeyType{
	tea.KeyShiftLeft: tea.KeyLeft, tea.KeyShiftRight: tea.KeyRight, tea.KeyShiftUp: tea.KeyUp, tea.KeyShiftDown: tea.KeyDown,
	tea.KeyShiftHome: tea.KeyHome, tea.KeyShiftEnd: tea.KeyEnd,
	tea.KeyCtrlShiftLeft: tea.KeyCtrlLeft, tea.KeyCtrlShiftRight: tea.KeyCtrlRight,
	tea.KeyCtrlShiftHome: tea.KeyCtrlHome, tea.KeyCtrlShiftEnd: tea.KeyCtrlEnd,
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

// selectKey moves the end of the selection. It reports whether the key is one
// that does.
func (in *Input) selectKey(msg tea.KeyMsg) bool {
	if msg.Type == tea.KeyCtrlA {
		in.SelectAll()
		return true
	}
	plain, ok := Unshifted[msg.Type]
	if !ok {
		return false
	}
	anchor := in.anchor
	if anchor < 0 {
		anchor = in.cursor
	}
	msg.Type = plain
	in.move(msg)
	in.anchor = anchor
	return true
}

// moveKey moves the cursor and ends the selection; from a selection the plain
// arrows go to its ends.
func (in *Input) moveKey(msg tea.KeyMsg) {
	from, to := in.Selection()
	if from < to && !msg.Alt && (msg.Type == tea.KeyLeft || msg.Type == tea.KeyRight) {
		if in.cursor = to; msg.Type == tea.KeyLeft {
			in.cursor = from
		}
		in.anchor = -1
		return
	}
	if in.move(msg) {
		in.anchor = -1
	}
}

// move moves the cursor. It reports whether the key is one that does.
func (in *Input) move(msg tea.KeyMsg) bool {
	switch msg.Type {
	case tea.KeyLeft, tea.KeyCtrlLeft:
		in.left(msg.Alt || msg.Type == tea.KeyCtrlLeft)
	case tea.KeyRight, tea.KeyCtrlRight:
		in.right(msg.Alt || msg.Type == tea.KeyCtrlRight)
	case tea.KeyHome, tea.KeyCtrlHome:
		in.cursor = 0
	case tea.KeyEnd, tea.KeyCtrlE, tea.KeyCtrlEnd:
		in.cursor = len(in.value)
	case tea.KeyRunes: // as some terminals spell ctrl+left and ctrl+right
		switch string(msg.Runes) {
		case "b":
			in.left(true)
		case "f":
			in.right(true)
		default:
			return false
		}
	default:
		return false
	}
	return true
}
