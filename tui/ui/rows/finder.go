package rows

import (
	"bytes"
	"sort"
)

// finder finds a text in bytes. Matches may overlap; each place where the text
// stands is one.
type finder struct {
	query  []byte
	fold   bool  // the query is in lower case and finds capitals too (ASCII)
	blocks []int // matches that begin before each foldChunk of the text, and all; nil: not counted
}

const foldChunk = 64 << 10

// count counts the matches that begin in each part of a text.
func (f *finder) count(b []byte, stop func() bool) []int {
	blocks := make([]int, 0, len(b)/foldChunk+2)
	n, end := 0, 0
	var room []byte
	for at := 0; at < len(b); at = end {
		if stop != nil && stop() {
			return blocks
		}
		blocks = append(blocks, n)
		end = min(len(b), at+foldChunk)
		n += f.countIn(b, at, end, &room)
	}
	return append(blocks, n)
}

// countIn counts the matches that begin in a range.
func (f *finder) countIn(b []byte, from, to int, room *[]byte) (n int) {
	part := b[from:min(len(b), to+len(f.query)-1)]
	if f.fold {
		*room = appendLower((*room)[:0], part)
		part = *room
	}
	for {
		i := bytes.Index(part, f.query)
		if i < 0 {
			return n
		}
		n++
		part = part[i+1:]
	}
}

func (f *finder) total() int {
	if len(f.blocks) == 0 {
		return 0
	}
	return f.blocks[len(f.blocks)-1]
}

// seek is after for a text that is counted: parts without matches are not read.
func (f *finder) seek(b []byte, from int) int {
	k := from / foldChunk
	if k >= len(f.blocks)-1 {
		return -1
	}
	if f.blocks[k+1] > f.blocks[k] {
		if at := f.after(b[:min(len(b), (k+1)*foldChunk+len(f.query)-1)], from); at >= 0 {
			return at
		}
	}
	k++
	k += sort.Search(len(f.blocks)-1-k, func(i int) bool { return f.blocks[k+i+1] > f.blocks[k] })
	if k >= len(f.blocks)-1 {
		return -1
	}
	return f.after(b, k*foldChunk)
}

// seekBack returns the last match before an offset, -1 for none.
func (f *finder) seekBack(b []byte, to int) int {
	k := min(max(0, to-1)/foldChunk, len(f.blocks)-2)
	if k < 0 || to <= 0 {
		return -1
	}
	if f.blocks[k+1] > f.blocks[k] {
		if at := f.lastIn(b, k*foldChunk, to); at >= 0 {
			return at
		}
	}
	// The part in which the last of those before it begins.
	k = sort.SearchInts(f.blocks, f.blocks[k]) - 1
	if k < 0 {
		return -1
	}
	return f.lastIn(b, k*foldChunk, (k+1)*foldChunk)
}

// lastIn returns the last match that begins in a range, -1 for none.
func (f *finder) lastIn(b []byte, from, to int) int {
	found := -1
	f.each(b[:min(len(b), to+len(f.query)-1)], from, func(at int) bool {
		found = at
		return true
	})
	return found
}

// number says which of the matches the one at an offset is, from 1.
func (f *finder) number(b []byte, at int) int {
	k := at / foldChunk
	var room []byte
	return f.blocks[k] + f.countIn(b, k*foldChunk, at, &room) + 1
}

// each calls with the offset of every match from an offset on, until call returns false.
func (f *finder) each(b []byte, from int, call func(at int) bool) {
	n := len(f.query)
	if n == 0 {
		return
	}
	if !f.fold {
		for at := from; at <= len(b)-n; {
			i := bytes.Index(b[at:], f.query)
			if i < 0 || !call(at+i) {
				return
			}
			at += i + 1
		}
		return
	}
	lower := make([]byte, 0, foldChunk+n)
	for at := from; at <= len(b)-n; at += foldChunk {
		lower = appendLower(lower[:0], b[at:min(len(b), at+foldChunk+n-1)])
		for k := 0; ; k++ {
			i := bytes.Index(lower[k:], f.query)
			if i < 0 {
				break
			}
			k += i
			if !call(at + k) {
				return
			}
		}
	}
}

func appendLower(out, b []byte) []byte {
	for _, c := range b {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		out = append(out, c)
	}
	return out
}

// after returns the first match at or after an offset, -1 for none.
func (f *finder) after(b []byte, from int) int {
	found := -1
	f.each(b, from, func(at int) bool {
		found = at
		return false
	})
	return found
}
