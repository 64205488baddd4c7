package wire

import (
	"bufio"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

func read(t *testing.T, method, input string, limit int64) (Response, error) {
	t.Helper()
	return ReadResponse(bufio.NewReader(strings.NewReader(input)), method, limit)
}

func TestReadResponse(t *testing.T) {
	t.Parallel()
	const ok = "HTTP/1.1 200 OK\r\n"
	for _, c := range []struct {
		name, method, in string
		body             string
		framing          string
		kind             Kind
		partial          bool
		extra            int
	}{
		{"length", "POST", ok + "Content-Length: 5\r\n\r\nhello", "hello", "length", "", false, 0},
		{"length zero", "POST", ok + "Content-Length: 0\r\n\r\n", "", "length", "", false, 0},
		{"short", "POST", ok + "Content-Length: 9\r\n\r\nhello", "hello", "length", BodyCut, true, 0},
		{"more than announced", "POST", ok + "Content-Length: 4\r\n\r\nhello", "hell", "length", "", false, 1},
		{"same length twice", "POST", ok + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", "hello", "length", "", false, 0},
		{"two lengths", "POST", ok + "Content-Length: 5\r\nContent-Length: 4\r\n\r\nhello", "hello", "close", BadLength, false, 0},
		{"negative length", "POST", ok + "Content-Length: -5\r\n\r\nhello", "hello", "close", BadLength, false, 0},
		{"huge length", "POST", ok + "Content-Length: 99999999999999999999\r\n\r\nhello", "hello", "close", BadLength, false, 0},
		{"empty length", "POST", ok + "Content-Length:\r\n\r\nhello", "hello", "close", BadLength, false, 0},
		{"to close", "POST", ok + "\r\nhello", "hello", "close", "", false, 0},
		{"chunked", "POST", ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n", "hello", "chunked", "", false, 0},
		{"chunked wins over length", "POST", ok + "Content-Length: 1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n5\r\nhello\r\n0\r\n", "hello", "chunked", "", false, 0},
		{"chunked without an end", "POST", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "hello", "chunked", BodyCut, true, 0},
		{"chunk cut", "POST", ok + "Transfer-Encoding: chunked\r\n\r\n9\r\nhello", "hello", "chunked", BodyCut, true, 0},
		{"bad chunk size", "POST", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\nhello\r\n0\r\n\r\n", "hello", "chunked", BadChunk, true, 0},
		{"HEAD", "HEAD", ok + "Content-Length: 5\r\n\r\n", "", "none", "", false, 0},
		{"204", "POST", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", "", "none", "", false, 0},
		{"304", "POST", "HTTP/1.1 304 Not Modified\r\n\r\n", "", "none", "", false, 0},
		{"CONNECT", "CONNECT", "HTTP/1.1 200 Connection established\r\n\r\n", "", "none", "", false, 0},
		{"too long", "POST", ok + "\r\n0123456789abcdef", "0123456789", "close", BodyTooLong, true, 0},
		{"at the limit", "POST", ok + "\r\n0123456789", "0123456789", "close", "", false, 0},
		{"bare line feeds", "POST", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", "hello", "length", "", false, 0},
		{"bare status line", "POST", "HTTP/1.1 200\r\n\r\nhello", "hello", "close", "", false, 0},
		{"HTTP/1.0", "POST", "HTTP/1.0 500 Oh\r\n\r\n<html>", "<html>", "close", "", false, 0},
		{"no header at all", "POST", "HTTP/1.1 200 OK\r\n\r\n", "", "close", "", false, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for name, src := range map[string]io.Reader{"at once": strings.NewReader(c.in), "byte by byte": iotest.OneByteReader(strings.NewReader(c.in))} {
				r, err := ReadResponse(bufio.NewReader(src), c.method, 10)
				var e *Error
				if errors.As(err, &e) && e.Kind != c.kind || (err == nil) != (c.kind == "") {
					t.Fatalf("%s: error %v, want kind %q", name, err, c.kind)
				}
				if string(r.Body) != c.body || r.Framing != c.framing || r.Partial != c.partial {
					t.Errorf("%s: body %q framing %q partial %v, want %q %q %v", name, r.Body, r.Framing, r.Partial, c.body, c.framing, c.partial)
				}
				if name == "at once" && r.Extra != c.extra {
					t.Errorf("extra %d, want %d", r.Extra, c.extra)
				}
			}
		})
	}
}

func TestReadResponseWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in string
		kind     Kind
		line     string
		body     string
	}{
		{"nothing", "", NoAnswer, "", ""},
		{"another protocol", "SSH-2.0-OpenSSH_9.6\r\n", NotHTTP, "", "SSH-2.0-OpenSSH_9.6\r\n"},
		{"TLS alert", "\x15\x03\x01\x00\x02\x02\x46", NotHTTP, "", "\x15\x03\x01\x00\x02\x02\x46"},
		{"half a name", "HTT", NotHTTP, "", "HTT"},
		{"no status code", "HTTP/1.1 OK\r\n\r\nrest", NotHTTP, "", "HTTP/1.1 OK\r\n\r\nrest"},
		{"four digits", "HTTP/1.1 2000\r\n\r\n", NotHTTP, "", "HTTP/1.1 2000\r\n\r\n"},
		{"cut in the status line", "HTTP/1.1 20", HeadCut, "HTTP/1.1 20", ""},
		{"cut in the header", "HTTP/1.1 200 OK\r\nA: b\r\nC", HeadCut, "HTTP/1.1 200 OK", ""},
	} {
		r, err := read(t, "POST", c.in, 100)
		var e *Error
		if !errors.As(err, &e) || e.Kind != c.kind {
			t.Errorf("%s: %v, want %s", c.name, err, c.kind)
		}
		if r.Line != c.line || string(r.Body) != c.body {
			t.Errorf("%s: kept %q and %q", c.name, r.Line, r.Body)
		}
	}
}

func TestEndlessHead(t *testing.T) {
	t.Parallel()
	endless := io.MultiReader(strings.NewReader("HTTP/1.1 200 OK\r\n"), repeat("X-Pad: aaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"))
	for name, src := range map[string]io.Reader{
		"many lines":     endless,
		"many empty":     io.MultiReader(strings.NewReader("HTTP/1.1 200 OK\r\n"), repeat("A:\n")),
		"many folds":     io.MultiReader(strings.NewReader("HTTP/1.1 200 OK\r\nA: b\r\n"), repeat(" c\r\n")),
		"one line":       io.MultiReader(strings.NewReader("HTTP/1.1 200 OK\r\nX: "), repeat("a")),
		"interim answer": repeat("HTTP/1.1 100 Continue\r\nX-Pad: " + strings.Repeat("a", 60_000) + "\r\n\r\n"),
	} {
		r, err := ReadResponse(bufio.NewReader(src), "POST", 100)
		kind := HeadTooLong
		if strings.HasPrefix(name, "many") {
			kind = HeadLines
		}
		var e *Error
		if !errors.As(err, &e) || e.Kind != kind {
			t.Errorf("%s: %v", name, err)
		}
		if len(r.Header) > MaxLines || len(r.HeadBytes()) > MaxHead {
			t.Errorf("%s: kept %d fields, %d bytes", name, len(r.Header), len(r.HeadBytes()))
		}
		if !r.Partial || r.Line == "" {
			t.Errorf("%s: what arrived is not kept: %.40q", name, r.Line)
		}
	}
}

type repeated struct {
	s  string
	at int
}

func repeat(s string) io.Reader { return &repeated{s: s} }

func (r *repeated) Read(b []byte) (int, error) {
	n := 0
	for n < len(b) {
		k := copy(b[n:], r.s[r.at:])
		n, r.at = n+k, (r.at+k)%len(r.s)
	}
	return n, nil
}

func TestInterimResponses(t *testing.T) {
	t.Parallel()
	r, err := read(t, "POST", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhi", 100)
	if err != nil || string(r.Body) != "hi" || r.Status() != 200 {
		t.Fatalf("%v %q", err, r.Body)
	}
	if want := []string{"HTTP/1.1 100 Continue", "HTTP/1.1 103 Early Hints"}; !reflect.DeepEqual(r.Interim, want) {
		t.Errorf("interim %q", r.Interim)
	}
	r, err = read(t, "POST", strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 1000), 100)
	if err != nil || r.Status() != 100 {
		t.Errorf("endless interim responses: %v, status %d", err, r.Status())
	}
}

// The head is kept as it was: order, case, folds, bare line feeds.
func TestHeadIsKept(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, head string
		header     []Field
		made       bool // Line and Header are enough to make it
	}{
		{"plain", "HTTP/1.1 200 OK\r\nclient-id: x\r\nB: 2\r\nb: 1\r\nEmpty: \r\n\r\n", []Field{{"client-id", "x"}, {"B", "2"}, {"b", "1"}, {"Empty", ""}}, true},
		{"folded", "HTTP/1.1 200 OK\r\nSignature: a=b,\r\n  c=d\r\n\te=f\r\n\r\n", []Field{{"Signature", "a=b,\r\n  c=d\r\n\te=f"}}, true},
		{"folded, bare line feeds", "HTTP/1.1 200 OK\nSignature: a=b,\n c=d\n\n", []Field{{"Signature", "a=b,\n c=d"}}, false},
		{"odd spaces", "HTTP/1.1 200 OK\r\nA:1\r\nB :  2 \r\n\r\n", []Field{{"A", "1"}, {"B", "2"}}, false},
		{"no colon", "HTTP/1.1 200 OK\r\nwhat is this\r\nA: 1\r\n\r\n", []Field{{"what is this", ""}, {"A", "1"}}, false},
		{"Latin-1", "HTTP/1.1 200 OK\r\nA: caf\xe9\r\n\r\n", []Field{{"A", "caf\xe9"}}, true},
		{"fold before any field", "HTTP/1.1 200 OK\r\n a: b\r\n\r\n", []Field{{" a", "b"}}, true},
	} {
		r, err := read(t, "HEAD", c.head, 100)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if !reflect.DeepEqual(r.Header, c.header) {
			t.Errorf("%s: header %q", c.name, r.Header)
		}
		if string(r.HeadBytes()) != c.head || (r.Head == nil) != c.made {
			t.Errorf("%s: head %q, kept apart: %v", c.name, r.HeadBytes(), r.Head != nil)
		}
	}
}

func TestConnectionErrorInsideTheBody(t *testing.T) {
	t.Parallel()
	broken := errors.New("reset")
	for _, head := range []string{"Content-Length: 10", "X: y"} {
		src := io.MultiReader(strings.NewReader("HTTP/1.1 200 OK\r\n"+head+"\r\n\r\nhal"), iotest.ErrReader(broken))
		r, err := ReadResponse(bufio.NewReader(src), "POST", 100)
		var e *Error
		if !errors.As(err, &e) || e.Kind != BodyCut || !errors.Is(err, broken) || string(r.Body) != "hal" || !r.Partial {
			t.Errorf("%s: %v %q", head, err, r.Body)
		}
	}
}

func FuzzReadResponse(f *testing.F) {
	f.Add("POST", []byte("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"))
	f.Add("POST", []byte("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\nTransfer-Encoding: chunked\n\n5\nhello\n0\n\n"))
	f.Add("HEAD", []byte("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n:\r\n\r\n"))
	f.Fuzz(func(t *testing.T, method string, data []byte) {
		const limit = 64
		r, err := ReadResponse(bufio.NewReaderSize(strings.NewReader(string(data)), 16), method, limit)
		if len(r.Body) > limit && r.Line != "" {
			t.Fatalf("body of %d bytes", len(r.Body))
		}
		if err == nil && (r.Status() == 0 || r.Partial) {
			t.Fatalf("no error for %q", data)
		}
		if r.Line != "" && !strings.Contains(string(data), string(r.HeadBytes())) {
			t.Fatalf("head %q is not in %q", r.HeadBytes(), data)
		}
	})
}
