package tui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
	"countersign/tui/layout"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// pointer is the mouse.
type pointer struct {
	free     bool // it selects text for the terminal
	dividers layout.Dividers
	drag     drag
}

func (a *App) toggleMouse() tea.Cmd {
	a.pointer.free = !a.pointer.free
	if a.pointer.free {
		a.status.Set(a.theme.Words("The mouse selects text now; {mouse} gives it back to the explorer"), status.Neutral)
		return tea.DisableMouse
	}
	a.status.Set("The mouse works in the explorer again", status.Neutral)
	return tea.EnableMouseCellMotion
}

// mouse: a click focuses and points, the wheel scrolls what is under it.
func (a *App) mouse(msg tea.MouseMsg) tea.Cmd {
	if a.layout.Shape == layout.TooSmall {
		return nil // what cannot be seen must not be answered
	}
	if a.box != nil {
		return a.boxMouse(msg)
	}
	if msg.Action == tea.MouseActionPress && msg.Button == tea.MouseButtonLeft {
		if action, ok := a.edgeAction(msg.X, msg.Y); ok {
			return a.do(action)
		}
	}
	if a.pointer.dividers.Drag(&a.layout, msg, a.rearrange) {
		return nil
	}
	if cmd, mine := a.dragging(msg); mine {
		return cmd
	}
	if msg.Y == layout.HeadRows && a.layout.Shape == layout.Single && msg.Button == tea.MouseButtonLeft {
		if s, ok := layout.StripAt(layout.Strip(a.focus, a.layout.Width), msg.X); ok {
			a.setFocus(s)
		}
		return nil
	}
	scope, r, ok := a.layout.At(msg.X, msg.Y)
	if !ok {
		return nil
	}
	pointed, ok := a.panes.get(scope).(ui.Pointed)
	switch {
	case ok && ui.Turned(msg) != 0:
		return pointed.Wheel(3 * ui.Turned(msg))
	case msg.Button == tea.MouseButtonLeft:
		if scope != a.focus {
			a.setFocus(scope)
		}
		if ok {
			return pointed.Click(msg.X-r.X-1, msg.Y-r.Y-1)
		}
	}
	return nil
}

// doubleClick is how soon a second click makes one of two.
const doubleClick = 400 * time.Millisecond

// drag is the left button held down over a pane.
type drag struct {
	scope keymap.Scope // where it went down; "" while it is up
	x, y  int          // the cell of the last press, of the screen
	at    time.Time    // of the last press
}

// dragging takes what the mouse does with the button held down, and the second
// of two clicks. It reports whether that was its business.
func (a *App) dragging(msg tea.MouseMsg) (tea.Cmd, bool) {
	d := &a.pointer.drag
	switch {
	case msg.Action == tea.MouseActionRelease:
		d.scope = ""
		return nil, true
	case msg.Button != tea.MouseButtonLeft:
		return nil, msg.Action != tea.MouseActionPress
	case msg.Action == tea.MouseActionMotion:
		pane, ok := a.panes.get(d.scope).(ui.Dragged)
		r, seen := a.layout.Panes[d.scope]
		if d.scope == "" || !ok || !seen {
			return nil, true
		}
		return pane.Drag(msg.X-r.X-1, msg.Y-r.Y-1), true
	}
	scope, r, ok := a.layout.At(msg.X, msg.Y)
	now := a.config.Now()
	again := ok && msg.X == d.x && msg.Y == d.y && now.Sub(d.at) < doubleClick && scope == a.focus
	*d = drag{scope, msg.X, msg.Y, now}
	if !again {
		return nil, false
	}
	d.at = time.Time{} // a third click begins again
	if pane, ok := a.panes.get(scope).(ui.Dragged); ok {
		return pane.DoubleClick(msg.X-r.X-1, msg.Y-r.Y-1), true
	}
	return nil, false
}
