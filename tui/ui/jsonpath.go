package ui

import (
	"encoding/json"
	"strconv"
	"strings"
)

// valuePlace is a value of a text: its path, and the offset of its first byte.
type valuePlace struct {
	path string
	at   int
}

// maxPathStep bounds the bytes of a name in a path.
const maxPathStep = 256

// at gives the value that stands at an offset of a line.
func (o *outline) at(from, lineEnd int) valuePlace { return o.lang.at(o, from, lineEnd) }

// jsonAt gives the value that stands at an offset of a line: behind a name it is
// that member's, at a closing bracket the whole container.
func jsonAt(o *outline, from, lineEnd int) valuePlace {
	b := o.b
	s := o.scan(from)
	at := s.at
	if s.at > from && s.token < from { // in the middle of a long value
		at = s.token
	}
	for at < lineEnd && jsonClass[b[at]] == jsonBlank {
		at++
	}
	if at >= len(b) {
		return valuePlace{}
	}
	if c := jsonClass[b[at]]; c == jsonClose || c == jsonComma || c == jsonColon {
		if n := len(s.open); c == jsonClose && n > 0 {
			from := s.open[n-1].at
			s.open = s.open[:n-1]
			return valuePlace{spellPath(b, s.open, from), from}
		}
		at++
		for at < lineEnd && jsonClass[b[at]] == jsonBlank {
			at++
		}
		if at >= len(b) {
			return valuePlace{}
		}
		s.run(at)
	}
	if b[at] == '"' { // a name, and its value after it
		end := stringOfLineEnd(b, at+1)
		value := end
		for value < len(b) && jsonClass[b[value]] == jsonBlank {
			value++
		}
		if value < len(b) && b[value] == ':' {
			for value++; value < len(b) && jsonClass[b[value]] == jsonBlank; value++ {
			}
			at = value
		}
	}
	return valuePlace{spellPath(b, s.open, at), at}
}

// valueEnd gives the end of the value that begins at an offset; the offset
// where it has none.
func (o *outline) valueEnd(at int) int {
	s := o.scan(at)
	if s.at != at || at >= len(o.b) {
		return at
	}
	depth := len(s.open)
	s.run(at + 1)
	if len(s.open) > depth {
		if c, ok := o.finish(s, depth); ok {
			return o.lang.closed(o.b, c.end)
		}
		return at
	}
	return s.at
}

// spellPath writes the way to a value that begins at an offset, through the
// containers that are open there: result.items[3].id
func spellPath(b []byte, open []frame, at int) string {
	var path strings.Builder
	for i, f := range open {
		child := at
		if i+1 < len(open) {
			child = open[i+1].at
		}
		if b[f.at] == '[' {
			path.WriteString("[" + strconv.Itoa(f.ordinal) + "]")
			continue
		}
		name := keyBefore(b, child)
		if len(name) > maxPathStep {
			path.WriteString("[…]")
			continue
		}
		var text string
		if name == nil || json.Unmarshal(name, &text) != nil {
			return path.String()
		}
		if !isName(text) {
			quoted, err := json.Marshal(text)
			if err != nil {
				return path.String()
			}
			path.WriteString("[" + string(quoted) + "]")
			continue
		}
		if path.Len() > 0 {
			path.WriteByte('.')
		}
		path.WriteString(text)
	}
	return path.String()
}

// isName reports a name that needs no quotes in a path.
func isName(s string) bool {
	for i, c := range s {
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}
