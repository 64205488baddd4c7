package bodies

import (
	"slices"
	"strconv"
	"strings"
)

// words are the literals of a language, and how it joins and quotes.
type words struct {
	null, yes, no string
	str           func(string) string
	number        func(raw []byte) string
	open, close   string // of objects
	pair, comma   string
	first, last   string              // of arrays
	key           func(string) string // nil as str
	sorted        bool
}

func (w words) write(v *value) string {
	switch v.kind {
	case text:
		return w.str(v.decoded())
	case number:
		if w.number != nil {
			return w.number(v.raw)
		}
		return string(v.raw)
	case literal:
		switch {
		case v.is("true"):
			return w.yes
		case v.is("false"):
			return w.no
		}
		return w.null
	case array:
		if len(v.items) == 0 {
			return strings.TrimSpace(w.first) + strings.TrimSpace(w.last)
		}
		parts := make([]string, len(v.items))
		for i, item := range v.items {
			parts[i] = w.write(item)
		}
		return w.first + strings.Join(parts, w.comma) + w.last
	}
	members := v.members
	if w.sorted {
		members = slices.Clone(members)
		by(strings.Compare)(members)
	}
	if len(members) == 0 {
		return strings.TrimSpace(w.open) + strings.TrimSpace(w.close)
	}
	key := w.key
	if key == nil {
		key = w.str
	}
	parts := make([]string, len(members))
	for i, m := range members {
		parts[i] = key(m.key.decoded()) + w.pair + w.write(m.value)
	}
	return w.open + strings.Join(parts, w.comma) + w.close
}

// outermost writes the keys of the outermost object in another way.
func (w words) outermost(key func(string) string, pair string) dumper {
	return members(w.open, w.comma, w.close, func(k string, v *value) string { return key(k) + pair + w.write(v) })
}

func asIs(s string) string { return s }

func pythonNumber(raw []byte) string { return string(spell(double(python, false))(nil, raw)) }

func rubyNumber(raw []byte) string { return string(spell(double(ruby, false))(nil, raw)) }

// identifier reports whether Node and Ruby print a key without quotes.
func identifier(s string) bool {
	inside := func(r rune) bool { return r == '_' || 'a' <= r|0x20 && r|0x20 <= 'z' || '0' <= r && r <= '9' }
	return s != "" && (s[0] < '0' || s[0] > '9') && strings.TrimFunc(s, inside) == ""
}

func jsKey(s string) string {
	if identifier(s) {
		return s
	}
	return jsQuote(s)
}

func rubySymbol(s string) string {
	if identifier(s) {
		return ":" + s
	}
	return ":" + rubyQuote(s)
}

// rubyKey returns a symbol before its colon.
func rubyKey(s string) string {
	if identifier(s) {
		return s
	}
	return rubyQuote(s)
}

var (
	pythonWords = words{null: "None", yes: "True", no: "False", str: pythonQuote, number: pythonNumber, open: "{",
		close: "}", pair: ": ", comma: ", ", first: "[", last: "]"}
	javaWords = words{null: "null", yes: "true", no: "false", str: asIs, open: "{", close: "}", pair: "=",
		comma: ", ", first: "[", last: "]", key: asIs}
	rubyWords = words{null: "nil", yes: "true", no: "false", str: rubyQuote, number: rubyNumber, open: "{",
		close: "}", pair: "=>", comma: ", ", first: "[", last: "]"}
	jsWords = words{null: "null", yes: "true", no: "false", str: jsQuote, number: goNumber(ecma), open: "{ ",
		close: " }", pair: ": ", comma: ", ", first: "[ ", last: " ]", key: jsKey}
	goWords = words{null: "<nil>", yes: "true", no: "false", str: asIs, open: "map[", close: "]", pair: ":",
		comma: " ", first: "[", last: "]", key: asIs, sorted: true}
)

// with returns w after a change.
func with[T any](w T, change func(*T)) T {
	change(&w)
	return w
}

func (w words) dump(root *value) (string, bool) { return w.write(root), isGroup(root) }

func goNumber(print func(float64) string) func([]byte) string {
	return func(raw []byte) string {
		if f, ok := asFloat(raw); ok {
			return print(f)
		}
		return string(raw)
	}
}

// percentG prints as %v does in Go.
func percentG(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }
