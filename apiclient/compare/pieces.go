package compare

import (
	"bytes"
	"unicode/utf8"

	"countersign/apiclient/jsontext"
)

// Range is the bytes [From, To) of a text.
type Range struct{ From, To int }

// Len is the number of bytes.
func (r Range) Len() int { return r.To - r.From }

func (r Range) of(b []byte) []byte { return b[r.From:r.To] }

// Cut is where the pieces of a text end; the last one is its length. A text
// without bytes has none.
type Cut []int

// Piece returns piece i.
func (c Cut) Piece(i int) Range {
	if i == 0 {
		return Range{0, c[0]}
	}
	return Range{c[i-1], c[i]}
}

// span returns the bytes of the pieces [from, to).
func (c Cut) span(from, to int) Range {
	if from >= to {
		at := 0
		if from > 0 {
			at = c[from-1]
		}
		return Range{at, at}
	}
	return Range{c.Piece(from).From, c[to-1]}
}

// Sizes of pieces in bytes.
const (
	longJSON = 40      // a line of more is cut by its structure
	maxPiece = 2 << 10 // and any line of more, so that drawing a piece never costs much
)

// Pieces cuts a text at its line ends. Longer lines are cut further, always at
// places that depend on what is near them alone: an insertion moves the cuts
// behind it along.
func Pieces(b []byte) Cut { return pieces(b, true) }

// Lines is Pieces without cutting JSON.
func Lines(b []byte) Cut { return pieces(b, false) }

func pieces(b []byte, structure bool) Cut {
	cut := make(Cut, 0, bytes.Count(b, []byte{'\n'})+len(b)/(2*longJSON)+1)
	for at := 0; at < len(b); {
		end := len(b)
		if i := bytes.IndexByte(b[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		if structure && end-at > longJSON {
			cut, at = cutJSON(cut, b, at, end)
		}
		cut = longPiece(cut, b, at, end)
		at = end
	}
	return cut
}

// cutJSON cuts a line by its structure: after commas and opening brackets and
// before closing ones, outside of strings. What stands before the first bracket, as
// in a string that was signed, is a piece unless it is a field's name. It gives
// where the last piece begins, which is not cut yet.
func cutJSON(cut Cut, b []byte, from, to int) (Cut, int) {
	start, inside := from, false
	piece := func(end int) {
		cut = longPiece(cut, b, start, end)
		start = end
	}
	for t := jsontext.Next(b[:to], from); t.Kind != jsontext.None; t = jsontext.Next(b[:to], t.To) {
		switch t.Kind {
		case jsontext.Object, jsontext.Array:
			lead := b[start:min(t.From, start+maxPiece)]
			if !inside && bytes.IndexByte(lead, '"') < 0 && len(bytes.TrimSpace(lead)) > 0 {
				piece(t.From)
			}
			inside = true
			piece(t.To)
		case jsontext.Comma:
			if inside && !trailing(b, t.To, to) {
				piece(t.To)
			}
		case jsontext.ObjectEnd, jsontext.ArrayEnd:
			if inside && t.From > start {
				piece(t.From)
			}
		}
	}
	return cut, start
}

// trailing reports that only the line's end follows.
func trailing(b []byte, from, to int) bool {
	return to-from <= 2 && len(bytes.TrimSpace(b[from:to])) == 0
}

func longPiece(cut Cut, b []byte, from, to int) Cut {
	if to-from > maxPiece {
		cut = cutByContent(cut, b, from, to)
	}
	if from < to && (len(cut) == 0 || cut[len(cut)-1] < to) {
		cut = append(cut, to)
	}
	return cut
}

// cutByContent cuts where a hash of the last bytes says so: once in 128 bytes
// on average. Characters stay whole.
func cutByContent(cut Cut, b []byte, from, to int) Cut {
	const least, mask = 32, 127 << 25
	var hash uint32
	start := from
	for i := from; i < to; i++ {
		hash = hash<<1 + uint32(b[i])*0x9E3779B1
		if n := i - start; n < least || hash&mask != 0 && n < maxPiece-utf8.UTFMax {
			continue
		}
		if !utf8.RuneStart(b[i]) && i-start < maxPiece {
			continue
		}
		cut = append(cut, i)
		start = i
	}
	return append(cut, to)
}
