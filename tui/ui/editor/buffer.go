package editor

import (
	"bytes"
	"slices"

	"countersign/tui/ui/rows"
)

// buffer is the text of an editor: a document that changes. It keeps the bytes in
// leaves of a few kB, each with its number of LF, so that an edit moves no
// more than a leaf and lines are found without reading the text.
type buffer struct {
	leaves []leaf
	total  int
	lfs    int
	hint   place // where the last search ended: the next is mostly near
}

type leaf struct {
	data []byte
	lfs  int
}

// place is a leaf and what stands before it.
type place struct{ leaf, off, lfs int }

const (
	leafSize = 8 << 10
	leafMax  = 2 * leafSize
)

func newBuffer(b []byte) *buffer {
	return &buffer{leaves: split(b), total: len(b), lfs: rows.CountLF(b)}
}

// split copies bytes into leaves; there is always one.
func split(b []byte) []leaf {
	out := make([]leaf, 0, len(b)/leafSize+1)
	for {
		n := min(len(b), leafSize)
		data := append(make([]byte, 0, n+n/4), b[:n]...)
		out = append(out, leaf{data, rows.CountLF(data)})
		if b = b[n:]; len(b) == 0 {
			return out
		}
	}
}

func (t *buffer) Size() int  { return t.total }
func (t *buffer) Lines() int { return t.lfs + 1 }

// find returns the leaf that holds an offset; the end of the text is in the last.
func (t *buffer) find(off int) place {
	p := t.hint
	for p.leaf > 0 && off < p.off {
		p = t.before(p)
	}
	for p.leaf < len(t.leaves)-1 && off >= p.off+len(t.leaves[p.leaf].data) {
		p = t.after(p)
	}
	t.hint = p
	return p
}

func (t *buffer) before(p place) place {
	l := &t.leaves[p.leaf-1]
	return place{p.leaf - 1, p.off - len(l.data), p.lfs - l.lfs}
}

func (t *buffer) after(p place) place {
	l := &t.leaves[p.leaf]
	return place{p.leaf + 1, p.off + len(l.data), p.lfs + l.lfs}
}

func (t *buffer) Slice(from, to int) []byte {
	if from >= to {
		return nil
	}
	p := t.find(from)
	d := t.leaves[p.leaf].data
	if to <= p.off+len(d) {
		return d[from-p.off : to-p.off : to-p.off]
	}
	out := make([]byte, 0, to-from)
	for i, at := p.leaf, p.off; at < to; i++ {
		d := t.leaves[i].data
		out = append(out, d[max(0, from-at):min(len(d), to-at)]...)
		at += len(d)
	}
	return out
}

func (t *buffer) LineOf(off int) int {
	p := t.find(off)
	return p.lfs + rows.CountLF(t.leaves[p.leaf].data[:off-p.off])
}

func (t *buffer) LineAt(line int) int {
	if line <= 0 {
		return 0
	}
	if line > t.lfs {
		return t.total
	}
	p := t.hint
	for p.leaf > 0 && line <= p.lfs {
		p = t.before(p)
	}
	for p.lfs+t.leaves[p.leaf].lfs < line {
		p = t.after(p)
	}
	t.hint = p
	at, d := 0, t.leaves[p.leaf].data
	for left := line - p.lfs; left > 0; left-- {
		at += bytes.IndexByte(d[at:], '\n') + 1
	}
	return p.off + at
}

func (t *buffer) LineStart(off int) int {
	p := t.find(off)
	if i := bytes.LastIndexByte(t.leaves[p.leaf].data[:off-p.off], '\n'); i >= 0 {
		return p.off + i + 1
	}
	for p.leaf > 0 {
		p = t.before(p)
		if l := &t.leaves[p.leaf]; l.lfs > 0 {
			return p.off + bytes.LastIndexByte(l.data, '\n') + 1
		}
	}
	return 0
}

func (t *buffer) LineEnd(off int) int {
	p := t.find(off)
	if i := bytes.IndexByte(t.leaves[p.leaf].data[off-p.off:], '\n'); i >= 0 {
		return off + i
	}
	for p.leaf < len(t.leaves)-1 {
		p = t.after(p)
		if l := &t.leaves[p.leaf]; l.lfs > 0 {
			return p.off + bytes.IndexByte(l.data, '\n')
		}
	}
	return t.total
}

// insert puts bytes before an offset.
func (t *buffer) insert(off int, b []byte) {
	if len(b) == 0 {
		return
	}
	p := t.find(off)
	l := &t.leaves[p.leaf]
	n := rows.CountLF(b)
	t.total += len(b)
	t.lfs += n
	at := off - p.off
	if len(l.data)+len(b) <= leafMax {
		l.data = slices.Insert(l.data, at, b...)
		l.lfs += n
		return
	}
	whole := slices.Concat(l.data[:at], b, l.data[at:])
	t.leaves = slices.Replace(t.leaves, p.leaf, p.leaf+1, split(whole)...)
}

// remove takes n bytes away from an offset on.
func (t *buffer) remove(off, n int) {
	if n <= 0 {
		return
	}
	p := t.find(off)
	t.total -= n
	first := p.leaf
	at := off - p.off
	for i := first; n > 0; i++ {
		l := &t.leaves[i]
		k := min(n, len(l.data)-at)
		gone := rows.CountLF(l.data[at : at+k])
		l.data = slices.Delete(l.data, at, at+k)
		l.lfs -= gone
		t.lfs -= gone
		n -= k
		at = 0
	}
	t.tidy(first)
}

// tidy drops empty leaves from one on and joins it with a small neighbour, so
// that many small edits do not leave many small leaves.
func (t *buffer) tidy(from int) {
	used := slices.DeleteFunc(t.leaves[from:], func(l leaf) bool { return len(l.data) == 0 })
	t.leaves = t.leaves[:from+len(used)]
	t.hint = place{}
	if len(t.leaves) == 0 {
		t.leaves = []leaf{{}}
		return
	}
	i := max(0, min(from, len(t.leaves)-2))
	if i+1 < len(t.leaves) && len(t.leaves[i].data)+len(t.leaves[i+1].data) <= leafSize {
		a, b := &t.leaves[i], t.leaves[i+1]
		a.data = append(a.data, b.data...)
		a.lfs += b.lfs
		t.leaves = slices.Delete(t.leaves, i+1, i+2)
	}
}
