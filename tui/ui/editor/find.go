package editor

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/ui/rows"
)

// Find finds all places of a text and goes to the first one at or after the
// cursor, else the first of all. It returns their number, 0 while they are
// counted by Work in a large text. A text in lower case finds capitals too. An
// empty text ends the search.
func (e *Editor) Find(query string) (count int) {
	from, _ := e.Selection()
	e.find = rows.NewSearch(query, false)
	e.search(from)
	_, count = e.Matches()
	return count
}

// Query returns the text that is searched for.
func (e *Editor) Query() string { return e.find.Typed }

// Counting reports whether the matches of the search are not counted yet.
func (e *Editor) Counting() bool { return e.find.Counting() }

// Matches returns which match the search stands at, from 1, and how many there
// are. Without a search or a match both are 0.
func (e *Editor) Matches() (current, count int) {
	if !e.find.On() {
		return 0, 0
	}
	e.recount()
	return e.find.Matches(e.Bytes())
}

// FindNext goes to the next match after the cursor, or the first; with a
// negative direction to the one before it, or the last.
func (e *Editor) FindNext(direction int) {
	e.recount()
	if from, _ := e.Selection(); e.find.On() && e.find.Step(e.Bytes(), from, direction) {
		e.follow()
	}
}

// search begins the search again; the first match at or after an offset becomes
// the current one.
func (e *Editor) search(from int) {
	e.begin(from)
	e.follow()
}

func (e *Editor) begin(from int) {
	e.jobs.End(rows.CountJob)
	if e.find.On() {
		e.find.Begin(e.Bytes(), from, true)
	}
}

// recount finds the matches again after an edit.
func (e *Editor) recount() {
	if e.find.Stale {
		e.begin(max(0, e.find.At))
	}
}

// counted is the result of a command about the search of an editor.
type counted struct {
	editor *Editor
	answer tea.Msg
}

// Work returns the command of what is to be done outside of Update: to count the
// matches in a large text. Callers that show the editor return it after keys and
// searches, and hand the messages that they do not know to Counted.
func (e *Editor) Work() tea.Cmd {
	if !e.find.Counting() || e.find.Stale {
		return nil
	}
	count := e.find.Count(&e.jobs, e.Bytes(), e.follow)
	if count == nil {
		return nil
	}
	return func() tea.Msg { return counted{e, count()} }
}

// Counted takes what a command of an editor found out.
func Counted(msg tea.Msg) {
	if m, ok := msg.(counted); ok {
		m.editor.jobs.Take(m.answer)
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

// window returns the first and the last offset on the screen.
func (e *Editor) window() (from, to int) {
	x := e.rows.At(min(e.top, e.buf.Size()))
	last, _ := e.rows.Move(x.Start, max(0, e.h-1))
	return x.Start, last.End
}

// SelectMatch selects the current match, as a person who leaves the search
// wants to go on with it.
func (e *Editor) SelectMatch() {
	if e.recount(); e.find.At >= 0 {
		e.Select(e.find.At, e.find.At+e.find.Len())
	}
}

// ReplaceMatch puts a text in the place of the current match and goes to the
// next. It reports whether there was one.
func (e *Editor) ReplaceMatch(with []byte) bool {
	e.recount()
	at := e.find.At
	if at < 0 {
		return false
	}
	e.edit(at, e.find.Len(), with, changeOther)
	e.search(at + len(with))
	return true
}
