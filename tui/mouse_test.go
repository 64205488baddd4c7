package tui

import (
	"strings"
	"testing"
)

// find gives the cell at which a text begins on the screen.
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
