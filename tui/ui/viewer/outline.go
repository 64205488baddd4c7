package viewer

import (
	"slices"
	"sort"

	"countersign/apiclient/jsontext"
	"countersign/tui/ui/rows"
)

// outline knows the containers of a text: enough to find the one around
// any offset, its end and its number of items, by reading some 64 kB. What
// does not cross a mark is not kept, so that it takes a few kB for most
// bodies of 20 MB.
type outline struct {
	lang  *language
	b     []byte
	marks []outlineMark
	wide  []wideContainer // in the order of their brackets
	depth int             // of the deepest container
}

// outlineStep is the distance of marks, about: none is inside of a string.
const outlineStep = 64 << 10

// outlineMark is the state of a scan at an offset.
type outlineMark struct {
	at    int
	token int // where the token before it begins
	top   int // the innermost container in wide, -1 for none
	inside
}

// wideContainer is a container in which a mark stands.
type wideContainer struct {
	at, end int // where it begins, and what closes it; end is 0 where it is never closed
	from    int
	kids    []kid // all of them, once it is closed
	items   int
	parent  int    // in wide, -1 for none
	above   inside // of its parent, up to it
}

// container is one that can be folded.
type container struct {
	at        int // its bracket or first tag
	from, end int // its inside
	items     int
}

// newOutline reads a text. stop is asked now and then: it gives nil then.
func newOutline(lang *language, b []byte, stop func() bool) *outline {
	o := &outline{lang: lang, b: b, marks: make([]outlineMark, 0, len(b)/outlineStep+2)}
	s := scan{lang: lang, b: b}
	next := 0
	for s.at < len(b) {
		if s.at >= next {
			if stop != nil && stop() {
				return nil
			}
			o.mark(&s)
			next = s.at + outlineStep
		}
		if closed, ok := s.step(len(b)); ok && closed.wide >= 0 {
			w := &o.wide[closed.wide]
			w.end, w.items, w.kids = s.token, closed.items(), slices.Clone(closed.kids)
		}
		o.depth = max(o.depth, len(s.open))
	}
	return o
}

// mark notes the state, and every open container that has no place yet.
func (o *outline) mark(s *scan) {
	first := len(s.open)
	for first > 0 && s.open[first-1].wide < 0 {
		first--
	}
	for i := first; i < len(s.open); i++ {
		f := &s.open[i]
		w := wideContainer{at: f.at, from: f.from, parent: -1}
		if i > 0 {
			w.parent, w.above = s.open[i-1].wide, s.open[i-1].clone()
		}
		f.wide = len(o.wide)
		o.wide = append(o.wide, w)
	}
	m := outlineMark{at: s.at, token: s.token, top: -1}
	if n := len(s.open) - 1; n >= 0 {
		m.top, m.inside = s.open[n].wide, s.open[n].clone()
	}
	o.marks = append(o.marks, m)
}

// scan returns a scan that stands at the first token at or after an offset.
func (o *outline) scan(off int) *scan {
	s := &scan{lang: o.lang, b: o.b}
	k := sort.Search(len(o.marks), func(k int) bool { return o.marks[k].at > off }) - 1
	if k >= 0 {
		m := o.marks[k]
		s.at, s.token = m.at, m.at
		in := m.inside
		for w := m.top; w >= 0; w = o.wide[w].parent {
			s.open = append(s.open, frame{o.wide[w].at, o.wide[w].from, w, in.clone()})
			in = o.wide[w].above
		}
		slices.Reverse(s.open)
	}
	if o.lang == &jsonLanguage && k+1 < len(o.marks) && off > o.marks[k+1].token && k >= 0 {
		// In the one long token that ends at the next mark: it is not read again.
		next := o.marks[k+1]
		s.run(next.token)
		s.token, s.at = next.token, next.at
		if n := len(s.open) - 1; n >= 0 {
			s.open[n].item(jsontext.Token{Kind: jsontext.String, From: next.token})
		}
		return s
	}
	s.run(off)
	return s
}

// finish returns the whole of a container that is open in a scan; ok is false
// where it is never closed.
func (o *outline) finish(s *scan, level int) (container, bool) {
	at := s.open[level].at
	if w := o.wideAt(at); w != nil {
		return container{at, w.from, w.end, w.items}, w.end > 0
	}
	for s.at < len(o.b) {
		if closed, ok := s.step(len(o.b)); ok && closed.at == at {
			return container{at, closed.from, s.token, closed.items()}, true
		}
	}
	return container{}, false
}

// wideAt returns the container in wide that begins at an offset; nil for none.
func (o *outline) wideAt(at int) *wideContainer {
	i := sort.Search(len(o.wide), func(i int) bool { return o.wide[i].at >= at })
	if i < len(o.wide) && o.wide[i].at == at {
		return &o.wide[i]
	}
	return nil
}

// opened returns the first container that begins between two offsets and ends
// after them.
func (o *outline) opened(from, to int) (container, bool) {
	s := o.scan(from)
	s.run(to)
	for i, f := range s.open {
		if f.at >= from {
			return o.finish(s, i)
		}
	}
	return container{}, false
}

// around returns the innermost container that holds an offset, its brackets
// not counted.
func (o *outline) around(off int) (container, bool) {
	s := o.scan(off)
	if len(s.open) == 0 {
		return container{}, false
	}
	return o.finish(s, len(s.open)-1)
}

// atLevel returns the containers of several lines that are so many containers
// deep, the outermost at 0, and at most limit of them.
func (o *outline) atLevel(level, limit int, stop func() bool) (found []container, complete bool) {
	s := scan{lang: o.lang, b: o.b}
	for n := 0; s.at < len(o.b); n++ {
		if n%(64<<10) == 0 && stop != nil && stop() {
			return nil, false
		}
		closed, ok := s.step(len(o.b))
		if !ok || len(s.open) != level || !rows.HasLF(o.b[closed.from:s.token]) {
			continue
		}
		if len(found) == limit {
			return found, false
		}
		found = append(found, container{closed.at, closed.from, s.token, closed.items()})
	}
	return found, true
}
