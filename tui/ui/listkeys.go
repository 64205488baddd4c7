package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
)

// Act does an action of the scope keymap.Lists. It reports whether it is one.
func (l *List) Act(id keymap.ID) bool {
	switch id {
	case keymap.ListsUp:
		l.Move(-1)
	case keymap.ListsDown:
		l.Move(1)
	case keymap.ListsPageUp:
		l.PageBy(-1)
	case keymap.ListsPageDn:
		l.PageBy(1)
	case keymap.ListsTop:
		l.Move(-l.Len)
	case keymap.ListsBottom:
		l.Move(l.Len)
	default:
		return false
	}
	return true
}

// Wheel moves the cursor as the wheel turns.
func (l *List) Wheel(msg tea.MouseMsg) { l.Move(Turned(msg)) }

// Turned is how far the wheel was turned: 1 is down, 0 is another message.
func Turned(msg tea.MouseMsg) int {
	switch msg.Button {
	case tea.MouseButtonWheelUp:
		return -1
	case tea.MouseButtonWheelDown:
		return 1
	}
	return 0
}
