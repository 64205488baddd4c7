// Package editor edits a text and keeps every byte that is not edited.
package editor

import (
	"bytes"

	"countersign/tui/ui"
	"countersign/tui/ui/rows"
)

// Severity says how bad a mark is.
type Severity int

// Severities of marks.
const (
	MarkInformation Severity = iota
	MarkWarning
	MarkError
)

// Mark is a finding about a place in a text.
type Mark struct {
	Offset   int // in bytes
	Severity Severity
	Text     string
	Length   int // in bytes; 0 marks one character
}

// Editor edits a text and keeps every byte that is not edited: line ends of
// any kind, tabs, NUL, a BOM, bytes that are no UTF-8. Its work per key does
// not grow with the text.
type Editor struct {
	// TabInserts makes the tab key indent. Otherwise it is left to the pane, which
	// moves the focus with it.
	TabInserts bool

	theme   *ui.Theme
	buf     *buffer
	rows    rows.Layout
	painter rows.Painter
	past    timeline

	w, h    int
	focused bool
	quiet   bool // the cursor is shown, though keys do not go into the text

	cursor int // offset; at a glyph's start, never between CR and LF
	anchor int // where the selection began; -1 without one
	goal   int // the column that up and down keep to; -1 for the cursor's
	top    int // offset of the first row on the screen

	eol     string // what enter inserts
	indent  string // one level of it
	marks   []Mark // in the order of the text
	find    rows.Search
	jobs    rows.Jobs
	pair    pairing // the brackets at the cursor
	rev     int
	counted glyphCount
	joined  []byte // Bytes, until the next edit
}

// New returns an empty editor without the focus.
func New(theme *ui.Theme) *Editor {
	e := &Editor{theme: theme}
	e.SetBytes(nil)
	return e
}

// SetBytes puts a text in place of all; there is nothing to undo. The bytes are
// copied.
func (e *Editor) SetBytes(b []byte) {
	e.buf = newBuffer(b)
	e.past = timeline{}
	e.cursor, e.anchor, e.goal, e.top = 0, -1, -1, 0
	e.marks, e.joined, e.counted = nil, nil, glyphCount{}
	e.find = rows.Search{At: -1}
	e.jobs.EndAll()
	e.rev++
	e.eol, e.indent = habits(b)
	e.layout()
}

// habits returns the line end and the indentation that a text uses.
func habits(b []byte) (eol, indent string) {
	eol, indent = "\n", "  "
	if i := bytes.IndexByte(b, '\n'); i > 0 && b[i-1] == '\r' {
		eol = "\r\n"
	}
	head := b[:min(len(b), 4096)]
	for line := range bytes.Lines(head) {
		if line[0] == '\t' {
			return eol, "\t"
		}
		if n := len(line) - len(bytes.TrimLeft(line, " ")); n > 0 {
			return eol, ui.Spaces(min(n, 8))
		}
	}
	return eol, indent
}

// Habits returns the line end and the indentation that the text began with.
func (e *Editor) Habits() (eol, indent string) { return e.eol, e.indent }

// Replace changes the whole text in one step that undo takes back. The cursor
// stays at its offset.
func (e *Editor) Replace(b []byte) {
	old, cursor := e.Bytes(), e.cursor
	head, tail := common(old, b)
	if head == len(old) && head == len(b) {
		return
	}
	e.edit(head, len(old)-head-tail, b[head:len(b)-tail], changeOther)
	e.moveTo(e.snap(min(cursor, e.buf.Size())))
}

// Bytes returns the text: what was set, with the edits. It must not be changed;
// it stays as it is when the text is edited on.
func (e *Editor) Bytes() []byte {
	if e.joined == nil {
		e.joined = make([]byte, 0, e.buf.Size())
		for _, l := range e.buf.leaves {
			e.joined = append(e.joined, l.data...)
		}
	}
	return e.joined
}

// Around returns at most so many bytes before and after the cursor: without the
// copy of the text that Bytes makes after an edit.
func (e *Editor) Around(before, after int) (left, right []byte) {
	at := e.cursor
	left = bytes.Clone(e.buf.Slice(max(0, at-before), at))
	return left, bytes.Clone(e.buf.Slice(at, min(at+after, e.buf.Size())))
}

// Equal reports whether the text is these bytes, without a copy of it.
func (e *Editor) Equal(b []byte) bool {
	if len(b) != e.buf.Size() {
		return false
	}
	for _, l := range e.buf.leaves {
		if !bytes.Equal(l.data, b[:len(l.data)]) {
			return false
		}
		b = b[len(l.data):]
	}
	return true
}

// Len returns the size of the text in bytes.
func (e *Editor) Len() int { return e.buf.Size() }

// Revision changes with every change of the text.
func (e *Editor) Revision() int { return e.rev }

// Cursor returns the cursor's line and column, from 1, columns counted in
// characters as a person sees them; and its offset in bytes.
func (e *Editor) Cursor() (line, col, offset int) {
	start := e.buf.LineStart(e.cursor)
	segment, _ := e.rows.Segment(e.cursor)
	if e.counted.line != start || e.counted.off < start || e.counted.off > segment {
		e.counted = glyphCount{line: start, off: start}
	}
	e.counted.glyphs += e.countGlyphs(e.counted.off, segment)
	e.counted.off = segment
	return e.buf.LineOf(e.cursor) + 1, e.counted.glyphs + e.countGlyphs(segment, e.cursor) + 1, e.cursor
}

// SetCursor moves the cursor to an offset, or the character that holds it, and
// shows it.
func (e *Editor) SetCursor(offset int) {
	e.past.sealed = true
	e.anchor = -1
	e.moveTo(e.snap(max(0, min(offset, e.buf.Size()))))
}

// Focus shows the cursor.
func (e *Editor) Focus() { e.focused = true }

// Blur hides the cursor.
func (e *Editor) Blur() { e.focused = false }

// Resize sets the size in cells; the cursor stays in sight.
func (e *Editor) Resize(w, h int) {
	w, h = max(0, w), max(0, h)
	if w == e.w && h == e.h {
		return
	}
	e.w, e.h = w, h
	e.layout()
	e.reveal()
}

func (e *Editor) layout() {
	// A column is kept free for the cursor behind the end of a full row.
	e.rows = rows.Layout{Doc: e.buf, Width: max(1, e.w-e.gutter()-1), Wrap: true, Tabs: true}
	e.painter = rows.Painter{Rows: &e.rows, Lexer: rows.JSONTokens, Variables: true}
}

func (e *Editor) gutter() int {
	g := max(2, rows.Digits(e.buf.Lines())) + 1
	if g*3 > e.w {
		return 0
	}
	return g
}

// edit is the one place where the text changes.
func (e *Editor) edit(off, remove int, insert []byte, kind changeKind) {
	if remove == 0 && len(insert) == 0 {
		return
	}
	c := change{
		off: off, removed: bytes.Clone(e.buf.Slice(off, off+remove)), inserted: bytes.Clone(insert),
		before: e.cursor, anchor: e.anchor, after: off + len(insert), kind: kind,
	}
	e.apply(off, remove, insert)
	e.past.add(c)
	e.moveTo(e.settle(c.after))
}

func (e *Editor) apply(off, remove int, insert []byte) {
	gutter := e.gutter()
	e.buf.remove(off, remove)
	e.buf.insert(off, insert)
	e.changed(off, remove, len(insert), gutter)
}

// changed brings all that hangs on the text up to date: at an offset some bytes
// have gone and others have come.
func (e *Editor) changed(off, gone, comes, gutter int) {
	e.rev++
	e.joined = nil
	e.find.Stale = e.find.On()
	e.jobs.End(rows.CountJob)
	shift := func(at int) int {
		switch {
		case at >= off+gone:
			return at + comes - gone
		case at > off:
			return off
		}
		return at
	}
	for i := range e.marks {
		e.marks[i].Offset = shift(e.marks[i].Offset)
	}
	e.anchor = -1
	if e.top > off {
		e.top = shift(e.top)
	}
	if off < e.counted.off {
		e.counted = glyphCount{line: -1}
	}
	if e.gutter() != gutter {
		e.layout()
	}
	e.rows.Reset()
	e.painter.Reset()
}
