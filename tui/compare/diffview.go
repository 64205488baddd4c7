package compare

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"countersign/apiclient/compare"
	"countersign/apiclient/english"
	"countersign/tui/ui"
	"countersign/tui/ui/rows"
)

// View draws exactly the size.
func (v *diff) View() string {
	if v.w <= 0 || v.h <= 0 {
		return ""
	}
	lines := make([]string, 0, v.h)
	skip := v.top.row
	for entry := v.top.entry; entry < v.entries && len(lines) < v.h; entry++ {
		drawn := v.draw(entry)
		lines = append(lines, drawn[min(skip, len(drawn)):]...)
		skip = 0
	}
	lines = lines[:min(len(lines), v.h)]
	for len(lines) < v.h {
		lines = append(lines, ui.Spaces(v.w))
	}
	return strings.Join(lines, "\n")
}

// rowsOf is how many rows an entry takes.
func (v *diff) rowsOf(entry int) int {
	b, ok := v.blockAt(entry)
	switch {
	case !ok, b.kind == diffTitle, b.kind == diffFold, b.kind == diffGap:
		return 1
	case b.kind == diffNote:
		return len(v.note(b))
	}
	left, right := v.cells(b, entry)
	return max(1, v.rowsIn(left), v.rowsIn(right))
}

func (v *diff) draw(entry int) []string {
	b, ok := v.blockAt(entry)
	if !ok {
		return nil
	}
	switch b.kind {
	case diffGap:
		return []string{ui.Spaces(v.w)}
	case diffTitle:
		return []string{v.title(v.sections[b.section])}
	case diffNote:
		return v.note(b)
	case diffFold:
		text := fmt.Sprintf("⋯ %d equal %s ⋯", b.from, english.Plural(b.from, "line"))
		return []string{v.theme.Faint.Render(ui.Fit(strings.Repeat(" ", v.gutter(b.section))+text, v.w))}
	}
	left, right := v.cells(b, entry)
	here := v.current >= 0 && v.places[v.current].section == b.section && v.places[v.current].chunk == b.chunk
	if !v.wide() {
		if left.width == 0 {
			left = right
		}
		return v.column(left, here, v.rowsIn(left))
	}
	n := max(1, v.rowsIn(left), v.rowsIn(right))
	l, r := v.column(left, here, n), v.column(right, false, n)
	rule := v.theme.Border.Render("│")
	for i := range l {
		l[i] += rule + r[i]
	}
	return l
}

func (v *diff) title(s section) string {
	name := "── " + ui.Safe(s.Title)
	says := "  " + ui.Safe(s.Says) + " "
	if ui.Width(name)+ui.Width(says) > v.w {
		says = ui.Truncate(says, max(0, v.w-ui.Width(name)))
	}
	rest := max(0, v.w-ui.Width(name)-ui.Width(says))
	return ui.Fit(v.theme.Title.Render(name)+v.theme.Muted.Render(says)+v.theme.Border.Render(strings.Repeat("─", rest)),
		v.w)
}

func (v *diff) note(b diffBlock) []string {
	var lines []string
	for _, l := range ui.Words(ui.Safe(v.sections[b.section].Note), max(1, v.w-3)) {
		lines = append(lines, v.theme.Muted.Render(ui.Fit("   "+l, v.w)))
	}
	return lines
}

// diffCell is a piece of one text in a column, or the lack of one.
type diffCell struct {
	width   int // of the column; 0: the cell is not drawn
	section int
	side    int // 0: A, 1: B
	piece   int // -1: there is none beside the other
	chunk   compare.Chunk
}

// cells returns what an entry shows: two cells side by side, or one.
func (v *diff) cells(b diffBlock, entry int) (left, right diffCell) {
	c := v.sections[b.section].Chunks[b.chunk]
	i := b.from + entry - b.start
	left = diffCell{section: b.section, side: 0, piece: -1, chunk: c}
	right = diffCell{section: b.section, side: 1, piece: -1, chunk: c}
	if v.wide() {
		left.width = (v.w - 1) / 2
		right.width = v.w - 1 - left.width
	}
	na := c.A1 - c.A0
	switch {
	case v.wide():
		if i < na {
			left.piece = c.A0 + i
		}
		if i < c.B1-c.B0 {
			right.piece = c.B0 + i
		}
	case c.Same || i < na:
		left.width, left.piece = v.w, c.A0+i
	default:
		right.width, right.piece = v.w, c.B0+i-na
	}
	return left, right
}

// text is the text that a cell is of, and its piece.
func (v *diff) text(c diffCell) (text, rows.Row) {
	t := v.sections[c.section].A
	if c.side == 1 {
		t = v.sections[c.section].B
	}
	return t, t.piece(c.piece)
}

// gutter is what stands before the text of a column: a mark, a line number, a
// sign.
func (v *diff) gutter(section int) int {
	s := v.sections[section]
	return max(2, rows.Digits(max(s.A.doc.Lines(), s.B.doc.Lines()))) + 4
}

// layout returns the rows of a cell, without the LF at the end of the piece.
func (v *diff) layout(c diffCell) (layout rows.Layout, starts []int, end int, feed bool) {
	t, x := v.text(c)
	end = x.End
	if feed = end > x.Start && t.doc.B[end-1] == '\n'; feed {
		end--
	}
	layout = rows.Layout{Doc: t.doc, Width: max(1, c.width-v.gutter(c.section)-1), Wrap: true}
	return layout, layout.WrapInto([]int{x.Start}, t.doc.Slice(x.Start, end), x.Start), end, feed
}

func (v *diff) rowsIn(c diffCell) int {
	if c.width == 0 || c.piece < 0 {
		return 0
	}
	_, starts, _, _ := v.layout(c)
	return len(starts)
}

// column draws a cell in n rows.
func (v *diff) column(c diffCell, here bool, n int) []string {
	lines := make([]string, 0, n)
	if c.piece >= 0 && c.width > 0 {
		lines = v.pieceLines(lines, c, here)
	}
	for len(lines) < n {
		lines = append(lines, ui.Spaces(c.width))
	}
	return lines
}

func (v *diff) pieceLines(lines []string, c diffCell, here bool) []string {
	layout, starts, end, feed := v.layout(c)
	painter := rows.Painter{Rows: &layout, Canon: true}
	over := c.overlays(starts[0], end+1)
	for i, start := range starts {
		x := rows.Row{Start: start, End: end}
		if i+1 < len(starts) {
			x.End = starts[i+1]
		}
		out := rows.NewCanvas(v.theme, c.width)
		v.head(out, c, start, i == 0, here)
		painter.Draw(out, x, 0, over)
		if feed && x.End == end {
			style, covered := rows.Cover(ui.PaintFaint, over, end, 1)
			if !covered {
				style = ui.PaintFaint
			}
			out.Put("␊", 1, style)
		}
		lines = append(lines, out.Line())
	}
	return lines
}

// head draws what stands before a row.
func (v *diff) head(out *rows.Canvas, c diffCell, start int, first, here bool) {
	mark, sign, style := " ", " ", ui.PaintLineNumber
	switch {
	case c.chunk.Same:
	case c.chunk.Always:
		sign, style = "~", ui.PaintFaint
	case c.side == 0:
		sign, style = "-", ui.PaintBad
	default:
		sign, style = "+", ui.PaintGood
	}
	if here {
		mark = "▌"
	}
	out.Put(mark, 1, ui.PaintCursorLine)
	width := v.gutter(c.section) - 4
	t, _ := v.text(c)
	doc, number := t.doc, ""
	if first && doc.LineStart(start) == start {
		number = strconv.Itoa(doc.LineOf(start) + 1)
	}
	out.Blank(width-len(number), ui.PaintNone)
	out.Put(number, len(number), ui.PaintLineNumber)
	out.Blank(1, ui.PaintNone)
	if first {
		out.Put(sign, 1, style)
	} else {
		out.Blank(1, ui.PaintNone)
	}
	out.Blank(1, ui.PaintNone)
}

// overlays marks what differs in the bytes [from, to) of a cell's text.
func (c diffCell) overlays(from, to int) []rows.Overlay {
	paint := ui.PaintRemoved
	if c.side == 1 {
		paint = ui.PaintAdded
	}
	overlay := func(from, to int, always bool) rows.Overlay {
		if always {
			return rows.Overlay{From: from, To: to, Paint: ui.PaintQuiet}
		}
		return rows.Overlay{From: from, To: to, Paint: paint}
	}
	edits := c.chunk.Edits
	switch {
	case c.chunk.Same:
		return nil
	case edits == nil:
		return []rows.Overlay{overlay(from, to, c.chunk.Always)}
	}
	mine := func(e compare.Edit) compare.Range {
		if c.side == 1 {
			return e.B
		}
		return e.A
	}
	var out []rows.Overlay
	i := sort.Search(len(edits), func(i int) bool { return mine(edits[i]).To > from })
	for ; i < len(edits) && mine(edits[i]).From < to; i++ {
		if r := mine(edits[i]); r.To > r.From {
			out = append(out, overlay(r.From, r.To, edits[i].Always))
		}
	}
	return out
}
