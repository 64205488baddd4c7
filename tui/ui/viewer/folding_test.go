package viewer

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"countersign/tui/ui"
	"countersign/tui/ui/rows"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/tuitest"
)

// jsonViewer shows a body with folding on, everything done.
func jsonViewer(w, h int, body string) *Viewer {
	v := New(plainTheme())
	v.SetFolding(true)
	v.SetCursor(true)
	v.Resize(w, h)
	v.SetContent([]byte(body), JSON)
	finish(v, v.Work())
	return v
}

// finish does the work of a viewer as the program does.
func finish(v *Viewer, cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			finish(v, c)
		}
	case nil:
	default:
		finish(v, v.Update(msg))
	}
}

func screenOf(v *Viewer) string { return strings.TrimRight(tuitest.Plain(v.View()), "\n ") }

const orders = `{"result":{"resultStatus":"S","resultCode":"SUCCESS"},"items":[{"id":1,"tags":["a","b"]},{"id":2,"tags":[]}],"odd key":{"x":null}}`

func TestFoldAtCursor(t *testing.T) {
	t.Parallel()
	v := jsonViewer(60, 12, orders)
	v.Step(5) // "items": [
	tuitest.Must(t, "why not", v.ToggleFold(), "")
	want := `  1▾ {
  2▾   "result": {
  3      "resultStatus": "S",
  4      "resultCode": "SUCCESS"
  5    },
  6▸▌  "items": [ … 2 items ],
 19▾   "odd key": {
 20      "x": null
 21    }
 22  }`
	if got := trimmed(screenOf(v)); got != want {
		t.Fatalf("folded:\n%s", got)
	}
	v.Step(1)
	tuitest.Must(t, "the line after", cursorLine(v), 19)
	v.Step(-1)
	tuitest.Must(t, "and back", cursorLine(v), 6)
	v.ToggleFold()
	tuitest.Must(t, "open again", v.Total(), 22)
	v.Step(2)
	tuitest.Must(t, "cursor", cursorLine(v), 8)
	v.ToggleFold() // "id": its object
	if got := screenOf(v); !strings.Contains(got, `7▸▌    { … 2 keys, `) {
		t.Fatalf("the object around:\n%s", got)
	}
	v.UnfoldAll()
	if strings.Contains(screenOf(v), "…") {
		t.Fatalf("all open:\n%s", screenOf(v))
	}
}

func trimmed(s string) string {
	rows := strings.Split(s, "\n")
	for i := range rows {
		rows[i] = strings.TrimRight(rows[i], " ")
	}
	return strings.Join(rows, "\n")
}

func TestFoldLevels(t *testing.T) {
	t.Parallel()
	v := jsonViewer(60, 12, orders)
	v.FoldAll()
	if got := trimmed(screenOf(v)); got != `  1▾▌{
  2▸   "result": { … 2 keys, 58 B },
  6▸   "items": [ … 2 items ],
 19▸   "odd key": { … 1 key, 19 B }
 22  }` {
		t.Fatalf("level 1:\n%s", got)
	}
	v.FoldAll()
	tuitest.Must(t, "everything", trimmed(screenOf(v)), "  1▸▌{ … 3 keys, "+ui.Bytes(int64(v.text.Size()))+" }")
	v.FoldLess()
	v.FoldLess()
	if got := screenOf(v); !strings.Contains(got, "{ … 2 keys,") || strings.Count(got, "…") != 2 {
		t.Fatalf("level 2:\n%s", got)
	}
}

func TestFoldFindsWhatIsHidden(t *testing.T) {
	t.Parallel()
	v := jsonViewer(60, 12, orders)
	v.FoldAll()
	tuitest.Must(t, "matches", v.Search("tags"), 2)
	tuitest.Must(t, "where", cursorLine(v), 9)
	tuitest.Must(t, "words", v.Found(), "1 of 2")
	if got := screenOf(v); !strings.Contains(got, `"result": { …`) || !strings.Contains(got, `"tags": [`) {
		t.Fatalf("only what hides a match is opened:\n%s", got)
	}
}

func TestFoldByMouse(t *testing.T) {
	t.Parallel()
	v := jsonViewer(60, 12, orders)
	v.ClickAt(3, 1)
	if got := screenOf(v); !strings.Contains(got, `2▸▌  "result": { … 2 keys`) {
		t.Fatalf("the sign folds:\n%s", got)
	}
	v.ClickAt(22, 1)
	if got := screenOf(v); !strings.Contains(got, `2▾▌  "result": {`) {
		t.Fatalf("the words open:\n%s", got)
	}
	v.ClickAt(30, 3)
	tuitest.Must(t, "elsewhere it points", cursorLine(v), 4)
}

func TestPaths(t *testing.T) {
	t.Parallel()
	v := jsonViewer(60, 30, orders)
	for _, c := range []struct {
		find, path, value string
	}{
		{`"resultStatus"`, "result.resultStatus", `"S"`},
		{`"items"`, "items", ""},
		{`"id": 2`, "items[1].id", "2"},
		{`"b"`, "items[0].tags[1]", `"b"`},
		{`[]`, "items[1].tags", "[]"},
		{`null`, `["odd key"].x`, "null"},
	} {
		v.Search(c.find)
		value, path, ok := v.Value()
		if !ok || path != c.path || c.value != "" && string(value) != c.value {
			t.Errorf("at %s: %q = %q, %v", c.find, path, value, ok)
		}
	}
}

// Whatever is folded, the document agrees with a look at every byte.
func TestFoldedAgreesWithAModel(t *testing.T) {
	t.Parallel()
	r := tuitest.Seeded(11)
	for range 300 {
		b := nested(r, 5)
		text := rows.NewFlat(b)
		o := newOutline(&jsonLanguage, b, nil)
		var list []container
		s := scan{lang: &jsonLanguage, b: b}
		last := 0
		var all []container
		for s.at < len(b) {
			if c, ok := s.step(len(b)); ok {
				all = append(all, container{c.at, c.from, s.token, c.items()})
			}
		}
		slices.SortFunc(all, func(a, b container) int { return a.at - b.at })
		for i := range all {
			if r.IntN(3) == 0 && all[i].end > all[i].at+1 {
				list = append(list, all[i])
			}
		}
		list = outermost(list)
		f := newFolded(text, list)
		// The model: what is shown, and where each shown byte comes from.
		var shown []byte
		var from []int
		last = 0
		for _, c := range list {
			for i := last; i <= c.at; i++ {
				shown, from = append(shown, b[i]), append(from, i)
			}
			words := foldOf(b, c).label(b)
			shown = append(shown, words...)
			for range len(words) {
				from = append(from, c.at+1)
			}
			last = c.end
		}
		for i := last; i < len(b); i++ {
			shown, from = append(shown, b[i]), append(from, i)
		}
		from = append(from, len(b))
		if f.Size() != len(shown) || !bytes.Equal(f.Slice(0, f.Size()), shown) {
			t.Fatalf("%q folded at %v: %q, not %q", b, list, f.Slice(0, f.Size()), shown)
		}
		for off := range len(shown) + 1 {
			tuitest.Must(t, "text", f.text(off), from[off])
			start := bytes.LastIndexByte(shown[:off], '\n') + 1
			end := len(shown)
			if i := bytes.IndexByte(shown[off:], '\n'); i >= 0 {
				end = off + i
			}
			if f.LineStart(off) != start || f.LineEnd(off) != end {
				t.Fatalf("%q at %d: line %d..%d, not %d..%d", shown, off, f.LineStart(off), f.LineEnd(off), start, end)
			}
			tuitest.Must(t, "line", f.LineOf(off), rows.CountLF(b[:from[off]]))
		}
		for range 20 {
			x, y := r.IntN(len(shown)+1), r.IntN(len(shown)+1)
			if x > y {
				x, y = y, x
			}
			tuitest.Must(t, "slice", string(f.Slice(x, y)), string(shown[x:y]))
		}
		// The outline finds each container again.
		for _, c := range all {
			got, ok := o.opened(c.at, c.at+1)
			if !ok || got != c {
				t.Fatalf("%q: container at %d is %v, not %v", b, c.at, got, c)
			}
			if c.end > c.at+1 {
				got, ok = o.around(c.at + 1)
				if !ok || got != c {
					t.Fatalf("%q: container around %d is %v, not %v", b, c.at+1, got, c)
				}
			}
		}
	}
}

// outermost leaves out what is inside of another.
func outermost(list []container) []container {
	var out []container
	for _, c := range list {
		inside := false
		for _, d := range list {
			inside = inside || d.at < c.at && c.end < d.end
		}
		if !inside {
			out = append(out, c)
		}
	}
	return out
}

// nested makes JSON with line ends in all places where they may be.
func nested(r *rand.Rand, depth int) []byte {
	var b bytes.Buffer
	blank := func() { b.WriteString([]string{"", " ", "\n", "\n  "}[r.IntN(4)]) }
	var value func(depth int)
	value = func(depth int) {
		blank()
		defer blank()
		kind := r.IntN(4)
		if depth == 0 {
			kind = r.IntN(2)
		}
		n := r.IntN(4)
		switch kind {
		case 0:
			fmt.Fprint(&b, r.IntN(1000))
		case 1:
			b.WriteString([]string{`"a"`, `"\"]{"`, `"\\"`, `""`, `true`}[r.IntN(5)])
		case 2:
			b.WriteByte('[')
			for i := range n {
				if i > 0 {
					b.WriteByte(',')
				}
				value(depth - 1)
			}
			b.WriteByte(']')
		default:
			b.WriteByte('{')
			for i := range n {
				if i > 0 {
					b.WriteByte(',')
				}
				fmt.Fprintf(&b, `"k%d":`, i)
				value(depth - 1)
			}
			b.WriteByte('}')
		}
	}
	b.WriteByte('[')
	value(depth)
	b.WriteByte(',')
	value(depth)
	b.WriteByte(']')
	return b.Bytes()
}

// The outline of a large text agrees with one that has a mark nowhere.
func TestOutlineOfLargeTexts(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	b.WriteString(`{"list":[`)
	for i := range 20_000 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%d,"text":%q,"deep":[[[%d]]]}`, i, strings.Repeat("x", i%50), i)
		if i == 10_000 {
			fmt.Fprintf(&b, `,"%s"`, strings.Repeat(`long [\"{ `, 40_000))
		}
	}
	b.WriteString(`],"end":true}`)
	text, ok := Pretty(b.Bytes())
	tuitest.Must(t, "JSON", ok, true)
	o := newOutline(&jsonLanguage, text, nil)
	if len(o.wide) > 1000 {
		t.Errorf("%d containers are kept", len(o.wide))
	}
	var ids []int // where each item's id is
	for at, id := 0, []byte(`"id": `); ; at += len(id) {
		next := bytes.Index(text[at:], id)
		if next < 0 {
			break
		}
		at += next
		ids = append(ids, at)
	}
	tuitest.Must(t, "items", len(ids), 20_000)
	r := tuitest.Seeded(12)
	for range 300 {
		i := r.IntN(20_000)
		at, want := ids[i], i
		if i > 10_000 {
			want++
		}
		tuitest.Must(t, "path", o.at(at, len(text)).path, fmt.Sprintf("list[%d].id", want))
		c, ok := o.around(at)
		tuitest.Must(t, "around", fmt.Sprint(ok, c.items), "true 3")
		list, _ := o.around(c.at)
		tuitest.Must(t, "the list", list.items, 20_001)
	}
	long := bytes.Index(text, []byte("long"))
	tuitest.Must(t, "in the long text", o.at(long+200_000, len(text)).path, "list[10001]")
	tuitest.Must(t, "at the end", o.at(bytes.Index(text, []byte(`"end"`)), len(text)).path, "end")
}

// TestLargeWork: a large body is worked on in commands, and a wish made
// meanwhile is done when they are.
func TestLargeWork(t *testing.T) {
	t.Parallel()
	v := New(plainTheme())
	v.SetFolding(true)
	v.SetCursor(true)
	v.Resize(60, 10)
	var b strings.Builder
	b.WriteString(`{"result":{"a":1},"items":[`)
	for i := range 60_000 {
		fmt.Fprintf(&b, `{"id":%d,"s":"text"},`, i)
	}
	b.WriteString(`0]}`)
	v.SetContent([]byte(b.String()), JSON)
	work := v.Work()
	tuitest.Must(t, "at once", strings.Contains(screenOf(v), `"result": {`), true)
	tuitest.Must(t, "words", v.Waiting(), "indenting…")
	v.Step(4)
	tuitest.Must(t, "a wish", v.ToggleFold(), foldIndexing)
	v.Search("59999")
	tuitest.Must(t, "search", v.Found(), "searching…")
	late := work
	finish(v, work)
	tuitest.Must(t, "nothing waits", v.Waiting(), "")
	tuitest.Must(t, "found", v.Found(), "1 of 1")
	tuitest.Must(t, "found at", v.Path(), "items[59999].id")
	v.Top()
	v.Step(1)
	v.FoldAll()
	finish(v, v.Work())
	if got := screenOf(v); !strings.Contains(got, "[ … 60,001 items ]") {
		t.Fatalf("folded:\n%s", got)
	}
	v.SetContent([]byte("{}"), JSON)
	finish(v, late) // again, too late
	tuitest.Must(t, "a late answer", string(v.text.B), "{}")
}
