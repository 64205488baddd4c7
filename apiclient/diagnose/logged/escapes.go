package logged

import (
	"bytes"

	"countersign/apiclient/escapes"
	"countersign/apiclient/lazyregexp"
)

// unescapeBytes undoes backslash escapes where \xNN is a byte, as in Go, C and
// Python's bytes.
func unescapeBytes(b []byte) []byte { return unescape(b, true) }

// unescapeRunes undoes them where \xNN is a character, as in JavaScript and
// Python's strings.
func unescapeRunes(b []byte) []byte { return unescape(b, false) }

// unescape undoes the escapes of JSON, JavaScript, Python, Go and C, and leaves
// what is none as it is.
func unescape(b []byte, asBytes bool) []byte {
	if bytes.IndexByte(b, '\\') < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		n := 0
		if b[i] == '\\' {
			out, n = escapes.Append(out, b[i:], asBytes)
		}
		if n == 0 {
			out, n = append(out, b[i]), 1
		}
		i += n
	}
	return out
}

// literals are strings of source code that were written in pieces: with an
// operator between them, or one behind the other, over several lines or not.
func literals(text []byte, made func([]byte, string)) {
	const how = "a string in pieces, as in source code"
	ended := map[byte]bool{} // quotes that none follows
	for i := 0; i < len(text); i++ {
		if !isQuote(text[i]) || ended[text[i]] || i > 0 && wordy(text[i-1]) && (i < 2 || wordy(text[i-2])) {
			continue // an apostrophe, unless one letter is in front of it: b'...'
		}
		end := closing(text, i)
		if end < 0 {
			ended[text[i]] = true
			continue
		}
		whole, pieces := bytes.Clone(text[i+1:end]), 1
		for {
			next := end + 1 + len(glue.Find(text[end+1:]))
			if next == end+1 || !isQuote(text[next-1]) {
				break
			}
			after := closing(text, next-1)
			if after < 0 {
				break
			}
			whole, pieces, end = append(whole, text[next:after]...), pieces+1, after
		}
		i = end
		if pieces == 1 {
			continue
		}
		plain := unescapeRunes(whole)
		made(plain, how)
		if asBytes := unescapeBytes(whole); !bytes.Equal(asBytes, plain) {
			made(asBytes, how)
		}
	}
}

// glue is what stands between two pieces, up to the quote of the second: blanks
// or an operator of JavaScript, Java, Python, C, PHP, Basic, Perl or SQL, and the
// letters that may stand in front of a literal.
var glue = lazyregexp.New("^(?:\\s+|\\s*(?:\\+\\+?|\\.\\.?|&|~|<>|<<|\\|\\||\\\\)\\s*(?:_\\s*)?)" +
	"[bBuUrRfFL@$]{0,2}[\"'`]")

// closing returns the place of the quote that ends the literal at open; -1 where none
// does.
func closing(text []byte, open int) int {
	for i := open + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case text[open]:
			return i
		}
	}
	return -1
}

func isQuote(c byte) bool { return c == '"' || c == '\'' || c == '`' }

func wordy(c byte) bool {
	return digit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}
