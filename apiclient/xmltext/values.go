package xmltext

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"countersign/apiclient/jsontext"
)

// named are the entities that every XML has.
var named = []struct {
	name string
	is   rune
}{{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}}

// reference reads the reference at the start of b: the character, and the bytes
// that it takes, which are 0 where there is none.
func reference(b []byte) (rune, int) {
	for _, n := range named {
		if bytes.HasPrefix(b, []byte(n.name)) {
			return n.is, len(n.name)
		}
	}
	const longest = len("&#x0010FFFF;") + 8 // with zeros before it
	end := bytes.IndexByte(b[:min(len(b), longest)], ';')
	if end < 0 || !bytes.HasPrefix(b, []byte("&#")) {
		return 0, 0
	}
	digits, base := string(b[2:end]), 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	r := rune(n)
	if err != nil || n > utf8.MaxRune || !utf8.ValidRune(r) || r == 0xFFFE || r == 0xFFFF || r < utf8.RuneSelf &&
		class[r]&isForbidden != 0 {
		return 0, 0
	}
	return r, end + 1
}

// Unescape returns what a text or an attribute's value says: references are
// undone, line ends are LF. What is no reference stays as it is.
func Unescape(b []byte) []byte {
	if bytes.IndexByte(b, '&') < 0 && bytes.IndexByte(b, '\r') < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		switch b[i] {
		case '&':
			if r, n := reference(b[i:]); n > 0 {
				out = utf8.AppendRune(out, r)
				i += n
				continue
			}
			out = append(out, '&')
		case '\r':
			out = append(out, '\n')
			if i+1 < len(b) && b[i+1] == '\n' {
				i++
			}
		default:
			out = append(out, b[i])
		}
		i++
	}
	return out
}

// TextOf returns the text that stands directly between the tags of an element,
// CDATA sections included: what is in elements inside of it is left out.
func TextOf(content []byte) []byte {
	if bytes.IndexByte(content, '<') < 0 {
		return Unescape(content)
	}
	var out []byte
	depth := 0
	for at := 0; at < len(content); {
		t := Next(content, at)
		at = t.To
		switch {
		case t.Kind == Open:
			depth++
		case t.Kind == Close:
			depth--
		case depth == 0 && t.Kind == Text:
			out = append(out, Unescape(content[t.From:t.To])...)
		case depth == 0 && t.Kind == CData:
			out = append(out, bytes.ReplaceAll(t.Inside(content), []byte("\r\n"), []byte("\n"))...)
		}
	}
	return out
}

// JSON returns what well formed XML says as JSON; ok is false for other texts.
//
// The root is transparent, whatever it is called: its children are the members
// of an object. (A root called result that holds no result is the result.) An
// element is known by its name without the prefix; one that occurs more than
// once among its siblings is an array. An element that holds text alone is a
// string, its attributes left out; else it is an object, in which attributes
// are "@name" and text beside elements is "#text". One with xsi:nil is null.
// All values are strings.
func JSON(b []byte) (json []byte, ok bool) {
	if len(b) > math.MaxInt32 || Check(b) != nil {
		return nil, false
	}
	w := writer{b: b, nodes: treeOf(b), out: make([]byte, 0, len(b))}
	root := w.nodes[0]
	bare := isResult(root.name(b))
	for k := root.first; bare && k != 0; k = w.nodes[k].next {
		bare = !isResult(w.nodes[k].name(b))
	}
	if bare {
		w.out = append(w.out, `{"result":`...)
	}
	w.value(0)
	if bare {
		w.out = append(w.out, '}')
	}
	return w.out, true
}

func isResult(name []byte) bool { return string(name) == "result" }

// node is an element.
type node struct {
	tag         int32 // where its first tag begins
	from, to    int32 // what is between its tags
	end         int32 // behind its last tag
	first, next int32 // child and sibling in the tree; 0 for none
	empty       bool  // <a/>
}

func (n node) token() Token {
	if n.empty {
		return Token{Empty, int(n.tag), int(n.from)}
	}
	return Token{Open, int(n.tag), int(n.from)}
}

func (n node) name(b []byte) []byte { return Local(n.token().Name(b)) }

// treeOf returns the elements of a well formed text, the root first.
func treeOf(b []byte) []node {
	var nodes []node
	type level struct{ self, last int32 }
	var open []level
	for at := 0; at < len(b); {
		t := Next(b, at)
		at = t.To
		switch t.Kind {
		case Open, Empty:
			self := int32(len(nodes))
			nodes = append(nodes, node{tag: int32(t.From), from: int32(t.To), to: int32(t.To), end: int32(t.To),
				empty: t.Kind == Empty})
			if n := len(open) - 1; n >= 0 {
				if open[n].last == 0 {
					nodes[open[n].self].first = self
				} else {
					nodes[open[n].last].next = self
				}
				open[n].last = self
			}
			if t.Kind == Open {
				open = append(open, level{self: self})
			}
		case Close:
			n := len(open) - 1
			closed := &nodes[open[n].self]
			closed.to, closed.end = int32(t.From), int32(t.To)
			open = open[:n]
		}
	}
	return nodes
}

// writer writes a tree as JSON.
type writer struct {
	b     []byte
	nodes []node
	out   []byte
}

func (w *writer) quoted(prefix string, text []byte) {
	for _, c := range text {
		if c < ' ' || c == '"' || c == '\\' {
			w.out = append(w.out, jsontext.Quote(prefix+string(text))...)
			return
		}
	}
	w.out = append(append(append(append(w.out, '"'), prefix...), text...), '"')
}

// member begins a member of an object.
func (w *writer) member(first *bool, prefix string, name []byte) {
	if !*first {
		w.out = append(w.out, ',')
	}
	*first = false
	w.quoted(prefix, name)
	w.out = append(w.out, ':')
}

func (w *writer) value(i int32) {
	n := w.nodes[i]
	content := w.b[n.from:n.to]
	attributes, null := w.attributes(n)
	switch {
	case n.first == 0 && null:
		w.out = append(w.out, "null"...)
		return
	case n.first == 0 && (len(attributes) == 0 || len(content) > 0):
		w.quoted("", TextOf(content))
		return
	}
	w.out = append(w.out, '{')
	first := true
	for _, a := range attributes {
		w.member(&first, "@", a[0])
		w.quoted("", Unescape(a[1]))
	}
	if text := bytes.TrimSpace(w.beside(n)); len(text) > 0 {
		w.member(&first, "#", []byte("text"))
		w.quoted("", text)
	}
	w.children(n.first, &first)
	w.out = append(w.out, '}')
}

// beside returns the text that stands directly in an element, its children not
// read again.
func (w *writer) beside(n node) []byte {
	var text []byte
	at := n.from
	for k := n.first; k != 0; k = w.nodes[k].next {
		text = append(text, TextOf(w.b[at:w.nodes[k].tag])...)
		at = w.nodes[k].end
	}
	return append(text, TextOf(w.b[at:n.to])...)
}

// children writes the elements of one, those of a name together.
func (w *writer) children(child int32, first *bool) {
	places := make(map[string]int)
	var groups []group
	for k := child; k != 0; k = w.nodes[k].next {
		name := w.nodes[k].name(w.b)
		place, known := places[string(name)]
		if known {
			groups[place].rest = append(groups[place].rest, k)
			continue
		}
		places[string(name)] = len(groups)
		groups = append(groups, group{head: k})
	}
	for _, g := range groups {
		w.member(first, "", w.nodes[g.head].name(w.b))
		if g.rest == nil {
			w.value(g.head)
			continue
		}
		w.out = append(w.out, '[')
		w.value(g.head)
		for _, k := range g.rest {
			w.out = append(w.out, ',')
			w.value(k)
		}
		w.out = append(w.out, ']')
	}
}

// group are the children of an element that have a name.
type group struct {
	head int32
	rest []int32
}

// attributes returns names and values, those about namespaces left out, and
// whether they say that there is no value.
func (w *writer) attributes(n node) (list [][2][]byte, null bool) {
	Attributes(attributesOf(w.b, n.token()), func(name, value []byte) bool {
		prefix, local, prefixed := bytes.Cut(name, []byte(":"))
		switch {
		case string(prefix) == "xmlns":
		case prefixed && string(local) == "nil":
			null = null || string(value) == "true" || string(value) == "1"
		case prefixed && string(prefix) == "xsi":
		default:
			list = append(list, [2][]byte{Local(name), value})
		}
		return true
	})
	return list, null
}
