package catalog

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

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
		return s.fail(start, "the number %s starts with a zero; write it without, or as a string in double quotes",
			short(string(s.body[start:s.at])))
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
