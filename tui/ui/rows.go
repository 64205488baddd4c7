package ui

import (
	"sort"
	"unicode"
	"unicode/utf8"
)

// rows cuts a document into rows of the screen, only where it is looked at. A
// row is known by the offset of its first byte.
//
// A line of more than segment bytes is laid out in segments: so a body of one
// line of 20 MB costs no more than one of many lines. With wrapping a segment
// is a multiple of the width, so that plain text shows no seam.
type rows struct {
	doc   document
	width int  // cells of a row, at least 1
	wrap  bool // else a segment is one row, however wide
	tabs  bool // tabs move to the next multiple of tabWidth; else they are symbols

	cache struct {
		valid      bool
		start, end int
		breaks     []int
	}
}

const (
	segmentBytes = 8 << 10
	tabWidth     = 4
)

// row is [start, end) of a document; end is the end of the line (its LF) or
// where the next row begins.
type row struct{ start, end int }

// reset forgets what was laid out: after an edit, or another width.
func (r *rows) reset() { r.cache.valid = false }

func (r *rows) segmentLen() int {
	if !r.wrap {
		return segmentBytes
	}
	return r.width * max(1, segmentBytes/r.width)
}

// segment gives the part of a line, as large as is laid out at once, that
// holds an offset.
func (r *rows) segment(off int) (start, end int) {
	if c := &r.cache; c.valid && off >= c.start && off < c.end {
		return c.start, c.end
	}
	start, end = r.doc.lineStart(off), r.doc.lineEnd(off)
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

// boundary gives where segment k of a line begins: k*n bytes in, or a little
// before, where no character is cut.
func (r *rows) boundary(first, last, k, n int) int {
	at := first + k*n
	if at >= last {
		return last
	}
	if k <= 0 {
		return first
	}
	const reach = 32
	from := max(first, at-reach)
	b := r.doc.slice(from, min(at+utf8.UTFMax, last))
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

// breaks gives the starts of the rows of a segment.
func (r *rows) breaks(start, end int) []int {
	if r.cache.valid && r.cache.start == start && r.cache.end == end {
		return r.cache.breaks
	}
	out := append(r.cache.breaks[:0], start)
	if r.wrap {
		out = r.wrapInto(out, r.doc.slice(start, end), start)
	}
	r.cache.valid, r.cache.start, r.cache.end, r.cache.breaks = true, start, end, out
	return out
}

func (r *rows) wrapInto(out []int, b []byte, base int) []int {
	col := 0
	for i := 0; i < len(b); {
		n, cells := r.measure(b[i:], col)
		if col+cells > r.width && col > 0 {
			out = append(out, base+i)
			col = 0
			n, cells = r.measure(b[i:], 0)
		}
		col += cells
		i += n
	}
	return out
}

// measure gives the bytes and cells of the glyph at the start of b, in a column.
func (r *rows) measure(b []byte, col int) (n, cells int) {
	c := b[0]
	if c >= 0x20 && c < 0x7f && (len(b) == 1 || b[1] < utf8.RuneSelf) {
		return 1, 1
	}
	if c == '\t' && r.tabs {
		return 1, tabWidth - col%tabWidth
	}
	g := nextGlyph(b)
	return g.bytes, g.cells
}

// at gives the row that holds an offset; an LF is in the last row of its line.
func (r *rows) at(off int) row {
	start, end := r.segment(off)
	breaks := r.breaks(start, end)
	i := sort.SearchInts(breaks, off+1) - 1
	out := row{breaks[i], end}
	if i+1 < len(breaks) {
		out.end = breaks[i+1]
	}
	return out
}

// next gives the start of the row after one; ok is false at the end.
func (r *rows) next(x row) (start int, ok bool) {
	size := r.doc.size()
	if x.end >= size {
		return 0, false
	}
	if r.doc.slice(x.end, x.end+1)[0] != '\n' {
		return x.end, true
	}
	if x.end+1 == size && r.doc.lineOf(size) >= r.doc.lines() {
		return 0, false // a final LF ends the last line
	}
	return x.end + 1, true
}

// prev gives the row before one; ok is false at the beginning.
func (r *rows) prev(x row) (row, bool) {
	if x.start == 0 {
		return row{}, false
	}
	return r.at(x.start - 1), true
}

// back gives the row n rows before that of an offset, or the first, and how
// many rows it went.
func (r *rows) back(off, n int) (row, int) {
	x := r.at(off)
	for i := range n {
		p, ok := r.prev(x)
		if !ok {
			return x, i
		}
		x = p
	}
	return x, n
}

// forward is back the other way.
func (r *rows) forward(off, n int) (row, int) {
	x := r.at(off)
	for i := range n {
		s, ok := r.next(x)
		if !ok {
			return x, i
		}
		x = r.at(s)
	}
	return x, n
}

// lastOffset is an offset in the last row.
func (r *rows) lastOffset() int {
	size := r.doc.size()
	if size > 0 && r.doc.lineOf(size) >= r.doc.lines() {
		return size - 1
	}
	return size
}

// column gives the cells before an offset of a row.
func (r *rows) column(x row, off int) int {
	b := r.doc.slice(x.start, x.end)
	col := 0
	for i := 0; i < len(b) && x.start+i < off; {
		n, cells := r.measure(b[i:], col)
		col += cells
		i += n
	}
	return col
}

// offset gives the glyph of a row that covers a column, or the row's end.
func (r *rows) offset(x row, want int) int {
	b := r.doc.slice(x.start, x.end)
	col := 0
	for i := 0; i < len(b); {
		n, cells := r.measure(b[i:], col)
		if col+cells > want {
			return x.start + i
		}
		col += cells
		i += n
	}
	return x.end
}
