package editor

import "bytes"

// change is one step that undo takes back: at an offset some bytes went and
// others came.
type change struct {
	off               int
	removed, inserted []byte
	before, after     int // the cursor
	anchor            int // of the selection before; -1 without one
	kind              changeKind
	swap              *swap // the whole text is another one; nil: what is above
}

// size is the memory that a step takes, about.
func (c *change) size() int {
	n := len(c.removed) + len(c.inserted) + stepBytes
	if c.swap != nil {
		n += c.swap.buf.Size() + len(c.swap.text)
	}
	return n
}

type changeKind int

const (
	changeOther  changeKind = iota // never grouped
	changeTyping                   // joins the typing before it, word by word
	changeErase                    // joins the backspaces or deletes before it
)

// undoBytes bounds the memory that undo takes; the oldest steps go first. The
// newest is kept, however large.
const (
	undoBytes = 64 << 20
	stepBytes = 112 // of a step without its bytes
)

// timeline is what was done and what was taken back.
type timeline struct {
	done, undone []change
	bytes        int
	sealed       bool // the cursor moved: the next change is a new step
}

func (t *timeline) add(c change) {
	t.undone = nil
	if n := len(t.done); n > 0 && !t.sealed && t.done[n-1].join(c) {
		t.bytes += len(c.removed) + len(c.inserted)
		return
	}
	t.done = append(t.done, c)
	t.bytes += c.size()
	t.sealed = false
	drop := 0
	for drop < len(t.done)-1 && t.bytes > undoBytes {
		t.bytes -= t.done[drop].size()
		t.done[drop] = change{} // the slice below keeps the array
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

// CanUndo reports whether there is a step to take back.
func (e *Editor) CanUndo() bool { return len(e.past.done) > 0 }

// CanRedo reports whether there is a step to do again.
func (e *Editor) CanRedo() bool { return len(e.past.undone) > 0 }

// Undo takes the last step back. It reports whether there was one.
func (e *Editor) Undo() bool {
	c, ok := e.travel(&e.past.done, &e.past.undone, true)
	if ok {
		e.moveTo(e.snap(c.before))
		if c.anchor >= 0 {
			e.anchor = e.snap(c.anchor)
		}
	}
	return ok
}

// Redo does again what Undo took back. It reports whether there was anything.
func (e *Editor) Redo() bool {
	c, ok := e.travel(&e.past.undone, &e.past.done, false)
	if ok {
		e.moveTo(e.settle(c.after))
	}
	return ok
}

// travel takes the last step of one list, takes it back or does it again, and
// puts it on the other. It reports whether there was one.
func (e *Editor) travel(from, to *[]change, back bool) (c change, ok bool) {
	n := len(*from)
	if n == 0 {
		return c, false
	}
	c = (*from)[n-1]
	*from = (*from)[:n-1]
	e.past.sealed = true
	gone, comes := c.removed, c.inserted
	if back {
		gone, comes = comes, gone
		e.past.bytes -= c.size()
	}
	if c.swap != nil {
		e.exchange(&c)
	} else {
		e.apply(c.off, len(gone), comes)
	}
	if !back {
		e.past.bytes += c.size()
	}
	*to = append(*to, c)
	return c, true
}
