package glyph

import (
	"unicode"
	"unicode/utf8"
)

// Anchor returns a place at or before an offset at which a glyph begins for sure,
// near to it: from there on glyphs are distinguished. That is between two
// characters none of which is ever part of a longer glyph with the other.
func Anchor(b []byte, at int) int {
	for at = min(at, len(b)); at > 0; {
		r, n := utf8.DecodeLastRune(b[:at])
		before, _ := utf8.DecodeLastRune(b[:at-n])
		if at-n > 0 && alone(before) && alone(r) {
			return at - n
		}
		at -= n
	}
	return 0
}

// alone reports what begins a glyph, and ends the one before it.
func alone(r rune) bool { return r < utf8.RuneSelf || isIdeograph(r) }

// Before returns where the glyph that ends at or holds offset at begins.
func Before(b []byte, at int) int {
	prev := Anchor(b, at)
	for i := prev; i < min(at, len(b)); {
		prev = i
		i += Next(b[i:]).Bytes
	}
	return prev
}

// WordLeft returns the start of the word before an offset.
func WordLeft(b []byte, at int) int {
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

// WordRight returns the end of the word after an offset.
func WordRight(b []byte, at int) int {
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

// WordAround returns the word that holds an offset; an empty one where none
// does.
func WordAround(b []byte, at int) (from, to int) {
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
