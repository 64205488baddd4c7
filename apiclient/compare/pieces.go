package compare

import (
	"bytes"
	"unicode/utf8"
)

// Range is the bytes [From, To) of a text.
type Range struct{ From, To int }

// Len is the number of bytes.
func (r Range) Len() int { return r.To - r.From }

func (r Range) of(b []byte) []byte { return b[r.From:r.To] }

// Cut is where the pieces of a text end; the last one is its length. A text
// without bytes has none.
type Cut []int

// Piece gives piece i.
func (c Cut) Piece(i int) Range {
	if i == 0 {
		return Range{0, c[0]}
	}
	return Range{c[i-1], c[i]}
}

// span gives the bytes of the pieces [from, to).
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
	longLine = 120     // a line of more is cut where that makes sense
	maxPiece = 2 << 10 // and everywhere, so that drawing one never costs much
)

// Pieces cuts a text at its line ends. Longer lines are cut further, always at
// places that depend on what is near them alone: an insertion moves the cuts
// behind it along.
func Pieces(b []byte) Cut {
	cut := make(Cut, 0, bytes.Count(b, []byte{'\n'})+len(b)/longLine+1)
	for at := 0; at < len(b); {
		end := len(b)
		if i := bytes.IndexByte(b[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		if end-at > longLine {
			cut = cutLine(cut, b, at, end)
		}
		if len(cut) == 0 || cut[len(cut)-1] < end {
			cut = append(cut, end)
		}
		at = end
	}
	return cut
}

// cutLine cuts a long line: JSON by its structure, from its first bracket on,
// anything else by content.
func cutLine(cut Cut, b []byte, from, to int) Cut {
	at := from
	if i := bytes.IndexAny(b[from:min(to, from+maxPiece)], "{["); i >= 0 {
		at = from + i
		if i > 0 {
			cut = append(cut, at)
		}
	} else {
		return cutByContent(cut, b, from, to)
	}
	start, inString := at, false
	for i := at; i < to; i++ {
		switch c := b[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == ',', c == '{', c == '[':
			cut = longPiece(cut, b, start, i+1)
			start = i + 1
		case (c == '}' || c == ']') && i > start:
			cut = longPiece(cut, b, start, i)
			start = i
		}
	}
	return longPiece(cut, b, start, to)
}

func longPiece(cut Cut, b []byte, from, to int) Cut {
	if to-from > maxPiece {
		cut = cutByContent(cut, b, from, to)
	}
	if len(cut) == 0 || cut[len(cut)-1] < to {
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
