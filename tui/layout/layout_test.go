package layout

import (
	"testing"

	"countersign/tui/keymap"
)

// Every cell of the body belongs to exactly one pane, at every size, and the
// focused pane is among them.
func TestArrangeCoversTheBodyOnce(t *testing.T) {
	t.Parallel()
	for w := 40; w <= 260; w += 7 {
		for h := 12; h <= 90; h += 3 {
			for _, focus := range Order {
				for _, zoomed := range []bool{false, true} {
					l := Arrange(w, h, Wish{Focus: focus, Last: keymap.Headers, Zoomed: zoomed})
					if _, ok := l.Panes[focus]; !ok {
						t.Fatalf("%dx%d: %s has the focus and no place", w, h, focus)
					}
					checkCover(t, l, w, h, focus)
				}
			}
		}
	}
}

func checkCover(t *testing.T, l Layout, w, h int, focus keymap.Scope) {
	t.Helper()
	top := HeadRows
	if l.Shape == Single {
		top += stripRows
	}
	cells := 0
	for scope, r := range l.Panes {
		if least := map[bool]int{true: 8, false: 3}[scope == focus]; r.W < 20 || r.H < least {
			t.Fatalf("%dx%d: %s is %dx%d: too small to be of use", w, h, scope, r.W, r.H)
		}
		if r.X < 0 || r.Y < top || r.X+r.W > w || r.Y+r.H > h-tailRows {
			t.Fatalf("%dx%d: %s at %+v leaves the body", w, h, scope, r)
		}
		cells += r.W * r.H
		for other, o := range l.Panes {
			if other != scope && r.X < o.X+o.W && o.X < r.X+r.W && r.Y < o.Y+o.H && o.Y < r.Y+r.H {
				t.Fatalf("%dx%d: %s and %s overlap", w, h, scope, other)
			}
		}
	}
	if want := w * (h - top - tailRows); cells != want {
		t.Fatalf("%dx%d: panes cover %d cells of %d", w, h, cells, want)
	}
}

// With little room the focused pane grows to the height at which it is of use;
// the others keep a title and a row or two. With much room nothing moves.
func TestTheFocusedPaneGrows(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {100, 30}, {139, 34}, {140, 40}, {200, 60}} {
		home := Arrange(size[0], size[1], Wish{Focus: keymap.Request})
		for _, focus := range Order {
			l := Arrange(size[0], size[1], Wish{Focus: focus})
			rows := l.Panes[focus].H
			if want := min(comfort[focus], size[1]-HeadRows-tailRows-2*l.keptHeight()); rows < want {
				t.Errorf("%v: %s has %d rows, not %d", size, focus, rows, want)
			}
			for scope, r := range l.Panes {
				if r.H < l.keptHeight() {
					t.Errorf("%v: %s leaves %d rows to %s", size, focus, r.H, scope)
				}
				if size[1] == 60 && focus != keymap.Runs && r != home.Panes[scope] {
					t.Errorf("%v: %s moves %s from %v to %v", size, focus, scope, home.Panes[scope], r)
				}
			}
		}
		if l := Arrange(size[0], size[1], Wish{Focus: keymap.Runs}); l.Panes[keymap.Runs].W < min(runsWidth, size[0]-keptWidth) {
			t.Errorf("%v: the runs have %d columns", size, l.Panes[keymap.Runs].W)
		}
	}
}

func TestArrangeShapes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		w, h int
		want Shape
	}{
		{39, 40, TooSmall}, {100, 11, TooSmall}, {60, 20, Single}, {79, 60, Single}, {120, 20, Single},
		{80, 24, Double}, {139, 50, Double}, {140, 40, Triple}, {300, 90, Triple},
	} {
		if got := Arrange(c.w, c.h, Wish{Focus: keymap.Request, Last: keymap.Request}).Shape; got != c.want {
			t.Errorf("%dx%d: shape %d, want %d", c.w, c.h, got, c.want)
		}
	}
}

func TestHeadersShareTheRequestsPlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ focus, last, shown, hidden keymap.Scope }{
		{keymap.Headers, keymap.Headers, keymap.Headers, keymap.Request},
		{keymap.Runs, keymap.Headers, keymap.Headers, keymap.Request},
		{keymap.Request, keymap.Headers, keymap.Request, keymap.Headers},
		{keymap.Runs, keymap.Request, keymap.Request, keymap.Headers},
	} {
		l := Arrange(100, 30, Wish{Focus: c.focus, Last: c.last})
		if _, ok := l.Panes[c.shown]; !ok {
			t.Errorf("focus %s, last %s: %s is not shown", c.focus, c.last, c.shown)
		}
		if _, ok := l.Panes[c.hidden]; ok {
			t.Errorf("focus %s, last %s: %s is shown", c.focus, c.last, c.hidden)
		}
	}
}
