package ui

import (
	"math/rand/v2"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/muesli/termenv"
)

// The glyph before a place is the same, however much of the text is looked at.
func TestGlyphBeforeIsThatOfTheWholeText(t *testing.T) {
	t.Parallel()
	pieces := []string{"a", " ", "\r\n", "漢", "か", "e\u0301", "\u0301", "👩\u200d👩\u200d👧", "🏳️\u200d🌈", "🇩🇪", "\u0600", "\x80", "\xf0\x9f", "각", "\u200b", "\u202e", "ก็", "→", "é", "\x00"}
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		var text strings.Builder
		for range r.IntN(30) {
			text.WriteString(pieces[r.IntN(len(pieces))])
		}
		b := []byte(text.String())
		starts := map[int]bool{}
		for at := 0; at < len(b); at += nextGlyph(b[at:]).bytes {
			starts[at] = true
		}
		want := 0
		for at := 0; at <= len(b); at++ {
			if got := glyphBefore(b, at); got != want {
				t.Fatalf("before %d of %q: %d, not %d", at, b, got, want)
			}
			if starts[at] {
				want = at
			}
		}
	}
}

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
