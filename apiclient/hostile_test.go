package apiclient

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"countersign/apiclient/signing"
)

// Whatever the other side does, an Exchange keeps what arrived and names what
// happened.
func TestHostileServers(t *testing.T) {
	t.Parallel()
	const ok = "HTTP/1.1 200 OK\r\n"
	says := func(text string) func(net.Conn) {
		return func(conn net.Conn) {
			if _, err := takeRequest(conn); err == nil {
				_, _ = io.WriteString(conn, text)
			}
		}
	}
	for _, c := range []struct {
		name    string
		server  func(net.Conn)
		outcome Outcome
		err     string // "" where nothing went wrong on the way
		hint    string
		body    string
		cause   string // of a finding about the response
	}{
		{"closes at once", func(conn net.Conn) { _, _ = takeRequest(conn) }, Lost, "closed the connection without an answer", "inquire before", "", ""},
		{"resets", func(conn net.Conn) { _, _ = takeRequest(conn); _ = conn.(*net.TCPConn).SetLinger(0) }, Lost, "connection was reset while waiting", "inquire before", "", ""},
		{"resets in the body", func(conn net.Conn) {
			says(ok + "Content-Length: 10\r\n\r\nhalf")(conn)
			time.Sleep(20 * time.Millisecond) // a reset drops what the other side has not read yet
			_ = conn.(*net.TCPConn).SetLinger(0)
		}, Answered, "ended after 4 of 10 bytes: connection reset", "cannot be checked", "half", "body_incomplete"},
		{"short body", says(ok + "Content-Length: 10\r\n\r\nhalf"), Answered, "ended after 4 of 10 bytes", "cannot be checked", "half", "body_incomplete"},
		{"long body", says(ok + "Content-Length: 2\r\n\r\n{}and more"), Answered, "", "", "{}", "bytes_after_body"},
		{"bad length", says(ok + "Content-Length: two\r\n\r\n{}"), Answered, `Content-Length cannot be used: ["two"]`, "faulty", "{}", "content_length_wrong"},
		{"bad chunk", says(ok + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\nzz\r\n"), Answered, "chunked coding of the body is invalid after 2 bytes", "faulty", "{}", "body_incomplete"},
		{"chunks without an end", says(ok + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"), Answered, "broke off after 2 bytes", "cannot be checked", "{}", "body_incomplete"},
		{"header cut", says(ok + "A: b\r\nConte"), Answered, "ended inside its header", "cannot be checked", "", "body_incomplete"},
		{"garbage", says("SSH-2.0-OpenSSH_9.6\r\n"), Lost, `not HTTP/1.1: "SSH-2.0`, "may have been carried out", "SSH-2.0-OpenSSH_9.6\r\n", "not_http"},
		{"TLS alert", says("\x15\x03\x01\x00\x02\x02\x46"), Lost, "speaks TLS, and this was plain HTTP", "https://", "\x15\x03\x01\x00\x02\x02\x46", "not_http"},
		{"HTTP/2 only", says("\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64"), Lost, "speaks HTTP/2 only", "gRPC", "", "not_http"},
		{"invalid UTF-8", says(ok + "Content-Length: 3\r\n\r\n\"\xff\""), Answered, "", "", "\"\xff\"", "body_not_utf8"},
		{"GBK", says(ok + "Content-Type: application/json; charset=GBK\r\nContent-Length: 6\r\n\r\n\"\xd6\xa7\xb8\xb6\""), Answered, "", "", "\"\xd6\xa7\xb8\xb6\"", "charset_not_utf8"},
		{"XML", says(ok + "Content-Length: 20\r\n\r\n<?xml version='1.0'?"), Answered, "", "", "<?xml version='1.0'?", "body_xml"},
		{"empty body", says(ok + "Content-Length: 0\r\n\r\n"), Answered, "", "", "", "body_empty"},
		{"500 with HTML", says("HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/html\r\n\r\n<html>oops</html>"), Answered, "", "", "<html>oops</html>", "body_html"},
		{"interim responses", says("HTTP/1.1 100 Continue\r\n\r\n" + ok + "\r\n{}"), Answered, "", "", "{}", "interim_response"},
		{"lines without a colon", says(ok + "what is this\r\n\r\n{}"), Answered, "", "", "{}", "header_malformed"},
		{"redirect", says("HTTP/1.1 302 Found\r\nLocation: https://evil.example/\r\n\r\n"), Answered, "", "", "", "redirect_not_followed"},
		{"endless header", func(conn net.Conn) {
			says(ok)(conn)
			for err := error(nil); err == nil; {
				_, err = io.WriteString(conn, "X-Pad: "+strings.Repeat("a", 4000)+"\r\n")
			}
		}, Answered, "header of the answer is longer than 1048576 bytes", "no API endpoint", "", "body_incomplete"},
		{"endless body", func(conn net.Conn) {
			says(ok + "Content-Length: 1073741824\r\n\r\n")(conn)
			for err := error(nil); err == nil; {
				_, err = conn.Write(make([]byte, 64<<10))
			}
		}, Answered, "longer than the limit of 100000 bytes", "max_response", strings.Repeat("\x00", 100_000), "body_incomplete"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := testProfile(serve(t, c.server))
			p.MaxResponse = 100_000
			o := testOptions()
			j := &journal{}
			o.Journal = j
			e := newClient(t, p, o).Send(t.Context(), payDraft(), FromCLI)
			if e.Outcome != c.outcome || !strings.Contains(e.Err, c.err) || (c.err == "") != (e.Err == "") || !strings.Contains(e.Hint, c.hint) {
				t.Errorf("%s, error %q, hint %q", e.Outcome, e.Err, e.Hint)
			}
			if !e.BytesSent || !e.SentVerdict.OK() {
				t.Errorf("bytes sent %v, request %s", e.BytesSent, e.SentVerdict.Reason)
			}
			if e.Received.OK() {
				t.Error("an answer without a signature verifies")
			}
			if c.cause != "" {
				if _, found := find(e, ResponseSide, c.cause); !found {
					t.Errorf("no finding %s in %+v", c.cause, e.Findings)
				}
				if c.body != "" && string(e.Response.Body) != c.body {
					t.Errorf("body %.80q", e.Response.Body)
				}
				if e.Received.Status != signing.Unsigned {
					t.Errorf("signature %s", e.Received.Status)
				}
			} else if e.Response != nil {
				t.Errorf("a response from nowhere: %+v", e.Response)
			}
			if got := j.all(); got != "begin complete" {
				t.Errorf("journal %s", got)
			}
		})
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	_ = l.Close()
	dial := func(err error) Options {
		o := testOptions()
		o.Dial = nil
		if err != nil {
			o.Dial = failing(err)
		}
		return o
	}
	for _, c := range []struct {
		name, base, err, hint string
		o                     Options
	}{
		{"refused", "http://" + closed, closed + " refused the connection", "start the server", dial(nil)},
		{"no such host", "https://superapp.invalid", `there is no host "superapp.invalid"`, "VPN", dial(&net.DNSError{Err: "no such host", Name: "superapp.invalid", IsNotFound: true})},
		{"name server down", "https://superapp.invalid", "could not be looked up: i/o timeout", "name server", dial(&net.DNSError{Err: "i/o timeout", Name: "superapp.invalid", IsTimeout: true})},
	} {
		e := newClient(t, testProfile(c.base), c.o).Send(t.Context(), payDraft(), FromCLI)
		if e.Outcome != Failed || !strings.Contains(e.Err, c.err) || !strings.Contains(e.Hint, c.hint) || e.BytesSent || e.Response != nil {
			t.Errorf("%s: %s %q %q bytes sent %v", c.name, e.Outcome, e.Err, e.Hint, e.BytesSent)
		}
	}
}
