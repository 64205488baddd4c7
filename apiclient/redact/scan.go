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
	name     string        // that the value has
}

// nameless is the name of a masked value that has none.
const nameless = "VALUE"

// nameIf returns the name of a value that is secret; "" for one that is not.
func nameIf(secret bool, name string) string {
	if !secret {
		return ""
	}
	return cmp.Or(name, nameless)
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
	secret string  // the name under which all in it is masked; "" where not all is
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
			s.push(jsontext.Kind(b[at+i]), r.start(), "")
			at += i + 1
			continue
		}
		at = s.next(at)
	}
	return s.list
}

func (s *scanner) push(kind jsontext.Kind, states []state, secret string) {
	if len(s.stack) >= maxOpen {
		s.beyond++
		s.stack[maxOpen-1].secret = cmp.Or(s.stack[maxOpen-1].secret, secret)
		return
	}
	s.stack = append(s.stack, frame{object: kind == jsontext.Object, states: states, secret: secret})
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
			return s.value(t, top.states, top.secret) // not a member: the text is no JSON here
		}
		states, hit := s.follow(top.states, "", top.index)
		return s.value(t, states, cmp.Or(top.secret, nameIf(hit, nameless)))
	}
	name := jsontext.Text(t.Of(s.b))
	if t.Kind != jsontext.String {
		name = string(bytes.Trim(t.Of(s.b), `'\`))
	}
	states, hit := s.follow(top.states, name, byName)
	value := jsontext.Glance(s.b, colon.To)
	return s.value(value, states, nameIf(top.secret != "" || hit || secretMember(name), name))
}

// named reports whether a token can be the name of a member, if only in other
// languages.
func named(k jsontext.Kind) bool {
	return k == jsontext.String || k == jsontext.Word || k == jsontext.Literal
}

// value takes a value, or the beginning of one, and returns the offset behind it.
func (s *scanner) value(t jsontext.Token, states []state, secret string) int {
	switch t.Kind {
	case jsontext.None:
		return len(s.b)
	case jsontext.ObjectEnd, jsontext.ArrayEnd, jsontext.Comma, jsontext.Colon:
		return t.From // there is no value
	case jsontext.Object, jsontext.Array:
		s.push(t.Kind, states, secret)
		return t.To
	case jsontext.String, jsontext.Unclosed:
		s.str(t, secret)
		return t.To
	}
	if secret == "" {
		return t.To
	}
	raw := t.Of(s.b)
	switch {
	case string(raw) == "null" || t.Kind == jsontext.Variable:
	case t.Kind == jsontext.Number || string(raw) == "true" || string(raw) == "false":
		s.list = append(s.list, span{t.From, t.To, t.Kind, secret})
	default: // in no language that we know: all of it up to what ends it
		end := t.From + bytes.IndexAny(append(s.b[t.From:len(s.b):len(s.b)], ','), ",}]\n")
		from, to := t.From, t.From+len(bytes.TrimRight(s.b[t.From:end], " \r"))
		if to-from > 1 && s.b[from] == '\'' && s.b[to-1] == '\'' {
			from, to = from+1, to-1
		}
		s.list = append(s.list, span{from, to, jsontext.String, secret})
		return max(end, t.To)
	}
	return t.To
}

// str takes a string: one that is masked, or one with a text of its own in it.
func (s *scanner) str(t jsontext.Token, secret string) {
	from, to := t.From+1, t.To
	if t.Kind == jsontext.String {
		to--
	}
	raw := s.b[from:to]
	switch {
	case secret != "":
		s.list = append(s.list, span{from, to, jsontext.String, secret})
	case s.embedded < maxEmbedded && bytes.ContainsAny(raw, "{[<=:"):
		text, at := jsontext.Unquote(t.Of(s.b))
		for _, inner := range s.textSpans(text, s.embedded+1) {
			inner.from, inner.to = t.From+at[inner.from], t.From+at[inner.to]
			s.list = append(s.list, inner)
		}
	}
}
