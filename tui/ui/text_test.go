package ui

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"countersign/tui/tuitest"
	"countersign/tui/ui/glyph"
)

func TestSafe(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain text ~":       "plain text ~",
		"é ü 世界 한글 ก า":      "é ü 世界 한글 ก า",
		"\x00\x1b[31m\x7f":   "␀␛[31m␡",
		"a\tb\nc\rd":         "a␉b␊c␍d",
		"\u0085\u009b31m":    "‹U+0085›‹U+009B›31m",
		"a\u202eb\u2066c":    "a‹U+202E›b‹U+2066›c",
		"a\u200bb\ufeff":     "a‹U+200B›b‹U+FEFF›",
		"a\u00adb\u00a0c":    "a‹U+00AD›b‹U+00A0›c",
		"a\u2028b\u2029":     "a‹U+2028›b‹U+2029›",
		"\xff\xc3(":          "‹FF›‹C3›(",
		"e\u0301":            "e\u0301",
		"\u0301x":            "◌\u0301x",
		"\u0378\ue000":       "‹U+0378›‹U+E000›",
		"\U000e0041":         "‹U+E0041›",
		"👍":                  "👍",
		"👍🏽":                 "👍‹U+1F3FD›",
		"❤\ufe0f":            "❤‹U+FE0F›",
		"👩\u200d👧":           "👩‹U+200D›👧",
		"กำ":                 "ก\u0e4d\u0e32",
		"\u3164\u115f\u2800": "‹U+3164›‹U+115F›‹U+2800›",
		"\u3000":             "\u3000",
	} {
		tuitest.Must(t, strings.ToValidUTF8(in, "?"), Safe(in), want)
		tuitest.Must(t, "bytes", SafeBytes([]byte(in)), want)
	}
}

func FuzzSafe(f *testing.F) {
	for _, p := range tuitest.Pieces {
		f.Add([]byte(p), []byte("a"))
		f.Add([]byte("x"), []byte(p))
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		in := append(append([]byte{}, a...), b...)
		checkSafe(t, in)
	})
}

func checkSafe(t *testing.T, in []byte) {
	t.Helper()
	s := SafeBytes(in)
	if !utf8.ValidString(s) {
		t.Fatalf("%q: not UTF-8: %q", in, s)
	}
	for _, r := range s {
		if r < 0x20 || r >= 0x7f && r < 0xa0 || glyph.NeedsSymbol(r) {
			t.Fatalf("%q: %U is left in %q", in, r, s)
		}
	}
	if ansi.Strip(s) != s {
		t.Fatalf("%q: an escape sequence is left in %q", in, s)
	}
	if g, wc := ansi.StringWidth(s), ansi.StringWidthWc(s); g != wc {
		t.Fatalf("%q: %d cells by clusters, %d by code points: %q", in, g, wc, s)
	}
	sum, used := 0, 0
	for used < len(in) {
		g := glyph.Next(in[used:])
		if g.Bytes < 1 || g.Cells < 1 {
			t.Fatalf("%q: a glyph of %d bytes and %d cells", in, g.Bytes, g.Cells)
		}
		used += g.Bytes
		sum += g.Cells
	}
	if used != len(in) || sum != Width(s) {
		t.Fatalf("%q: glyphs have %d bytes, %d cells; drawn %d: %q", in, used, sum, Width(s), s)
	}
	if again := Safe(s); Width(again) != Width(s) {
		t.Fatalf("%q: not stable: %q, %q", in, s, again)
	}
}

func TestSafeRandom(t *testing.T) {
	t.Parallel()
	r := tuitest.Seeded(1)
	for range 1000 {
		checkSafe(t, tuitest.Jumble(r, 1+r.IntN(12)))
	}
}

func TestCanonical(t *testing.T) {
	t.Parallel()
	tuitest.Must(t, "spaces drawn", Canonical([]byte("POST /a\nid.1.{ }\r\n\t"), true), "POST·/a␊id.1.{·}␍␊␉")
	tuitest.Must(t, "spaces kept", Canonical([]byte("POST /a\n"), false), "POST /a␊")
}

func TestTruncate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		do   func(string, int) string
		in   string
		w    int
		want string
	}{
		{Truncate, "hello", 5, "hello"},
		{Truncate, "hello", 4, "hel…"},
		{Truncate, "hello", 1, "…"},
		{Truncate, "hello", 0, ""},
		{Truncate, "世界人", 5, "世界…"},
		{Truncate, "世界人", 4, "世…"},
		{Truncate, "\x1b[31mhello\x1b[0m", 3, "\x1b[31mhe…\x1b[0m"},
		{TruncateLeft, "hello", 4, "…llo"},
		{TruncateLeft, "世界人", 4, "…人"},
		{TruncateLeft, "\x1b[31mhello\x1b[0m", 3, "\x1b[31m…lo\x1b[0m"},
		{TruncateMiddle, "2188120000000042", 9, "2188…0042"},
		{TruncateMiddle, "abcdef", 6, "abcdef"},
		{TruncateMiddle, "abcdef", 2, "a…"},
		{Fit, "ab", 4, "ab  "},
		{Fit, "世界人", 4, "世… "},
	} {
		tuitest.Must(t, c.in, c.do(c.in, c.w), c.want)
	}
}

func TestCells(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in       string
		from, to int
		want     string
	}{
		{"hello", 1, 4, "ell"},
		{"hello", 3, 8, "lo   "},
		{"hello", 7, 9, "  "},
		{"hello", 2, 2, ""},
		{"a世界b", 2, 4, "  "},
		{"a世界b", 1, 4, "世 "},
		{"a世界b", 2, 6, " 界b"},
		{"\x1b[31mred\x1b[0m", 1, 2, "\x1b[31me\x1b[0m"},
	} {
		tuitest.Must(t, c.in, Cells(c.in, c.from, c.to), c.want)
	}
}

func TestFitExact(t *testing.T) {
	t.Parallel()
	r := tuitest.Seeded(2)
	style := colourTheme().Bad
	for range 600 {
		s := SafeBytes(tuitest.Jumble(r, r.IntN(10)))
		if r.IntN(2) == 0 {
			s = style.Render(s) + SafeBytes(tuitest.Jumble(r, r.IntN(4)))
		}
		w := r.IntN(30)
		tuitest.Must(t, s, Width(Fit(s, w)), w)
		from := r.IntN(30)
		tuitest.Must(t, s, Width(Cells(s, from, from+w)), w)
		for _, cut := range []string{Truncate(s, w), TruncateLeft(s, w), TruncateMiddle(s, w)} {
			if Width(cut) > w {
				t.Errorf("%q has more than %d cells", cut, w)
			}
		}
	}
}

func TestRender(t *testing.T) {
	t.Parallel()
	theme := plainTheme()
	spans := []Span{{"a\x1b", theme.Text}, {"", theme.Text}, {"世界", theme.Muted}}
	for w, want := range map[int]string{0: "", 1: "…", 2: "a…", 3: "a␛…", 4: "a␛… ", 5: "a␛世…", 6: "a␛世界", 8: "a␛世界  "} {
		tuitest.Must(t, want, ansi.Strip(Render(spans, w)), want)
	}
	r := tuitest.Seeded(3)
	for range 500 {
		spans := make([]Span, r.IntN(5))
		for i := range spans {
			spans[i] = Span{string(tuitest.Jumble(r, r.IntN(6))), theme.Bad}
		}
		w := r.IntN(40)
		tuitest.Must(t, "width", Width(Render(spans, w)), w)
	}
}

func TestProseShowsThatThereIsMore(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "", 1: "one two …", 2: "one two|three fou…", 3: "one two|three four|five"} {
		if got := strings.Join(Prose(Style{}, "one two three four five", 10, n), "|"); got != want {
			t.Errorf("%d lines: %q, want %q", n, got, want)
		}
	}
}

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
