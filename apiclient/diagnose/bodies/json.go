package bodies

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
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

// parse reads one JSON value with white space around it; nil where source is
// none, or too deep.
func parse(source []byte) *document {
	p := parser{b: source}
	p.blank()
	root := p.value(0)
	p.blank()
	if root == nil || p.at != len(source) {
		return nil
	}
	return &document{root: root, source: source, spaces: p.spaces}
}

const maxDepth = 200

type parser struct {
	b      []byte
	at     int
	spaces bool
}

func (p *parser) blank() {
	for p.at < len(p.b) {
		switch p.b[p.at] {
		case ' ', '\t', '\r', '\n':
			p.at++
			p.spaces = true
		default:
			return
		}
	}
}

func (p *parser) take(c byte) bool {
	if p.at < len(p.b) && p.b[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *parser) value(depth int) *value {
	if p.at >= len(p.b) || depth > maxDepth {
		return nil
	}
	switch c := p.b[p.at]; {
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.array(depth)
	case c == '"':
		return p.string()
	case c == '-' || '0' <= c && c <= '9':
		return p.scalar(number, "+-.eE0123456789")
	case 'a' <= c && c <= 'z':
		v := p.scalar(literal, "aeflnrstu")
		if s := string(v.raw); s != "true" && s != "false" && s != "null" {
			return nil
		}
		return v
	}
	return nil
}

func (p *parser) scalar(k kind, of string) *value {
	start := p.at
	for p.at < len(p.b) && bytes.IndexByte([]byte(of), p.b[p.at]) >= 0 {
		p.at++
	}
	return &value{kind: k, raw: p.b[start:p.at]}
}

func (p *parser) string() *value {
	start := p.at
	for p.at++; p.at < len(p.b); p.at++ {
		switch p.b[p.at] {
		case '\\':
			p.at++
		case '"':
			p.at++
			return &value{kind: text, raw: p.b[start:p.at]}
		}
	}
	return nil
}

func (p *parser) object(depth int) *value {
	v := &value{kind: object}
	p.at++
	p.blank()
	if p.take('}') {
		return v
	}
	for {
		p.blank()
		if p.at >= len(p.b) || p.b[p.at] != '"' {
			return nil
		}
		key := p.string()
		p.blank()
		if key == nil || !p.take(':') {
			return nil
		}
		p.blank()
		inner := p.value(depth + 1)
		if inner == nil {
			return nil
		}
		v.members = append(v.members, member{key, inner})
		p.blank()
		if p.take('}') {
			return v
		}
		if !p.take(',') {
			return nil
		}
	}
}

func (p *parser) array(depth int) *value {
	v := &value{kind: array}
	p.at++
	p.blank()
	if p.take(']') {
		return v
	}
	for {
		p.blank()
		inner := p.value(depth + 1)
		if inner == nil {
			return nil
		}
		v.items = append(v.items, inner)
		p.blank()
		if p.take(']') {
			return v
		}
		if !p.take(',') {
			return nil
		}
	}
}

// decoded is a string without its quotes and escapes. A lone surrogate becomes
// U+FFFD.
func (v *value) decoded() string {
	raw := v.raw
	if len(raw) < 2 {
		return string(raw)
	}
	raw = raw[1 : len(raw)-1]
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw)
	}
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' || i+1 >= len(raw) {
			out = append(out, raw[i])
			continue
		}
		i++
		switch c := raw[i]; c {
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r, size := unescape(raw[i-1:])
			out = utf8.AppendRune(out, r)
			i += size - 2
		default:
			out = append(out, c)
		}
	}
	return string(out)
}

// unescape reads \uXXXX, or two of them that form one character.
func unescape(b []byte) (r rune, size int) {
	first, ok := hex4(b)
	if !ok {
		return utf8.RuneError, min(2, len(b))
	}
	if utf16.IsSurrogate(first) && len(b) >= 12 && b[6] == '\\' && b[7] == 'u' {
		if second, ok := hex4(b[6:]); ok {
			if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
				return r, 12
			}
		}
	}
	return first, 6
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 6 {
		return 0, false
	}
	var r rune
	for _, c := range b[2:6] {
		switch {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case 'A' <= c && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// is reports whether v is that literal.
func (v *value) is(word string) bool { return v.kind == literal && string(v.raw) == word }

// transform rebuilds v from below: f gets each value after its children and
// returns what stands in its place; nil drops it.
func (v *value) transform(f func(*value) *value) *value {
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
