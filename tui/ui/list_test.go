package ui

import (
	"fmt"
	"testing"

	"countersign/tui/tuitest"
)

func TestList(t *testing.T) {
	t.Parallel()
	l := List{Height: 4, Len: 10}
	state := func() string {
		from, to := l.Window()
		return fmt.Sprintf("%d in %d-%d", l.Cursor, from, to)
	}
	for _, c := range []struct {
		what string
		do   func()
		want string
	}{
		{"start", func() {}, "0 in 0-4"},
		{"up stops", func() { l.Move(-1) }, "0 in 0-4"},
		{"down", func() { l.Move(3) }, "3 in 0-4"},
		{"down scrolls", func() { l.Move(1) }, "4 in 1-5"},
		{"page", func() { l.Go(Move{Pages: 1}) }, "7 in 4-8"},
		{"end stops", func() { l.Move(99) }, "9 in 6-10"},
		{"up stays", func() { l.Move(-3) }, "6 in 6-10"},
		{"up scrolls", func() { l.Move(-1) }, "5 in 5-9"},
		{"click", func() { tuitest.Must(t, "hit", l.Click(2), true) }, "7 in 5-9"},
		{"click beside", func() { tuitest.Must(t, "hit", l.Click(4), false) }, "7 in 5-9"},
		{"taller", func() { l.Height = 8; l.To(l.Cursor) }, "7 in 2-10"},
		{"fewer", func() { l.Len = 3; l.To(l.Cursor) }, "2 in 0-3"},
		{"click below", func() { tuitest.Must(t, "hit", l.Click(3), false) }, "2 in 0-3"},
		{"none", func() { l.Len = 0; l.To(l.Cursor) }, "0 in 0-0"},
		{"no room", func() { l.Len, l.Height = 5, 0; l.To(3) }, "3 in 0-0"},
	} {
		c.do()
		tuitest.Must(t, c.what, state(), c.want)
	}
}

func TestListRandom(t *testing.T) {
	t.Parallel()
	r := tuitest.Seeded(10)
	l := List{}
	for range 5000 {
		switch r.IntN(6) {
		case 0:
			l.Len = r.IntN(30)
		case 1:
			l.Height = r.IntN(12)
		case 2:
			l.Go(Move{Pages: r.IntN(5) - 2})
		case 3:
			l.Click(r.IntN(14) - 1)
		}
		l.Move(r.IntN(9) - 4)
		from, to := l.Window()
		if from < 0 || to > l.Len || to-from > l.Height || from > to {
			t.Fatalf("window %d-%d of %+v", from, to, l)
		}
		if l.Len > 0 && l.Height > 0 && (l.Cursor < from || l.Cursor >= to) {
			t.Fatalf("the cursor is out of sight: %+v", l)
		}
		if l.Len >= l.Height && to-from != l.Height {
			t.Fatalf("rows are left blank: %d-%d of %+v", from, to, l)
		}
	}
}
