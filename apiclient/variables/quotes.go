package variables

import (
	"bytes"
	"sort"

	"countersign/apiclient/jsonedit"
)

// quotes tells which offsets of a JSON text are inside a string. It is asked
// with growing offsets.
type quotes struct {
	text   []byte // nil: it is no JSON, and has no strings
	pos    int
	inside bool
	start  int // of the string at pos, its quote

	inner *quotes // of the JSON that this string holds; nil where it holds none
	at    []int   // offset in the string of each byte of that
	of    int     // the string that was looked into last; -1: none
}

// newQuotes starts at the beginning of text. Text that does not start like a
// JSON object or array has no strings.
func newQuotes(text []byte) *quotes {
	trimmed := bytes.TrimLeft(text, " \t\r\n\ufeff")
	if len(trimmed) == 0 || trimmed[0] != '{' && trimmed[0] != '[' || bytes.HasPrefix(trimmed, []byte("{{")) {
		return &quotes{pos: len(text), of: -1}
	}
	return &quotes{text: text, of: -1}
}

func (q *quotes) within(offset int) bool {
	for ; q.pos < offset && q.pos < len(q.text); q.pos++ {
		switch {
		case q.inside && q.text[q.pos] == '\\':
			q.pos++
		case q.text[q.pos] == '"':
			q.inside = !q.inside
			q.start = q.pos
		}
	}
	return q.inside
}

// depth gives the number of strings that an offset is in: more than one where a
// string holds JSON. bare reports whether it stands where JSON has a value, in
// the innermost text.
func (q *quotes) depth(offset int) (n int, bare bool) {
	if !q.within(offset) {
		return 0, q.text != nil
	}
	if q.of != q.start {
		q.of = q.start
		q.look()
	}
	if q.inner == nil {
		return 1, false
	}
	n, bare = q.inner.depth(sort.SearchInts(q.at, offset-q.start))
	return n + 1, bare
}

// maxInner is the longest string that is taken for JSON in a string, in bytes.
const maxInner = 4 << 20

// look opens the string at pos, if its text is JSON apart from variables.
func (q *quotes) look() {
	q.inner, q.at = nil, nil
	raw := q.text[q.start:]
	if head, _ := jsonedit.Unquote(raw[:min(len(raw), 64)]); !opens(head) {
		return
	}
	for i := 1; i < len(raw) && i <= maxInner; i++ {
		switch raw[i] {
		case '\\':
			i++
		case '"':
			text, at := jsonedit.Unquote(raw[:i+1])
			if t := jsonedit.Parse(text); t.Fault == nil && t.Nodes[0].Kind != jsonedit.Variable {
				q.inner, q.at = newQuotes(text), at
			}
			return
		}
	}
}

// opens reports whether a text begins as a JSON object or array does.
func opens(text []byte) bool {
	text = bytes.TrimLeft(text, " \t\r\n")
	return len(text) > 0 && (text[0] == '{' || text[0] == '[')
}
