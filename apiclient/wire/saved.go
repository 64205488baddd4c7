package wire

import (
	"bytes"
	"strconv"
	"strings"
)

// undelimit removes the chunked coding from the body of a message that was
// saved to a file, takes the trailer behind it, and marks a body that ends
// before it should have. A body that is not chunked although the header says so
// stays as it is: many tools save what they decoded. An error is one of a
// trailer that is too long.
func (m *Message) undelimit() error {
	if m.chunked() {
		body, rest, whole := unchunk(m.Body)
		if !whole && len(body) == 0 && len(m.Body) > 0 {
			return nil
		}
		m.Body, m.Partial = body, !whole
		trailer := rest[:trailerEnd(rest)]
		if err := checkHeadSize("the trailer", bytes.Count(trailer, []byte{'\n'}), len(trailer)); err != nil {
			return err
		}
		m.Trailer = parseFields(trailer, lineEnd(trailer))
		return nil
	}
	if length, ok := contentLength(m.Values("Content-Length")); ok && !m.withoutBody() {
		m.Partial = length > int64(len(m.Body))
	}
	return nil
}

// trailerEnd is the length of a trailer; 0 where what is there is none.
func trailerEnd(rest []byte) int {
	line, _ := cutLine(rest)
	if name, _, ok := bytes.Cut(line, []byte{':'}); !ok || !isToken(string(name)) {
		return 0
	}
	return headEnd(rest)
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
// alone in a file, what follows its last chunk, and whether it is whole.
func unchunk(data []byte) (body, rest []byte, whole bool) {
	rest = data
	body = []byte{}
	for len(rest) > 0 {
		var line []byte
		line, rest = cutLine(rest)
		digits, _, _ := bytes.Cut(line, []byte{';'}) // an extension follows
		size, err := strconv.ParseUint(trimSpace(string(digits)), 16, 31)
		switch {
		case err != nil:
			return body, nil, false
		case size == 0:
			return body, rest, true
		case size > uint64(len(rest)):
			return append(body, rest...), nil, false
		}
		body = append(body, rest[:size]...)
		if line, rest = cutLine(rest[size:]); len(line) > 0 {
			return body, nil, false
		}
	}
	return body, nil, false
}
