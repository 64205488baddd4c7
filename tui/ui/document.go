package ui

import (
	"bytes"
	"sort"
)

// document is text that is looked at through a window: a body of the viewer or
// the buffer of the editor. Offsets are in bytes. A line ends before its LF.
type document interface {
	size() int
	lines() int // how many lines are shown, at least 1
	// slice gives the bytes [from, to). They are valid until the next edit.
	slice(from, to int) []byte
	lineOf(off int) int    // which line an offset is in, from 0
	lineAt(line int) int   // where a line begins
	lineStart(off int) int // where the line that holds an offset begins
	lineEnd(off int) int   // where it ends: its LF or the end of the text
}

// indexStep is the distance of the entries of a line index.
const indexStep = 64 << 10

// flat is a document over bytes that do not change. Its index costs one count
// of line ends per 64 kB: a body of 20 MB is indexed in a millisecond or two
// and a few kB, however many or few lines it has.
type flat struct {
	b     []byte
	count []int // count[i] is how many LF stand before i*indexStep
}

func newFlat(b []byte) *flat {
	f := &flat{b: b, count: make([]int, 0, len(b)/indexStep+2)}
	n := 0
	for at := 0; at < len(b); at += indexStep {
		f.count = append(f.count, n)
		n += bytes.Count(b[at:min(at+indexStep, len(b))], lf)
	}
	f.count = append(f.count, n)
	return f
}

var lf = []byte{'\n'}

func (f *flat) size() int                 { return len(f.b) }
func (f *flat) slice(from, to int) []byte { return f.b[from:to:to] }

func (f *flat) lines() int {
	n := f.count[len(f.count)-1]
	if len(f.b) == 0 || f.b[len(f.b)-1] != '\n' {
		n++
	}
	return n
}

func (f *flat) lineOf(off int) int {
	step := off / indexStep
	return f.count[step] + bytes.Count(f.b[step*indexStep:off], lf)
}

func (f *flat) lineAt(line int) int {
	if line <= 0 {
		return 0
	}
	// The LF number line, counted from 1, is before the start.
	step := sort.SearchInts(f.count, line) - 1
	if step >= len(f.count)-1 {
		return len(f.b)
	}
	at, left := step*indexStep, line-f.count[step]
	for ; left > 0; left-- {
		i := bytes.IndexByte(f.b[at:], '\n')
		if i < 0 {
			return len(f.b)
		}
		at += i + 1
	}
	return at
}

func (f *flat) lineStart(off int) int {
	step := off / indexStep
	if f.has(step) {
		if i := bytes.LastIndexByte(f.b[step*indexStep:off], '\n'); i >= 0 {
			return step*indexStep + i + 1
		}
	}
	// The first step with as many LF before it: the last LF is in the one before.
	step = sort.SearchInts(f.count, f.count[step])
	if step == 0 {
		return 0
	}
	from := (step - 1) * indexStep
	return from + bytes.LastIndexByte(f.b[from:step*indexStep], '\n') + 1
}

// has reports whether there is an LF between two entries of the index.
func (f *flat) has(step int) bool {
	return step+1 < len(f.count) && f.count[step] != f.count[step+1]
}

func (f *flat) lineEnd(off int) int {
	step := off / indexStep
	if f.has(step) {
		end := min((step+1)*indexStep, len(f.b))
		if i := bytes.IndexByte(f.b[off:end], '\n'); i >= 0 {
			return off + i
		}
	}
	if step+1 >= len(f.count) {
		return len(f.b)
	}
	// The first later step that has an LF.
	next := sort.SearchInts(f.count, f.count[step+1]+1) - 1
	if next >= len(f.count)-1 {
		return len(f.b)
	}
	return next*indexStep + bytes.IndexByte(f.b[next*indexStep:], '\n')
}
