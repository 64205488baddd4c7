// Package jsonedit changes single values inside a JSON text and leaves every
// other byte as it is: a body that was written by hand keeps its spaces, its
// key order and its spelling of numbers, all of which a signature covers.
package jsonedit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"countersign/apiclient/hint"
)

// Get returns the bytes of the value at path. Of members with the same name,
// the last counts. ok is false where there is none, or doc is not JSON.
func Get(doc []byte, path Path) (value []byte, ok bool) {
	if !json.Valid(doc) {
		return nil, false
	}
	at, depth := locate(doc, path)
	if depth < len(path) {
		return nil, false
	}
	return doc[at.start:at.end], true
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
		return nil, &hint.Error{Says: fmt.Sprintf("the value for %s is not JSON", e.Path), Fix: "write strings in double quotes"}
	}
	at, depth := locate(doc, e.Path)
	if depth == len(e.Path) {
		return splice(doc, at, e.Value), nil
	}
	value := e.Value
	for i := len(e.Path) - 1; i > depth; i-- {
		if e.Path[i] == "-" || e.Path[i] == "0" {
			value = slices.Concat([]byte("["), value, []byte("]"))
			continue
		}
		value = slices.Concat([]byte("{"), Quote(e.Path[i]), []byte(":"), value, []byte("}"))
	}
	return insert(doc, at, e.Path[:depth+1], value)
}

// locate follows path as far as it goes: the deepest value that is there, and
// how many steps lead to it.
func locate(doc []byte, path Path) (span, int) {
	start := skipSpace(doc, 0)
	at := span{start, skipValue(doc, start)}
	for depth, step := range path {
		switch doc[at.start] {
		case '{':
			m, ok := find(doc, members(doc, at.start), step)
			if !ok {
				return at, depth
			}
			at = m.value
		case '[':
			list := elements(doc, at.start)
			i, ok := index(step, len(list))
			if !ok || i >= len(list) {
				return at, depth
			}
			at = list[i]
		default:
			return at, depth
		}
	}
	return at, len(path)
}

// insert adds the last step of path with its value to the container at.
func insert(doc []byte, at span, path Path, value []byte) ([]byte, error) {
	step := path[len(path)-1]
	switch doc[at.start] {
	case '{':
		return insertMember(doc, at, step, value), nil
	case '[':
		list := elements(doc, at.start)
		if i, ok := index(step, len(list)); !ok || i != len(list) {
			return nil, &hint.Error{
				Says: fmt.Sprintf("%s is an array of %d: it has no place %q", orBody(path[:len(path)-1]), len(list), step),
				Fix:  fmt.Sprintf("use a position from 0 to %d, or - to append", len(list)),
			}
		}
		return insertElement(doc, at, list, value), nil
	}
	return nil, &hint.Error{
		Says: fmt.Sprintf("%s is %s: it has no %q in it", orBody(path[:len(path)-1]), kind(doc[at.start]), step),
		Fix:  fmt.Sprintf("set the whole of %s with := and a JSON value", orBody(path[:len(path)-1])),
	}
}

func orBody(p Path) string {
	if len(p) == 0 {
		return "the body"
	}
	return p.String()
}

func insertMember(doc []byte, at span, name string, value []byte) []byte {
	list := members(doc, at.start)
	if len(list) == 0 {
		return splice(doc, span{at.start + 1, at.start + 1}, slices.Concat(Quote(name), []byte(":"), value))
	}
	last := list[len(list)-1]
	before := doc[gapStart(doc, last.keyStart):last.keyStart]
	between := doc[last.keyEnd:last.value.start]
	return splice(doc, span{last.value.end, last.value.end}, slices.Concat([]byte(","), before, Quote(name), between, value))
}

func insertElement(doc []byte, at span, list []span, value []byte) []byte {
	if len(list) == 0 {
		return splice(doc, span{at.start + 1, at.start + 1}, value)
	}
	last := list[len(list)-1]
	before := doc[gapStart(doc, last.start):last.start]
	return splice(doc, span{last.end, last.end}, slices.Concat([]byte(","), before, value))
}

// gapStart is where the white space before i begins.
func gapStart(doc []byte, i int) int {
	for i > 0 && (doc[i-1] == ' ' || doc[i-1] == '\t' || doc[i-1] == '\n' || doc[i-1] == '\r') {
		i--
	}
	return i
}

func splice(doc []byte, at span, value []byte) []byte {
	return slices.Concat(doc[:at.start], value, doc[at.end:])
}
