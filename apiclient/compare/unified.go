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
// that a text ends without one.
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
			d.pieces(out, '-', d.A, d.CutA, c.A0, c.A1)
			d.pieces(out, '+', d.B, d.CutB, c.B0, c.B1)
			continue
		}
		head, tail := min(Context, c.A1-c.A0), min(Context, c.A1-c.A0)
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

func (d *Diff) pieces(out *bytes.Buffer, sign byte, text []byte, cut Cut, from, to int) {
	for i := from; i < to; i++ {
		piece := cut.Piece(i).of(text)
		out.WriteByte(sign)
		out.Write(bytes.TrimSuffix(piece, []byte("\n")))
		out.WriteByte('\n')
		if i == len(cut)-1 && !bytes.HasSuffix(piece, []byte("\n")) && bytes.IndexByte(text, '\n') >= 0 {
			out.WriteString("\\ no newline at the end\n")
		}
	}
}
