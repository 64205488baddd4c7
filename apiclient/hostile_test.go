package apiclient

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"

	"countersign/apiclient/signing"
	"countersign/apiclient/wire"
)

// hostileServer is a server that does what no server should.
type hostileServer struct {
	name    string
	server  func(net.Conn)
	outcome Outcome
	err     string // "" where nothing went wrong on the way
	hint    string
	body    string
	cause   string         // of a finding about the response
	status  signing.Status // of the response; "" means unsigned
}

// testLimit is max_response of the client that meets hostile servers, in bytes.
const testLimit = 100_000

const okLine = "HTTP/1.1 200 OK\r\n"

// says is a server that answers with text and closes.
func says(text string) func(net.Conn) {
	return func(conn net.Conn) {
		if _, err := takeRequest(conn); err == nil {
			_, _ = io.WriteString(conn, text)
		}
	}
}

// forever is a server that answers with start, then with again until nobody
// reads it.
func forever(start, again string) func(net.Conn) {
	block := strings.Repeat(again, 1+4000/len(again))
	return func(conn net.Conn) {
		says(start)(conn)
		for err := error(nil); err == nil; {
			_, err = io.WriteString(conn, block)
		}
	}
}

// coded is an answer whose body has content codings.
func coded(codings string, body []byte) func(net.Conn) {
	return says(fmt.Sprintf("%sContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s", okLine, codings, len(body), body))
}

// bomb is 50 MB of zeros, compressed by each of writers in turn.
func bomb(writers ...func(io.Writer) io.WriteCloser) []byte {
	body := make([]byte, 50<<20)
	for _, make := range writers {
		var b bytes.Buffer
		w := make(&b)
		_, _ = w.Write(body)
		_ = w.Close()
		body = b.Bytes()
	}
	return body
}

func gzipped(w io.Writer) io.WriteCloser  { return gzip.NewWriter(w) }
func brotlied(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, 1) }
func deflated(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }

// withBody is an answer in plain bytes.
func withBody(body string) func(net.Conn) {
	return says(fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", okLine, len(body), body))
}

// withHeader is an answer with more header lines.
func withHeader(lines string) func(net.Conn) {
	return says(okLine + lines + "Content-Length: 2\r\n\r\n{}")
}

func hostileServers() []hostileServer {
	const ok = okLine
	distinct := &strings.Builder{}
	for i := range 40_000 {
		fmt.Fprintf(distinct, "X-%d: %d\r\n", i, i)
	}
	signatures := &strings.Builder{}
	for i := range 1000 {
		fmt.Fprintf(signatures, "Signature: algorithm=RSA256, keyVersion=1, signature=%d\r\n", i)
	}
	return []hostileServer{
		{"closes at once", func(conn net.Conn) { _, _ = takeRequest(conn) }, Lost, "closed the connection without an answer", "query it before", "", "", ""},
		{"resets", func(conn net.Conn) { _, _ = takeRequest(conn); _ = conn.(*net.TCPConn).SetLinger(0) }, Lost, "connection was reset while waiting", "query it before", "", "", ""},
		{"resets in the body", func(conn net.Conn) {
			says(ok + "Content-Length: 10\r\n\r\nhalf")(conn)
			time.Sleep(20 * time.Millisecond) // a reset drops what the other side has not read yet
			_ = conn.(*net.TCPConn).SetLinger(0)
		}, Answered, "ended after 4 of 10 bytes: connection reset", "cannot be checked", "half", "body_incomplete", ""},
		{"short body", says(ok + "Content-Length: 10\r\n\r\nhalf"), Answered, "ended after 4 of 10 bytes", "cannot be checked", "half", "body_incomplete", ""},
		{"long body", says(ok + "Content-Length: 2\r\n\r\n{}and more"), Answered, "", "", "{}", "bytes_after_body", ""},
		{"bad length", says(ok + "Content-Length: two\r\n\r\n{}"), Answered, `Content-Length cannot be used: ["two"]`, "faulty", "{}", "content_length_wrong", ""},
		{"bad chunk", says(ok + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\nzz\r\n"), Answered, "chunked coding of the body is invalid after 2 bytes", "faulty", "{}", "body_incomplete", ""},
		{"chunks without an end", says(ok + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"), Answered, "broke off after 2 bytes", "cannot be checked", "{}", "body_incomplete", ""},
		{"header cut", says(ok + "A: b\r\nConte"), Answered, "ended inside its header", "cannot be checked", "", "body_incomplete", ""},
		{"garbage", says("SSH-2.0-OpenSSH_9.6\r\n"), Lost, `not HTTP/1.1: "SSH-2.0`, "may have been carried out", "SSH-2.0-OpenSSH_9.6\r\n", "not_http", ""},
		{"TLS alert", says("\x15\x03\x01\x00\x02\x02\x46"), Lost, "speaks TLS, and this was plain HTTP", "https://", "\x15\x03\x01\x00\x02\x02\x46", "not_http", ""},
		{"HTTP/2 only", says("\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64"), Lost, "speaks HTTP/2 only", "gRPC", "", "not_http", ""},
		{"invalid UTF-8", says(ok + "Content-Length: 3\r\n\r\n\"\xff\""), Answered, "", "", "\"\xff\"", "body_not_utf8", ""},
		{"GBK", says(ok + "Content-Type: application/json; charset=GBK\r\nContent-Length: 6\r\n\r\n\"\xd6\xa7\xb8\xb6\""), Answered, "", "", "\"\xd6\xa7\xb8\xb6\"", "charset_not_utf8", ""},
		{"XML", says(ok + "Content-Length: 20\r\n\r\n<?xml version='1.0'?"), Answered, "", "", "<?xml version='1.0'?", "body_xml_malformed", ""},
		{"empty body", says(ok + "Content-Length: 0\r\n\r\n"), Answered, "", "", "", "body_empty", ""},
		{"500 with HTML", says("HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/html\r\n\r\n<html>oops</html>"), Answered, "", "", "<html>oops</html>", "body_html", ""},
		{"interim responses", says("HTTP/1.1 100 Continue\r\n\r\n" + ok + "\r\n{}"), Answered, "", "", "{}", "interim_response", ""},
		{"lines without a colon", says(ok + "what is this\r\n\r\n{}"), Answered, "", "", "{}", "header_malformed", ""},
		{"redirect", says("HTTP/1.1 302 Found\r\nLocation: https://evil.example/\r\n\r\n"), Answered, "", "", "", "redirect_not_followed", ""},
		{"endless header", func(conn net.Conn) {
			says(ok)(conn)
			for err := error(nil); err == nil; {
				_, err = io.WriteString(conn, "X-Pad: "+strings.Repeat("a", 4000)+"\r\n")
			}
		}, Answered, "header of the answer is longer than 1048576 bytes", "no API endpoint", "", "body_incomplete", ""},
		{"endless body", func(conn net.Conn) {
			says(ok + "Content-Length: 1073741824\r\n\r\n")(conn)
			for err := error(nil); err == nil; {
				_, err = conn.Write(make([]byte, 64<<10))
			}
		}, Answered, "longer than the limit of 100000 bytes", "max_response", strings.Repeat("\x00", 100_000), "body_incomplete", ""},
		{name: "200,000 empty header lines", server: says(ok + strings.Repeat("A:\r\n", 200_000) + "\r\n"), outcome: Answered, err: "more than 2000 lines", hint: "no API endpoint", cause: "body_incomplete"},
		{name: "endless folded lines", server: forever(ok+"A: b\r\n", " c\r\n"), outcome: Answered, err: "more than 2000 lines", cause: "body_incomplete"},
		{name: "long folded lines", server: withHeader("A: b\r\n" + strings.Repeat(" "+strings.Repeat("c", 500)+"\r\n", 1900)), outcome: Answered, body: "{}", cause: "header_long"},
		{name: "40,000 distinct headers", server: says(ok + distinct.String() + "\r\n"), outcome: Answered, err: "more than 2000 lines", cause: "body_incomplete"},
		{name: "as many cookies as there may be", server: withHeader(strings.Repeat("Set-Cookie: a=b\r\n", 1900)), outcome: Answered, body: "{}", cause: "result_missing"},
		{name: "as many broken lines as there may be", server: withHeader(strings.Repeat("no colon"+strings.Repeat("x", 500)+"\r\n", 1900)), outcome: Answered, body: "{}", cause: "header_malformed"},
		{name: "a header repeated 1,900 times", server: withHeader(strings.Repeat("Client-Id: "+testClient+"\r\n", 1900)), outcome: Answered, body: "{}", cause: "header_repeated"},
		{name: "1,000 signatures", server: withHeader(signatures.String()), outcome: Answered, body: "{}", cause: "signature_undecodable", status: signing.Undecodable},
		{name: "a signature of 900 kB", server: withHeader("Signature: algorithm=RSA256, signature=" + strings.Repeat("QUJD", 225_000) + "\r\n"), outcome: Answered, body: "{}", cause: "signature_undecodable", status: signing.Undecodable},
		{name: "a signature of 900 kB, folded", server: withHeader("Signature: algorithm=RSA256,\r\n" + strings.Repeat(" "+strings.Repeat("QUJD", 120)+"\r\n", 1900)), outcome: Answered, body: "{}", cause: "signature_undecodable", status: signing.Undecodable},
		{name: "a signature of commas", server: withHeader("Signature: " + strings.Repeat("a,", 8000) + "\r\n"), outcome: Answered, body: "{}", cause: "signature_unsigned"},
		{name: "a signature of escapes", server: withHeader("Signature: signature=" + strings.Repeat("%2525", 3200) + "\r\n"), outcome: Answered, body: "{}", cause: "signature_undecodable", status: signing.Undecodable},
		{name: "a signature of quotes", server: withHeader(`Signature: signature="` + strings.Repeat(`="`, 8000) + "\r\n"), outcome: Answered, body: "{}", cause: "signature_undecodable", status: signing.Undecodable},
		{name: "a signature of digits", server: withHeader("Signature: signature=" + strings.Repeat("9", 16_000) + "\r\n"), outcome: Answered, body: "{}", cause: "signature_undecodable", status: signing.Undecodable},
		{name: "a Content-Type of 900 kB", server: withHeader("Content-Type: " + strings.Repeat("a", 900_000) + "/b\r\n"), outcome: Answered, body: "{}", cause: "content_type_not_json"},
		{name: "a Content-Length of 900 kB", server: says(ok + "Content-Length: " + strings.Repeat("9", 900_000) + "\r\n\r\n{}"), outcome: Answered, err: "Content-Length cannot be used", body: "{}", cause: "content_length_wrong"},
		{name: "a status line without an end", server: forever("HTTP/1.1 200 ", "a"), outcome: Answered, err: "longer than 1048576 bytes", cause: "body_incomplete"},
		{name: "endless interim answers", server: forever("", "HTTP/1.1 100 Continue\r\n\r\n"), outcome: Answered, cause: "interim_response"},
		{name: "a chunk extension without an end", server: forever(ok+"Transfer-Encoding: chunked\r\n\r\n1;", "x"), outcome: Answered, err: "chunked coding of the body is invalid", cause: "body_incomplete"},
		{name: "endless tiny chunks", server: forever(ok+"Transfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n"), outcome: Answered, err: "longer than the limit of 100000 bytes", cause: "body_incomplete"},
		{name: "endless chunks", server: forever(ok+"Transfer-Encoding: chunked\r\n\r\n", "400\r\n"+strings.Repeat("a", 1024)+"\r\n"), outcome: Answered, err: "longer than the limit of 100000 bytes", cause: "body_incomplete"},
		{name: "a chunk of 2^64 bytes", server: says(ok + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n"), outcome: Answered, err: "chunked coding of the body is invalid", cause: "body_incomplete"},
		{name: "a negative chunk", server: says(ok + "Transfer-Encoding: chunked\r\n\r\n-1\r\n"), outcome: Answered, err: "chunked coding of the body is invalid", cause: "body_incomplete"},
		{name: "endless trailers", server: forever(ok+"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", "A: b\r\n"), outcome: Answered, err: "the trailer behind the answer's body is longer than 2000 lines", body: "{}", cause: "result_missing"},
		{name: "both lengths", server: says(ok + "Content-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"), outcome: Answered, body: "{}", cause: "content_length_wrong"},
		{name: "two lengths", server: says(ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"), outcome: Answered, err: "Content-Length cannot be used", body: "{}", cause: "header_repeated"},
		{name: "a negative length", server: says(ok + "Content-Length: -2\r\n\r\n{}"), outcome: Answered, err: "Content-Length cannot be used", body: "{}", cause: "content_length_wrong"},
		{name: "a length of 2^64", server: says(ok + "Content-Length: 18446744073709551616\r\n\r\n{}"), outcome: Answered, err: "Content-Length cannot be used", body: "{}", cause: "content_length_wrong"},
		{name: "gzip bomb", server: coded("gzip", bomb(gzipped)), outcome: Answered, cause: "content_encoding_not_undone"},
		{name: "brotli bomb", server: coded("br", bomb(brotlied)), outcome: Answered, cause: "content_encoding_not_undone"},
		{name: "deflate bomb", server: coded("deflate", bomb(deflated)), outcome: Answered, cause: "content_encoding_not_undone"},
		{name: "gzip in brotli in gzip", server: coded("gzip, br, gzip", bomb(gzipped, brotlied, gzipped)), outcome: Answered, cause: "content_encoding_not_undone"},
		{name: "1,000 codings", server: coded(strings.Repeat("gzip, ", 1000)+"gzip", []byte("{}")), outcome: Answered, body: "{}", cause: "content_encoding_not_undone"},
		{name: "gzip that is cut", server: coded("gzip", bomb(gzipped)[:1000]), outcome: Answered, cause: "content_encoding_not_undone"},
		{name: "NUL in a header", server: withHeader("A: b\x00c\r\n"), outcome: Answered, body: "{}", cause: "header_control_characters"},
		{name: "bare CR in a header", server: withHeader("A: b\rC: d\r\n"), outcome: Answered, body: "{}", cause: "header_control_characters"},
		{name: "HTTP/0.9", server: says("<html>hello</html>"), outcome: Lost, err: "not HTTP/1.1", hint: "may have been carried out", body: "<html>hello</html>", cause: "not_http"},
		{name: "HTTP/2 preface", server: says("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), outcome: Lost, err: "not HTTP/1.1", cause: "not_http"},
		{name: "endless noise", server: forever("\x00", "\xff\x00"), outcome: Lost, err: "not HTTP/1.1", cause: "not_http"},
		{name: "no end of the status line", server: says("HTTP/1.1 200 OK"), outcome: Answered, err: "ended inside its header", cause: "body_incomplete"},
		{name: "deep JSON", server: withBody(strings.Repeat("[", 90_000)), outcome: Answered, cause: "body_not_json"},
		{name: "deep JSON that ends", server: withBody(strings.Repeat("[", 45_000) + strings.Repeat("]", 45_000)), outcome: Answered, cause: "result_missing"},
		{name: "deep objects", server: withBody(strings.Repeat(`{"result":`, 9_000) + "1" + strings.Repeat("}", 9_000)), outcome: Answered, cause: "result_missing"},
		{name: "wide JSON", server: withBody(`{"a":[1` + strings.Repeat(",1", 45_000) + "]}"), outcome: Answered, cause: "result_missing"},
		{name: "results one after another", server: withBody(`{"a":1` + strings.Repeat(`,"result":{"resultStatus":"S"}`, 3000) + "}"), outcome: Answered, cause: "result_repeated"},
		{name: "a huge number", server: withBody(`{"a":1` + strings.Repeat("0", 90_000) + `,"b":1e999999}`), outcome: Answered, cause: "result_missing"},
		{name: "a huge string", server: withBody(`{"result":{"resultStatus":"` + strings.Repeat(`\u0000`, 15_000) + `"}}`), outcome: Answered, cause: "result_status_unknown"},
		{name: "deep XML", server: withBody(strings.Repeat("<a>", 33_000)), outcome: Answered, cause: "body_xml_malformed"},
		{name: "deep HTML", server: withBody("<html>" + strings.Repeat("<b>", 33_000)), outcome: Answered, cause: "body_html"},
	}
}

// Whatever the other side does, an Exchange keeps what arrived and names what
// happened, within its limits.
func TestHostileServers(t *testing.T) {
	t.Parallel()
	for _, c := range hostileServers() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := testOptions()
			j := &journal{}
			o.Journal = j
			begun := time.Now()
			e := newClient(t, hostileProfile(serve(t, c.server)), o).Send(t.Context(), payDraft(), FromCLI)
			if took := time.Since(begun); took > generous {
				t.Errorf("it took %s", took)
			}
			checkBounds(t, e)
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
					t.Errorf("no finding %s in %.2000q", c.cause, fmt.Sprint(e.Findings))
				}
				if c.body != "" && string(e.Response.Body) != c.body {
					t.Errorf("body %.80q", e.Response.Body)
				}
				if want := cmp.Or(c.status, signing.Unsigned); e.Received.Status != want {
					t.Errorf("signature %s: %s", e.Received.Status, e.Received.Reason)
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

func hostileProfile(base string) Profile {
	p := testProfile(base)
	p.MaxResponse, p.Timeout = testLimit, generous
	return p
}

// generous is more time than any of it may take, on a machine that is busy.
const generous = 30 * time.Second

// checkBounds holds that no part of an exchange grows past its limit.
func checkBounds(t *testing.T, e Exchange) {
	t.Helper()
	if m := e.Response; m != nil {
		if len(m.Header) > wire.MaxLines || len(m.HeadBytes()) > wire.MaxHead || len(m.Body) > testLimit || len(m.Decoded) > testLimit {
			t.Errorf("%d fields, a head of %d bytes, a body of %d, decoded %d", len(m.Header), len(m.HeadBytes()), len(m.Body), len(m.Decoded))
		}
	}
	if len(e.Findings) > wire.MaxLines+50 || len(e.Received.Warnings) > 50 || len(e.Err) > 1000 {
		t.Errorf("%d findings, %d warnings, an error of %d bytes", len(e.Findings), len(e.Received.Warnings), len(e.Err))
	}
	for _, f := range e.Findings {
		if len(f.Says) > 1000 {
			t.Errorf("%s says %d bytes", f.Cause, len(f.Says))
		}
	}
}

// BenchmarkHostileServers shows what one answer costs: less than 3 s and 300 MB.
func BenchmarkHostileServers(b *testing.B) {
	for _, c := range hostileServers() {
		b.Run(strings.ReplaceAll(c.name, " ", "-"), func(b *testing.B) {
			client := newClient(b, hostileProfile(serve(b, c.server)), testOptions())
			b.ReportAllocs()
			for b.Loop() {
				client.Send(b.Context(), payDraft(), FromCLI)
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
