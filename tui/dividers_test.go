package tui

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/box"
	"countersign/tui/keymap"
)

func dragMouse(x *world, fromX, fromY, toX, toY int) {
	x.Send(tea.MouseMsg{X: fromX, Y: fromY, Action: tea.MouseActionPress, Button: tea.MouseButtonLeft})
	x.Send(tea.MouseMsg{X: (fromX + toX) / 2, Y: (fromY + toY) / 2, Action: tea.MouseActionMotion, Button: tea.MouseButtonLeft})
	x.Send(tea.MouseMsg{X: toX, Y: toY, Action: tea.MouseActionMotion, Button: tea.MouseButtonLeft})
	x.Send(tea.MouseMsg{X: toX, Y: toY, Action: tea.MouseActionRelease, Button: tea.MouseButtonLeft})
}

func TestDividersAreDragged(t *testing.T) {
	t.Parallel()
	x := explore(t, 160, 45)
	x.Key("2")
	before := x.app.layout.panes
	r := before[keymap.Response]
	dragMouse(x, r.x, r.y+5, r.x-20, r.y+5)
	if got := x.app.layout.panes[keymap.Response]; got.x != r.x-20 || got.w != r.w+20 {
		t.Errorf("the response went from %v to %v", r, got)
	}
	s := before[keymap.Signature]
	dragMouse(x, s.x+9, s.y-1, s.x+9, s.y-6)
	if got := x.app.layout.panes[keymap.Signature]; got.h != s.h+5 {
		t.Errorf("the signature went from %v to %v", s, got)
	}
	// To the edge of the screen and beyond: each pane keeps its least size.
	dragMouse(x, x.app.layout.panes[keymap.Response].x, 20, 0, 20)
	dragMouse(x, 40, x.app.layout.panes[keymap.Signature].y, 40, 0)
	for scope, r := range x.app.layout.panes {
		if r.w < leastWidth || r.h < leastHeight {
			t.Errorf("%s is left with %v", scope, r)
		}
	}
	// The mouse that comes back takes the divider along from where it is.
	e := x.app.layout.edges[0]
	dragMouse(x, 40, e.at, 40, e.at+3)
	if got := x.app.layout.edges[0].at; got != e.at+3 {
		t.Errorf("the divider stands at %d, not %d", got, e.at+3)
	}
	x.Resize(100, 30)
	x.Resize(160, 45)
	x.Key("2", "0")
	for scope, r := range before {
		if got := x.app.layout.panes[scope]; got != r {
			t.Errorf("%s is at %v, not back at %v", scope, got, r)
		}
	}
	x.Key("0")
	x.shows(t, "No divider was moved")
}

func TestJumping(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "'")
	x.shows(t, "type the letters")
	marks := x.app.box.(*box.Jump).Marks
	if len(marks) < 30 {
		t.Fatalf("only %d places to go to", len(marks))
	}
	labels := map[string]bool{}
	for _, m := range marks {
		if labels[m.Label] || m.Label == "" {
			t.Errorf("the label %q stands twice", m.Label)
		}
		labels[m.Label] = true
	}
	// The tab Hex of the response.
	r := x.app.layout.panes[keymap.Response]
	for _, m := range marks {
		if m.X == r.x+1+len("Body  Raw  ") && m.Y > r.y && m.Y < r.y+r.h {
			x.Type(m.Label)
			break
		}
	}
	x.shows(t, "00000000  7b")
	if x.app.focus != keymap.Response {
		t.Errorf("the focus is on %s", x.app.focus)
	}
	x.Key("'", "esc")
	if x.app.box != nil || x.app.focus != keymap.Response {
		t.Error("esc does not stay where it was")
	}
	x.Key("'", "?")
	if x.app.box != nil {
		t.Error("a letter of nothing leaves the labels open")
	}
}
