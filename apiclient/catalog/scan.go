package catalog

import (
	"bytes"
	"fmt"
	"strings"
)

// maxDepth is how deep a body may nest. It guards the stack; no interface
// comes near it.
const maxDepth = 1000

// kinds of a value in a text.
const (
	objectValue = '{'
	arrayValue  = '['
	stringValue = '"'
	numberValue = '0'
	otherValue  = 't' // true, false, null
)

// span is one value of a JSON text.
type span struct {
	kind       byte
	key        int // offset of its name's opening quote; -1 where it has none
	start, end int // offsets of the value
	next       int // index of the first span after it and all below it
}

// text is a JSON text and where its values are, in their order; the values in
// an object or array come right after it.
type text struct {
	body  []byte
	spans []span
}

// scanner reads a JSON text once. It stops at the first fault.
type scanner struct {
	text
	at    int
	fault *Violation
}

// scan finds the values of a JSON text, or its first syntax fault.
func scan(body []byte) (*text, *Violation) {
	s := &scanner{text: text{body: body, spans: make([]span, 0, 16+len(body)/24)}}
	s.whole()
	if s.fault != nil {
		return nil, s.fault
	}
	return &s.text, nil
}

// fail keeps the first fault.
func (s *scanner) fail(offset int, format string, args ...any) bool {
	if s.fault == nil {
		v := Violation{Offset: offset, Message: fmt.Sprintf(format, args...)}
		v.Line, v.Column = place(s.body, offset)
		s.fault = &v
	}
	return false
}

func (s *scanner) whole() {
	if !s.start() {
		return
	}
	s.space()
	if s.at == len(s.body) {
		s.fail(s.at, "the body has nothing but white space; a JSON object is expected")
		return
	}
	if !s.value(-1, 0) {
		return
	}
	s.space()
	if s.at < len(s.body) {
		s.trailing()
	}
}

// start looks at what a body that is no JSON begins with.
func (s *scanner) start() bool {
	head := string(s.body[:min(len(s.body), 8)])
	switch {
	case head == "":
		return s.fail(0, "the body is empty; a JSON object is expected")
	case strings.HasPrefix(head, "\xef\xbb\xbf"):
		return s.fail(0, "a byte order mark stands before the JSON; save the text as UTF-8 without it")
	case wide(s.body):
		return s.fail(0, "the text is UTF-16 or UTF-32; JSON is UTF-8")
	case strings.HasPrefix(head, "<"):
		return s.fail(0, "this is XML or HTML, not JSON")
	}
	return true
}

// wide says that a text is UTF-16 or UTF-32: it has their byte order mark, or
// every other byte of its beginning is NUL, and not all are.
func wide(b []byte) bool {
	for _, mark := range []string{"\xff\xfe", "\xfe\xff", "\x00\x00\xfe\xff"} {
		if bytes.HasPrefix(b, []byte(mark)) {
			return true
		}
	}
	var nul, other [2]bool // at even and at odd places
	for i, c := range b[:min(len(b), 48)] {
		nul[i%2] = nul[i%2] || c == 0
		other[i%2] = other[i%2] || c != 0
	}
	return nul[0] && !other[0] && other[1] || nul[1] && !other[1] && other[0]
}

func (s *scanner) space() {
	for s.at < len(s.body) {
		switch s.body[s.at] {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return
		}
	}
}

// value reads one value. key is where its name starts, -1 where it has none.
func (s *scanner) value(key, depth int) bool {
	if s.at == len(s.body) {
		return s.fail(s.at, "the text ends where a value is expected%s", s.after(key))
	}
	i := len(s.spans)
	s.spans = append(s.spans, span{key: key, start: s.at})
	ok := false
	switch c := s.body[s.at]; {
	case c == '{':
		s.spans[i].kind = objectValue
		ok = s.object(depth + 1)
	case c == '[':
		s.spans[i].kind = arrayValue
		ok = s.array(depth + 1)
	case c == '"':
		s.spans[i].kind = stringValue
		ok = s.str()
	case c == '-' || c >= '0' && c <= '9':
		s.spans[i].kind = numberValue
		ok = s.number()
	default:
		s.spans[i].kind = otherValue
		ok = s.word() || s.notValue(key)
	}
	s.spans[i].end, s.spans[i].next = s.at, len(s.spans)
	return ok
}

var words = [][]byte{[]byte("true"), []byte("false"), []byte("null")}

// word reads true, false or null.
func (s *scanner) word() bool {
	for _, w := range words {
		if bytes.HasPrefix(s.body[s.at:], w) && !s.isName(s.at+len(w)) {
			s.at += len(w)
			return true
		}
	}
	return false
}

// isName reports whether a letter, digit or underscore stands there.
func (s *scanner) isName(at int) bool {
	if at >= len(s.body) {
		return false
	}
	c := s.body[at]
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func (s *scanner) object(depth int) bool {
	open := s.at
	if depth > maxDepth {
		return s.fail(open, "the body nests deeper than %d levels", maxDepth)
	}
	s.at++
	s.space()
	if s.at < len(s.body) && s.body[s.at] == '}' {
		s.at++
		return true
	}
	for {
		if !s.member(open, depth) {
			return false
		}
		more, ok := s.separator('}', open)
		if !ok || !more {
			return ok
		}
	}
}

// member reads a name, a colon and a value.
func (s *scanner) member(open, depth int) bool {
	if s.at == len(s.body) {
		return s.unclosed(open)
	}
	key := s.at
	if s.body[key] != '"' {
		return s.notName(open)
	}
	if !s.str() {
		return false
	}
	end := s.at
	s.space()
	switch {
	case s.at == len(s.body):
		return s.fail(s.at, "the text ends after the name %s; a colon and a value are missing",
			short(string(s.body[key:end])))
	case s.body[s.at] != ':':
		return s.notColon(string(s.body[key:end]))
	}
	s.at++
	s.space()
	return s.value(key, depth)
}

func (s *scanner) array(depth int) bool {
	open := s.at
	if depth > maxDepth {
		return s.fail(open, "the body nests deeper than %d levels", maxDepth)
	}
	s.at++
	s.space()
	if s.at < len(s.body) && s.body[s.at] == ']' {
		s.at++
		return true
	}
	for {
		if s.at == len(s.body) {
			return s.unclosed(open)
		}
		if !s.value(-1, depth) {
			return false
		}
		more, ok := s.separator(']', open)
		if !ok || !more {
			return ok
		}
	}
}

// separator reads what stands after a value inside a container: a comma, or
// its end.
func (s *scanner) separator(end byte, open int) (more, ok bool) {
	s.space()
	if s.at == len(s.body) {
		return false, s.unclosed(open)
	}
	switch s.body[s.at] {
	case end:
		s.at++
		return false, true
	case ',':
	default:
		return false, s.notSeparator(end, open)
	}
	comma := s.at
	s.at++
	s.space()
	if s.at < len(s.body) {
		switch s.body[s.at] {
		case '}', ']':
			return false, s.fail(comma, "the comma before %c is one too many", s.body[s.at])
		case ',':
			return false, s.fail(s.at, "two commas follow each other; "+
				"a value is missing or a comma is one too many")
		}
	}
	return true, true
}
