package diagnosis

import (
	"fmt"
	"sort"
	"strings"

	"countersign/apiclient/diagnose"
	"countersign/tui/ui"
)

// hexBlock draws the differing stretch as bytes, both sides cell by cell: a
// byte that only one side has stands across from a gap, so that what is equal
// stays in line. Rows are made when they are looked at, however many there are.
type hexBlock struct {
	pane   *Pane
	cells  []cellSpan
	total  int // cells
	per    int // cells of a row
	stack  bool
	half   int // width of each side
	pieces []hexPiece
	count  int // rows of the screen
}

// cellSpan is a span with where it begins: in cells, and in bytes of each side.
type cellSpan struct {
	diagnose.Span
	at, left, right int
}

func (s cellSpan) size() int { return max(len(s.Signed), len(s.Expected)) }

// hexPiece is a run of rows of which some differ; skipped cells before it are
// equal and told in one row.
type hexPiece struct {
	from, to int // cells
	skipped  int
	row      int // first row of the screen
}

// hexWidth is what n bytes take: offset, digits, characters.
func hexWidth(n int) int { return 8 + 1 + 3*n + 1 + 1 + n }

func newHex(p *Pane, spans []diagnose.Span, w int) *hexBlock {
	h := &hexBlock{pane: p, stack: w < sideBySide, half: half(w)}
	room := h.half
	if h.stack {
		room = w - 2
	}
	for h.per = 16; h.per > 4 && hexWidth(h.per) > room; {
		h.per /= 2
	}
	left, right := 0, 0
	for _, s := range spans {
		h.cells = append(h.cells, cellSpan{s, h.total, left, right})
		left, right, h.total = left+len(s.Signed), right+len(s.Expected), h.total+h.cells[len(h.cells)-1].size()
	}
	h.divide()
	return h
}

// divide finds the rows that are worth drawing: those with differences and one
// more on each side.
func (h *hexBlock) divide() {
	down := func(n int) int { return n - n%h.per }
	end := 0
	for _, s := range h.cells {
		if s.Same {
			continue
		}
		from, to := max(0, down(s.at)-h.per), min(h.total, down(s.at+s.size()-1)+2*h.per)
		if from-end <= h.per {
			from = min(from, end) // a row that is left out would be told in a row
		}
		if n := len(h.pieces); n > 0 && from <= end {
			h.pieces[n-1].to = max(h.pieces[n-1].to, to)
		} else {
			h.pieces = append(h.pieces, hexPiece{from: from, to: to, skipped: from - end})
		}
		end = h.pieces[len(h.pieces)-1].to
	}
	if n := len(h.pieces); n > 0 && h.total-end <= h.per {
		h.pieces[n-1].to, end = h.total, h.total
	}
	if end < h.total {
		h.pieces = append(h.pieces, hexPiece{from: h.total, to: h.total, skipped: h.total - end})
	}
	for i := range h.pieces {
		h.pieces[i].row = h.count
		h.count += h.rowsOf(h.pieces[i])
	}
}

func (h *hexBlock) rowsOf(p hexPiece) int {
	n := (p.to - p.from + h.per - 1) / h.per
	if h.stack {
		n *= 2
	}
	if p.skipped > 0 {
		n++
	}
	return n
}

func (h *hexBlock) rows() int { return h.count }

func (h *hexBlock) row(i int) string {
	k := sort.Search(len(h.pieces), func(k int) bool { return h.pieces[k].row > i }) - 1
	p := h.pieces[k]
	i -= p.row
	if p.skipped > 0 {
		if i == 0 {
			return h.pane.theme.Faint.Render(fmt.Sprintf("⋯ %s the same ⋯", ui.Count(p.skipped, "byte")))
		}
		i--
	}
	if h.stack {
		left := i%2 == 0
		return h.pane.name(left).Render(map[bool]string{true: "- ", false: "+ "}[left]) + h.side(p.from+i/2*h.per, left)
	}
	at := p.from + i*h.per
	pad := strings.Repeat(" ", max(0, h.half-hexWidth(h.per)))
	return h.side(at, true) + pad + h.pane.theme.Border.Render(" │ ") + h.side(at, false)
}

// cell is one place of a row.
type cell struct {
	b       byte
	there   bool // else a gap: only the other side has a byte here
	differs bool
}

// read returns the cells of a row on one side and the offset of the first.
func (h *hexBlock) read(at int, left bool) (cells []cell, offset int) {
	k := sort.Search(len(h.cells), func(k int) bool { return h.cells[k].at > at }) - 1
	for first := true; k < len(h.cells) && len(cells) < h.per; k++ {
		s := h.cells[k]
		b, base := sideOf(s.Span, left), s.right
		if left {
			base = s.left
		}
		i := 0
		if first {
			i = at - s.at
			offset, first = base+min(i, len(b)), false
		}
		for ; i < s.size() && len(cells) < h.per; i++ {
			c := cell{differs: !s.Same}
			if i < len(b) {
				c.b, c.there = b[i], true
			}
			cells = append(cells, c)
		}
	}
	return cells, offset
}

// side draws 00000010  7b[22]61 …  {"a…: what differs stands in brackets.
func (h *hexBlock) side(at int, left bool) string {
	cells, offset := h.read(at, left)
	t, mark := h.pane.theme, h.pane.mark(left)
	var digits, text runs
	before := false
	for i := range h.per {
		var c cell
		if i < len(cells) {
			c = cells[i]
		}
		digits.add(fence(before, c.differs), mark, before || c.differs)
		before = c.differs
		pair, char := "  ", " "
		if c.there {
			pair, char = fmt.Sprintf("%02x", c.b), "·"
			if c.b >= 0x20 && c.b < 0x7f {
				char = string(rune(c.b))
			}
		}
		digits.add(pair, mark, c.differs)
		text.add(char, mark, c.differs)
	}
	digits.add(fence(before, false), mark, before)
	return t.LineNumber.Render(fmt.Sprintf("%08x", offset)) + " " + digits.String() + " " + text.String()
}

// fence stands between two bytes.
func fence(before, after bool) string {
	switch {
	case after && !before:
		return "["
	case before && !after:
		return "]"
	}
	return " "
}

// runs joins texts of one style to one run.
type runs struct {
	out     strings.Builder
	text    strings.Builder
	style   ui.Style
	differs bool
}

func (r *runs) add(text string, style ui.Style, differs bool) {
	if differs != r.differs {
		r.flush()
	}
	r.style, r.differs = style, differs
	r.text.WriteString(text)
}

func (r *runs) flush() {
	if text := r.text.String(); text != "" {
		if r.differs {
			text = r.style.Render(text)
		}
		r.out.WriteString(text)
	}
	r.text.Reset()
}

func (r *runs) String() string {
	r.flush()
	return r.out.String()
}
