package glyph

import "testing"

// What is drawn without asking for its width is drawn as if it were asked.
func TestGlyphsOfKnownWidth(t *testing.T) {
	t.Parallel()
	known := 0
	for r := rune(0x80); r < 0x20000; r++ {
		if !isLine(r) && !isIdeograph(r) {
			continue
		}
		known++
		for _, rest := range []string{"", "a", "é", "中", "→", "─"} {
			text := []byte(string(r) + rest)
			if got, want := Next(text), clusterGlyph(text); got != want {
				t.Fatalf("%U before %q is drawn as %+v, want %+v", r, rest, got, want)
			}
		}
		// A mark makes another glyph of it.
		for _, mark := range []string{"\ufe0f", "\u0301", "\u200d👩"} {
			text := []byte(string(r) + mark)
			if got, want := Next(text), clusterGlyph(text); got != want {
				t.Fatalf("%U before the mark %q is drawn as %+v, want %+v", r, mark, got, want)
			}
		}
	}
	if known < 20000 {
		t.Errorf("only %d characters of known width", known)
	}
}
