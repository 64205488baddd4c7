package ui

import (
	"bytes"
	"cmp"
	"slices"

	"countersign/apiclient/jsontext"
)

// token is a coloured part of a line: [from, to).
type token struct {
	from, to int
	paint    paintID
}

// jsonTokens appends the tokens of one line of JSON, or what looks like it: it
// never fails. Strings end with the line, so that each line is coloured on its
// own. begun says that the line is the middle of a longer one, where a string
// may already be open.
func jsonTokens(out []token, b []byte, begun bool) []token {
	i := 0
	if begun {
		if end, open := openString(b); open {
			out = append(out, token{0, end, paintString})
			i = end
		}
	}
	for t := jsontext.Next(b, i); t.Kind != jsontext.None; t = jsontext.Next(b, t.To) {
		switch t.Kind {
		case jsontext.String, jsontext.Unclosed:
			p := paintString
			if jsontext.Next(b, t.To).Kind == jsontext.Colon {
				p = paintKey
			}
			out = append(out, token{t.From, t.To, p})
		case jsontext.Number:
			rest := bytes.TrimLeft(t.Of(b), "0123456789.+-eE")
			out = append(out, token{t.From, t.To - len(rest), paintNumber})
		case jsontext.Literal:
			out = append(out, token{t.From, t.To, paintLiteral})
		case jsontext.Variable, jsontext.Word:
		default:
			out = append(out, token{t.From, t.To, paintPunct})
		}
	}
	return out
}

// variableTokens puts the {{names}} of a line among its tokens: they go before
// what they stand in, and one in a string cuts it in two.
func variableTokens(tokens []token, b []byte) []token {
	var found []token
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
			found = append(found, token{from, at, paintVariable})
		} else {
			at = from + 2
		}
	}
	if found == nil {
		return tokens
	}
	var out []token
	for _, t := range tokens {
		for _, v := range found {
			if v.to <= t.from {
				continue
			}
			if v.from >= t.to {
				break
			}
			if v.from > t.from {
				out = append(out, token{t.from, v.from, t.paint})
			}
			t.from = min(v.to, t.to)
		}
		if t.from < t.to {
			out = append(out, t)
		}
	}
	out = append(out, found...)
	slices.SortFunc(out, func(a, b token) int { return cmp.Compare(a.from, b.from) })
	return out
}

// openString guesses whether a part of a line begins inside of a string, from
// what stands around the first quote, and gives the end of that string.
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

// prettyIndent bounds the blanks before a line: a hostile body nests ten
// thousand levels, and would take more room for blanks than for anything else.
const prettyIndent = 64

var jsonLayout = jsontext.Layout{Line: "\n", Unit: "  ", Most: prettyIndent, Colon: ": ", Comma: ","}

// prettyGrowth bounds the size of the result for the same reason: this many
// times the input, and prettySpare bytes.
const (
	prettyGrowth = 8
	prettySpare  = 1 << 20
)

// Pretty indents valid JSON by two spaces for reading. Strings and numbers keep
// their bytes. It is for views only: what is signed is what was received. It
// reports false, and nil, for what is not JSON and for what would grow out of
// proportion.
func Pretty(b []byte) ([]byte, bool) { return jsonLanguage.pretty(b) }

// pretty makes room for as much as the beginning of a text takes.
func (l *language) pretty(b []byte) ([]byte, bool) {
	if !l.valid(b) {
		return nil, false
	}
	most := prettyGrowth*len(b) + prettySpare
	head := b[:min(1+len(b)/16, 64<<10)]
	room := len(l.indented(nil, head, most)) * (1 + len(b)/len(head))
	out := l.indented(make([]byte, 0, min(room, most)), b, most)
	if len(out) > most {
		return nil, false
	}
	return out, true
}
