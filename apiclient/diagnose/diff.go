package diagnose

import (
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
