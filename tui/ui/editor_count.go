package ui

import tea "github.com/charmbracelet/bubbletea"

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
	job      job
}

// Counting reports that the matches of the search are not counted yet.
func (e *Editor) Counting() bool { return len(e.find.query) > 0 && e.find.blocks == nil }

// Work gives the command of what is to be done outside of Update: to count the
// matches in a large text. Whoever shows the editor returns it after keys and
// searches, and hands the messages that it does not know to Counted.
func (e *Editor) Work() tea.Cmd {
	if !e.Counting() || e.findRev != e.rev {
		return nil
	}
	if j := e.job; j != nil {
		if j.revision == e.rev && j.query == e.find.typed {
			return nil
		}
		j.job.gone.Store(true)
	}
	j := &matchJob{revision: e.rev, query: e.find.typed, text: e.Bytes()}
	e.job = j
	f := e.find
	return func() tea.Msg {
		blocks := f.count(j.text, j.job.stop)
		if j.job.stop() {
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
	if m.job.revision != e.rev || m.job.query != f.typed || e.findRev != e.rev {
		return // edited, or another search: it is counted anew
	}
	moved := f.at < 0 || f.owed != 0
	f.counted(m.job.text, m.blocks)
	for ; f.owed != 0 && f.total() > 0; f.owed -= sign(f.owed) {
		if f.owed > 0 {
			f.at = f.next(m.job.text)
		} else {
			f.at = f.previous(m.job.text)
		}
	}
	f.owed = 0
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
	if from, _ := e.Selection(); f.at >= 0 && f.owed == 0 {
		if direction > 0 {
			at = f.after(text[:min(len(text), from+lookedAtOnce)], from+1)
		} else {
			at = f.lastIn(text, max(0, from-lookedAtOnce), from)
		}
	}
	if at < 0 {
		f.owed += direction
		return
	}
	f.at = at
	e.follow()
}
