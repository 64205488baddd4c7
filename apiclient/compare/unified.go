package compare

import (
	"bytes"
	"fmt"
	"strings"
)

// Context is how many equal pieces Unified keeps around a difference.
const Context = 3

// Unified writes the parts that differ as unified text: a heading for each
// part, then its pieces with "-" for what only A has and "+" for what only B
// has. A line that was cut into pieces goes on in the next line; "\ no newline" says
// that a text ends without one, and a line after a difference that it is one of
// line ends alone, which are not seen.
func Unified(parts []Part, nameA, nameB string) []byte {
	var out bytes.Buffer
	for _, p := range parts {
		if p.Equal() {
			continue
		}
		if out.Len() == 0 {
			fmt.Fprintf(&out, "--- %s\n+++ %s\n", nameA, nameB)
		}
		fmt.Fprintf(&out, "\n# %s: %s\n", p.Name, p.Summary())
		if p.Note != "" {
			fmt.Fprintf(&out, "# %s\n", strings.ReplaceAll(p.Note, "\n", " "))
		}
		p.unified(&out)
	}
	return out.Bytes()
}

func (d *Diff) unified(out *bytes.Buffer) {
	for i, c := range d.Chunks {
		if !c.Same {
			said := d.pieces(out, '-', d.A, d.CutA, c.A0, c.A1)
			said = d.pieces(out, '+', d.B, d.CutB, c.B0, c.B1) || said
			if a, b := d.Spans(c); !said && sameButLineEnds(a.of(d.A), b.of(d.B)) {
				out.WriteString("\\ they differ in line ends alone\n")
			}
			continue
		}
		head, tail := Context, Context
		if i == 0 {
			head = 0
		}
		if i == len(d.Chunks)-1 {
			tail = 0
		}
		if head+tail >= c.A1-c.A0 {
			d.pieces(out, ' ', d.A, d.CutA, c.A0, c.A1)
			continue
		}
		d.pieces(out, ' ', d.A, d.CutA, c.A0, c.A0+head)
		if i < len(d.Chunks)-1 {
			fmt.Fprintf(out, "@@ byte %d | %d @@\n", d.CutA.span(c.A1-tail, c.A1).From, d.CutB.span(c.B1-tail, c.B1).From)
		}
		d.pieces(out, ' ', d.A, d.CutA, c.A1-tail, c.A1)
	}
}

// pieces writes pieces of a text, and says whether it had to be told that the
// text ends without a line end.
func (d *Diff) pieces(out *bytes.Buffer, sign byte, text []byte, cut Cut, from, to int) (said bool) {
	for i := from; i < to; i++ {
		piece := cut.Piece(i).of(text)
		out.WriteByte(sign)
		out.Write(bytes.TrimSuffix(piece, []byte("\n")))
		out.WriteByte('\n')
		said = i == len(cut)-1 && !bytes.HasSuffix(piece, []byte("\n")) && d.lines()
	}
	if said {
		out.WriteString("\\ no newline at the end\n")
	}
	return said
}

// lines reports whether one of the texts has a line end.
func (d *Diff) lines() bool {
	return bytes.IndexByte(d.A, '\n') >= 0 || bytes.IndexByte(d.B, '\n') >= 0
}

// sameButLineEnds reports that two texts are the same without their line feeds.
func sameButLineEnds(a, b []byte) bool {
	lf := []byte("\n")
	return len(a)-bytes.Count(a, lf) == len(b)-bytes.Count(b, lf) &&
		bytes.Equal(bytes.ReplaceAll(a, lf, nil), bytes.ReplaceAll(b, lf, nil))
}
