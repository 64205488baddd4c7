package ui

import "strings"

// overlay paints a range of offsets over the colours of the text: a match, a
// mark, the cursor. Where several overlap the last wins.
type overlay struct {
	from, to int
	paint    paintID
}

// canvas builds one row of exactly so many cells out of short runs.
type canvas struct {
	theme *Theme
	out   strings.Builder
	run   paintID
	col   int
	width int
}

func newCanvas(theme *Theme, width int) *canvas {
	c := &canvas{theme: theme, width: width}
	c.out.Grow(width * 2)
	return c
}

func (c *canvas) style(p paintID) {
	if p == c.run {
		return
	}
	c.out.WriteString(c.theme.paints[c.run].close)
	c.out.WriteString(c.theme.paints[p].open)
	c.run = p
}

// put draws a text of so many cells, cut where the row ends.
func (c *canvas) put(text string, cells int, p paintID) {
	if room := c.width - c.col; cells > room {
		text, cells = Fit(text, room), room
	}
	if cells <= 0 {
		return
	}
	c.style(p)
	c.out.WriteString(text)
	c.col += cells
}

// putBytes is put without a copy for text that is drawn as it is.
func (c *canvas) putBytes(b []byte, cells int, p paintID) {
	if c.col+cells > c.width {
		c.put(string(b), cells, p)
		return
	}
	c.style(p)
	c.out.Write(b)
	c.col += cells
}

func (c *canvas) blank(n int, p paintID) {
	n = min(n, c.width-c.col)
	if n > 0 {
		c.put(spaces(n), n, p)
	}
}

func (c *canvas) full() bool { return c.col >= c.width }

// line ends the row.
func (c *canvas) line() string {
	c.blank(c.width-c.col, paintNone)
	c.style(paintNone)
	return c.out.String()
}

const manySpaces = "                                                                "

func spaces(n int) string {
	if n <= len(manySpaces) {
		return manySpaces[:max(0, n)]
	}
	return strings.Repeat(" ", n)
}

// rowPainter draws the text of rows.
type rowPainter struct {
	rows      *rows
	lang      *language // whose tokens are coloured; nil for none
	canon     bool      // spaces and line ends are drawn too
	variables bool      // {{name}} is coloured
	tokens    []token
	tokenSeg  row
	tokensOK  bool
}

func (p *rowPainter) reset() { p.tokensOK = false }

// tokensOf gives the tokens of the segment that holds a row. Their offsets
// count from the segment's start.
func (p *rowPainter) tokensOf(x row) ([]token, int) {
	if p.lang == nil {
		return nil, x.start
	}
	start, end := p.rows.segment(x.start)
	if !p.tokensOK || p.tokenSeg != (row{start, end}) {
		begun := p.rows.doc.lineStart(start) != start
		b := p.rows.doc.slice(start, end)
		p.tokens = p.lang.tokens(p.tokens[:0], b, begun)
		if p.variables {
			p.tokens = variableTokens(p.tokens, b)
		}
		p.tokenSeg, p.tokensOK = row{start, end}, true
	}
	return p.tokens, start
}

// draw draws a row from column skip on. Overlays are in absolute offsets.
func (p *rowPainter) draw(c *canvas, x row, skip int, over []overlay) {
	tokens, base := p.tokensOf(x)
	b := p.rows.doc.slice(x.start, x.end)
	next, col := 0, 0
	for next < len(tokens) && base+tokens[next].to <= x.start {
		next++
	}
	for i := 0; i < len(b) && !c.full(); {
		off := x.start + i
		n, cells := p.rows.measure(b[i:], col)
		if col+cells <= skip {
			col += cells
			i += n
			continue
		}
		for next < len(tokens) && base+tokens[next].to <= off {
			next++
		}
		style := paintText
		if next < len(tokens) && base+tokens[next].from <= off {
			style = tokens[next].paint
		}
		style, covered := cover(style, over, off, n)
		if col < skip { // the left half of something wide is out of sight
			c.blank(col+cells-skip, style)
		} else {
			p.glyph(c, b[i:], cells, style, covered)
		}
		col += cells
		i += n
	}
}

// cover gives the style of the n bytes at an offset.
func cover(style paintID, over []overlay, off, n int) (paintID, bool) {
	covered := false
	for _, o := range over {
		if off+n > o.from && off < o.to {
			style, covered = o.paint, true
		}
	}
	return style, covered
}

// glyph draws the first glyph of b.
func (p *rowPainter) glyph(c *canvas, b []byte, cells int, style paintID, covered bool) {
	switch {
	case b[0] == ' ' && p.canon && (len(b) == 1 || b[1] < 0x80):
		if !covered {
			style = paintFaint
		}
		c.put("·", 1, style)
	case b[0] > 0x20 && b[0] < 0x7f && (len(b) == 1 || b[1] < 0x80), b[0] == ' ' && (len(b) == 1 || b[1] < 0x80):
		c.putBytes(b[:1], 1, style)
	case b[0] == '\t' && p.rows.tabs:
		if !covered {
			style = paintFaint
		}
		c.put("→"+spaces(cells-1), cells, style)
	default:
		g := nextGlyph(b)
		if g.text == "" {
			c.putBytes(b[:g.bytes], g.cells, style)
			return
		}
		if g.symbol && !covered {
			style = paintInvisible
		}
		c.put(g.text, g.cells, style)
	}
}
