// Package search finds, among the combinations of variants of the parts of a
// string, the one that has a given digest. It knows nothing of signatures: a
// caller passes parts, variants with their costs, and what a digest must match.
//
// Combinations are tried in the order of their total cost. Each costs one
// hash; the hash of everything before the part that varies last is kept and
// not made again, and nothing is allocated for a combination. All workers walk
// the same order and share the work by its position in it, so the result does
// not depend on how many there are.
package search

import (
	"cmp"
	"context"
	"hash"
	"sync/atomic"
	"time"
)

// Part is a place in the string that has variants.
type Part int

// Parts of the string.
const (
	Method Part = iota
	Target
	Client
	Time
	Body
	Parts // how many there are
)

// Variant is one way to fill a part. The cost is 0 for the part as it is.
type Variant struct {
	Bytes []byte
	Cost  int
}

// Piece is a literal followed by a part; the last of a layout may have no part.
type Piece struct {
	Literal []byte
	Part    Part // None where only the literal counts
}

// None is the part of a piece that is only a literal.
const None Part = -1

// Layout is an order of parts with what stands between them. A part may be
// there once at most; parts that are not named do not vary.
type Layout struct {
	Pieces []Piece
	Cost   int
}

// Whole is a change of the string as a whole. Apply appends the changed src to
// dst; false means that there is nothing to change. It must be safe for use by
// several goroutines. A nil Apply is the string as it is.
type Whole struct {
	Apply func(dst, src []byte) ([]byte, bool)
	Cost  int
}

// Space is what can be combined. The first layout and the first whole should
// cost 0.
type Space struct {
	Variants [Parts][]Variant
	Layouts  []Layout
	Wholes   []Whole
}

// Digest is what a combination must hash to.
type Digest struct {
	// New makes the hash. It must implement encoding.BinaryAppender and
	// encoding.BinaryUnmarshaler, as those of the standard library do.
	New func() hash.Hash
	// Matcher makes, for one worker, the test of a digest.
	Matcher func() func(digest []byte) bool
}

// Hit is a combination whose digest matched.
type Hit struct {
	Layout, Whole int
	Choice        [Parts]int // index into Variants; of the part of a Sequence, the index into that
	Cost          int
	order         order
}

// order is a position in the sequence in which combinations are tried.
type order struct {
	cost  int
	group int64
	index int
}

func (o order) compare(p order) int {
	return cmp.Or(cmp.Compare(o.cost, p.cost), cmp.Compare(o.group, p.group), cmp.Compare(o.index, p.index))
}

// Searcher searches one space for one digest.
type Searcher struct {
	digest  Digest
	ctx     context.Context
	workers int
	until   time.Time // zero where there is no end
	now     func() time.Time

	tried   atomic.Int64
	stopped atomic.Bool // by ctx or time
}

// New makes a searcher. It ends at until, where that is not zero, and when ctx
// does. now is the clock; workers is at least 1.
func New(ctx context.Context, d Digest, workers int, now func() time.Time, until time.Time) *Searcher {
	return &Searcher{digest: d, ctx: ctx, workers: max(1, workers), now: now, until: until}
}

// Tried returns how many combinations were hashed so far.
func (s *Searcher) Tried() int64 { return s.tried.Load() }

// Stopped reports whether the search ended before everything was tried.
func (s *Searcher) Stopped() bool { return s.stopped.Load() }

// Extend moves the end, which is looked at between searches too.
func (s *Searcher) Extend(until time.Time) { s.until = until }

// Expired looks at clock and context, and reports whether the search is over.
func (s *Searcher) Expired() bool {
	if s.stopped.Load() {
		return true
	}
	if s.ctx.Err() != nil || !s.until.IsZero() && !s.now().Before(s.until) {
		s.stopped.Store(true)
		return true
	}
	return false
}
