package catalog

import (
	"bytes"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"countersign/apiclient/jsontext"
	"countersign/apiclient/lazyregexp"
)

// readText finds the values of a JSON text, or its first fault.
func readText(body []byte) (text, *Violation) {
	t := jsontext.ParseJSON(body)
	if f := t.Fault; f != nil {
		return text{}, &Violation{Line: f.Line, Column: f.Column, Offset: f.Offset, Message: f.Says}
	}
	return text{t, map[int]int{}}, nil
}

// text is a JSON text that was read, without a fault.
type text struct {
	*jsontext.Tree
	positions map[int]int // of values in arrays, of those arrays that were asked about
}

// name is the name of a member, "" for what has none.
func (t text) name(i int) string { return jsontext.Text(t.Nodes[i].Name.Of(t.Doc)) }

// keepLast drops the members of objects whose name comes again: of those with one name
// the last is the one that parsers keep.
func (n *node) keepLast() {
	rows := make(map[string]int, len(n.names))
	for i, inner := range n.inside {
		inner.keepLast()
		if n.kind == objectKind {
			row, again := rows[n.names[i]]
			if !again {
				row = len(rows)
				rows[n.names[i]] = row
			}
			n.names[row], n.inside[row] = n.names[i], inner
		}
	}
	if n.kind == objectKind {
		n.names, n.inside = n.names[:len(rows)], n.inside[:len(rows)]
	}
}

// equal reports whether two values are the same.
func equal(a, b *node) bool {
	return a.kind == b.kind && (a.value == b.value && a.isScalar() || bytes.Equal(canonical(nil, a), canonical(nil, b)))
}

// canonical appends a value so that equal ones are the same bytes.
func canonical(out []byte, n *node) []byte {
	number, isNumber := n.number()
	switch {
	case n.kind == objectKind:
		members := maps.Collect(pairs(n))
		out = append(out, '{')
		for _, name := range slices.Sorted(maps.Keys(members)) {
			out = append(canonical(append(appendString(out, name), ':'), members[name]), ',')
		}
		return append(out, '}')
	case n.kind == listKind:
		out = append(out, '[')
		for _, item := range n.inside {
			out = append(canonical(out, item), ',')
		}
		return append(out, ']')
	case isNumber:
		return append(out, rational(number).RatString()...)
	case n.kind < numberKind:
		return append(out, n.value...)
	}
	return appendString(out, n.value)
}

// rational reads a number of JSON. Exponents that would fill the memory are cut: 1e999
// is as much over every limit as 1e999999999 is.
func rational(s string) *big.Rat {
	if strings.ContainsAny(s, "eE") {
		s = largeExponent.ReplaceAllString(s, "${1}999")
	}
	r, _ := new(big.Rat).SetString(s)
	return r
}

var largeExponent = lazyregexp.New(`([eE][-+]?)0*[1-9]\d{3,}$`)

// maxRepeated bounds what repeated finds: a body made to be slow to check is
// made of nothing else.
const maxRepeated = 100

// repeated finds members whose name came before in the same object.
func (t text) repeated() []Violation {
	var out []Violation
	doubled, lines := t.Doubled(), jsontext.Lines{Doc: t.Doc}
	for _, i := range doubled[:min(len(doubled), maxRepeated)] {
		path := t.path(i)
		line, column := lines.Of(t.Nodes[i].Name.From)
		out = append(out, Violation{Pointer: path.String(), Line: line, Column: column,
			Message: named(path, "is given more than once; parsers disagree about which one counts")})
	}
	return out
}

// path are the names and positions that lead to a value.
func (t text) path(i int) jsontext.Path {
	var path jsontext.Path
	for ; i > 0; i = t.Nodes[i].Parent {
		step := t.name(i)
		if t.Nodes[i].Name.Kind == jsontext.None {
			step = strconv.Itoa(t.position(i))
		}
		path = append(path, step)
	}
	slices.Reverse(path)
	return path
}

// position is the position of a value in its array.
func (t text) position(i int) int {
	if _, ok := t.positions[i]; !ok {
		for n, c := range t.Children(t.Nodes[i].Parent) {
			t.positions[c] = n
		}
	}
	return t.positions[i]
}
