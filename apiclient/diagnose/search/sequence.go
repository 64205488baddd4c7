package search

import "slices"

// Sequence is a part whose variants are made while they are tried. Append
// appends the i-th to dst, and must be safe for use by several goroutines.
type Sequence struct {
	Part   Part
	Len    int
	Append func(dst []byte, i int) []byte
}

// FirstOf is First with the variants of one part replaced by a sequence, each
// of whose elements costs nothing.
func (s *Searcher) FirstOf(space *Space, seq Sequence, least, most int) (Hit, bool) {
	return s.first(space, &seq, least, most)
}

// items tries a sequence with the other parts as they are. What stands before
// it is hashed once; what stands behind it is kept beside the element, so that
// each costs one write.
func (w *worker) items() bool {
	w.group++
	at := slices.Index(w.used, w.seq.Part)
	w.tail = w.tail[:0]
	for k := at + 1; k < len(w.used); k++ {
		w.tail = append(append(w.tail, w.points[k].literal...), w.filling(k)...)
	}
	w.tail = append(w.tail, w.after...)
	if w.whole != nil {
		return w.wholeItems(at)
	}
	w.reach(at)
	for index := w.id; index < w.seq.Len; index += w.search.workers {
		w.item = append(w.seq.Append(w.item[:0], index), w.tail...)
		w.restore(w.points[at].saved)
		w.hash.Write(w.item)
		if !w.judge(at, len(w.item), index) {
			return false
		}
	}
	return true
}

// wholeItems tries a sequence in a string that is changed as a whole.
func (w *worker) wholeItems(at int) bool {
	var head []byte
	for k := range at + 1 {
		head = append(head, w.points[k].literal...)
		if k < at {
			head = append(head, w.filling(k)...)
		}
	}
	for index := w.id; index < w.seq.Len; index += w.search.workers {
		w.text = append(w.seq.Append(append(w.text[:0], head...), index), w.tail...)
		changed, ok := w.whole(w.changed[:0], w.text)
		w.changed = changed
		if ok {
			w.hash.Reset()
			w.hash.Write(changed)
			if !w.judge(at, len(changed), index) {
				return false
			}
		}
	}
	return true
}
