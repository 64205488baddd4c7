package ui

import (
	"fmt"
	"strconv"
	"strings"
)

// Mode is how a viewer shows bytes.
type Mode int

// Modes of the viewer.
const (
	// ModeText shows lines, with symbols for what is invisible.
	ModeText Mode = iota
	// ModeJSON is ModeText in colours. A body without line ends is shown indented,
	// for reading only: Copy gives what was received.
	ModeJSON
	// ModeXML is ModeJSON for XML.
	ModeXML
	// ModeHex shows offsets, bytes and ASCII.
	ModeHex
	// ModeCanonical shows bytes that were signed: every line end and space drawn.
	ModeCanonical
)

// Viewer shows bytes through a window. Whatever their size, it lays out,
// colours and searches for what is on the screen only. What needs all of them
// (to indent, to find the ends of containers, to count matches) is done at once
// where they are few; else in the commands that Work gives.
type Viewer struct {
	theme *Theme
	raw   []byte // as given
	text  *flat  // what is looked at: raw, or raw indented
	mode  Mode
	seq   int // grows with each content: what was done for an earlier one is dropped

	indent indentation
	folds  folding
	find   finder
	jobs   [jobKinds]*job // under way in commands

	w, h    int
	wrap    bool
	numbers bool

	doc     document // text, or text with folds
	rows    rows
	painter rowPainter

	// Offsets in doc.
	top    int // of the first row on the screen
	cursor int // in the cursor's row
	marked bool
	x      int // cells scrolled to the right, without wrapping
	bottom int // the last top that fills the screen; -1: not known
}

// NewViewer makes an empty viewer that wraps and shows line numbers.
func NewViewer(theme *Theme) *Viewer {
	v := &Viewer{theme: theme, wrap: true, numbers: true}
	v.SetContent(nil, ModeText)
	return v
}

// SetContent shows bytes, from their beginning. The viewer keeps b; it must
// not change.
func (v *Viewer) SetContent(b []byte, mode Mode) {
	v.stopWork()
	v.seq++
	v.raw, v.mode = b, mode
	v.indent = indentation{}
	text := b
	if lang := mode.language(); lang != nil && lang.compact(b) {
		text = v.indent.begin(lang, b, v.folds.on)
	}
	v.renew(newFlat(text))
}

// SetMode shows the same content in another way and stays near the place.
func (v *Viewer) SetMode(mode Mode) {
	if mode == v.mode {
		return
	}
	at, of, query := v.textOffset(v.top), max(1, v.text.size()), v.find.typed
	v.SetContent(v.raw, mode)
	v.place(v.shownOffset(int(int64(at) * int64(v.text.size()) / int64(of))))
	if query != "" {
		v.Search(query)
	}
}

// Mode gives the mode of the content.
func (v *Viewer) Mode() Mode { return v.mode }

// renew begins anew with a text.
func (v *Viewer) renew(text *flat) {
	v.text, v.doc = text, text
	v.top, v.x, v.cursor = 0, 0, 0
	v.find = finder{at: -1}
	v.folds.forget()
	v.layout()
}

// textOffset gives the offset in the text of one that is shown.
func (v *Viewer) textOffset(off int) int {
	if f := v.folds.doc; f != nil {
		return f.text(off)
	}
	return off
}

// shownOffset gives where an offset of the text is shown.
func (v *Viewer) shownOffset(off int) int {
	if f := v.folds.doc; f != nil {
		return f.shown(off)
	}
	return off
}

func (v *Viewer) size() int { return v.doc.size() }

// layout fits the rows to size, mode and options.
func (v *Viewer) layout() {
	width := v.w - v.gutter()
	if v.mode == ModeCanonical {
		width-- // room for the LF behind a full row
	}
	v.rows = rows{doc: v.doc, width: max(1, width), wrap: v.wrap, tabs: v.mode != ModeCanonical}
	v.painter = rowPainter{rows: &v.rows, lang: v.mode.language(), canon: v.mode == ModeCanonical}
	v.bottom = -1
}

// gutter is the width of the line numbers with the blank after them. They go
// where the screen is too narrow for both.
func (v *Viewer) gutter() int {
	if !v.numbers || v.mode == ModeHex {
		return 0
	}
	g := max(3, digits(v.doc.lines())) + 1
	if v.folds.on {
		g++
	}
	if g*3 > v.w {
		return 0
	}
	return g
}

func digits(n int) int { return len(strconv.Itoa(n)) }

// Resize sets the size in cells. The place in the content is kept.
func (v *Viewer) Resize(w, h int) {
	w, h = max(0, w), max(0, h)
	if w == v.w && h == v.h {
		return
	}
	v.w, v.h = w, h
	v.layout()
	v.place(v.top)
}

// SetWrap sets whether long lines go on in the next row; else they are cut and
// ScrollX moves along them.
func (v *Viewer) SetWrap(wrap bool) {
	v.wrap, v.x = wrap, 0
	v.layout()
	v.place(v.top)
}

// Wrap reports whether long lines go on in the next row.
func (v *Viewer) Wrap() bool { return v.wrap }

// SetLineNumbers sets whether lines are numbered.
func (v *Viewer) SetLineNumbers(on bool) {
	v.numbers = on
	v.layout()
	v.place(v.top)
}

// SetCursor sets whether the cursor's line is marked; ScrollBy and its like
// move the screen, MoveCursor moves the cursor.
func (v *Viewer) SetCursor(on bool) { v.marked = on }

// Copy gives the content as it was set, not as it is shown.
func (v *Viewer) Copy() []byte { return v.raw }

// CopyLine gives the bytes of the cursor's line as shown, without its LF.
func (v *Viewer) CopyLine() []byte {
	if v.mode == ModeHex {
		return v.text.b[v.cursor:min(v.size(), v.cursor+v.perRow())]
	}
	return v.doc.slice(v.doc.lineStart(v.cursor), v.doc.lineEnd(v.cursor))
}

// CursorLine gives the line of the cursor, from 1.
func (v *Viewer) CursorLine() int { return v.lineNumber(v.cursor) }

// Line gives the line at the top of the screen, from 1; in hex, the row.
func (v *Viewer) Line() int { return v.lineNumber(v.top) }

func (v *Viewer) lineNumber(off int) int {
	if v.mode == ModeHex {
		return off/v.perRow() + 1
	}
	return v.doc.lineOf(off) + 1
}

// Total gives the number of lines; in hex, of rows. It is 0 without content.
func (v *Viewer) Total() int {
	switch {
	case v.size() == 0:
		return 0
	case v.mode == ModeHex:
		return (v.size() + v.perRow() - 1) / v.perRow()
	}
	return v.doc.lines()
}

// Percent says how far down the screen is: 100 at the end.
func (v *Viewer) Percent() int {
	last := v.lastTop()
	if last == 0 || v.top >= last {
		return 100
	}
	return int(int64(v.top) * 100 / int64(last))
}

// Position gives the place in words: "12/3400 35%", "all" where everything is
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
	if v.mode == ModeHex {
		lines = v.hexLines(lines)
	} else if v.size() > 0 {
		lines = v.textLines(lines)
	}
	for len(lines) < v.h {
		lines = append(lines, spaces(v.w))
	}
	return strings.Join(lines, "\n")
}

func (v *Viewer) textLines(lines []string) []string {
	gutter := v.gutter()
	x := v.rows.at(v.top)
	number := v.doc.lineOf(x.start)
	first := v.doc.lineStart(x.start) == x.start
	cursor := -1
	if v.marked {
		cursor = v.rows.at(min(v.cursor, v.size())).start
	}
	var over []overlay
	for len(lines) < v.h {
		c := newCanvas(v.theme, v.w)
		v.number(c, gutter, number+1, first, x.start, x.start == cursor)
		over = v.overlays(over[:0], x)
		v.painter.draw(c, x, v.x, over)
		broken := x.end < v.size() && v.doc.slice(x.end, x.end+1)[0] == '\n'
		if v.mode == ModeCanonical && broken && v.rows.column(x, x.end) >= v.x {
			c.put("␊", 1, paintInvisible)
		}
		lines = append(lines, c.line())
		start, ok := v.rows.next(x)
		if !ok {
			break
		}
		if first = broken; first {
			number++
			if v.folds.doc != nil {
				number = v.doc.lineOf(start)
			}
		}
		x = v.rows.at(start)
	}
	return lines
}

// overlays are what is painted over a row: the words of folds, and matches.
func (v *Viewer) overlays(out []overlay, x row) []overlay {
	if !v.wrap && len(v.find.query) > 0 && x.end-x.start > 4*v.w { // what is out of sight is not searched
		x.start, x.end = v.rows.offset(x, v.x), v.rows.offset(x, v.x+v.w)
	}
	f := v.folds.doc
	if f == nil {
		return v.find.overlays(out, v.text.b, x, 0)
	}
	out = f.labels(x, out)
	f.pieces(x.start, x.end, func(from, to, shown int) {
		out = v.find.overlays(out, v.text.b, row{from, to}, shown-from)
	})
	return out
}

// number draws the gutter of a row: the number, whether the line folds, and
// whether the cursor is there.
func (v *Viewer) number(c *canvas, gutter, n int, first bool, start int, cursor bool) {
	if gutter == 0 {
		return
	}
	style := paintLineNumber
	if cursor {
		style = paintCursorLine
	}
	last := 1
	if v.folds.on {
		last = 2
	}
	if first {
		s := strconv.Itoa(n)
		c.blank(gutter-last-len(s), paintNone)
		c.put(s, len(s), style)
		if v.folds.on {
			c.put(v.foldSign(start), 1, style)
		}
	} else {
		c.blank(gutter-1, paintNone)
	}
	if cursor {
		c.put("▌", 1, style)
		return
	}
	c.blank(1, paintNone)
}
