package catalog

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
)

// few is how many members of a container are looked through each time; of
// more, the table is kept.
const few = 16

// find walks from the whole text along names and indices. Of members with one
// name it finds the last, which is the one that parsers keep.
func (t *text) find(steps []string) (index int, ok bool) {
	i := 0
	for _, step := range steps {
		if i, ok = t.child(i, step); !ok {
			return 0, false
		}
	}
	return i, len(t.spans) > 0
}

func (t *text) child(parent int, step string) (int, bool) {
	if row, ok := t.rows[parent]; ok {
		i, ok := row[step]
		return i, ok
	}
	p := t.spans[parent]
	if p.kind != objectValue && p.kind != arrayValue {
		return 0, false
	}
	row := map[string]int{}
	for i := parent + 1; i < p.next; i = t.spans[i].next {
		name := strconv.Itoa(len(row))
		if p.kind == objectValue {
			name = t.name(i)
		}
		row[name] = i
	}
	if len(row) > few {
		if t.rows == nil {
			t.rows = map[int]map[string]int{}
		}
		t.rows[parent] = row
	}
	i, ok := row[step]
	return i, ok
}

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

// value turns a span into what the schema validator reads.
func (t *text) value(i int) any {
	p := t.spans[i]
	raw := t.body[p.start:p.end]
	switch p.kind {
	case objectValue:
		m := make(map[string]any)
		for c := i + 1; c < p.next; c = t.spans[c].next {
			m[t.name(c)] = t.value(c)
		}
		return m
	case arrayValue:
		list := []any{}
		for c := i + 1; c < p.next; c = t.spans[c].next {
			list = append(list, t.value(c))
		}
		return list
	case stringValue:
		return unquote(raw)
	case numberValue:
		return tame(string(raw))
	}
	switch raw[0] {
	case 't':
		return true
	case 'f':
		return false
	}
	return nil
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
				v := Violation{Offset: t.spans[c].key, Message: "is given more than once; parsers disagree about which one counts"}
				v.Pointer = t.pointer(c)
				out = append(out, v)
			}
			seen[name] = true
		}
	}
	return out
}

// pointer is the JSON Pointer of a span.
func (t *text) pointer(i int) string {
	at, steps := 0, ""
	for at != i {
		p := t.spans[at]
		n := 0
		for c := at + 1; c < p.next; c = t.spans[c].next {
			if i < t.spans[c].next {
				if p.kind == objectValue {
					steps += "/" + escapeToken(t.name(c))
				} else {
					steps += "/" + strconv.Itoa(n)
				}
				at = c
				break
			}
			n++
		}
	}
	return steps
}
