package variables

import (
	"bytes"
	"sort"

	"countersign/apiclient/jsontext"
)

// quotes tells which offsets of a JSON text are inside a string. It is asked
// with growing offsets.
type quotes struct {
	text  []byte // nil: it is no JSON, and has no strings
	token jsontext.Token

	inner *quotes // of the JSON that this string holds; nil where it holds none
	at    []int   // offset in the string of each byte of that
	of    int     // the string that was looked into last; -1: none
}

// newQuotes starts at the beginning of text. Text that does not start like a
// JSON object or array has no strings.
func newQuotes(text []byte) *quotes {
	start := bytes.TrimLeft(text, " \t\r\n\ufeff")
	if !jsontext.Opens(start) || bytes.HasPrefix(start, pair) {
		return &quotes{of: -1}
	}
	return &quotes{text: text, of: -1}
}

func (q *quotes) within(offset int) bool {
	for q.token.To < offset && q.token.To < len(q.text) {
		q.token = jsontext.Next(q.text, q.token.To)
	}
	switch t := q.token; t.Kind {
	case jsontext.String:
		return t.From < offset && offset < t.To
	case jsontext.Unclosed:
		return t.From < offset
	}
	return false
}

// depth returns the number of strings that an offset is in: more than one where a
// string holds JSON. bare reports whether it stands where JSON has a value, in
// the innermost text.
func (q *quotes) depth(offset int) (n int, bare bool) {
	if !q.within(offset) {
		return 0, q.text != nil
	}
	if q.of != q.token.From {
		q.of = q.token.From
		q.look()
	}
	if q.inner == nil {
		return 1, false
	}
	n, bare = q.inner.depth(sort.SearchInts(q.at, offset-q.token.From))
	return n + 1, bare
}

// maxInner is the longest string that is taken for JSON in a string, in bytes.
const maxInner = 4 << 20

// look opens the string, if its text is JSON apart from variables.
func (q *quotes) look() {
	q.inner, q.at = nil, nil
	raw := q.token.Of(q.text)
	if head, _ := jsontext.Unquote(raw[:min(len(raw), 64)]); q.token.Kind != jsontext.String || len(raw) > maxInner ||
		!jsontext.Opens(head) {
		return
	}
	text, at := jsontext.Unquote(raw)
	if t := jsontext.Parse(text); t.Fault == nil && t.Nodes[0].Kind != jsontext.Variable {
		q.inner, q.at = newQuotes(text), at
	}
}
