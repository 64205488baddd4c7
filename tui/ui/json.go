package ui

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
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
	for i < len(b) {
		c := b[i]
		start := i
		switch {
		case c == '"':
			i = stringEnd(b, i+1)
			p := paintString
			if isKey(b[i:]) {
				p = paintKey
			}
			out = append(out, token{start, i, p})
		case c == '-' || c >= '0' && c <= '9':
			for i < len(b) && numberByte(b[i]) {
				i++
			}
			out = append(out, token{start, i, paintNumber})
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			for i < len(b) && (b[i] >= 'a' && b[i] <= 'z' || b[i] >= 'A' && b[i] <= 'Z') {
				i++
			}
			if word := string(b[start:i]); word == "true" || word == "false" || word == "null" {
				out = append(out, token{start, i, paintLiteral})
			}
		case bytes.IndexByte([]byte("{}[]:,"), c) >= 0:
			i++
			out = append(out, token{start, i, paintPunct})
		default:
			i++
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

func numberByte(c byte) bool {
	return c >= '0' && c <= '9' || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E'
}

// stringEnd gives the offset after the quote that closes a string, or the end.
func stringEnd(b []byte, i int) int {
	for i < len(b) {
		switch b[i] {
		case '\\':
			i += 2
		case '"':
			return i + 1
		default:
			i++
		}
	}
	return len(b)
}

func isKey(rest []byte) bool {
	rest = bytes.TrimLeft(rest, " \t\r")
	return len(rest) > 0 && rest[0] == ':'
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
func Pretty(b []byte) ([]byte, bool) {
	if !json.Valid(b) {
		return nil, false
	}
	// Measured first, so that the result takes the room it needs and no more.
	size := indentedSize(b)
	if size > prettyGrowth*len(b)+prettySpare {
		return nil, false
	}
	return appendIndented(make([]byte, 0, size), b), true
}

// appendIndented appends JSON, or the beginning of some, indented.
func appendIndented(out, b []byte) []byte {
	depth := 0
	line := func() {
		out = append(out, '\n')
		out = append(out, manySpaces[:max(0, min(2*depth, prettyIndent))]...)
	}
	for i := 0; i < len(b); {
		switch c := b[i]; c {
		case ' ', '\t', '\r', '\n':
			i++
		case '"':
			end := stringEnd(b, i+1)
			out = append(out, b[i:end]...)
			i = end
		case '{', '[':
			out = append(out, c)
			if i = skipBlanks(b, i+1); i < len(b) && (b[i] == '}' || b[i] == ']') {
				out = append(out, b[i])
				i++
				continue
			}
			depth++
			line()
		case '}', ']':
			depth--
			line()
			out = append(out, c)
			i++
		case ',':
			out = append(out, c)
			line()
			i++
		case ':':
			out = append(out, c, ' ')
			i++
		default:
			out = append(out, c)
			i++
		}
	}
	return out
}

// indentedSize gives the bytes that appendIndented appends.
func indentedSize(b []byte) int {
	size, depth := 0, 0
	for i := 0; i < len(b); {
		switch c := b[i]; c {
		case ' ', '\t', '\r', '\n':
			i++
		case '"':
			end := stringEnd(b, i+1)
			size += end - i
			i = end
		case '{', '[':
			size++
			if i = skipBlanks(b, i+1); i < len(b) && (b[i] == '}' || b[i] == ']') {
				size++
				i++
				continue
			}
			depth++
			size += 1 + min(2*depth, prettyIndent)
		case '}', ']':
			depth--
			size += 2 + max(0, min(2*depth, prettyIndent))
			i++
		case ',', ':':
			size += 2
			if c == ',' {
				size += max(0, min(2*depth, prettyIndent))
			}
			i++
		default:
			size++
			i++
		}
	}
	return size
}

func skipBlanks(b []byte, i int) int {
	for i < len(b) && jsonClass[b[i]] == jsonBlank {
		i++
	}
	return i
}
