package tui

import (
	"strings"
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
	before := x.app.layout.Panes
	r := before[keymap.Response]
	dragMouse(x, r.X, r.Y+5, r.X-20, r.Y+5)
	if got := x.app.layout.Panes[keymap.Response]; got.X != r.X-20 || got.W != r.W+20 {
		t.Errorf("the response went from %v to %v", r, got)
	}
	s := before[keymap.Signature]
	dragMouse(x, s.X+9, s.Y-1, s.X+9, s.Y-6)
	if got := x.app.layout.Panes[keymap.Signature]; got.H != s.H+5 {
		t.Errorf("the signature went from %v to %v", s, got)
	}
	// To the edge of the screen and beyond: each pane keeps its least size.
	dragMouse(x, x.app.layout.Panes[keymap.Response].X, 20, 0, 20)
	dragMouse(x, 40, x.app.layout.Panes[keymap.Signature].Y, 40, 0)
	for scope, r := range x.app.layout.Panes {
		if r.W < leastWidth || r.H < leastHeight {
			t.Errorf("%s is left with %v", scope, r)
		}
	}
	// The mouse that comes back takes the divider along from where it is.
	at := x.app.layout.Panes[keymap.Signature].Y
	dragMouse(x, 40, at, 40, at+3)
	if got := x.app.layout.Panes[keymap.Signature].Y; got != at+3 {
		t.Errorf("the divider stands at %d, not %d", got, at+3)
	}
	x.Resize(100, 30)
	x.Resize(160, 45)
	x.Key("2", "0")
	for scope, r := range before {
		if got := x.app.layout.Panes[scope]; got != r {
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
	r := x.app.layout.Panes[keymap.Response]
	for _, m := range marks {
		if m.X == r.X+1+len("Body  Raw  ") && m.Y > r.Y && m.Y < r.Y+r.H {
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

// What a hand arranged does not move with the focus, until it is taken back.
// What a divider leaves to a pane on either side.
const leastWidth, leastHeight = 16, 4

func TestDraggedDividersStay(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30)
	x.Key("2")
	grown := x.app.layout.Panes
	s := grown[keymap.Signature]
	dragMouse(x, s.X+9, s.Y, s.X+9, s.Y-2)
	dragged := x.app.layout.Panes
	if got := dragged[keymap.Signature]; got.H != s.H+2 {
		t.Errorf("the signature went from %v to %v", s, got)
	}
	for _, key := range []string{"5", "4", "2"} {
		x.Key(key)
		for _, scope := range []keymap.Scope{keymap.Request, keymap.Response, keymap.Signature} {
			if got := x.app.layout.Panes[scope]; got != dragged[scope] {
				t.Errorf("%s moves %s from %v to %v", key, scope, dragged[scope], got)
			}
		}
	}
	x.Key("0")
	for scope, r := range grown {
		if got := x.app.layout.Panes[scope]; got != r {
			t.Errorf("%s is at %v, not back at %v", scope, got, r)
		}
	}
}

// find returns the cell at which a text begins on the screen.
func (x *world) find(t *testing.T, text string) (col, row int) {
	t.Helper()
	for y, line := range strings.Split(x.Screen(), "\n") {
		if before, _, ok := strings.Cut(line, text); ok {
			return len([]rune(before)), y
		}
	}
	t.Fatalf("%q is not on the screen:\n%s", text, x.Screen())
	return 0, 0
}

func TestFooterAndHeadAreClicked(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, elsewhere)
	x.Click(x.find(t, "ctrl+r send   e edit"))
	if n := x.runs(t); n != 1 {
		t.Fatalf("%d runs", n)
	}
	x.Click(x.find(t, "◆ sandbox"))
	x.shows(t, "Profiles", "production")
	col, row := x.find(t, "  production")
	x.Click(col+3, row)
	x.shows(t, "base URL")
	x.Click(col+3, row)
	x.shows(t, "◆ production")
}

func TestOverlaysAreClicked(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+p")
	x.Type("zoom")
	x.Click(x.find(t, "Give this pane"))
	if !x.app.zoomed || x.app.box != nil {
		t.Error("the click did not run the command")
	}
	x.Key("z", "?")
	x.Click(0, 20)
	if x.app.box != nil {
		t.Error("a click beside the box does not leave it")
	}
	x.Key("ctrl+p")
	x.Click(x.find(t, "›"))
	if x.app.box == nil {
		t.Error("a click into the box leaves it")
	}
}

func TestQuestionsAreClicked(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]int{"y yes": 1, "n no": 0} {
		x := explore(t, 100, 30, func(x *world) { x.profile.Confirm = true })
		x.Key("ctrl+r")
		x.Click(x.find(t, answer))
		if n := x.runs(t); n != want || x.app.box != nil {
			t.Errorf("%s: %d runs", answer, n)
		}
	}
}

// What cannot be seen is not clicked.
func TestTooSmallTakesNoClick(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30, func(x *world) { x.profile.Confirm = true })
	x.Key("ctrl+r")
	x.Resize(39, 11)
	for y := range 11 {
		for col := range 39 {
			x.app.Update(tea.MouseMsg{X: col, Y: y, Action: tea.MouseActionPress, Button: tea.MouseButtonLeft})
			if x.app.box == nil {
				t.Fatalf("a click at %d, %d answers what cannot be seen", col, y)
			}
		}
	}
}
