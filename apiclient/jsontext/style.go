package jsontext

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// style is how a string escapes what need not be escaped, or can be in more
// than one way.
type style struct {
	slash bool   // \/
	html  bool   // \u003c for <, and > and &
	ascii bool   // \u4e16 for what is not ASCII
	quote bool   // \u0022 for "
	digit string // of the hexadecimal digits: "%04x" or "%04X"
}

// styleOf reads the habits of a string; where it shows none, as little as
// possible is escaped.
func styleOf(raw []byte) style {
	s := style{digit: "%04x"}
	bare := map[byte]bool{}
	upper, lower := false, false
	escapedASCII, bareASCII := false, false
	for i := 1; i < len(raw)-1; {
		c := raw[i]
		if c != '\\' {
			bare[c] = true
			bareASCII = bareASCII || c >= utf8.RuneSelf
			i++
			continue
		}
		r, n := half(raw[i:])
		switch {
		case n == 2 && r == '/':
			s.slash = true
		case n == 6 && (r == '<' || r == '>' || r == '&'):
			s.html = true
		case n == 6 && r == '"':
			s.quote = true
		case n == 6 && r >= utf8.RuneSelf:
			escapedASCII = true
		}
		if n == 6 {
			upper = upper || bytes.ContainsAny(raw[i+2:i+6], "ABCDEF")
			lower = lower || bytes.ContainsAny(raw[i+2:i+6], "abcdef")
		}
		i += max(1, n)
	}
	s.slash = s.slash && !bare['/']
	s.html = s.html && !bare['<'] && !bare['>'] && !bare['&']
	s.ascii = escapedASCII && !bareASCII
	if upper && !lower {
		s.digit = "%04X"
	}
	return s
}

// escape writes text for the inside of a string. \{{ stays what it is to the
// variables, and half a surrogate pair is an escape again.
func (s style) escape(text []byte) []byte {
	var out []byte
	for i := 0; i < len(text); {
		c := text[i]
		if n := braces(text[i:]); n > 0 {
			out = append(out, text[i:i+n]...)
			i += n
			continue
		}
		if r, ok := surrogate(text[i:]); ok {
			out = s.unicode(out, r)
			i += 3
			continue
		}
		switch {
		case c >= utf8.RuneSelf && s.ascii:
			r, n := utf8.DecodeRune(text[i:])
			if r == utf8.RuneError && n == 1 {
				out = append(out, c)
				i++
				continue
			}
			if r > 0xffff {
				r -= 0x10000
				out = s.unicode(s.unicode(out, 0xd800+r>>10), 0xdc00+r&0x3ff)
			} else {
				out = s.unicode(out, r)
			}
			i += n
			continue
		case c == '/' && s.slash:
			out = append(out, '\\', '/')
		case c == '"' && s.quote, s.html && (c == '<' || c == '>' || c == '&'):
			out = s.unicode(out, rune(c))
		default:
			q := Quote(string(text[i : i+1]))
			out = append(out, q[1:len(q)-1]...)
		}
		i++
	}
	return out
}

// surrogate reads half a pair, written as Unquote gives it.
func surrogate(b []byte) (r rune, ok bool) {
	if len(b) < 3 || b[0] != 0xed || b[1] < 0xa0 || b[1] > 0xbf || b[2] < 0x80 || b[2] > 0xbf {
		return 0, false
	}
	return 0xd000 | rune(b[1]&0x3f)<<6 | rune(b[2]&0x3f), true
}

func (s style) unicode(out []byte, r rune) []byte {
	return fmt.Appendf(append(out, `\u`...), s.digit, r)
}
