package bodies

import (
	"bytes"

	"countersign/apiclient/jsontext"
)

// kind is what a JSON value is.
type kind byte

const (
	object kind = iota
	array
	text
	number
	literal
)

// value is a JSON value as it was written: spellings are kept.
type value struct {
	kind    kind
	raw     []byte // of a string with its quotes, a number or a literal
	members []member
	items   []*value
}

type member struct {
	key   *value // a string
	value *value
}

// document is a JSON text taken apart.
type document struct {
	root   *value
	source []byte
	spaces bool // there is white space between tokens
}

// maxDepth guards the stack.
const maxDepth = 200

// parse reads one JSON value with white space around it; nil where source is
// none, or too deep. The spelling of numbers and of escapes is not checked.
func parse(source []byte) *document {
	p := parser{b: source, next: jsontext.Next(source, 0)}
	p.spaces = p.next.From > 0
	root := p.value(0)
	if root == nil || p.next.Kind != jsontext.None {
		return nil
	}
	return &document{root: root, source: source, spaces: p.spaces}
}

type parser struct {
	b      []byte
	next   jsontext.Token
	spaces bool
}

// take returns the next token, and reads the one after it.
func (p *parser) take() jsontext.Token {
	t := p.next
	p.next = jsontext.Next(p.b, t.To)
	p.spaces = p.spaces || p.next.From > t.To
	return t
}

func (p *parser) value(depth int) *value {
	t := p.take()
	switch t.Kind {
	case jsontext.Object, jsontext.Array:
		if depth < maxDepth {
			return p.group(t.Kind, depth)
		}
	case jsontext.String:
		return &value{kind: text, raw: t.Of(p.b)}
	case jsontext.Literal:
		return &value{kind: literal, raw: t.Of(p.b)}
	case jsontext.Number:
		if raw := t.Of(p.b); len(bytes.Trim(raw, "+-.eE0123456789")) == 0 {
			return &value{kind: number, raw: raw}
		}
	}
	return nil
}

// group reads an object or array behind its bracket.
func (p *parser) group(open jsontext.Kind, depth int) *value {
	v := &value{kind: array}
	if open == jsontext.Object {
		v.kind = object
	}
	for more := !p.next.Closes(open); more; {
		var key *value
		if v.kind == object {
			if key = p.value(maxDepth); key == nil || key.kind != text || p.take().Kind != jsontext.Colon {
				return nil
			}
		}
		inner := p.value(depth + 1)
		if inner == nil {
			return nil
		}
		if v.kind == object {
			v.members = append(v.members, member{key, inner})
		} else {
			v.items = append(v.items, inner)
		}
		if more = p.next.Kind == jsontext.Comma; more {
			p.take()
		}
	}
	if !p.take().Closes(open) {
		return nil
	}
	return v
}

// decoded returns a string without its quotes and escapes. A lone surrogate becomes
// U+FFFD.
func (v *value) decoded() string { return jsontext.Text(v.raw) }

// is reports whether v is that literal.
func (v *value) is(word string) bool { return v.kind == literal && string(v.raw) == word }

// transform rebuilds v from below: f gets each value after its children and
// returns what stands in its place; nil drops it.
func (v *value) transform(f shaper) *value {
	out := v
	switch v.kind {
	case object:
		out = &value{kind: object, members: make([]member, 0, len(v.members))}
		for _, m := range v.members {
			if inner := m.value.transform(f); inner != nil {
				out.members = append(out.members, member{m.key, inner})
			}
		}
	case array:
		out = &value{kind: array, items: make([]*value, 0, len(v.items))}
		for _, item := range v.items {
			if inner := item.transform(f); inner != nil {
				out.items = append(out.items, inner)
			}
		}
	}
	return f(out)
}

// Member is a string or number inside a JSON body with the name of its member.
type Member struct {
	Name, Text string
	Number     bool
}

// Members lists the strings and numbers of a JSON body, outermost objects
// included, at most the first most of them; none where b is no JSON.
func Members(b []byte, most int) []Member {
	if len(b) > 1<<20 {
		return nil
	}
	d := parse(b)
	if d == nil {
		return nil
	}
	var list []Member
	var visit func(name string, v *value)
	visit = func(name string, v *value) {
		if len(list) >= most {
			return
		}
		switch v.kind {
		case object:
			for _, m := range v.members {
				visit(m.key.decoded(), m.value)
			}
		case array:
			for _, item := range v.items {
				visit(name, item)
			}
		case text:
			list = append(list, Member{name, v.decoded(), false})
		case number:
			list = append(list, Member{name, string(v.raw), true})
		}
	}
	visit("", d.root)
	return list
}

// IsJSON reports whether b is a JSON text.
func IsJSON(b []byte) bool { return parse(b) != nil }
