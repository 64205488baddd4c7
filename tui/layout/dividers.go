package layout

import (
	"maps"

	tea "github.com/charmbracelet/bubbletea"
)

// Dividers are the lines between panes that were dragged, and the one that is
// being dragged.
type Dividers struct {
	moved map[divider]int // by how many cells from where it stands by itself
	held  *edge
	grip  int // cells between where it stands and where it is held
}

// Moved reports whether any was.
func (d *Dividers) Moved() bool { return len(d.moved) > 0 }

// Drag takes the mouse while it moves a divider of a layout; it reports whether
// that is what the message is about. A press alone still focuses the pane under
// it. arrange makes the layout again.
func (d *Dividers) Drag(l *Layout, msg tea.MouseMsg, arrange func()) bool {
	switch msg.Action {
	case tea.MouseActionPress:
		d.held = nil
		if e, ok := l.edgeAt(msg.X, msg.Y); ok && msg.Button == tea.MouseButtonLeft {
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
	d.move(l, msg.X, msg.Y, arrange)
	return true
}

// move takes the divider along. Where it cannot go further it stays, and
// follows again once the mouse is back.
func (d *Dividers) move(l *Layout, x, y int, arrange func()) {
	to := d.held.across(x, y) - d.grip
	for _, e := range l.edges {
		if e.divider == d.held.divider && e.at != to {
			d.hold(l.edges)
			d.moved[e.divider] = to - e.home
			arrange()
			d.settle(l, e.divider)
			return
		}
	}
}

// hold makes the dividers beside the one that is held stay where they are: what
// a hand arranged does not move with the focus any more.
func (d *Dividers) hold(edges []edge) {
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
func (d *Dividers) settle(l *Layout, moved divider) {
	for _, e := range l.edges {
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
