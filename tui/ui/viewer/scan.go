package viewer

import (
	"slices"

	"countersign/apiclient/jsontext"
)

// scan walks through a text of a language, or what looks like it, and knows
// which containers are open. It never fails: a string of JSON ends with its line,
// as it is drawn, and what closes nothing that is open is passed over.
type scan struct {
	lang  *language
	b     []byte
	at    int // the next byte
	token int // where the last token began
	open  []frame
}

// frame is a container that is open.
type frame struct {
	at   int // its bracket or first tag
	from int // where its inside begins
	wide int // its place in outline.wide, -1 for none
	inside
}

// inside is how far the inside of a container was read.
type inside struct {
	ordinal int   // of the current item, from 0
	filled  bool  // there is an item
	name    int   // where the name of the current member begins, -1 for none; JSON only
	kids    []kid // how many elements of which names were met in it; XML only
}

func (i inside) clone() inside {
	i.kids = slices.Clone(i.kids)
	return i
}

// items is how many items were met so far.
func (i inside) items() int {
	if !i.filled {
		return 0
	}
	return i.ordinal + 1
}

// maxJSONDepth bounds what is kept of a body that nests without end.
// encoding/json refuses as much.
const maxJSONDepth = 10_000

// step takes one token, blanks passed over. closed is the container that it
// closes, if any: the token is what closes it.
func (s *scan) step(to int) (closed frame, ok bool) { return s.lang.step(s, to) }

// blank passes over blanks. It reports whether there is nothing else.
func (s *scan) blank(to int) bool {
	s.at = jsontext.SkipSpace(s.b[:to], s.at)
	return s.at >= to
}

func jsonStep(s *scan, to int) (closed frame, ok bool) {
	if s.blank(to) {
		return closed, false
	}
	t := jsontext.Glance(s.b, s.at)
	s.token, s.at = t.From, t.To
	var f *frame
	n := len(s.open) - 1
	if n >= 0 {
		f = &s.open[n]
	}
	switch t.Kind {
	case jsontext.Comma:
		if f != nil {
			f.ordinal++
			f.name = -1
		}
	case jsontext.ObjectEnd, jsontext.ArrayEnd:
		if f != nil && t.Closes(jsontext.Kind(s.b[f.at])) {
			closed, ok = *f, true
			s.open = s.open[:n]
		}
	default:
		if f != nil {
			f.item(t)
		}
		if (t.Kind == jsontext.Object || t.Kind == jsontext.Array) && n+1 < maxJSONDepth {
			s.push(frame{at: t.From, from: t.To, wide: -1, inside: inside{name: -1}})
		}
	}
	return closed, ok
}

// item notes a token of the current item: the first string is the name of a member.
func (i *inside) item(t jsontext.Token) {
	i.filled = true
	if i.name < 0 && t.Kind == jsontext.String {
		i.name = t.From
	}
}

// push opens a container, and uses again what an earlier one of its depth had.
func (s *scan) push(f frame) {
	n := len(s.open)
	if n < cap(s.open) {
		s.open = s.open[:n+1]
		f.kids = s.open[n].kids[:0]
		s.open[n] = f
		return
	}
	s.open = append(s.open, f)
}

// run takes the tokens that begin before an offset.
func (s *scan) run(to int) {
	to = min(to, len(s.b))
	for s.at < to {
		s.step(to)
	}
}
