package sandbox

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/iotest"
)

// streamConn is a connection whose other side has sent everything.
type streamConn struct {
	net.Conn
	io.Reader
}

func (c streamConn) Read(p []byte) (int, error) { return c.Reader.Read(p) }

// FuzzRawConn: whatever net/http makes of a stream of requests, it makes the
// same of it through a rawConn, and for each the target was noted.
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
			if gotErr != nil {
				t.Fatalf("%q: %v", stream, gotErr)
			}
			h, ok := conn.next()
			if !ok || h.target != want.RequestURI || got.RequestURI != want.RequestURI || got.Method != want.Method {
				t.Fatalf("%q: %q noted, %q read, want %q", stream, h.target, got.RequestURI, want.RequestURI)
			}
			wantBody, err := io.ReadAll(want.Body)
			gotBody, gotErr := io.ReadAll(got.Body)
			if !bytes.Equal(gotBody, wantBody) || (err == nil) != (gotErr == nil) {
				t.Fatalf("%q: body %q %v, want %q %v", stream, gotBody, gotErr, wantBody, err)
			}
			if err != nil {
				return
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
