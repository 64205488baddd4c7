package redact

import (
	"bytes"
	"cmp"
	"slices"

	"countersign/apiclient/jsontext"
)

// span is a value that is masked: the bytes [from, to) of a text, without quotes.
type span struct {
	from, to int
	kind     jsontext.Kind // String, Number or Literal
	cause
}

// cause is why a value is masked, and the name that it has.
type cause struct{ why, name string }

// firstOf returns the first reason that there is.
func firstOf(name string, reasons ...string) cause {
	if why := cmp.Or(reasons...); why != "" {
		return cause{why, name}
	}
	return cause{}
}

// maxEmbedded is how deep a text in a string in a text is looked into.
const maxEmbedded = 4

// spans returns what is secret in any text, in order: in its JSON, be it whole,
// cut off or in the middle of other text, its XML, and its pairs as in a query or
// a form. It never fails, and its work is linear.
func (r *Redactor) spans(b []byte) []span {
	if r.reveals {
		return nil
	}
	list := r.textSpans(b, 0)
	slices.SortFunc(list, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to)) })
	end, kept := 0, list[:0]
	for _, s := range list {
		if s.from >= end && s.to > s.from {
			kept, end = append(kept, s), s.to
		}
	}
	return kept
}

func (r *Redactor) textSpans(b []byte, embedded int) []span {
	var list []span
	if bytes.ContainsAny(b, "{[") {
		list = r.jsonSpans(b, embedded)
	}
	if bytes.IndexByte(b, '<') >= 0 {
		list = append(list, r.xmlSpans(b)...)
	}
	if bytes.ContainsAny(b, "=:") {
		list = append(list, r.pairSpans(b, embedded)...)
	}
	return list
}

// frame is an object or array that the scanner is in.
type frame struct {
	object bool
	index  int     // of the element that comes next
	states []state // of the configured paths
	cause          // all in it is masked
}

type scanner struct {
	*Redactor
	b        []byte
	embedded int
	stack    []frame
	beyond   int // objects and arrays that are open beyond maxOpen: they belong to the innermost frame
	list     []span
}

// jsonSpans walks over the JSON in a text. At the top everything but an opening
// bracket is passed over; inside, what is no JSON is.
func (r *Redactor) jsonSpans(b []byte, embedded int) []span {
	s := scanner{Redactor: r, b: b, embedded: embedded}
	for at := 0; at < len(b); {
		if len(s.stack) == 0 {
			i := bytes.IndexAny(b[at:], "{[")
			if i < 0 {
				break
			}
			s.push(jsontext.Kind(b[at+i]), r.start(), cause{})
			at += i + 1
			continue
		}
		at = s.next(at)
	}
	return s.list
}

func (s *scanner) push(kind jsontext.Kind, states []state, c cause) {
	if len(s.stack) >= maxOpen {
		s.beyond++
		s.stack[maxOpen-1].cause = cmp.Or(s.stack[maxOpen-1].cause, c)
		return
	}
	s.stack = append(s.stack, frame{object: kind == jsontext.Object, states: states, cause: c})
}

// next takes one member, element or other token, and returns the offset behind it.
func (s *scanner) next(at int) int {
	t := jsontext.Glance(s.b, at)
	top := &s.stack[len(s.stack)-1]
	switch t.Kind {
	case jsontext.None:
		return len(s.b)
	case jsontext.ObjectEnd, jsontext.ArrayEnd:
		if s.beyond > 0 {
			s.beyond--
			return t.To
		}
		s.stack = s.stack[:len(s.stack)-1]
		return t.To
	case jsontext.Comma:
		top.index++
		return t.To
	case jsontext.Colon:
		return t.To
	}
	var colon jsontext.Token
	if named(t.Kind) {
		colon = jsontext.Glance(s.b, t.To)
	}
	if colon.Kind != jsontext.Colon {
		if top.object {
			return s.value(t, top.states, top.cause) // not a member: the text is no JSON here
		}
		states, hit := s.follow(top.states, "", top.index)
		return s.value(t, states, cmp.Or(top.cause, firstOf("VALUE", reason(hit))))
	}
	name := jsontext.Text(t.Of(s.b))
	if t.Kind != jsontext.String {
		name = string(bytes.Trim(t.Of(s.b), `'\`))
	}
	states, hit := s.follow(top.states, name, byName)
	value := jsontext.Glance(s.b, colon.To)
	return s.value(value, states, firstOf(name, top.why, reason(hit), table().why(name)))
}

// named reports whether a token can be the name of a member, if only in other
// languages.
func named(k jsontext.Kind) bool {
	return k == jsontext.String || k == jsontext.Word || k == jsontext.Literal
}

func reason(hit bool) string {
	if hit {
		return configured
	}
	return ""
}

// value takes a value, or the beginning of one, and returns the offset behind it.
func (s *scanner) value(t jsontext.Token, states []state, c cause) int {
	switch t.Kind {
	case jsontext.None:
		return len(s.b)
	case jsontext.ObjectEnd, jsontext.ArrayEnd, jsontext.Comma, jsontext.Colon:
		return t.From // there is no value
	case jsontext.Object, jsontext.Array:
		s.push(t.Kind, states, c)
		return t.To
	case jsontext.String, jsontext.Unclosed:
		s.str(t, c)
		return t.To
	}
	if c.why == "" {
		return t.To
	}
	raw := t.Of(s.b)
	switch {
	case string(raw) == "null" || t.Kind == jsontext.Variable:
	case t.Kind == jsontext.Number || string(raw) == "true" || string(raw) == "false":
		s.list = append(s.list, span{t.From, t.To, t.Kind, c})
	default: // in no language that we know: all of it up to what ends it
		end := t.From + bytes.IndexAny(append(s.b[t.From:len(s.b):len(s.b)], ','), ",}]\n")
		from, to := t.From, t.From+len(bytes.TrimRight(s.b[t.From:end], " \r"))
		if to-from > 1 && s.b[from] == '\'' && s.b[to-1] == '\'' {
			from, to = from+1, to-1
		}
		s.list = append(s.list, span{from, to, jsontext.String, c})
		return max(end, t.To)
	}
	return t.To
}

// str takes a string: one that is masked, or one with a text of its own in it.
func (s *scanner) str(t jsontext.Token, c cause) {
	from, to := t.From+1, t.To
	if t.Kind == jsontext.String {
		to--
	}
	raw := s.b[from:to]
	switch {
	case c.why != "":
		s.list = append(s.list, span{from, to, jsontext.String, c})
	case s.embedded < maxEmbedded && bytes.ContainsAny(raw, "{[<=:"):
		text, at := jsontext.Unquote(t.Of(s.b))
		for _, inner := range s.textSpans(text, s.embedded+1) {
			inner.from, inner.to = t.From+at[inner.from], t.From+at[inner.to]
			s.list = append(s.list, inner)
		}
	}
}
