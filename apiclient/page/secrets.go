package page

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient/redact"
)

// Range is the bytes [From, To) of a text that are secret.
type Range struct{ From, To int }

// secrets masks what leaves, and counts it.
type secrets struct {
	reveal bool
	hide   func([]byte) []Range
	masked map[string]bool // the values that were masked
}

func (s *secrets) note(value string) {
	if s.masked == nil {
		s.masked = map[string]bool{}
	}
	if len(s.masked) < mostKnown {
		s.masked[value] = true
	}
}

// count returns how many values are masked, and their bytes.
func (s *secrets) count() (values, bytes int) {
	for value := range s.masked {
		bytes += len(value)
	}
	return len(s.masked), bytes
}

// header returns the value of a header as it may be shown.
func (s *secrets) header(name, value string) string {
	if s.reveal {
		return value
	}
	shown := redact.Header(name, value)
	if shown != value {
		s.note(strings.TrimPrefix(value, scheme(shown)))
		return shown
	}
	text, _ := s.text([]byte(value))
	return string(text)
}

// scheme returns what a mask leaves in front: "Bearer ".
func scheme(shown string) string {
	front, _, _ := strings.Cut(shown, "***")
	return front
}

// ranges returns what is secret in a text, in order: what is by itself, and what
// was masked somewhere else.
func (s *secrets) ranges(b []byte) []Range {
	if s.reveal {
		return nil
	}
	var list []Range
	if s.hide != nil {
		list = s.hide(b)
	}
	for value := range s.masked {
		for at := 0; len(value) >= leastKnown; {
			i := bytes.Index(b[at:], []byte(value))
			if i < 0 {
				break
			}
			list = append(list, Range{at + i, at + i + len(value)})
			at += i + len(value)
		}
	}
	slices.SortFunc(list, func(a, b Range) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(b.To, a.To)) })
	end, kept := 0, list[:0]
	for _, r := range list {
		if r.From >= end && r.To > r.From {
			kept, end = append(kept, r), r.To
		}
	}
	return kept
}

// A masked value is masked wherever it stands, unless it is so short that it may
// be there by chance; so many of them are looked for.
const (
	leastKnown = 6
	mostKnown  = 100
)

// text returns a text as it may be shown, and whether anything is masked in it.
func (s *secrets) text(b []byte) ([]byte, bool) {
	hidden := s.ranges(b)
	if len(hidden) == 0 {
		return b, false
	}
	var out []byte
	at := 0
	for _, h := range hidden {
		out = append(out, b[at:h.From]...)
		out = fmt.Appendf(out, "*** (masked: %s)", size(h.To-h.From))
		at = h.To
		s.note(string(b[h.From:h.To]))
	}
	return append(out, b[at:]...), true
}

// part is a stretch of a string around what is masked: whoever has the whole
// string can compare each.
type part struct {
	From, Size int
	Masked     bool
	SHA256     string // of the bytes that are shown; "" for those that are masked
}

// parts takes a string apart at what is masked in it; nil where nothing is.
func (s *secrets) parts(b []byte) []part {
	hidden := s.ranges(b)
	if len(hidden) == 0 {
		return nil
	}
	var list []part
	at := 0
	shown := func(to int) {
		if to > at {
			sum := sha256.Sum256(b[at:to])
			list = append(list, part{From: at, Size: to - at, SHA256: hex.EncodeToString(sum[:])})
		}
	}
	for _, h := range hidden {
		shown(h.From)
		list = append(list, part{From: h.From, Size: h.To - h.From, Masked: true})
		at = h.To
	}
	shown(len(b))
	return list
}
