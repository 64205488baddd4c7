package viewer

import (
	"sort"

	"countersign/tui/ui"
	"countersign/tui/ui/rows"
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
	*rows.Flat
	folds []fold // in order; none inside of another
	end   int    // size of what is shown
}

// newFolded folds containers, which are in order and not inside of each other.
func newFolded(text *rows.Flat, list []container) *folded {
	folds := make([]fold, len(list))
	for i, c := range list {
		folds[i] = foldOf(text.B, c)
	}
	return number(text, folds)
}

func foldOf(b []byte, c container) fold {
	x := fold{from: c.from, to: c.end, items: c.items}
	x.words = len(x.label(b))
	return x
}

// number returns each fold its place in what is shown.
func number(text *rows.Flat, folds []fold) *folded {
	f := &folded{Flat: text, folds: folds}
	shown, last := 0, 0
	for i := range folds {
		x := &folds[i]
		x.head = i
		if i > 0 && !rows.HasLF(text.B[last:x.from]) {
			x.head = folds[i-1].head
		}
		x.at = shown + x.from - last
		shown, last = x.at+x.words, x.to
	}
	f.end = shown + len(text.B) - last
	return f
}

// label is what stands between the brackets of a fold.
func (x fold) label(b []byte) string {
	switch size := ui.Bytes(int64(x.to - x.from)); {
	case b[x.from-1] == '[':
		return " … " + ui.Count(x.items, "item") + " "
	case b[x.from-1] == '>' && x.items == 0:
		return " … " + size + " "
	case b[x.from-1] == '>':
		return " … " + ui.Count(x.items, "element") + ", " + size + " "
	}
	return " … " + ui.Count(x.items, "key") + ", " + ui.Bytes(int64(x.to-x.from+2)) + " "
}

// before returns the number of folds whose words begin at or before a shown offset.
func (f *folded) before(off int) int {
	return sort.Search(len(f.folds), func(i int) bool { return f.folds[i].at > off })
}

// over returns the number of folds that begin at or before an offset of the text.
func (f *folded) over(text int) int {
	return sort.Search(len(f.folds), func(i int) bool { return f.folds[i].from > text })
}

// text returns the offset in the text of a shown one; inside of words it is where
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

// shown returns the shown offset of one in the text; of what is hidden, the words
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

// hides returns the fold that hides an offset of the text, -1 for none.
func (f *folded) hides(text int) int {
	if i := f.over(text) - 1; i >= 0 && text < f.folds[i].to {
		return i
	}
	return -1
}

func (f *folded) Size() int { return f.end }

func (f *folded) Slice(from, to int) []byte {
	i := f.before(from)
	if i > 0 && from < f.folds[i-1].at+f.folds[i-1].words {
		i--
	}
	if i == len(f.folds) || f.folds[i].at >= to {
		a := f.text(from)
		return f.B[a : a+to-from : a+to-from]
	}
	out := make([]byte, 0, to-from)
	f.walk(from, to, func(a, b, _ int) {
		out = append(out, f.B[a:b]...)
	}, func(x fold, a, b int) {
		out = append(out, x.label(f.B)[a:b]...)
	})
	return out
}

func (f *folded) LineOf(off int) int { return f.Flat.LineOf(f.text(off)) }

// LineAt returns where a line begins, or what hides it.
func (f *folded) LineAt(line int) int { return f.shown(f.Flat.LineAt(line)) }

func (f *folded) LineStart(off int) int {
	start := f.Flat.LineStart(f.text(off))
	if i := f.hides(start - 1); i >= 0 { // the line end before it
		start = f.Flat.LineStart(f.folds[f.folds[i].head].from)
	}
	return f.shown(start)
}

func (f *folded) LineEnd(off int) int {
	at := f.text(off)
	i := f.hides(at)
	if i < 0 {
		i = f.over(at)
	}
	if i >= len(f.folds) || at < f.folds[i].from && rows.HasLF(f.B[at:f.folds[i].from]) {
		return f.shown(f.Flat.LineEnd(at))
	}
	// The last fold of the same line, which has the same head.
	head := f.folds[i].head
	next := i + sort.Search(len(f.folds)-i, func(k int) bool { return f.folds[i+k].head > head })
	return f.shown(f.Flat.LineEnd(f.folds[next-1].to))
}

// walk calls with the parts of a shown range: text, and where it is shown; and
// the words of folds, and which of their bytes.
func (f *folded) walk(from, to int, text func(from, to, shown int), words func(x fold, from, to int)) {
	for at := from; at < to; {
		i, end := f.before(at), to
		if i > 0 && at < f.folds[i-1].at+f.folds[i-1].words {
			x := f.folds[i-1]
			end = min(to, x.at+x.words)
			words(x, at-x.at, end-x.at)
		} else {
			if i < len(f.folds) {
				end = min(to, f.folds[i].at)
			}
			a := f.text(at)
			text(a, a+end-at, at)
		}
		at = end
	}
}

// with returns the folds with one more; those inside of it are forgotten.
func (f *folded) with(c container) *folded {
	from := sort.Search(len(f.folds), func(i int) bool { return f.folds[i].from > c.at })
	to := from + sort.Search(len(f.folds)-from, func(i int) bool { return f.folds[from+i].from > c.end })
	folds := make([]fold, 0, len(f.folds)+1)
	folds = append(append(folds, f.folds[:from]...), foldOf(f.B, c))
	return number(f.Flat, append(folds, f.folds[to:]...))
}

// without returns the folds without one.
func (f *folded) without(i int) *folded {
	folds := make([]fold, 0, len(f.folds))
	folds = append(append(folds, f.folds[:i]...), f.folds[i+1:]...)
	return number(f.Flat, folds)
}

// none returns the text without folds.
func (f *folded) none() *folded { return number(f.Flat, nil) }
