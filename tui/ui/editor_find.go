package ui

// Find finds all places of a text and goes to the first one at or after the
// cursor, else the first of all. It gives their number, 0 while they are
// counted by Work in a large text. A text in lower case finds capitals too. An
// empty text ends the search.
func (e *Editor) Find(query string) (count int) {
	from, _ := e.Selection()
	e.find = newFinder(query, false)
	e.count(from)
	e.follow()
	return e.find.total()
}

// Query gives the text that is searched for.
func (e *Editor) Query() string { return e.find.typed }

// Matches says which match the search stands at, from 1, and how many there
// are. Without a search or a match both are 0.
func (e *Editor) Matches() (current, count int) {
	e.recount()
	if e.find.total() == 0 || e.find.at < 0 {
		return 0, 0
	}
	return e.find.number(e.Bytes()), e.find.total()
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
	if f.total() == 0 {
		return
	}
	f.at, _ = e.Selection()
	if direction > 0 {
		f.at = f.next(text)
	} else {
		f.at = f.previous(text)
	}
	e.follow()
}

// recount finds the matches again after an edit.
func (e *Editor) recount() {
	if len(e.find.query) > 0 && e.findRev != e.rev {
		e.count(max(0, e.find.at))
	}
}

// count counts the matches, or leaves that to Work in a large text; the first
// at or after an offset becomes the current one.
func (e *Editor) count(from int) {
	f := &e.find
	f.at, f.from, f.blocks, f.owed = -1, from, nil, 0
	e.findRev = e.rev
	if len(f.query) > 0 {
		text := e.Bytes()
		if len(text) > countAtOnce {
			f.at = f.after(text[:min(len(text), from+lookedAtOnce)], from)
			return
		}
		f.counted(text, f.count(text, nil))
	}
}

func (e *Editor) follow() {
	if e.find.at < 0 {
		return
	}
	top, bottom := e.window()
	e.SetCursor(e.find.at)
	if e.cursor < top || e.cursor > bottom {
		e.middle()
	}
}

// window gives the first and the last offset on the screen.
func (e *Editor) window() (from, to int) {
	x := e.rows.at(min(e.top, e.buf.size()))
	last, _ := e.rows.forward(x.start, max(0, e.h-1))
	return x.start, last.end
}

// SelectMatch selects the current match, as a person who leaves the search
// wants to go on with it.
func (e *Editor) SelectMatch() {
	e.recount()
	if f := &e.find; f.at >= 0 && (e.Counting() || f.total() > 0) {
		e.Select(f.at, f.at+len(f.query))
	}
}

// ReplaceMatch puts a text in the place of the current match and goes to the
// next. It reports whether there was one.
func (e *Editor) ReplaceMatch(with []byte) bool {
	e.recount()
	f := &e.find
	if f.at < 0 || !e.Counting() && f.total() == 0 {
		return false
	}
	at := f.at
	e.edit(at, len(f.query), with, changeOther)
	e.count(at + len(with))
	e.follow()
	return true
}

// ReplaceAll is ReplaceWork and Rewrite at once, for a text that is not large.
// It gives the number of matches.
func (e *Editor) ReplaceAll(with []byte) (count int) {
	e.recount()
	if len(e.find.query) == 0 {
		return 0
	}
	r, count := e.ReplaceWork(with)(func() bool { return false })
	if r != nil {
		e.Rewrite(r)
	}
	return count
}

// matches marks the places of the search in a row.
func (e *Editor) matches(out []overlay, x row) []overlay {
	f, n := &e.find, len(e.find.query)
	if n == 0 {
		return out
	}
	from := max(0, x.start-n+1)
	b := e.buf.slice(from, min(e.buf.size(), x.end+n-1))
	f.each(b, 0, func(at int) bool {
		out = append(out, overlay{from + at, from + at + n, paintMatch})
		return true
	})
	if f.at >= 0 && e.findRev == e.rev {
		out = append(out, overlay{f.at, f.at + n, paintMatchCurrent})
	}
	return out
}
