package tui

import (
	"testing"

	"countersign/tui/keymap"
)

// While a saved run is shown a line says which key goes back to the draft, and
// it does.
func TestFromASavedRunBackToTheDraft(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("e")
	x.Type("Z")
	x.Key("esc")
	draft := string(x.app.draft().Body)
	x.Key("ctrl+r", "6", "enter")
	x.shows(t, "saved run: esc to the draft", "esc to the draft  ")
	x.Key("esc")
	if got := string(x.app.draft().Body); got != draft || x.app.panes.request.SavedRun() {
		t.Errorf("the body is %.20q", got)
	}
	x.lacks(t, "saved run")
	if x.app.focus != keymap.Runs {
		t.Errorf("the focus went to %s", x.app.focus)
	}
	if x.Key("esc"); x.Quit() || string(x.app.draft().Body) != draft {
		t.Error("another esc went somewhere")
	}
}

// What is open in a pane is left before the run is.
func TestEscLeavesTheNearestFirst(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "6", "enter", "5", "/")
	x.Type("result")
	x.Key("esc")
	if !x.app.panes.request.SavedRun() {
		t.Fatal("it left the run")
	}
	if x.Key("esc"); x.app.panes.request.SavedRun() {
		t.Error("it stays at the run")
	}
}

// A step that follows is a draft too: from a run it is gone back to.
func TestBackToAStep(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "5", "A", "a")
	step := x.app.panes.request.Key()
	x.Key("6", "enter", "esc")
	if got := x.app.panes.request.Key(); got != step {
		t.Errorf("%s is open, not %s", got, step)
	}
}

// The line fits narrow screens.
func TestSavedRunOnNarrowScreens(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{60, 20}, {80, 24}, {100, 30}} {
		x := explore(t, size[0], size[1])
		x.Key("ctrl+r", "6", "enter", "2")
		x.shows(t, "saved run", "to the draft")
	}
}
