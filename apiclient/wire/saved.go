package wire

import (
	"bytes"
	"strconv"
	"strings"
)

// undelimit removes the chunked coding from the body of a message that was
// saved to a file, and marks a body that ends before it should have. A body
// that is not chunked although the header says so stays as it is: many tools
// save what they decoded.
func (m *Message) undelimit() {
	if m.chunked() {
		if body, whole := unchunk(m.Body); whole || len(body) > 0 || len(m.Body) == 0 {
			m.Body, m.Partial = body, !whole
		}
		return
	}
	if length, ok := contentLength(m.Values("Content-Length")); ok && !m.withoutBody() {
		m.Partial = length > int64(len(m.Body))
	}
}

// chunked reports whether chunked is the last transfer coding.
func (m *Message) chunked() bool {
	codings := strings.Join(m.Values("Transfer-Encoding"), ",")
	last := codings[strings.LastIndexByte(codings, ',')+1:]
	return strings.EqualFold(trimSpace(last), "chunked")
}

// withoutBody reports whether the message is a response that has no body by
// its status, whatever its Content-Length says.
func (m *Message) withoutBody() bool {
	code := m.Status()
	return m.IsResponse() && (code < 200 || code == 204 || code == 304)
}

// unchunk returns what arrived of a chunked body, whose lines may end in LF
// alone in a file, and whether it is whole.
func unchunk(rest []byte) (body []byte, whole bool) {
	body = []byte{}
	for len(rest) > 0 {
		var line []byte
		line, rest = cutLine(rest)
		digits, _, _ := bytes.Cut(line, []byte{';'}) // an extension follows
		size, err := strconv.ParseUint(trimSpace(string(digits)), 16, 31)
		switch {
		case err != nil:
			return body, false
		case size == 0:
			return body, true
		case size > uint64(len(rest)):
			return append(body, rest...), false
		}
		body = append(body, rest[:size]...)
		if line, rest = cutLine(rest[size:]); len(line) > 0 {
			return body, false
		}
	}
	return body, false
}
