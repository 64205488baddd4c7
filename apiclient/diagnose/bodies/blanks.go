package bodies

import (
	"bytes"
	"slices"

	"countersign/apiclient/diagnose/variant"
)

// maxGaps is the most colons and commas behind which blanks are tried.
const maxGaps = 13

// Blanks returns the bodies with a blank behind some of the colons and commas, as
// JSON that is written by hand has them, in the spellings that such JSON has.
func (m *Maker) Blanks() []Sequence {
	if m.doc == nil || !isGroup(m.doc.root) || bytes.IndexByte(m.sent, 0) >= 0 {
		return nil
	}
	var list []Sequence
	for _, w := range []writer{
		{style: compact}, {style: compact, string: asciiText.roundTrip}, {style: compact, string: plainText.roundTrip},
		{style: compact, string: slashText.roundTrip},
	} {
		for _, number := range []speller{nil, withZero, fixed(2)} {
			if w.number = nil; number != nil {
				w.number = spell(number)
			}
			chunks := chunksOf(m.doc.root, w)
			gaps := len(chunks) - 1
			if gaps < 1 || gaps > maxGaps {
				continue
			}
			text := slices.Concat(chunks...)
			if slices.ContainsFunc(list, func(s Sequence) bool { return bytes.Equal(s.Append(nil, 0), text) }) {
				continue
			}
			list = append(list, Sequence{
				Len: 1 << gaps,
				Append: func(dst []byte, i int) []byte {
					for k, chunk := range chunks {
						if dst = append(dst, chunk...); k < gaps && i>>k&1 == 1 {
							dst = append(dst, ' ')
						}
					}
					return dst
				},
				Change: variant.Change{Cause: blanksChanged,
					Says:  "with blanks behind some of its colons and commas, and sent as a serialiser writes it",
					Habit: "JSON written by hand, which something on the way parses and writes again"},
			})
		}
	}
	return list
}

func withZero(raw []byte) (string, bool) { return string(raw) + ".0", isInteger(raw) }

// chunksOf cuts a document behind each colon and comma between its values.
func chunksOf(root *value, w writer) (chunks [][]byte) {
	const mark = "\x00"
	w.colon, w.comma = ":"+mark, ","+mark
	rest := w.write(root)
	for len(rest) > 0 {
		i := bytes.IndexByte(rest, 0)
		if i < 0 {
			return append(chunks, rest)
		}
		chunks, rest = append(chunks, rest[:i:i]), rest[i+1:]
	}
	return chunks
}
