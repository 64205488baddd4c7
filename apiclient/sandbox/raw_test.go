package sandbox

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
)

// streamConn is a connection whose other side has sent everything.
type streamConn struct {
	net.Conn
	io.Reader
}

func (c streamConn) Read(p []byte) (int, error) { return c.Reader.Read(p) }

// FuzzRawConn: what net/http makes of a stream of requests it makes of it
// through a rawConn too, which notes each target; or the request is refused.
func FuzzRawConn(f *testing.F) {
	f.Add([]byte("POST /a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}\r\nPOST /b HTTP/1.1\r\nHost: x\r\n\r\n"))
	f.Add([]byte("POST http://x/%zz HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n2;e=f\r\n{}\r\n0\r\nT: u\r\n\r\nGET / HTTP/1.0\n\n"))
	f.Add([]byte("POST /a b HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n"))
	f.Add([]byte("\r\n\r\nPOST  HTTP/1.1\r\nContent-Length: -1\r\n\r\n"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		plain := bufio.NewReader(bytes.NewReader(stream))
		conn := &rawConn{in: bufio.NewReader(iotest.HalfReader(bytes.NewReader(stream)))}
		conn.Conn = streamConn{Reader: conn.in}
		through := bufio.NewReader(iotest.OneByteReader(conn))
		for range 100 {
			skipLines(plain)
			want, err := http.ReadRequest(plain)
			got, gotErr := http.ReadRequest(through)
			if err != nil {
				return // a stand-in target may let got through, with a head noted
			}
			h, ok := conn.next()
			if ok && h.fault != "" {
				return
			}
			if gotErr != nil {
				t.Fatalf("%q: %v", stream, gotErr)
			}
			if !ok || h.target != want.RequestURI || got.RequestURI != want.RequestURI || got.Method != want.Method {
				t.Fatalf("%q: %q noted, %q read, want %q", stream, h.target, got.RequestURI, want.RequestURI)
			}
			wantBody, err := io.ReadAll(want.Body)
			gotBody, gotErr := io.ReadAll(got.Body)
			if err != nil || gotErr != nil {
				return
			}
			if !bytes.Equal(gotBody, wantBody) {
				t.Fatalf("%q: body %q, want %q", stream, gotBody, wantBody)
			}
		}
	})
}

// skipLines does what a rawConn and net/http do before a request.
func skipLines(r *bufio.Reader) {
	for {
		b, err := r.Peek(1)
		if err != nil || b[0] != '\r' && b[0] != '\n' {
			return
		}
		_, _ = r.Discard(1)
	}
}

func TestHeadAsSent(t *testing.T) {
	t.Parallel()
	h := parseHead([]byte("POST /a  b HTTP/1.1\r\nhost:x\r\nSignature: algorithm=RSA256,\r\n\tsignature=ab\r\nX-Odd :  y \r\nX-Odd:\r\n\r\n"))
	if h.line != "POST /a  b HTTP/1.1" || h.target != "/a  b" {
		t.Errorf("line %q, target %q", h.line, h.target)
	}
	want := [][2]string{{"host", "x"}, {"Signature", "algorithm=RSA256, signature=ab"}, {"X-Odd ", "y"}, {"X-Odd", ""}}
	for i, f := range h.fields {
		if i >= len(want) || f.Name != want[i][0] || f.Value != want[i][1] {
			t.Errorf("field %d is %q", i, f)
		}
	}
	if len(h.fields) != len(want) {
		t.Errorf("%d fields", len(h.fields))
	}
}

// TestOneReadingOfAStream: what could be read in two ways is refused, and what
// would hide in it is no request.
func TestOneReadingOfAStream(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	hidden := "POST /v1/payments/pay HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
	start := "POST /v1/payments/pay HTTP/1.1\r\nHost: x\r\n"
	for name, stream := range map[string]string{
		"both lengths":           start + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
		"both, in another order": start + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + hidden,
		"two lengths":            start + "Content-Length: 0\r\nContent-Length: 60\r\n\r\n" + hidden,
		"a signed length":        start + "Content-Length: +4\r\n\r\nabcd" + hidden,
		"a list of lengths":      start + "Content-Length: 4, 4\r\n\r\nabcd" + hidden,
		"another coding":         start + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + hidden,
		"an odd coding":          start + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + hidden,
		"a space in a name":      start + "Content-Length : 4\r\n\r\nabcd" + hidden,
		"too many lines":         start + strings.Repeat("a:b\r\n", maxFields+10) + "\r\n" + hidden,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", b.server.Addr)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, stream); err != nil {
				t.Fatal(err)
			}
			answers, err := io.ReadAll(conn)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.HasPrefix(answers, []byte("HTTP/1.1 4")) || bytes.Count(answers, []byte("HTTP/1.1 ")) != 1 ||
				!bytes.Contains(answers, []byte(`"resultCode":"PARAM_ILLEGAL"`)) {
				t.Errorf("answered %q", answers)
			}
		})
	}
}
