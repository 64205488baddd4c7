// Package viewer shows bytes of any size through a window: as text, JSON or XML
// that folds, hex, or as they were signed.
package viewer

import (
	"fmt"
	"strconv"
	"strings"

	"countersign/tui/ui"
	"countersign/tui/ui/rows"
)

// Mode is how a viewer shows bytes.
type Mode int

// Modes of the viewer.
const (
	// ModeText shows lines, with symbols for what is invisible.
	Text Mode = iota
	// ModeJSON is ModeText in colours. A body without line ends is shown indented,
	// for reading only: Copy gives what was received.
	JSON
	// ModeXML is ModeJSON for XML.
	XML
	// ModeHex shows offsets, bytes and ASCII.
	Hex
	// ModeCanonical shows bytes that were signed: every line end and space drawn.
	Canonical
)

// Viewer shows bytes through a window. Whatever their size, it lays out,
// colours and searches for what is on the screen only. What needs all of them
// (to indent, to find the ends of containers, to count matches) is done at once
// where they are few; else in the commands that Work gives.
type Viewer struct {
	theme *ui.Theme
	raw   []byte     // as given
	text  *rows.Flat // what is looked at: raw, or raw indented
	mode  Mode

	indent indentation
	folds  folding
	find   rows.Search
	jobs   rows.Jobs // under way in commands

	w, h    int
	wrap    bool
	numbers bool

	doc     rows.Document // text, or text with folds
	rows    rows.Layout
	painter rows.Painter

	// Offsets in doc.
	top    int // of the first row on the screen
	cursor int // in the cursor's row
	marked bool
	x      int // cells scrolled to the right, without wrapping
	bottom int // the last top that fills the screen; -1: not known
}

// New returns an empty viewer that wraps and shows line numbers.
func New(theme *ui.Theme) *Viewer {
	v := &Viewer{theme: theme, wrap: true, numbers: true}
	v.SetContent(nil, Text)
	return v
}

// SetContent shows bytes, from their beginning. The viewer keeps b; it must
// not change.
func (v *Viewer) SetContent(b []byte, mode Mode) {
	v.jobs.EndAll()
	v.raw, v.mode = b, mode
	v.indent = indentation{}
	text := b
	if lang := mode.language(); lang != nil && lang.compact(b) {
		text = v.indent.begin(lang, b, v.folds.on)
	}
	v.renew(rows.NewFlat(text))
}

// Mode returns the mode of the content.
func (v *Viewer) Mode() Mode { return v.mode }

// renew shows another text.
func (v *Viewer) renew(text *rows.Flat) {
	v.text, v.doc = text, text
	v.top, v.x, v.cursor = 0, 0, 0
	v.find = rows.Search{At: -1}
	v.folds.forget()
	v.layout()
}

// textOffset returns the offset in the text of one that is shown.
func (v *Viewer) textOffset(off int) int {
	if f := v.folds.doc; f != nil {
		return f.text(off)
	}
	return off
}

// shownOffset returns where an offset of the text is shown.
func (v *Viewer) shownOffset(off int) int {
	if f := v.folds.doc; f != nil {
		return f.shown(off)
	}
	return off
}

func (v *Viewer) size() int { return v.doc.Size() }

// layout fits the rows to size, mode and options.
func (v *Viewer) layout() {
	width := v.w - v.gutter()
	if v.mode == Canonical {
		width-- // room for the LF behind a full row
	}
	v.rows = rows.Layout{Doc: v.doc, Width: max(1, width), Wrap: v.wrap, Tabs: v.mode != Canonical,
		Skips: v.folds.doc != nil}
	if v.mode == Hex {
		v.rows.Every = v.perRow()
	}
	v.painter = rows.Painter{Rows: &v.rows, Canon: v.mode == Canonical}
	if lang := v.mode.language(); lang != nil {
		v.painter.Lexer = lang.tokens
	}
	v.bottom = -1
}

// relayout keeps the place.
func (v *Viewer) relayout() {
	v.layout()
	v.place(v.top)
}

// gutter is the width of the line numbers with the blank after them. They go
// where the screen is too narrow for both.
func (v *Viewer) gutter() int {
	if !v.numbers || v.mode == Hex {
		return 0
	}
	g := max(3, rows.Digits(v.doc.Lines())) + 1
	if v.folds.on {
		g++
	}
	if g*3 > v.w {
		return 0
	}
	return g
}

// Resize sets the size in cells. The place in the content is kept.
func (v *Viewer) Resize(w, h int) {
	w, h = max(0, w), max(0, h)
	if w == v.w && h == v.h {
		return
	}
	v.w, v.h = w, h
	v.relayout()
}

// SetWrap sets whether long lines go on in the next row; else they are cut and
// ScrollX moves along them.
func (v *Viewer) SetWrap(wrap bool) {
	v.wrap, v.x = wrap, 0
	v.relayout()
}

// Wrap reports whether long lines go on in the next row.
func (v *Viewer) Wrap() bool { return v.wrap }

// SetLineNumbers sets whether lines are numbered.
func (v *Viewer) SetLineNumbers(on bool) {
	v.numbers = on
	v.relayout()
}

// SetCursor sets whether the cursor's line is marked; ScrollBy and the others
// move the screen, MoveCursor moves the cursor.
func (v *Viewer) SetCursor(on bool) { v.marked = on }

// Copy returns the content as it was set, not as it is shown.
func (v *Viewer) Copy() []byte { return v.raw }

// Line returns the line at the top of the screen, from 1; in hex, the row.
func (v *Viewer) Line() int { return v.lineNumber(v.top) }

func (v *Viewer) lineNumber(off int) int {
	if v.mode == Hex {
		return off/v.rows.Every + 1
	}
	return v.doc.LineOf(off) + 1
}

// Total returns the number of lines; in hex, of rows. It is 0 without content.
func (v *Viewer) Total() int {
	switch {
	case v.size() == 0:
		return 0
	case v.mode == Hex:
		return (v.size() + v.rows.Every - 1) / v.rows.Every
	}
	return v.doc.Lines()
}

// Percent says how far down the screen is: 100 at the end.
func (v *Viewer) Percent() int {
	last := v.lastTop()
	if last == 0 || v.top >= last {
		return 100
	}
	return int(int64(v.top) * 100 / int64(last))
}

// Position returns the place in words: "12/3400 35%", "all" where everything is
// on the screen.
func (v *Viewer) Position() string {
	if v.Total() == 0 {
		return ""
	}
	if v.lastTop() == 0 && v.top == 0 {
		return "all"
	}
	return fmt.Sprintf("%d/%d %d%%", v.Line(), v.Total(), v.Percent())
}

// View draws exactly the size.
func (v *Viewer) View() string {
	if v.w <= 0 || v.h <= 0 {
		return ""
	}
	lines := make([]string, 0, v.h)
	if v.mode == Hex {
		lines = v.hexLines(lines)
	} else if v.size() > 0 {
		lines = v.textLines(lines)
	}
	for len(lines) < v.h {
		lines = append(lines, ui.Spaces(v.w))
	}
	return strings.Join(lines, "\n")
}

func (v *Viewer) textLines(lines []string) []string {
	gutter := v.gutter()
	cursor := -1
	if v.marked {
		cursor = v.rows.At(min(v.cursor, v.size())).Start
	}
	var over []rows.Overlay
	for x := range v.rows.Screen(v.top, v.h) {
		c := rows.NewCanvas(v.theme, v.w)
		v.number(c, gutter, x, x.Start == cursor)
		over = v.overlays(over[:0], x.Row)
		v.painter.Draw(c, x.Row, v.x, over)
		if v.mode == Canonical && x.Last && x.End < v.size() && v.rows.Column(x.Row, x.End) >= v.x {
			c.Put("␊", 1, ui.PaintInvisible)
		}
		lines = append(lines, c.Line())
	}
	return lines
}

// overlays are what is painted over a row: the words of folds, and matches.
func (v *Viewer) overlays(out []rows.Overlay, x rows.Row) []rows.Overlay {
	if !v.wrap && v.find.On() && x.End-x.Start > 4*v.w { // what is out of sight is not searched
		x.Start, x.End = v.rows.Offset(x, v.x), v.rows.Offset(x, v.x+v.w)
	}
	f := v.folds.doc
	if f == nil {
		return v.find.Overlays(out, v.text, x, 0)
	}
	f.walk(x.Start, x.End, func(from, to, shown int) {
		out = v.find.Overlays(out, v.text, rows.Row{Start: from, End: to}, shown-from)
	}, func(y fold, _, _ int) {
		out = append(out, rows.Overlay{From: y.at, To: y.at + y.words, Paint: ui.PaintFold})
	})
	return out
}

// number draws the gutter of a row: the number, whether the line folds, and
// whether the cursor is there.
func (v *Viewer) number(c *rows.Canvas, gutter int, x rows.Line, cursor bool) {
	if gutter == 0 {
		return
	}
	style := ui.PaintLineNumber
	if cursor {
		style = ui.PaintCursorLine
	}
	last := 1
	if v.folds.on {
		last = 2
	}
	if x.First {
		s := strconv.Itoa(x.Number + 1)
		c.Blank(gutter-last-len(s), ui.PaintNone)
		c.Put(s, len(s), style)
		if v.folds.on {
			c.Put(v.foldSign(x.Start), 1, style)
		}
	} else {
		c.Blank(gutter-1, ui.PaintNone)
	}
	if cursor {
		c.Put("▌", 1, style)
		return
	}
	c.Blank(1, ui.PaintNone)
}
