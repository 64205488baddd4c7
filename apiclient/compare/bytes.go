package compare

import (
	"context"
	"slices"

	"countersign/apiclient/diagnose"
)

// look marks what differs within a chunk.
func (d *Diff) look(ctx context.Context, c *Chunk) {
	a, b := d.Spans(*c)
	if a.Len() == 0 || b.Len() == 0 {
		return
	}
	if ctx.Err() != nil || a.Len()+b.Len() > closely {
		c.Edits = ends(d.A, d.B, a, b)
		return
	}
	at, bt, alike := a.From, b.From, false
	for _, s := range joined(diagnose.Spans(a.of(d.A), b.of(d.B))) {
		if s.Same {
			alike = true
		} else {
			c.Edits = append(c.Edits, Edit{A: Range{at, at + len(s.Signed)}, B: Range{bt, bt + len(s.Expected)}})
		}
		at, bt = at+len(s.Signed), bt+len(s.Expected)
	}
	if !alike {
		c.Edits = nil
	}
}

// ends is what remains of two ranges without their common ends.
func ends(a, b []byte, ra, rb Range) []Edit {
	front, back := diagnose.CommonEnds(ra.of(a), rb.of(b))
	return []Edit{{A: Range{ra.From + front, ra.To - back}, B: Range{rb.From + front, rb.To - back}}}
}

// islands is the length in bytes up to which something equal between two
// differences is chance: two random numbers share digits.
const islands = 3

// joined makes one difference of two with nearly nothing between them.
func joined(spans []diagnose.Span) []diagnose.Span {
	var out []diagnose.Span
	for i, s := range spans {
		chance := s.Same && i > 0 && i+1 < len(spans) && len(s.Signed) <= islands &&
			larger(spans[i-1]) >= len(s.Signed) && larger(spans[i+1]) >= len(s.Signed)
		n := len(out)
		if n > 0 && !out[n-1].Same && (!s.Same || chance) {
			out[n-1].Signed = out[n-1].Signed[:len(out[n-1].Signed)+len(s.Signed)]
			out[n-1].Expected = out[n-1].Expected[:len(out[n-1].Expected)+len(s.Expected)]
			continue
		}
		out = append(out, s)
	}
	return out
}

func larger(s diagnose.Span) int { return max(len(s.Signed), len(s.Expected)) }

// settle says what of a chunk differs always.
func (c *Chunk) settle(d *Diff, alwaysA, alwaysB []Range) {
	c.Always = len(alwaysA)+len(alwaysB) > 0
	for i, e := range d.edits(*c) {
		always := inside(e.A, alwaysA) && inside(e.B, alwaysB)
		if c.Edits != nil {
			c.Edits[i].Always = always
		}
		c.Always = c.Always && always
	}
}

// inside reports whether one of the ranges holds r.
func inside(r Range, in []Range) bool {
	return slices.ContainsFunc(in, func(w Range) bool { return r.From >= w.From && r.To <= w.To })
}
