package viewer

import (
	"bytes"
	"strings"

	"countersign/tui/ui/rows"
)

// folding holds what a viewer knows of the containers in its text.
type folding struct {
	on      bool // asked for: signs are drawn, and folds can be made
	doc     *folded
	outline *outline
	meant   func(*Viewer) string // what the person asked for while the outline was not there
	depth   int                  // how many containers deep all was folded last, and one more; 0: it was not
	wanted  int                  // the level that is being looked for
}

// maxFolds bounds the folds that are made at once.
const maxFolds = 400_000

// Why nothing was folded, in words.
const (
	foldNothing  = "There is nothing to fold in this line"
	foldNoJSON   = "Only JSON and XML fold"
	foldIndexing = "Indexing… it is done in a moment"
	foldNone     = "Nothing is folded to a level"
	foldTooMany  = "There are too many of them to fold at once"
)

// SetFolding sets whether containers can be folded. It costs a column.
func (v *Viewer) SetFolding(on bool) {
	v.folds.on = on
	v.relayout()
}

func (f *folding) forget() { *f = folding{on: f.on} }

// foldable reports text that has containers.
func (v *Viewer) foldable() bool {
	lang := v.mode.language()
	if lang == nil {
		return false
	}
	b := bytes.TrimLeft(v.text.B[:min(v.size(), 4<<10)], " \t\r\n\xef\xbb\xbf")
	return len(b) > 0 && strings.IndexByte(lang.begins, b[0]) >= 0
}

// lacksOutline reports whether the outline is to be made, and makes it where the
// text is small.
func (v *Viewer) lacksOutline() bool {
	if v.folds.outline != nil {
		return false
	}
	if v.indent.wanting || v.text.Size() > prettyAtOnce {
		return true
	}
	v.folds.outline = newOutline(v.mode.language(), v.text.B, nil)
	return false
}

// whenOutlined does something with the outline: now, or when it is there.
func (v *Viewer) whenOutlined(do func(*Viewer) string) string {
	switch {
	case !v.foldable():
		return foldNoJSON
	case v.lacksOutline():
		v.folds.meant = do
		return foldIndexing
	}
	return do(v)
}

// Waiting says in words what is being done in commands; "" where nothing is.
func (v *Viewer) Waiting() string {
	switch {
	case v.indent.wanting:
		return "indenting…"
	case v.folds.meant != nil || v.folds.wanted > 0 || v.jobs.Running(levelJob):
		return "indexing…"
	}
	return ""
}

// ToggleFold folds the container that begins in the cursor's line, or the one
// around it, or opens the fold there. It says why not, or what must be waited
// for; "" where it is done.
func (v *Viewer) ToggleFold() string { return v.whenOutlined((*Viewer).toggleFold) }

func (v *Viewer) toggleFold() string {
	start, end := v.doc.LineStart(v.cursor), v.doc.LineEnd(v.cursor)
	if f := v.folds.doc; f != nil {
		if i := f.before(end); i > 0 && f.folds[i-1].at >= start {
			v.refold(f.without(f.folds[i-1].head + v.foldNear(f.folds[f.folds[i-1].head:i])))
			return ""
		}
	}
	from, to := v.textOffset(start), v.textOffset(end)
	c, ok := v.folds.outline.opened(from, to)
	if !ok {
		c, ok = v.folds.outline.around(from)
	}
	if !ok || !rows.HasLF(v.text.B[c.from:c.end]) {
		return foldNothing
	}
	v.fold(c)
	return ""
}

// foldNear returns which of the folds of a line is the cursor's: the first one
// that ends after it.
func (v *Viewer) foldNear(line []fold) int {
	for i, x := range line {
		if x.at+x.words > v.cursor {
			return i
		}
	}
	return len(line) - 1
}

// fold folds a container and puts the cursor on it.
func (v *Viewer) fold(c container) {
	if f := v.folds.doc; f != nil {
		v.refold(f.with(c))
	} else {
		v.refold(newFolded(v.text, []container{c}))
	}
	v.cursor = v.doc.LineStart(v.shownOffset(c.at))
	v.reveal(v.cursor)
}

// refold shows the text with other folds; the place is kept.
func (v *Viewer) refold(f *folded) {
	top, cursor := v.textOffset(v.top), v.textOffset(v.cursor)
	v.folds.doc, v.doc = f, f
	if len(f.folds) == 0 {
		v.folds.doc, v.doc = nil, v.text
	}
	v.layout()
	v.cursor = v.rows.At(min(v.shownOffset(cursor), v.rows.LastOffset())).Start
	v.place(v.shownOffset(top))
}

// UnfoldAll opens every fold.
func (v *Viewer) UnfoldAll() string {
	v.folds.depth, v.folds.meant = 0, nil
	if v.folds.doc != nil {
		v.refold(v.folds.doc.none())
		v.reveal(v.cursor)
	}
	return ""
}

// FoldAll folds everything inside of the outermost container; again, that one.
func (v *Viewer) FoldAll() string {
	if v.folds.depth > 0 {
		return v.foldTo(v.folds.depth - 2)
	}
	return v.foldTo(1)
}

// FoldLess opens one level more than FoldAll left open.
func (v *Viewer) FoldLess() string {
	if v.folds.depth == 0 {
		return foldNone
	}
	return v.foldTo(v.folds.depth)
}

// foldTo folds what is so many containers deep, the outermost at 0.
func (v *Viewer) foldTo(level int) string {
	return v.whenOutlined(func(v *Viewer) string {
		level = max(0, level)
		if level > v.folds.outline.depth {
			return v.UnfoldAll()
		}
		if v.text.Size() > prettyAtOnce {
			v.folds.wanted = level + 1
			return foldIndexing
		}
		return v.setLevel(level, levelFolds(v.text, v.folds.outline, level, nil))
	})
}

// levelFolds makes the folds of a level; nil where there are too many.
func levelFolds(text *rows.Flat, o *outline, level int, stop func() bool) *folded {
	list, complete := o.atLevel(level, maxFolds, stop)
	if !complete {
		return nil
	}
	return newFolded(text, list)
}

func (v *Viewer) setLevel(level int, f *folded) string {
	if f == nil {
		return foldTooMany
	}
	v.folds.depth = level + 1
	v.refold(f)
	v.reveal(v.cursor)
	return ""
}

// unfold opens the folds that hide an offset of the text.
func (v *Viewer) unfold(text int) {
	f := v.folds.doc
	if f == nil {
		return
	}
	if i := f.hides(text); i >= 0 {
		v.refold(f.without(i))
	}
}

// ClickAt moves the cursor to a row of the screen, and folds or opens where
// the sign or the words of a fold are hit. It says what ToggleFold says.
func (v *Viewer) ClickAt(x, y int) string {
	if y < 0 || y >= v.h || v.size() == 0 {
		return ""
	}
	v.Click(y)
	if v.mode == Hex || !v.folds.on {
		return ""
	}
	line := v.doc.LineStart(v.cursor)
	if x < v.gutter() {
		if x == v.gutter()-2 && line == v.cursor && v.foldSign(line) != " " {
			return v.ToggleFold()
		}
		return ""
	}
	f := v.folds.doc
	if f == nil {
		return ""
	}
	at := v.rows.Offset(v.rows.At(v.cursor), x-v.gutter()+v.x)
	if i := f.before(at); i > 0 && at < f.folds[i-1].at+f.folds[i-1].words {
		v.refold(f.without(i - 1))
	}
	return ""
}

// foldSign returns the sign of a line that begins at an offset: folded, open, or none.
func (v *Viewer) foldSign(start int) string {
	lang := v.mode.language()
	if lang == nil {
		return " "
	}
	if f := v.folds.doc; f != nil {
		if i := f.before(start); i < len(f.folds) && f.folds[i].at <= v.doc.LineEnd(start) {
			return "▸"
		}
	}
	at := v.textOffset(start)
	line := v.text.B[at:min(v.text.Size(), at+signBytes)]
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	} else if len(line) == signBytes {
		return " " // too long to be the line of a bracket
	}
	s := scan{lang: lang, b: line}
	s.run(len(line))
	if len(s.open) > 0 {
		return "▾"
	}
	return " "
}

// signBytes is how much of a line is looked at for its sign.
const signBytes = 4 << 10

// Path returns the way to the value in the cursor's row, as result.resultCode or
// items[3].id; "" where there is none or it is not known yet.
func (v *Viewer) Path() string {
	if p, ok := v.underCursor(); ok {
		return p.path
	}
	return ""
}

func (v *Viewer) underCursor() (valuePlace, bool) {
	if v.size() == 0 || !v.foldable() || v.lacksOutline() {
		return valuePlace{}, false
	}
	from := v.textOffset(v.cursor)
	return v.folds.outline.at(from, v.text.LineEnd(from)), true
}

// Says returns what a value says that a viewer's Value gave: a text without its quotes, its
// tags and its escapes; of anything else the value itself.
func (m Mode) Says(value []byte) string {
	if lang := m.language(); lang != nil {
		return lang.says(value)
	}
	return string(value)
}

// Value returns the value in the cursor's row as it is shown, and its path; ok is
// false where there is none or it is not known yet.
func (v *Viewer) Value() (value []byte, path string, ok bool) {
	p, ok := v.underCursor()
	if !ok {
		return nil, "", false
	}
	end := v.folds.outline.valueEnd(p.at)
	return v.text.B[p.at:end], p.path, end > p.at
}
