package ui

import (
	"strconv"
	"strings"
)

// View draws exactly the size.
func (e *Editor) View() string {
	if e.w <= 0 || e.h <= 0 {
		return ""
	}
	gutter := e.gutter()
	lines := make([]string, 0, e.h)
	x := e.rows.at(min(e.top, e.buf.size()))
	number, first := e.buf.lineOf(x.start), e.buf.lineStart(x.start) == x.start
	for len(lines) < e.h {
		end := e.buf.lineEnd(x.start)
		c := newCanvas(e.theme, e.w)
		e.number(c, gutter, number, first, end)
		e.painter.draw(c, x, e.x, e.overlays(x))
		if x.end == end {
			e.endOfLine(c, x)
		}
		lines = append(lines, c.line())
		start, ok := e.rows.next(x)
		if !ok {
			break
		}
		if first = x.end == end; first {
			number++
		}
		x = e.rows.at(start)
	}
	for len(lines) < e.h {
		lines = append(lines, spaces(e.w))
	}
	return strings.Join(lines, "\n")
}

// number draws the line's number and the sign of its worst mark.
func (e *Editor) number(c *canvas, gutter, n int, first bool, end int) {
	if gutter == 0 {
		return
	}
	if !first {
		c.blank(gutter, paintNone)
		return
	}
	start := e.buf.lineAt(n)
	worst := Severity(-1)
	for _, m := range e.marksIn(start, end) {
		worst = max(worst, m.Severity)
	}
	style := paintLineNumber
	if e.hasCursor() && e.cursor >= start && e.cursor <= end {
		style = paintCursorLine
	}
	s := strconv.Itoa(n + 1)
	c.blank(gutter-1-len(s), paintNone)
	c.put(s, len(s), style)
	switch worst {
	case MarkError:
		c.put("✗", 1, paintBad)
	case MarkWarning:
		c.put("!", 1, paintWarn)
	case MarkInformation:
		c.put("·", 1, paintInfo)
	default:
		c.blank(1, paintNone)
	}
}

var markPaints = map[Severity]paintID{MarkInformation: paintMarkInfo, MarkWarning: paintMarkWarn, MarkError: paintMarkBad}

// markReach bounds the length of a mark: the row of a mark that begins farther
// before it does not show it.
const markReach = 1 << 10

// overlays gives what is painted over the text of a row, the last on top.
func (e *Editor) overlays(x row) []overlay {
	var out []overlay
	if from, to := e.Selection(); from < to && from < x.end && to > x.start {
		out = append(out, overlay{from, to, paintSelected})
	}
	for _, m := range e.marksIn(x.start-markReach, x.end-1) {
		out = append(out, overlay{m.Offset, m.Offset + max(1, min(m.Length, markReach)), markPaints[m.Severity]})
	}
	out = e.matches(out, x)
	if !e.hasCursor() {
		return out
	}
	if own, other, ok := e.brackets(); ok {
		out = append(out, overlay{own, own + 1, paintBracket}, overlay{other, other + 1, paintBracket})
	}
	if e.cursor >= x.start && e.cursor < x.end {
		out = append(out, overlay{e.cursor, e.cursor + 1, e.cursorPaint()})
	}
	return out
}

func (e *Editor) hasCursor() bool { return e.focused || e.quiet }

// cursorPaint is that of a quiet cursor beside selected text too: without
// colours both are reversed.
func (e *Editor) cursorPaint() paintID {
	if !e.focused || e.Selecting() {
		return paintQuietCursor
	}
	return paintCursor
}

// endOfLine draws the cursor, a mark, or a selected line end behind the last
// character.
func (e *Editor) endOfLine(c *canvas, x row) {
	if e.hasCursor() && e.cursor == x.end {
		c.put(" ", 1, e.cursorPaint())
		return
	}
	for _, m := range e.marksIn(x.end, x.end) {
		c.put(" ", 1, markPaints[m.Severity])
		return
	}
	if from, to := e.Selection(); from <= x.end && to > x.end && x.end < e.buf.size() {
		c.put(" ", 1, paintSelected)
	}
}
