package wire

import (
	"bytes"
	"slices"
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
		m.undoTransfer()
		trailer := rest[:trailerEnd(rest)]
		if err := checkHeadSize("the trailer", bytes.Count(trailer, []byte{'\n'}), len(trailer)); err != nil {
			return err
		}
		m.Trailer = parseFields(string(trailer), lineEnd(trailer))
		return nil
	}
	m.undoTransfer()
	if length, ok := m.Announced(); ok {
		m.Partial = length > int64(len(m.Body))
	}
	return nil
}

// Announced returns the length in bytes that Content-Length says of the body;
// false where it says none, or another coding ends the body.
func (m *Message) Announced() (int64, bool) {
	if m.withoutBody() || m.Has("Transfer-Encoding") {
		return 0, false
	}
	return contentLength(m.Values("Content-Length"))
}

// UndoChunks removes a chunked coding that the header names and that is in the
// body from its first size to its last chunk, as in what a tool copied from the
// socket. Any other body stays.
func (m *Message) UndoChunks() {
	if body, ok := Unchunk(m.Body); ok && m.chunked() {
		m.Body = body
		m.undoTransfer()
	}
}

// Unchunk returns what is in a chunked body; false where data is none that is
// whole.
func Unchunk(data []byte) ([]byte, bool) {
	body, rest, whole := unchunk(data)
	return body, whole && len(body) > 0 && len(rest) > 0
}

// maxTransfer is the size in bytes that a body may have without its transfer
// codings.
const maxTransfer = 64 << 20

// undoTransfer removes the transfer codings below the chunked one, such as gzip
// in "gzip, chunked". A body that does not have them stays: many tools save what
// they decoded.
func (m *Message) undoTransfer() {
	codings := strings.Split(strings.ToLower(strings.Join(m.Values("Transfer-Encoding"), ",")), ",")
	if len(codings) > maxCodings+1 {
		return
	}
	for _, c := range slices.Backward(codings) {
		c = trimSpace(c)
		if c == "chunked" || c == "identity" || c == "" {
			continue
		}
		body, err := decodeOne(c, m.Body, maxTransfer)
		if err != nil {
			return
		}
		m.Body = body
	}
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
