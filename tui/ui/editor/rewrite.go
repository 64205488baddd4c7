package editor

import "bytes"

// Rewrite is a whole other text for an editor. It is made outside of Update,
// and takes its place there at once, however large it is.
type Rewrite struct {
	Cursor int // where the cursor goes, in bytes

	text             []byte
	buf              *buffer
	off, gone, comes int // what differs: at an offset some bytes go and others come
}

// NewRewrite makes a text ready that takes the place of another one; nil where
// they are the same. The cursor stays at its offset. It takes as long as the
// texts are large.
func NewRewrite(old, text []byte, cursor int) *Rewrite {
	head, tail := common(old, text)
	if head == len(old) && head == len(text) {
		return nil
	}
	return &Rewrite{Cursor: cursor, text: text, buf: newBuffer(text), off: head, gone: len(old) - head - tail,
		comes: len(text) - head - tail}
}

// common returns how many bytes two texts have in common at their beginning and,
// of the rest, at their end.
func common(a, b []byte) (head, tail int) {
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	return head, tail
}

// Rewrite puts another text in place, in one step that undo takes back. It must
// have been made for the text that is there, and be used once.
func (e *Editor) Rewrite(r *Rewrite) {
	c := change{off: r.off, before: e.cursor, anchor: e.anchor, after: min(r.Cursor, r.buf.Size()), kind: changeOther,
		swap: &swap{buf: r.buf, text: r.text, gone: r.gone, comes: r.comes}}
	e.exchange(&c)
	e.past.add(c)
	e.moveTo(e.snap(c.after))
	e.begin(e.cursor)
}

// swap is a whole text that takes the place of another one: what undo puts back
// is the text that was there, not a copy.
type swap struct {
	buf         *buffer
	text        []byte // its bytes in one piece; nil: they are not at hand
	gone, comes int    // bytes that differ, in the text that is there and in this one
}

// exchange puts the text of a change in place, and keeps the one that was there
// in it.
func (e *Editor) exchange(c *change) {
	s, gutter := c.swap, e.gutter()
	c.swap = &swap{buf: e.buf, text: e.joined, gone: s.comes, comes: s.gone}
	e.buf = s.buf
	e.changed(c.off, s.gone, s.comes, gutter)
	e.joined = s.text
	e.layout()
}

// ReplaceWork returns what puts a text in the place of all matches of the search,
// to be done outside of Update: it returns the text for Rewrite, nil where there is
// no match or stop said so, and the number of matches. Of matches that overlap
// the first counts.
func (e *Editor) ReplaceWork(with []byte) func(stop func() bool) (*Rewrite, int) {
	f, text := e.find, e.Bytes()
	return func(stop func() bool) (*Rewrite, int) {
		var out bytes.Buffer
		last, count := 0, 0
		f.Each(text, func(at int) bool {
			if at < last {
				return true
			}
			out.Write(text[last:at])
			out.Write(with)
			last = at + f.Len()
			count++
			return count&0xfff != 0 || !stop()
		})
		if count == 0 || stop() {
			return nil, 0
		}
		cursor := out.Len()
		out.Write(text[last:])
		return NewRewrite(text, out.Bytes(), cursor), count
	}
}
