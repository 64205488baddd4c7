package rows

import (
	"encoding/hex"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/ui"
)

// Search is a search in a text of any size. In a large one the matches are
// counted by a command, and until then only what is near is found. The text is
// an argument throughout: it is the one that Begin was called with. The zero
// Search searches for nothing.
type Search struct {
	Typed string // what is searched for
	At    int    // offset of the current match, -1 for none
	Stale bool   // the text is another one now: Begin again

	finder
	from int // where the search began: the first match is looked for from here on
	owed int // steps to the next or previous match that were asked for meanwhile
}

// countAtOnce is the size up to which matches are counted at once, and
// lookedAtOnce how far the next one is looked for at once in larger texts.
const (
	countAtOnce  = 1 << 20
	lookedAtOnce = 256 << 10
)

// NewSearch returns a search that has not begun. A query in lower case finds
// capitals too. In hex, 0x7b0a or "7b 0a" finds bytes.
func NewSearch(query string, inHex bool) Search {
	s := Search{Typed: query, At: -1, finder: finder{query: []byte(query), fold: query == strings.ToLower(query)}}
	digits := strings.ReplaceAll(strings.TrimPrefix(query, "0x"), " ", "")
	if inHex && (strings.HasPrefix(query, "0x") || strings.Contains(query, " ")) {
		if b, err := hex.DecodeString(digits); err == nil && len(b) > 0 {
			s.query, s.fold = b, false
		}
	}
	return s
}

// On reports whether there is anything to search for.
func (s *Search) On() bool { return len(s.query) > 0 }

// Len returns the length of a match in bytes.
func (s *Search) Len() int { return len(s.query) }

// Begin finds the first match at or after an offset, else the first of all.
// Where the text is large, or not whole yet, it looks only near the offset, and
// Count does the rest.
func (s *Search) Begin(text []byte, from int, whole bool) {
	s.At, s.from, s.blocks, s.owed, s.Stale = -1, from, nil, 0, false
	switch {
	case !s.On():
	case whole && len(text) <= countAtOnce:
		s.counted(text, s.count(text, nil))
	default:
		s.At = s.after(text[:min(len(text), from+lookedAtOnce)], from)
	}
}

// Counting reports whether the matches are not counted yet.
func (s *Search) Counting() bool { return s.On() && s.blocks == nil }

// Count returns the command that counts the matches, the CountJob of jobs; nil
// where they are counted or being counted. moved is called with the answer, if
// the current match is another one then.
func (s *Search) Count(jobs *Jobs, text []byte, moved func()) tea.Cmd {
	if !s.Counting() || s.Stale || jobs.Running(CountJob) {
		return nil
	}
	f := s.finder
	return jobs.Start(CountJob, func(stop func() bool) func() string {
		blocks := f.count(text, stop)
		return func() string {
			if s.counted(text, blocks) {
				moved()
			}
			return ""
		}
	})
}

// counted takes the counts and does what waited for them. It reports whether
// the current match is another one.
func (s *Search) counted(text []byte, blocks []int) (moved bool) {
	s.blocks = blocks
	moved = s.At < 0 || s.owed != 0
	if s.total() == 0 {
		return moved
	}
	if s.At < 0 {
		if s.At = s.seek(text, s.from); s.At < 0 {
			s.At = s.seek(text, 0)
		}
	}
	for ; s.owed > 0; s.owed-- {
		s.At = s.neighbour(text, s.At, 1)
	}
	for ; s.owed < 0; s.owed++ {
		s.At = s.neighbour(text, s.At, -1)
	}
	return moved
}

// Step goes to the next match after an offset, or with a negative direction to
// the one before it, around the ends. While matches are counted it goes only
// where one is near; else when they are. It reports whether it went.
func (s *Search) Step(text []byte, from, direction int) bool {
	at := -1
	switch {
	case !s.On() || s.blocks != nil && s.total() == 0:
		return false
	case s.blocks != nil:
		at = s.neighbour(text, from, direction)
	case s.At >= 0 && s.owed == 0 && direction > 0:
		at = s.after(text[:min(len(text), from+lookedAtOnce)], from+1)
	case s.At >= 0 && s.owed == 0:
		at = s.lastIn(text, max(0, from-lookedAtOnce), from)
	}
	if at < 0 {
		s.owed += direction
		return false
	}
	s.At = at
	return true
}

// neighbour returns the match after or before an offset, around the ends; the
// matches must be counted, and there must be one.
func (s *Search) neighbour(text []byte, from, direction int) int {
	if direction < 0 {
		if at := s.seekBack(text, from); at >= 0 {
			return at
		}
		return s.seekBack(text, len(text))
	}
	if at := s.seek(text, from+1); at >= 0 {
		return at
	}
	return s.seek(text, 0)
}

// Matches returns which match the search stands at, from 1, and how many there
// are; 0, 0 without a search or a match, and before they are counted.
func (s *Search) Matches(text []byte) (current, count int) {
	if s.total() == 0 || s.At < 0 {
		return 0, 0
	}
	return s.number(text, s.At), s.total()
}

// Found says in words how the search stands: "3 of 1,204", "counting…", "not found".
func (s *Search) Found(text []byte) string {
	current, count := s.Matches(text)
	switch {
	case !s.On():
		return ""
	case s.Counting() && s.At < 0:
		return "searching…"
	case s.Counting():
		return "counting…"
	case count == 0:
		return "not found"
	}
	return ui.Thousands(current) + " of " + ui.Thousands(count)
}

// Each calls with the offset of every match, until call returns false.
func (s *Search) Each(text []byte, call func(at int) bool) { s.each(text, 0, call) }

// Overlays marks the matches in a row of a document, moved by so many bytes.
func (s *Search) Overlays(out []Overlay, doc Document, x Row, by int) []Overlay {
	n := len(s.query)
	if n == 0 {
		return out
	}
	from := max(0, x.Start-n+1)
	s.each(doc.Slice(from, min(doc.Size(), x.End+n-1)), 0, func(at int) bool {
		at += from + by
		if k := len(out) - 1; k >= 0 && out[k].Paint == ui.PaintMatch && out[k].To >= at {
			out[k].To = at + n // side by side: one
			return true
		}
		out = append(out, Overlay{at, at + n, ui.PaintMatch})
		return true
	})
	if s.At >= 0 && !s.Stale && s.At < x.End && s.At+n > x.Start {
		out = append(out, Overlay{s.At + by, s.At + n + by, ui.PaintMatchCurrent})
	}
	return out
}
