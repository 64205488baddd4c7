package logged

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"countersign/apiclient/lazyregexp"
)

// unescapeBytes undoes backslash escapes where \xNN is a byte, as in Go, C and
// Python's bytes.
func unescapeBytes(b []byte) []byte { return unescape(b, true) }

// unescapeRunes undoes them where \xNN is a character, as in JavaScript and
// Python's strings.
func unescapeRunes(b []byte) []byte { return unescape(b, false) }

var letters = map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', 'b': '\b', 'f': '\f', 'v': '\v', 'a': '\a', '\\': '\\',
	'"': '"', '\'': '\'', '`': '`', '/': '/'}

// unescape undoes the escapes of JSON, JavaScript, Python, Go and C, and leaves
// what is none as it is.
func unescape(b []byte, asBytes bool) []byte {
	if bytes.IndexByte(b, '\\') < 0 {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); {
		if b[i] != '\\' || i+1 == len(b) {
			out = append(out, b[i])
			i++
			continue
		}
		c := b[i+1]
		if plain, ok := letters[c]; ok {
			out = append(out, plain)
			i += 2
			continue
		}
		if n, size := octalAt(b[i+1:]); size > 0 {
			out = append(out, n)
			i += 1 + size
			continue
		}
		r, size := numberAt(b[i:])
		switch {
		case size == 0:
			out = append(out, '\\')
			i++
			continue
		case asBytes && c == 'x':
			out = append(out, byte(r)) //nolint:gosec // two hexadecimal digits
		default:
			out = utf8.AppendRune(out, r)
		}
		i += size
	}
	return out
}

// octalAt reads \NNN, or \0.
func octalAt(b []byte) (byte, int) {
	if len(b) >= 3 && b[0] <= '3' && octal(b[0]) && octal(b[1]) && octal(b[2]) {
		return (b[0]-'0')<<6 | (b[1]-'0')<<3 | b[2] - '0', 3
	}
	if len(b) >= 1 && b[0] == '0' && (len(b) == 1 || !digit(b[1])) {
		return 0, 1
	}
	return 0, 0
}

// numberAt reads \xNN, \uNNNN (with its second half), \u{N…} or \UNNNNNNNN; size
// is 0 where there is none.
func numberAt(b []byte) (r rune, size int) {
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[b[1]]
	if digits == 0 {
		return 0, 0
	}
	if b[1] == 'u' && len(b) > 2 && b[2] == '{' {
		end := bytes.IndexByte(b[:min(len(b), 11)], '}')
		if end < 0 {
			return 0, 0
		}
		n, err := strconv.ParseUint(string(b[3:end]), 16, 21)
		if err != nil {
			return 0, 0
		}
		return rune(n), end + 1 //nolint:gosec // 21 bits
	}
	if len(b) < 2+digits {
		return 0, 0
	}
	n, err := strconv.ParseUint(string(b[2:2+digits]), 16, 31)
	if err != nil {
		return 0, 0
	}
	r, size = rune(n), 2+digits //nolint:gosec // 31 bits
	if utf16.IsSurrogate(r) && len(b) >= size+6 && b[size] == '\\' && b[size+1] == 'u' {
		low, err := strconv.ParseUint(string(b[size+2:size+6]), 16, 16)
		if pair := utf16.DecodeRune(r, rune(low)); err == nil && pair != utf8.RuneError { //nolint:gosec // 16 bits
			return pair, size + 6
		}
	}
	return r, size
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
