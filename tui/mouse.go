package tui

import (
	"maps"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
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
	if a.box != nil {
		return a.boxMouse(msg)
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

// dividers are the lines between panes that were dragged, and the one that is
// being dragged.
type dividers struct {
	moved map[divider]int // by how many cells from where it stands by itself
	held  *edge
	grip  int // cells between where it stands and where it is held
}

// drag takes the mouse while it moves a divider; it reports whether that is
// what the message is about. A press alone still focuses the pane under it.
func (d *dividers) drag(a *App, msg tea.MouseMsg) bool {
	switch msg.Action {
	case tea.MouseActionPress:
		d.held = nil
		if e, ok := a.layout.edgeAt(msg.X, msg.Y); ok && msg.Button == tea.MouseButtonLeft {
			d.held, d.grip = &e, e.across(msg.X, msg.Y)-e.at
		}
		return false
	case tea.MouseActionRelease:
		held := d.held != nil
		d.held = nil
		return held
	}
	if d.held == nil {
		return false
	}
	d.move(a, msg.X, msg.Y)
	return true
}

// move takes the divider along. Where it cannot go further it stays, and
// follows again once the mouse is back.
func (d *dividers) move(a *App, x, y int) {
	to := d.held.across(x, y) - d.grip
	for _, e := range a.layout.edges {
		if e.divider == d.held.divider && e.at != to {
			d.hold(a.layout.edges)
			d.moved[e.divider] = to - e.home
			a.rearrange()
			d.settle(a, e.divider)
			return
		}
	}
}

// hold makes the dividers beside the one that is held stay where they are: what
// a hand arranged does not move with the focus any more.
func (d *dividers) hold(edges []edge) {
	d.moved = maps.Clone(d.moved)
	if d.moved == nil {
		d.moved = map[divider]int{}
	}
	for _, e := range edges {
		if e.upright == d.held.upright && e.from < d.held.to && d.held.from < e.to {
			d.moved[e.divider] = e.at - e.home
		}
	}
}

// settle keeps how far a divider really moved, not how far the mouse went.
func (d *dividers) settle(a *App, moved divider) {
	for _, e := range a.layout.edges {
		if e.divider == moved {
			d.moved[moved] = e.at - e.home
		}
	}
}

// across is the coordinate in which an edge moves.
func (e edge) across(x, y int) int {
	if e.upright {
		return x
	}
	return y
}
