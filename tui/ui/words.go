package ui

import (
	"unicode"
	"unicode/utf8"
)

// glyphBefore gives where the glyph that ends at or holds offset at begins.
func glyphBefore(b []byte, at int) int {
	prev := 0
	for i := 0; i < min(at, len(b)); {
		prev = i
		i += nextGlyph(b[i:]).bytes
	}
	return prev
}

// wordLeft gives the start of the word before an offset.
func wordLeft(b []byte, at int) int {
	skip := func(word bool) {
		for at > 0 {
			r, n := utf8.DecodeLastRune(b[:at])
			if isWord(r) != word {
				return
			}
			at -= n
		}
	}
	skip(false)
	skip(true)
	return at
}

// wordRight gives the end of the word after an offset.
func wordRight(b []byte, at int) int {
	skip := func(word bool) {
		for at < len(b) {
			r, n := utf8.DecodeRune(b[at:])
			if isWord(r) != word {
				return
			}
			at += n
		}
	}
	skip(false)
	skip(true)
	return at
}

func isWord(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}

// wordAround gives the word that holds an offset; an empty one where none
// does.
func wordAround(b []byte, at int) (from, to int) {
	from, to = at, at
	for from > 0 {
		r, n := utf8.DecodeLastRune(b[:from])
		if !isWord(r) {
			break
		}
		from -= n
	}
	for to < len(b) {
		r, n := utf8.DecodeRune(b[to:])
		if !isWord(r) {
			break
		}
		to += n
	}
	if to == at {
		return at, at // behind a word is not in it
	}
	return from, to
}
