package catalog

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
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
	rows  map[int]map[string]int // of large containers: span by name or index
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
	case strings.HasPrefix(head, "\xff\xfe"), strings.HasPrefix(head, "\xfe\xff"), len(head) > 1 && head[1] == 0, len(head) > 1 && head[0] == 0:
		return s.fail(0, "the text is UTF-16 or UTF-32; JSON is UTF-8")
	case strings.HasPrefix(head, "<"):
		return s.fail(0, "this is XML or HTML, not JSON")
	}
	return true
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
		return s.fail(s.at, "the text ends after the name %s; a colon and a value are missing", short(string(s.body[key:end])))
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
			return false, s.fail(s.at, "two commas follow each other; a value is missing or a comma is one too many")
		}
	}
	return true, true
}

// str reads a string from its opening quote to past its closing one.
func (s *scanner) str() bool {
	open := s.at
	for s.at++; s.at < len(s.body); {
		switch c := s.body[s.at]; {
		case c == '"':
			s.at++
			return true
		case c == '\\':
			if !s.escape(open) {
				return false
			}
		case c < 0x20:
			return s.control(open, c)
		case c < utf8.RuneSelf:
			s.at++
		default:
			r, n := utf8.DecodeRune(s.body[s.at:])
			if r == utf8.RuneError && n == 1 {
				return s.fail(s.at, "the byte 0x%02X is not UTF-8; is the text GBK or Latin-1?", c)
			}
			s.at += n
		}
	}
	return s.fail(open, "the string that starts here is not closed: %s", short(string(s.body[open:])))
}

func (s *scanner) control(open int, c byte) bool {
	switch c {
	case 0:
		return s.fail(s.at, `a NUL byte stands in a string; write \u0000 if it is meant`)
	case '\n', '\r':
		if s.closedLater(s.at) {
			return s.fail(open, "the string that starts here is not closed on its line: %s", short(string(s.body[open:s.at])))
		}
		return s.fail(s.at, `a line break stands in a string; write \n`)
	case '\t':
		return s.fail(s.at, `a tab stands in a string; write \t`)
	}
	return s.fail(s.at, `the control character U+%04X stands in a string; write \u%04x`, c, c)
}

// closedLater guesses at a line break in a string: whether the next line looks
// like JSON of its own, so that the quote before the break was forgotten.
func (s *scanner) closedLater(at int) bool {
	rest := strings.TrimLeft(string(s.body[at:min(len(s.body), at+256)]), " \t\r\n")
	return rest == "" || strings.ContainsRune(`"{}[],`, rune(rest[0]))
}

func (s *scanner) escape(open int) bool {
	if s.at+1 == len(s.body) {
		return s.fail(open, "the string that starts here is not closed: %s", short(string(s.body[open:])))
	}
	switch c := s.body[s.at+1]; c {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.at += 2
		return true
	case 'u':
		digits := s.body[s.at+2 : min(len(s.body), s.at+6)]
		if _, err := strconv.ParseUint(string(digits), 16, 32); err != nil || len(digits) < 4 {
			return s.fail(s.at, `\u needs four hexadecimal digits after it`)
		}
		s.at += 6
		return true
	default:
		r, _ := utf8.DecodeRune(s.body[s.at+1:])
		return s.fail(s.at, `JSON has no escape \%s; a backslash itself is written \\`, printable(r))
	}
}

// number reads a number of JSON's grammar.
func (s *scanner) number() bool {
	start := s.at
	if s.body[s.at] == '-' {
		s.at++
	}
	whole := s.digits()
	switch {
	case whole == 0:
		return s.fail(start, "a number has no digits after its minus sign")
	case whole > 1 && s.body[s.at-whole] == '0':
		return s.fail(start, "the number %s starts with a zero; write it without, or as a string in double quotes", short(string(s.body[start:s.at])))
	}
	if s.peek('.') {
		s.at++
		if s.digits() == 0 {
			return s.fail(start, "the number %s has no digits after its point", short(string(s.body[start:s.at])))
		}
	}
	if s.peek('e') || s.peek('E') {
		s.at++
		if s.peek('+') || s.peek('-') {
			s.at++
		}
		if s.digits() == 0 {
			return s.fail(start, "the number %s has no digits in its exponent", short(string(s.body[start:s.at])))
		}
	}
	if s.isName(s.at) {
		end := s.at
		for s.isName(end) {
			end++
		}
		return s.fail(start, "%s is no number; text needs double quotes", short(string(s.body[start:end])))
	}
	return true
}

func (s *scanner) peek(c byte) bool { return s.at < len(s.body) && s.body[s.at] == c }

func (s *scanner) digits() int {
	from := s.at
	for s.at < len(s.body) && s.body[s.at] >= '0' && s.body[s.at] <= '9' {
		s.at++
	}
	return s.at - from
}
