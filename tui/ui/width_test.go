package ui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// The short way counts as the library does.
func TestWidthOfNarrowCharacters(t *testing.T) {
	var all strings.Builder
	for r := rune(0x80); r < 0x30000; r++ {
		if !narrow(r) {
			continue
		}
		all.WriteRune(r)
		if got := ansi.StringWidth(string(r)); got != 1 {
			t.Errorf("%U takes %d cells", r, got)
		}
	}
	// Together they take as many cells: none joins with its neighbour.
	if s := all.String(); ansi.StringWidth(s) != Width(s) {
		t.Errorf("all of them take %d cells, not %d", ansi.StringWidth(s), Width(s))
	}
}

func FuzzWidth(f *testing.F) {
	for _, s := range []string{
		"", "plain", "\x1b[1;38;2;1;2;3mred\x1b[0m│─╮", "é e\u0301", "✓\ufe0f", "漢字", "\x1b]0;title\x07x", "\x1b[31", "\x1b[2Jx", "a\x00b", "\xff", "│\u0301", "🧑‍🤝‍🧑", "…→␊", "\x1b",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := Width(s), ansi.StringWidth(s); got != want {
			t.Errorf("Width(%q) = %d, want %d", s, got, want)
		}
	})
}

func BenchmarkWidth(b *testing.B) {
	for name, s := range map[string]string{
		"styled": "\x1b[38;2;73;83;97m│\x1b[0m " + strings.Repeat("a line of a body · ", 8) + "\x1b[38;2;73;83;97m│\x1b[0m",
		"wide":   strings.Repeat("漢字 é", 20),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_ = Width(s)
			}
		})
		b.Run(name+"/library", func(b *testing.B) {
			for b.Loop() {
				_ = ansi.StringWidth(s)
			}
		})
	}
}
