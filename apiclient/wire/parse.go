package wire

import (
	"bytes"
	"fmt"
	"strings"
)

// ParseMessage reads one raw HTTP/1.1 message that was saved to a file: head
// lines end in CRLF or LF, a request's target may be a path or a whole URL,
// and a status line may lack its reason. The body is every byte after the
// blank line, whatever Content-Length or Transfer-Encoding say. Body and Head
// share no memory with data.
func ParseMessage(data []byte) (Message, error) {
	start := 0
	for start < len(data) && (data[start] == '\r' || data[start] == '\n') {
		start++
	}
	data = data[start:]
	if len(data) == 0 {
		return Message{}, &SyntaxError{"the message", "is empty", "give the raw HTTP message: request or status line, headers, blank line, body"}
	}
	end := headEnd(data)
	m := parseHead(data[:end])
	m.Body = append([]byte{}, data[end:]...)
	if err := checkStart(m); err != nil {
		return Message{}, err
	}
	for i, f := range m.Header {
		if !isToken(f.Name) {
			return Message{}, &SyntaxError{fmt.Sprintf("header line %d", i+1), fmt.Sprintf("is not Name: value: %q", clip(f.Name)),
				"put a blank line between the headers and the body"}
		}
	}
	return m, nil
}

// headEnd is the offset just after the blank line; len(data) where there is
// none.
func headEnd(data []byte) int {
	for at := 0; at < len(data); {
		i := bytes.IndexByte(data[at:], '\n')
		if i < 0 {
			return len(data)
		}
		line := data[at : at+i]
		at += i + 1
		if len(line) == 0 || len(line) == 1 && line[0] == '\r' {
			return at
		}
	}
	return len(data)
}

func checkStart(m Message) error {
	if m.IsResponse() {
		if m.Status() == 0 {
			return &SyntaxError{fmt.Sprintf("the status line %q", clip(m.Line)), "has no status code", `write it like "HTTP/1.1 200 OK"`}
		}
		return nil
	}
	if !isToken(m.Method()) || !looksLikeTarget(m) {
		return &SyntaxError{fmt.Sprintf("the first line %q", clip(m.Line)), "is neither a request line nor a status line",
			`start with a line like "POST /v2/payments/pay HTTP/1.1" or "HTTP/1.1 200 OK"`}
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
