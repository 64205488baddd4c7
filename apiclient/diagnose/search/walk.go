package search

import (
	"slices"
	"sync"
)

// First returns the first combination, by cost and then by position, that
// matches, among those that cost from least to most.
func (s *Searcher) First(space *Space, least, most int) (Hit, bool) {
	return s.first(space, nil, least, most)
}

func (s *Searcher) first(space *Space, seq *Sequence, least, most int) (Hit, bool) {
	hits := s.run(space, seq, least, most, onlyFirst)
	if len(hits) == 0 {
		return Hit{}, false
	}
	return hits[0], true
}

// All returns the combinations that match, in order: those that cost more than the
// first by near at most.
func (s *Searcher) All(space *Space, least, most, near int) []Hit {
	return s.run(space, nil, least, most, near)
}

// onlyFirst is near where the first hit is enough.
const onlyFirst = -1

// run walks the costs one after the other with all workers.
func (s *Searcher) run(space *Space, seq *Sequence, least, most, near int) []Hit {
	table := space.table(seq)
	var hits []Hit
	for cost := least; cost <= most && !s.Expired(); cost++ {
		if !table.possible(cost) {
			continue
		}
		hits = append(hits, s.level(space, table, seq, cost, near != onlyFirst)...)
		if len(hits) > 0 {
			most = min(most, hits[0].Cost+near)
		}
	}
	return hits
}

// level tries everything of one cost.
func (s *Searcher) level(space *Space, t *table, seq *Sequence, cost int, all bool) []Hit {
	shared := &found{all: all}
	var wait sync.WaitGroup
	for id := range s.workers {
		wait.Go(func() { newWorker(s, space, t, seq, shared, id).walk(cost) })
	}
	wait.Wait()
	slices.SortFunc(shared.hits, func(a, b Hit) int { return a.order.compare(b.order) })
	if !all && len(shared.hits) > 1 {
		return shared.hits[:1]
	}
	return shared.hits
}

// found collects the hits of one level. Once there is one, and not all are
// wanted, workers stop when they have passed its place.
type found struct {
	mu   sync.Mutex
	all  bool
	any  bool
	best order
	hits []Hit
}

func (f *found) add(h Hit) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hits = append(f.hits, h)
	if !f.any || h.order.compare(f.best) < 0 {
		f.any, f.best = true, h.order
	}
}

// passed reports whether a place lies behind the best hit.
func (f *found) passed(o order) bool {
	if f.all {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.any && f.best.compare(o) < 0
}

// table sorts the variants of a space by cost, so that those of one cost are
// found at once.
type table struct {
	byCost [Parts][][]int // part, cost: indexes of variants
	costs  [Parts][]int   // the costs that there are, ascending
	least  int            // the smallest cost of a change anywhere
}

func (space *Space) table(seq *Sequence) *table {
	t := &table{least: 1 << 30}
	note := func(cost int) {
		if cost > 0 {
			t.least = min(t.least, cost)
		}
	}
	for part, variants := range space.Variants {
		if seq != nil && seq.Part == Part(part) {
			continue
		}
		var count []int
		for _, v := range variants {
			for len(count) <= v.Cost {
				count = append(count, 0)
			}
			count[v.Cost]++
		}
		t.byCost[part] = make([][]int, len(count))
		room := make([]int, len(variants))
		for cost, n := range count {
			t.byCost[part][cost], room = room[:0:n], room[n:]
		}
		for i, v := range variants {
			t.byCost[part][v.Cost] = append(t.byCost[part][v.Cost], i)
			note(v.Cost)
		}
		for cost, list := range t.byCost[part] {
			if len(list) > 0 {
				t.costs[part] = append(t.costs[part], cost)
			}
		}
	}
	for _, l := range space.Layouts {
		note(l.Cost)
	}
	for _, w := range space.Wholes {
		note(w.Cost)
	}
	return t
}

// possible reports whether changes can cost so much together, roughly.
func (t *table) possible(cost int) bool { return cost == 0 || cost >= t.least }

// of returns the variants of one part and cost.
func (t *table) of(part Part, cost int) []int {
	if cost < 0 || cost >= len(t.byCost[part]) {
		return nil
	}
	return t.byCost[part][cost]
}
