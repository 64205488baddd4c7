package viewer

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/ui/rows"
)

// Search finds all places of a text and goes to the first one at or after the
// top of the screen. It returns their number, or what is known of it: in a large
// text they are counted by Work (see Counting). In hex, 0x7b0a or "7b 0a" finds
// bytes. An empty text ends the search.
func (v *Viewer) Search(query string) (count int) {
	v.jobs.End(rows.CountJob)
	v.find = rows.NewSearch(query, v.mode == Hex)
	if !v.find.On() {
		return 0
	}
	v.find.Begin(v.text.B, min(v.textOffset(v.top), len(v.text.B)), !v.indent.wanting)
	v.follow()
	_, count = v.Matches()
	return count
}

// Counting reports whether the matches are not counted yet.
func (v *Viewer) Counting() bool { return v.find.Counting() }

// Found says in words how the search stands; see rows.Search.
func (v *Viewer) Found() string { return v.find.Found(v.text.B) }

// countWork counts the matches in a large text.
func (v *Viewer) countWork() tea.Cmd {
	if v.indent.wanting {
		return nil
	}
	return v.find.Count(&v.jobs, v.text.B, v.follow)
}

// Next goes to the next match, after the last to the first.
func (v *Viewer) Next() { v.step(1) }

// Prev goes to the match before, before the first to the last.
func (v *Viewer) Prev() { v.step(-1) }

func (v *Viewer) step(direction int) {
	if v.find.Step(v.text.B, v.find.At, direction) {
		v.follow()
	}
}

// follow shows the current match: what hides it is unfolded.
func (v *Viewer) follow() {
	if v.find.At < 0 {
		return
	}
	v.unfold(v.find.At)
	at := v.shownOffset(v.find.At)
	v.cursor = v.rows.At(at).Start
	v.reveal(at)
}

// Matches returns which match the search stands at, from 1, and how many there
// are; 0, 0 without a search or a match, and before they are counted.
func (v *Viewer) Matches() (current, count int) { return v.find.Matches(v.text.B) }
