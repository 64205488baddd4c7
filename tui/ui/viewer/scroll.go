package viewer

import (
	"countersign/tui/ui"
	"countersign/tui/ui/rows"
)

// place puts the row that holds an offset at the top, or as near as the end
// of the content allows.
func (v *Viewer) place(off int) {
	off = max(0, min(off, v.rows.LastOffset()))
	v.top = max(0, min(v.rows.At(off).Start, v.lastTop()))
}

// lastTop is the top at which the last row is at the bottom of the screen.
func (v *Viewer) lastTop() int {
	if v.bottom < 0 {
		v.bottom = v.rowsFrom(v.rows.LastOffset(), -max(0, v.h-1))
	}
	return v.bottom
}

// rowsFrom returns where the row begins that is n rows from that of an offset.
func (v *Viewer) rowsFrom(off, n int) int {
	if every := v.rows.Every; every > 0 { // at once, however far
		return max(0, min(off-off%every+n*every, v.rows.At(v.size()).Start))
	}
	x, _ := v.rows.Move(off, n)
	return x.Start
}

// ScrollBy moves the screen by n rows; up is negative.
func (v *Viewer) ScrollBy(n int) {
	if n < 0 || v.top < v.lastTop() {
		v.top = min(v.rowsFrom(v.top, n), v.lastTop())
	}
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
	v.cursor = v.lineStartOf(v.rows.LastOffset())
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
	for x := range v.rows.Screen(v.top, v.h) {
		widest = max(widest, v.rows.Column(x.Row, x.End))
	}
	return widest
}

// Step moves the cursor by n rows and the screen with it, so that one gets
// through a line that is longer than the screen too.
func (v *Viewer) Step(n int) {
	v.cursor = v.rowsFrom(v.cursor, n)
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
	if v.h > 0 {
		v.cursor = max(v.top, min(v.cursor, v.rowsFrom(v.top, v.h-1)))
	}
}

// Click moves the cursor to a row of the screen, from 0.
func (v *Viewer) Click(y int) {
	if y >= 0 && y < v.h {
		v.cursor = v.rowsFrom(v.top, y)
	}
}

// lineStartOf returns where the line of an offset begins; in hex, its row.
func (v *Viewer) lineStartOf(off int) int {
	if v.mode == Hex {
		return v.rows.At(off).Start
	}
	return v.doc.LineStart(off)
}

// reveal scrolls as little as needed to have an offset on the screen; from
// far away it puts it a third down.
func (v *Viewer) reveal(off int) {
	if v.size() == 0 || v.h == 0 {
		return
	}
	target := v.rows.At(off)
	switch after, ok := v.rows.Next(rows.Row{Start: v.top, End: v.rows.At(v.rowsFrom(v.top, v.h-1)).End}); {
	case target.Start >= v.top && (!ok || target.Start < after): // it is there
	case ok && target.Start == after:
		v.ScrollBy(1)
	case target.Start == v.rowsFrom(v.top, -1):
		v.ScrollBy(-1)
	default:
		v.place(v.rowsFrom(target.Start, -v.h/3))
	}
	if !v.wrap && v.mode != Hex {
		v.revealX(v.rows.Column(target, off))
	}
}

func (v *Viewer) revealX(col int) {
	w := max(1, v.rows.Width)
	if col < v.x || col >= v.x+w {
		v.x = max(0, col-w/3)
	}
}
