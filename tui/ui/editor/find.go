package editor

import (
	"countersign/tui/ui"
	"countersign/tui/ui/rows"
)

// Find finds all places of a text and goes to the first one at or after the
// cursor, else the first of all. It gives their number, 0 while they are
// counted by Work in a large text. A text in lower case finds capitals too. An
// empty text ends the search.
func (e *Editor) Find(query string) (count int) {
	from, _ := e.Selection()
	e.find = rows.NewFinder(query, false)
	e.count(from)
	e.follow()
	return e.find.Total()
}

// Query gives the text that is searched for.
func (e *Editor) Query() string { return e.find.Typed }

// Matches says which match the search stands at, from 1, and how many there
// are. Without a search or a match both are 0.
func (e *Editor) Matches() (current, count int) {
	e.recount()
	if e.find.Total() == 0 || e.find.At < 0 {
		return 0, 0
	}
	return e.find.Number(e.Bytes()), e.find.Total()
}

// FindNext goes to the next match after the cursor, or the first; with a
// negative direction to the one before it, or the last.
func (e *Editor) FindNext(direction int) {
	e.recount()
	if e.Counting() {
		e.near(direction)
		return
	}
	f, text := &e.find, e.Bytes()
	if f.Total() == 0 {
		return
	}
	f.At, _ = e.Selection()
	if direction > 0 {
		f.At = f.Next(text)
	} else {
		f.At = f.Previous(text)
	}
	e.follow()
}

// recount finds the matches again after an edit.
func (e *Editor) recount() {
	if len(e.find.Query) > 0 && e.findRev != e.rev {
		e.count(max(0, e.find.At))
	}
}

// count counts the matches, or leaves that to Work in a large text; the first
// at or after an offset becomes the current one.
func (e *Editor) count(from int) {
	f := &e.find
	f.At, f.From, f.Blocks, f.Owed = -1, from, nil, 0
	e.findRev = e.rev
	if len(f.Query) > 0 {
		text := e.Bytes()
		if len(text) > rows.CountAtOnce {
			f.At = f.After(text[:min(len(text), from+rows.LookedAtOnce)], from)
			return
		}
		f.Counted(text, f.Count(text, nil))
	}
}

func (e *Editor) follow() {
	if e.find.At < 0 {
		return
	}
	top, bottom := e.window()
	e.SetCursor(e.find.At)
	if e.cursor < top || e.cursor > bottom {
		e.middle()
	}
}

// window gives the first and the last offset on the screen.
func (e *Editor) window() (from, to int) {
	x := e.rows.At(min(e.top, e.buf.Size()))
	last, _ := e.rows.Forward(x.Start, max(0, e.h-1))
	return x.Start, last.End
}

// SelectMatch selects the current match, as a person who leaves the search
// wants to go on with it.
func (e *Editor) SelectMatch() {
	e.recount()
	if f := &e.find; f.At >= 0 && (e.Counting() || f.Total() > 0) {
		e.Select(f.At, f.At+len(f.Query))
	}
}

// ReplaceMatch puts a text in the place of the current match and goes to the
// next. It reports whether there was one.
func (e *Editor) ReplaceMatch(with []byte) bool {
	e.recount()
	f := &e.find
	if f.At < 0 || !e.Counting() && f.Total() == 0 {
		return false
	}
	at := f.At
	e.edit(at, len(f.Query), with, changeOther)
	e.count(at + len(with))
	e.follow()
	return true
}

// ReplaceAll is ReplaceWork and Rewrite at once, for a text that is not large.
// It gives the number of matches.
func (e *Editor) ReplaceAll(with []byte) (count int) {
	e.recount()
	if len(e.find.Query) == 0 {
		return 0
	}
	r, count := e.ReplaceWork(with)(func() bool { return false })
	if r != nil {
		e.Rewrite(r)
	}
	return count
}

// matches marks the places of the search in a row.
func (e *Editor) matches(out []rows.Overlay, x rows.Row) []rows.Overlay {
	f, n := &e.find, len(e.find.Query)
	if n == 0 {
		return out
	}
	from := max(0, x.Start-n+1)
	b := e.buf.Slice(from, min(e.buf.Size(), x.End+n-1))
	f.Each(b, 0, func(at int) bool {
		out = append(out, rows.Overlay{From: from + at, To: from + at + n, Paint: ui.PaintMatch})
		return true
	})
	if f.At >= 0 && e.findRev == e.rev {
		out = append(out, rows.Overlay{From: f.At, To: f.At + n, Paint: ui.PaintMatchCurrent})
	}
	return out
}
