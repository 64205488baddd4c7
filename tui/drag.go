package tui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

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
		r, seen := a.layout.panes[d.scope]
		if d.scope == "" || !ok || !seen {
			return nil, true
		}
		return pane.Drag(msg.X-r.x-1, msg.Y-r.y-1), true
	}
	scope, r, ok := a.layout.at(msg.X, msg.Y)
	now := a.config.Now()
	again := ok && msg.X == d.x && msg.Y == d.y && now.Sub(d.at) < doubleClick && scope == a.focus
	*d = drag{scope, msg.X, msg.Y, now}
	if !again {
		return nil, false
	}
	d.at = time.Time{} // a third click begins anew
	if pane, ok := a.panes.get(scope).(ui.Dragged); ok {
		return pane.DoubleClick(msg.X-r.x-1, msg.Y-r.y-1), true
	}
	return nil, false
}
