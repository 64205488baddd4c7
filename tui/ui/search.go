package ui

import (
	"bytes"
	"encoding/hex"
	"strings"
)

// finder finds a text in bytes. Matches may overlap; each place where the text
// stands is one. A text in lower case finds capitals too (ASCII).
type finder struct {
	typed string
	query []byte
	fold  bool
	count int
	at    int // offset of the current match, -1 for none
	index int // its number, from 0
}

const foldChunk = 64 << 10

// Search finds all places of a text and goes to the first one at or after the
// top of the screen. It gives their number. In hex, 0x7b0a or "7b 0a" finds bytes. An
// empty text ends the search.
func (v *Viewer) Search(query string) (count int) {
	v.find = newFinder(query, v.mode == ModeHex)
	f := &v.find
	if len(f.query) == 0 {
		return 0
	}
	f.each(v.shown, 0, func(at int) bool {
		if f.at < 0 && at >= v.top {
			f.at, f.index = at, f.count
		}
		f.count++
		return true
	})
	if f.at < 0 && f.count > 0 {
		f.at, f.index = f.after(v.shown, 0), 0
	}
	v.follow()
	return f.count
}

func newFinder(query string, hexMode bool) finder {
	f := finder{typed: query, at: -1, query: []byte(query), fold: query == strings.ToLower(query)}
	if !hexMode {
		return f
	}
	digits := strings.ReplaceAll(strings.TrimPrefix(query, "0x"), " ", "")
	if b, err := hex.DecodeString(digits); err == nil && len(b) > 0 && (strings.HasPrefix(query, "0x") || strings.Contains(query, " ")) {
		f.query, f.fold = b, false
	}
	return f
}

// Next goes to the next match, after the last to the first.
func (v *Viewer) Next() { v.step(1) }

// Prev goes to the match before, before the first to the last.
func (v *Viewer) Prev() { v.step(-1) }

func (v *Viewer) step(direction int) {
	f := &v.find
	if f.count == 0 {
		return
	}
	at := f.before(v.shown, f.at)
	if direction > 0 {
		at = f.after(v.shown, f.at+1)
	}
	switch {
	case at >= 0:
		f.at, f.index = at, f.index+direction
	case direction > 0:
		f.at, f.index = f.after(v.shown, 0), 0
	default:
		f.at, f.index = f.before(v.shown, len(v.shown)), f.count-1
	}
	v.follow()
}

func (v *Viewer) follow() {
	if v.find.at >= 0 {
		v.cursor = v.lineStartOf(v.find.at)
		v.reveal(v.find.at)
	}
}

// Matches says which match the search stands at, from 1, and how many there
// are; 0, 0 without a search or a match.
func (v *Viewer) Matches() (current, count int) {
	if v.find.count == 0 {
		return 0, 0
	}
	return v.find.index + 1, v.find.count
}

// Query gives the text that is searched for.
func (v *Viewer) Query() string { return v.find.typed }

// each calls with the offset of every match from an offset on, until told to stop.
func (f *finder) each(b []byte, from int, call func(at int) bool) {
	n := len(f.query)
	if n == 0 {
		return
	}
	if !f.fold {
		for at := from; at <= len(b)-n; {
			i := bytes.Index(b[at:], f.query)
			if i < 0 || !call(at+i) {
				return
			}
			at += i + 1
		}
		return
	}
	lower := make([]byte, 0, foldChunk+n)
	for at := from; at <= len(b)-n; at += foldChunk {
		lower = appendLower(lower[:0], b[at:min(len(b), at+foldChunk+n-1)])
		for k := 0; ; k++ {
			i := bytes.Index(lower[k:], f.query)
			if i < 0 {
				break
			}
			k += i
			if !call(at + k) {
				return
			}
		}
	}
}

func appendLower(out, b []byte) []byte {
	for _, c := range b {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		out = append(out, c)
	}
	return out
}

// after gives the first match at or after an offset, -1 for none.
func (f *finder) after(b []byte, from int) int {
	found := -1
	f.each(b, from, func(at int) bool {
		found = at
		return false
	})
	return found
}

// before gives the last match that begins before an offset, -1 for none.
func (f *finder) before(b []byte, to int) int {
	n := len(f.query)
	for end := to; end > 0; end -= foldChunk {
		found := -1
		begin := max(0, end-foldChunk)
		f.each(b[:min(len(b), end+n-1)], begin, func(at int) bool {
			found = at
			return true
		})
		if found >= 0 {
			return found
		}
	}
	return -1
}

// overlays marks the matches in a row.
func (f *finder) overlays(b []byte, x row) []overlay {
	n := len(f.query)
	if f.count == 0 || n == 0 {
		return nil
	}
	var out []overlay
	f.each(b[:min(len(b), x.end+n-1)], max(0, x.start-n+1), func(at int) bool {
		out = append(out, overlay{at, at + n, paintMatch})
		return true
	})
	if f.at >= 0 && f.at < x.end && f.at+n > x.start {
		out = append(out, overlay{f.at, f.at + n, paintMatchCurrent})
	}
	return out
}
