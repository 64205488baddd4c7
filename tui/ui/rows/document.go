package rows

import (
	"bytes"
	"sort"
	"strconv"
)

// Document is text that is looked at through a window: a body of the viewer or
// the buffer of the editor. Offsets are in bytes. A line ends before its LF.
type Document interface {
	Size() int
	Lines() int // how many lines are shown, at least 1
	// slice returns the bytes [from, to). They are valid until the next edit.
	Slice(from, to int) []byte
	LineOf(off int) int    // which line an offset is in, from 0
	LineAt(line int) int   // where a line begins
	LineStart(off int) int // where the line that holds an offset begins
	LineEnd(off int) int   // where it ends: its LF or the end of the text
}

// indexStep is the distance of the entries of a line index.
const indexStep = 64 << 10

// Flat is a document over bytes that do not change. Its index costs one count
// of line ends per 64 kB: a body of 20 MB is indexed in a millisecond or two
// and a few kB, however many or few lines it has.
type Flat struct {
	B     []byte
	count []int // count[i] is how many LF stand before i*indexStep
}

// NewFlat returns the document of b, which must not change.
func NewFlat(b []byte) *Flat {
	f := &Flat{B: b, count: make([]int, 0, len(b)/indexStep+2)}
	n := 0
	for at := 0; at < len(b); at += indexStep {
		f.count = append(f.count, n)
		n += CountLF(b[at:min(at+indexStep, len(b))])
	}
	f.count = append(f.count, n)
	return f
}

// CountLF returns the number of line feeds.
func CountLF(b []byte) int { return bytes.Count(b, lf) }

var lf = []byte{'\n'}

// Size implements Document.
func (f *Flat) Size() int { return len(f.B) }

// Slice implements Document.
func (f *Flat) Slice(from, to int) []byte { return f.B[from:to:to] }

// Lines implements Document.
func (f *Flat) Lines() int {
	n := f.count[len(f.count)-1]
	if len(f.B) == 0 || f.B[len(f.B)-1] != '\n' {
		n++
	}
	return n
}

// LineOf implements Document.
func (f *Flat) LineOf(off int) int {
	step := off / indexStep
	return f.count[step] + CountLF(f.B[step*indexStep:off])
}

// LineAt implements Document.
func (f *Flat) LineAt(line int) int {
	if line <= 0 {
		return 0
	}
	// The LF number line, counted from 1, is before the start.
	step := sort.SearchInts(f.count, line) - 1
	if step >= len(f.count)-1 {
		return len(f.B)
	}
	at, left := step*indexStep, line-f.count[step]
	for ; left > 0; left-- {
		i := bytes.IndexByte(f.B[at:], '\n')
		if i < 0 {
			return len(f.B)
		}
		at += i + 1
	}
	return at
}

// LineStart implements Document.
func (f *Flat) LineStart(off int) int {
	step := off / indexStep
	if f.has(step) {
		if i := bytes.LastIndexByte(f.B[step*indexStep:off], '\n'); i >= 0 {
			return step*indexStep + i + 1
		}
	}
	// The first step with as many LF before it: the last LF is in the one before.
	step = sort.SearchInts(f.count, f.count[step])
	if step == 0 {
		return 0
	}
	from := (step - 1) * indexStep
	return from + bytes.LastIndexByte(f.B[from:step*indexStep], '\n') + 1
}

// has reports whether there is an LF between two entries of the index.
func (f *Flat) has(step int) bool {
	return step+1 < len(f.count) && f.count[step] != f.count[step+1]
}

// LineEnd implements Document.
func (f *Flat) LineEnd(off int) int {
	step := off / indexStep
	if f.has(step) {
		end := min((step+1)*indexStep, len(f.B))
		if i := bytes.IndexByte(f.B[off:end], '\n'); i >= 0 {
			return off + i
		}
	}
	if step+1 >= len(f.count) {
		return len(f.B)
	}
	// The first later step that has an LF.
	next := sort.SearchInts(f.count, f.count[step+1]+1) - 1
	if next >= len(f.count)-1 {
		return len(f.B)
	}
	return next*indexStep + bytes.IndexByte(f.B[next*indexStep:], '\n')
}

// HasLF reports whether there is a line feed.
func HasLF(b []byte) bool { return bytes.IndexByte(b, '\n') >= 0 }

// Digits returns how many digits a number has.
func Digits(n int) int { return len(strconv.Itoa(n)) }
