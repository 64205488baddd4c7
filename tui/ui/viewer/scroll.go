package viewer

import (
	"countersign/tui/ui"
	"countersign/tui/ui/rows"
)

// place puts the row that holds an offset at the top, or as near as the end
// of the content allows.
func (v *Viewer) place(off int) {
	off = max(0, min(off, v.size()))
	if v.mode == Hex {
		v.top = off - off%v.perRow()
	} else {
		v.top = v.rows.At(min(off, v.rows.LastOffset())).Start
	}
	v.top = max(0, min(v.top, v.lastTop()))
}

// lastTop is the top at which the last row is at the bottom of the screen.
func (v *Viewer) lastTop() int {
	if v.bottom < 0 {
		switch {
		case v.size() == 0:
			v.bottom = 0
		case v.mode == Hex:
			v.bottom = max(0, v.Total()-max(1, v.h)) * v.perRow()
		default:
			x, _ := v.rows.Back(v.rows.LastOffset(), max(0, v.h-1))
			v.bottom = x.Start
		}
	}
	return v.bottom
}

// ScrollBy moves the screen by n rows; up is negative.
func (v *Viewer) ScrollBy(n int) {
	switch {
	case n == 0 || v.size() == 0:
		return
	case v.mode == Hex:
		v.top += n * v.perRow()
	case n < 0:
		x, _ := v.rows.Back(v.top, -n)
		v.top = x.Start
	default:
		if v.top >= v.lastTop() {
			return
		}
		x, _ := v.rows.Forward(v.top, n)
		v.top = x.Start
	}
	v.top = max(0, min(v.top, v.lastTop()))
}

// Go moves the screen; a page is a screen less a row, which keeps the context.
func (v *Viewer) Go(m ui.Move) {
	switch m.End {
	case -1:
		v.Top()
	case 1:
		v.Bottom()
	default:
		v.ScrollBy(m.Rows(v.h))
	}
}

// Walk moves the cursor, and the screen with it.
func (v *Viewer) Walk(m ui.Move) {
	switch {
	case m.End != 0:
		v.Go(m)
	case m.Pages != 0:
		v.StepPage(m.Pages)
	default:
		v.Step(m.Lines)
	}
}

// Top goes to the beginning.
func (v *Viewer) Top() { v.top, v.x, v.cursor = 0, 0, 0 }

// Bottom goes to the end.
func (v *Viewer) Bottom() {
	v.top = v.lastTop()
	v.cursor = v.lineStartOf(v.lastLineOffset())
}

func (v *Viewer) lastLineOffset() int {
	if v.mode == Hex {
		return max(0, v.size()-1)
	}
	return v.rows.LastOffset()
}

// ScrollX moves along lines that are cut, by n cells to the right.
func (v *Viewer) ScrollX(n int) {
	if !v.wrap && v.mode != Hex {
		v.x = max(0, min(v.x+n, v.widest()-1))
	}
}

// widest is the width of the widest row on the screen.
func (v *Viewer) widest() int {
	widest := 1
	if v.size() == 0 {
		return widest
	}
	x := v.rows.At(v.top)
	for range v.h {
		widest = max(widest, v.rows.Column(x, x.End))
		start, ok := v.rows.Next(x)
		if !ok {
			break
		}
		x = v.rows.At(start)
	}
	return widest
}

// MoveCursor moves the cursor by n lines of the text and keeps it on the screen.
func (v *Viewer) MoveCursor(n int) { v.GoTo(v.CursorLine() + n) }

// GoTo moves the cursor to a line, from 1, and keeps it on the screen.
func (v *Viewer) GoTo(line int) {
	line = max(1, min(line, v.Total()))
	if v.mode == Hex {
		v.cursor = (line - 1) * v.perRow()
	} else {
		v.cursor = v.doc.LineAt(line - 1)
	}
	v.reveal(v.cursor)
}

// Step moves the cursor by n rows and the screen with it, so that one gets
// through a line that is longer than the screen too.
func (v *Viewer) Step(n int) {
	if v.size() == 0 {
		return
	}
	if v.mode == Hex {
		last := v.lineStartOf(v.lastLineOffset())
		v.cursor = max(0, min(v.lineStartOf(v.cursor)+n*v.perRow(), last))
	} else if n < 0 {
		x, _ := v.rows.Back(v.cursor, -n)
		v.cursor = x.Start
	} else {
		x, _ := v.rows.Forward(v.cursor, n)
		v.cursor = x.Start
	}
	v.reveal(v.cursor)
}

// StepPage moves screen and cursor by a page: down for 1, up for -1. At the end
// the cursor goes to the last row.
func (v *Viewer) StepPage(direction int) {
	n := direction * max(1, v.h-1)
	top := v.top
	if v.ScrollBy(n); v.top == top {
		v.Step(n)
		return
	}
	v.HoldCursor()
}

// HoldCursor keeps the cursor on the screen after the screen was moved.
func (v *Viewer) HoldCursor() {
	if v.size() == 0 || v.h == 0 {
		return
	}
	if v.mode == Hex {
		v.cursor = max(v.top, min(v.lineStartOf(v.cursor), v.top+(v.h-1)*v.perRow(), v.lineStartOf(v.lastLineOffset())))
		return
	}
	if v.cursor < v.top {
		v.cursor = v.top
		return
	}
	if last, _ := v.rows.Forward(v.top, v.h-1); v.cursor > last.Start {
		v.cursor = last.Start
	}
}

// Click moves the cursor to a row of the screen, from 0.
func (v *Viewer) Click(y int) {
	if y < 0 || y >= v.h || v.size() == 0 {
		return
	}
	if v.mode == Hex {
		v.cursor = min(v.top+y*v.perRow(), v.lineStartOf(v.lastLineOffset()))
		return
	}
	x, _ := v.rows.Forward(v.top, y)
	v.cursor = x.Start
}

func (v *Viewer) lineStartOf(off int) int {
	if v.mode == Hex {
		return off - off%v.perRow()
	}
	return v.doc.LineStart(off)
}

// reveal scrolls as little as needed to have an offset on the screen; from
// far away it puts it a third down.
func (v *Viewer) reveal(off int) {
	if v.size() == 0 || v.h == 0 {
		return
	}
	if v.mode == Hex {
		at := off - off%v.perRow()
		if at < v.top || at >= v.top+v.h*v.perRow() {
			v.place(max(0, at-v.h/3*v.perRow()))
		}
		return
	}
	target := v.rows.At(off)
	if !v.onScreen(target) {
		switch x, n := v.rows.Back(target.Start, v.h); {
		case n < v.h || v.top < x.Start || v.top > target.Start:
			near, _ := v.rows.Back(target.Start, v.h/3)
			if p, ok := v.rows.Prev(rows.Row{Start: v.top}); ok && p == target {
				near = target // one row up: scroll by one
			}
			v.place(near.Start)
		default:
			v.ScrollBy(1)
		}
	}
	if !v.wrap {
		v.revealX(v.rows.Column(target, off))
	}
}

// onScreen reports whether a row is drawn now.
func (v *Viewer) onScreen(target rows.Row) bool {
	x := v.rows.At(v.top)
	for range v.h {
		if x.Start == target.Start {
			return true
		}
		start, ok := v.rows.Next(x)
		if !ok || start > target.Start {
			return false
		}
		x = v.rows.At(start)
	}
	return false
}

func (v *Viewer) revealX(col int) {
	w := max(1, v.rows.Width)
	if col < v.x || col >= v.x+w {
		v.x = max(0, col-w/3)
	}
}

// Thumb gives the rows of a scroll bar as tall as the screen that stand for
// what is on it: [from, to); 0, 0 where all is.
func (v *Viewer) Thumb() (from, to int) {
	last := v.lastTop()
	if last == 0 || v.h == 0 {
		return 0, 0
	}
	length := max(1, int(int64(v.h)*int64(v.size()-last)/int64(v.size())))
	from = int(int64(v.h-length) * int64(v.top) / int64(last))
	return from, from + length
}
