package editor

import (
	"strconv"
	"strings"

	"countersign/tui/ui"
	"countersign/tui/ui/rows"
)

// View draws exactly the size.
func (e *Editor) View() string {
	if e.w <= 0 || e.h <= 0 {
		return ""
	}
	gutter := e.gutter()
	lines := make([]string, 0, e.h)
	for x := range e.rows.Screen(e.top, e.h) {
		c := rows.NewCanvas(e.theme, e.w)
		e.number(c, gutter, x)
		e.painter.Draw(c, x.Row, 0, e.overlays(x.Row))
		if x.Last {
			e.endOfLine(c, x.Row)
		}
		lines = append(lines, c.Line())
	}
	for len(lines) < e.h {
		lines = append(lines, ui.Spaces(e.w))
	}
	return strings.Join(lines, "\n")
}

// number draws the line's number and the sign of its worst mark.
func (e *Editor) number(c *rows.Canvas, gutter int, x rows.Line) {
	if gutter == 0 {
		return
	}
	if !x.First {
		c.Blank(gutter, ui.PaintNone)
		return
	}
	start, end := x.Start, e.buf.LineEnd(x.Start)
	worst := Severity(-1)
	for _, m := range e.marksIn(start, end) {
		worst = max(worst, m.Severity)
	}
	style := ui.PaintLineNumber
	if e.hasCursor() && e.cursor >= start && e.cursor <= end {
		style = ui.PaintCursorLine
	}
	s := strconv.Itoa(x.Number + 1)
	c.Blank(gutter-1-len(s), ui.PaintNone)
	c.Put(s, len(s), style)
	switch worst {
	case MarkError:
		c.Put("✗", 1, ui.PaintBad)
	case MarkWarning:
		c.Put("!", 1, ui.PaintWarn)
	case MarkInformation:
		c.Put("·", 1, ui.PaintInfo)
	default:
		c.Blank(1, ui.PaintNone)
	}
}

var markPaints = map[Severity]ui.Paint{MarkInformation: ui.PaintMarkInfo, MarkWarning: ui.PaintMarkWarn,
	MarkError: ui.PaintMarkBad}

// markReach bounds the length of a mark: the row of a mark that begins farther
// before it does not show it.
const markReach = 1 << 10

// overlays returns what is painted over the text of a row, the last on top.
func (e *Editor) overlays(x rows.Row) []rows.Overlay {
	var out []rows.Overlay
	if from, to := e.Selection(); from < to && from < x.End && to > x.Start {
		out = append(out, rows.Overlay{From: from, To: to, Paint: ui.PaintSelected})
	}
	for _, m := range e.marksIn(x.Start-markReach, x.End-1) {
		out = append(out, rows.Overlay{From: m.Offset, To: m.Offset + max(1, min(m.Length, markReach)),
			Paint: markPaints[m.Severity]})
	}
	out = e.find.Overlays(out, e.buf, x, 0)
	if !e.hasCursor() {
		return out
	}
	if own, other, ok := e.brackets(); ok {
		out = append(out, rows.Overlay{From: own, To: own + 1, Paint: ui.PaintBracket},
			rows.Overlay{From: other, To: other + 1, Paint: ui.PaintBracket})
	}
	if e.cursor >= x.Start && e.cursor < x.End {
		out = append(out, rows.Overlay{From: e.cursor, To: e.cursor + 1, Paint: e.cursorPaint()})
	}
	return out
}

func (e *Editor) hasCursor() bool { return e.focused || e.quiet }

// cursorPaint is that of a quiet cursor beside selected text too: without
// colours both are reversed.
func (e *Editor) cursorPaint() ui.Paint {
	if !e.focused || e.Selecting() {
		return ui.PaintQuietCursor
	}
	return ui.PaintCursor
}

// endOfLine draws the cursor, a mark, or a selected line end behind the last
// character.
func (e *Editor) endOfLine(c *rows.Canvas, x rows.Row) {
	if e.hasCursor() && e.cursor == x.End {
		c.Put(" ", 1, e.cursorPaint())
		return
	}
	for _, m := range e.marksIn(x.End, x.End) {
		c.Put(" ", 1, markPaints[m.Severity])
		return
	}
	if from, to := e.Selection(); from <= x.End && to > x.End && x.End < e.buf.Size() {
		c.Put(" ", 1, ui.PaintSelected)
	}
}
