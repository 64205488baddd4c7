package ui

import (
	"fmt"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

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
		{"click", func() { must(t, "hit", l.Click(2), true) }, "7 in 5-9"},
		{"click beside", func() { must(t, "hit", l.Click(4), false) }, "7 in 5-9"},
		{"taller", func() { l.Height = 8; l.To(l.Cursor) }, "7 in 2-10"},
		{"fewer", func() { l.Len = 3; l.To(l.Cursor) }, "2 in 0-3"},
		{"click below", func() { must(t, "hit", l.Click(3), false) }, "2 in 0-3"},
		{"none", func() { l.Len = 0; l.To(l.Cursor) }, "0 in 0-0"},
		{"no room", func() { l.Len, l.Height = 5, 0; l.To(3) }, "3 in 0-0"},
	} {
		c.do()
		must(t, c.what, state(), c.want)
	}
}

func TestListRandom(t *testing.T) {
	t.Parallel()
	r := seeded(10)
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
		a, b := l.Thumb()
		if a < 0 || b > l.Height || (a == b) != (l.Len <= l.Height || l.Height == 0) {
			t.Fatalf("thumb %d-%d of %+v", a, b, l)
		}
	}
}

func TestInput(t *testing.T) {
	t.Parallel()
	in := NewInput(plainTheme())
	in.Placeholder = "filter"
	in.Resize(8)
	must(t, "placeholder", tuitest.Plain(in.View()), "filter")
	in.Focus()
	must(t, "placeholder behind the cursor", tuitest.Plain(in.View()), " filter")
	key := func(k tea.KeyType) bool { return in.Update(tea.KeyMsg{Type: k}) }
	text := func(s string) bool { return in.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(s)}) }
	must(t, "typed", text("ab"), true)
	must(t, "blank", in.Update(tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}}), true)
	must(t, "wide", text("世\x1b"), true)
	must(t, "view", tuitest.Plain(in.View()), "ab 世␛")
	must(t, "move", key(tea.KeyLeft), false)
	key(tea.KeyBackspace)
	must(t, "backspace", in.Value(), "ab \x1b")
	key(tea.KeyDelete)
	must(t, "delete", in.Value(), "ab ")
	must(t, "nothing to delete", key(tea.KeyDelete), false)
	in.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("one\r\ntwo\tx"), Paste: true})
	must(t, "paste", in.Value(), "ab one two x")
	must(t, "the end is in sight", tuitest.Plain(in.View()), "e two x")
	key(tea.KeyCtrlW)
	must(t, "word", in.Value(), "ab one two ")
	key(tea.KeyCtrlLeft)
	key(tea.KeyCtrlK)
	must(t, "to the end", in.Value(), "ab one ")
	key(tea.KeyHome)
	must(t, "the beginning is in sight", tuitest.Plain(in.View()), "ab one")
	key(tea.KeyCtrlRight)
	key(tea.KeyCtrlU)
	must(t, "to the beginning", in.Value(), " one ")
	must(t, "alt is no text", in.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("q"), Alt: true}), false)
	must(t, "other keys", key(tea.KeyEsc), false)
	in.SetValue("pässword")
	in.Secret = true
	must(t, "secret", tuitest.Plain(in.View()), "•••••••")
}

func TestInputExact(t *testing.T) {
	t.Parallel()
	r := seeded(11)
	in := NewInput(plainTheme())
	keys := []tea.KeyType{
		tea.KeyLeft, tea.KeyRight, tea.KeyHome, tea.KeyEnd, tea.KeyBackspace, tea.KeyDelete, tea.KeyCtrlW, tea.KeyCtrlLeft,
		tea.KeyCtrlRight, tea.KeyCtrlU, tea.KeyCtrlK,
	}
	for range 1500 {
		switch r.IntN(6) {
		case 0:
			in.Update(tea.KeyMsg{Type: keys[r.IntN(len(keys))]})
		case 1:
			in.Resize(r.IntN(20))
		case 2:
			in.Focus()
		case 3:
			in.Blur()
		case 4:
			in.Update(tea.KeyMsg{Type: keys[r.IntN(6)]})
		default:
			in.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(pieces[r.IntN(len(pieces))])})
		}
		view := in.View()
		tuitest.Exact(t, view, in.width, min(1, in.width))
		if in.focused && in.width > 0 && !hasCursor(view) {
			t.Errorf("no cursor: %q", view)
		}
		if t.Failed() {
			t.Fatalf("%q, cursor %d", in.value, in.cursor)
		}
	}
}
