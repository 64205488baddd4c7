package jsontext

import (
	"bytes"
	"encoding/json"
	"iter"
	"strconv"
)

// End returns the offset behind the value that begins with a token; ok is false
// where the text ends in it, or a bracket closes what is around it.
func End(b []byte, t Token) (end int, ok bool) {
	for depth := 0; ; t = Next(b, t.To) {
		switch t.Kind {
		case Object, Array:
			depth++
		case ObjectEnd, ArrayEnd:
			depth--
		case None, Unclosed:
			return t.To, false
		}
		if depth <= 0 {
			return t.To, depth == 0
		}
	}
}

// Members returns an iterator over the values in the object or array that is the
// first value of b, each with its name, which is the zero Token in an array. It
// ends where the text is not JSON any more; what is inside of the values it does
// not check.
func Members(b []byte) iter.Seq2[Token, Token] {
	return func(yield func(name, value Token) bool) {
		open := Next(b, 0)
		if open.Kind != Object && open.Kind != Array {
			return
		}
		for t := Next(b, open.To); !t.Closes(open.Kind); {
			var name Token
			if open.Kind == Object {
				colon := Next(b, t.To)
				if t.Kind != String || colon.Kind != Colon {
					return
				}
				name, t = t, Next(b, colon.To)
			}
			switch t.Kind {
			case None, Comma, Colon, ObjectEnd, ArrayEnd:
				return
			}
			t.To, _ = End(b, t)
			if !yield(name, t) {
				return
			}
			switch t = Next(b, t.To); {
			case t.Kind == Comma:
				t = Next(b, t.To)
			case !t.Closes(open.Kind):
				return
			}
		}
	}
}

// Find follows a path through a JSON text as far as it goes: the deepest value
// that is there, and how many steps lead to it. Of members with the same name the
// last counts, as for most readers.
func Find(b []byte, path Path) (value Token, steps int) {
	value = Next(b, 0)
	value.To, _ = End(b, value)
	for steps, step := range path {
		inner, ok := child(value.Of(b), step)
		if !ok {
			return value, steps
		}
		value = Token{inner.Kind, value.From + inner.From, value.From + inner.To}
	}
	return value, len(path)
}

// child returns the member of that name, or the element at that position.
func child(b []byte, step string) (found Token, ok bool) {
	position, _ := index(step, -1)
	i := 0
	for name, value := range Members(b) {
		switch {
		case name.Kind == None && i == position:
			return value, true
		case name.Kind == String && isName(name.Of(b), step):
			found, ok = value, true
		}
		i++
	}
	return found, ok
}

func isName(raw []byte, name string) bool {
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1:len(raw)-1]) == name
	}
	return Text(raw) == name
}

// index reads a step as a position in an array of that length; ok is false for
// names.
func index(step string, length int) (n int, ok bool) {
	if step == "-" {
		return length, true
	}
	n, err := strconv.Atoi(step)
	if err != nil || n < 0 || strconv.Itoa(n) != step {
		return -1, false
	}
	return n, true
}

// Get returns the bytes of the value at path; ok is false where there is none, or
// doc is not JSON.
func Get(doc []byte, path Path) (value []byte, ok bool) {
	if !json.Valid(doc) {
		return nil, false
	}
	at, steps := Find(doc, path)
	return at.Of(doc), steps == len(path)
}
