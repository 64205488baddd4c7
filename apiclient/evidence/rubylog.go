package evidence

import (
	"bytes"
	"strconv"
	"strings"

	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/wire"
)

// What the logger of Faraday prints: the line of the request, its header with the
// values as Ruby inspects them, the body; then the status, and so on. Ruby's Logger
// puts severity, time and side before each of the three.
var (
	rubyPrefix = lazyregexp.New(`^(?:[DIWEF], \[[^\]]*\] +[A-Z]+ -- [^:]*: )?(?:\[[^\]]*\] )*(?:(request|response): )?`)
	rubyStart  = lazyregexp.New(`^(GET|POST|PUT|PATCH|DELETE) (https?://\S+|/\S+)$`)
	rubyStatus = lazyregexp.New(`^Status (\d{3})$`)
	rubyField  = lazyregexp.New(`^([!#$%&'*+.^_|~0-9A-Za-z-]+): (".*"|nil)$`)
)

// isRubyLog knows a request line, and a header with its value in quotes below it.
func isRubyLog(text []byte) bool {
	started := false
	for line := range bytes.Lines(text) {
		if !started && (len(line) > maxAnchored || !bytes.Contains(line, []byte(" /")) && !bytes.Contains(line, []byte(" http"))) {
			continue
		}
		content, _ := rubyLine(string(bytes.TrimRight(line, "\r\n")))
		if started && rubyField.MatchString(content) {
			return true
		}
		started = rubyStart.MatchString(content)
	}
	return false
}

// rubyLine cuts off what a logger puts before a line, and reports whether it did.
func rubyLine(line string) (content string, cut bool) {
	at := rubyPrefix.FindStringIndex(line)
	return line[at[1]:], at[1] > 0
}

func (r Reader) readRubyLog(text []byte) (Evidence, error) {
	var parts []part
	inBody, prefixed := false, false
	for raw := range bytes.Lines(text) {
		line := string(bytes.TrimRight(raw, "\r\n"))
		content, cut := rubyLine(line)
		var message *wire.Message
		if len(parts) > 0 {
			message = &parts[len(parts)-1].message
		}
		start, status := rubyStart.FindStringSubmatch(content), rubyStatus.FindStringSubmatch(content)
		field := rubyField.FindStringSubmatch(content)
		switch {
		case start != nil && (cut || !prefixed):
			prefixed, inBody = cut, false
			parts = append(parts, requestOf(start[1], start[2]))
		case message == nil:
		case status != nil && (cut || !prefixed):
			inBody = false
			parts = append(parts, head("HTTP/1.1 "+status[1]+" "))
		case !inBody && field != nil:
			message.Header = append(message.Header, wire.Field{Name: field[1], Value: rubyValue(field[2])})
		case !inBody && (cut || !prefixed):
			inBody = true
			message.Body = []byte(content)
		case inBody:
			message.Body = append(append(message.Body, '\n'), line...)
		}
	}
	for i := range parts { // of another line of the log, or of one that ended the text
		m := &parts[i].message
		if n, err := strconv.Atoi(m.Get("Content-Length")); err != nil || n != len(m.Body) {
			m.Body = bytes.TrimRight(m.Body, "\r\n")
		}
	}
	return r.pairs(Stream, parts)
}

// rubyValue is what inspect printed.
func rubyValue(s string) string {
	if s == "nil" {
		return ""
	}
	s = strings.ReplaceAll(s, `\#`, "#")
	if plain, err := strconv.Unquote(s); err == nil {
		return plain
	}
	return s[1 : len(s)-1]
}
