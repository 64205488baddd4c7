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
					checkCover(t, l, w, h)
				}
			}
		}
	}
}

func checkCover(t *testing.T, l layout, w, h int) {
	t.Helper()
	top := headRows
	if l.shape == single {
		top += stripRows
	}
	cells := 0
	for scope, r := range l.panes {
		if r.w < 20 || r.h < 5 {
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
