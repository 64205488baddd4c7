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
