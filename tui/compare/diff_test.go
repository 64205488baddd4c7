package compare

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"countersign/apiclient/compare"
	"countersign/tui/ui"
)

// lineEnds cuts a text at its line ends.
func lineEnds(b []byte) []int {
	var ends []int
	for i, c := range b {
		if c == '\n' || i == len(b)-1 {
			ends = append(ends, i+1)
		}
	}
	return ends
}

// paired makes a section of two texts line by line: those of the same number
// belong together.
func paired(a, b string) section {
	s := section{Title: "text", Says: "differs", A: newText([]byte(a), lineEnds([]byte(a))), B: newText([]byte(b), lineEnds([]byte(b)))}
	na, nb := len(s.A.ends), len(s.B.ends)
	for i := range min(na, nb) {
		x, y := s.A.piece(i), s.B.piece(i)
		same := bytes.Equal(s.A.doc.B[x.Start:x.End], s.B.doc.B[y.Start:y.End])
		if n := len(s.Chunks); same && n > 0 && s.Chunks[n-1].Same {
			s.Chunks[n-1].A1, s.Chunks[n-1].B1 = i+1, i+1
			continue
		}
		c := compare.Chunk{A0: i, A1: i + 1, B0: i, B1: i + 1, Same: same}
		if !same {
			c.Edits = []compare.Edit{{A: compare.Range{From: x.Start, To: x.Start + 1}, B: compare.Range{From: y.Start, To: y.Start + 1}}}
		}
		s.Chunks = append(s.Chunks, c)
	}
	if n := min(na, nb); n < max(na, nb) {
		s.Chunks = append(s.Chunks, compare.Chunk{A0: n, A1: na, B0: n, B1: nb})
	}
	return s
}

// exact fails the test unless the view draws its size and nothing that a
// terminal obeys.
func exactDiff(t testing.TB, v *diff) {
	t.Helper()
	view := v.View()
	if v.w <= 0 || v.h <= 0 {
		if view != "" {
			t.Errorf("drawn into nothing: %q", view)
		}
		return
	}
	lines := strings.Split(view, "\n")
	if len(lines) != v.h {
		t.Fatalf("%d lines, not %d", len(lines), v.h)
	}
	for i, l := range lines {
		if w := ansi.StringWidth(l); w != v.w {
			t.Fatalf("line %d has %d cells, not %d: %q", i, w, v.w, l)
		}
		for _, r := range ansi.Strip(l) {
			if r < 0x20 || r >= 0x7f && r < 0xa0 {
				t.Fatalf("line %d has %U", i, r)
			}
		}
	}
}

func numbered(n int, change func(i int) string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "line %d%s\n", i, change(i))
	}
	return b.String()
}

func TestDiffViewJumps(t *testing.T) {
	t.Parallel()
	every := func(k int) func(int) string {
		return func(i int) string { return map[bool]string{true: " changed"}[i%k == k-1] }
	}
	for _, w := range []int{60, 120} {
		v := newDiff(ui.NewTheme(ui.ThemeDark, termenv.TrueColor))
		v.Resize(w, 20)
		v.SetSections([]section{paired(numbered(1000, every(2000)), numbered(1000, every(100))), paired("a\n", "b\n")})
		if at, n := v.Place(); at != 0 || n != 11 {
			t.Fatalf("place %d of %d", at, n)
		}
		for i := 1; i <= 11; i++ {
			v.Step(1)
			exactDiff(t, v)
			want := fmt.Sprintf("line %d", i*100-1)
			if i == 11 {
				want = "b"
			}
			if at, _ := v.Place(); at != i || !strings.Contains(strings.ReplaceAll(ansi.Strip(v.View()), "·", " "), want) {
				t.Errorf("at %d: no %q in\n%s", at, want, ansi.Strip(v.View()))
			}
		}
		v.Step(1)
		if at, _ := v.Place(); at != 1 {
			t.Errorf("after the last comes %d", at)
		}
		v.Go(ui.Move{End: 1})
		v.Step(-1)
		if at, _ := v.Place(); at < 9 {
			t.Errorf("from the end back is %d", at)
		}
		v.SetFolded(true)
		if v.entries > 11*12 {
			t.Errorf("folded it has %d entries", v.entries)
		}
		exactDiff(t, v)
		v.Go(ui.Move{End: -1})
		if !strings.Contains(ansi.Strip(v.View()), "equal lines ⋯") {
			t.Errorf("nothing is folded:\n%s", ansi.Strip(v.View()))
		}
	}
}

// TestDiffViewShowsEverything: scrolled from the start to the end, each piece
// is met, and as many rows as were counted.
func TestDiffViewShowsEverything(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("0123456789", 50)
	v := newDiff(ui.NewTheme(ui.ThemeDark, termenv.TrueColor))
	v.SetSections([]section{paired(numbered(30, func(i int) string { return long[:i*10] }), numbered(31, func(i int) string { return long[:i*11] }))})
	for _, w := range []int{20, 89, 90, 200} {
		v.Resize(w, 7)
		v.Go(ui.Move{End: -1})
		rows := 0
		for e := range v.entries {
			rows += v.rowsOf(e)
			if n := len(v.draw(e)); n != v.rowsOf(e) {
				t.Fatalf("entry %d draws %d rows and counts %d", e, n, v.rowsOf(e))
			}
		}
		steps := 0
		for v.top != v.lastTop() {
			v.ScrollBy(1)
			exactDiff(t, v)
			steps++
		}
		if steps != rows-7 {
			t.Errorf("width %d: %d steps for %d rows", w, steps, rows)
		}
		v.ScrollBy(-steps)
		if v.top != (diffTop{}) {
			t.Errorf("width %d: back at %+v", w, v.top)
		}
	}
}

// TestDiffViewShowsLineEnds: that a text lacks its last line end is seen.
func TestDiffViewShowsLineEnds(t *testing.T) {
	t.Parallel()
	v := newDiff(ui.NewTheme(ui.ThemeDark, termenv.TrueColor))
	v.Resize(100, 5)
	v.SetSections([]section{paired("a\r\n", "a")})
	if line := ansi.Strip(strings.Split(v.View(), "\n")[1]); strings.Count(line, "␊") != 1 || !strings.Contains(line, "a␍␊") {
		t.Errorf("%q", line)
	}
}

func FuzzDiffView(f *testing.F) {
	f.Add("a\nb\n", "a\nc", uint16(1))
	f.Add("\x1b[2J\x9b\u202e\n", "\xff\xfe\t世界", uint16(7))
	f.Add(strings.Repeat("👩‍👩‍👧", 90), strings.Repeat("e\u0301", 99)+"\r\n", uint16(99))
	f.Fuzz(func(t *testing.T, a, b string, seed uint16) {
		r := rand.New(rand.NewPCG(uint64(seed), 1)) //nolint:gosec // a test
		v := newDiff(ui.NewTheme(ui.ThemeDark, termenv.TrueColor))
		s := paired(a, b)
		s.Note = b
		v.SetSections([]section{s, paired(b, a)})
		for range 30 {
			switch r.IntN(10) {
			case 0:
				v.Resize(r.IntN(130), r.IntN(20))
			case 1:
				v.SetFolded(!v.folded)
			case 2:
				v.Step(1)
			case 3:
				v.Step(-1)
			case 4:
				v.ScrollBy(r.IntN(9) - 4)
			case 5:
				v.Go(ui.Move{End: 1})
			case 6:
				v.Go(ui.Move{Pages: -1})
			case 7:
				v.Go(ui.Move{Pages: 1})
			case 8:
				v.Go(ui.Move{End: -1})
			}
			exactDiff(t, v)
			v.Percent()
		}
	})
}
