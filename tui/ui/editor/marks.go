package editor

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"countersign/tui/ui/rows"
)

// SetMarks shows findings at their places. They move with the text as it is
// edited, until they are set again.
func (e *Editor) SetMarks(marks []Mark) {
	e.marks = slices.Clone(marks)
	slices.SortStableFunc(e.marks, func(a, b Mark) int { return cmp.Compare(a.Offset, b.Offset) })
}

// Marks returns the findings in the order of the text. They must not be changed.
func (e *Editor) Marks() []Mark { return e.marks }

// marksIn returns the marks that begin in [from, to].
func (e *Editor) marksIn(from, to int) []Mark {
	i := sort.Search(len(e.marks), func(i int) bool { return e.marks[i].Offset >= from })
	j := i + sort.Search(len(e.marks)-i, func(k int) bool { return e.marks[i+k].Offset > to })
	return e.marks[i:j]
}

// MarkHere returns the number of the mark at the cursor, else of the worst on its
// line; ok is false where the line has none.
func (e *Editor) MarkHere() (index int, ok bool) {
	start, end := e.buf.LineStart(e.cursor), e.buf.LineEnd(e.cursor)
	first := sort.Search(len(e.marks), func(i int) bool { return e.marks[i].Offset >= start })
	worst := -1
	for i := range e.marksIn(start, end) {
		m := e.marks[first+i]
		if e.cursor >= m.Offset && e.cursor < m.Offset+max(1, m.Length) {
			return first + i, true
		}
		if worst < 0 || m.Severity > e.marks[worst].Severity {
			worst = first + i
		}
	}
	return worst, worst >= 0
}

// NextMark moves the cursor to the next mark after it, or the first; with a
// negative direction to the one before it, or the last. It reports whether
// there is one.
func (e *Editor) NextMark(direction int) bool {
	n := len(e.marks)
	if n == 0 {
		return false
	}
	i := sort.Search(n, func(i int) bool { return e.marks[i].Offset > e.cursor })
	if direction < 0 {
		i = sort.Search(n, func(i int) bool { return e.marks[i].Offset >= e.cursor }) - 1
	}
	from, to := e.window()
	e.SetCursor(e.marks[(i+n)%n].Offset)
	if e.cursor < from || e.cursor > to {
		e.middle()
	}
	return true
}

// LineOf returns the line of an offset, from 1.
func (e *Editor) LineOf(off int) int { return e.buf.LineOf(max(0, min(off, e.buf.Size()))) + 1 }

// variableReach bounds the length of a variable.
const variableReach = 256

// VariableHere returns the name of the {{variable}} that the cursor is in, and
// where its braces begin.
func (e *Editor) VariableHere() (name string, from int, ok bool) {
	start, end := max(e.buf.LineStart(e.cursor), e.cursor-variableReach), min(e.buf.LineEnd(e.cursor),
		e.cursor+variableReach)
	b := e.buf.Slice(start, end)
	for _, t := range rows.VariableTokens(nil, b) {
		if at := e.cursor - start; at >= t.From && at < t.To {
			return strings.TrimSpace(string(b[t.From+2 : t.To-2])), start + t.From, true
		}
	}
	return "", 0, false
}
