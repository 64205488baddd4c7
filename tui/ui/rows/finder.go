package rows

import (
	"bytes"
	"encoding/hex"
	"sort"
	"strings"

	"countersign/tui/ui"
)

// Finder finds a text in bytes. Matches may overlap; each place where the text
// stands is one. A text in lower case finds capitals too (ASCII).
type Finder struct {
	Typed string
	Query []byte
	Fold  bool
	At    int // offset in the text of the current match, -1 for none

	From   int   // where the search began: the first match is looked for from here on
	Blocks []int // matches that begin before each foldChunk of the text, and all; nil: not counted
	Owed   int   // steps to the next or previous match that were asked for meanwhile
}

const FoldChunk = 64 << 10

// Count counts the matches that begin in each part of a text.
func (f *Finder) Count(b []byte, stop func() bool) []int {
	blocks := make([]int, 0, len(b)/FoldChunk+2)
	n, end := 0, 0
	var room []byte
	for at := 0; at < len(b); at = end {
		if stop != nil && stop() {
			return blocks
		}
		blocks = append(blocks, n)
		end = min(len(b), at+FoldChunk)
		n += f.countIn(b, at, end, &room)
	}
	return append(blocks, n)
}

// countIn counts the matches that begin in a range.
func (f *Finder) countIn(b []byte, from, to int, room *[]byte) (n int) {
	part := b[from:min(len(b), to+len(f.Query)-1)]
	if f.Fold {
		*room = AppendLower((*room)[:0], part)
		part = *room
	}
	for {
		i := bytes.Index(part, f.Query)
		if i < 0 {
			return n
		}
		n++
		part = part[i+1:]
	}
}

// Counted takes the numbers, and goes to the first match where none is found yet.
func (f *Finder) Counted(b []byte, blocks []int) {
	f.Blocks = blocks
	if f.At >= 0 || f.Total() == 0 {
		return
	}
	if f.At = f.Seek(b, f.From); f.At < 0 {
		f.At = f.Seek(b, 0)
	}
}

func (f *Finder) Total() int {
	if len(f.Blocks) == 0 {
		return 0
	}
	return f.Blocks[len(f.Blocks)-1]
}

// Seek is after for a text that is counted: parts without matches are not read.
func (f *Finder) Seek(b []byte, from int) int {
	k := from / FoldChunk
	if k >= len(f.Blocks)-1 {
		return -1
	}
	if f.Blocks[k+1] > f.Blocks[k] {
		if at := f.After(b[:min(len(b), (k+1)*FoldChunk+len(f.Query)-1)], from); at >= 0 {
			return at
		}
	}
	k++
	k += sort.Search(len(f.Blocks)-1-k, func(i int) bool { return f.Blocks[k+i+1] > f.Blocks[k] })
	if k >= len(f.Blocks)-1 {
		return -1
	}
	return f.After(b, k*FoldChunk)
}

// SeekBack gives the last match before an offset, -1 for none.
func (f *Finder) SeekBack(b []byte, to int) int {
	k := min(max(0, to-1)/FoldChunk, len(f.Blocks)-2)
	if k < 0 || to <= 0 {
		return -1
	}
	if f.Blocks[k+1] > f.Blocks[k] {
		if at := f.LastIn(b, k*FoldChunk, to); at >= 0 {
			return at
		}
	}
	// The part in which the last of those before it begins.
	k = sort.SearchInts(f.Blocks, f.Blocks[k]) - 1
	if k < 0 {
		return -1
	}
	return f.LastIn(b, k*FoldChunk, (k+1)*FoldChunk)
}

// LastIn gives the last match that begins in a range, -1 for none.
func (f *Finder) LastIn(b []byte, from, to int) int {
	found := -1
	f.Each(b[:min(len(b), to+len(f.Query)-1)], from, func(at int) bool {
		found = at
		return true
	})
	return found
}

// Next and previous give the match after and before the current one, around
// the ends; the text must be counted and have one.
func (f *Finder) Next(b []byte) int {
	if at := f.Seek(b, f.At+1); at >= 0 {
		return at
	}
	return f.Seek(b, 0)
}

func (f *Finder) Previous(b []byte) int {
	if at := f.SeekBack(b, f.At); at >= 0 {
		return at
	}
	return f.SeekBack(b, len(b))
}

func NewFinder(query string, hexMode bool) Finder {
	f := Finder{Typed: query, At: -1, Query: []byte(query), Fold: query == strings.ToLower(query)}
	if !hexMode {
		return f
	}
	digits := strings.ReplaceAll(strings.TrimPrefix(query, "0x"), " ", "")
	if b, err := hex.DecodeString(digits); err == nil && len(b) > 0 && (strings.HasPrefix(query, "0x") || strings.Contains(query, " ")) {
		f.Query, f.Fold = b, false
	}
	return f
}

// Number says which of the matches the current one is, from 1.
func (f *Finder) Number(b []byte) int {
	k := f.At / FoldChunk
	var room []byte
	return f.Blocks[k] + f.countIn(b, k*FoldChunk, f.At, &room) + 1
}

// Each calls with the offset of every match from an offset on, until told to stop.
func (f *Finder) Each(b []byte, from int, call func(at int) bool) {
	n := len(f.Query)
	if n == 0 {
		return
	}
	if !f.Fold {
		for at := from; at <= len(b)-n; {
			i := bytes.Index(b[at:], f.Query)
			if i < 0 || !call(at+i) {
				return
			}
			at += i + 1
		}
		return
	}
	lower := make([]byte, 0, FoldChunk+n)
	for at := from; at <= len(b)-n; at += FoldChunk {
		lower = AppendLower(lower[:0], b[at:min(len(b), at+FoldChunk+n-1)])
		for k := 0; ; k++ {
			i := bytes.Index(lower[k:], f.Query)
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

func AppendLower(out, b []byte) []byte {
	for _, c := range b {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		out = append(out, c)
	}
	return out
}

// After gives the first match at or after an offset, -1 for none.
func (f *Finder) After(b []byte, from int) int {
	found := -1
	f.Each(b, from, func(at int) bool {
		found = at
		return false
	})
	return found
}

// Overlays marks the matches in a range of the text, moved by so many bytes.
func (f *Finder) Overlays(out []Overlay, b []byte, x Row, by int) []Overlay {
	n := len(f.Query)
	if n == 0 {
		return out
	}
	f.Each(b[:min(len(b), x.End+n-1)], max(0, x.Start-n+1), func(at int) bool {
		if k := len(out) - 1; k >= 0 && out[k].Paint == ui.PaintMatch && out[k].To >= at+by {
			out[k].To = at + n + by // side by side: one
			return true
		}
		out = append(out, Overlay{at + by, at + n + by, ui.PaintMatch})
		return true
	})
	if f.At >= 0 && f.At < x.End && f.At+n > x.Start {
		out = append(out, Overlay{f.At + by, f.At + n + by, ui.PaintMatchCurrent})
	}
	return out
}

// countAtOnce is the size up to which matches are counted at once, and
// lookedAtOnce how far the next one is looked for at once in larger texts.
const (
	CountAtOnce  = 1 << 20
	LookedAtOnce = 256 << 10
)
