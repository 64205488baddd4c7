// Package wire is HTTP/1.1 as bytes: messages that keep the order, the case
// and the folds of their header, a reader that survives whatever a server
// sends, and a parser for messages that were saved to a file. A signature
// covers exact bytes, and net/http canonicalises names, forgets order, follows
// redirects and undoes compression.
package wire

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// Field is one header field, in the spelling and at the place it has on the
// wire. Value has no white space at its ends; a folded value keeps its line
// ends (Unfold removes them). A line without a colon is a Field with all of it
// as Name and no Value.
type Field struct{ Name, Value string }

// Message is one HTTP message as it was on the wire: order and spelling of the
// header kept, transfer coding removed, content coding not.
type Message struct {
	Line    string  // request line or status line, without line end; "" where what arrived was not HTTP
	Header  []Field // as on the wire
	Head    []byte  // the head's bytes with the blank line, where HeadBytes cannot make them from Line and Header; else nil
	Body    []byte  // after transfer coding, before content coding: what Content-Length counts
	Decoded []byte  // Body without its Content-Encoding; nil where there was none or it could not be undone
	Trailer []Field // header fields behind a chunked body (RFC 9112, 7.1.2); they are no part of Header
	Partial bool    // the body ended before it should have
}

// HeadBytes returns the head as on the wire, with the blank line after it.
func (m Message) HeadBytes() []byte {
	if m.Head != nil {
		return m.Head
	}
	return makeHead(m.Line, m.Header)
}

func makeHead(line string, header []Field) []byte {
	size := len(line) + len("\r\n\r\n")
	for _, f := range header {
		size += len(f.Name) + len(": ") + len(f.Value) + len("\r\n")
	}
	b := append(make([]byte, 0, size), line...)
	b = append(b, "\r\n"...)
	for _, f := range header {
		b = append(b, f.Name...)
		b = append(b, ": "...)
		b = append(b, f.Value...)
		b = append(b, "\r\n"...)
	}
	return append(b, "\r\n"...)
}

// makes reports whether makeHead makes raw of a line and fields.
func makes(line string, header []Field, raw string) bool {
	rest, ok := strings.CutPrefix(raw, line)
	cut := func(s string) {
		if ok {
			rest, ok = strings.CutPrefix(rest, s)
		}
	}
	cut("\r\n")
	for _, f := range header {
		cut(f.Name)
		cut(": ")
		cut(f.Value)
		cut("\r\n")
	}
	return ok && rest == "\r\n"
}

// Content is the body that a reader sees: Decoded where there is one, else
// Body.
func (m Message) Content() []byte {
	if m.Decoded != nil {
		return m.Decoded
	}
	return m.Body
}

// Values returns every value of a header, in order, folds kept.
func (m Message) Values(name string) []string { return valuesOf(m.Header, name) }

// TrailerValues returns every value of a field of the trailer, in order.
func (m Message) TrailerValues(name string) []string { return valuesOf(m.Trailer, name) }

// Announces reports whether the header says that such a field will be in the
// trailer.
func (m Message) Announces(name string) bool {
	for _, list := range m.Values("Trailer") {
		for announced := range strings.SplitSeq(list, ",") {
			if strings.EqualFold(trimSpace(announced), name) {
				return true
			}
		}
	}
	return false
}

func valuesOf(fields []Field, name string) []string {
	var values []string
	for _, f := range fields {
		if strings.EqualFold(f.Name, name) {
			values = append(values, trimSpace(f.Value))
		}
	}
	return values
}

// Get returns the first value of a header, unfolded; "" where there is none.
func (m Message) Get(name string) string {
	for _, f := range m.Header {
		if strings.EqualFold(f.Name, name) {
			return Unfold(f.Value)
		}
	}
	return ""
}

// Has reports whether there is such a header.
func (m Message) Has(name string) bool {
	return slices.ContainsFunc(m.Header, func(f Field) bool { return strings.EqualFold(f.Name, name) })
}

// WithoutColon returns the lines of the head that are no Name: value, as they
// are in Field.Name.
func (m Message) WithoutColon() map[string]bool {
	if m.Head == nil {
		return nil
	}
	lines := map[string]bool{}
	_, rest := cutLine(m.Head)
	for len(rest) > 0 {
		var line []byte
		if line, rest = cutLine(rest); len(line) > 0 && bytes.IndexByte(line, ':') < 0 {
			lines[string(line)] = true
		}
	}
	return lines
}

// IsResponse reports whether Line is a status line.
func (m Message) IsResponse() bool { return strings.HasPrefix(m.Line, "HTTP/") }

// Status returns the status code of a response, or 0.
func (m Message) Status() int {
	_, rest, ok := strings.Cut(m.Line, " ")
	if !ok || !m.IsResponse() {
		return 0
	}
	rest = strings.TrimLeft(rest, " ")
	if len(rest) < 3 || len(rest) > 3 && rest[3] != ' ' {
		return 0
	}
	code, err := strconv.Atoi(rest[:3])
	if err != nil || code < 100 {
		return 0
	}
	return code
}

// Method returns the method of a request, or "".
func (m Message) Method() string {
	if m.IsResponse() {
		return ""
	}
	method, _, _ := strings.Cut(m.Line, " ")
	return method
}

// Target returns the request target exactly as on the request line, be it a
// path or a whole URL; "" for a response.
func (m Message) Target() string {
	if m.IsResponse() {
		return ""
	}
	_, target, _ := strings.Cut(m.Line, " ")
	if i := strings.LastIndex(target, " HTTP/"); i >= 0 {
		target = target[:i]
	}
	return target
}

// Path returns the request target without scheme and host: path and query,
// byte for byte.
func (m Message) Path() string { return PathOf(m.Target()) }

// PathOf removes scheme and host from a request target.
func PathOf(target string) string {
	scheme, rest, ok := strings.Cut(target, "://")
	if !ok || !isToken(scheme) {
		return target
	}
	i := strings.IndexAny(rest, "/?")
	switch {
	case i < 0:
		return "/"
	case rest[i] == '?':
		return "/" + rest[i:]
	}
	return rest[i:]
}

// Unfold makes one line of a folded value and trims it (RFC 9112, 5.2).
func Unfold(value string) string {
	value = trimSpace(value)
	if !strings.ContainsRune(value, '\n') {
		return value
	}
	lines := strings.Split(value, "\n")
	for i := range lines {
		lines[i] = trimSpace(strings.TrimSuffix(lines[i], "\r"))
	}
	return strings.Join(lines, " ")
}

func trimSpace(s string) string { return strings.Trim(s, " \t") }

// parseHead reads a head that ends in its blank line, or wherever the data
// ends. It never fails: see Field for lines without a colon.
func parseHead(raw []byte) Message {
	text := string(raw) // the line and the fields are parts of it
	line, rest := cutText(text)
	m := Message{Line: line, Header: parseFields(rest, lineEnd(raw))}
	if !makes(m.Line, m.Header, text) {
		m.Head = bytes.Clone(raw)
	}
	return m
}

// manyFields are more than messages have, nearly always.
const manyFields = 32

// parseFields reads fields up to a blank line, or wherever the data ends; end is
// the line end for the folds inside values.
func parseFields(rest, end string) []Field {
	var fields []Field
	var line string
	var value []byte // of the last field, while folded lines follow it
	for len(rest) > 0 {
		line, rest = cutText(rest)
		if len(line) == 0 {
			break
		}
		if isFold(line) && len(fields) > 0 {
			if value == nil {
				value = []byte(fields[len(fields)-1].Value)
			}
			value = append(append(value, end...), strings.TrimRight(line, " \t")...)
			if len(rest) > 0 && isFold(rest) {
				continue
			}
			fields[len(fields)-1].Value, value = string(value), nil
			continue
		}
		if fields == nil {
			fields = make([]Field, 0, min(1+strings.Count(rest, "\n"), manyFields))
		}
		fields = append(fields, parseField(line))
	}
	return fields
}

// isFold reports whether a line goes on with the field before it.
func isFold(line string) bool { return line[0] == ' ' || line[0] == '\t' }

func parseField(line string) Field {
	name, value, ok := strings.Cut(line, ":")
	if !ok {
		return Field{Name: line}
	}
	return Field{Name: strings.TrimRight(name, " \t"), Value: trimSpace(value)}
}

// lineEnd is the line end that the head uses, for the folds inside values.
func lineEnd(raw []byte) string {
	if i := bytes.IndexByte(raw, '\n'); i > 0 && raw[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// cutLine splits off one line that ends in LF or CRLF.
func cutLine(b []byte) (line, rest []byte) {
	line, rest, _ = bytes.Cut(b, []byte{'\n'})
	return bytes.TrimSuffix(line, []byte{'\r'}), rest
}

// cutText is cutLine of a string.
func cutText(s string) (line, rest string) {
	line, rest, _ = strings.Cut(s, "\n")
	return strings.TrimSuffix(line, "\r"), rest
}
