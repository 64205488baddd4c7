package ui

import (
	"strings"

	"countersign/tui/ui/glyph"
)

// Piece is a stretch of bytes that Flow draws in one style.
type Piece struct {
	Bytes []byte
	Style Style
	// Marked puts brackets around the piece and gives the symbols in it its own
	// style, so that it stands out without colours too.
	Marked bool
	// Words is a remark of ours between the bytes: it breaks like them, but its
	// blanks are blanks.
	Words bool
}

// Flow lays pieces out one after the other in rows of exactly w cells. Every
// byte is drawn: blanks as ·, line feeds as ␊, which end their row, the rest as
// Safe does. It draws all it is given; long content is cut before.
func Flow(t *Theme, pieces []Piece, w int) []string {
	if w <= 0 {
		return nil
	}
	f := flow{width: w, symbol: t.Invisible.ends, blank: t.Faint.ends}
	for _, p := range pieces {
		f.piece(p)
	}
	if f.col > 0 || len(f.rows) == 0 {
		f.end()
	}
	return f.rows
}

// flow is the row that is being filled.
type flow struct {
	width         int
	symbol, blank ends
	rows          []string
	out           strings.Builder
	col           int
	run           ends
}

func (f *flow) piece(p Piece) {
	own := p.Style.ends
	symbol, blank := f.symbol, f.blank
	if p.Marked || p.Words {
		symbol, blank = own, own
	}
	if p.Marked {
		f.put("[", 1, own)
	}
	for b := p.Bytes; len(b) > 0; {
		g := glyph.Next(b)
		text, style := g.Text, own
		switch {
		case text == "" && g.Bytes == 1 && b[0] == ' ' && !p.Words:
			text, style = "·", blank
		case text == "":
			text = string(b[:g.Bytes])
		case g.Symbol:
			style = symbol
		}
		f.put(text, g.Cells, style)
		if b[0] == '\n' && !p.Words {
			if p.Marked && g.Bytes == len(b) {
				break // the closing bracket stands behind it
			}
			f.end()
		}
		b = b[g.Bytes:]
	}
	if p.Marked {
		f.put("]", 1, own)
		if n := len(p.Bytes); n > 0 && p.Bytes[n-1] == '\n' {
			f.end()
		}
	}
}

func (f *flow) put(text string, cells int, style ends) {
	if f.col+cells > f.width && f.col > 0 {
		f.end()
	}
	if cells > f.width {
		text, cells = Fit(text, f.width), f.width
	}
	f.style(style)
	f.out.WriteString(text)
	f.col += cells
}

func (f *flow) style(p ends) {
	if p == f.run {
		return
	}
	f.out.WriteString(f.run.close)
	f.out.WriteString(p.open)
	f.run = p
}

// end fills the row and begins the next.
func (f *flow) end() {
	f.style(ends{})
	f.out.WriteString(Spaces(f.width - f.col))
	f.rows = append(f.rows, f.out.String())
	f.out.Reset()
	f.col = 0
}
