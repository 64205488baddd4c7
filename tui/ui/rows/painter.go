package rows

import (
	"countersign/tui/ui"
	"countersign/tui/ui/glyph"
)

// Lexer appends the tokens of a line that are coloured. begun says that the line
// is the middle of a longer one.
type Lexer func(out []Token, line []byte, begun bool) []Token

// Painter draws the text of rows.
type Painter struct {
	Rows      *Layout
	Lexer     Lexer // returns the tokens that are coloured; nil: none are
	Canon     bool  // spaces and line ends are drawn too
	Variables bool  // {{name}} is coloured
	tokens    []Token
	tokenSeg  Row
	tokensOK  bool
}

// Reset forgets the tokens: after an edit.
func (p *Painter) Reset() { p.tokensOK = false }

// tokensOf returns the tokens of the segment that holds a row. Their offsets
// count from the segment's start.
func (p *Painter) tokensOf(x Row) ([]Token, int) {
	if p.Lexer == nil {
		return nil, x.Start
	}
	start, end := p.Rows.Segment(x.Start)
	if !p.tokensOK || p.tokenSeg != (Row{start, end}) {
		begun := p.Rows.Doc.LineStart(start) != start
		b := p.Rows.Doc.Slice(start, end)
		p.tokens = p.Lexer(p.tokens[:0], b, begun)
		if p.Variables {
			p.tokens = VariableTokens(p.tokens, b)
		}
		p.tokenSeg, p.tokensOK = Row{start, end}, true
	}
	return p.tokens, start
}

// Draw draws a row from column skip on. Overlays are in absolute offsets.
func (p *Painter) Draw(c *Canvas, x Row, skip int, over []Overlay) {
	tokens, base := p.tokensOf(x)
	b := p.Rows.Doc.Slice(x.Start, x.End)
	next, col := 0, 0
	for next < len(tokens) && base+tokens[next].To <= x.Start {
		next++
	}
	for i := 0; i < len(b) && !c.full(); {
		off := x.Start + i
		n, cells := p.Rows.Measure(b[i:], col)
		if col+cells <= skip {
			col += cells
			i += n
			continue
		}
		for next < len(tokens) && base+tokens[next].To <= off {
			next++
		}
		style := ui.PaintText
		if next < len(tokens) && base+tokens[next].From <= off {
			style = tokens[next].Paint
		}
		style, covered := Cover(style, over, off, n)
		if col < skip { // the left half of something wide is out of sight
			c.Blank(col+cells-skip, style)
		} else {
			p.glyph(c, b[i:], cells, style, covered)
		}
		col += cells
		i += n
	}
}

// Cover returns the style of the n bytes at an offset.
func Cover(style ui.Paint, over []Overlay, off, n int) (ui.Paint, bool) {
	covered := false
	for _, o := range over {
		if off+n > o.From && off < o.To {
			style, covered = o.Paint, true
		}
	}
	return style, covered
}

// glyph draws the first glyph of b.
func (p *Painter) glyph(c *Canvas, b []byte, cells int, style ui.Paint, covered bool) {
	switch {
	case b[0] == ' ' && p.Canon && (len(b) == 1 || b[1] < 0x80):
		if !covered {
			style = ui.PaintFaint
		}
		c.Put("·", 1, style)
	case b[0] > 0x20 && b[0] < 0x7f && (len(b) == 1 || b[1] < 0x80), b[0] == ' ' && (len(b) == 1 || b[1] < 0x80):
		c.putBytes(b[:1], 1, style)
	case b[0] == '\t' && p.Rows.Tabs:
		if !covered {
			style = ui.PaintFaint
		}
		c.Put("→"+ui.Spaces(cells-1), cells, style)
	default:
		g := glyph.Next(b)
		if g.Text == "" {
			c.putBytes(b[:g.Bytes], g.Cells, style)
			return
		}
		if g.Symbol && !covered {
			style = ui.PaintInvisible
		}
		c.Put(g.Text, g.Cells, style)
	}
}
