// Package jsliteral reads values as JavaScript source writes them: strings and
// templates, numbers, arrays, objects, and the few calls that people put around
// a request's body. Nothing is run: what a value depends on and is not in the
// source is a value of kind Unknown, with its source.
package jsliteral

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind is a type of JavaScript, or Unknown.
type Kind int

// Kinds of values.
const (
	Unknown Kind = iota // an expression whose value the source does not have
	Undefined
	Null
	Bool
	Number
	String
	Array
	Object
)

// Value is a value of JavaScript.
type Value struct {
	Kind Kind
	// Text is the text of a string, a number or boolean as JavaScript prints it,
	// and the source of what is unknown. Half a surrogate pair stands in it as
	// three bytes, in the manner of UTF-8.
	Text    string
	List    []Value  // the elements of an array
	Members []Member // the members of an object, as they are listed in the source
	// Form says that this is a URLSearchParams: fetch sends it as a form.
	Form bool
}

// Member is one member of an object.
type Member struct {
	Name  string
	Value Value
}

// Get returns the member with a name; that of kind Undefined where there is none.
func (v Value) Get(name string) Value {
	for i := len(v.Members) - 1; i >= 0; i-- {
		if v.Members[i].Name == name {
			return v.Members[i].Value
		}
	}
	return Value{Kind: Undefined}
}

// set changes a member, or adds it at the end.
func (v *Value) set(name string, value Value) {
	for i := range v.Members {
		if v.Members[i].Name == name {
			v.Members[i].Value = value
			return
		}
	}
	v.Members = append(v.Members, Member{name, value})
}

// size is about how many bytes v takes; it stops counting at most.
func (v Value) size(most int) int {
	n := len(v.Text) + 1
	for _, e := range v.List {
		if n > most {
			break
		}
		n += e.size(most - n)
	}
	for _, m := range v.Members {
		if n > most {
			break
		}
		n += len(m.Name) + m.Value.size(most-n)
	}
	return n
}

// FirstUnknown returns the source of the first part of v whose value is not
// known; "" where all is known.
func (v Value) FirstUnknown() string {
	if v.Kind == Unknown {
		return v.Text
	}
	for _, e := range v.List {
		if s := e.FirstUnknown(); s != "" {
			return s
		}
	}
	for _, m := range v.Members {
		if s := m.Value.FirstUnknown(); s != "" {
			return s
		}
	}
	return ""
}

// String returns what JavaScript's String(v) does.
func (v Value) String() string {
	switch v.Kind {
	case Undefined:
		return "undefined"
	case Null:
		return "null"
	case Array:
		parts := make([]string, len(v.List))
		for i, e := range v.List {
			if e.Kind != Null && e.Kind != Undefined {
				parts[i] = e.String()
			}
		}
		return strings.Join(parts, ",")
	case Object:
		if v.Form {
			return v.form()
		}
		return "[object Object]"
	}
	return v.Text
}

// Stringify returns what JSON.stringify(v, null, indent) does; ok is false for
// a value that it drops.
func (v Value) Stringify(indent string) (text string, ok bool) {
	var b strings.Builder
	ok = v.stringify(&b, indent, "\n")
	return b.String(), ok
}

func (v Value) stringify(b *strings.Builder, indent, line string) bool {
	switch v.Kind {
	case Undefined, Unknown:
		return false
	case Null:
		b.WriteString("null")
	case String:
		quote(b, v.Text)
	case Array:
		enclose(b, "[]", indent, line, v.List, func(e Value) {
			if !e.stringify(b, indent, line+indent) {
				b.WriteString("null")
			}
		})
	case Object:
		known := slices.DeleteFunc(ordered(v.Members), func(m Member) bool { return m.Value.Kind <= Undefined })
		enclose(b, "{}", indent, line, known, func(m Member) {
			quote(b, m.Name)
			b.WriteByte(':')
			if indent != "" {
				b.WriteByte(' ')
			}
			m.Value.stringify(b, indent, line+indent)
		})
	default:
		if v.Kind == Number && strings.ContainsAny(v.Text, "IN") { // Infinity, NaN
			b.WriteString("null")
			return true
		}
		b.WriteString(v.Text)
	}
	return true
}

// enclose writes a list in brackets.
func enclose[T any](b *strings.Builder, brackets, indent, line string, list []T, write func(T)) {
	b.WriteByte(brackets[0])
	for i, part := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		if indent != "" {
			b.WriteString(line + indent)
		}
		write(part)
	}
	if indent != "" && len(list) > 0 {
		b.WriteString(line)
	}
	b.WriteByte(brackets[1])
}

// ordered returns members in the order that JavaScript keeps: those that are
// array indexes first, by value; and of a name that stands twice the last value,
// at the first place.
func ordered(members []Member) []Member {
	var list []Member
	places := map[string]int{}
	for _, m := range members {
		if i, ok := places[m.Name]; ok {
			list[i].Value = m.Value
			continue
		}
		places[m.Name] = len(list)
		list = append(list, m)
	}
	slices.SortStableFunc(list, func(a, b Member) int {
		switch x, y := isIndex(a.Name), isIndex(b.Name); {
		case x && y:
			return cmp.Or(len(a.Name)-len(b.Name), strings.Compare(a.Name, b.Name))
		case x:
			return -1
		case y:
			return 1
		}
		return 0
	})
	return list
}

func isIndex(name string) bool {
	n, err := strconv.ParseUint(name, 10, 32)
	return err == nil && n < 1<<32-1 && strconv.FormatUint(n, 10) == name
}

// quote writes a JSON string as JSON.stringify does.
func quote(b *strings.Builder, s string) {
	const hex = "0123456789abcdef"
	short := map[byte]byte{'\b': 'b', '\t': 't', '\n': 'n', '\f': 'f', '\r': 'r', '"': '"', '\\': '\\'}
	b.WriteByte('"')
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch letter, ok := short[c]; {
		case ok:
			b.WriteByte('\\')
			b.WriteByte(letter)
		case c < ' ':
			b.WriteString(`\u00`)
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		case c == 0xED && i+2 < len(s) && s[i+1] >= 0xA0:
			b.WriteString(`\u` + strconv.FormatUint(uint64(half(s[i:])), 16))
			i += 2
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
}

// half decodes half a surrogate pair in three bytes.
func half(s string) rune { return rune(s[0]&15)<<12 | rune(s[1]&63)<<6 | rune(s[2]&63) }

// UTF8 returns a text as it is sent: half a surrogate pair becomes U+FFFD.
func UTF8(s string) string {
	if utf8.ValidString(s) || !strings.Contains(s, "\xED") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == 0xED && i+2 < len(s) && s[i+1] >= 0xA0 {
			b.WriteString("\uFFFD")
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
