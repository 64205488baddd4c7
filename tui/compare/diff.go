package compare

import (
	"countersign/apiclient/compare"
	"countersign/tui/ui"
	"countersign/tui/ui/rows"
)

// text is one of two texts that are compared.
type text struct {
	doc  *rows.Flat
	ends []int
}

// newText returns a text of which the pieces end where ends says; the last
// one is the length. It reads the text once, so with a large one it is a
// command's work. Neither b nor ends may change.
func newText(b []byte, ends []int) text { return text{rows.NewFlat(b), ends} }

func (t text) piece(i int) rows.Row {
	if i == 0 {
		return rows.Row{Start: 0, End: t.ends[0]}
	}
	return rows.Row{Start: t.ends[i-1], End: t.ends[i]}
}

// section is a comparison with a heading.
type section struct {
	Title  string
	Says   string // how it differs
	Note   string // a sentence; "" for none
	A, B   text
	Chunks []compare.Chunk
}

// sideBySide is the least width at which both texts have a column each.
const sideBySide = 90

// keepAround is how many equal pieces are left around a difference when the
// others are folded.
const keepAround = 3

// diffKind is the kind of a block.
type diffKind uint8

const (
	diffTitle diffKind = iota
	diffNote
	diffPieces
	diffFold
	diffGap
)

// diffBlock is a stretch of entries; an entry is what is laid out at once: a
// heading, a pair of pieces side by side, or one piece.
type diffBlock struct {
	kind    diffKind
	section int
	chunk   int
	from    int // of the chunk's entries
	start   int // entry of the whole view at which it begins
}

// diffPlace is where a difference begins.
type diffPlace struct{ section, chunk, entry int }

// diff shows comparisons through a window: whatever their size, it lays out
// what is on the screen only.
type diff struct {
	theme    *ui.Theme
	sections []section
	w, h     int
	folded   bool

	blocks  []diffBlock
	entries int
	places  []diffPlace // of differences, or of quiet ones where there are no others
	current int         // of places; -1: none
	top     diffTop
}

// diffTop is the first row on the screen: a row of an entry.
type diffTop struct{ entry, row int }

// newDiff returns an empty view.
func newDiff(theme *ui.Theme) *diff { return &diff{theme: theme, current: -1} }

// SetSections shows comparisons, from their beginning. What they hold must not
// change.
func (v *diff) SetSections(sections []section) {
	v.sections = sections
	v.current, v.top = -1, diffTop{}
	v.build()
}

// Resize sets the size in cells. The place is kept.
func (v *diff) Resize(w, h int) {
	if w, h = max(0, w), max(0, h); w == v.w && h == v.h {
		return
	}
	was := v.wide()
	v.w, v.h = w, h
	if v.wide() != was {
		v.rebuild()
	}
	v.top.row = 0
	v.settle()
}

func (v *diff) wide() bool { return v.w >= sideBySide }

// SetFolded sets whether equal stretches are folded to a few pieces around each
// difference. The place is kept.
func (v *diff) SetFolded(on bool) {
	if on != v.folded {
		v.folded = on
		v.rebuild()
	}
}

// rebuild lays out again and stays at the place.
func (v *diff) rebuild() {
	at, ok := v.blockAt(v.top.entry)
	v.build()
	if !ok {
		return
	}
	v.top = diffTop{}
	for _, b := range v.blocks {
		if b.section < at.section || b.section == at.section && b.chunk <= at.chunk {
			v.top.entry = b.start
		}
	}
	v.settle()
	if v.current >= 0 {
		v.reveal()
	}
}

// build makes the blocks: once for each content, shape and fold.
func (v *diff) build() {
	v.blocks, v.places, v.entries = v.blocks[:0], v.places[:0], 0
	quiet := true
	for _, s := range v.sections {
		for _, c := range s.Chunks {
			quiet = quiet && (c.Same || c.Always)
		}
	}
	for i, s := range v.sections {
		if i > 0 {
			v.add(diffBlock{kind: diffGap, section: i, chunk: -1}, 1)
		}
		v.add(diffBlock{kind: diffTitle, section: i, chunk: -1}, 1)
		if s.Note != "" {
			v.add(diffBlock{kind: diffNote, section: i, chunk: -1}, 1)
		}
		for j, c := range s.Chunks {
			if !c.Same && c.Always == quiet {
				v.places = append(v.places, diffPlace{i, j, v.entries})
			}
			v.addChunk(i, j, c)
		}
	}
	v.current = min(v.current, len(v.places)-1)
}

func (v *diff) addChunk(section, chunk int, c compare.Chunk) {
	n := v.size(c)
	b := diffBlock{kind: diffPieces, section: section, chunk: chunk}
	head, tail := keepAround, keepAround
	if chunk == 0 {
		head = 0
	}
	if chunk == len(v.sections[section].Chunks)-1 {
		tail = 0
	}
	if !v.folded || !c.Same || n <= head+tail+1 {
		v.add(b, n)
		return
	}
	v.add(b, head)
	v.add(diffBlock{kind: diffFold, section: section, chunk: chunk, from: n - head - tail}, 1)
	b.from = n - tail
	v.add(b, tail)
}

func (v *diff) add(b diffBlock, entries int) {
	if entries > 0 {
		b.start = v.entries
		v.blocks = append(v.blocks, b)
		v.entries += entries
	}
}

// size is how many entries a chunk has.
func (v *diff) size(c compare.Chunk) int {
	na, nb := c.A1-c.A0, c.B1-c.B0
	switch {
	case c.Same:
		return na
	case v.wide():
		return max(na, nb)
	}
	return na + nb
}
