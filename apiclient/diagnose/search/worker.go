package search

import (
	"encoding"
	"hash"
	"slices"
)

// state is a hash that can be set back to an earlier point.
type state interface {
	hash.Hash
	encoding.BinaryAppender
	encoding.BinaryUnmarshaler
}

// worker walks the whole order and hashes its share of it.
type worker struct {
	search *Searcher
	space  *Space
	table  *table
	seq    *Sequence
	shared *found
	id     int

	hash  state
	match func([]byte) bool
	sum   []byte

	whole  func(dst, src []byte) ([]byte, bool)
	hit    Hit     // the combination at hand
	used   []Part  // parts of the layout, in its order
	after  []byte  // literal behind the last part
	points []point // the hash before each used part

	text, changed, item, tail []byte // scratch
	group                     int64
	tried                     int64 // not yet told to the searcher
	since                     int   // bytes hashed since the clock was looked at
}

// point is the hash of everything before a part.
type point struct {
	literal []byte // stands between the part before and this one
	saved   []byte // the hash after literal
	valid   bool
}

func newWorker(s *Searcher, space *Space, t *table, seq *Sequence, shared *found, id int) *worker {
	h, ok := s.digest.New().(state)
	if !ok {
		panic("search: the hash cannot be set back")
	}
	return &worker{
		search: s, space: space, table: t, seq: seq, shared: shared, id: id,
		hash: h, match: s.digest.Matcher(), sum: make([]byte, 0, h.Size()),
	}
}

// walk goes through all combinations of exactly that cost.
func (w *worker) walk(cost int) {
	defer func() { w.search.tried.Add(w.tried) }()
	for l := range w.space.Layouts {
		layout := &w.space.Layouts[l]
		if layout.Cost > cost {
			continue
		}
		for x := range w.space.Wholes {
			whole := &w.space.Wholes[x]
			rest := cost - layout.Cost - whole.Cost
			if rest != 0 && rest < w.table.least {
				continue
			}
			w.enter(layout, whole)
			if w.seq != nil && !slices.Contains(w.used, w.seq.Part) {
				continue
			}
			w.hit = Hit{Layout: l, Whole: x, Cost: cost}
			w.hit.order.cost = cost
			if !w.choose(0, rest) {
				return
			}
		}
	}
}

// enter sets up the parts of a layout.
func (w *worker) enter(layout *Layout, whole *Whole) {
	w.whole = whole.Apply
	w.used, w.after = w.used[:0], nil
	n := 0
	for _, p := range layout.Pieces {
		if p.Part == None {
			w.after = p.Literal
			continue
		}
		w.used = append(w.used, p.Part)
		if n == len(w.points) {
			w.points = append(w.points, point{})
		}
		w.points[n].literal, w.points[n].valid = p.Literal, false
		n++
	}
}

// choose fills the parts from the i-th on; false ends the walk. The part of a
// sequence is passed over: it varies innermost, when all others are filled.
func (w *worker) choose(i, rest int) bool {
	if w.seq != nil && i == len(w.used) {
		return rest != 0 || w.items()
	}
	if len(w.used) == 0 {
		return rest != 0 || w.leaf(i, []int{0})
	}
	part := w.used[i]
	if w.seq != nil && part == w.seq.Part {
		return w.choose(i+1, rest)
	}
	if w.seq == nil && i == len(w.used)-1 {
		list := w.table.of(part, rest)
		return len(list) == 0 || w.leaf(i, list)
	}
	for _, cost := range w.table.costs[part] {
		left := rest - cost
		if left < 0 {
			break
		}
		if left != 0 && left < w.table.least {
			continue
		}
		for _, index := range w.table.of(part, cost) {
			w.set(i, index)
			if !w.choose(i+1, left) {
				return false
			}
		}
	}
	return true
}

// set fills the i-th part; hashes behind it are made again when needed.
func (w *worker) set(i, index int) {
	w.hit.Choice[w.used[i]] = index
	for k := i + 1; k < len(w.used); k++ {
		w.points[k].valid = false
	}
}

// few is the size up to which a group of variants is not shared.
const few = 16

// leaf tries the variants of the last part.
func (w *worker) leaf(i int, list []int) bool {
	w.group++
	start, step := 0, 1
	if len(list) > few {
		start, step = w.id, w.search.workers
	} else if w.group%int64(w.search.workers) != int64(w.id) {
		return true
	}
	if len(w.used) == 0 {
		return w.try(0, nil, 0)
	}
	part := w.used[i]
	for k := start; k < len(list); k += step {
		if !w.try(i, w.space.Variants[part][list[k]].Bytes, list[k]) {
			return false
		}
	}
	return true
}

// lookEvery is how many bytes are hashed between two looks at the clock.
const lookEvery = 256 << 10

// try hashes one combination; false ends the walk.
func (w *worker) try(i int, bytes []byte, index int) bool {
	if w.whole == nil {
		w.hashParts(i, bytes)
	} else if !w.hashWhole(i, bytes) {
		return true
	}
	return w.judge(i, len(bytes), index)
}

// judge looks at the digest of a combination, of which size bytes were hashed
// again, and now and then at the clock; false ends the walk.
func (w *worker) judge(i, size, index int) bool {
	w.tried++
	w.since += size + 128
	if w.since > lookEvery {
		w.since = 0
		w.search.tried.Add(w.tried)
		w.tried = 0
		if w.search.Expired() || w.shared.passed(w.place(index)) {
			return false
		}
	}
	w.sum = w.hash.Sum(w.sum[:0])
	if !w.match(w.sum) {
		return true
	}
	if len(w.used) > 0 {
		w.hit.Choice[w.used[i]] = index
	}
	w.hit.order = w.place(index)
	w.shared.add(w.hit)
	return w.shared.all
}

func (w *worker) place(index int) order { return order{w.hit.Cost, w.group, index} }

// hashParts hashes the parts as they are, from the last point that holds.
func (w *worker) hashParts(i int, last []byte) {
	if len(w.used) == 0 {
		w.hash.Reset()
		w.hash.Write(w.after)
		return
	}
	w.reach(i)
	w.restore(w.points[i].saved)
	w.hash.Write(last)
	w.hash.Write(w.after)
}

// reach makes the hash before the i-th part.
func (w *worker) reach(i int) {
	if w.points[i].valid {
		return
	}
	if i == 0 {
		w.hash.Reset()
	} else {
		w.reach(i - 1)
		w.restore(w.points[i-1].saved)
		w.hash.Write(w.filling(i - 1))
	}
	p := &w.points[i]
	w.hash.Write(p.literal)
	saved, err := w.hash.AppendBinary(p.saved[:0])
	if err != nil {
		panic("search: the hash cannot be saved: " + err.Error())
	}
	p.saved, p.valid = saved, true
}

func (w *worker) restore(saved []byte) {
	if err := w.hash.UnmarshalBinary(saved); err != nil {
		panic("search: the hash cannot be set back: " + err.Error())
	}
}

// filling returns what stands at the i-th part now.
func (w *worker) filling(i int) []byte {
	part := w.used[i]
	return w.space.Variants[part][w.hit.Choice[part]].Bytes
}

// hashWhole puts the string together, changes it and hashes that.
func (w *worker) hashWhole(i int, last []byte) bool {
	w.text = w.text[:0]
	for k := range w.used {
		w.text = append(w.text, w.points[k].literal...)
		if k == i {
			w.text = append(w.text, last...)
		} else {
			w.text = append(w.text, w.filling(k)...)
		}
	}
	w.text = append(w.text, w.after...)
	changed, ok := w.whole(w.changed[:0], w.text)
	w.changed = changed
	if !ok {
		return false
	}
	w.hash.Reset()
	w.hash.Write(changed)
	return true
}

// Bytes puts a hit's string together.
func (space *Space) Bytes(h Hit, seq *Sequence) []byte {
	var text []byte
	for _, p := range space.Layouts[h.Layout].Pieces {
		text = append(text, p.Literal...)
		switch {
		case p.Part == None:
		case seq != nil && seq.Part == p.Part:
			text = seq.Append(text, h.Choice[p.Part])
		default:
			text = append(text, space.Variants[p.Part][h.Choice[p.Part]].Bytes...)
		}
	}
	if whole := space.Wholes[h.Whole].Apply; whole != nil {
		text, _ = whole(nil, text)
	}
	return text
}
