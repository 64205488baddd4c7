package ui

import (
	tea "github.com/charmbracelet/bubbletea"
)

// countAtOnce is the size up to which matches are counted at once, and
// lookedAtOnce how far the next one is looked for at once in larger texts.
const (
	countAtOnce  = 1 << 20
	lookedAtOnce = 256 << 10
)

// Search finds all places of a text and goes to the first one at or after the
// top of the screen. It gives their number, or what is known of it: in a large
// text they are counted by Work (see Counting). In hex, 0x7b0a or "7b 0a" finds bytes. An
// empty text ends the search.
func (v *Viewer) Search(query string) (count int) {
	v.end(countJob)
	v.find = newFinder(query, v.mode == ModeHex)
	f := &v.find
	if len(f.query) == 0 {
		return 0
	}
	b := v.text.b
	f.from = min(v.textOffset(v.top), len(b))
	if len(b) <= countAtOnce && !v.indent.wanting {
		f.counted(b, f.count(b, nil))
	} else {
		f.at = f.after(b[:min(len(b), f.from+lookedAtOnce)], f.from)
	}
	v.follow()
	_, count = v.Matches()
	return count
}

// Counting reports that the matches are not counted yet.
func (v *Viewer) Counting() bool { return len(v.find.query) > 0 && v.find.blocks == nil }

// Found says in words how the search stands: "3 of 1,204", "counting…", "not found".
func (v *Viewer) Found() string {
	current, count := v.Matches()
	switch {
	case len(v.find.query) == 0:
		return ""
	case v.Counting() && v.find.at < 0:
		return "searching…"
	case v.Counting():
		return "counting…"
	case count == 0:
		return "not found"
	}
	return Thousands(current) + " of " + Thousands(count)
}

// countWork counts the matches in a large text.
func (v *Viewer) countWork() tea.Cmd {
	if !v.Counting() || v.jobs[countJob] != nil || v.indent.wanting {
		return nil
	}
	f, b := v.find, v.text.b
	return v.start(countJob, func(stop func() bool) func() string {
		blocks := f.count(b, stop)
		return func() string {
			moved := v.find.at < 0 || v.find.owed != 0
			v.find.counted(b, blocks)
			owed := v.find.owed
			v.find.owed = 0
			for ; owed > 0; owed-- {
				v.find.at = v.find.next(b)
			}
			for ; owed < 0; owed++ {
				v.find.at = v.find.previous(b)
			}
			if moved {
				v.follow()
			}
			return ""
		}
	})
}

// Next goes to the next match, after the last to the first.
func (v *Viewer) Next() { v.step(1) }

// Prev goes to the match before, before the first to the last.
func (v *Viewer) Prev() { v.step(-1) }

func (v *Viewer) step(direction int) {
	f, b := &v.find, v.text.b
	switch {
	case len(f.query) == 0:
		return
	case v.Counting():
		// At once where it is near; else when all are counted.
		at := -1
		if f.at >= 0 && f.owed == 0 {
			if direction > 0 {
				at = f.after(b[:min(len(b), f.at+lookedAtOnce)], f.at+1)
			} else {
				at = f.lastIn(b, max(0, f.at-lookedAtOnce), f.at)
			}
		}
		if at < 0 {
			f.owed += direction
			return
		}
		f.at = at
	case f.total() == 0:
		return
	case direction > 0:
		f.at = f.next(b)
	default:
		f.at = f.previous(b)
	}
	v.follow()
}

// follow shows the current match: what hides it is unfolded.
func (v *Viewer) follow() {
	if v.find.at < 0 {
		return
	}
	v.unfold(v.find.at)
	at := v.shownOffset(v.find.at)
	if v.mode == ModeHex {
		v.cursor = v.lineStartOf(at)
	} else {
		v.cursor = v.rows.at(at).start
	}
	v.reveal(at)
}

// Matches says which match the search stands at, from 1, and how many there
// are; 0, 0 without a search or a match, and before they are counted.
func (v *Viewer) Matches() (current, count int) {
	f := &v.find
	count = f.total()
	if count == 0 || f.at < 0 {
		return 0, 0
	}
	return f.number(v.text.b), count
}

// Query gives the text that is searched for.
func (v *Viewer) Query() string { return v.find.typed }
