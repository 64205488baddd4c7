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

// str is what a string says.
func (t text) str(i int) string { return jsontext.Text(t.Raw(i)) }

// typesOfKinds are the types of values, as schemas name them.
var typesOfKinds = map[jsontext.Kind]string{
	jsontext.Object: "object", jsontext.Array: "array", jsontext.String: "string", jsontext.Number: "number",
	jsontext.Literal: "boolean",
}

// typeAt is the type of a value.
func (t text) typeAt(i int) string {
	if t.Raw(i)[0] == 'n' {
		return "null"
	}
	return typesOfKinds[t.Nodes[i].Kind]
}

// equal reports whether a value is that of a schema.
func (t text) equal(i int, n *node) bool {
	if n.isScalar() && n.kind == textKind {
		return t.Nodes[i].Kind == jsontext.String && t.str(i) == n.value
	}
	other, fault := readText(appendJSON(nil, n, 0))
	return fault == nil && bytes.Equal(t.canonical(nil, i), other.canonical(nil, 0))
}

// canonical appends a value so that equal ones are the same bytes.
func (t text) canonical(out []byte, i int) []byte {
	switch t.Nodes[i].Kind {
	case jsontext.Object:
		members := map[string]int{}
		for _, c := range t.Children(i) {
			members[t.name(c)] = c
		}
		out = append(out, '{')
		for _, name := range slices.Sorted(maps.Keys(members)) {
			out = append(t.canonical(append(appendString(out, name), ':'), members[name]), ',')
		}
		return append(out, '}')
	case jsontext.Array:
		out = append(out, '[')
		for _, c := range t.Children(i) {
			out = append(t.canonical(out, c), ',')
		}
		return append(out, ']')
	case jsontext.String:
		return appendString(out, t.str(i))
	case jsontext.Number:
		return append(out, t.number(i).RatString()...)
	}
	return append(out, t.Raw(i)...)
}

// number is the value of a number.
func (t text) number(i int) *big.Rat { return rational(string(t.Raw(i))) }

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
	doubled := t.Doubled()
	for _, i := range doubled[:min(len(doubled), maxRepeated)] {
		path := t.path(i)
		out = append(out, Violation{Pointer: path.String(), Offset: t.Nodes[i].Name.From,
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
