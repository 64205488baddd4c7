package ui

import (
	"bytes"
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
	// ModeHex shows offsets, bytes and ASCII.
	ModeHex
	// ModeCanonical shows bytes that were signed: every line end and space drawn.
	ModeCanonical
)

// prettyAtOnce is the size up to which SetContent indents a body itself.
const prettyAtOnce = 512 << 10

// Viewer shows bytes through a window. Whatever their size, it lays out,
// colours and searches for what is on the screen only.
type Viewer struct {
	theme   *Theme
	raw     []byte // as given
	shown   []byte // raw, or raw indented
	mode    Mode
	pretty  bool
	wanting bool // a large body that somebody else should indent

	w, h    int
	wrap    bool
	numbers bool

	doc     *flat
	rows    rows
	painter rowPainter

	top    int // offset of the first row on the screen
	x      int // cells scrolled to the right, without wrapping
	cursor int // offset of the beginning of the cursor's line
	marked bool
	bottom int // the last top that fills the screen; -1: not known

	find finder
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
	v.raw, v.mode = b, mode
	v.shown, v.pretty, v.wanting = b, false, false
	if mode == ModeJSON && compact(b) {
		if len(b) <= prettyAtOnce {
			v.indent(Pretty(b))
		} else {
			v.wanting = true
		}
	}
	v.renew()
}

// compact reports JSON on one line, which nobody can read as it is.
func compact(b []byte) bool {
	b = bytes.TrimSpace(b)
	return len(b) > 0 && (b[0] == '{' || b[0] == '[') && bytes.IndexByte(b, '\n') < 0
}

// WantsPretty reports that the content is a large body on one line: call
// Pretty(v.Copy()) in a command and give the result to SetPretty.
func (v *Viewer) WantsPretty() bool { return v.wanting }

// SetPretty shows the indented form of the content. The result of Pretty goes
// in as it is; nothing happens where it failed or the content is another one now.
func (v *Viewer) SetPretty(pretty []byte, ok bool) {
	if !v.wanting {
		return
	}
	v.wanting = false
	if !ok {
		return
	}
	v.indent(pretty, true)
	query, fold := v.find.query, v.find.typed
	v.renew()
	if query != nil {
		v.Search(fold)
	}
}

func (v *Viewer) indent(pretty []byte, ok bool) {
	if ok {
		v.shown, v.pretty = pretty, true
	}
}

// Indented reports that the content is shown indented, not as received.
func (v *Viewer) Indented() bool { return v.pretty }

// SetMode shows the same content in another way and stays near the place.
func (v *Viewer) SetMode(mode Mode) {
	if mode == v.mode {
		return
	}
	at, of, query := v.top, max(1, len(v.shown)), v.find.typed
	v.SetContent(v.raw, mode)
	v.place(int(int64(at) * int64(len(v.shown)) / int64(of)))
	if query != "" {
		v.Search(query)
	}
}

// Mode gives the mode of the content.
func (v *Viewer) Mode() Mode { return v.mode }

// renew begins anew with the shown bytes.
func (v *Viewer) renew() {
	v.doc = newFlat(v.shown)
	v.top, v.x, v.cursor = 0, 0, 0
	v.find = finder{}
	v.layout()
}

// layout fits the rows to size, mode and options.
func (v *Viewer) layout() {
	width := v.w - v.gutter()
	if v.mode == ModeCanonical {
		width-- // room for the LF behind a full row
	}
	v.rows = rows{doc: v.doc, width: max(1, width), wrap: v.wrap, tabs: v.mode != ModeCanonical}
	v.painter = rowPainter{rows: &v.rows, colour: v.mode == ModeJSON, canon: v.mode == ModeCanonical}
	v.bottom = -1
}

// gutter is the width of the line numbers with the blank after them. They go
// where the screen is too narrow for both.
func (v *Viewer) gutter() int {
	if !v.numbers || v.mode == ModeHex {
		return 0
	}
	g := max(3, digits(v.doc.lines())) + 1
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
		return v.shown[v.cursor:min(len(v.shown), v.cursor+v.perRow())]
	}
	return v.doc.slice(v.cursor, v.doc.lineEnd(v.cursor))
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
	case len(v.shown) == 0:
		return 0
	case v.mode == ModeHex:
		return (len(v.shown) + v.perRow() - 1) / v.perRow()
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
	} else if len(v.shown) > 0 {
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
	for len(lines) < v.h {
		c := newCanvas(v.theme, v.w)
		v.number(c, gutter, number+1, first, v.marked && v.doc.lineStart(x.start) == v.cursor)
		v.painter.draw(c, x, v.x, v.find.overlays(v.shown, x))
		if v.mode == ModeCanonical && x.end < len(v.shown) && v.shown[x.end] == '\n' && v.rows.column(x, x.end) >= v.x {
			c.put("␊", 1, paintInvisible)
		}
		lines = append(lines, c.line())
		start, ok := v.rows.next(x)
		if !ok {
			break
		}
		if first = v.shown[x.end] == '\n'; first {
			number++
		}
		x = v.rows.at(start)
	}
	return lines
}

func (v *Viewer) number(c *canvas, gutter, n int, first, cursor bool) {
	if gutter == 0 {
		return
	}
	if !first {
		c.blank(gutter, paintNone)
		return
	}
	style := paintLineNumber
	if cursor {
		style = paintCursorLine
	}
	s := strconv.Itoa(n)
	c.blank(gutter-1-len(s), paintNone)
	c.put(s, len(s), style)
	if cursor {
		c.put("▌", 1, style)
		return
	}
	c.blank(1, paintNone)
}
