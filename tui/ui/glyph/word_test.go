package glyph

import (
	"math/rand/v2"
	"strings"
	"testing"
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
		for at := 0; at < len(b); at += Next(b[at:]).Bytes {
			starts[at] = true
		}
		want := 0
		for at := 0; at <= len(b); at++ {
			if got := Before(b, at); got != want {
				t.Fatalf("before %d of %q: %d, not %d", at, b, got, want)
			}
			if starts[at] {
				want = at
			}
		}
	}
}
