package ui

import (
	"strings"
	"testing"

	"countersign/tui/tuitest"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"
)

// A line of text shows its cursor wherever it goes, with wide and joined
// characters too.
func TestLongInputShowsItsCursor(t *testing.T) {
	t.Parallel()
	for _, piece := range []string{"abc ", "漢字", "👩\u200d👩\u200d👧", "e\u0301\u0302x"} {
		in := NewInput(NewTheme(ThemeDark, termenv.ANSI256))
		in.Resize(20)
		in.Focus()
		in.SetValue(strings.Repeat(piece, 400))
		for _, key := range []tea.KeyType{tea.KeyEnd, tea.KeyLeft, tea.KeyLeft, tea.KeyCtrlLeft, tea.KeyHome, tea.KeyRight} {
			in.Update(tea.KeyMsg{Type: key})
			view := in.View()
			if Width(view) != 20 || !strings.Contains(view, in.theme.Cursor.Render("x")[:4]) {
				t.Errorf("%q after %v: %q", piece, key, view)
			}
		}
	}
}

// A frame and a key cost the same, however much was pasted.
func BenchmarkLongInput(b *testing.B) {
	for name, text := range map[string]string{"short": "payments", "1MB": strings.Repeat(`"k": "漢字 v", `, 60_000)} {
		b.Run(name, func(b *testing.B) {
			in := NewInput(NewTheme(ThemeDark, termenv.Ascii))
			in.Resize(60)
			in.Focus()
			in.SetValue(text)
			b.ResetTimer()
			for range b.N {
				in.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("x")})
				in.View()
				in.Update(tea.KeyMsg{Type: tea.KeyBackspace})
				in.View()
			}
		})
	}
}

// What is selected is replaced by what is typed, pasted or deleted next.
func TestInputSelection(t *testing.T) {
	t.Parallel()
	key := func(k tea.KeyType) tea.KeyMsg { return tea.KeyMsg{Type: k} }
	text := func(s string) tea.KeyMsg { return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(s)} }
	paste := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("new\nline"), Paste: true}
	all := key(tea.KeyCtrlA)
	for name, c := range map[string]struct {
		keys    []tea.KeyMsg
		want    string
		changed bool // by the last key
	}{
		"all, pasted over":      {[]tea.KeyMsg{all, paste}, "new line", true},
		"all, typed over":       {[]tea.KeyMsg{all, text("x")}, "x", true},
		"as long as it was":     {[]tea.KeyMsg{all, text("漢字 bcd")}, "漢字 bcd", true},
		"all, deleted":          {[]tea.KeyMsg{all, key(tea.KeyBackspace)}, "", true},
		"all, by ctrl+w":        {[]tea.KeyMsg{all, key(tea.KeyCtrlW)}, "", true},
		"all, then left":        {[]tea.KeyMsg{all, key(tea.KeyLeft), text("x")}, "x漢字 abc", true},
		"all, then right":       {[]tea.KeyMsg{all, key(tea.KeyRight), text("x")}, "漢字 abcx", true},
		"all, then end":         {[]tea.KeyMsg{all, key(tea.KeyEnd), text("x")}, "漢字 abcx", true},
		"from the start":        {[]tea.KeyMsg{key(tea.KeyHome), key(tea.KeyShiftRight), paste}, "new line字 abc", true},
		"a word back":           {[]tea.KeyMsg{key(tea.KeyCtrlShiftLeft), text("x")}, "漢字 x", true},
		"to the start":          {[]tea.KeyMsg{key(tea.KeyLeft), key(tea.KeyShiftHome), key(tea.KeyDelete)}, "c", true},
		"no change":             {[]tea.KeyMsg{all}, "漢字 abc", false},
		"nothing to delete":     {[]tea.KeyMsg{key(tea.KeyDelete)}, "漢字 abc", false},
		"once replaced, typing": {[]tea.KeyMsg{all, text("x"), text("y")}, "xy", true},
	} {
		in := NewInput(NewTheme(ThemeDark, termenv.Ascii))
		in.Resize(20)
		in.Focus()
		in.SetValue("漢字 abc")
		changed := false
		for _, k := range c.keys {
			changed = in.Update(k)
			if Width(in.View()) != 20 {
				t.Errorf("%s: the view is %d wide", name, Width(in.View()))
			}
		}
		if in.Value() != c.want || changed != c.changed {
			t.Errorf("%s: %q, changed %v", name, in.Value(), changed)
		}
	}
}

// A new text has no selection left.
func TestInputSelectionEndsWithItsText(t *testing.T) {
	t.Parallel()
	in := NewInput(NewTheme(ThemeDark, termenv.Ascii))
	in.SetValue("abc")
	in.SelectAll()
	in.SetValue("other")
	in.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("x")})
	if in.Value() != "otherx" {
		t.Errorf("it is %q", in.Value())
	}
}

func TestInput(t *testing.T) {
	t.Parallel()
	in := NewInput(plainTheme())
	in.Placeholder = "filter"
	in.Resize(8)
	tuitest.Must(t, "placeholder", tuitest.Plain(in.View()), "filter")
	in.Focus()
	tuitest.Must(t, "placeholder behind the cursor", tuitest.Plain(in.View()), " filter")
	key := func(k tea.KeyType) bool { return in.Update(tea.KeyMsg{Type: k}) }
	text := func(s string) bool { return in.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(s)}) }
	tuitest.Must(t, "typed", text("ab"), true)
	tuitest.Must(t, "blank", in.Update(tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}}), true)
	tuitest.Must(t, "wide", text("世\x1b"), true)
	tuitest.Must(t, "view", tuitest.Plain(in.View()), "ab 世␛")
	tuitest.Must(t, "move", key(tea.KeyLeft), false)
	key(tea.KeyBackspace)
	tuitest.Must(t, "backspace", in.Value(), "ab \x1b")
	key(tea.KeyDelete)
	tuitest.Must(t, "delete", in.Value(), "ab ")
	tuitest.Must(t, "nothing to delete", key(tea.KeyDelete), false)
	in.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("one\r\ntwo\tx"), Paste: true})
	tuitest.Must(t, "paste", in.Value(), "ab one two x")
	tuitest.Must(t, "the end is in sight", tuitest.Plain(in.View()), "e two x")
	key(tea.KeyCtrlW)
	tuitest.Must(t, "word", in.Value(), "ab one two ")
	key(tea.KeyCtrlLeft)
	key(tea.KeyCtrlK)
	tuitest.Must(t, "to the end", in.Value(), "ab one ")
	key(tea.KeyHome)
	tuitest.Must(t, "the beginning is in sight", tuitest.Plain(in.View()), "ab one")
	key(tea.KeyCtrlRight)
	key(tea.KeyCtrlU)
	tuitest.Must(t, "to the beginning", in.Value(), " one ")
	tuitest.Must(t, "alt is no text", in.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("q"), Alt: true}), false)
	tuitest.Must(t, "other keys", key(tea.KeyEsc), false)
	in.SetValue("pässword")
	in.Secret = true
	tuitest.Must(t, "secret", tuitest.Plain(in.View()), "•••••••")
}

func TestInputExact(t *testing.T) {
	t.Parallel()
	r := tuitest.Seeded(11)
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
			in.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(tuitest.Pieces[r.IntN(len(tuitest.Pieces))])})
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
