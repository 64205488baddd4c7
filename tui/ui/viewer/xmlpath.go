package viewer

import (
	"bytes"
	"slices"

	"countersign/apiclient/jsontext"
	"countersign/apiclient/xmltext"
)

// kid is how many elements of a name were met among the children of one.
type kid struct {
	name  []byte // without its prefix
	count int
}

// maxKids bounds the names that are counted in an element.
const maxKids = 64

// xmlStep takes one token of XML.
func xmlStep(s *scan, to int) (closed frame, ok bool) {
	if s.blank(to) {
		return closed, false
	}
	b := s.b
	t := xmltext.Next(b, s.at)
	s.token, s.at = s.at, t.To
	n := len(s.open) - 1
	switch t.Kind {
	case xmltext.Open, xmltext.Empty:
		if n >= 0 {
			s.open[n].child(xmltext.Local(t.Name(b)))
		}
		if t.Kind == xmltext.Open && n+1 < maxJSONDepth {
			s.push(frame{at: t.From, from: t.To, wide: -1})
		}
	case xmltext.Close:
		if n >= 0 && bytes.Equal(nameAt(b, s.open[n].at), t.Name(b)) {
			closed, ok = s.open[n], true
			s.open = s.open[:n]
		}
	}
	return closed, ok
}

// child counts an element that begins in one.
func (f *frame) child(name []byte) {
	if f.filled {
		f.ordinal++
	}
	f.filled = true
	for i := range f.kids {
		if bytes.Equal(f.kids[i].name, name) {
			f.kids[i].count++
			return
		}
	}
	if len(f.kids) < maxKids {
		f.kids = append(f.kids, kid{name, 1})
	}
}

// nameAt returns the name in the tag that begins at an offset.
func nameAt(b []byte, at int) []byte {
	return xmltext.Token{Kind: xmltext.Open, From: at, To: len(b)}.Name(b)
}

// countOf returns how often a name was counted, -1 where it was not.
func countOf(kids []kid, name []byte) int {
	for _, k := range kids {
		if bytes.Equal(k.name, name) {
			return k.count
		}
	}
	if len(kids) == maxKids {
		return -1
	}
	return 0
}

func xmlClosed(b []byte, end int) int { return xmltext.Next(b, end).To }

// xmlAt returns the element that stands at an offset of a line: the one that
// begins there, or else the one in which the line begins.
func xmlAt(o *outline, from, lineEnd int) valuePlace {
	b, s := o.b, o.scan(from)
	at := s.at
	if s.at > from && s.token < from { // in the middle of a token
		at = s.token
	}
	at = jsontext.SkipSpace(b[:lineEnd], at)
	opens := at < lineEnd && xmlOpens(b, at)
	if opens && at >= s.at {
		s.run(at + 1)
	}
	parents := len(s.open)
	if parents > 0 && (!opens || s.open[parents-1].at == at) {
		parents--
		at = s.open[parents].at
	} else if !opens {
		return valuePlace{"", len(b)}
	}
	return valuePlace{o.xmlPath(s, parents, at), at}
}

func xmlOpens(b []byte, at int) bool {
	kind := xmltext.Next(b, at).Kind
	return kind == xmltext.Open || kind == xmltext.Empty
}

// xmlPath writes the way to the element at an offset, through so many containers
// that are open in a scan which has just passed its tag: as it leads through the
// JSON that stands for the XML (xmltext.JSON), in which the root is transparent.
func (o *outline) xmlPath(s *scan, parents, at int) string {
	type level struct {
		name []byte
		nth  int
	}
	levels := make([]level, parents)
	for i := range levels {
		child := at
		if i+1 < parents {
			child = s.open[i+1].at
		}
		name := xmltext.Local(nameAt(o.b, child))
		levels[i] = level{name, countOf(s.open[i].kids, name) - 1}
	}
	root := at
	if parents > 0 {
		root = s.open[0].at
	}
	totals := o.totals(s)
	var path []byte
	if string(xmltext.Local(nameAt(o.b, root))) == "result" &&
		(len(totals) == 0 || countOf(totals[0], []byte("result")) == 0) {
		path = append(path, "result"...)
	}
	for i, l := range levels {
		path = jsontext.AppendName(path, string(l.name))
		switch total := countOf(totals[i], l.name); {
		case total < 0:
			path = append(path, "[…]"...)
		case total > 1:
			path = jsontext.AppendPosition(path, l.nth)
		}
	}
	return string(path)
}

// totals returns the names of all children of the containers that are open in a
// scan, which it moves on. Those of a container that is never closed are the
// ones that were met.
func (o *outline) totals(s *scan) [][]kid {
	totals := make([][]kid, len(s.open))
	starts := make([]int, len(s.open))
	first := len(s.open) // that no mark stands in
	for i, f := range s.open {
		totals[i], starts[i] = slices.Clone(f.kids), f.at
		if w := o.wideAt(f.at); w == nil {
			first = min(first, i)
		} else if w.end > 0 {
			totals[i] = w.kids
		}
	}
	for s.at < len(o.b) && len(s.open) > first {
		closed, ok := s.step(len(o.b))
		if level := len(s.open); ok && level < len(starts) && closed.at == starts[level] {
			totals[level] = slices.Clone(closed.kids)
		}
	}
	return totals
}

// xmlSays returns the text of an element that holds nothing else.
func xmlSays(value []byte) string {
	if len(value) == 0 || value[0] != '<' {
		return string(value)
	}
	open := xmltext.Next(value, 0)
	if open.Kind == xmltext.Empty {
		return ""
	}
	for at := open.To; at < len(value); {
		t := xmltext.Next(value, at)
		at = t.To
		switch t.Kind {
		case xmltext.Open, xmltext.Empty:
			return string(value)
		case xmltext.Close:
			return string(xmltext.TextOf(value[open.To:t.From]))
		}
	}
	return string(value)
}
