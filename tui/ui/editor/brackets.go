package editor

import (
	"slices"

	"countersign/tui/ui"
	"countersign/tui/ui/rows"
)

// pairing is the pair of brackets at the cursor, for one state of the text.
type pairing struct {
	rev, cursor int
	known       bool
	own, other  int // -1: none
}

// bracketReach is how far the other bracket is looked for with each key, in
// bytes either way; the key that jumps to it looks through the whole text.
const bracketReach = 32 << 10

// brackets gives the bracket at or before the cursor and the one that belongs
// to it.
func (e *Editor) brackets() (own, other int, ok bool) {
	if p := &e.pair; !p.known || p.rev != e.rev || p.cursor != e.cursor {
		own, other := e.partner(bracketReach)
		e.pair = pairing{e.rev, e.cursor, true, own, other}
	}
	return e.pair.own, e.pair.other, e.pair.other >= 0
}

// JumpBracket moves the cursor to the bracket that belongs to the one at it. It
// reports whether there is one.
func (e *Editor) JumpBracket() bool {
	_, other := e.partner(e.buf.Size())
	if other < 0 {
		return false
	}
	e.SetCursor(other)
	return true
}

// partner finds the bracket at the cursor, or just before it, and its partner,
// at most so many bytes away; -1 where there is none.
func (e *Editor) partner(reach int) (own, other int) {
	for _, at := range []int{e.cursor, e.cursor - 1} {
		if at < 0 || at >= e.buf.Size() {
			continue
		}
		switch c := e.byteAt(at); c {
		case '{', '[':
			if e.isBracket(at) {
				return at, e.closing(at, reach)
			}
		case '}', ']':
			if e.isBracket(at) {
				return at, e.opening(at, reach)
			}
		}
	}
	return -1, -1
}

// isBracket reports whether a bracket is outside of strings and variables.
func (e *Editor) isBracket(at int) bool {
	start, _, tokens := e.bracketsOf(at, nil)
	return slices.ContainsFunc(tokens, func(t rows.Token) bool { return start+t.From == at })
}

// bracketsOf gives the brackets of the segment that holds an offset; their
// offsets count from its start.
func (e *Editor) bracketsOf(at int, scratch []rows.Token) (start, end int, tokens []rows.Token) {
	start, end = e.rows.Segment(at)
	b := e.buf.Slice(start, end)
	tokens = rows.VariableTokens(rows.JSONTokens(scratch[:0], b, e.buf.LineStart(start) != start), b)
	tokens = slices.DeleteFunc(tokens, func(t rows.Token) bool {
		c := b[t.From]
		return t.Paint != ui.PaintPunct || c == ':' || c == ','
	})
	return start, end, tokens
}

func (e *Editor) closing(at, reach int) int {
	depth := 0
	var tokens []rows.Token
	for from := at; from < e.buf.Size() && from-at <= reach; {
		var start, end int
		start, end, tokens = e.bracketsOf(from, tokens)
		for _, t := range tokens {
			if start+t.From < at {
				continue
			}
			if c := e.byteAt(start + t.From); c == '{' || c == '[' {
				depth++
			} else if depth--; depth == 0 {
				return start + t.From
			}
		}
		from = max(end, from) + 1
		if end < e.buf.Size() && e.byteAt(end) != '\n' {
			from = end // the line goes on
		}
	}
	return -1
}

func (e *Editor) opening(at, reach int) int {
	depth := 0
	var tokens []rows.Token
	for from := at; from >= 0 && at-from <= reach; {
		var start int
		start, _, tokens = e.bracketsOf(from, tokens)
		for _, t := range slices.Backward(tokens) {
			if start+t.From > at {
				continue
			}
			if c := e.byteAt(start + t.From); c == '}' || c == ']' {
				depth++
			} else if depth--; depth == 0 {
				return start + t.From
			}
		}
		from = start - 1
	}
	return -1
}
