package jsonedit

import (
	"bytes"
	"encoding/json"
	"fmt"
)

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
