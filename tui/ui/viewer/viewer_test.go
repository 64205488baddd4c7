package viewer

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"countersign/tui/tuitest"
	"countersign/tui/ui"
)

var modes = []Mode{Text, JSON, Hex, Canonical}

func lines(s string) []string { return strings.Split(tuitest.Plain(s), "\n") }

func TestViewerExact(t *testing.T) {
	t.Parallel()
	r := tuitest.Seeded(4)
	for range 25 {
		v := New(plainTheme())
		v.SetContent(tuitest.Jumble(r, r.IntN(300)), modes[r.IntN(len(modes))])
		for range 12 {
			w, h := r.IntN(50), r.IntN(20)
			v.Resize(w, h)
			poke(v, r)
			tuitest.Exact(t, v.View(), w, h)
			if t.Failed() {
				t.Fatalf("mode %d, content %q", v.Mode(), v.Copy())
			}
		}
	}
}

// poke does something with a viewer.
func poke(v *Viewer, r *rand.Rand) {
	switch r.IntN(17) {
	case 0:
		v.Go(ui.Move{Pages: 1})
	case 1:
		v.Go(ui.Move{Pages: -1})
	case 2:
		v.Bottom()
	case 3:
		v.Top()
	case 4:
		v.ScrollBy(r.IntN(21) - 10)
	case 5:
		v.Search(tuitest.Pieces[r.IntN(len(tuitest.Pieces))])
	case 6:
		v.Next()
	case 7:
		v.Prev()
	case 8:
		v.SetWrap(!v.Wrap())
	case 9:
		v.ScrollX(r.IntN(41) - 20)
	case 10:
		v.SetContent(v.Copy(), modes[r.IntN(len(modes))])
	case 11:
		v.Step(r.IntN(21) - 10)
	case 12:
		v.SetCursor(r.IntN(2) == 0)
	case 13:
		v.Click(r.IntN(20))
	case 14:
		v.ScrollBy((1 - 2*r.IntN(2)) * max(1, v.h/2))
	case 15:
		v.ScrollBy(3 * (r.IntN(5) - 2))
	case 16:
		v.SetLineNumbers(r.IntN(2) == 0)
	}
}

// However it is scrolled, the rows are those of the whole content.
func TestViewerScrollsThroughTheSameRows(t *testing.T) {
	t.Parallel()
	r := tuitest.Seeded(5)
	for range 12 {
		content := tuitest.Jumble(r, 1+r.IntN(400))
		w, h := 1+r.IntN(40), 1+r.IntN(12)
		all := New(plainTheme())
		all.SetContent(content, Text)
		all.Resize(w, 8_000)
		_, more := all.rows.Move(0, 8_000)
		whole := strings.Split(all.View(), "\n")[:more+1]

		v := New(plainTheme())
		v.SetContent(content, Text)
		v.Resize(w, h)
		at, last := 0, max(0, len(whole)-h)
		for range 60 {
			n := r.IntN(15) - 7
			v.ScrollBy(n)
			at = max(0, min(at+n, last))
			got := strings.Split(v.View(), "\n")
			for i := range min(h, len(whole)-at) {
				if ansi.Strip(got[i]) != ansi.Strip(whole[at+i]) {
					t.Fatalf("%q at %d x %d: row %d is %q, not %q", content, w, h, at+i, got[i], whole[at+i])
				}
			}
		}
		v.Bottom()
		tuitest.Must(t, "bottom", ansi.Strip(strings.Split(v.View(), "\n")[min(h, len(whole))-1]), ansi.Strip(whole[len(whole)-1]))
	}
}

func TestViewerModes(t *testing.T) {
	t.Parallel()
	body := []byte("{\"a\": \"b\x1b\",\r\n\t\"n\": 12}\n")
	for mode, want := range map[Mode]string{
		Text:      "  1 {\"a\": \"b␛\",␍\n  2 →   \"n\": 12}\n",
		JSON:      "  1 {\"a\": \"b␛\",␍\n  2 →   \"n\": 12}\n",
		Canonical: "  1 {\"a\":·\"b␛\",␍␊\n  2 ␉\"n\":·12}␊\n",
		Hex: "00000000  7b 22 61 22 3a 20 22 62  1b 22 2c 0d 0a 09 22 6e  {\"a\": \"b·\",···\"n\n" +
			"00000010  22 3a 20 31 32 7d 0a                              \": 12}·\n",
	} {
		v := New(plainTheme())
		v.SetContent(body, mode)
		v.Resize(80, 3)
		tuitest.Must(t, fmt.Sprint(mode), tuitest.Plain(v.View()), want)
	}
}

// An LF is drawn even behind a row that is full.
func TestViewerCanonicalFullRow(t *testing.T) {
	t.Parallel()
	for n := range 40 {
		v := New(plainTheme())
		v.SetContent([]byte(strings.Repeat("x", n)+"\ny"), Canonical)
		v.Resize(10, 20)
		tuitest.Must(t, fmt.Sprint(n), strings.Count(v.View(), "␊"), 1)
	}
}

func TestViewerPretty(t *testing.T) {
	t.Parallel()
	v := New(plainTheme())
	compact := []byte(`{"result":{"resultStatus":"S"},"e":[],"o":{ },"n":[1,2.0]}`)
	v.SetContent(compact, JSON)
	v.Resize(40, 12)
	tuitest.Must(t, "indented", v.Indented(), true)
	tuitest.Must(t, "copy", string(v.Copy()), string(compact))
	tuitest.Must(t, "view", tuitest.Plain(v.View()), `  1 {
  2   "result": {
  3     "resultStatus": "S"
  4   },
  5   "e": [],
  6   "o": {},
  7   "n": [
  8     1,
  9     2.0
 10   ]
 11 }
`)
	v.SetContent([]byte("{\n\"as\":  \"received\"}"), JSON)
	tuitest.Must(t, "with line ends", v.Indented(), false)
	v.SetContent([]byte(`{"cut":`), JSON)
	tuitest.Must(t, "not JSON", v.Indented(), false)

	large := []byte(`["` + strings.Repeat("x", prettyAtOnce) + `",1]`)
	v.SetContent(large, JSON)
	work := v.Work()
	v.Search("x\",1")
	tuitest.Must(t, "matches before", fmt.Sprint(v.Counting(), v.Found()), "truesearching…")
	v.Update(work())
	tuitest.Must(t, "large, then", v.Indented(), true)
	tuitest.Must(t, "lines", v.Total(), 4)
	tuitest.Must(t, "search goes on", v.find.Typed, "x\",1")
	v.SetContent(large, JSON)
	late := v.Work()()
	v.SetContent([]byte("other"), JSON)
	v.Update(late)
	tuitest.Must(t, "a late answer", string(v.text.B), "other")
}

func TestPretty(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "{", "{]", `{"a":1,}`, "nul"} {
		if _, ok := Pretty([]byte(bad)); ok {
			t.Errorf("%q is indented", bad)
		}
	}
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	out, ok := Pretty([]byte(deep))
	if !ok || len(out) > 20*len(deep)+prettySpare {
		t.Errorf("deep nesting: %v, %d bytes", ok, len(out))
	}
	wide := strings.Repeat("[", 100) + strings.Repeat("1,", 200<<10) + "1" + strings.Repeat("]", 100)
	if out, ok := Pretty([]byte(wide)); ok {
		t.Errorf("%d bytes grew to %d", len(wide), len(out))
	}
}

func FuzzPretty(f *testing.F) {
	for _, s := range []string{`{"a":[1,2,{"b":null}],"c":"\"\\"}`, ` [ ] `, `{ "x" : "\u00e9" }`, `1`, `""`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		out, ok := Pretty(in)
		if !ok {
			return
		}
		// Only blanks outside of strings differ.
		if got, want := squeeze(out), squeeze(in); !bytes.Equal(got, want) {
			t.Fatalf("%q became %q", in, out)
		}
	})
}

// squeeze takes the blanks out that are not in strings.
func squeeze(b []byte) []byte {
	var out []byte
	inside := false
	for i, c := range b {
		if c == '"' && (!inside || (i-len(bytes.TrimRight(b[:i], `\`)))%2 == 0) {
			inside = !inside
		}
		if inside || bytes.IndexByte([]byte(" \t\r\n"), c) < 0 {
			out = append(out, c)
		}
	}
	return out
}

func TestViewerSearch(t *testing.T) {
	t.Parallel()
	v := New(plainTheme())
	v.SetContent([]byte(strings.Repeat("line with Foo\n", 50)+"last foo and aaaa"), Text)
	v.Resize(30, 5)
	tuitest.Must(t, "folded", v.Search("foo"), 51)
	tuitest.Must(t, "exact", v.Search("Foo"), 50)
	tuitest.Must(t, "overlapping", v.Search("aa"), 3)
	tuitest.Must(t, "none", v.Search("zzz"), 0)
	tuitest.Must(t, "ended", v.Search(""), 0)

	v.Top()
	v.Search("foo")
	tuitest.Must(t, "line of the first", cursorLine(v), 1)
	v.Prev()
	now, of := v.Matches()
	tuitest.Must(t, "before the first is the last", fmt.Sprint(now, of, cursorLine(v)), "51 51 51")
	v.Next()
	now, _ = v.Matches()
	tuitest.Must(t, "after the last is the first", fmt.Sprint(now, cursorLine(v)), "1 1")
	for want := 2; want <= 51; want++ {
		v.Next()
		now, _ = v.Matches()
		tuitest.Must(t, "next", now, want)
		tuitest.Must(t, "its line", cursorLine(v), want)
		if !strings.Contains(tuitest.Plain(v.View()), fmt.Sprintf("%3d l", want)) {
			t.Fatalf("match %d is not on the screen:\n%s", want, v.View())
		}
	}
	for want := 50; want >= 1; want-- {
		v.Prev()
		now, _ = v.Matches()
		tuitest.Must(t, "prev", now, want)
		tuitest.Must(t, "its line", cursorLine(v), want)
	}

	v.SetContent(v.Copy(), Hex)
	tuitest.Must(t, "bytes", v.Search("0x466f6f"), 50)
	tuitest.Must(t, "spaced bytes", v.Search("46 6f 6f"), 50)
}

func TestViewerPosition(t *testing.T) {
	t.Parallel()
	v := New(plainTheme())
	v.Resize(20, 4)
	tuitest.Must(t, "empty", v.Position(), "")
	v.SetContent([]byte("a\nb\n"), Text)
	tuitest.Must(t, "small", v.Position(), "all")
	v.SetContent([]byte(strings.Repeat("x\n", 100)), Text)
	tuitest.Must(t, "top", v.Position(), "1/100 0%")
	v.Bottom()
	tuitest.Must(t, "bottom", v.Position(), "97/100 100%")
	tuitest.Must(t, "last line", lines(v.View())[3], "100 x")
	v.Top()
	v.Step(49)
	tuitest.Must(t, "cursor", cursorLine(v), 50)
	v.SetContent(v.Copy(), Hex)
	v.Resize(80, 4)
	tuitest.Must(t, "hex rows", v.Total(), 13)
}

func TestViewerHorizontal(t *testing.T) {
	t.Parallel()
	v := New(plainTheme())
	v.SetLineNumbers(false)
	v.SetWrap(false)
	v.SetContent([]byte("0123456789世界\nab"), Text)
	v.Resize(6, 2)
	tuitest.Must(t, "left", tuitest.Plain(v.View()), "012345\nab")
	v.ScrollX(9)
	tuitest.Must(t, "right", tuitest.Plain(v.View()), "9世界\n")
	v.ScrollX(2)
	tuitest.Must(t, "half of a wide one is blank", tuitest.Plain(v.View()), " 界\n")
	v.ScrollX(-100)
	tuitest.Must(t, "back", tuitest.Plain(v.View()), "012345\nab")
	tuitest.Must(t, "far match", v.Search("界"), 1)
	if !strings.Contains(v.View(), "界") {
		t.Errorf("the match is not in sight: %q", v.View())
	}
}

// A line of some megabytes is wrapped without seams, up and down.
func TestViewerLongLine(t *testing.T) {
	t.Parallel()
	var body []byte
	for i := range 60_000 {
		body = fmt.Appendf(body, "%09d,", i)
	}
	v := New(plainTheme())
	v.SetLineNumbers(false)
	v.SetContent(body, Text)
	v.Resize(70, 20)
	row := 0
	check := func(what string) {
		t.Helper()
		for i, line := range lines(v.View()) {
			if want := string(body[(row+i)*70 : min((row+i+1)*70, len(body))]); line != want {
				t.Fatalf("%s: row %d is %q, not %q", what, row+i, line, want)
			}
		}
	}
	for range 25 {
		check("down")
		v.Go(ui.Move{Pages: 1})
		row += 19
	}
	for range 25 {
		check("up")
		v.Go(ui.Move{Pages: -1})
		row -= 19
	}
	v.Bottom()
	row = (len(body)+69)/70 - 20
	check("bottom")
	v.ScrollBy(-100)
	row -= 100
	check("up from the bottom")
	tuitest.Must(t, "a match far away", v.Search("000044444,"), 1)
	if !strings.Contains(strings.ReplaceAll(tuitest.Plain(v.View()), "\n", ""), "000044444,") {
		t.Error("the match is not on the screen")
	}
}

func TestViewerColours(t *testing.T) {
	t.Parallel()
	theme := colourTheme()
	v := New(theme)
	v.SetLineNumbers(false)
	v.SetContent([]byte("{\"key\": \"va\\\"l\",\n\"n\": -1.5, \"t\": true,\n\"e\x1b\": 0}"), JSON)
	v.Resize(40, 3)
	view := v.View()
	for _, want := range []string{
		theme.JSONKey.Render(`"key"`), theme.JSONString.Render(`"va\"l"`), theme.JSONNumber.Render("-1.5"),
		theme.JSONLiteral.Render("true"), theme.Invisible.Render("␛"),
	} {
		if !strings.Contains(view, want) {
			t.Errorf("no %q in %q", want, view)
		}
	}
	v.Search("va")
	if want := theme.MatchCurrent.Render("va"); !strings.Contains(v.View(), want) {
		t.Errorf("no %q in %q", want, v.View())
	}
}

func plainTheme() *ui.Theme { return ui.NewTheme(ui.ThemeDark, termenv.Ascii) }

func colourTheme() *ui.Theme { return ui.NewTheme(ui.ThemeDark, termenv.TrueColor) }

func cursorLine(v *Viewer) int { return v.lineNumber(v.cursor) }
