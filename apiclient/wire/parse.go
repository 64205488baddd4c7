package wire

import (
	"bytes"
	"slices"
	"strings"

	"countersign/apiclient/hint"
)

// ParseMessage reads one raw HTTP/1.1 message that was saved to a file: head
// lines end in CRLF or LF, a request's target may be a path or a whole URL,
// and a status line may lack its reason. The body is every byte after the
// blank line, whatever Content-Length says, but without a chunked coding: see
// Undelimit. The head has the limits of one from the network. Body and Head
// share no memory with data.
func ParseMessage(data []byte) (Message, error) {
	start := 0
	for start < len(data) && (data[start] == '\r' || data[start] == '\n') {
		start++
	}
	data = data[start:]
	if len(data) == 0 {
		return Message{}, hint.Errorf("give the raw HTTP message: request or status line, headers, blank line, body",
			"the message is empty")
	}
	line, _ := cutLine(data)
	if err := checkStart(Message{Line: string(line)}); err != nil {
		return Message{}, err
	}
	end := headEnd(data)
	if err := checkHeadSize("the header", bytes.Count(data[:end], []byte{'\n'}), end); err != nil {
		return Message{}, err
	}
	m := parseHead(data[:end])
	m.Body = append([]byte{}, data[end:]...)
	for i, f := range m.Header {
		if !isToken(f.Name) {
			return Message{}, hint.Errorf("put a blank line between the headers and the body",
				"header line %d is not Name: value: %q", i+1, clip(f.Name))
		}
	}
	if err := m.undelimit(); err != nil {
		return Message{}, err
	}
	return m, nil
}

// CheckHead reports a header with more or longer fields than a message may
// have. It is for messages that were not read from bytes.
func CheckHead(m Message) error {
	lines, size := 1, len(m.Line)
	for _, f := range slices.Concat(m.Header, m.Trailer) {
		lines += 1 + strings.Count(f.Value, "\n")
		size += len(f.Name) + len(f.Value)
	}
	return checkHeadSize("the header", lines, size)
}

func checkHeadSize(what string, lines, size int) error {
	const fix = "give one message alone, with a blank line between its headers and its body"
	switch {
	case lines > MaxLines:
		return hint.Errorf(fix, "%s has %d lines; at most %d are read", what, lines, MaxLines)
	case size > MaxHead:
		return hint.Errorf(fix, "%s has %d bytes; at most %d are read", what, size, MaxHead)
	}
	return nil
}

// headEnd is the offset just after the blank line; len(data) where there is
// none.
func headEnd(data []byte) int {
	at := 0
	for line := range bytes.Lines(data) {
		if at += len(line); string(line) == "\n" || string(line) == "\r\n" {
			break
		}
	}
	return at
}

func checkStart(m Message) error {
	if m.IsResponse() {
		if m.Status() == 0 {
			return hint.Errorf(`write it like "HTTP/1.1 200 OK"`, "the status line %q has no status code", clip(m.Line))
		}
		return nil
	}
	if !isToken(m.Method()) || !looksLikeTarget(m) {
		return hint.Errorf(`start with a line like "POST /v2/payments/pay HTTP/1.1" or "HTTP/1.1 200 OK"`,
			"the first line %q is neither a request line nor a status line", clip(m.Line))
	}
	return nil
}

// looksLikeTarget tells a request line from a line of text. One that names its
// version may have a damaged target, which is for the signature to find.
func looksLikeTarget(m Message) bool {
	s := m.Target()
	damaged := strings.Contains(m.Line, " HTTP/") && s != "" && !strings.Contains(s, " ")
	return strings.HasPrefix(s, "/") || strings.Contains(s, "://") || s == "*" || damaged
}

func clip(s string) string {
	if len(s) > 60 {
		return s[:60] + "…"
	}
	return s
}
