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
		{"chunked", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nhi\n0\n\n", "HTTP/1.1 200 OK", "", "hi", 200, []Field{{"Transfer-Encoding", "chunked"}}},
		{"not chunked, although it says so", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n{\"a\":1}", "HTTP/1.1 200 OK", "", "{\"a\":1}", 200, []Field{{"Transfer-Encoding", "chunked"}}},
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

// What ends before it should have is marked; what goes on longer is not cut.
func TestParseMessageCut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in, body string
		partial        bool
	}{
		{"length fits", "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", "hi", false},
		{"shorter than its length", "HTTP/1.1 200 OK\nContent-Length: 3\n\nhi", "hi", true},
		{"longer than its length", "HTTP/1.1 200 OK\nContent-Length: 1\n\nhi", "hi", false},
		{"request shorter than its length", "POST / HTTP/1.1\nContent-Length: 3\n\nhi", "hi", true},
		{"length of the body that HEAD would not have", "HTTP/1.1 304 Not Modified\nContent-Length: 3\n\n", "", false},
		{"unusable length", "HTTP/1.1 200 OK\nContent-Length: x\n\nhi", "hi", false},
		{"chunks without their end", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nhi\n", "hi", true},
		{"chunk cut", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n9\nhi", "hi", true},
		{"damaged chunk", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nhi\nzz\n", "hi", true},
		{"no chunk at all", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n", "", true},
	} {
		m, err := ParseMessage([]byte(c.in))
		if err != nil || string(m.Body) != c.body || m.Partial != c.partial {
			t.Errorf("%s: %q, partial %v, %v", c.name, m.Body, m.Partial, err)
		}
	}
}

// The head of a file has the limits of one from the network, and reading it
// takes a time that grows with its size alone.
func TestParseMessageHeadLimits(t *testing.T) {
	t.Parallel()
	const start = "POST /x HTTP/1.1\n"
	for name, c := range map[string]struct{ in, says string }{
		"many fields":       {start + strings.Repeat("A:\n", MaxLines) + "\n", "2002 lines; at most 2000"},
		"many folds":        {start + "A: b\n" + strings.Repeat(" c\n", 500_000), "lines; at most 2000"},
		"long field":        {start + "A: " + strings.Repeat("b", MaxHead) + "\n\n", "bytes; at most 1048576"},
		"no end":            {start + "A: " + strings.Repeat("b", MaxHead), "bytes; at most 1048576"},
		"most that is read": {start + strings.Repeat("A:\n", MaxLines-2) + "\n", ""},
		"longest folds":     {start + "A: b\n" + strings.Repeat(" "+strings.Repeat("c", 500)+"\n", MaxLines-3) + "\n", ""},
	} {
		m, err := ParseMessage([]byte(c.in))
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && CheckHead(m) != nil {
			t.Errorf("%s: refused once it is read: %v", name, CheckHead(m))
		}
	}
	m := Message{Line: "POST /x HTTP/1.1", Header: make([]Field, MaxLines+1)}
	if CheckHead(m) == nil {
		t.Error("a message with too many fields is let through")
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
		if m.Has("Transfer-Encoding") {
			return // the coding is gone
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
