// Package variant holds what a part of a signed string may have been instead of
// what it is, with the reasons and how likely they are.
package variant

import (
	"bytes"
	"hash/maphash"
	"math"
)

// Change is one habit by which a part differs from what was sent.
type Change struct {
	Cause string // short name in snake_case, such as "body_compact_signed"
	Says  string // one sentence: what was signed
	Habit string // the code that does it, such as "`JSON.stringify(req.body)` after parsing"; "" where none is typical
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
}

// NewSet makes a set that starts with the part as it was sent and holds about
// limit bytes at most.
func NewSet(sent []byte, limit int) *Set {
	s := &Set{index: map[uint64]int{}, seed: maphash.MakeSeed(), limit: limit, most: math.MaxInt}
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
	key := maphash.Bytes(s.seed, v.Bytes)
	last, known := s.index[key]
	if !known {
		last = -1
	}
	for i := last; i >= 0; i = s.before[i] {
		if !bytes.Equal(s.variants[i].Bytes, v.Bytes) {
			continue
		}
		known := &s.variants[i]
		switch {
		case known.Cost == 0:
		case v.Cost < known.Cost:
			if len(known.Changes) == 1 && len(v.Changes) == 1 && known.Changes[0].Cause != v.Changes[0].Cause &&
				known.Cost <= v.Cost+near {
				v.Also = append(v.Also, known.Changes[0])
			}
			v.Also = append(v.Also, known.Also...)
			*known = v
		case len(known.Changes) == 1 && len(v.Changes) == 1 && known.Changes[0].Cause != v.Changes[0].Cause &&
			v.Cost <= known.Cost+near:
			known.Also = append(known.Also, v.Changes[0])
		}
		return false
	}
	if s.size+len(v.Bytes) > s.limit && len(s.variants) > 0 {
		s.size = s.limit
		return false
	}
	s.size += len(v.Bytes)
	s.index[key] = len(s.variants)
	s.before = append(s.before, last)
	s.variants = append(s.variants, v)
	return true
}

// Variants returns what was collected; the first is the part as it was sent.
func (s *Set) Variants() []Variant { return s.variants }

// Full reports whether the set takes no more.
func (s *Set) Full() bool { return s.size >= s.limit }

// Room returns how many bytes more the set takes, about.
func (s *Set) Room() int { return max(0, s.limit-s.size) }
