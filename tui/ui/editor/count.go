package editor

import (
	"sync/atomic"

	"countersign/tui/ui/rows"

	tea "github.com/charmbracelet/bubbletea"
)

// matchCount is what a command found out about the search of an editor.
type matchCount struct {
	editor *Editor
	job    *matchJob
	blocks []int
}

// matchJob is a count of the matches in one state of a large text.
type matchJob struct {
	revision int
	query    string
	text     []byte
	gone     atomic.Bool // nobody waits for it
}

// Counting reports that the matches of the search are not counted yet.
func (e *Editor) Counting() bool { return len(e.find.Query) > 0 && e.find.Blocks == nil }

// Work gives the command of what is to be done outside of Update: to count the
// matches in a large text. Whoever shows the editor returns it after keys and
// searches, and hands the messages that it does not know to Counted.
func (e *Editor) Work() tea.Cmd {
	if !e.Counting() || e.findRev != e.rev {
		return nil
	}
	if j := e.job; j != nil {
		if j.revision == e.rev && j.query == e.find.Typed {
			return nil
		}
		j.gone.Store(true)
	}
	j := &matchJob{revision: e.rev, query: e.find.Typed, text: e.Bytes()}
	e.job = j
	f := e.find
	return func() tea.Msg {
		blocks := f.Count(j.text, j.gone.Load)
		if j.gone.Load() {
			return nil
		}
		return matchCount{e, j, blocks}
	}
}

// Counted takes what a command of an editor found out.
func Counted(msg tea.Msg) {
	if m, ok := msg.(matchCount); ok && m.editor.job == m.job {
		m.editor.job = nil
		m.editor.counts(m)
	}
}

func (e *Editor) counts(m matchCount) {
	f := &e.find
	if m.job.revision != e.rev || m.job.query != f.Typed || e.findRev != e.rev {
		return // edited, or another search: it is counted anew
	}
	moved := f.At < 0 || f.Owed != 0
	f.Counted(m.job.text, m.blocks)
	for ; f.Owed != 0 && f.Total() > 0; f.Owed -= sign(f.Owed) {
		if f.Owed > 0 {
			f.At = f.Next(m.job.text)
		} else {
			f.At = f.Previous(m.job.text)
		}
	}
	f.Owed = 0
	if moved {
		e.follow()
	}
}

func sign(n int) int {
	if n < 0 {
		return -1
	}
	return 1
}

// near goes to the next match where it is near, while they are counted; else
// when they are.
func (e *Editor) near(direction int) {
	f, text := &e.find, e.Bytes()
	at := -1
	if from, _ := e.Selection(); f.At >= 0 && f.Owed == 0 {
		if direction > 0 {
			at = f.After(text[:min(len(text), from+rows.LookedAtOnce)], from+1)
		} else {
			at = f.LastIn(text, max(0, from-rows.LookedAtOnce), from)
		}
	}
	if at < 0 {
		f.Owed += direction
		return
	}
	f.At = at
	e.follow()
}
