package evidence

import (
	"bytes"

	"countersign/apiclient/lazyregexp"
)

// numbered is a line of Jersey's and Karate's log: the number of the exchange,
// its direction, and a line of the head.
var (
	numbered      = lazyregexp.New(`^(?:.{0,80}[ :])?(\d{1,6}) ([><]) ?(.*)$`)
	numberedStart = lazyregexp.New(`(?m)^(?:.{0,80}[ :])?\d{1,6} > (?:GET|POST|PUT|PATCH|DELETE) (?:https?:/)?/\S+\s*$`)
	numberedNote  = lazyregexp.New(`^\d{1,6} \* |^.{0,40}\d\d:\d\d:\d\d`)
)

func isNumbered(text []byte) bool { return numberedStart.Match(text) }

// readNumbered reads the log of JAX-RS clients (Jersey, Karate): the body stands
// below the head, without marks.
func (r Reader) readNumbered(text []byte) (Evidence, error) {
	var parts []part
	for len(text) > 0 {
		line := firstLine(text)
		text = text[len(line):]
		m := numbered.FindSubmatch(bytes.TrimRight(line, "\r\n"))
		n := len(parts)
		switch {
		case m == nil && n > 0 && !numberedNote.Match(line):
			parts[n-1].message.Body = append(parts[n-1].message.Body, line...)
		case m == nil:
		case numberedStart.Match(line):
			parts = append(parts, head(string(m[3])+" HTTP/1.1"))
		case n > 0 && m[2][0] == '<' && !parts[n-1].message.IsResponse():
			parts = append(parts, head("HTTP/1.1 "+string(m[3])))
		case n > 0:
			parts[n-1].field(string(m[3]))
		}
	}
	for i := range parts {
		m := &parts[i].message
		m.Body = bytes.TrimRight(m.Body, "\r\n")
	}
	return r.pairs(Stream, parts, "the lines of this log end the bodies: line breaks at their ends would be lost")
}
