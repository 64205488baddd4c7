// Package mark is what stands in the place of a value that was masked.
package mark

import (
	"bytes"
	"fmt"
	"strings"

	"countersign/apiclient/english"
	"countersign/apiclient/lazyregexp"
)

const begins = "***masked-"

var marks = lazyregexp.New(`\*\*\*masked-[A-Z]+-[0-9]+-bytes?\*\*\*`)

// New returns the mark of the n-th value, from 0, which had so many bytes: plain
// characters, which mean nothing in JSON, XML, a URL, a header or a shell.
func New(n, size int) string {
	return fmt.Sprintf("%s%s-%d-%s***", begins, letters(n), size, english.Plural(size, "byte"))
}

// letters counts A, B, … Z, AA, AB.
func letters(n int) string {
	s := ""
	for n++; n > 0; n = (n - 1) / 26 {
		s = string(rune('A'+(n-1)%26)) + s
	}
	return s
}

// Is reports whether a value is a mark, or begins with one.
func Is(value string) bool { return strings.HasPrefix(value, begins) && marks.MatchString(value) }

// In reports whether there is a mark in a text: its bytes are not those that were
// there.
func In(b []byte) bool { return bytes.Contains(b, []byte(begins)) && marks.Match(b) }
