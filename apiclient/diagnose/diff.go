package diagnose

import (
	"fmt"
	"strings"
	"unicode/utf8"

	udiff "github.com/aymanbagabas/go-udiff"
)

// Span is a stretch of two byte strings laid side by side: where they are
// equal, both fields hold the same bytes.
type Span struct {
	Signed, Expected []byte
	Same             bool
}

// maxDiff is the size in bytes up to which every difference is looked for;
// beyond it only the common beginning and end are cut off.
const maxDiff = 256 << 10

// Spans lays signed and expected side by side, in order. Each byte of both is
// in exactly one span.
func Spans(signed, expected []byte) []Span {
	var spans []Span
	add := func(s, e []byte, same bool) {
		if len(s)+len(e) > 0 {
			spans = append(spans, Span{s, e, same})
		}
	}
	if len(signed)+len(expected) > maxDiff {
		front, back := commonEnds(signed, expected)
		add(signed[:front], expected[:front], true)
		add(signed[front:len(signed)-back], expected[front:len(expected)-back], false)
		add(signed[len(signed)-back:], expected[len(expected)-back:], true)
		return spans
	}
	at, from := 0, 0 // in expected, in signed
	for _, edit := range udiff.Bytes(expected, signed) {
		same := edit.Start - at
		add(signed[from:from+same], expected[at:edit.Start], true)
		from += same
		add(signed[from:from+len(edit.New)], expected[edit.Start:edit.End], false)
		from, at = from+len(edit.New), edit.End
	}
	add(signed[from:], expected[at:], true)
	return spans
}

// commonEnds counts the equal bytes at the beginning and, of the rest, at the
// end.
func commonEnds(a, b []byte) (front, back int) {
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

// differing gives what differs between two strings, with a little of what is
// around it; short ones whole.
func differing(signed, expected []byte) (string, string) {
	if len(signed) <= shortPart && len(expected) <= shortPart {
		return legible(signed), legible(expected)
	}
	front, back := commonEnds(signed, expected)
	const around = 16
	start := max(0, front-around)
	for start > 0 && start < len(signed) && !utf8.RuneStart(signed[start]) {
		start--
	}
	return excerpt(signed, start, back-around), excerpt(expected, start, back-around)
}

// excerpt is b from start on without its last tail bytes, with … for what is
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
		end, mark = start+len(text), "…"
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
