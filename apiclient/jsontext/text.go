package jsontext

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// The letters of the short escapes, and what they stand for.
const (
	escapes = `"\/bfnrt`
	meant   = "\"\\/\b\f\n\r\t"
)

// half reads the escape at the start of b and its length in bytes; 0: there is
// none. Of a surrogate pair it reads half.
func half(b []byte) (r rune, size int) {
	switch {
	case len(b) < 2 || b[0] != '\\':
		return 0, 0
	case b[1] != 'u':
		if i := strings.IndexByte(escapes, b[1]); i >= 0 {
			return rune(meant[i]), 2
		}
		return 0, 0
	case len(b) < 6:
		return 0, 0
	}
	for _, c := range b[2:6] {
		switch letter := c | 0x20; {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case letter >= 'a' && letter <= 'f':
			r = r<<4 | rune(letter-'a'+10)
		default:
			return 0, 0
		}
	}
	return r, 6
}

// Escape reads the escape at the start of b, or the two that form one character, and
// their length in bytes; 0: there is none. Half a pair alone is a surrogate.
func Escape(b []byte) (r rune, size int) {
	r, size = half(b)
	if utf16.IsSurrogate(r) {
		low, n := half(b[size:])
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			return pair, size + n
		}
	}
	return r, size
}

// braces is the length of \{{, by which a body says that no variable follows,
// at the start of b; 0: it is none.
func braces(b []byte) int {
	if bytes.HasPrefix(b, []byte(`\{{`)) {
		return 3
	}
	return 0
}

// inside returns a string without its quotes.
func inside(raw []byte) []byte {
	end := len(raw)
	if end > 1 && raw[end-1] == '"' {
		end--
	}
	return raw[min(1, end):end]
}

// InvalidUTF8 returns the offset of the first byte that is not UTF-8, which JSON is to be
// (RFC 8259, section 8.1); len(b) where all of it is.
func InvalidUTF8(b []byte) int {
	if utf8.Valid(b) {
		return len(b)
	}
	at := 0
	for r, n := utf8.DecodeRune(b); r != utf8.RuneError || n != 1; r, n = utf8.DecodeRune(b[at:]) {
		at += n
	}
	return at
}

// Text reads a JSON string. A lone surrogate becomes U+FFFD; bytes that are not
// UTF-8 stay as they are, and so does what is not an escape.
func Text(raw []byte) string {
	raw = inside(raw)
	at := bytes.IndexByte(raw, '\\')
	if at < 0 {
		return string(raw)
	}
	out := make([]byte, 0, len(raw))
	for ; at >= 0; at = bytes.IndexByte(raw, '\\') {
		out = append(out, raw[:at]...)
		r, size := Escape(raw[at:])
		if size == 0 {
			r, size = '\\', 1
		}
		out, raw = utf8.AppendRune(out, r), raw[at+size:]
	}
	return string(append(out, raw...))
}

// Unquote reads a JSON string exactly, and returns the offset in raw of each byte
// of the text, and of its end. A lone surrogate becomes the three bytes that it
// would be in UTF-8; the rest is as in Text.
func Unquote(raw []byte) (text []byte, at []int) {
	end := 1 + len(inside(raw))
	text, at = make([]byte, 0, end), make([]int, 0, end)
	for i := 1; i < end; {
		r, size := Escape(raw[i:end])
		before := len(text)
		switch {
		case size == 0:
			text, size = append(text, raw[i]), 1
		case utf16.IsSurrogate(r):
			text = append(text, 0xe0|byte(r>>12), 0x80|byte(r>>6)&0x3f, 0x80|byte(r)&0x3f)
		default:
			text = utf8.AppendRune(text, r)
		}
		for range text[before:] {
			at = append(at, i)
		}
		i += size
	}
	return text, append(at, end)
}

// exact is the text of Unquote alone.
func exact(raw []byte) string {
	if plain := inside(raw); bytes.IndexByte(plain, '\\') < 0 {
		return string(plain)
	}
	text, _ := Unquote(raw)
	return string(text)
}

// Quote writes s as a JSON string, escaping only what must be.
func Quote(s string) []byte {
	b := append(make([]byte, 0, len(s)+2), '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\r':
			b = append(b, `\r`...)
		case c == '\t':
			b = append(b, `\t`...)
		case c < ' ':
			b = fmt.Appendf(b, `\u%04x`, c)
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

// Short shortens a piece of the text for a message and makes it harmless.
func Short(s string) string {
	const most = 40
	var b strings.Builder
	count := 0
	for _, r := range s {
		if count++; count > most {
			b.WriteString("…")
			break
		}
		b.WriteString(printable(r))
	}
	return b.String()
}

// printable writes a character so that it cannot disturb a screen.
func printable(r rune) string {
	if unicode.IsPrint(r) {
		return string(r)
	}
	if r == utf8.RuneError {
		return "\ufffd"
	}
	return fmt.Sprintf("U+%04X", r)
}

// Lines counts lines for offsets that grow, so that a text is read once for all of them.
type Lines struct {
	Doc         []byte
	at          int // counted so far
	lines, last int // line feeds before at, and the offset after the last of them
}

// Of returns the line and the column in bytes of an offset, both from 1.
func (l *Lines) Of(offset int) (line, column int) {
	part := l.Doc[l.at:offset]
	if n := bytes.Count(part, []byte{'\n'}); n > 0 {
		l.lines, l.last = l.lines+n, l.at+bytes.LastIndexByte(part, '\n')+1
	}
	l.at = offset
	return l.lines + 1, offset - l.last + 1
}

// LineColumn turns an offset into a line and a column in bytes, both from 1.
func LineColumn(body []byte, offset int) (line, column int) {
	before := body[:max(0, min(offset, len(body)))]
	return bytes.Count(before, []byte{'\n'}) + 1, len(before) - bytes.LastIndexByte(before, '\n')
}
