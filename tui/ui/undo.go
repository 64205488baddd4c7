package ui

import "bytes"

// change is one step that undo takes back: at an offset some bytes went and
// others came.
type change struct {
	off               int
	removed, inserted []byte
	before, after     int // the cursor
	kind              changeKind
}

type changeKind int

const (
	changeOther  changeKind = iota // never grouped
	changeTyping                   // joins the typing before it, word by word
	changeErase                    // joins the backspaces or deletes before it
)

// Bounds of the memory that undo takes; the oldest steps go first.
const (
	undoSteps = 10_000
	undoBytes = 32 << 20
)

// timeline is what was done and what was taken back.
type timeline struct {
	done, undone []change
	bytes        int
	sealed       bool // the cursor moved: the next change is a step of its own
}

func (t *timeline) add(c change) {
	t.undone = nil
	if n := len(t.done); n > 0 && !t.sealed && t.done[n-1].join(c) {
		t.bytes += len(c.removed) + len(c.inserted)
		return
	}
	t.done = append(t.done, c)
	t.bytes += len(c.removed) + len(c.inserted)
	t.sealed = false
	drop := 0
	for drop < len(t.done)-1 && (len(t.done)-drop > undoSteps || t.bytes > undoBytes) {
		t.bytes -= len(t.done[drop].removed) + len(t.done[drop].inserted)
		drop++
	}
	t.done = t.done[drop:]
}

// join adds a change to the one before where a person takes both for one.
func (c *change) join(next change) bool {
	if c.kind != next.kind || c.kind == changeOther {
		return false
	}
	switch {
	case c.kind == changeTyping && next.off == c.off+len(c.inserted) && len(next.removed) == 0:
		if blank(c.inserted[len(c.inserted)-1]) && !blank(next.inserted[0]) {
			return false
		}
		c.inserted = append(c.inserted, next.inserted...)
	case c.kind == changeErase && next.off+len(next.removed) == c.off: // backspace
		c.removed = append(bytes.Clone(next.removed), c.removed...)
		c.off = next.off
	case c.kind == changeErase && next.off == c.off: // delete
		c.removed = append(c.removed, next.removed...)
	default:
		return false
	}
	c.after = next.after
	return true
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
