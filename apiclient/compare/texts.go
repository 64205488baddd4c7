package compare

import (
	"bytes"
	"context"
	"slices"
	"time"

	"countersign/apiclient/jsontext"
)

// Diff is two texts side by side.
type Diff struct {
	A, B       []byte
	CutA, CutB Cut
	Chunks     []Chunk // in order; each piece of both texts is in exactly one
	// Rough says that not everything was looked at closely, because the texts
	// are too large or too different: a chunk may be smaller in truth.
	Rough bool
}

// Chunk is a stretch of pieces that are the same in both texts, or differ.
type Chunk struct {
	A0, A1, B0, B1 int // pieces
	Same           bool
	// Edits are what differs within, in order; nil where nothing is alike.
	Edits []Edit
	// Always says that it differs whenever a request is sent again.
	Always bool
}

// Edit is bytes of A in whose place B has others; one of both may be empty.
type Edit struct {
	A, B   Range
	Always bool
}

// Bounds of a comparison.
const (
	// Budget is how long Exchanges looks for the smallest differences of all its
	// parts together.
	Budget = 700 * time.Millisecond

	maxChunks = 100_000  // what follows is one difference
	refined   = 4000     // pieces of a difference within which fields are paired by name
	closely   = 32 << 10 // bytes of a difference within which bytes are compared
)

// compare lays two texts side by side, cut into pieces. Ranges that differ
// whenever a request is sent again may be given for each. It takes a little more
// than budget at most for texts of 20 MB; the error is that of ctx.
func compare(ctx context.Context, a, b []byte, cut func([]byte) Cut, alwaysA, alwaysB []Range,
	budget time.Duration) (*Diff, error) {
	within, cancel := context.WithTimeout(ctx, budget)
	defer cancel()
	d := &Diff{A: a, B: b, CutA: cut(a)}
	if bytes.Equal(a, b) {
		d.CutB = d.CutA
		d.add(run{0, len(d.CutA), 0, len(d.CutB), true})
		return d, ctx.Err()
	}
	d.CutB = cut(b)
	for _, r := range d.align(within) {
		if len(d.Chunks) >= maxChunks {
			d.Rough = true
			d.add(run{r.a0, len(d.CutA), r.b0, len(d.CutB), false})
			break
		}
		d.refine(within, r)
	}
	if within.Err() != nil {
		d.Rough = true
	}
	for i := range d.Chunks {
		if c := &d.Chunks[i]; !c.Same {
			d.look(within, c)
			c.settle(d, alwaysA, alwaysB)
		}
	}
	return d, ctx.Err()
}

// align finds the stretches that are equal; what is so at both ends is found
// without numbering it.
func (d *Diff) align(ctx context.Context) []run {
	na, nb := len(d.CutA), len(d.CutB)
	front := 0
	for front < min(na, nb) && d.equal(front, front) {
		front++
	}
	back := 0
	for back < min(na, nb)-front && d.equal(na-1-back, nb-1-back) {
		back++
	}
	middle := run{front, na - back, front, nb - back, false}
	runs := []run{{0, front, 0, front, true}}
	if ia, ib, ok := numbers(ctx, d, middle, func(piece []byte) []byte { return piece }); ok {
		for _, r := range align(ctx, ia, ib) {
			runs = append(runs, run{r.a0 + front, r.a1 + front, r.b0 + front, r.b1 + front, r.same})
		}
	} else {
		runs = append(runs, middle)
	}
	return append(runs, run{na - back, na, nb - back, nb, true})
}

func (d *Diff) equal(i, j int) bool {
	return bytes.Equal(d.CutA.Piece(i).of(d.A), d.CutB.Piece(j).of(d.B))
}

// refine adds a stretch. In one that differs, fields are paired by their names:
// each is a difference of its own.
func (d *Diff) refine(ctx context.Context, r run) {
	na, nb := r.a1-r.a0, r.b1-r.b0
	if r.same || na == 0 || nb == 0 || na+nb > refined {
		d.add(r)
		return
	}
	ka, kb, ok := numbers(ctx, d, r, fieldName)
	if !ok {
		d.add(r)
		return
	}
	for _, s := range align(ctx, ka, kb) {
		if !s.same {
			d.add(run{r.a0 + s.a0, r.a0 + s.a1, r.b0 + s.b0, r.b0 + s.b1, false})
			continue
		}
		for i := range s.a1 - s.a0 {
			at, bt := r.a0+s.a0+i, r.b0+s.b0+i
			d.add(run{at, at + 1, bt, bt + 1, d.equal(at, bt)})
		}
	}
}

// fieldName is the name in a piece such as `"name": value` or "Name: value",
// with what stands before it; else the whole piece.
func fieldName(piece []byte) []byte {
	const longest = 200
	head := piece[:min(len(piece), longest)]
	switch t := jsontext.Next(head, 0); {
	case t.Kind == jsontext.String && jsontext.Next(head, t.To).Kind == jsontext.Colon:
		return t.Of(head)
	case t.Kind == jsontext.String || t.Kind == jsontext.Unclosed:
		return piece
	}
	text := bytes.TrimLeft(head, " \t")
	if i := bytes.IndexByte(text, ':'); i > 0 && !bytes.ContainsAny(text[:i], " \t\"{}[],/") {
		return bytes.ToLower(text[:i])
	}
	return piece
}

// add appends a stretch; equal ones that follow each other are one. What was
// called equal is looked at byte for byte.
func (d *Diff) add(r run) {
	if r.a0 == r.a1 && r.b0 == r.b1 {
		return
	}
	if r.same && !bytes.Equal(d.CutA.span(r.a0, r.a1).of(d.A), d.CutB.span(r.b0, r.b1).of(d.B)) {
		r.same = false
	}
	if n := len(d.Chunks); n > 0 && r.same && d.Chunks[n-1].Same {
		d.Chunks[n-1].A1, d.Chunks[n-1].B1 = r.a1, r.b1
		return
	}
	d.Chunks = append(d.Chunks, Chunk{A0: r.a0, A1: r.a1, B0: r.b0, B1: r.b1, Same: r.same})
}

// Spans returns the bytes of a chunk.
func (d *Diff) Spans(c Chunk) (a, b Range) { return d.CutA.span(c.A0, c.A1), d.CutB.span(c.B0, c.B1) }

// Equal reports whether the texts are the same.
func (d *Diff) Equal() bool {
	return !slices.ContainsFunc(d.Chunks, func(c Chunk) bool { return !c.Same })
}

// Count says how many chunks differ, and how many others do so always.
func (d *Diff) Count() (differ, always int) {
	for _, c := range d.Chunks {
		switch {
		case c.Same:
		case c.Always:
			always++
		default:
			differ++
		}
	}
	return differ, always
}

// First returns the first edit; the first that is not as always where real is
// set. ok is false where there is none.
func (d *Diff) First(real bool) (first Edit, ok bool) {
	for _, c := range d.Chunks {
		if c.Same || real && c.Always {
			continue
		}
		for _, e := range d.edits(c) {
			if !real || !e.Always {
				return e, true
			}
		}
	}
	return Edit{}, false
}

// edits are the edits of a chunk; all of it where nothing is alike.
func (d *Diff) edits(c Chunk) []Edit {
	if c.Edits != nil {
		return c.Edits
	}
	a, b := d.Spans(c)
	return []Edit{{A: a, B: b, Always: c.Always}}
}

// Edits returns all edits in order.
func (d *Diff) Edits() []Edit {
	var all []Edit
	for _, c := range d.Chunks {
		if !c.Same {
			all = append(all, d.edits(c)...)
		}
	}
	return all
}
