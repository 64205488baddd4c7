package diagnose

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// Span is a stretch of two byte strings laid side by side: where they are
// equal, both fields hold the same bytes.
type Span struct {
	Signed, Expected []byte
	Same             bool
}

// maxDiff is the size in bytes of what differs up to which every difference is
// looked for; beyond it only the common beginning and end are cut off.
const maxDiff = 128 << 10

// diffTime bounds the search for the smallest differences.
const diffTime = 100 * time.Millisecond

// Spans lays signed and expected side by side, in order. Each byte of both is
// in exactly one span.
func Spans(signed, expected []byte) []Span {
	front, back := CommonEnds(signed, expected)
	head, tail := signed[:front], signed[len(signed)-back:]
	signed, expected = signed[front:len(signed)-back], expected[front:len(expected)-back]
	spans := join(nil, Span{head, head, true})
	if len(signed)+len(expected) > maxDiff {
		spans = join(spans, Span{signed, expected, false})
		return join(spans, Span{tail, tail, true})
	}
	d := diffmatchpatch.New()
	d.DiffTimeout = diffTime
	s, e := 0, 0
	for _, diff := range d.DiffCleanupMerge(d.DiffMain(asRunes(expected), asRunes(signed), false)) {
		n := utf8.RuneCountInString(diff.Text)
		switch diff.Type {
		case diffmatchpatch.DiffEqual:
			spans = join(spans, Span{signed[s : s+n], expected[e : e+n], true})
			s, e = s+n, e+n
		case diffmatchpatch.DiffInsert:
			spans = join(spans, Span{signed[s : s+n], expected[e:e], false})
			s += n
		case diffmatchpatch.DiffDelete:
			spans = join(spans, Span{signed[s:s], expected[e : e+n], false})
			e += n
		}
	}
	return join(spans, Span{tail, tail, true})
}

// join appends a span, to the one before where both differ.
func join(spans []Span, next Span) []Span {
	if len(next.Signed)+len(next.Expected) == 0 {
		return spans
	}
	if n := len(spans); n > 0 && !spans[n-1].Same && !next.Same {
		last := &spans[n-1]
		last.Signed, last.Expected = extend(last.Signed, next.Signed), extend(last.Expected, next.Expected)
		return spans
	}
	return append(spans, next)
}

// extend joins a slice with the one that follows it in the same array.
func extend(a, b []byte) []byte {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	}
	return a[:len(a)+len(b)]
}

// asRunes writes each byte as one character, since the diff compares those:
// bytes are compared, whatever their charset.
func asRunes(b []byte) string {
	var s strings.Builder
	for _, c := range b {
		s.WriteRune(0x100 + rune(c))
	}
	return s.String()
}

// CommonEnds counts the equal bytes at the beginning and, of the rest, at the
// end.
func CommonEnds(a, b []byte) (front, back int) {
	n := min(len(a), len(b))
	for front < n && a[front] == b[front] {
		front++
	}
	for back < n-front && a[len(a)-1-back] == b[len(b)-1-back] {
		back++
	}
	return front, back
}

// shortPart is the length in bytes up to which a part is shown whole.
const shortPart = 160

// differing returns what differs between two strings, with a little of what is
// around it; short ones whole.
func differing(signed, expected []byte) (string, string) {
	if len(signed) <= shortPart && len(expected) <= shortPart {
		return legible(signed), legible(expected)
	}
	front, back := CommonEnds(signed, expected)
	const around = 16
	start := max(0, front-around)
	for start > 0 && start < len(signed) && !utf8.RuneStart(signed[start]) {
		start--
	}
	return excerpt(signed, start, back-around), excerpt(expected, start, back-around)
}

// excerpt returns b from start on without its last tail bytes, with … for what is
// left out, at most as long as two short parts.
func excerpt(b []byte, start, tail int) string {
	end := len(b) - max(0, tail)
	for end < len(b) && !utf8.RuneStart(b[end]) {
		end++
	}
	start = min(start, end)
	text := b[start:end]
	mark := ""
	if len(text) > 2*shortPart {
		text = text[:2*shortPart]
		for len(text) > 0 && !utf8.Valid(text) && len(text) > 2*shortPart-4 {
			text = text[:len(text)-1]
		}
		mark = "…"
	} else if end < len(b) {
		mark = "…"
	}
	before := ""
	if start > 0 {
		before = "…"
	}
	return before + legible(text) + mark
}

// legible writes bytes that are not UTF-8 as \xNN.
func legible(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	var s strings.Builder
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&s, `\x%02x`, b[0])
		} else {
			s.Write(b[:size])
		}
		b = b[size:]
	}
	return s.String()
}
