package wire

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// CutMessage returns the first of the messages that stand one after the other
// in data, as ParseMessage reads it, and what follows it. data begins with a
// line that starts a message.
//
// A message ends where its framing says: after its Content-Length or its last
// chunk, if another message or the end of data is there. Where it has none, or
// it does not fit because the text was edited, the message goes on until a line
// that starts the next one; the line breaks and the separators before that line
// are nobody's.
func CutMessage(data []byte) (message, rest []byte) {
	end, cut := headAlone(data)
	if cut {
		return data[:end], data[end:]
	}
	m := parseHead(data[:end])
	if size, ok := m.framed(data[end:]); ok {
		if next, ok := boundary(data[end+size:]); ok {
			return data[:end+size], data[end+size+next:]
		}
		if after := data[end+size:]; size > 0 && (after[0] == '\n' || after[0] == '\r') && whole(data[end:end+size]) {
			return data[:end+size], after // other text follows
		}
	}
	next := nextStart(data[end:], !m.IsResponse() || m.Status() == 100)
	body := trimSeparators(data[end : end+next])
	if n := jsonLength(body); n > 0 && n < len(body) && (body[n] == '\n' || body[n] == '\r') {
		body = body[:n] // other text follows
	}
	return data[: end+len(body) : end+len(body)], data[end+next:]
}

// whole reports whether a body is not JSON that goes on.
func whole(body []byte) bool {
	return body[0] != '{' && body[0] != '[' || json.Valid(body)
}

// jsonLength is the length of the JSON that a body begins with; 0 where it
// begins with none.
func jsonLength(body []byte) int {
	if len(body) == 0 || body[0] != '{' && body[0] != '[' {
		return 0
	}
	d := json.NewDecoder(bytes.NewReader(body))
	var raw json.RawMessage
	if d.Decode(&raw) != nil {
		return 0
	}
	return int(d.InputOffset())
}

// StartsMessage reports whether a line is the first of a message: a request
// line with its version, or a status line.
func StartsMessage(line []byte) bool {
	line = bytes.TrimRight(line, "\r\n \t")
	if bytes.HasPrefix(line, []byte("HTTP/")) {
		m := Message{Line: string(line[:min(len(line), 20)])} // as much as has the code
		version, _, _ := bytes.Cut(line, []byte{' '})
		return isVersion(version) && m.Status() != 0
	}
	i := bytes.LastIndexByte(line, ' ')
	if i <= 0 || !isVersion(line[i+1:]) {
		return false
	}
	m := Message{Line: string(line)}
	return strings.Trim(m.Method(), "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" && looksLikeTarget(m)
}

// isVersion knows HTTP/1.1, HTTP/2 and so on.
func isVersion(s []byte) bool {
	rest, ok := bytes.CutPrefix(s, []byte("HTTP/"))
	if !ok || len(rest) == 0 || len(rest) > 3 || rest[0] < '0' || rest[0] > '9' {
		return false
	}
	return len(rest) == 1 || len(rest) == 3 && rest[1] == '.' && rest[2] >= '0' && rest[2] <= '9'
}

// headAlone is the end of the head. cut says that the next message follows it
// without a blank line.
func headAlone(data []byte) (end int, cut bool) {
	for line := range bytes.Lines(data) {
		if end > 0 && StartsMessage(line) {
			return end, true
		}
		end += len(line)
		if len(bytes.TrimRight(line, "\r\n")) == 0 {
			return end, false
		}
	}
	return end, false
}

// framed is the size that the body has in rest by its framing; ok is false where
// it has none, or rest is shorter.
func (m *Message) framed(rest []byte) (size int, ok bool) {
	if m.withoutBody() {
		return 0, true
	}
	if m.chunked() {
		return chunks(rest)
	}
	length, ok := contentLength(m.Values("Content-Length"))
	return int(min(length, int64(len(rest)))), ok && length <= int64(len(rest))
}

// chunks is the size of a chunked body with its trailer and its blank line.
func chunks(data []byte) (size int, ok bool) {
	_, rest, whole := unchunk(data)
	if !whole {
		return 0, false
	}
	rest = rest[trailerEnd(rest):]
	if line, after := cutLine(rest); len(line) == 0 {
		rest = after
	}
	return len(data) - len(rest), true
}

// maxSeparators is how many lines may stand between two messages.
const maxSeparators = 8

// boundary reports whether a message may end before rest: at the end, or with
// nothing but separators before the next one, whose place next is.
func boundary(rest []byte) (next int, ok bool) {
	for range maxSeparators {
		line, _, _ := bytes.Cut(rest[next:], []byte{'\n'})
		line = rest[next:min(len(rest), next+len(line)+1)]
		switch {
		case len(line) == 0 || StartsMessage(line):
			return next, true
		case !isSeparator(line):
			return 0, false
		}
		next += len(line)
	}
	return next, len(bytes.Trim(rest[next:], "\r\n")) == 0
}

// nextStart is the place of the next line that starts a message; len(data)
// where there is none. A status line may follow a request's body in its last
// line.
func nextStart(data []byte, answers bool) int {
	at := 0
	for line := range bytes.Lines(data) {
		if StartsMessage(line) {
			return at
		}
		if i := bytes.LastIndex(line, []byte("HTTP/")); answers && i > 0 && StartsMessage(line[i:]) &&
			isHeadLine(data[at+len(line):]) {
			return at + i
		}
		at += len(line)
	}
	return len(data)
}

// isHeadLine reports whether data begins with a field or a blank line.
func isHeadLine(data []byte) bool {
	line, _ := cutLine(data)
	name, _, ok := bytes.Cut(line, []byte{':'})
	return len(line) == 0 || ok && isToken(string(name))
}

// trimSeparators cuts off the lines behind a body that has no framing.
func trimSeparators(body []byte) []byte {
	for range maxSeparators {
		trimmed := bytes.TrimRight(body, "\r\n")
		i := bytes.LastIndexByte(trimmed, '\n') + 1
		if i == 0 || !isSeparator(trimmed[i:]) {
			return trimmed
		}
		body = trimmed[:i]
	}
	return bytes.TrimRight(body, "\r\n")
}

// labels are the words of the lines that people and tools write between two
// messages.
var labels = []string{"request", "response", "answer", "reply", "end", "begin", "the", "http", "raw", "headers", "body"}

// isSeparator reports whether a line is empty, a rule of dashes, or a label such
// as "--- Response ---".
func isSeparator(line []byte) bool {
	if len(line) > 100 {
		return false
	}
	text := strings.ToLower(strings.TrimSpace(string(line)))
	if text == "" {
		return true
	}
	if strings.Trim(text, "-=*#~_+<> ") == "" {
		return len(text) >= 3
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("-=*#~_+: \t<>", r) })
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(labels, w) })
}
