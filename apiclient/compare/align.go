package compare

import (
	"context"
	"hash/maphash"
	"slices"
	"time"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// run is a stretch of pieces: [a0, a1) of one text and [b0, b1) of the other.
type run struct {
	a0, a1, b0, b1 int
	same           bool
}

// aligner finds which pieces of two texts correspond, by their numbers: equal
// pieces have equal ones.
type aligner struct {
	ctx  context.Context
	a, b []int
	runs []run
	seen []places // by number; zero but while anchors are looked for
}

// places counts where a number stands.
type places struct{ na, nb, b int32 }

const (
	often      = 1 << 14                // after so many pieces one looks whether time is up
	leafPieces = 2000                   // a stretch of more is not handed to the slow search
	leafTime   = 100 * time.Millisecond // which is given up after this
	maxDepth   = 64
)

// align lays the pieces numbered in a beside those in b.
func align(ctx context.Context, a, b []int) []run {
	most := 0
	for _, side := range [][]int{a, b} {
		for _, n := range side {
			most = max(most, n)
		}
	}
	x := &aligner{ctx: ctx, a: a, b: b, seen: make([]places, most+1)}
	x.stretch(0, len(a), 0, len(b), 0)
	return x.runs
}

// add appends a stretch, to the one before where both are alike.
func (x *aligner) add(a0, a1, b0, b1 int, same bool) {
	if a0 == a1 && b0 == b1 {
		return
	}
	if n := len(x.runs); n > 0 && x.runs[n-1].same == same {
		x.runs[n-1].a1, x.runs[n-1].b1 = a1, b1
		return
	}
	x.runs = append(x.runs, run{a0, a1, b0, b1, same})
}

// stretch aligns a part: what is equal at its ends, then around the pieces that
// occur once on each side (Bram Cohen's patience diff, which takes n log n
// steps at worst), and small rests without such pieces by Myers' algorithm.
func (x *aligner) stretch(a0, a1, b0, b1, depth int) {
	front := 0
	for a0+front < a1 && b0+front < b1 && x.a[a0+front] == x.b[b0+front] {
		front++
	}
	x.add(a0, a0+front, b0, b0+front, true)
	a0, b0 = a0+front, b0+front
	back := 0
	for a1-back > a0 && b1-back > b0 && x.a[a1-1-back] == x.b[b1-1-back] {
		back++
	}
	a1, b1 = a1-back, b1-back
	x.middle(a0, a1, b0, b1, depth)
	x.add(a1, a1+back, b1, b1+back, true)
}

func (x *aligner) middle(a0, a1, b0, b1, depth int) {
	if a0 == a1 || b0 == b1 || depth > maxDepth || x.ctx.Err() != nil {
		x.add(a0, a1, b0, b1, false)
		return
	}
	anchors := x.anchors(a0, a1, b0, b1)
	if len(anchors) == 0 {
		x.leaf(a0, a1, b0, b1)
		return
	}
	for _, at := range anchors {
		if at[0] < a0 || at[1] < b0 {
			continue // taken by the stretch before it
		}
		x.stretch(a0, at[0], b0, at[1], depth+1)
		x.add(at[0], at[0]+1, at[1], at[1]+1, true)
		a0, b0 = at[0]+1, at[1]+1
	}
	x.stretch(a0, a1, b0, b1, depth+1)
}

// anchors returns the pieces that occur once on each side, as far as their order
// is the same on both: the longest such sequence.
func (x *aligner) anchors(a0, a1, b0, b1 int) [][2]int {
	defer func() {
		for _, n := range x.a[a0:a1] { // as many as were counted, not as many as there are
			x.seen[n] = places{}
		}
	}()
	for i, n := range x.a[a0:a1] {
		if i%often == often-1 && x.ctx.Err() != nil {
			return nil
		}
		x.seen[n].na++
	}
	for j := b0; j < b1; j++ {
		if p := &x.seen[x.b[j]]; p.na > 0 { // else it is of no account, and stays zero
			p.nb++
			p.b = int32(j) //nolint:gosec // texts of 2 GB do not fit
		}
		if j%often == 0 && x.ctx.Err() != nil {
			return nil
		}
	}
	// Patience sorting: the ends of the best sequences of each length.
	type link struct{ a, b, before int }
	var links []link
	var ends []int
	for i := a0; i < a1; i++ {
		p := x.seen[x.a[i]]
		if p.na != 1 || p.nb != 1 {
			continue
		}
		b := int(p.b)
		at, _ := slices.BinarySearchFunc(ends, b, func(l, b int) int { return links[l].b - b })
		before := -1
		if at > 0 {
			before = ends[at-1]
		}
		links = append(links, link{i, b, before})
		if at == len(ends) {
			ends = append(ends, len(links)-1)
		} else {
			ends[at] = len(links) - 1
		}
	}
	if len(ends) == 0 {
		return nil
	}
	out := make([][2]int, len(ends))
	for l, i := ends[len(ends)-1], len(ends)-1; l >= 0; l, i = links[l].before, i-1 {
		out[i] = [2]int{links[l].a, links[l].b}
	}
	return out
}

// leaf aligns a small stretch in the least number of steps. One piece on each
// side is not worth a look: it would be an end that is equal.
func (x *aligner) leaf(a0, a1, b0, b1 int) {
	if x.ctx.Err() != nil || a1-a0 > leafPieces || b1-b0 > leafPieces || a1-a0+b1-b0 <= 2 {
		x.add(a0, a1, b0, b1, false)
		return
	}
	d := diffmatchpatch.New()
	d.DiffTimeout = 0 // no guessing; the deadline bounds it
	number := map[int]rune{}
	spell := func(ids []int) string {
		out := make([]rune, len(ids))
		for i, id := range ids {
			r, ok := number[id]
			if !ok {
				r = 0x100 + rune(len(number))
				number[id] = r
			}
			out[i] = r
		}
		return string(out)
	}
	until := time.Now().Add(leafTime)
	if end, ok := x.ctx.Deadline(); ok && end.Before(until) {
		until = end
	}
	for _, diff := range d.DiffBisect(spell(x.a[a0:a1]), spell(x.b[b0:b1]), until) {
		n := len([]rune(diff.Text))
		switch diff.Type {
		case diffmatchpatch.DiffEqual:
			x.add(a0, a0+n, b0, b0+n, true)
			a0, b0 = a0+n, b0+n
		case diffmatchpatch.DiffDelete:
			x.add(a0, a0+n, b0, b0, false)
			a0 += n
		case diffmatchpatch.DiffInsert:
			x.add(a0, a0, b0, b0+n, false)
			b0 += n
		}
	}
}

// numbers returns the pieces [a0, a1) of one text and [b0, b1) of the other
// numbers, equal ones where the keys of two pieces are. They go by a hash of 64
// bits: who uses the alignment looks at the bytes once more. ok is false
// where ctx ended before.
func numbers(ctx context.Context, d *Diff, r run, key func([]byte) []byte) (na, nb []int, ok bool) {
	seed := maphash.MakeSeed()
	known := make(map[uint64]int, r.a1-r.a0)
	of := func(text []byte, cut Cut, from, to int) []int {
		out := make([]int, to-from)
		for i := range out {
			if i%often == often-1 && ctx.Err() != nil {
				break
			}
			h := maphash.Bytes(seed, key(cut.Piece(from+i).of(text)))
			n, ok := known[h]
			if !ok {
				n = len(known) + 1
				known[h] = n
			}
			out[i] = n
		}
		return out
	}
	na, nb = of(d.A, d.CutA, r.a0, r.a1), of(d.B, d.CutB, r.b0, r.b1)
	return na, nb, ctx.Err() == nil
}
