package diagnose

import (
	"time"

	"countersign/apiclient/diagnose/habits"
	"countersign/apiclient/diagnose/search"
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
		how := func(_ search.Part, i int) []variant.Change { return s.Changes(i) }
		if hit, ok := h.search.FirstOf(&h.space, s.Sequence, least, most); ok {
			return h.explain(hit, &s.Sequence, how), true
		}
	}
	return found{}, false
}

// targets tries the spellings of path and query, and the paths of the catalogue.
func (h *hunt) targets() (found, bool) {
	src := h.e.source()
	return h.series(append(src.Catalogue(), src.Targets(false)...), 0, 0)
}

// targetsTogether tries the spellings of path and query together.
func (h *hunt) targetsTogether() (found, bool) { return h.series(h.e.source().Targets(true), 0, 0) }

// fractions tries times that are finer than the header's.
func (h *hunt) fractions(list func(*habits.Source) []habits.Series) func() (found, bool) {
	return func() (found, bool) { return h.series(list(h.e.source()), 0, 0) }
}
