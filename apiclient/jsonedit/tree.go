package jsonedit

import (
	"bytes"
	"encoding/json"
	"fmt"
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

// maxNesting guards the stack.
const maxNesting = 1000

// Parse finds the values of a text.
func Parse(doc []byte) *Tree {
	p := &parser{Tree: &Tree{Doc: doc, Nodes: make([]Node, 0, 16+len(doc)/32)}}
	p.i = skipSpace(doc, 0)
	if p.value(-1, -1, -1, 0) {
		if p.i = skipSpace(doc, p.i); p.i < len(doc) {
			p.fail("more text follows the JSON")
		}
	}
	if f := p.Fault; f != nil {
		f.Line = 1 + bytes.Count(doc[:f.Offset], []byte{'\n'})
	}
	return p.Tree
}

type parser struct {
	*Tree
	i int
}

// fail keeps the first fault.
func (p *parser) fail(says string) bool {
	if p.Fault == nil {
		p.Fault = &Fault{Offset: min(p.i, len(p.Doc)), Says: says}
	}
	return false
}

func (p *parser) peek() byte {
	if p.i < len(p.Doc) {
		return p.Doc[p.i]
	}
	return 0
}

// value reads one value.
func (p *parser) value(parent, keyStart, keyEnd, depth int) bool {
	n := len(p.Nodes)
	p.Nodes = append(p.Nodes, Node{KeyStart: keyStart, KeyEnd: keyEnd, Start: p.i, Parent: parent})
	kind, ok := p.read(n, depth)
	node := &p.Nodes[n]
	node.Kind, node.End, node.Next, node.Whole = kind, min(p.i, len(p.Doc)), len(p.Nodes), ok
	if kind == 0 {
		p.Nodes = p.Nodes[:n] // nothing is there
	}
	return ok
}

func (p *parser) read(n, depth int) (Kind, bool) {
	switch c := p.peek(); {
	case p.i >= len(p.Doc):
		return 0, p.fail("the text ends where a value is expected")
	case c == '{' && !p.variable():
		return Object, p.container(n, depth, '}')
	case c == '[':
		return Array, p.container(n, depth, ']')
	case c == '"':
		return String, p.str()
	}
	return p.token()
}

// variable reports whether {{name}} begins here, on one line.
func (p *parser) variable() bool { return variableEnd(p.Doc, p.i) > 0 }

// variableEnd gives the offset after {{name}} at i; 0 where there is none.
func variableEnd(b []byte, i int) int {
	if !bytes.HasPrefix(b[i:], []byte("{{")) {
		return 0
	}
	for j := i + 2; j+1 < len(b); j++ {
		switch b[j] {
		case '\n', '"', '{':
			return 0
		case '}':
			if b[j+1] == '}' {
				return j + 2
			}
			return 0
		}
	}
	return 0
}

// token reads a number, a literal, or text with variables in it.
func (p *parser) token() (Kind, bool) {
	start, variables := p.i, false
	for p.i < len(p.Doc) {
		if end := variableEnd(p.Doc, p.i); end > 0 {
			p.i, variables = end, true
			continue
		}
		if c := p.Doc[p.i]; c <= ' ' || bytes.IndexByte([]byte(`,:]}{["`), c) >= 0 {
			break
		}
		p.i++
	}
	word := p.Doc[start:p.i]
	switch {
	case variables:
		return Variable, true
	case len(word) > 0 && json.Valid(word):
		if c := word[0]; c == '-' || c >= '0' && c <= '9' {
			return Number, true
		}
		return Literal, true
	}
	p.i = start
	return 0, p.fail("a value is expected")
}

func (p *parser) str() bool {
	for i := p.i + 1; i < len(p.Doc); i++ {
		switch c := p.Doc[i]; {
		case c == '\\':
			n := max(escapeLen(p.Doc[i:]), braces(p.Doc[i:]))
			if n == 0 {
				p.i = i
				return p.fail("a backslash stands before what it cannot escape")
			}
			i += n - 1
		case c == '"':
			p.i = i + 1
			return true
		case c < ' ':
			p.i = i
			return p.fail("a string is not closed in its line")
		}
	}
	p.i = len(p.Doc)
	return p.fail("the text ends inside of a string")
}

// escapeLen is the length of the escape at the start of b; 0: it is none.
func escapeLen(b []byte) int {
	switch {
	case len(b) < 2:
		return 0
	case b[1] != 'u':
		if bytes.IndexByte([]byte(`"\/bfnrt`), b[1]) < 0 {
			return 0
		}
		return 2
	case len(b) < 6:
		return 0
	}
	for _, c := range b[2:6] {
		if hexDigit(c) < 0 {
			return 0
		}
	}
	return 6
}

// braces is the length of \{{, by which a body says that no variable follows,
// at the start of b; 0: it is none.
func braces(b []byte) int {
	if bytes.HasPrefix(b, []byte(`\{{`)) {
		return 3
	}
	return 0
}

func hexDigit(c byte) rune {
	switch {
	case c >= '0' && c <= '9':
		return rune(c - '0')
	case c >= 'a' && c <= 'f':
		return rune(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return rune(c-'A') + 10
	}
	return -1
}

// container reads an object or array up to its end.
func (p *parser) container(n, depth int, end byte) bool {
	if depth >= maxNesting {
		return p.fail(fmt.Sprintf("the text nests deeper than %d levels", maxNesting))
	}
	p.i = skipSpace(p.Doc, p.i+1)
	if p.peek() == end {
		p.i++
		return true
	}
	for {
		keyStart, keyEnd := -1, -1
		if end == '}' {
			var ok bool
			if keyStart, keyEnd, ok = p.name(); !ok {
				return false
			}
		}
		if !p.value(n, keyStart, keyEnd, depth+1) {
			return false
		}
		p.i = skipSpace(p.Doc, p.i)
		switch p.peek() {
		case end:
			p.i++
			return true
		case ',':
			p.i = skipSpace(p.Doc, p.i+1)
		default:
			return p.fail(fmt.Sprintf("a comma or %c is expected", end))
		}
	}
}

// name reads a member's name and the colon.
func (p *parser) name() (start, end int, ok bool) {
	start = p.i
	if p.peek() != '"' {
		return 0, 0, p.fail("a name in double quotes is expected")
	}
	if !p.str() {
		return 0, 0, false
	}
	end = p.i
	p.i = skipSpace(p.Doc, p.i)
	if p.peek() != ':' {
		return 0, 0, p.fail("a colon is expected")
	}
	p.i = skipSpace(p.Doc, p.i+1)
	return start, end, true
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
