package logged

import (
	"bytes"
	"slices"
	"strings"
)

// closers are what ends a quotation or bracket.
var closers = map[byte]string{'"': `"`, '\'': `'`, '`': "`", '[': "]", '(': ")", '<': ">", '{': "}"}

// cut offers what of a text may be the string: all of it, and what lies
// between a likely beginning and a likely end.
func (s *reader) cut(now state) {
	text := now.text
	whole := func(b []byte) { s.offer(Reading{Text: b, How: now.how}) }
	whole(text)
	if len(now.how) == 0 {
		// What pasting puts around it. Behind an escape, a line feed is one of the
		// string's own.
		whole(bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r")))
		whole(bytes.TrimSpace(text))
	}
	for _, start := range s.starts(text) {
		for _, end := range s.ends(text, start) {
			if end > start && end-start < len(text) {
				s.offer(Reading{Text: text[start:end], How: now.how, Cut: true})
			}
			if s.exact != nil || s.left <= 0 {
				return
			}
		}
	}
}

// reach is how far before a mark an opening quotation or label is looked for.
const reach = 48

// starts are the places where the string may begin.
func (s *reader) starts(text []byte) []int {
	var list []int
	add := func(i int) {
		if !slices.Contains(list, i) {
			list = append(list, i)
		}
	}
	first := len(text)
	for _, m := range s.guide.Marks {
		if i := bytes.Index(text, []byte(m)); i >= 0 {
			add(i)
			first = min(first, i)
		}
	}
	if first == len(text) {
		return list
	}
	back := text[max(0, first-reach):first]
	if i := bytes.LastIndexAny(back, "\"'`[(<{=:\n>"); i >= 0 {
		i += first - len(back) + 1
		add(i)
		for i < first && text[i] == ' ' {
			i++
		}
		add(i)
	}
	return list
}

// ends are the places where a string that begins at start may end, likeliest
// first.
func (s *reader) ends(text []byte, start int) []int {
	var list []int
	add := func(i int) {
		if i > start && i <= len(text) && !slices.Contains(list, i) {
			list = append(list, i)
		}
	}
	rest := text[start:]
	if n := len(s.guide.Body); n > 0 {
		if i := bytes.Index(rest, s.guide.Body); i >= 0 {
			add(start + i + n)
		}
	}
	value := 0
	if i := bytes.IndexByte(rest, '{'); i >= 0 {
		if value = valueEnd(rest[i:]); value > 0 {
			add(start + i + value)
		}
	}
	if start > 0 {
		if c := closers[text[start-1]]; c != "" {
			add(start + bytes.LastIndex(rest, []byte(c)))
			add(start + bytes.Index(rest, []byte(c)))
		}
		if value == 0 {
			for _, c := range []string{`"`, "'", "]", ")", "`", "</"} {
				add(start + bytes.LastIndex(rest, []byte(c)))
			}
		}
	}
	add(start + lineEnds(rest, 1+bytes.Count(s.guide.Like, []byte("\n"))))
	add(start + len(bytes.TrimRight(rest, " \t\r\n")))
	add(len(text))
	return list
}

// lineEnds is where the n-th line of b ends; 0 where it has fewer.
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

// valueEnd is where the JSON object at the beginning of b ends; 0 where it has
// no end.
func valueEnd(b []byte) int {
	depth, inString := 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}

// mend puts the line feeds that a log lost back into the nearest candidates.
func (s *reader) mend() {
	for _, near := range s.nearest() {
		c := near
		for _, b := range s.guide.Breaks {
			made, ok := b.into(c.Text)
			if !ok {
				continue
			}
			r := c
			r.Text, r.Mend, r.Told = made, "its line feed", near.Text
			s.offer(r)
			c.Text = made // the next break goes into what has this one
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
	if at <= 0 || strings.Contains(string(text[max(0, at-2):min(len(text), at+1)]), "\n") {
		return nil, false
	}
	front := text[:at]
	if len(bytes.TrimRight(front, " \t")) > 0 {
		front = bytes.TrimRight(front, " \t")
	}
	return slices.Concat(front, []byte(b.Text), bytes.TrimLeft(text[at:], " \t")), true
}
