package tui

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
			for _, focus := range order {
				for _, zoomed := range []bool{false, true} {
					l := arrange(w, h, wish{focus: focus, last: keymap.Headers, zoomed: zoomed})
					if _, ok := l.panes[focus]; !ok {
						t.Fatalf("%dx%d: %s has the focus and no place", w, h, focus)
					}
					checkCover(t, l, w, h, focus)
				}
			}
		}
	}
}

func checkCover(t *testing.T, l layout, w, h int, focus keymap.Scope) {
	t.Helper()
	top := headRows
	if l.shape == single {
		top += stripRows
	}
	cells := 0
	for scope, r := range l.panes {
		if least := map[bool]int{true: 8, false: 3}[scope == focus]; r.w < 20 || r.h < least {
			t.Fatalf("%dx%d: %s is %dx%d: too small to be of use", w, h, scope, r.w, r.h)
		}
		if r.x < 0 || r.y < top || r.x+r.w > w || r.y+r.h > h-tailRows {
			t.Fatalf("%dx%d: %s at %+v leaves the body", w, h, scope, r)
		}
		cells += r.w * r.h
		for other, o := range l.panes {
			if other != scope && r.x < o.x+o.w && o.x < r.x+r.w && r.y < o.y+o.h && o.y < r.y+r.h {
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
		home := arrange(size[0], size[1], wish{focus: keymap.Request})
		for _, focus := range order {
			l := arrange(size[0], size[1], wish{focus: focus})
			rows := l.panes[focus].h
			if want := min(comfort[focus], size[1]-headRows-tailRows-2*l.keptHeight()); rows < want {
				t.Errorf("%v: %s has %d rows, not %d", size, focus, rows, want)
			}
			for scope, r := range l.panes {
				if r.h < l.keptHeight() {
					t.Errorf("%v: %s leaves %d rows to %s", size, focus, r.h, scope)
				}
				if size[1] == 60 && focus != keymap.Runs && r != home.panes[scope] {
					t.Errorf("%v: %s moves %s from %v to %v", size, focus, scope, home.panes[scope], r)
				}
			}
		}
		if l := arrange(size[0], size[1], wish{focus: keymap.Runs}); l.panes[keymap.Runs].w < min(runsWidth, size[0]-keptWidth) {
			t.Errorf("%v: the runs have %d columns", size, l.panes[keymap.Runs].w)
		}
	}
}

// What a hand arranged does not move with the focus, until it is taken back.
func TestDraggedDividersStay(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30)
	x.Key("2")
	grown := x.app.layout.panes
	s := grown[keymap.Signature]
	dragMouse(x, s.x+9, s.y, s.x+9, s.y-2)
	dragged := x.app.layout.panes
	if got := dragged[keymap.Signature]; got.h != s.h+2 {
		t.Errorf("the signature went from %v to %v", s, got)
	}
	for _, key := range []string{"5", "4", "2"} {
		x.Key(key)
		for _, scope := range []keymap.Scope{keymap.Request, keymap.Response, keymap.Signature} {
			if got := x.app.layout.panes[scope]; got != dragged[scope] {
				t.Errorf("%s moves %s from %v to %v", key, scope, dragged[scope], got)
			}
		}
	}
	x.Key("0")
	for scope, r := range grown {
		if got := x.app.layout.panes[scope]; got != r {
			t.Errorf("%s is at %v, not back at %v", scope, got, r)
		}
	}
}

func TestArrangeShapes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		w, h int
		want shape
	}{
		{39, 40, tooSmall}, {100, 11, tooSmall}, {60, 20, single}, {79, 60, single}, {120, 20, single},
		{80, 24, double}, {139, 50, double}, {140, 40, triple}, {300, 90, triple},
	} {
		if got := arrange(c.w, c.h, wish{focus: keymap.Request, last: keymap.Request}).shape; got != c.want {
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
		l := arrange(100, 30, wish{focus: c.focus, last: c.last})
		if _, ok := l.panes[c.shown]; !ok {
			t.Errorf("focus %s, last %s: %s is not shown", c.focus, c.last, c.shown)
		}
		if _, ok := l.panes[c.hidden]; ok {
			t.Errorf("focus %s, last %s: %s is shown", c.focus, c.last, c.hidden)
		}
	}
}
