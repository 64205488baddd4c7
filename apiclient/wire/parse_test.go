package wire

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
)

func TestParseMessage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in, line, path, body string
		status                     int
		header                     []Field
	}{
		{"request", "POST /v2/pay?a=1 HTTP/1.1\r\nclient-id: x\r\nContent-Length: 2\r\n\r\n{}\n", "POST /v2/pay?a=1 HTTP/1.1", "/v2/pay?a=1", "{}\n", 0,
			[]Field{{"client-id", "x"}, {"Content-Length", "2"}}},
		{"whole URL", "POST https://h.example:443/a//b/../%2F支付?q HTTP/1.1\nA: b\n\nbody", "POST https://h.example:443/a//b/../%2F支付?q HTTP/1.1", "/a//b/../%2F支付?q", "body", 0, []Field{{"A", "b"}}},
		{"no body", "GET /x HTTP/1.1\r\nA: b\r\n\r\n", "GET /x HTTP/1.1", "/x", "", 0, []Field{{"A", "b"}}},
		{"no blank line", "POST /x HTTP/1.1\r\nA: b", "POST /x HTTP/1.1", "/x", "", 0, []Field{{"A", "b"}}},
		{"bare status", "HTTP/1.1 200\nA: b\n\n\x00\xff", "HTTP/1.1 200", "", "\x00\xff", 200, []Field{{"A", "b"}}},
		{"blank lines before", "\r\n\nHTTP/1.1 404 Not Found\r\n\r\nx\r\n\r\ny", "HTTP/1.1 404 Not Found", "", "x\r\n\r\ny", 404, nil},
		{"chunked is left alone", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nhi\n0\n\n", "HTTP/1.1 200 OK", "", "2\nhi\n0\n\n", 200, []Field{{"Transfer-Encoding", "chunked"}}},
		{"folded", "HTTP/1.1 200 OK\r\nSignature: a,\r\n b\r\n\r\n", "HTTP/1.1 200 OK", "", "", 200, []Field{{"Signature", "a,\r\n b"}}},
		{"body that starts with a line end", "POST / HTTP/1.1\n\n\nx", "POST / HTTP/1.1", "/", "\nx", 0, nil},
	} {
		m, err := ParseMessage([]byte(c.in))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if m.Line != c.line || m.Path() != c.path || string(m.Body) != c.body || m.Status() != c.status || !reflect.DeepEqual(m.Header, c.header) {
			t.Errorf("%s: %+v, path %q, status %d", c.name, m, m.Path(), m.Status())
		}
	}
}

func TestParseMessageRefuses(t *testing.T) {
	t.Parallel()
	for in, says := range map[string]string{
		"":                                   "empty",
		"\n\r\n":                             "empty",
		`{"a": 1}`:                           "neither a request line nor a status line",
		"POST v2/pay\n\n":                    "neither",
		"HTTP/1.1 OK\n\n":                    "no status code",
		"POST / HTTP/1.1\nA: b\n{\"x\":1}\n": "is not Name: value",
		"POST / HTTP/1.1\nA: b\nbody text\n": "is not Name: value",
		"PO ST / HTTP/1.1\n\n":               "neither",
	} {
		_, err := ParseMessage([]byte(in))
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", in, err, says)
		}
		if h, ok := err.(interface{ Hint() string }); !ok || h.Hint() == "" {
			t.Errorf("%q: no hint", in)
		}
	}
}

func FuzzParseMessage(f *testing.F) {
	f.Add([]byte("POST /v2/pay HTTP/1.1\r\nA: b\r\n c\r\n\r\n{}"))
	f.Add([]byte("HTTP/1.1 200\nA:b\n\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := ParseMessage(data)
		if err != nil {
			return
		}
		trimmed := bytes.TrimLeft(data, "\r\n")
		if got := append(append([]byte{}, m.HeadBytes()...), m.Body...); !bytes.Equal(got, trimmed) {
			t.Fatalf("head and body give %q for %q", got, trimmed)
		}
	})
}

func TestChecks(t *testing.T) {
	t.Parallel()
	for target, says := range map[string]string{
		"/a b": "space at byte 3", "/a\r\nX: y": "carriage return at byte 3", "/\x00": "a NUL", "/\t": "a tab", "/\x7f": "0x7F",
		"/支付//../%2F?x=<>": "", "/caf\xe9": "",
	} {
		if err := CheckTarget(target); (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", target, err)
		}
	}
	for _, c := range []struct {
		f    Field
		says string
	}{
		{Field{"A", "b\r\nC: d"}, "carriage return at byte 2"}, {Field{"A", "b\nc"}, "line feed"}, {Field{"A", "\x00"}, "NUL"},
		{Field{"", "b"}, "no name"}, {Field{"A:", "b"}, "not allowed"}, {Field{"A b", "c"}, "not allowed"}, {Field{"A", "\x1b[1m"}, "0x1B"},
		{Field{"X-Ok", "tab\tand 支付 and \xe9"}, ""},
	} {
		if err := CheckField(c.f); (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %v", c.f, err)
		}
	}
	if CheckMethod("POST") != nil || CheckMethod("PO ST") == nil || CheckMethod("") == nil {
		t.Error("methods")
	}
}

func TestPathOf(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"/a": "/a", "https://h/a?b": "/a?b", "https://h": "/", "http://h?x=1": "/?x=1", "/a?u=https://x/": "/a?u=https://x/", "*": "*",
	} {
		if got := PathOf(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
