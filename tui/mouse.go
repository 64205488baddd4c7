package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/ui"
)

// pointer is the mouse.
type pointer struct {
	free     bool // it selects text for the terminal
	dividers dividers
	drag     drag
}

func (a *App) toggleMouse() tea.Cmd {
	a.pointer.free = !a.pointer.free
	if a.pointer.free {
		a.say(a.theme.Words("The mouse selects text now; {mouse} gives it back to the explorer"), neutral)
		return tea.DisableMouse
	}
	a.say("The mouse works in the explorer again", neutral)
	return tea.EnableMouseCellMotion
}

// mouse: a click focuses and points, the wheel scrolls what is under it.
func (a *App) mouse(msg tea.MouseMsg) tea.Cmd {
	if a.layout.shape == tooSmall {
		return nil // what cannot be seen must not be answered
	}
	if a.overlay != nil {
		return a.overlayMouse(msg)
	}
	if msg.Action == tea.MouseActionPress && msg.Button == tea.MouseButtonLeft {
		if action, ok := a.edgeAction(msg.X, msg.Y); ok {
			return a.do(action)
		}
	}
	if a.pointer.dividers.drag(a, msg) {
		return nil
	}
	if cmd, mine := a.dragging(msg); mine {
		return cmd
	}
	if msg.Y == headRows && a.layout.shape == single && msg.Button == tea.MouseButtonLeft {
		if s, ok := a.stripAt(msg.X); ok {
			a.setFocus(s)
		}
		return nil
	}
	scope, r, ok := a.layout.at(msg.X, msg.Y)
	if !ok {
		return nil
	}
	pointed, ok := a.panes.get(scope).(ui.Pointed)
	switch {
	case msg.Button == tea.MouseButtonWheelUp && ok:
		return pointed.Wheel(-3)
	case msg.Button == tea.MouseButtonWheelDown && ok:
		return pointed.Wheel(3)
	case msg.Button == tea.MouseButtonLeft:
		if scope != a.focus {
			a.setFocus(scope)
		}
		if ok {
			return pointed.Click(msg.X-r.x-1, msg.Y-r.y-1)
		}
	}
	return nil
}
