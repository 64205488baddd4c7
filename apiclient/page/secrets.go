package page

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

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
	s.masked[value] = true
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
		s.note(value)
	}
	return shown
}

// ranges returns what is secret in a text.
func (s *secrets) ranges(b []byte) []Range {
	if s.reveal || s.hide == nil {
		return nil
	}
	return s.hide(b)
}

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
