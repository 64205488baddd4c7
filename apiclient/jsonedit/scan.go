package jsonedit

import (
	"encoding/json"
	"fmt"
	"strings"

	"countersign/apiclient/hint"
)

// span is a value's place in the document: data[start:end].
type span struct{ start, end int }

// member is one key and value of an object.
type member struct {
	keyStart, keyEnd int // with its quotes
	value            span
}

// The scanners below run over documents that json.Valid has accepted, so they
// only look for ends.

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r') {
		i++
	}
	return i
}

// skipString returns the offset after the string that starts at i.
func skipString(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(b)
}

// skipValue returns the offset after the value that starts at i.
func skipValue(b []byte, i int) int {
	switch b[i] {
	case '"':
		return skipString(b, i)
	case '{', '[':
		return skipNested(b, i)
	}
	for i < len(b) && strings.IndexByte(" \t\r\n,]}", b[i]) < 0 {
		i++
	}
	return i
}

func skipNested(b []byte, i int) int {
	for depth := 0; i < len(b); {
		switch b[i] {
		case '"':
			i = skipString(b, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
			if depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return len(b)
}

// members lists an object's members; i is at its brace.
func members(b []byte, i int) []member {
	var list []member
	i = skipSpace(b, i+1)
	for b[i] != '}' {
		m := member{keyStart: i, keyEnd: skipString(b, i)}
		i = skipSpace(b, m.keyEnd) // at the colon
		m.value.start = skipSpace(b, i+1)
		m.value.end = skipValue(b, m.value.start)
		list = append(list, m)
		if i = skipSpace(b, m.value.end); b[i] == ',' {
			i = skipSpace(b, i+1)
		}
	}
	return list
}

// elements lists an array's elements; i is at its bracket.
func elements(b []byte, i int) []span {
	var list []span
	i = skipSpace(b, i+1)
	for b[i] != ']' {
		s := span{i, skipValue(b, i)}
		list = append(list, s)
		if i = skipSpace(b, s.end); b[i] == ',' {
			i = skipSpace(b, i+1)
		}
	}
	return list
}

// find returns the last member of that name: the one that JSON readers keep.
func find(b []byte, list []member, name string) (member, bool) {
	for i := len(list) - 1; i >= 0; i-- {
		m := list[i]
		raw := b[m.keyStart:m.keyEnd]
		if string(raw[1:len(raw)-1]) == name {
			return m, true
		}
		var key string
		if json.Unmarshal(raw, &key) == nil && key == name {
			return m, true
		}
	}
	return member{}, false
}

// kind names the value that starts with c.
func kind(c byte) string {
	switch c {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
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
		line, column := position(doc, int(syntax.Offset)-1)
		e.Says = fmt.Sprintf("the body is not JSON: %v at line %d, column %d", err, line, column)
	}
	return e
}

func position(doc []byte, offset int) (line, column int) {
	line, column = 1, 1
	for _, c := range doc[:max(0, min(offset, len(doc)))] {
		if column++; c == '\n' {
			line, column = line+1, 1
		}
	}
	return line, column
}
