package jsonedit

import (
	"bytes"
	"unicode/utf8"
)

// Kind is what a value is.
type Kind byte

// Kinds of a value.
const (
	Object   Kind = '{'
	Array    Kind = '['
	String   Kind = '"'
	Number   Kind = '0'
	Literal  Kind = 't' // true, false, null
	Variable Kind = '$' // {{now}} without quotes: what it is is known only when it is expanded
)

// Node is one value of a text.
type Node struct {
	Kind             Kind
	KeyStart, KeyEnd int  // of its name, with the quotes; -1 where it has none
	Start, End       int  // of the value
	Next             int  // index of the first node after it and all below it
	Parent           int  // index of the object or array that it is in; -1 for the whole
	Whole            bool // false where the text breaks off, or has a fault, inside of it
}

// Fault is where a text stops being JSON.
type Fault struct {
	Offset int // in bytes, from 0
	Line   int // from 1
	Says   string
}

// Tree is where the values of a text are. It is made in one pass, and as far
// as the text can be read: what stands before a fault is found.
type Tree struct {
	Doc   []byte
	Nodes []Node // in the order of the text; the values of an object or array come right after it
	Fault *Fault // nil: all of it is JSON, but for variables

	outer *Tree // the text that holds this one in a string; nil: this is the body
	node  int   // that string
	at    []int // offset in outer.Doc of each byte of Doc, and of its end
}

// Raw gives the bytes of a value.
func (t *Tree) Raw(n int) []byte { return t.Doc[t.Nodes[n].Start:t.Nodes[n].End] }

// Place gives the offset in the body where a value begins: for a value inside
// of a string, where it begins in that string.
func (t *Tree) Place(n int) int { return t.place(t.Nodes[n].Start) }

func (t *Tree) place(at int) int {
	if t.outer == nil {
		return at
	}
	return t.outer.place(t.at[at])
}

// Broken says why a value that the fault is in, or before, cannot be changed;
// nil where there is no fault.
func (t *Tree) Broken() error {
	if t.Fault == nil {
		return nil
	}
	return t.broken()
}

// Name gives the name of a member, "" for what has none.
func (t *Tree) Name(n int) string {
	node := t.Nodes[n]
	if node.KeyStart < 0 {
		return ""
	}
	text, _ := Unquote(t.Doc[node.KeyStart:node.KeyEnd])
	return string(text)
}

// Children gives the values of an object or array, in their order.
func (t *Tree) Children(n int) []int {
	var list []int
	for c := n + 1; c < t.Nodes[n].Next; c = t.Nodes[c].Next {
		list = append(list, c)
	}
	return list
}

// Unquote reads a JSON string, and tells the offset in raw of each byte of the
// text, and of its end. A lone surrogate becomes the three bytes that it
// would be in UTF-8; bytes that are no UTF-8 stay as they are, and so does \{{.
func Unquote(raw []byte) (text []byte, at []int) {
	end := len(raw)
	if end > 1 && raw[end-1] == '"' {
		end--
	}
	text, at = make([]byte, 0, end), make([]int, 0, end)
	for i := 1; i < end; {
		from := i
		if raw[i] != '\\' || braces(raw[i:end]) > 0 {
			text, at = append(text, raw[i]), append(at, i)
			i++
			continue
		}
		n := max(1, escapeLen(raw[i:end]))
		r := unescape(raw[i : i+n])
		i += n
		if high := r; high >= 0xd800 && high < 0xdc00 && escapeLen(raw[i:end]) == 6 {
			if low := unescape(raw[i : i+6]); low >= 0xdc00 && low < 0xe000 {
				r = (high-0xd800)<<10 + (low - 0xdc00) + 0x10000
				i += 6
			}
		}
		before := len(text)
		if r >= 0xd800 && r < 0xe000 {
			text = append(text, 0xe0|byte(r>>12), 0x80|byte(r>>6)&0x3f, 0x80|byte(r)&0x3f)
		} else {
			text = utf8.AppendRune(text, r)
		}
		for range text[before:] {
			at = append(at, from)
		}
	}
	return text, append(at, end)
}

func unescape(b []byte) rune {
	if len(b) < 2 {
		return utf8.RuneError
	}
	switch b[1] {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'u':
		var r rune
		for _, c := range b[2:] {
			r = r<<4 | hexDigit(c)
		}
		return r
	}
	return rune(b[1])
}

// Embedded opens the JSON that a string holds, as a text of its own whose
// changes are made inside of that string. ok is false where the string holds
// no object or array, or one with a fault.
func (t *Tree) Embedded(n int) (inner *Tree, ok bool) {
	node := t.Nodes[n]
	if node.Kind != String || !node.Whole {
		return nil, false
	}
	text, at := Unquote(t.Raw(n))
	trimmed := bytes.TrimLeft(text, " \t\r\n")
	if len(trimmed) == 0 || trimmed[0] != '{' && trimmed[0] != '[' {
		return nil, false
	}
	for i := range at {
		at[i] += node.Start
	}
	inner = Parse(text)
	inner.outer, inner.node, inner.at = t, n, at
	if inner.Fault != nil || inner.Nodes[0].Kind == Variable { // {{name}} is no object
		return inner, false
	}
	return inner, true
}
