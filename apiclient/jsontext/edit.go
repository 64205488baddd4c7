package jsontext

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"countersign/apiclient/hint"
)

// Edit is one value to be set.
type Edit struct {
	Path  Path
	Value []byte // JSON
}

// ParseEdit reads "path=text", whose value becomes a JSON string, or
// "path:=json", whose value is JSON as it stands.
func ParseEdit(s string) (Edit, error) {
	left, right, ok := strings.Cut(s, "=")
	if !ok {
		return Edit{}, &hint.Error{Says: fmt.Sprintf("%q sets nothing", s),
			Fix: "write path=text, or path:=json for numbers, booleans and objects"}
	}
	left, raw := strings.CutSuffix(left, ":")
	path, err := ParsePath(left)
	if err != nil {
		return Edit{}, err
	}
	if !raw {
		return Edit{path, Quote(right)}, nil
	}
	if !json.Valid([]byte(right)) {
		return Edit{}, &hint.Error{Says: fmt.Sprintf("%q is not JSON", right),
			Fix: fmt.Sprintf("write %s=%s for a string", left, right)}
	}
	return Edit{path, []byte(right)}, nil
}

// Set returns doc with the value at path replaced, or added where it is
// missing: a member after the last one and in its style, an element at the
// end of its array, and the objects on the way to them. An empty document
// counts as an empty object. doc itself is not changed.
func Set(doc []byte, e Edit) ([]byte, error) {
	if len(bytes.TrimSpace(doc)) == 0 {
		doc = []byte("{}")
	}
	if err := check(doc); err != nil {
		return nil, err
	}
	if !json.Valid(e.Value) {
		return nil, &hint.Error{Says: fmt.Sprintf("the value for %s is not JSON", e.Path),
			Fix: "write strings in double quotes"}
	}
	at, depth := Find(doc, e.Path)
	if depth == len(e.Path) {
		return Change{at.From, at.To - at.From, e.Value}.Apply(doc), nil
	}
	value := e.Value
	for _, step := range slices.Backward(e.Path[depth+1:]) {
		if step == "-" || step == "0" {
			value = slices.Concat([]byte("["), value, []byte("]"))
		} else {
			value = slices.Concat([]byte("{"), Quote(step), []byte(":"), value, []byte("}"))
		}
	}
	t := Parse(doc)
	n := sort.Search(len(t.Nodes), func(n int) bool { return t.Nodes[n].From >= at.From })
	if t.Fault != nil {
		return nil, t.Broken()
	}
	c, err := t.add(n, e.Path[:depth], e.Path[depth], value)
	return c.Apply(doc), err
}

// check reports where doc stops being JSON.
func check(doc []byte) error {
	var raw json.RawMessage
	err := json.Unmarshal(doc, &raw)
	if err == nil {
		return nil
	}
	e := &hint.Error{Says: "the body is not JSON: " + err.Error(), Fix: "give a whole JSON body, or leave the edits out"}
	if syntax, ok := err.(*json.SyntaxError); ok { //nolint:errorlint // Unmarshal returns it bare
		line, column := LineColumn(doc, int(syntax.Offset)-1)
		e.Says = fmt.Sprintf("the body is not JSON: %v at line %d, column %d", err, line, column)
	}
	return e
}

// add adds a value at the end of the container n, to which path leads.
func (t *Tree) add(n int, path Path, step string, value []byte) (Change, error) {
	list, where := t.Children(n), "the body"
	if len(path) > 0 {
		where = path.String()
	}
	switch t.Nodes[n].Kind {
	case Object:
	case Array:
		if i, ok := index(step, len(list)); !ok || i != len(list) {
			return Change{}, &hint.Error{
				Says: fmt.Sprintf("%s is an array of %d: it has no place %q", where, len(list), step),
				Fix:  fmt.Sprintf("use a position from 0 to %d, or - to append", len(list)),
			}
		}
	default:
		return Change{}, &hint.Error{
			Says: fmt.Sprintf("%s is %s: it has no %q in it", where, cmp.Or(nouns[t.Raw(n)[0]], "a number"), step),
			Fix:  fmt.Sprintf("set the whole of %s with := and a JSON value", where),
		}
	}
	after := -1
	if len(list) > 0 {
		after = list[len(list)-1]
	}
	return t.insert(n, after, step, t.layoutOf(n, ":"), value), nil
}

// nouns of the values that hold no others, by their first byte; else it is a number.
var nouns = map[byte]string{'"': "a string", 't': "a boolean", 'f': "a boolean", 'n': "null"}

// Change is one change of a body: Remove bytes at Offset make room for Insert.
// All other bytes stay.
type Change struct {
	Offset, Remove int
	Insert         []byte
}

// Apply returns doc with the change. doc itself is not changed.
func (c Change) Apply(doc []byte) []byte {
	return slices.Concat(doc[:c.Offset], c.Insert, doc[c.Offset+c.Remove:])
}

// change makes a change of this text one of the body: in the text of a string, what
// stays at both ends keeps its bytes, and what is new is escaped as the rest is.
func (t *Tree) change(from, to int, insert []byte) Change {
	if t.outer == nil {
		return Change{Offset: from, Remove: to - from, Insert: insert}
	}
	head, tail := t.common(from, to, insert)
	insert = styleOf(t.outer.Raw(t.node)).escape(insert[head : len(insert)-tail])
	return t.outer.change(t.at[from+head], t.at[to-tail], insert)
}

// common returns how many bytes a part of the text and another one have in common
// at their beginning and, of the rest, at their end. Neither characters nor the
// escapes of the outer text are cut.
func (t *Tree) common(from, to int, other []byte) (head, tail int) {
	old := t.Doc[from:to]
	splits := func(i, j int) bool {
		i += from
		return (i == 0 || i >= len(t.Doc) || t.at[i] != t.at[i-1]) && (j >= len(other) || utf8.RuneStart(other[j]))
	}
	for head < min(len(old), len(other)) && old[head] == other[head] {
		head++
	}
	for head > 0 && !splits(head, head) {
		head--
	}
	for tail < min(len(old), len(other))-head && old[len(old)-1-tail] == other[len(other)-1-tail] {
		tail++
	}
	for tail > 0 && !splits(len(old)-tail, len(other)-tail) {
		tail--
	}
	return head, tail
}

// Replace changes a value for another one, which is JSON or has variables.
func (t *Tree) Replace(n int, value []byte) Change {
	return t.change(t.Nodes[n].From, t.Nodes[n].To, value)
}

// SetText changes the text of a string: what stays of it at its beginning and
// its end keeps its bytes, and what is new is escaped as the rest is. A value
// of another kind becomes a string.
func (t *Tree) SetText(n int, text string) Change {
	if node := t.Nodes[n]; node.Kind != String || !node.Whole {
		return t.Replace(n, slices.Concat([]byte{'"'}, style{digit: "%04x"}.escape([]byte(text)), []byte{'"'}))
	}
	inner := t.open(n)
	return inner.change(0, len(inner.Doc), []byte(text))
}

// Remove takes a member or an element away, with its comma and the white space
// before it. The whole body cannot be taken away.
func (t *Tree) Remove(n int) (Change, error) {
	node := t.Nodes[n]
	if node.Parent < 0 {
		return Change{}, &hint.Error{Says: "the whole body is one value: it cannot be taken away",
			Fix: "edit the body as text"}
	}
	parent := t.Nodes[node.Parent]
	if !parent.Whole {
		return Change{}, t.Broken()
	}
	list := t.Children(node.Parent)
	i := slices.Index(list, n)
	switch {
	case len(list) == 1:
		return t.change(parent.From+1, parent.To-1, nil), nil
	case i+1 < len(list):
		return t.change(t.first(n), t.first(list[i+1]), nil), nil
	}
	return t.change(t.Nodes[list[i-1]].To, node.To, nil), nil
}

// first is where a member or an element begins.
func (t *Tree) first(n int) int {
	if name := t.Nodes[n].Name; name.Kind == String {
		return name.From
	}
	return t.Nodes[n].From
}

// Insert adds a member to an object, or an element, whose name does not
// count, to an array: right after the child `after`, or first where that is
// -1. It is laid out as its neighbours are; so is the value, if it spans
// lines.
func (t *Tree) Insert(parent, after int, name string, value []byte) (Change, error) {
	p := t.Nodes[parent]
	if p.Kind != Object && p.Kind != Array {
		return Change{}, &hint.Error{Says: "only an object or an array has room for more",
			Fix: "change this value for {} or [] first"}
	}
	if !p.Whole {
		return Change{}, t.Broken()
	}
	lay := t.layoutOf(parent, ": ")
	return t.insert(parent, after, name, lay, lay.value(value)), nil
}

// insert adds a value as it is written. Where the container is empty and has no
// lines, the white space in it stays.
func (t *Tree) insert(parent, after int, name string, lay layout, item []byte) Change {
	p, list := t.Nodes[parent], t.Children(parent)
	if p.Kind == Object {
		item = slices.Concat(Quote(name), lay.colon, item)
	}
	switch {
	case len(list) == 0 && len(lay.gap) == 0:
		return t.change(p.From+1, p.From+1, item)
	case len(list) == 0:
		return t.change(p.From+1, p.To-1, slices.Concat(lay.gap, item, lay.closing))
	case after < 0:
		at := t.first(list[0])
		return t.change(at, at, slices.Concat(item, []byte(","), lay.gap))
	}
	at := t.Nodes[after].To
	return t.change(at, at, slices.Concat([]byte(","), lay.gap, item))
}
