package viewer

import (
	"countersign/tui/ui"
	"countersign/tui/ui/rows"

	tea "github.com/charmbracelet/bubbletea"
)

// Search finds all places of a text and goes to the first one at or after the
// top of the screen. It gives their number, or what is known of it: in a large
// text they are counted by Work (see Counting). In hex, 0x7b0a or "7b 0a" finds bytes. An
// empty text ends the search.
func (v *Viewer) Search(query string) (count int) {
	v.end(countJob)
	v.find = rows.NewFinder(query, v.mode == Hex)
	f := &v.find
	if len(f.Query) == 0 {
		return 0
	}
	b := v.text.B
	f.From = min(v.textOffset(v.top), len(b))
	if len(b) <= rows.CountAtOnce && !v.indent.wanting {
		f.Counted(b, f.Count(b, nil))
	} else {
		f.At = f.After(b[:min(len(b), f.From+rows.LookedAtOnce)], f.From)
	}
	v.follow()
	_, count = v.Matches()
	return count
}

// Counting reports that the matches are not counted yet.
func (v *Viewer) Counting() bool { return len(v.find.Query) > 0 && v.find.Blocks == nil }

// Found says in words how the search stands: "3 of 1,204", "counting…", "not found".
func (v *Viewer) Found() string {
	current, count := v.Matches()
	switch {
	case len(v.find.Query) == 0:
		return ""
	case v.Counting() && v.find.At < 0:
		return "searching…"
	case v.Counting():
		return "counting…"
	case count == 0:
		return "not found"
	}
	return ui.Thousands(current) + " of " + ui.Thousands(count)
}

// countWork counts the matches in a large text.
func (v *Viewer) countWork() tea.Cmd {
	if !v.Counting() || v.jobs[countJob] != nil || v.indent.wanting {
		return nil
	}
	f, b := v.find, v.text.B
	return v.start(countJob, func(stop func() bool) func() string {
		blocks := f.Count(b, stop)
		return func() string {
			moved := v.find.At < 0 || v.find.Owed != 0
			v.find.Counted(b, blocks)
			owed := v.find.Owed
			v.find.Owed = 0
			for ; owed > 0; owed-- {
				v.find.At = v.find.Next(b)
			}
			for ; owed < 0; owed++ {
				v.find.At = v.find.Previous(b)
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
	f, b := &v.find, v.text.B
	switch {
	case len(f.Query) == 0:
		return
	case v.Counting():
		// At once where it is near; else when all are counted.
		at := -1
		if f.At >= 0 && f.Owed == 0 {
			if direction > 0 {
				at = f.After(b[:min(len(b), f.At+rows.LookedAtOnce)], f.At+1)
			} else {
				at = f.LastIn(b, max(0, f.At-rows.LookedAtOnce), f.At)
			}
		}
		if at < 0 {
			f.Owed += direction
			return
		}
		f.At = at
	case f.Total() == 0:
		return
	case direction > 0:
		f.At = f.Next(b)
	default:
		f.At = f.Previous(b)
	}
	v.follow()
}

// follow shows the current match: what hides it is unfolded.
func (v *Viewer) follow() {
	if v.find.At < 0 {
		return
	}
	v.unfold(v.find.At)
	at := v.shownOffset(v.find.At)
	if v.mode == Hex {
		v.cursor = v.lineStartOf(at)
	} else {
		v.cursor = v.rows.At(at).Start
	}
	v.reveal(at)
}

// Matches says which match the search stands at, from 1, and how many there
// are; 0, 0 without a search or a match, and before they are counted.
func (v *Viewer) Matches() (current, count int) {
	f := &v.find
	count = f.Total()
	if count == 0 || f.At < 0 {
		return 0, 0
	}
	return f.Number(v.text.B), count
}

// Query gives the text that is searched for.
func (v *Viewer) Query() string { return v.find.Typed }
