// Package variant holds what a part of a signed string may have been instead of
// what it is, with the reasons and how likely they are.
package variant

import (
	"bytes"
	"hash/maphash"
	"math"
	"strings"
)

// Change is one habit by which a part differs from what was sent.
type Change struct {
	Cause string // short name in snake_case, such as "body_compact_signed"
	Says  string // what was signed: a sentence, or the end of one (Sentence)
	Habit string // the code that does it, such as "`JSON.stringify(req.body)` after parsing"; "" where none is typical
}

// Sentence returns what was signed, as a whole sentence. Says may leave out its beginning, such as "The body was signed":
// then it has no full stop, and the cause names the part.
func (c Change) Sentence() string {
	if strings.HasSuffix(c.Says, ".") {
		return c.Says
	}
	what := "string"
	for _, part := range []string{"body", "path", "query", "client_id", "time", "method"} {
		if strings.HasPrefix(c.Cause, part+"_") {
			what = strings.ReplaceAll(part, "_", " ")
		}
	}
	return "The " + what + " was signed " + c.Says + "."
}

// Variant is what a part may have been.
type Variant struct {
	Bytes   []byte
	Changes []Change
	Cost    int      // how unlikely: that of each change added up; 0 for the part as it is
	Also    []Change // other single changes that give the same bytes
}

// Likelihoods of a single change. The sum of two always exceeds one, so that a
// search by cost tries all single changes first.
const (
	Common    = 11
	Usual     = 13
	Plausible = 15
	Rare      = 17
	Exotic    = 19
)

// near is how much less likely another explanation may be to be told at all.
const near = 4

// Set collects variants and leaves out those that were there before.
type Set struct {
	variants    []Variant
	index       map[uint64]int // by hash: the last of its variants
	before      []int          // of each variant: another one of that hash, or -1
	seed        maphash.Seed
	size        int
	limit       int // bytes that it may hold
	least, most int // costs that it takes at present

	texts   []byte   // room for the next texts
	changes []Change // and for the next changes
}

// room is how many variants a set has place for before it grows: most parts have
// hundreds, and the place costs nothing until it is used.
const room = 512

// NewSet makes a set that starts with the part as it was sent and holds about
// limit bytes at most.
func NewSet(sent []byte, limit int) *Set {
	s := &Set{
		variants: make([]Variant, 0, room), index: map[uint64]int{}, before: make([]int, 0, room),
		seed: maphash.MakeSeed(), limit: limit, most: math.MaxInt,
	}
	s.Add(Variant{Bytes: sent})
	return s
}

// Only lets the set take nothing but variants of these costs from now on, so that
// the likely ones are made and tried first.
func (s *Set) Only(least, most int) { s.least, s.most = least, most }

// Takes reports whether the set takes variants of that cost at present.
func (s *Set) Takes(cost int) bool { return s.least <= cost && cost <= s.most }

// Add puts a variant in, unless its cost is not taken at present or its
// bytes are there: then a single change is noted as another explanation. It reports whether the bytes were new.
func (s *Set) Add(v Variant) bool {
	if !s.Takes(v.Cost) {
		return false
	}
	at, key := s.find(v.Bytes)
	if at >= 0 {
		s.variants[at].explain(v)
		return false
	}
	if !s.fits(len(v.Bytes)) {
		return false
	}
	s.put(key, v)
	return true
}

// AddText adds what a single change makes. Only what is new is copied.
func (s *Set) AddText(text string, cost int, c Change) bool {
	if !s.Takes(cost) {
		return false
	}
	at, key := s.find([]byte(text))
	if at >= 0 {
		s.variants[at].explain(Variant{Changes: []Change{c}, Cost: cost})
		return false
	}
	if !s.fits(len(text)) {
		return false
	}
	if len(s.texts) < len(text) {
		s.texts = make([]byte, max(4<<10, len(text)))
	}
	if len(s.changes) == 0 {
		s.changes = make([]Change, 128)
	}
	n := copy(s.texts, text)
	s.changes[0] = c
	s.put(key, Variant{Bytes: s.texts[:n:n], Changes: s.changes[:1:1], Cost: cost})
	s.texts, s.changes = s.texts[n:], s.changes[1:]
	return true
}

// find returns where bytes are, -1 where they are not, and their hash.
func (s *Set) find(b []byte) (at int, key uint64) {
	key = maphash.Bytes(s.seed, b)
	at, known := s.index[key]
	if !known {
		return -1, key
	}
	for at >= 0 && !bytes.Equal(s.variants[at].Bytes, b) {
		at = s.before[at]
	}
	return at, key
}

// fits reports whether a set takes n bytes more. The part as it was sent it always takes.
func (s *Set) fits(n int) bool {
	if s.size+n > s.limit && len(s.variants) > 0 {
		s.size = s.limit
		return false
	}
	return true
}

func (s *Set) put(key uint64, v Variant) {
	last, known := s.index[key]
	if !known {
		last = -1
	}
	s.size += len(v.Bytes)
	s.index[key] = len(s.variants)
	s.before = append(s.before, last)
	s.variants = append(s.variants, v)
}

// explain takes in what else makes the same bytes: the cheaper of the two stays,
// the other is told beside it if it is about as likely.
func (v *Variant) explain(other Variant) {
	apart := len(v.Changes) == 1 && len(other.Changes) == 1 && v.Changes[0].Cause != other.Changes[0].Cause
	switch {
	case v.Cost == 0:
	case other.Cost < v.Cost:
		if apart && v.Cost <= other.Cost+near {
			other.Also = append(other.Also, v.Changes[0])
		}
		v.Changes, v.Cost, v.Also = other.Changes, other.Cost, append(other.Also, v.Also...)
	case apart && other.Cost <= v.Cost+near:
		v.Also = append(v.Also, other.Changes[0])
	}
}

// Variants returns what was collected; the first is the part as it was sent.
func (s *Set) Variants() []Variant { return s.variants }

// Full reports whether the set takes no more.
func (s *Set) Full() bool { return s.size >= s.limit }

// Room returns how many bytes more the set takes, about.
func (s *Set) Room() int { return max(0, s.limit-s.size) }
