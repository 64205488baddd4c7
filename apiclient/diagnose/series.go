package diagnose

import (
	"time"

	"countersign/apiclient/diagnose/habits"
	"countersign/apiclient/diagnose/variant"
)

// sweep tries times around those that the exchange names, alone or together
// with other changes up to a cost.
func (h *hunt) sweep(step, reach time.Duration, most int) (found, bool) {
	least := 0
	if most > 0 {
		least = variant.Common
	}
	return h.series(h.e.source().Sweeps(step, reach), least, most)
}

// series tries what a part may have been one after the other, together with
// other changes from least to most.
func (h *hunt) series(list []habits.Series, least, most int) (found, bool) {
	for _, s := range list {
		if hit, ok := h.search.FirstOf(&h.space, s.Sequence, least, most); ok {
			return h.explain(hit, &s.Sequence, s.Changes), true
		}
	}
	return found{}, false
}

// targets tries the spellings of path and query, and the paths of the catalogue.
func (h *hunt) targets() (found, bool) {
	src := h.e.source()
	return h.series(h.affordable(append(src.Catalogue(), src.Targets(false)...), early), 0, 0)
}

// targetsTogether tries prefixes that nobody has told of, and the spellings of path
// and query together.
func (h *hunt) targetsTogether() (found, bool) {
	src := h.e.source()
	return h.series(h.affordable(append([]habits.Series{src.PrefixWords()}, src.Targets(true)...), late), 0, 0)
}

// fractions tries times that are finer than the header's.
func (h *hunt) fractions(list func(*habits.Source) []habits.Series, most allowance) func() (found, bool) {
	return func() (found, bool) { return h.series(h.affordable(list(h.e.source()), most), 0, 0) }
}

// allowance is how many bytes a stage of series hashes at most, so that a large
// body leaves time for the stages behind it.
type allowance int

const (
	early allowance = 256 << 20
	late  allowance = 2 << 30
)

// affordable cuts series, whose likeliest texts come first, to what a stage may
// hash.
func (h *hunt) affordable(list []habits.Series, most allowance) []habits.Series {
	left := int(most) / (len(h.rule) + 1)
	for i := range list {
		list[i].Len = min(list[i].Len, left)
		left -= list[i].Len
	}
	return list
}
