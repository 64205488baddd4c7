package viewer

import "countersign/apiclient/jsontext"

// valuePlace is a value of a text: its path, and the offset of its first byte.
type valuePlace struct {
	path string
	at   int
}

// at returns the value that stands at an offset of a line.
func (o *outline) at(from, lineEnd int) valuePlace { return o.lang.at(o, from, lineEnd) }

// jsonAt returns the value that stands at an offset of a line: behind a name it is
// that member's, at a closing bracket the whole container.
func jsonAt(o *outline, from, lineEnd int) valuePlace {
	b, s := o.b, o.scan(from)
	at := s.at
	if s.at > from && s.token < from { // in the middle of a long value
		at = s.token
	}
	at = jsontext.SkipSpace(b[:lineEnd], at)
	t := jsontext.Glance(b[:lineEnd], at)
	switch n := len(s.open); t.Kind {
	case jsontext.ObjectEnd, jsontext.ArrayEnd, jsontext.Comma, jsontext.Colon:
		if t.Kind != jsontext.Comma && t.Kind != jsontext.Colon && n > 0 {
			return valuePlace{spellPath(b, s.open[:n-1]), s.open[n-1].at}
		}
		at = jsontext.SkipSpace(b[:lineEnd], at+1)
		t = jsontext.Glance(b[:lineEnd], at)
	}
	if at >= len(b) {
		return valuePlace{}
	}
	if t.Kind == jsontext.String || t.Kind == jsontext.Unclosed { // a name, and its value after it
		if colon := jsontext.Glance(b, t.To); colon.Kind == jsontext.Colon {
			at = jsontext.SkipSpace(b, colon.To)
		}
	}
	s.run(at)
	return valuePlace{spellPath(b, s.open), at}
}

// valueEnd returns the end of the value that begins at an offset; the offset
// where it has none.
func (o *outline) valueEnd(at int) int {
	s := o.scan(at)
	if s.at != at || at >= len(o.b) {
		return at
	}
	depth := len(s.open)
	s.run(at + 1)
	if len(s.open) > depth {
		if c, ok := o.finish(s, depth); ok {
			return o.lang.closed(o.b, c.end)
		}
		return at
	}
	return s.at
}

// maxName bounds what is read of a name, in bytes: a longer one is not shown.
const maxName = 4 << 10

// spellPath writes the way to the current items of the containers that are open:
// result.items[3].id
func spellPath(b []byte, open []frame) string {
	var path []byte
	for _, f := range open {
		if b[f.at] == '[' {
			path = jsontext.AppendPosition(path, f.ordinal)
			continue
		}
		if f.name < 0 {
			break
		}
		name := jsontext.Glance(b, f.name).Of(b)
		path = jsontext.AppendName(path, jsontext.Text(name[:min(len(name), maxName)]))
	}
	return string(path)
}
