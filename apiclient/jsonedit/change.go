package jsonedit

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"countersign/apiclient/hint"
)

// Change is one change of a body: Remove bytes at Offset make room for Insert.
// All other bytes stay.
type Change struct {
	Offset, Remove int
	Insert         []byte
}

// Apply gives doc with the change. doc itself is not changed.
func (c Change) Apply(doc []byte) []byte {
	return slices.Concat(doc[:c.Offset], c.Insert, doc[c.Offset+c.Remove:])
}

// change makes a change of this text one of the body: a text inside of a
// string is written as that string escapes its own.
func (t *Tree) change(from, to int, insert []byte) Change {
	if t.outer == nil {
		return Change{Offset: from, Remove: to - from, Insert: insert}
	}
	// What stays at both ends keeps its spelling, escapes and all.
	for from < to && len(insert) > 0 && t.Doc[from] == insert[0] && t.splits(from+1) {
		from, insert = from+1, insert[1:]
	}
	for from < to && len(insert) > 0 && t.Doc[to-1] == insert[len(insert)-1] && t.splits(to-1) {
		to, insert = to-1, insert[:len(insert)-1]
	}
	style := styleOf(t.outer.Raw(t.node))
	return t.outer.change(t.at[from], t.at[to], style.escape(insert))
}

// splits reports whether the outer text can be cut before byte i of this one:
// not inside of what is one escape there.
func (t *Tree) splits(i int) bool { return i == 0 || i >= len(t.Doc) || t.at[i] != t.at[i-1] }

// Replace changes a value for another one, which is JSON or has variables.
func (t *Tree) Replace(n int, value []byte) Change {
	return t.change(t.Nodes[n].Start, t.Nodes[n].End, value)
}

// SetText changes the text of a string: what stays of it at its beginning and
// its end keeps its bytes, and what is new is escaped as the rest is. A value
// of another kind becomes a string.
func (t *Tree) SetText(n int, text string) Change {
	node := t.Nodes[n]
	if node.Kind != String || !node.Whole {
		return t.Replace(n, slices.Concat([]byte{'"'}, style{digit: "%04x"}.escape([]byte(text)), []byte{'"'}))
	}
	raw := t.Raw(n)
	old, at := Unquote(raw)
	splits := func(i int) bool { return i == 0 || i >= len(old) || at[i] != at[i-1] }
	head := 0
	for head < len(old) && head < len(text) && old[head] == text[head] {
		head++
	}
	for head > 0 && !(splits(head) && startsRune(text, head)) {
		head--
	}
	tail := 0
	for tail < len(old)-head && tail < len(text)-head && old[len(old)-1-tail] == text[len(text)-1-tail] {
		tail++
	}
	for tail > 0 && !(splits(len(old)-tail) && startsRune(text, len(text)-tail)) {
		tail--
	}
	insert := styleOf(raw).escape([]byte(text[head : len(text)-tail]))
	return t.change(node.Start+at[head], node.Start+at[len(old)-tail], insert)
}

func startsRune(s string, i int) bool { return i >= len(s) || utf8.RuneStart(s[i]) }

// Remove takes a member or an element away, with its comma and the white space
// before it. The whole body cannot be taken away.
func (t *Tree) Remove(n int) (Change, error) {
	node := t.Nodes[n]
	if node.Parent < 0 {
		return Change{}, &hint.Error{Says: "the whole body is one value: it cannot be taken away", Fix: "edit the body as text"}
	}
	parent := t.Nodes[node.Parent]
	if !parent.Whole {
		return Change{}, t.broken()
	}
	list := t.Children(node.Parent)
	i := slices.Index(list, n)
	switch {
	case len(list) == 1:
		return t.change(parent.Start+1, parent.End-1, nil), nil
	case i+1 < len(list):
		return t.change(t.first(n), t.first(list[i+1]), nil), nil
	}
	return t.change(t.Nodes[list[i-1]].End, node.End, nil), nil
}

// broken says that a text has a fault.
func (t *Tree) broken() *hint.Error {
	says := "the body is not JSON"
	if t.Fault != nil {
		says = fmt.Sprintf("the body is not JSON from line %d on: %s", t.Fault.Line, t.Fault.Says)
	}
	return &hint.Error{Says: says, Fix: "mend it in the text first"}
}

// first is where a member or an element begins.
func (t *Tree) first(n int) int {
	if t.Nodes[n].KeyStart >= 0 {
		return t.Nodes[n].KeyStart
	}
	return t.Nodes[n].Start
}

// Insert adds a member to an object, or an element, whose name does not
// count, to an array: right after the child `after`, or first where that is
// -1. It is laid out as its neighbours are; so is the value, if it spans
// lines.
func (t *Tree) Insert(parent, after int, name string, value []byte) (Change, error) {
	p := t.Nodes[parent]
	if p.Kind != Object && p.Kind != Array {
		return Change{}, &hint.Error{Says: "only an object or an array has room for more", Fix: "change this value for {} or [] first"}
	}
	if !p.Whole {
		return Change{}, t.broken()
	}
	list := t.Children(parent)
	lay := t.layoutOf(parent, list)
	item := lay.value(value)
	if p.Kind == Object {
		item = slices.Concat(Quote(name), lay.colon, item)
	}
	switch {
	case len(list) == 0:
		return t.change(p.Start+1, p.End-1, slices.Concat(lay.gap, item, lay.closing)), nil
	case after < 0:
		at := t.first(list[0])
		return t.change(at, at, slices.Concat(item, []byte(","), lay.gap)), nil
	}
	at := t.Nodes[after].End
	return t.change(at, at, slices.Concat([]byte(","), lay.gap, item)), nil
}

// layout is how a container is written.
type layout struct {
	gap     []byte // before a member
	closing []byte // before the closing bracket, where it is the first member
	colon   []byte // between name and value
	unit    string // one level of indentation; "" where all is in one line
}

func (t *Tree) layoutOf(parent int, list []int) layout {
	lay := layout{colon: t.colon(parent, list)}
	switch len(list) {
	case 0:
		lay.gap, lay.closing = t.emptyGap(parent)
	case 1:
		lay.gap = t.before(list[0])
		if len(lay.gap) == 0 && len(lay.colon) > 1 {
			lay.gap = []byte(" ") // {"a": 1} is written with a space after the comma too
		}
	default:
		lay.gap = t.before(list[1])
	}
	if i := bytes.LastIndexByte(lay.gap, '\n'); i >= 0 {
		lay.unit = t.unit(parent, string(lay.gap[i+1:]))
	}
	return lay
}

// before is the white space before a member.
func (t *Tree) before(n int) []byte {
	at := t.first(n)
	return t.Doc[gapStart(t.Doc, at):at]
}

// colon is what stands between name and value: of a neighbour, or one nearby.
func (t *Tree) colon(parent int, list []int) []byte {
	near := parent
	if len(list) > 0 {
		near = list[len(list)-1]
	}
	for ; near >= 0; near = t.Nodes[near].Parent {
		if node := t.Nodes[near]; node.KeyStart >= 0 {
			return t.Doc[node.KeyEnd:node.Start]
		}
	}
	for _, node := range t.Nodes {
		if node.KeyStart >= 0 {
			return t.Doc[node.KeyEnd:node.Start]
		}
	}
	return []byte(": ")
}

// emptyGap lays out the first member of an empty container: on a line of its
// own where the container itself stands on one.
func (t *Tree) emptyGap(parent int) (gap, closing []byte) {
	if t.Nodes[parent].Parent < 0 {
		if len(t.Doc) > 2 && bytes.IndexByte(t.Doc, '\n') >= 0 {
			eol := "\n"
			if bytes.Contains(t.Doc, []byte("\r\n")) {
				eol = "\r\n"
			}
			return []byte(eol + "  "), []byte(eol)
		}
		return nil, nil
	}
	own := t.before(parent)
	i := bytes.LastIndexByte(own, '\n')
	if i < 0 {
		return nil, nil
	}
	indent := string(own[i+1:])
	end := own[max(0, i-1) : i+1] // with its CR
	if end[0] != '\r' {
		end = own[i : i+1]
	}
	unit := t.unit(t.Nodes[parent].Parent, indent)
	return slices.Concat(end, []byte(indent+unit)), slices.Concat(end, []byte(indent))
}

// unit is one level of indentation: what a member is indented more than the
// container that it is in.
func (t *Tree) unit(parent int, indent string) string {
	at := t.first(parent)
	line := t.Doc[bytes.LastIndexByte(t.Doc[:at], '\n')+1 : at]
	lead := line[:len(line)-len(bytes.TrimLeft(line, " \t"))]
	if more, ok := strings.CutPrefix(indent, string(lead)); ok && more != "" {
		return more
	}
	return "  "
}

// value lays out a value that spans lines as its new neighbours are; where
// they stand in one line, so does it.
func (l layout) value(v []byte) []byte {
	if !bytes.ContainsAny(v, "{[") || Parse(v).Fault != nil {
		return v
	}
	var b writer
	b.unit, b.sep = l.unit, ","
	if l.unit == "" && len(l.colon) > 1 {
		b.sep = ", "
	}
	b.colon = string(l.colon)
	b.line = string(l.gap)
	b.write(Parse(v), 0)
	return b.out
}

// writer writes a tree anew. It is for values that are not in a body yet.
type writer struct {
	out              []byte
	unit, sep, colon string
	line             string // line end and indentation
}

func (w *writer) write(t *Tree, n int) {
	node := t.Nodes[n]
	list := t.Children(n)
	if len(list) == 0 {
		w.out = append(w.out, t.Raw(n)...)
		return
	}
	w.out = append(w.out, t.Doc[node.Start])
	outer := w.line
	w.line += w.unit
	for i, c := range list {
		switch {
		case w.unit != "" && i > 0:
			w.out = append(append(w.out, ','), w.line...)
		case w.unit != "":
			w.out = append(w.out, w.line...)
		case i > 0:
			w.out = append(w.out, w.sep...)
		}
		if key := t.Nodes[c]; key.KeyStart >= 0 {
			w.out = append(append(w.out, t.Doc[key.KeyStart:key.KeyEnd]...), w.colon...)
		}
		w.write(t, c)
	}
	w.line = outer
	if w.unit != "" {
		w.out = append(w.out, w.line...)
	}
	w.out = append(w.out, t.Doc[node.End-1])
}
