package ui

import (
	"bytes"
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// fold is a container of which a few words are shown in place of what is
// between its brackets.
type fold struct {
	from, to int // what is hidden, in the text
	at       int // where the words begin, in what is shown
	words    int // their length in bytes
	items    int
	head     int // the first fold of the same line
}

// folded is a document in which containers are folded. Its offsets count what
// is shown: the text with the words in place of what they stand for. Its lines
// keep the numbers that they have in the text.
type folded struct {
	*flat
	folds []fold // in order; none inside of another
	end   int    // size of what is shown
}

// newFolded folds containers, which are in order and not inside of each other.
func newFolded(text *flat, list []container) *folded {
	folds := make([]fold, len(list))
	for i, c := range list {
		folds[i] = foldOf(text.b, c)
	}
	return number(text, folds)
}

func foldOf(b []byte, c container) fold {
	x := fold{from: c.from, to: c.end, items: c.items}
	x.words = len(x.label(b))
	return x
}

// number gives each fold its place in what is shown.
func number(text *flat, folds []fold) *folded {
	f := &folded{flat: text, folds: folds}
	shown, last := 0, 0
	for i := range folds {
		x := &folds[i]
		x.head = i
		if i > 0 && !hasLF(text.b[last:x.from]) {
			x.head = folds[i-1].head
		}
		x.at = shown + x.from - last
		shown, last = x.at+x.words, x.to
	}
	f.end = shown + len(text.b) - last
	return f
}

func hasLF(b []byte) bool { return bytes.IndexByte(b, '\n') >= 0 }

// label is what stands between the brackets of a fold.
func (x fold) label(b []byte) string {
	switch size := Bytes(int64(x.to - x.from)); {
	case b[x.from-1] == '[':
		return " … " + Count(x.items, "item") + " "
	case b[x.from-1] == '>' && x.items == 0:
		return " … " + size + " "
	case b[x.from-1] == '>':
		return " … " + Count(x.items, "element") + ", " + size + " "
	}
	return " … " + Count(x.items, "key") + ", " + Bytes(int64(x.to-x.from+2)) + " "
}

// Count writes a number and what it counts: 1 item, 1,204 items.
func Count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return Thousands(n) + " " + what
}

// Thousands writes a number with a comma every three digits.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	if n < 1000 {
		return s
	}
	var out strings.Builder
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(c)
	}
	return out.String()
}

// before gives the number of folds whose words begin at or before a shown offset.
func (f *folded) before(off int) int {
	return sort.Search(len(f.folds), func(i int) bool { return f.folds[i].at > off })
}

// over gives the number of folds that begin at or before an offset of the text.
func (f *folded) over(text int) int {
	return sort.Search(len(f.folds), func(i int) bool { return f.folds[i].from > text })
}

// text gives the offset in the text of a shown one; inside of words it is where
// the hidden part begins.
func (f *folded) text(off int) int {
	i := f.before(off)
	if i == 0 {
		return off
	}
	x := f.folds[i-1]
	if off < x.at+x.words {
		return x.from
	}
	return x.to + off - x.at - x.words
}

// shown gives the shown offset of one in the text; of what is hidden, the words
// that stand for it.
func (f *folded) shown(text int) int {
	i := f.over(text)
	if i == 0 {
		return text
	}
	x := f.folds[i-1]
	if text < x.to {
		return x.at
	}
	return x.at + x.words + text - x.to
}

// hides gives the fold that hides an offset of the text, -1 for none.
func (f *folded) hides(text int) int {
	if i := f.over(text) - 1; i >= 0 && text < f.folds[i].to {
		return i
	}
	return -1
}

func (f *folded) size() int { return f.end }

func (f *folded) slice(from, to int) []byte {
	i := f.before(from)
	if i > 0 && from < f.folds[i-1].at+f.folds[i-1].words {
		i--
	}
	if i == len(f.folds) || f.folds[i].at >= to {
		a := f.text(from)
		return f.b[a : a+to-from : a+to-from]
	}
	out := make([]byte, 0, to-from)
	for at := from; at < to; {
		if i < len(f.folds) && f.folds[i].at <= at {
			x := f.folds[i]
			words := x.label(f.b)
			end := min(to, x.at+x.words)
			out = append(out, words[at-x.at:end-x.at]...)
			at = end
			i++
			continue
		}
		end := to
		if i < len(f.folds) {
			end = min(to, f.folds[i].at)
		}
		a := f.text(at)
		out = append(out, f.b[a:a+end-at]...)
		at = end
	}
	return out
}

func (f *folded) lineOf(off int) int { return f.flat.lineOf(f.text(off)) }

// lineAt gives where a line begins, or what hides it.
func (f *folded) lineAt(line int) int { return f.shown(f.flat.lineAt(line)) }

func (f *folded) lineStart(off int) int {
	start := f.flat.lineStart(f.text(off))
	if i := f.hides(start - 1); i >= 0 { // the line end before it
		start = f.flat.lineStart(f.folds[f.folds[i].head].from)
	}
	return f.shown(start)
}

func (f *folded) lineEnd(off int) int {
	at := f.text(off)
	i := f.hides(at)
	if i < 0 {
		i = f.over(at)
	}
	if i >= len(f.folds) || at < f.folds[i].from && hasLF(f.b[at:f.folds[i].from]) {
		return f.shown(f.flat.lineEnd(at))
	}
	// The last fold of the same line, which has the same head.
	head := f.folds[i].head
	next := i + sort.Search(len(f.folds)-i, func(k int) bool { return f.folds[i+k].head > head })
	return f.shown(f.flat.lineEnd(f.folds[next-1].to))
}

// pieces calls with the parts of the text that a shown range has, and where
// they are shown.
func (f *folded) pieces(from, to int, call func(from, to, shown int)) {
	for at := from; at < to; {
		i := f.before(at)
		if i > 0 && at < f.folds[i-1].at+f.folds[i-1].words {
			at = f.folds[i-1].at + f.folds[i-1].words
			continue
		}
		end := to
		if i < len(f.folds) {
			end = min(to, f.folds[i].at)
		}
		a := f.text(at)
		call(a, a+end-at, at)
		at = end
	}
}

// labels gives the words in a shown range, to be painted.
func (f *folded) labels(x row, out []overlay) []overlay {
	i := f.before(x.start)
	if i > 0 {
		i--
	}
	for ; i < len(f.folds) && f.folds[i].at < x.end; i++ {
		out = append(out, overlay{f.folds[i].at, f.folds[i].at + f.folds[i].words, paintFold})
	}
	return out
}

// with gives the folds with one more; those inside of it are forgotten.
func (f *folded) with(c container) *folded {
	from := sort.Search(len(f.folds), func(i int) bool { return f.folds[i].from > c.at })
	to := from + sort.Search(len(f.folds)-from, func(i int) bool { return f.folds[from+i].from > c.end })
	folds := make([]fold, 0, len(f.folds)+1)
	folds = append(append(folds, f.folds[:from]...), foldOf(f.b, c))
	return number(f.flat, append(folds, f.folds[to:]...))
}

// without gives the folds without one.
func (f *folded) without(i int) *folded {
	folds := make([]fold, 0, len(f.folds))
	folds = append(append(folds, f.folds[:i]...), f.folds[i+1:]...)
	return number(f.flat, folds)
}

// String sums up, for failures of tests.
func (f *folded) String() string {
	return fmt.Sprintf("%d folds, %d of %d bytes", len(f.folds), f.end, len(f.b))
}

// none gives the text without folds.
func (f *folded) none() *folded { return number(f.flat, nil) }
