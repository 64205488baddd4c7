package apiclient

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"countersign/apiclient/signing"
)

// The bytes on the wire are compared as a whole: names, order, spelling.
func TestWireBytes(t *testing.T) {
	t.Parallel()
	base, next := recording(t, goodAnswer().text)
	p := testProfile(base)
	p.Header = []Field{{Name: "traceId", Value: "t-1"}}
	d := payDraft()
	d.Header = []Field{{Name: "x-Mine", Value: "1"}}
	e := newClient(t, p, testOptions()).Send(t.Context(), d, FromCLI)
	if e.Err != "" {
		t.Fatal(e.Err)
	}
	canonical := "POST /miniprogram/api/v2/payments/pay\n2021062571598628737253.1682060290199." + `{"a":"支付"}`
	proof, err := signing.Sign(clientKey, []byte(canonical), signing.Style{KeyVersion: "1"})
	if err != nil {
		t.Fatal(err)
	}
	want := "POST /miniprogram/api/v2/payments/pay HTTP/1.1\r\n" +
		"Host: " + strings.TrimPrefix(base, "http://") + "\r\n" +
		"Content-Type: application/json; charset=UTF-8\r\n" +
		"Client-Id: 2021062571598628737253\r\n" +
		"Merchant-Id: 217120000000037263001\r\n" +
		"Request-Time: 1682060290199\r\n" +
		"Signature: " + proof.Header + "\r\n" +
		"traceId: t-1\r\n" +
		"x-Mine: 1\r\n" +
		"User-Agent: countersign/test\r\n" +
		"Accept: application/json\r\n" +
		"Content-Length: 14\r\n" +
		"Connection: close\r\n\r\n" + `{"a":"支付"}`
	if r := next(); r.head+string(r.body) != want {
		got := r.head + string(r.body)
		t.Errorf("on the wire\n%s\nwant\n%s", got, want)
	}
	if record := string(e.Request.HeadBytes()) + string(e.Request.Body); record != want {
		t.Errorf("in the record\n%s", record)
	}
	if string(e.Sent.Canonical) != canonical || !e.SentVerdict.OK() || e.SentKey != fingerprint(&clientKey.PublicKey) {
		t.Errorf("sent %q, %v, key %s", e.Sent.Canonical, e.SentVerdict.Status, e.SentKey)
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	j := &journal{}
	base := answering(t, func(s seen) string { j.note("sent"); return goodAnswer().text(s) })
	o := testOptions()
	o.Journal = j
	var phases []string
	o.Observe = func(p Progress) { phases = append(phases, p.Phase) }
	e := newClient(t, testProfile(base), o).Send(t.Context(), payDraft(), FromExplorer)
	if e.Err != "" || e.Outcome != Answered || !e.SentVerdict.OK() || !e.Received.OK() {
		t.Fatalf("%s %s %v %v", e.Outcome, e.Err, e.SentVerdict, e.Received)
	}
	if e.Result != (Result{"S", "SUCCESS", "成功"}) || e.Response.Status() != 200 || string(e.Response.Body) != goodBody {
		t.Errorf("result %+v, body %s", e.Result, e.Response.Body)
	}
	if e.ID != "id-1" || e.Endpoint != "v2/payments/pay" || e.Origin != FromExplorer || e.URL != base+prefix+payPath || !e.BytesSent ||
		e.SignedAs != prefix+payPath || e.ClientID != testClient || !e.StartedAt.Equal(testNow) || !strings.Contains(base, e.Remote) {
		t.Errorf("exchange %+v", e)
	}
	if got := j.all(); got != "begin sent complete" {
		t.Errorf("order %s", got)
	}
	if b := j.begun[0]; b.Outcome != Unknown || !b.BytesSent || b.Response != nil || len(b.Request.Body) == 0 {
		t.Errorf("recorded before sending: outcome %s, bytes sent %v", b.Outcome, b.BytesSent)
	}
	for _, f := range e.Findings {
		if f.Severity != Good {
			t.Errorf("finding on a good exchange: %+v", f)
		}
	}
	order := strings.Join(phases, " ")
	if !strings.HasPrefix(order, "connecting sending") || !strings.HasSuffix(order, "receiving") {
		t.Errorf("phases %s", order)
	}
}

func TestTimingFollowsTheClock(t *testing.T) {
	t.Parallel()
	var passed atomic.Int64
	o := testOptions()
	o.Now = func() time.Time { return testNow.Add(time.Duration(passed.Load())) }
	base := answering(t, func(s seen) string { passed.Add(int64(7 * time.Millisecond)); return goodAnswer().text(s) })
	e := newClient(t, testProfile(base), o).Send(t.Context(), payDraft(), FromCLI)
	if e.Timing.Total != 7*time.Millisecond || e.Timing.Write+e.Timing.FirstByte != 7*time.Millisecond {
		t.Errorf("%+v", e.Timing)
	}
}

func TestOverrides(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		header []Field
		omit   []string
		want   []string // lines that must be there, in this order
		not    []string
		signed string // part of the canonical string
		status signing.Status
	}{
		{"in place, spelling kept", []Field{{Name: "client-id", Value: "other"}}, nil, []string{"Content-Type:", "client-id: other\r\nMerchant-Id:"}, []string{"Client-Id"}, "\nother.168", signing.Verified},
		{"time", []Field{{Name: "Request-Time", Value: "2023-04-21T14:58:10+08:00"}}, nil, []string{"Request-Time: 2023-04-21T14:58:10+08:00\r\nSignature"}, nil, ".2023-04-21T14:58:10+08:00.", signing.Verified},
		{"time left out", nil, []string{"request-time"}, []string{"Merchant-Id"}, []string{"Request-Time"}, ".1682060290199.", signing.Mismatch},
		{"client left out", nil, []string{"Client-Id"}, []string{"Merchant-Id"}, []string{"Client-Id"}, "\n" + testClient + ".", signing.Verified},
		{"signature", []Field{{Name: "Signature", Value: "signature=%%%"}}, nil, []string{"Signature: signature=%%%\r\nUser-Agent"}, []string{"RSA256"}, testClient, signing.Undecodable},
		{"signature left out", nil, []string{"SIGNATURE"}, nil, []string{"Signature"}, testClient, signing.Unsigned},
		{"twice", []Field{{Name: "X-A", Value: "1"}, {Name: "Merchant-Id", Value: "m"}, {Name: "x-a", Value: "2"}}, nil, []string{"Merchant-Id: m\r\n", "Signature", "X-A: 1\r\nx-a: 2\r\nUser-Agent"}, nil, testClient, signing.Verified},
		{"tail", []Field{{Name: "user-agent", Value: "me"}, {Name: "X-A", Value: "1"}, {Name: "content-length", Value: "14"}}, nil, []string{"X-A: 1\r\nuser-agent: me\r\nAccept: application/json\r\ncontent-length: 14\r\nConnection"}, []string{"User-Agent"}, testClient, signing.Verified},
		{"spaces around a value", []Field{{Name: "Client-Id", Value: " " + testClient + " "}}, nil, []string{"Client-Id:  " + testClient + " \r\n"}, nil, "\n" + testClient + ".", signing.Verified},
		{"first of the tail", []Field{{Name: "User-Agent", Value: "me"}}, []string{"accept"}, []string{"User-Agent: me\r\nContent-Length"}, []string{"Accept"}, testClient, signing.Verified},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, testProfile("http://127.0.0.1:1"), testOptions())
			d := payDraft()
			d.Header, d.Omit = c.header, c.omit
			e, err := client.Preview(d)
			if err != nil {
				t.Fatal(err)
			}
			rest := header(e)
			for _, want := range c.want {
				_, after, ok := strings.Cut(rest, want)
				if !ok {
					t.Fatalf("no %q in order in\n%s", want, header(e))
				}
				rest = after
			}
			for _, not := range c.not {
				if strings.Contains(header(e), not) {
					t.Errorf("%q is in\n%s", not, header(e))
				}
			}
			if !strings.Contains(string(e.Sent.Canonical), c.signed) {
				t.Errorf("signed %q, want %q", e.Sent.Canonical, c.signed)
			}
			if e.SentVerdict.Status != c.status {
				t.Errorf("%s: %s, want %s", e.SentVerdict.Status, e.SentVerdict.Reason, c.status)
			}
		})
	}
}

func TestRefusedDrafts(t *testing.T) {
	t.Parallel()
	contacted := make(chan bool, 100)
	base := serve(t, func(net.Conn) { contacted <- true })
	j := &journal{}
	o := testOptions()
	o.Journal = j
	client := newClient(t, testProfile(base), o)
	for name, c := range map[string]struct {
		change func(*Draft)
		says   string
	}{
		"header injection":  {func(d *Draft) { d.Header = []Field{{Name: "X", Value: "a\r\nEvil: 1"}} }, `header "X" has a carriage return at byte 2`},
		"bare line feed":    {func(d *Draft) { d.Header = []Field{{Name: "X", Value: "a\nEvil: 1"}} }, "line feed"},
		"NUL":               {func(d *Draft) { d.Header = []Field{{Name: "X", Value: "a\x00"}} }, "NUL"},
		"header name":       {func(d *Draft) { d.Header = []Field{{Name: "X: y\r\nZ", Value: "a"}} }, "not allowed in HTTP"},
		"chunked":           {func(d *Draft) { d.Header = []Field{{Name: "transfer-encoding", Value: "chunked"}} }, "Transfer-Encoding cannot be set"},
		"target injection":  {func(d *Draft) { d.Target = "/a HTTP/1.1\r\nEvil: 1" }, "space at byte 3"},
		"line feed in path": {func(d *Draft) { d.Target = "/a\nb" }, "line feed at byte 3"},
		"no path":           {func(d *Draft) { d.Target = "" }, "no path"},
		"relative":          {func(d *Draft) { d.Target = "v2/payments/pay" }, "does not start with /"},
		"whole URL":         {func(d *Draft) { d.Target = "https://evil.example/" }, "whole URL"},
		"method":            {func(d *Draft) { d.Method = "POST /evil" }, "method"},
	} {
		d := payDraft()
		c.change(&d)
		e := client.Send(t.Context(), d, FromCLI)
		if e.Outcome != Failed || !strings.Contains(e.Err, c.says) || e.Hint == "" || e.BytesSent {
			t.Errorf("%s: %s %q hint %q", name, e.Outcome, e.Err, e.Hint)
		}
		if _, err := client.Preview(d); err == nil {
			t.Errorf("%s: previewed", name)
		}
	}
	if len(contacted) > 0 || j.all() != "" {
		t.Errorf("%d connections, journal %q", len(contacted), j.all())
	}
}

// Odd targets go out, and are signed, byte for byte (wire captures W033 to
// W041 of the SDKs).
func TestTargetsAsTyped(t *testing.T) {
	t.Parallel()
	base, next := recording(t, goodAnswer().text)
	client := newClient(t, testProfile(base), testOptions())
	for _, target := range []string{
		"/v2/pay%20ments/%E6%94%AF", "/v2/支付/pay", "/v2//payments/../payments/pay", "/v2/a%2Fb%2fc", "/v2/pay?b=2&a=x+y&&a=", "/v2/pay?", "/v2/pay/#frag", "/v2/caf\xe9", "//v2", "/{}|^`\"<>",
	} {
		d := payDraft()
		d.Target = target
		e := client.Send(t.Context(), d, FromCLI)
		line, _, _ := strings.Cut(next().head, "\r\n")
		if want := "POST " + prefix + target + " HTTP/1.1"; line != want || e.Request.Line != want {
			t.Errorf("sent %q, recorded %q, want %q", line, e.Request.Line, want)
		}
		if !bytes.HasPrefix(e.Sent.Canonical, []byte("POST "+prefix+target+"\n")) || !e.SentVerdict.OK() || !e.Received.OK() {
			t.Errorf("%q: signed %q, %s, %s", target, e.Sent.Canonical, e.SentVerdict.Reason, e.Received.Reason)
		}
	}
}

func TestSignedTarget(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ base, signed, target, want, requested string }{
		{"https://h/miniprogram/api", "", "/v2/pay?a=1", "/miniprogram/api/v2/pay?a=1", "/miniprogram/api/v2/pay?a=1"},
		{"https://h/api/", "", "/v2/pay", "/api/v2/pay", "/api/v2/pay"},
		{"https://h", "", "/v2/pay", "/v2/pay", "/v2/pay"},
		{"https://h/", "", "/v2/pay", "/v2/pay", "/v2/pay"},
		{"https://h/%41//b", "", "/v2/pay", "/%41//b/v2/pay", "/%41//b/v2/pay"},
		{"https://h/miniprogram/api", "/api", "/v2/pay?a=1", "/api/v2/pay?a=1", "/miniprogram/api/v2/pay?a=1"},
		{"https://h/api", "/", "/v2/pay", "/v2/pay", "/api/v2/pay"},
		{"https://h/api", "{path}", "/v2/pay?a", "/v2/pay?a", "/api/v2/pay?a"},
		{"https://h/api", "/ams/sandbox{path}.htm", "/v2/pay?a=1", "/ams/sandbox/v2/pay.htm?a=1", "/api/v2/pay?a=1"},
	} {
		p := testProfile("https://h")
		p.BaseURL, p.SignedPath = c.base, c.signed
		if err := p.Validate(); err != nil {
			t.Fatal(err)
		}
		if got := p.SignedTarget(c.target); got != c.want {
			t.Errorf("%+v: signed %q", c, got)
		}
		if got := p.RequestTarget(c.target); got != c.requested {
			t.Errorf("%+v: requested %q", c, got)
		}
		if got := p.SignedFromRequested("https://h" + c.requested); got != c.want {
			t.Errorf("%+v: from the request line %q", c, got)
		}
	}
}

func TestSpellings(t *testing.T) {
	t.Parallel()
	p := testProfile("http://127.0.0.1:1")
	p.TimeFormat, p.CompactHeader, p.KeyVersion, p.MerchantID = ISOms, true, "", ""
	p.ContentTemplate = "{method}.{uri}.{client_id}.{request_id}.{time}.{body}"
	e, err := newClient(t, p, testOptions()).Preview(payDraft())
	if err != nil {
		t.Fatal(err)
	}
	want := "POST." + prefix + payPath + "." + testClient + ".id-1.2023-04-21T06:58:10.199Z." + `{"a":"支付"}`
	if string(e.Sent.Canonical) != want || !e.SentVerdict.OK() {
		t.Errorf("signed %q, %s", e.Sent.Canonical, e.SentVerdict.Reason)
	}
	if got := e.Request.Get("Signature"); !strings.HasPrefix(got, "algorithm=RSA256,signature=") {
		t.Error(got)
	}
	if e.Request.Has("Merchant-Id") || e.Request.Get("Request-Id") != "id-1" || e.ID != "" {
		t.Errorf("%q", header(e))
	}
}

func TestGetHasNoContentLength(t *testing.T) {
	t.Parallel()
	client := newClient(t, testProfile("http://127.0.0.1:1"), testOptions())
	for method, want := range map[string]bool{"GET": false, "HEAD": false, "POST": true, "": true, "DELETE": true} {
		e, err := client.Preview(Draft{Method: method, Target: "/x"})
		if err != nil || e.Request.Has("Content-Length") != want {
			t.Errorf("%s: %v %q", method, err, header(e))
		}
	}
}

func TestWithoutAKey(t *testing.T) {
	t.Parallel()
	p := testProfile(answering(t, goodAnswer().text))
	p.Key = nil
	client := newClient(t, p, testOptions())
	if e := client.Send(t.Context(), payDraft(), FromCLI); !strings.Contains(e.Err, "no private key") || e.Hint == "" {
		t.Errorf("%q %q", e.Err, e.Hint)
	}
	d := payDraft()
	d.Omit = []string{"Signature"}
	if e := client.Send(t.Context(), d, FromCLI); e.SentVerdict.Status != signing.Unsigned || e.Outcome != Answered || len(e.Sent.Signature) > 0 {
		t.Errorf("%s %s", e.SentVerdict.Status, e.Err)
	}
}

func TestJournalThatFails(t *testing.T) {
	t.Parallel()
	contacted := make(chan bool, 10)
	base := answering(t, func(s seen) string { contacted <- true; return goodAnswer().text(s) })
	o := testOptions()
	o.Journal = &journal{beginErr: errors.New("disk full")}
	e := newClient(t, testProfile(base), o).Send(t.Context(), payDraft(), FromCLI)
	if e.Outcome != Failed || e.BytesSent || !strings.Contains(e.Err, "could not be recorded, so it was not sent: disk full") || e.Hint == "" {
		t.Errorf("%s %q", e.Outcome, e.Err)
	}
	if e.ID != "" {
		t.Errorf("run %s is not there", e.ID)
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if e := newClient(t, testProfile(base), o).Send(canceled, payDraft(), FromCLI); e.Outcome != Canceled || e.ID != "" {
		t.Errorf("%s, run %q is not there", e.Outcome, e.ID)
	}
	if len(contacted) != 0 {
		t.Error("it was sent all the same")
	}
	o.Journal = &journal{endErr: errors.New("disk full")}
	e = newClient(t, testProfile(base), o).Send(t.Context(), payDraft(), FromCLI)
	if e.Outcome != Answered || !e.Received.OK() || !strings.Contains(e.Err, "disk full") {
		t.Errorf("%s %q", e.Outcome, e.Err)
	}
}

func TestResendSendsTheSameBytes(t *testing.T) {
	t.Parallel()
	base, next := recording(t, goodAnswer().text)
	j := &journal{}
	o := testOptions()
	o.Journal = j
	first := newClient(t, testProfile(base), o).Send(t.Context(), payDraft(), FromCLI)
	o.Now = func() time.Time { return testNow.Add(time.Hour) }
	o.NewID = func() string { return "id-2" }
	client := newClient(t, testProfile(base), o)
	again := client.Resend(t.Context(), first)
	if a, b := next(), next(); a.head != b.head || !bytes.Equal(a.body, b.body) {
		t.Fatalf("%q, then %q", a, b)
	}
	if again.ID != "id-2" || again.Origin != FromReplay || !again.SentVerdict.OK() || !again.Received.OK() || again.Endpoint != first.Endpoint {
		t.Errorf("%+v", again)
	}
	if _, ok := find(again, RequestSide, "clock_skew"); !ok {
		t.Error("an hour old, and nothing says so")
	}
	if e := client.Resend(t.Context(), Exchange{}); e.Err == "" || e.Outcome != Failed {
		t.Error("nothing was resent without a word")
	}
	if got := j.all(); got != "begin complete begin complete" {
		t.Error(got)
	}
}

// A server that answers early and closes must be heard, although the request
// cannot be written to its end.
func TestEarlyAnswer(t *testing.T) {
	t.Parallel()
	base := serve(t, func(conn net.Conn) {
		b := make([]byte, 1000)
		_, _ = conn.Read(b)
		_, _ = io.WriteString(conn, "HTTP/1.1 413 Payload Too Large\r\nContent-Length: 9\r\nConnection: close\r\n\r\ntoo large")
	})
	d := payDraft()
	d.Body = bytes.Repeat([]byte("x"), 12<<20)
	e := newClient(t, testProfile(base), testOptions()).Send(t.Context(), d, FromCLI)
	if e.Outcome != Answered || e.Response.Status() != 413 || string(e.Response.Body) != "too large" || !e.BytesSent {
		t.Errorf("%s %s", e.Outcome, e.Err)
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	hold, reading := make(chan bool), make(chan bool)
	t.Cleanup(func() { close(hold) })
	for _, c := range []struct {
		name   string
		at     string // Progress phase in which it is canceled
		says   string
		sent   bool
		server func(net.Conn)
		body   int
	}{
		{"connecting", "connecting", "while connecting", false, nil, 0},
		{"sending", "the server has read something", "while sending", true, func(conn net.Conn) { _, _ = conn.Read(make([]byte, 1)); reading <- true; <-hold }, 16 << 20},
		{"waiting", "waiting", "while waiting", true, func(conn net.Conn) { _, _ = takeRequest(conn); <-hold }, 0},
		{"receiving", "receiving", "while receiving", true, func(conn net.Conn) {
			_, _ = takeRequest(conn)
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
			<-hold
		}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			j := &journal{}
			o := testOptions()
			o.Journal = j
			o.Observe = func(p Progress) {
				if p.Phase == c.at {
					time.AfterFunc(5*time.Millisecond, cancel)
				}
			}
			if c.name == "sending" {
				go func() { <-reading; cancel() }()
			}
			base := "http://127.0.0.1:1"
			if c.server == nil {
				o.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) { <-ctx.Done(); return nil, ctx.Err() }
			} else {
				base = serve(t, c.server)
			}
			d := payDraft()
			d.Body = bytes.Repeat([]byte("x"), c.body)
			e := newClient(t, testProfile(base), o).Send(ctx, d, FromExplorer)
			if e.Outcome != Canceled || !strings.Contains(e.Err, c.says) || e.BytesSent != c.sent {
				t.Errorf("%s, %q, bytes sent %v", e.Outcome, e.Err, e.BytesSent)
			}
			if c.sent != strings.Contains(e.Hint, "query it") {
				t.Errorf("hint %q", e.Hint)
			}
			if c.at == "receiving" && (e.Response == nil || string(e.Response.Body) != "half" || !e.Response.Partial) {
				t.Errorf("what arrived is lost: %+v", e.Response)
			}
			if got := j.all(); got != "begin complete" || e.Err != j.complete[0].Err {
				t.Errorf("journal %s", got)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	e := newClient(t, testProfile("http://127.0.0.1:1"), testOptions()).Send(ctx, payDraft(), FromCLI)
	if e.Outcome != Canceled || e.BytesSent || e.Err == "" {
		t.Errorf("canceled beforehand: %+v", e)
	}
}

func TestTimeoutNamesThePhase(t *testing.T) {
	t.Parallel()
	hold := make(chan bool)
	t.Cleanup(func() { close(hold) })
	for name, c := range map[string]struct {
		server func(net.Conn)
		scheme string
		says   string
	}{
		"waiting": {func(conn net.Conn) { _, _ = takeRequest(conn); <-hold }, "http", "while waiting for the answer of"},
		"receiving": {func(conn net.Conn) {
			_, _ = takeRequest(conn)
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
			<-hold
		}, "http", "while receiving the answer of"},
		"in the head": {func(conn net.Conn) {
			_, _ = takeRequest(conn)
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nA: b\r\n")
			<-hold
		}, "http", "while receiving the answer of"},
		"TLS": {func(net.Conn) { <-hold }, "https", "while negotiating TLS with"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u, _ := url.Parse(serve(t, c.server))
			p := testProfile(c.scheme + "://" + u.Host)
			p.Timeout = 60 * time.Millisecond
			e := newClient(t, p, testOptions()).Send(t.Context(), payDraft(), FromCLI)
			if !strings.Contains(e.Err, "timed out after 60ms "+c.says+" "+u.Host) || e.Hint == "" {
				t.Errorf("%q, hint %q", e.Err, e.Hint)
			}
			if e.BytesSent != (c.scheme == "http") {
				t.Errorf("bytes sent: %v", e.BytesSent)
			}
		})
	}
}
