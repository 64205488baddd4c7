package editor

import (
	"bytes"

	"countersign/tui/ui/glyph"
)

// Selecting reports whether any text is selected.
func (e *Editor) Selecting() bool { return e.anchor >= 0 && e.anchor != e.cursor }

// Selection returns the place of the selected text: [from, to). Without one
// both are the cursor's.
func (e *Editor) Selection() (from, to int) {
	if e.anchor < 0 {
		return e.cursor, e.cursor
	}
	return min(e.anchor, e.cursor), max(e.anchor, e.cursor)
}

// Selected returns the selected bytes, or those of the cursor's line with its
// line end where nothing is selected: what copying and cutting take.
func (e *Editor) Selected() []byte {
	from, to := e.taken()
	return bytes.Clone(e.buf.Slice(from, to))
}

// Cut takes away what Selected gives. It reports whether there was anything.
func (e *Editor) Cut() bool {
	from, to := e.taken()
	e.edit(from, to-from, nil, changeOther)
	return from < to
}

func (e *Editor) taken() (from, to int) {
	if e.Selecting() {
		return e.Selection()
	}
	return e.buf.LineStart(e.cursor), min(e.buf.LineEnd(e.cursor)+1, e.buf.Size())
}

// Insert writes bytes at the cursor, over the selection where there is one, as
// they are: one step of undo.
func (e *Editor) Insert(b []byte) { e.put(b, changeOther) }

// SelectAll selects the whole text; the screen stays where it is.
func (e *Editor) SelectAll() {
	top := e.top
	e.Select(0, e.buf.Size())
	e.top = top
}

// Select selects from one offset to another, at which the cursor comes to
// stand.
func (e *Editor) Select(anchor, cursor int) {
	size := e.buf.Size()
	e.past.sealed = true
	e.moveTo(e.snap(max(0, min(cursor, size))))
	e.anchor = e.snap(max(0, min(anchor, size)))
}

// Unselect ends the selection. It reports whether there was one.
func (e *Editor) Unselect() bool {
	was := e.Selecting()
	e.anchor = -1
	return was
}

// Drag moves the end of the selection to a cell, counted from 0; a cell above
// or below the editor scrolls by a row.
func (e *Editor) Drag(x, y int) {
	anchor := e.anchor
	if anchor < 0 {
		anchor = e.cursor
	}
	if y < 0 {
		e.ScrollBy(-1)
	} else if y >= e.h {
		e.ScrollBy(1)
	}
	e.Click(max(0, min(x, e.w-1)), max(0, min(y, e.h-1)))
	e.anchor = anchor
}

// ClickWord selects the word at a cell; where none is, the one character.
func (e *Editor) ClickWord(x, y int) {
	e.Click(x, y)
	start, end := e.buf.LineStart(e.cursor), e.textEnd(e.cursor)
	if e.cursor >= end {
		return
	}
	from, to := max(start, e.cursor-wordReach), min(end, e.cursor+wordReach)
	b := e.buf.Slice(from, to)
	left, right := glyph.WordAround(b, e.cursor-from)
	if left == right {
		e.Select(e.cursor, e.right(e.cursor))
		return
	}
	e.Select(from+left, from+right)
}

// block returns the lines of the selection, or the cursor's: [from, to) without
// the last line's end. A selection that ends before a line does not take it.
func (e *Editor) block() (from, to int) {
	from, to = e.Selection()
	if from < to && to == e.buf.LineStart(to) {
		to = e.left(to)
	}
	return e.buf.LineStart(from), e.textEnd(to)
}

// DeleteLines takes the lines of the selection, or the cursor's, away.
func (e *Editor) DeleteLines() {
	from, to := e.block()
	end := min(e.buf.LineEnd(to)+1, e.buf.Size())
	if end == e.buf.Size() && from > 0 && (end == to || e.byteAt(end-1) != '\n') {
		from = e.left(from) // the last line: the line end before it goes with it
	}
	e.edit(from, end-from, nil, changeOther)
}

// DuplicateLines writes the lines of the selection, or the cursor's, once
// more below them; the cursor goes to the copy.
func (e *Editor) DuplicateLines() {
	from, to := e.block()
	anchor, cursor := e.anchor, e.cursor
	eol := bytes.Clone(e.buf.Slice(to, min(e.buf.LineEnd(to)+1, e.buf.Size())))
	if len(eol) == 0 {
		eol = []byte(e.eol)
	}
	add := append(eol, e.buf.Slice(from, to)...)
	e.edit(to, 0, add, changeOther)
	e.shifted(anchor, cursor, len(add))
}

// MoveLines moves the lines of the selection, or the cursor's, by one: up is
// negative. It reports whether there is a line to go past.
func (e *Editor) MoveLines(direction int) bool {
	from, to := e.block()
	anchor, cursor := e.anchor, e.cursor
	own := bytes.Clone(e.buf.Slice(from, to))
	if direction < 0 {
		if from == 0 {
			return false
		}
		first, end := e.buf.LineStart(from-1), e.textEnd(from-1)
		other, eol := bytes.Clone(e.buf.Slice(first, end)), bytes.Clone(e.buf.Slice(end, from))
		e.edit(first, to-first, bytes.Join([][]byte{own, other}, eol), changeOther)
		e.shifted(anchor, cursor, first-from)
		return true
	}
	start := e.buf.LineEnd(to) + 1
	if start > e.buf.Size() {
		return false
	}
	end := e.textEnd(start)
	eol, other := bytes.Clone(e.buf.Slice(to, start)), bytes.Clone(e.buf.Slice(start, end))
	e.edit(from, end-from, bytes.Join([][]byte{other, own}, eol), changeOther)
	e.shifted(anchor, cursor, len(other)+len(eol))
	return true
}

// shifted puts cursor and selection back to the lines that moved.
func (e *Editor) shifted(anchor, cursor, by int) {
	if anchor >= 0 {
		e.Select(anchor+by, cursor+by)
		return
	}
	e.SetCursor(cursor + by)
}

// GoToLine moves the cursor to the beginning of a line's text, from 1.
func (e *Editor) GoToLine(line int) {
	e.SetCursor(e.buf.LineAt(max(0, line-1)))
	e.middle()
}

// Lines returns the number of lines.
func (e *Editor) Lines() int { return e.buf.Lines() }

// middle scrolls so that a cursor near the edge of the screen has some rows
// around it.
func (e *Editor) middle() {
	if e.h < 6 {
		return
	}
	x, _ := e.rows.Move(e.cursor, -e.h/3)
	e.top = x.Start
}

// OnScreen moves a cursor that is out of sight to the first row of the screen.
func (e *Editor) OnScreen() {
	if first, last := e.window(); e.cursor < first || e.cursor > last {
		e.SetCursor(first)
	}
}

// Top returns the offset of the first row on the screen.
func (e *Editor) Top() int { return e.top }

// SetTop scrolls the row that holds an offset to the top of the screen; the
// cursor stays where it is.
func (e *Editor) SetTop(off int) {
	e.top = e.rows.At(max(0, min(off, e.buf.Size()))).Start
}

// Quiet shows the cursor as a place only: keys do not go into the text.
func (e *Editor) Quiet(on bool) { e.quiet = on }
