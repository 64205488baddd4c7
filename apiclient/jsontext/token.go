// Package jsontext is the reader of JSON: tokens with their offsets, the paths
// that lead to values, and exact edits of one value. It never decodes a text nor
// writes one again: a body that was written by hand keeps its spaces, the order of
// its members and its spelling of numbers, all of which a signature covers.
//
// There are three ways in. Next and Glance read one token at an offset of any
// text, JSON or not. Members and Find walk to a value and allocate nothing. Parse
// makes a Tree of all values, which can be changed one at a time.
package jsontext

import "bytes"

// Kind is what a token, or the value that begins with it, is. A bracket, a comma
// and a colon are their own kinds.
type Kind byte

// Kinds of tokens and values.
const (
	None      Kind = 0 // the end of the text
	Object    Kind = '{'
	ObjectEnd Kind = '}'
	Array     Kind = '['
	ArrayEnd  Kind = ']'
	Comma     Kind = ','
	Colon     Kind = ':'
	String    Kind = '"'
	Unclosed  Kind = '\'' // a string without an end
	Number    Kind = '0'  // what begins like one
	Literal   Kind = 't'  // true, false, null
	Variable  Kind = '$'  // {{now}} without quotes: its kind is known only when it is expanded
	Word      Kind = 'w'  // what JSON does not know
)

// Token is a part of a text, or a whole value: the bytes [From, To).
type Token struct {
	Kind     Kind
	From, To int
}

// Of returns the token's bytes in its text.
func (t Token) Of(b []byte) []byte { return b[t.From:t.To] }

// Closes reports whether t is the bracket that ends what began with open.
func (t Token) Closes(open Kind) bool {
	return (open == Object || open == Array) && t.Kind == open+('}'-'{')
}

// Next returns the first token at or after an offset, white space passed over. It
// never fails, and takes nothing for granted: every text has tokens, and
// together they hold all of it but white space.
func Next(b []byte, at int) Token {
	at = SkipSpace(b, at)
	if at >= len(b) {
		return Token{None, at, at}
	}
	switch classes[b[at]] {
	case mark:
		return Token{Kind(b[at]), at, at + 1}
	case quote:
		end, kind := stringEnd(b, at+1, false)
		return Token{kind, at, end}
	case brace:
		if end := variableEnd(b, at); end > 0 {
			return Token{Variable, at, end}
		}
		return Token{Object, at, at + 1}
	}
	return word(b, at)
}

// Glance is Next for large texts of which only a part is looked at: a string ends
// with its line, as it is drawn, and a word after 4 kB. So a missing quote does
// no harm further down, and no token but a string is long.
func Glance(b []byte, at int) Token {
	at = SkipSpace(b, at)
	if at < len(b) {
		switch classes[b[at]] {
		case quote:
			end, kind := stringEnd(b, at+1, true)
			return Token{kind, at, end}
		case plain:
			return word(b[:min(len(b), at+maxWord)], at)
		}
	}
	return Next(b, at)
}

// maxWord is the longest word of Glance, in bytes.
const maxWord = 4 << 10

func word(b []byte, at int) Token {
	end := at + 1
	for end < len(b) && classes[b[end]] == plain {
		end++
	}
	return Token{kindOf(b[at:end]), at, end}
}

// Classes of bytes.
const (
	plain uint8 = iota
	space
	quote
	brace // an opening one, which may begin a variable
	mark  // any other bracket, a comma, a colon
)

var classes = func() (class [256]uint8) {
	for _, c := range []byte(" \t\r\n") {
		class[c] = space
	}
	for _, c := range []byte("}[],:") {
		class[c] = mark
	}
	class['"'], class['{'] = quote, brace
	return class
}()

// SkipSpace returns the offset of the first byte at or after at that is no white
// space; len(b) where there is none.
func SkipSpace(b []byte, at int) int {
	for at < len(b) && classes[b[at]] == space {
		at++
	}
	return at
}

// Opens reports whether a text begins as an object or an array does.
func Opens(b []byte) bool {
	at := SkipSpace(b, 0)
	return at < len(b) && (b[at] == '{' || b[at] == '[')
}

func kindOf(word []byte) Kind {
	if c := word[0]; c == '-' || c >= '0' && c <= '9' {
		return Number
	}
	switch string(word) {
	case "true", "false", "null":
		return Literal
	}
	return Word
}

// stringEnd returns the offset behind the quote that closes a string, or else the
// end of the text, or of the line. from is behind the opening quote.
func stringEnd(b []byte, from int, line bool) (int, Kind) {
	// Most strings are short, and have no escapes.
	for short := min(len(b), from+32); from < short && b[from] != '\\' && b[from] != '\n'; from++ {
		if b[from] == '"' {
			return from + 1, String
		}
	}
	for at, read := from, from; ; {
		end := len(b)
		if i := bytes.IndexByte(b[at:min(len(b), at+maxWord)], '"'); i >= 0 {
			end = at + i
		} else if at+maxWord < len(b) {
			end = at + maxWord
		}
		// A line end is looked for no further than the quote.
		if line {
			if i := bytes.IndexByte(b[read:end], '\n'); i >= 0 {
				return read + i, Unclosed
			}
			read = end
		}
		switch {
		case end == len(b):
			return end, Unclosed
		case b[end] != '"':
			at = end
			continue
		}
		slash := end
		for slash > from && b[slash-1] == '\\' {
			slash--
		}
		if (end-slash)%2 == 0 {
			return end + 1, String
		}
		at = end + 1
	}
}

// variableEnd returns the offset behind the {{name}} that begins at the brace at an
// offset, all of it on one line; 0 where there is none.
func variableEnd(b []byte, at int) int {
	if at+1 >= len(b) || b[at+1] != '{' {
		return 0
	}
	name := b[at+2 : min(len(b), at+maxWord)]
	i := bytes.IndexAny(name, "\n\"{}")
	if i < 0 || !bytes.HasPrefix(name[i:], []byte("}}")) {
		return 0
	}
	return at + 2 + i + 2
}
