// Package logged undoes what logs, JSON, web pages and chats do to a string:
// escapes, entities, quotes, codings, line feeds that were lost. What was done
// may be done several times over, in any order; the search for it is bounded
// in depth, in count and in bytes.
package logged

import (
	"bytes"
	"context"
	"hash/maphash"
	"slices"
	"strings"
)

// Bounds of one search.
const (
	MaxText   = 8 << 20  // bytes of a text; only the beginning of a longer one is read
	maxDepth  = 6        // decodings over each other
	maxStates = 400      // texts that decodings make
	maxWork   = 24 << 20 // bytes that decoding and cutting handle, beside twice the text itself
	maxKept   = 48       // candidates that are kept
)

// Guide is what is known of the string that is looked for.
type Guide struct {
	Like   []byte   // the string as it should be
	Body   []byte   // what it ends in; nil where that is not known
	Marks  []string // what it begins with, or has near its beginning: method and a space, path, client id, time
	Breaks []Break  // line feeds that belong into it
}

// Break is a line feed (or several) that belongs between two values.
type Break struct{ Before, Text, After string }

// Reading is a string that may be the one that was meant.
type Reading struct {
	Text     []byte
	How      []string // the decodings that were undone, outermost first: "a JSON string", "HTML entities"
	Cut      bool     // it was cut out of a longer text
	Main     bool     // it is the likeliest of what was cut out of one text
	Restored string   // what was put back into it: "its line feed"; "" where nothing was
	Told     []byte   // the text before that
}

// Words says how the string was logged, as "HTML entities inside a JSON
// string"; "" where it stood there as it is.
func (r Reading) Words() string {
	inner := slices.Clone(r.How)
	slices.Reverse(inner)
	return strings.Join(inner, " inside ")
}

// Readings are what was found in a text.
type Readings struct {
	Exact *Reading  // the first that accept took; nil where there is none
	Near  []Reading // other candidates, those most like the expected string first
}

// Read looks for a string in a text. accept is asked for each candidate once,
// and the first that it takes ends the search.
func Read(ctx context.Context, text []byte, g Guide, accept func([]byte) bool) Readings {
	text = text[:min(len(text), MaxText)]
	s := &reader{ctx: ctx, guide: g, accept: accept, seed: maphash.MakeSeed(), texts: map[uint64]bool{},
		cuts: map[uint64]bool{}, left: maxWork + 2*len(text)}
	s.read(text)
	return Readings{s.exact, s.nearest()}
}

type state struct {
	text []byte
	how  []string
}

// decoded reports whether more than line ends was undone.
func (s state) decoded() bool {
	return slices.ContainsFunc(s.how, func(h string) bool { return h != WindowsLines })
}

type candidate struct {
	Reading
	shared int // bytes at both ends that are those of the expected string
}

type reader struct {
	ctx    context.Context
	guide  Guide
	accept func([]byte) bool

	seed        maphash.Seed
	texts, cuts map[uint64]bool // that were seen
	queue       []state
	left        int // bytes of work
	exact       *Reading
	near        []candidate
}

// spend counts work, and reports whether there is some left.
func (s *reader) spend(n int) bool {
	s.left -= n
	return s.left > 0 && s.ctx.Err() == nil
}

func (s *reader) read(text []byte) {
	s.push(text, nil)
	for at := 0; at < len(s.queue) && s.exact == nil; at++ {
		now := s.queue[at]
		s.queue[at].text = nil
		s.cut(now)
		if s.exact != nil || len(now.how) >= maxDepth {
			continue
		}
		for _, d := range decoders {
			if !s.spend(len(now.text)) {
				return
			}
			d(now.text, func(made []byte, name string) {
				how := now.how
				if name != "" {
					how = append(slices.Clone(how), name)
				}
				s.push(made, how)
			})
		}
	}
	if s.exact == nil {
		s.restore()
	}
}

// push puts a text into the queue, unless it was there.
func (s *reader) push(text []byte, how []string) {
	if len(s.queue) >= maxStates || len(text) == 0 || !s.spend(len(text)) && len(s.queue) > 0 {
		return
	}
	if key := maphash.Bytes(s.seed, text); !s.texts[key] {
		s.texts[key] = true
		s.queue = append(s.queue, state{text, how})
	}
}

// offer asks for a candidate, and keeps it where it is not the one.
func (s *reader) offer(r Reading) {
	if s.exact != nil || len(r.Text) == 0 || !s.spend(len(r.Text)) && len(s.cuts) > 0 {
		return
	}
	key := maphash.Bytes(s.seed, r.Text)
	if s.cuts[key] {
		return
	}
	s.cuts[key] = true
	if s.accept(r.Text) {
		r.Text = bytes.Clone(r.Text)
		s.exact = &r
		return
	}
	if !s.promising(r.Text) {
		return
	}
	c := candidate{r, shared(r.Text, s.guide.Like)}
	at := slices.IndexFunc(s.near, func(o candidate) bool { return s.nearer(c, o) })
	switch {
	case at < 0 && len(s.near) >= maxKept:
		return
	case at < 0:
		at = len(s.near)
	}
	c.Text = bytes.Clone(c.Text)
	s.near = slices.Insert(s.near, at, c)
	s.near = s.near[:min(len(s.near), maxKept)]
}

// nearer reports whether a is more like the expected string than b: it shares
// more of its ends, has a length nearer to it, and took fewer decodings.
func (s *reader) nearer(a, b candidate) bool {
	if a.shared != b.shared {
		return a.shared > b.shared
	}
	if x, y := s.off(a), s.off(b); x != y {
		return x < y
	}
	return len(a.How) < len(b.How)
}

func (s *reader) off(c candidate) int {
	n := len(c.Text) - len(s.guide.Like)
	return max(n, -n)
}

// promising reports whether a text has anything of the string in it.
func (s *reader) promising(text []byte) bool {
	for _, m := range s.guide.Marks {
		if bytes.Contains(text, []byte(m)) {
			return true
		}
	}
	n := len(s.guide.Like)
	return n > 0 && shared(text, s.guide.Like) >= min(n, 16)
}

func (s *reader) nearest() []Reading {
	list := make([]Reading, len(s.near))
	for i, c := range s.near {
		list[i] = c.Reading
	}
	return list
}

// shared counts the bytes that two strings have in common at both ends.
func shared(a, b []byte) int {
	n := min(len(a), len(b))
	front, back := 0, 0
	for front < n && a[front] == b[front] {
		front++
	}
	for back < n-front && a[len(a)-1-back] == b[len(b)-1-back] {
		back++
	}
	return front + back
}
