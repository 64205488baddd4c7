package viewer

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"countersign/tui/tuitest"
	"countersign/tui/ui"
)

// BenchmarkViewerOpen: a body of 20 MB is set and drawn for the first time.
func BenchmarkViewerOpen(b *testing.B) {
	for _, body := range tuitest.Bodies {
		content := body.Make(20 << 20)
		b.Run(body.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				v := New(colourTheme())
				v.Resize(120, 50)
				v.SetContent(content, JSON)
				_ = v.View()
			}
		})
	}
}

// BenchmarkViewerFrame: a page down and a frame, in the middle of 20 MB.
func BenchmarkViewerFrame(b *testing.B) {
	for _, body := range tuitest.Bodies {
		content := body.Make(20 << 20)
		b.Run(body.Name, func(b *testing.B) {
			v := New(colourTheme())
			v.Resize(120, 50)
			v.SetContent(content, JSON)
			v.place(10 << 20)
			b.ReportAllocs()
			for b.Loop() {
				v.Go(ui.Move{Pages: 1})
				_ = v.View()
			}
		})
	}
}

// BenchmarkViewerBottom: from the top to the end of 20 MB, and a frame.
func BenchmarkViewerBottom(b *testing.B) {
	for _, body := range tuitest.Bodies {
		content := body.Make(20 << 20)
		b.Run(body.Name, func(b *testing.B) {
			v := New(colourTheme())
			v.Resize(120, 50)
			v.SetContent(content, JSON)
			for b.Loop() {
				v.bottom = -1
				v.Top()
				v.Bottom()
				_ = v.View()
			}
		})
	}
}

// BenchmarkViewerSearch: all places of a text in 20 MB.
func BenchmarkViewerSearch(b *testing.B) {
	v := New(colourTheme())
	v.Resize(120, 50)
	v.SetContent(tuitest.ManyLines(20<<20), JSON)
	for _, q := range []string{"nowhere", "Value", "key99"} {
		b.Run(q, func(b *testing.B) {
			for b.Loop() {
				v.Search(q)
			}
		})
	}
}

// BenchmarkPretty: a body of 20 MB on one line is indented.
func BenchmarkPretty(b *testing.B) {
	var body bytes.Buffer
	body.WriteByte('[')
	for i := 0; body.Len() < 20<<20; i++ {
		fmt.Fprintf(&body, `{"id":%d,"name":"name %d","ok":true},`, i, i)
	}
	body.WriteString("0]")
	b.SetBytes(int64(body.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := Pretty(body.Bytes()); !ok {
			b.Fatal("not indented")
		}
	}
}

// BenchmarkViewerStep: the cursor a row down and a frame with its path, in the
// middle of 20 MB, of which all items are folded or none.
func BenchmarkViewerStep(b *testing.B) {
	text, ok := Pretty(manyItems(20 << 20))
	if !ok {
		b.Fatal("not indented")
	}
	for _, name := range []string{"open", "folded"} {
		b.Run(name, func(b *testing.B) {
			v := largeViewer(text)
			if name == "folded" {
				v.foldTo(2)
				finish(v, v.Work())
			}
			v.place(v.size() / 2)
			v.HoldCursor()
			for b.Loop() {
				v.Step(1)
				v.Path()
				_ = v.View()
			}
		})
	}
}

// BenchmarkViewerFold: a fold among 250,000, and a frame.
func BenchmarkViewerFold(b *testing.B) {
	text, _ := Pretty(manyItems(20 << 20))
	v := largeViewer(text)
	v.foldTo(2)
	finish(v, v.Work())
	v.place(v.size() / 2)
	v.HoldCursor()
	b.ReportMetric(float64(len(v.folds.doc.folds)), "folds")
	for b.Loop() {
		v.ToggleFold()
		_ = v.View()
	}
}

// BenchmarkViewerType: a letter of a search in 20 MB, what is done at once.
func BenchmarkViewerType(b *testing.B) {
	text, _ := Pretty(manyItems(20 << 20))
	v := largeViewer(text)
	for b.Loop() {
		v.Search("nowhere")
		_ = v.View()
	}
}

// BenchmarkViewerHex: the end of 20 MB as hex, back up, and frames.
func BenchmarkViewerHex(b *testing.B) {
	v := New(colourTheme())
	v.Resize(120, 50)
	v.SetContent(tuitest.Bodies[1].Make(20<<20), Hex)
	for b.Loop() {
		v.Bottom()
		_ = v.View()
		v.StepPage(-1)
		v.Top()
		_ = v.View()
	}
}

// BenchmarkViewerUnwrapped: along a line of 20 MB that is cut.
func BenchmarkViewerUnwrapped(b *testing.B) {
	v := New(colourTheme())
	v.Resize(120, 50)
	v.SetContent(tuitest.Bodies[1].Make(20<<20), Text)
	v.SetWrap(false)
	v.Search("j")
	for b.Loop() {
		v.ScrollX(16)
		_ = v.View()
	}
}

// BenchmarkOutline: the containers of an indented text of 20 MB.
func BenchmarkOutline(b *testing.B) {
	text, _ := Pretty(manyItems(20 << 20))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		newOutline(&jsonLanguage, text, nil)
	}
}

// BenchmarkLargeAnswer: a body of 20 MB on one line comes, until all of it can be
// read and folded; the first screen of it is there long before.
func BenchmarkLargeAnswer(b *testing.B) {
	for _, c := range []struct {
		name string
		mode Mode
		body []byte
	}{
		{"JSON", JSON, manyItems(20 << 20)},
		{"XML", XML, manyElements(20 << 20)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.body)))
			b.ReportAllocs()
			var first time.Duration
			for b.Loop() {
				begun := time.Now()
				v := New(colourTheme())
				v.SetFolding(true)
				v.Resize(120, 50)
				v.SetContent(c.body, c.mode)
				_ = v.View()
				first += time.Since(begun)
				finish(v, v.Work())
				_ = v.View()
				if !v.Indented() || v.Waiting() != "" {
					b.Fatal("it is not done")
				}
			}
			b.ReportMetric(float64(first.Microseconds())/1000/float64(b.N), "ms-to-first-screen")
		})
	}
}

func manyItems(size int) []byte {
	var body bytes.Buffer
	body.WriteString(`{"items":[`)
	for i := 0; body.Len() < size; i++ {
		fmt.Fprintf(&body, `{"id":%d,"name":"name %d","amount":{"value":"%d"}},`, i, i, i)
	}
	body.WriteString("{}]}")
	return body.Bytes()
}

func largeViewer(text []byte) *Viewer {
	v := New(colourTheme())
	v.SetFolding(true)
	v.SetCursor(true)
	v.Resize(120, 50)
	v.SetContent(text, JSON)
	finish(v, v.Work())
	return v
}
