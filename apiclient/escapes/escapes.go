// Package escapes reads the backslash escapes that C, Go, Java, JavaScript, JSON,
// Python and Ruby have in their strings.
package escapes

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// The letters of the short escapes, and what they stand for.
const (
	letters = "nrtbfva\\\"'`/"
	meant   = "\n\r\t\b\f\v\a\\\"'`/"
)

// longest is how many bytes an escape has at most: a surrogate pair.
const longest = 12

// Read returns what the escape that s begins with stands for: \n, \NNN or \0, \xNN,
// \uNNNN with its second half, \u{N…} or \UNNNNNNNN. Half a pair alone is a
// surrogate. size is its length in bytes; 0: there is none.
func Read[T string | []byte](s T) (r rune, size int) {
	b := []byte(s[:min(len(s), longest)])
	if len(b) < 2 || b[0] != '\\' {
		return 0, 0
	}
	if i := bytes.IndexByte([]byte(letters), b[1]); i >= 0 {
		return rune(meant[i]), 2
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[b[1]]
	switch {
	case len(b) > 3 && b[1] <= '3' && digit(b[1], '7') && digit(b[2], '7') && digit(b[3], '7'):
		return number(b[1:4], 8, 4)
	case b[1] == '0' && (len(b) == 2 || !digit(b[2], '9')):
		return 0, 2
	case b[1] == 'u' && len(b) > 2 && b[2] == '{':
		end := bytes.IndexByte(b, '}')
		return number(b[3:max(3, end)], 16, end+1)
	case digits == 0 || len(b) < 2+digits:
		return 0, 0
	}
	r, size = number(b[2:2+digits], 16, 2+digits)
	if low, n := half(b[size:]); utf16.IsSurrogate(r) && utf16.DecodeRune(r, low) != utf8.RuneError {
		return utf16.DecodeRune(r, low), size + n
	}
	return r, size
}

// half reads \uNNNN.
func half(b []byte) (rune, int) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, 0
	}
	return number(b[2:6], 16, 6)
}

// number reads digits of an escape of so many bytes.
func number(digits []byte, base, size int) (rune, int) {
	n, err := strconv.ParseUint(string(digits), base, 21)
	if err != nil {
		return 0, 0
	}
	return rune(n), size //nolint:gosec // 21 bits
}

func digit(c, last byte) bool { return '0' <= c && c <= last }

// Append appends what the escape that s begins with stands for. An octal number is a
// byte, and \xNN a byte or a character. size is 0 where there is none.
func Append[T string | []byte](out []byte, s T, bytes bool) (appended []byte, size int) {
	r, size := Read(s)
	switch {
	case size == 0:
		return out, 0
	case digit(s[1], '9') || bytes && s[1] == 'x':
		return append(out, byte(r)), size //nolint:gosec // two hexadecimal or three octal digits
	}
	return utf8.AppendRune(out, r), size
}
