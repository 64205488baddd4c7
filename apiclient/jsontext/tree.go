package jsontext

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient/hint"
)

// Node is one value of a text.
type Node struct {
	Token
	Name   Token // with its quotes; None where it has none
	Next   int   // index of the first node after it and all below it
	Parent int   // index of the object or array that it is in; -1 for the whole
	Whole  bool  // false where the text breaks off, or has a fault, inside of it
}

// Fault is where a text stops being JSON.
type Fault struct {
	Offset int // in bytes, from 0
	Line   int // from 1
	Column int // in bytes, from 1
	Says   string

	wants Kind  // what would have to stand there: one of the kinds below
	name  Token // of the member whose name, colon or value is at fault
}

// What a text wants where it has a fault.
const (
	wantsEnd       = None     // the end of the text
	wantsName      = String   // of a member
	wantsColon     = Colon    // behind a name
	wantsComma     = Comma    // or the bracket that closes what is around
	wantsValue     = Literal  // of any kind
	wantsRest      = Unclosed // of a string that is not closed, or holds what must be escaped
	wantsShallower = Array    // the text nests too deep
)

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

// Raw returns the bytes of a value.
func (t *Tree) Raw(n int) []byte { return t.Nodes[n].Of(t.Doc) }

// Text returns a string as it reads, exactly (see Unquote), and any other value as
// it is written.
func (t *Tree) Text(n int) string {
	if t.Nodes[n].Kind != String {
		return string(t.Raw(n))
	}
	return exact(t.Raw(n))
}

// Name returns the name of a member, "" for what has none.
func (t *Tree) Name(n int) string {
	return exact(t.Nodes[n].Name.Of(t.Doc))
}

// Place returns the offset in the body where a value begins: for a value inside
// of a string, where it begins in that string.
func (t *Tree) Place(n int) int {
	at := t.Nodes[n].From
	for ; t.outer != nil; t = t.outer {
		at = t.at[at]
	}
	return at
}

// Children returns the values of an object or array, in their order.
func (t *Tree) Children(n int) []int {
	var list []int
	for c := n + 1; c < t.Nodes[n].Next; c = t.Nodes[c].Next {
		list = append(list, c)
	}
	return list
}

// Path returns the way to a value as AppendName and AppendPosition write it.
func (t *Tree) Path(n int) string {
	var line []int
	for ; n > 0; n = t.Nodes[n].Parent {
		line = append(line, n)
	}
	var path []byte
	for _, n := range slices.Backward(line) {
		if t.Nodes[n].Name.Kind == String {
			path = AppendName(path, t.Name(n))
		} else {
			path = AppendPosition(path, slices.Index(t.Children(t.Nodes[n].Parent), n))
		}
	}
	return string(path)
}

// Doubled returns the members whose name another one of the same object has
// before them, in the order of the text: readers differ in which of them counts.
func (t *Tree) Doubled() []int {
	var list []int
	for n, node := range t.Nodes {
		if first := n + 1; node.Kind != Object || first >= node.Next || t.Nodes[first].Next >= node.Next {
			continue // one of a kind
		}
		seen := map[string]bool{}
		for c := n + 1; c < node.Next; c = t.Nodes[c].Next {
			name := t.Name(c)
			if seen[name] {
				list = append(list, c)
			}
			seen[name] = true
		}
	}
	slices.Sort(list)
	return list
}

// Broken says why a value that the fault is in, or before, cannot be changed;
// nil where there is no fault.
func (t *Tree) Broken() error {
	if t.Fault == nil {
		return nil
	}
	return &hint.Error{
		Says: fmt.Sprintf("the body is not JSON from line %d on: %s", t.Fault.Line, t.Fault.Says),
		Fix:  "fix it in the text first",
	}
}

// open returns the text of a string, whose changes are made inside of that string.
func (t *Tree) open(n int) *Tree {
	text, at := Unquote(t.Raw(n))
	for i := range at {
		at[i] += t.Nodes[n].From
	}
	return &Tree{Doc: text, outer: t, node: n, at: at}
}

// Embedded opens the JSON that a string holds, as a text of its own whose
// changes are made inside of that string. ok is false where the string holds
// no object or array, or one with a fault.
func (t *Tree) Embedded(n int) (inner *Tree, ok bool) {
	if node := t.Nodes[n]; node.Kind != String || !node.Whole {
		return nil, false
	}
	if inner = t.open(n); !Opens(inner.Doc) {
		return nil, false
	}
	inner.parse(false)
	return inner, inner.Fault == nil && inner.Nodes[0].Kind != Variable // {{name}} is no object
}

// maxNesting guards the stack.
const maxNesting = 1000

// Parse finds the values of a text. Beside JSON it takes variables: {{now}}
// wherever a value, or a part of a number, can be.
func Parse(doc []byte) *Tree {
	t := &Tree{Doc: doc}
	t.parse(false)
	return t
}

// ParseJSON is Parse for JSON alone: a variable outside of a string is a fault, and so
// is what is not UTF-8. It explains a fault to the person who made it, and says it is
// where it was made: at a comma too many, or at the quote that nothing closes.
func ParseJSON(doc []byte) *Tree {
	t := &Tree{Doc: doc}
	t.parse(true)
	t.Fault = t.explain()
	return t
}

func (t *Tree) parse(strict bool) {
	// Each value but the first stands behind a comma or an opening bracket.
	most := 1
	for _, mark := range []string{",", "{", "["} {
		most += bytes.Count(t.Doc, []byte(mark))
	}
	t.Nodes = make([]Node, 0, min(most, 16+len(t.Doc)/8))
	p := parser{Tree: t, next: Next(t.Doc, 0), strict: strict}
	if p.value(-1, Token{}, 0) && p.next.Kind != None {
		p.fail(p.next.From, wantsEnd, "more text follows the JSON")
	}
	if f := t.Fault; f != nil {
		f.Line, f.Column = LineColumn(t.Doc, f.Offset)
	}
}

type parser struct {
	*Tree
	end    int   // of the last token that was taken
	next   Token // the one after it
	strict bool  // variables are faults
}

func (p *parser) take() { p.end, p.next = p.next.To, Next(p.Doc, p.next.To) }

// fail keeps the first fault. It returns false.
func (p *parser) fail(offset int, wants Kind, says string) bool {
	if p.Fault == nil {
		p.Fault = &Fault{Offset: offset, Says: says, wants: wants}
	}
	return false
}

// value reads one value.
func (p *parser) value(parent int, name Token, depth int) bool {
	n, from := len(p.Nodes), p.next.From
	p.Nodes = append(p.Nodes, Node{Name: name, Parent: parent})
	kind, ok := p.read(n, depth)
	if kind == None {
		p.Nodes = p.Nodes[:n] // nothing is there
		p.Fault.name = name
		return false
	}
	node := &p.Nodes[n]
	node.Token, node.Next, node.Whole = Token{kind, from, p.end}, len(p.Nodes), ok
	if !ok {
		node.To = p.Fault.Offset
	}
	return ok
}

func (p *parser) read(n, depth int) (Kind, bool) {
	switch kind := p.next.Kind; kind {
	case None:
		return None, p.fail(p.next.From, wantsValue, "the text ends where a value is expected")
	case Object, Array:
		return kind, p.container(n, depth, kind)
	case String, Unclosed:
		return String, p.str()
	}
	return p.word()
}

// word reads a number, a literal, or text with variables in it.
func (p *parser) word() (Kind, bool) {
	first, variables, parts := p.next, false, "0tw$"
	if p.strict {
		parts = "0tw"
	}
	for p.end = first.From; p.next.From == p.end; p.take() {
		if strings.IndexByte(parts, byte(p.next.Kind)) < 0 {
			break
		}
		variables = variables || p.next.Kind == Variable
	}
	switch {
	case variables:
		return Variable, true
	case p.end > first.From && json.Valid(p.Doc[first.From:p.end]):
		return first.Kind, true
	}
	return None, p.fail(first.From, wantsValue, "a value is expected")
}

// str checks and takes a string.
func (p *parser) str() bool {
	b := p.next.Of(p.Doc)
	for i := 1; i < len(b); i++ {
		switch c := b[i]; {
		case c == '\\':
			_, size := half(b[i:])
			if !p.strict {
				size = max(size, braces(b[i:]))
			}
			if size == 0 {
				return p.fail(p.next.From+i, wantsRest, "a backslash stands before what it cannot escape")
			}
			i += size - 1
		case c < ' ':
			return p.fail(p.next.From+i, wantsRest, "a string is not closed in its line")
		}
	}
	if p.next.Kind == Unclosed {
		return p.fail(p.next.To, wantsRest, "the text ends inside of a string")
	}
	p.take()
	return true
}

// container reads an object or array up to its end.
func (p *parser) container(n, depth int, open Kind) bool {
	if depth >= maxNesting {
		return p.fail(p.next.From, wantsShallower, fmt.Sprintf("the text nests deeper than %d levels", maxNesting))
	}
	p.take()
	if p.next.Closes(open) {
		p.take()
		return true
	}
	for {
		var name Token
		if open == Object && !p.name(&name) || !p.value(n, name, depth+1) {
			return false
		}
		separator := p.next
		switch {
		case separator.Closes(open):
			p.take()
			return true
		case separator.Kind != Comma:
			return p.fail(separator.From, wantsComma, fmt.Sprintf("a comma or %c is expected", open+'}'-'{'))
		}
		p.take()
	}
}

// name reads a member's name and the colon.
func (p *parser) name(name *Token) bool {
	if p.next.Kind != String && p.next.Kind != Unclosed {
		return p.fail(p.next.From, wantsName, "a name in double quotes is expected")
	}
	*name = p.next
	ok := p.str()
	if ok && p.next.Kind != Colon {
		ok = p.fail(p.next.From, wantsColon, "a colon is expected")
	}
	if !ok {
		p.Fault.name = *name
		return false
	}
	p.take()
	return true
}
