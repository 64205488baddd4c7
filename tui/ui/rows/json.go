package rows

import (
	"bytes"
	"cmp"
	"slices"

	"countersign/apiclient/jsontext"
	"countersign/tui/ui"
)

// Token is a coloured part of a line: [from, to).
type Token struct {
	From, To int
	Paint    ui.Paint
}

// JSONTokens appends the tokens of one line of JSON, or what looks like it: it
// never fails. Strings end with the line, so that each line is coloured on its
// own. begun says that the line is the middle of a longer one, where a string
// may already be open.
func JSONTokens(out []Token, b []byte, begun bool) []Token {
	i := 0
	if begun {
		if end, open := openString(b); open {
			out = append(out, Token{0, end, ui.PaintString})
			i = end
		}
	}
	for t := jsontext.Next(b, i); t.Kind != jsontext.None; t = jsontext.Next(b, t.To) {
		switch t.Kind {
		case jsontext.String, jsontext.Unclosed:
			p := ui.PaintString
			if jsontext.Next(b, t.To).Kind == jsontext.Colon {
				p = ui.PaintKey
			}
			out = append(out, Token{t.From, t.To, p})
		case jsontext.Number:
			rest := bytes.TrimLeft(t.Of(b), "0123456789.+-eE")
			out = append(out, Token{t.From, t.To - len(rest), ui.PaintNumber})
		case jsontext.Literal:
			out = append(out, Token{t.From, t.To, ui.PaintLiteral})
		case jsontext.Variable, jsontext.Word:
		default:
			out = append(out, Token{t.From, t.To, ui.PaintPunct})
		}
	}
	return out
}

// VariableTokens puts the {{names}} of a line among its tokens: they go before
// what they stand in, and one in a string cuts it in two.
func VariableTokens(tokens []Token, b []byte) []Token {
	var found []Token
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte("{{"))
		if i < 0 {
			break
		}
		from := at + i
		n := bytes.Index(b[from:], []byte("}}"))
		if n < 0 {
			break
		}
		slashes := from - len(bytes.TrimRight(b[:from], `\`))
		if at = from + n + 2; slashes%2 == 0 { // in a string two are one character
			found = append(found, Token{from, at, ui.PaintVariable})
		} else {
			at = from + 2
		}
	}
	if found == nil {
		return tokens
	}
	var out []Token
	for _, t := range tokens {
		for _, v := range found {
			if v.To <= t.From {
				continue
			}
			if v.From >= t.To {
				break
			}
			if v.From > t.From {
				out = append(out, Token{t.From, v.From, t.Paint})
			}
			t.From = min(v.To, t.To)
		}
		if t.From < t.To {
			out = append(out, t)
		}
	}
	out = append(out, found...)
	slices.SortFunc(out, func(a, b Token) int { return cmp.Compare(a.From, b.From) })
	return out
}

// openString guesses whether a part of a line begins inside of a string, from
// what stands around the first quote, and returns the end of that string.
func openString(b []byte) (end int, open bool) {
	q := bytes.IndexByte(b, '"')
	if q < 0 {
		// All of one string, or none of it: JSON outside of strings has
		// punctuation every few bytes.
		return len(b), len(b) > 64 && !bytes.ContainsAny(b, "{}[]:,")
	}
	before, after := bytes.TrimRight(b[:q], " \t\r"), bytes.TrimLeft(b[q+1:], " \t\r")
	if len(before) > 0 && bytes.IndexByte([]byte("{[,:"), before[len(before)-1]) >= 0 {
		return 0, false
	}
	if len(after) > 0 && bytes.IndexByte([]byte("}],:"), after[0]) < 0 {
		return 0, false
	}
	return q + 1, true
}
