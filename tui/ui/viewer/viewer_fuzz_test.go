package viewer

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// FuzzViewer: whatever is shown at whatever size and whatever is done to it, the
// viewer draws exactly its size and stands at the beginning of a row.
func FuzzViewer(f *testing.F) {
	f.Add([]byte(orders), uint8(40), uint8(8), []byte{0, 20, 3, 21, 5, 22, 6, 23, 30, 1})
	f.Add([]byte("{\n\"a\": [\n1,\n2\n],\"b\":{\n}\n}\n"), uint8(12), uint8(3), []byte{24, 20, 24, 10, 1, 20, 25})
	f.Add([]byte("\x1b[2J\u202e\u200b\x00\x9b\xff e\u0301\u0301 世界 👩‍👩‍👧"), uint8(7), uint8(2), []byte{9, 8, 11, 12, 13, 14})
	f.Add([]byte(`[[[[{"a":1},{"b":[2,"`), uint8(3), uint8(1), []byte{20, 21, 22, 23})
	f.Fuzz(func(t *testing.T, content []byte, w, h uint8, keys []byte) {
		v := New(plainTheme())
		v.SetFolding(true)
		v.SetCursor(true)
		v.Resize(int(w), int(h))
		v.SetContent(content, JSON)
		for i, key := range keys {
			if i == 200 {
				break
			}
			next := 0
			if i+1 < len(keys) {
				next = int(keys[i+1])
			}
			pressViewer(v, key, next, content)
			finish(v, v.Work())
			checkViewer(t, v)
		}
	})
}

// pressViewer does one of all the things that a viewer can do.
func pressViewer(v *Viewer, key byte, n int, content []byte) {
	around := n - 128
	switch key % 32 {
	case 0:
		v.Step(around)
	case 1:
		v.StepPage(1)
	case 2:
		v.StepPage(-1)
	case 3:
		v.Top()
	case 4:
		v.Bottom()
	case 5:
		v.ScrollBy(around)
	case 6:
		v.Search(string(content[min(n, len(content)):min(n+1+n%5, len(content))]))
	case 7:
		v.Next()
	case 8:
		v.Prev()
	case 9:
		v.SetWrap(!v.Wrap())
	case 10:
		v.ScrollX(around)
	case 11:
		v.SetContent(v.Copy(), Mode(n%5))
	case 12:
		v.Step(around)
	case 13:
		v.SetCursor(n%2 == 0)
	case 14:
		v.Click(n % 64)
	case 15:
		v.SetLineNumbers(n%2 == 0)
	case 16:
		v.Resize(n%90, n/3)
	case 17:
		v.HoldCursor()
	case 18:
		v.Step(n)
	case 19:
		v.SetFolding(n%2 == 0)
	case 20, 26, 27:
		v.ToggleFold()
	case 21:
		v.FoldAll()
	case 22:
		v.FoldLess()
	case 23:
		v.UnfoldAll()
	case 24:
		v.ClickAt(n%90, n%20)
	case 25:
		v.Value()
	case 28:
		v.SetContent(content[min(n, len(content)):], Mode(n%5))
	default:
		v.Step(1)
	}
}

func checkViewer(t *testing.T, v *Viewer) {
	t.Helper()
	view := v.View()
	v.Path()
	v.Position()
	v.Found()
	if v.w == 0 || v.h == 0 {
		if view != "" {
			t.Fatalf("%q at %d x %d", view, v.w, v.h)
		}
		return
	}
	rows := strings.Split(view, "\n")
	if len(rows) != v.h {
		t.Fatalf("%d rows, not %d", len(rows), v.h)
	}
	for _, r := range rows {
		if ansi.StringWidth(r) != v.w {
			t.Fatalf("%q is not %d cells wide", r, v.w)
		}
	}
	if v.mode != Hex && v.size() > 0 && v.rows.At(v.top).Start != v.top {
		t.Fatalf("the top %d is not the beginning of a row", v.top)
	}
	if v.top < 0 || v.top > v.size() || v.cursor < 0 || v.cursor > v.size() {
		t.Fatalf("top %d, cursor %d of %d bytes", v.top, v.cursor, v.size())
	}
}
