package catalog

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pb33f/go-yaml"
)

// raw is the text of a value.
func (t *text) raw(i int) []byte { return t.body[t.spans[i].start:t.spans[i].end] }

// name is the name of a member.
func (t *text) name(i int) string {
	key := t.spans[i].key
	if key < 0 {
		return ""
	}
	return unquote(t.body[key:])
}

// unquote reads the string at the start of b.
func unquote(b []byte) string {
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '"':
			return string(b[1:i])
		case '\\':
			return unescape(b)
		}
	}
	return ""
}

// unescape is unquote for strings with escapes.
func unescape(b []byte) string {
	end := 1
	for end < len(b) && b[end] != '"' {
		if b[end] == '\\' {
			end++
		}
		end++
	}
	var s string
	if end >= len(b) || json.Unmarshal(b[:end+1], &s) != nil {
		return string(bytes.Trim(b, `"`))
	}
	return s
}

// typeAt is the type of a value, as schemas name it.
func (t *text) typeAt(i int) string {
	switch p := t.spans[i]; p.kind {
	case objectValue:
		return "object"
	case arrayValue:
		return "array"
	case stringValue:
		return "string"
	case numberValue:
		return "number"
	default:
		if t.body[p.start] == 'n' {
			return "null"
		}
		return "boolean"
	}
}

// equal reports whether a value is that of a schema.
func (t *text) equal(i int, n *yaml.Node) bool {
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str" {
		return t.spans[i].kind == stringValue && unquote(t.raw(i)) == n.Value
	}
	other, fault := scan(appendJSON(nil, n, 0))
	return fault == nil && bytes.Equal(t.canonical(nil, i), other.canonical(nil, 0))
}

// canonical appends a value so that equal ones are the same bytes.
func (t *text) canonical(out []byte, i int) []byte {
	p := t.spans[i]
	switch p.kind {
	case objectValue:
		members := map[string]int{}
		for c := i + 1; c < p.next; c = t.spans[c].next {
			members[t.name(c)] = c
		}
		out = append(out, '{')
		for _, name := range slices.Sorted(maps.Keys(members)) {
			out = append(t.canonical(append(appendString(out, name), ':'), members[name]), ',')
		}
		return append(out, '}')
	case arrayValue:
		out = append(out, '[')
		for c := i + 1; c < p.next; c = t.spans[c].next {
			out = append(t.canonical(out, c), ',')
		}
		return append(out, ']')
	case stringValue:
		return appendString(out, unquote(t.raw(i)))
	case numberValue:
		return append(out, t.number(i).RatString()...)
	}
	return append(out, t.raw(i)...)
}

// maxExponent is how many digits an exponent keeps: validators write numbers
// out to compare them.
const maxExponent = 3

// tame cuts exponents that would fill the memory: 1e999 is as much over every
// limit as 1e999999999 is.
func tame(s string) json.Number {
	i := strings.IndexAny(s, "eE")
	if i < 0 {
		return json.Number(s)
	}
	sign, digits := "", strings.TrimLeft(s[i+1:], "+")
	if rest, ok := strings.CutPrefix(digits, "-"); ok {
		sign, digits = "-", rest
	}
	if digits = strings.TrimLeft(digits, "0"); len(digits) > maxExponent {
		digits = strings.Repeat("9", maxExponent)
	}
	return json.Number(s[:i] + "e" + sign + cmp.Or(digits, "0"))
}

// maxRepeated bounds what repeated finds: a body made to be slow to check is
// made of nothing else.
const maxRepeated = 100

// repeated finds members whose name came before in the same object.
func (t *text) repeated() []Violation {
	var out []Violation
	for i, p := range t.spans {
		if p.kind != objectValue || len(out) >= maxRepeated {
			continue
		}
		var seen map[string]bool
		for c := i + 1; c < p.next; c = t.spans[c].next {
			if t.spans[c].next >= p.next && seen == nil {
				break // a single member
			}
			if seen == nil {
				seen = map[string]bool{}
			}
			name := t.name(c)
			if seen[name] && len(out) < maxRepeated {
				path := t.path(c)
				out = append(out, Violation{Pointer: pointerOf(path), Offset: t.spans[c].key,
					Message: named(path, "is given more than once; parsers disagree about which one counts")})
			}
			seen[name] = true
		}
	}
	return out
}

// path are the names and positions that lead to a value.
func (t *text) path(i int) []string {
	var steps []string
	for at := 0; at != i; {
		p := t.spans[at]
		n := 0
		for c := at + 1; c < p.next; c = t.spans[c].next {
			if i < t.spans[c].next {
				if p.kind == objectValue {
					steps = append(steps, t.name(c))
				} else {
					steps = append(steps, strconv.Itoa(n))
				}
				at = c
				break
			}
			n++
		}
	}
	return steps
}
