package editor

import (
	"countersign/tui/ui"
	"countersign/tui/ui/glyph"
	"countersign/tui/ui/rows"

	tea "github.com/charmbracelet/bubbletea"
)

// moveKey moves the cursor, with shift the end of the selection. It reports
// whether the key is one that does.
func (e *Editor) moveKey(msg tea.KeyMsg) bool {
	moved := ui.MoveKey(msg, &e.cursor, &e.anchor, e.move)
	if msg.Type == tea.KeyLeft || msg.Type == tea.KeyRight { // from a selection too
		e.moveTo(e.cursor)
	}
	return moved
}

func (e *Editor) move(msg tea.KeyMsg) bool {
	goal := e.goal
	switch msg.Type {
	case tea.KeyLeft:
		e.moveTo(e.left(e.cursor))
	case tea.KeyRight:
		e.moveTo(e.right(e.cursor))
	case tea.KeyCtrlLeft:
		e.moveTo(e.wordLeft(e.cursor))
	case tea.KeyCtrlRight:
		e.moveTo(e.wordRight(e.cursor))
	case tea.KeyUp:
		e.vertical(-1, goal)
	case tea.KeyDown:
		e.vertical(1, goal)
	case tea.KeyPgUp:
		e.ScrollBy(-max(1, e.h-1))
		e.vertical(-max(1, e.h-1), goal)
	case tea.KeyPgDown:
		e.ScrollBy(max(1, e.h-1))
		e.vertical(max(1, e.h-1), goal)
	case tea.KeyHome:
		e.moveTo(e.home())
	case tea.KeyEnd, tea.KeyCtrlE:
		e.moveTo(e.textEnd(e.cursor))
	case tea.KeyCtrlHome:
		e.moveTo(0)
	case tea.KeyCtrlEnd:
		e.moveTo(e.buf.Size())
	default:
		return false
	}
	return true
}

func (e *Editor) moveTo(off int) {
	e.cursor, e.goal = off, -1
	e.reveal()
}

// textEnd is the end of the line of an offset before its line end, CR
// included.
func (e *Editor) textEnd(off int) int {
	end := e.buf.LineEnd(off)
	if end < e.buf.Size() && end > e.buf.LineStart(off) && e.byteAt(end-1) == '\r' {
		return end - 1
	}
	return end
}

func (e *Editor) byteAt(off int) byte { return e.buf.Slice(off, off+1)[0] }

// right returns the offset after the character at an offset.
func (e *Editor) right(off int) int {
	if off >= e.buf.Size() {
		return off
	}
	if off == e.textEnd(off) {
		return min(e.buf.LineEnd(off)+1, e.buf.Size())
	}
	return off + glyph.Next(e.buf.Slice(off, e.rows.At(off).End)).Bytes
}

// left returns the offset of the character before an offset.
func (e *Editor) left(off int) int {
	if off == 0 {
		return 0
	}
	if off == e.buf.LineStart(off) {
		return e.textEnd(off - 1)
	}
	return e.glyphStart(off - 1)
}

// glyphStart returns the start of the character that holds an offset of a line.
func (e *Editor) glyphStart(off int) int {
	x := e.rows.At(off)
	b := e.buf.Slice(x.Start, x.End)
	at := x.Start
	for i := 0; i < len(b); {
		n := glyph.Next(b[i:]).Bytes
		if at+n > off {
			return at
		}
		at += n
		i += n
	}
	return at
}

// snap returns the nearest place before an offset where a cursor can be.
func (e *Editor) snap(off int) int {
	if end := e.buf.LineEnd(off); off == end {
		return e.textEnd(off)
	}
	return e.glyphStart(off)
}

// settle returns the nearest place after an offset where a cursor can be: what
// was typed in front of a mark has become one character with it.
func (e *Editor) settle(off int) int {
	start := e.snap(off)
	if start == off || off == e.buf.LineEnd(off) {
		return start
	}
	return e.right(start)
}

// home is the first character of the line that is no blank; from there, the
// beginning of the line.
func (e *Editor) home() int {
	start := e.buf.LineStart(e.cursor)
	end := min(e.textEnd(e.cursor), start+wordReach)
	text := start
	for text < end {
		if c := e.byteAt(text); c != ' ' && c != '\t' {
			break
		}
		text++
	}
	text = e.snap(text) // a mark may sit on the last blank
	if e.cursor == text || text == end {
		return start
	}
	return text
}

// wordReach bounds the look for the end of a word.
const wordReach = 4096

func (e *Editor) wordLeft(off int) int {
	start := e.buf.LineStart(off)
	if off == start {
		return e.left(off)
	}
	from := max(start, off-wordReach)
	return e.snap(from + glyph.WordLeft(e.buf.Slice(from, off), off-from))
}

func (e *Editor) wordRight(off int) int {
	end := e.textEnd(off)
	if off >= end {
		return e.right(off)
	}
	to := min(end, off+wordReach)
	at := off + glyph.WordRight(e.buf.Slice(off, to), 0)
	if at = e.snap(at); at <= off {
		return e.right(off)
	}
	return at
}

// vertical moves by rows of the screen and keeps to a column.
func (e *Editor) vertical(n, goal int) {
	if goal < 0 {
		goal = e.rows.Column(e.rows.At(e.cursor), e.cursor)
	}
	x, moved := e.rows.Move(e.cursor, n)
	switch {
	case moved == 0 && n < 0:
		e.moveTo(0)
	case moved == 0:
		e.moveTo(e.buf.Size())
	default:
		e.moveTo(e.inRow(x, goal))
	}
	e.goal = goal
}

// inRow returns the place in a row that is nearest to a column.
func (e *Editor) inRow(x rows.Row, col int) int {
	off := e.rows.Offset(x, col)
	if off < x.End {
		return off
	}
	if x.End == e.buf.LineEnd(x.Start) {
		return e.textEnd(x.End)
	}
	return e.glyphStart(x.End - 1) // the end of a wrapped row is the next one's start
}

// Click moves the cursor to a cell, counted from 0.
func (e *Editor) Click(x, y int) {
	if x < 0 || y < 0 || x >= e.w || y >= e.h {
		return
	}
	target, moved := e.rows.Move(min(e.top, e.buf.Size()), y)
	e.past.sealed = true
	e.anchor = -1
	if moved < y {
		e.moveTo(e.textEnd(target.End))
		return
	}
	e.moveTo(e.inRow(target, max(0, x-e.gutter())))
}

// ScrollBy moves the screen by n rows, up is negative; the cursor stays where
// it is.
func (e *Editor) ScrollBy(n int) {
	x, _ := e.rows.Move(min(e.top, e.buf.Size()), n)
	if n > 0 {
		last, _ := e.rows.Move(e.buf.Size(), -max(0, e.h-1))
		x.Start = min(x.Start, last.Start)
	}
	e.top = x.Start
}

// reveal scrolls as little as needed to have the cursor on the screen.
func (e *Editor) reveal() {
	if e.h <= 0 || e.w <= 0 {
		return
	}
	top := e.rows.At(min(e.top, e.buf.Size()))
	e.top = top.Start
	target := e.rows.At(e.cursor)
	if target.Start < top.Start {
		e.top = target.Start
	} else {
		least, _ := e.rows.Move(target.Start, 1-e.h)
		e.top = max(e.top, least.Start)
	}
}

// glyphCount remembers how many characters of a line stand before an offset, so
// that the column in a line of a megabyte is not counted from its beginning.
type glyphCount struct{ line, off, glyphs int }

func (e *Editor) countGlyphs(from, to int) (n int) {
	for at := from; at < to; {
		start, end := e.rows.Segment(at)
		end = min(end, to)
		for b := e.buf.Slice(max(at, start), end); len(b) > 0; n++ {
			size, _ := e.rows.Measure(b, 0)
			b = b[size:]
		}
		at = max(end, at+1)
	}
	return n
}
