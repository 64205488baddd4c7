package logged

import (
	"bytes"
	"slices"
	"strings"

	"countersign/apiclient/jsontext"
)

// closers are what ends a quotation or bracket.
var closers = map[byte]byte{'"': '"', '\'': '\'', '`': '`', '[': ']', '(': ')', '<': '>', '{': '}'}

// Characters around a string in a log: what may stand before it and behind it,
// and what parts it from words of which it is no part.
const (
	before  = " \t\n\"'`[(<{>:=,;"
	behind  = " \t\r\n\"'`])>}<,;"
	between = " \t\"'`[]()<>:=,"
)

// cut offers what of a text may be the string: all of it, and what lies
// between a likely beginning and a likely end.
func (s *reader) cut(now state) {
	text := now.text
	whole := func(b []byte) { s.offer(Reading{Text: b, How: now.how}) }
	whole(text)
	if !now.decoded() {
		// What pasting puts around it. Behind an escape, a line feed is one of the
		// string's own.
		whole(bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r")))
		whole(bytes.TrimSpace(text))
	}
	main := true
	for _, start := range s.starts(text) {
		for _, end := range s.ends(text, start) {
			if end-start == len(text) || !endsAt(text, start, end, now.decoded()) {
				continue
			}
			s.offer(Reading{Text: text[start:end], How: now.how, Cut: true, Main: main})
			main = false
			if s.exact != nil || s.left <= 0 {
				return
			}
		}
	}
}

// endsAt reports whether a string that begins at start may end at end.
func endsAt(text []byte, start, end int, decoded bool) bool {
	if start > 0 {
		if c, ok := closers[text[start-1]]; ok && bytes.IndexByte(text[end:], c) >= 0 {
			return text[end] == c
		}
	}
	if end == len(text) {
		return true
	}
	if start == 0 && decoded && len(bytes.TrimSpace(text[end:])) == 0 {
		return false // a line feed that was escaped is one of the string's own
	}
	return strings.IndexByte(behind, text[end]) >= 0
}

// Bounds of the places that are looked at.
const (
	maxSeen = 4  // of each mark
	reach   = 64 // bytes before the first mark in which a quotation or label may open
)

// starts returns the places where the string may begin, the first one first.
func (s *reader) starts(text []byte) []int {
	var seen [][2]int
	for _, m := range s.guide.Marks {
		for from, n := 0, 0; n < maxSeen; n++ {
			i := bytes.Index(text[from:], []byte(m))
			if i < 0 {
				break
			}
			from += i + len(m)
			seen = append(seen, [2]int{from - len(m), from})
		}
	}
	slices.SortFunc(seen, func(a, b [2]int) int { return a[0] - b[0] })
	var list []int
	for i, at := range seen {
		if at[0] > 0 && strings.IndexByte(before, text[at[0]-1]) < 0 {
			continue
		}
		// Behind another mark, with nothing between that ends it, it is the middle.
		if i > 0 && !bytes.ContainsAny(text[min(seen[i-1][1], at[0]):at[0]], between) {
			continue
		}
		list = append(list, at[0])
	}
	if len(seen) > 0 {
		first := seen[0][0]
		back := text[max(0, first-reach):first]
		i := bytes.LastIndexAny(back, "\"'`[(<")
		if i >= 0 && bytes.IndexByte(back[i+1:], closers[back[i]]) < 0 { // a tag that has ended opens nothing
			list = append(list, first-len(back)+i+1)
		}
		if i := bytes.LastIndex(back, []byte(": ")); i >= 0 {
			list = append(list, first-len(back)+i+2)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// ends returns the places where a string that begins at start may end, likeliest
// first.
func (s *reader) ends(text []byte, start int) []int {
	var list []int
	rest := text[start:]
	add := func(n int) {
		if n > 0 && n <= len(rest) && !slices.Contains(list, start+n) {
			list = append(list, start+n)
		}
	}
	if n := len(s.guide.Body); n > 0 {
		if i := bytes.Index(rest, s.guide.Body); i >= 0 {
			add(i + n)
		}
	}
	value := 0
	if i := bytes.IndexByte(rest, '{'); i >= 0 {
		if value = valueEnd(rest[i:]); value > 0 {
			add(i + value)
		}
	}
	if start > 0 {
		if c, ok := closers[text[start-1]]; ok {
			add(bytes.LastIndexByte(rest, c))
			add(bytes.IndexByte(rest, c))
		}
		for _, c := range "\"'])`" {
			if value == 0 {
				add(bytes.LastIndexByte(rest, byte(c))) //nolint:gosec // ASCII
			}
		}
	}
	add(lineEnds(rest, 1+bytes.Count(s.guide.Like, []byte("\n"))))
	add(len(bytes.TrimRight(rest, " \t\r\n")))
	add(len(rest))
	return list
}

// lineEnds returns where the n-th line of b ends; 0 where it has fewer.
func lineEnds(b []byte, n int) int {
	at := 0
	for ; n > 0; n-- {
		i := bytes.IndexByte(b[at:], '\n')
		if i < 0 {
			return 0
		}
		at += i + 1
	}
	return at - 1
}

// valueEnd returns where the JSON object at the beginning of b ends; 0 where it has
// no end.
func valueEnd(b []byte) int {
	if end, ok := jsontext.End(b, jsontext.Next(b, 0)); ok {
		return end
	}
	return 0
}

// restore puts the line feeds that a log lost back into the nearest candidates.
func (s *reader) restore() {
	for _, near := range s.nearest() {
		text := near.Text
		for _, b := range s.guide.Breaks {
			if made, ok := b.into(text); ok {
				s.offer(Reading{Text: made, How: near.How, Cut: near.Cut, Restored: "its line feed", Told: near.Text})
				text = made // the next break goes into what has this one
			}
		}
	}
}

// into puts the break in front of the value that follows it, or behind the one
// before it; a blank in its place gives way.
func (b Break) into(text []byte) ([]byte, bool) {
	at := -1
	if b.After != "" {
		at = bytes.Index(text, []byte(b.After))
	}
	if i := bytes.Index(text, []byte(b.Before)); at < 0 && b.Before != "" && i >= 0 {
		at = i + len(b.Before)
	}
	if at <= 0 || bytes.IndexByte(text[max(0, at-2):min(len(text), at+1)], '\n') >= 0 {
		return nil, false
	}
	return slices.Concat(bytes.TrimRight(text[:at], " \t"), []byte(b.Text), bytes.TrimLeft(text[at:], " \t")), true
}
