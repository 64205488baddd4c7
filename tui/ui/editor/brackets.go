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

// brackets returns the bracket at or before the cursor and the one that belongs
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

// directions says where the bracket is that belongs to one.
var directions = map[byte]int{'{': 1, '[': 1, '}': -1, ']': -1}

// partner finds the bracket at the cursor, or just before it, and its partner,
// at most so many bytes away; -1 where there is none.
func (e *Editor) partner(reach int) (own, other int) {
	for _, at := range []int{e.cursor, e.cursor - 1} {
		if at < 0 || at >= e.buf.Size() {
			continue
		}
		if direction := directions[e.byteAt(at)]; direction != 0 && e.isBracket(at) {
			return at, e.match(at, direction, reach)
		}
	}
	return -1, -1
}

// isBracket reports whether a bracket is outside of strings and variables.
func (e *Editor) isBracket(at int) bool {
	start, _, tokens := e.bracketsOf(at, nil)
	return slices.ContainsFunc(tokens, func(t rows.Token) bool { return start+t.From == at })
}

// bracketsOf returns the brackets of the segment that holds an offset; their
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

// match finds the bracket that belongs to one at an offset, at most so many
// bytes away; -1 where there is none.
func (e *Editor) match(at, direction, reach int) int {
	depth := 0
	var tokens []rows.Token
	for from := at; from >= 0 && from < e.buf.Size() && (from-at)*direction <= reach; {
		var start, end int
		if start, end, tokens = e.bracketsOf(from, tokens); direction < 0 {
			slices.Reverse(tokens)
		}
		for _, t := range tokens {
			off := start + t.From
			if (off-at)*direction < 0 {
				continue
			}
			if depth += directions[e.byteAt(off)] * direction; depth == 0 {
				return off
			}
		}
		switch {
		case direction < 0:
			from = start - 1
		case end < e.buf.Size() && e.byteAt(end) != '\n':
			from = end // the line goes on
		default:
			from = max(end, from) + 1
		}
	}
	return -1
}
