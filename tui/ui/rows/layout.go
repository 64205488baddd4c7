// Package rows holds what the viewer and the editor have in common: a text of any
// size of which only the rows on the screen are laid out, coloured and searched.
package rows

import (
	"iter"
	"sort"
	"unicode"
	"unicode/utf8"

	"countersign/tui/ui/glyph"
)

// Layout cuts a document into rows of the screen, only where it is looked at. A
// row is known by the offset of its first byte.
//
// A line of more than segment bytes is laid out in segments: so a body of one
// line of 20 MB costs no more than one of many lines. With wrapping a segment
// is a multiple of the width, so that plain text shows no seam.
type Layout struct {
	Doc   Document
	Width int  // cells of a row, at least 1
	Wrap  bool // else a segment is one row, however wide
	Tabs  bool // tabs move to the next multiple of tabWidth; else they are symbols
	Skips bool // lines are missing: their numbers do not follow each other
	Every int  // bytes of each row, whatever they are; 0: rows are cut by lines and width

	cache struct {
		valid      bool
		start, end int
		breaks     []int
	}
}

// SegmentBytes is how much of a line is laid out at once, about.
const (
	SegmentBytes = 8 << 10
	tabWidth     = 4
)

// Row is [start, end) of a document; end is the end of the line (its LF) or
// where the next row begins.
type Row struct{ Start, End int }

// Reset forgets what was laid out: after an edit, or another width.
func (r *Layout) Reset() { r.cache.valid = false }

func (r *Layout) segmentLen() int {
	if !r.Wrap {
		return SegmentBytes
	}
	return r.Width * max(1, SegmentBytes/r.Width)
}

// Segment returns the part of a line, as large as is laid out at once, that
// holds an offset.
func (r *Layout) Segment(off int) (start, end int) {
	if r.Every > 0 {
		off = min(off, r.LastOffset())
		return off - off%r.Every, min(off-off%r.Every+r.Every, r.Doc.Size())
	}
	if c := &r.cache; c.valid && off >= c.start && off < c.end {
		return c.start, c.end
	}
	start, end = r.Doc.LineStart(off), r.Doc.LineEnd(off)
	n := r.segmentLen()
	if end-start <= n {
		return start, end
	}
	first, last := start, end
	k := (off - first) / n
	if next := r.boundary(first, last, k+1, n); off >= next && next < last {
		k++
	}
	start, end = r.boundary(first, last, k, n), r.boundary(first, last, k+1, n)
	if start == last { // the end of the line belongs to its last segment
		start, end = r.boundary(first, last, k-1, n), last
	}
	return start, end
}

// boundary returns where segment k of a line begins: k*n bytes in, or a little
// before, where no character is cut.
func (r *Layout) boundary(first, last, k, n int) int {
	at := first + k*n
	if at >= last {
		return last
	}
	if k <= 0 {
		return first
	}
	const reach = 32
	from := max(first, at-reach)
	b := r.Doc.Slice(from, min(at+utf8.UTFMax, last))
	i := at - from
	for tries := 0; i > 0 && tries < reach; tries++ {
		if utf8.RuneStart(b[i]) {
			c, _ := utf8.DecodeRune(b[i:])
			p, _ := utf8.DecodeLastRune(b[:i])
			if !unicode.Is(unicode.M, c) && !unicode.Is(unicode.Cf, c) && !unicode.Is(unicode.Cf, p) {
				return from + i
			}
		}
		i--
	}
	return at
}

// breaks returns the starts of the rows of a segment.
func (r *Layout) breaks(start, end int) []int {
	if r.cache.valid && r.cache.start == start && r.cache.end == end {
		return r.cache.breaks
	}
	out := append(r.cache.breaks[:0], start)
	if r.Wrap {
		out = r.WrapInto(out, r.Doc.Slice(start, end), start)
	}
	r.cache.valid, r.cache.start, r.cache.end, r.cache.breaks = true, start, end, out
	return out
}

// WrapInto appends where the rows of b after the first begin; base is the offset
// of b.
func (r *Layout) WrapInto(out []int, b []byte, base int) []int {
	col := 0
	for i := 0; i < len(b); {
		n, cells := r.Measure(b[i:], col)
		if col+cells > r.Width && col > 0 {
			out = append(out, base+i)
			col = 0
			n, cells = r.Measure(b[i:], 0)
		}
		col += cells
		i += n
	}
	return out
}

// Measure returns the bytes and cells of the glyph at the start of b, in a column.
func (r *Layout) Measure(b []byte, col int) (n, cells int) {
	c := b[0]
	if c >= 0x20 && c < 0x7f && (len(b) == 1 || b[1] < utf8.RuneSelf) {
		return 1, 1
	}
	if c == '\t' && r.Tabs {
		return 1, tabWidth - col%tabWidth
	}
	g := glyph.Next(b)
	return g.Bytes, g.Cells
}

// At returns the row that holds an offset; an LF is in the last row of its line.
func (r *Layout) At(off int) Row {
	start, end := r.Segment(off)
	breaks := r.breaks(start, end)
	i := sort.SearchInts(breaks, off+1) - 1
	out := Row{breaks[i], end}
	if i+1 < len(breaks) {
		out.End = breaks[i+1]
	}
	return out
}

// Next returns the start of the row after one; ok is false at the end.
func (r *Layout) Next(x Row) (start int, ok bool) {
	size := r.Doc.Size()
	if x.End >= size {
		return 0, false
	}
	if r.Every > 0 || r.Doc.Slice(x.End, x.End+1)[0] != '\n' {
		return x.End, true
	}
	if x.End+1 == size && r.Doc.LineOf(size) >= r.Doc.Lines() {
		return 0, false // a final LF ends the last line
	}
	return x.End + 1, true
}

// Move returns the row n rows from that of an offset, back where n is negative,
// or the last there is, and how many rows it went.
func (r *Layout) Move(off, n int) (x Row, moved int) {
	x = r.At(off)
	for ; moved < n; moved++ {
		start, ok := r.Next(x)
		if !ok {
			return x, moved
		}
		x = r.At(start)
	}
	for ; moved < -n && x.Start > 0; moved++ {
		x = r.At(x.Start - 1)
	}
	return x, moved
}

// LastOffset is an offset in the last row.
func (r *Layout) LastOffset() int {
	size := r.Doc.Size()
	if size > 0 && (r.Every > 0 || r.Doc.LineOf(size) >= r.Doc.Lines()) {
		return size - 1
	}
	return size
}

// Column returns the cells before an offset of a row.
func (r *Layout) Column(x Row, off int) int {
	b := r.Doc.Slice(x.Start, x.End)
	col := 0
	for i := 0; i < len(b) && x.Start+i < off; {
		n, cells := r.Measure(b[i:], col)
		col += cells
		i += n
	}
	return col
}

// Offset returns the glyph of a row that covers a column, or the row's end.
func (r *Layout) Offset(x Row, want int) int {
	b := r.Doc.Slice(x.Start, x.End)
	col := 0
	for i := 0; i < len(b); {
		n, cells := r.Measure(b[i:], col)
		if col+cells > want {
			return x.Start + i
		}
		col += cells
		i += n
	}
	return x.End
}

// Line is a row on the screen: of which line it is, from 0, and whether that
// begins and ends in it.
type Line struct {
	Row
	Number      int
	First, Last bool
}

// Screen returns the rows on a screen of so many, from that of an offset on.
func (r *Layout) Screen(top, height int) iter.Seq[Line] {
	return func(yield func(Line) bool) {
		size := r.Doc.Size()
		x := Line{Row: r.At(min(top, size))}
		x.Number, x.First = r.Doc.LineOf(x.Start), r.Doc.LineStart(x.Start) == x.Start
		for range height {
			x.Last = x.End == size || r.Doc.Slice(x.End, x.End+1)[0] == '\n'
			start, ok := r.Next(x.Row)
			if !yield(x) || !ok {
				return
			}
			if x.First = x.Last; x.First {
				x.Number++
				if r.Skips {
					x.Number = r.Doc.LineOf(start)
				}
			}
			x.Row = r.At(start)
		}
	}
}
