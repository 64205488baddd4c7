package capture_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/capture"
)

// observed collects exchanges.
type observed struct {
	mu   sync.Mutex
	list []apiclient.Exchange
	more chan struct{}
}

func (o *observed) take(e apiclient.Exchange) {
	o.mu.Lock()
	o.list = append(o.list, e)
	o.mu.Unlock()
	o.more <- struct{}{}
}

// wait returns the exchanges once there are n.
func (o *observed) wait(t testing.TB, n int) []apiclient.Exchange {
	t.Helper()
	for {
		o.mu.Lock()
		list := o.list
		o.mu.Unlock()
		if len(list) >= n {
			return list
		}
		select {
		case <-o.more:
		case <-time.After(10 * time.Second):
			t.Fatalf("%d exchanges were observed, not %d", len(list), n)
		}
	}
}

// proxy starts one before an upstream, and returns its address.
func proxy(t testing.TB, upstream string, change ...func(*capture.Config)) (string, *observed) {
	t.Helper()
	return proxyOn(t, nil, upstream, change...)
}

// proxyOn listens with TLS where there is a configuration.
func proxyOn(t testing.TB, secure *tls.Config, upstream string, change ...func(*capture.Config)) (string, *observed) {
	t.Helper()
	u, err := url.Parse(upstream)
	if err != nil {
		t.Fatal(err)
	}
	seen := &observed{more: make(chan struct{}, 1<<20)}
	config := capture.Config{Upstream: u, Observe: seen.take, Origin: apiclient.FromCapture}
	for _, c := range change {
		c(&config)
	}
	p, err := capture.New(config)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if secure != nil {
		l = tls.NewListener(l, secure)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Serve(ctx, l, time.Second) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(10 * time.Second):
			t.Error("it does not end")
		}
	})
	return l.Addr().String(), seen
}

// script is an upstream that reads n bytes of each connection and answers them
// with bytes, again and again.
func script(t testing.TB, requests ...[2]string) (address string, got func() string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	var mu sync.Mutex
	var read bytes.Buffer
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		for _, r := range requests {
			b := make([]byte, len(r[0]))
			n, err := io.ReadFull(conn, b)
			mu.Lock()
			read.Write(b[:n])
			mu.Unlock()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, r[1])
		}
	}()
	return "http://" + l.Addr().String(), func() string {
		<-done
		mu.Lock()
		defer mu.Unlock()
		return read.String()
	}
}

func send(t testing.TB, address, text string) string {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Logf("after %d bytes: %v", len(answer), err)
	}
	return string(answer)
}

func TestBytesPassUnchanged(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ request, answer string }{
		"odd spelling": {"POST /a%2fb?c=d&&e HTTP/1.1\r\nhost:UP\r\nX-a:  b \r\nx-A:c\r\nFold: 1\r\n 2\r\nContent-Length: 4\r\n\r\n\x00\xff\r\n",
			"HTTP/1.1 200 oK\r\nSIGNATURE:x\r\ncontent-length: 3\r\nConnection: close\r\n\r\nabc"},
		"chunks and trailers": {
			"POST / HTTP/1.1\r\nHost: UP\r\nTransfer-Encoding: chunked\r\n\r\n3;x=\"y\"\r\nabc\r\n00A\r\n0123456789\r\n0\r\nT: 1\r\nU:2\r\n\r\n",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n1\r\nx\r\n0\r\nSignature: y\r\n\r\n"},
		"to the end": {"GET / HTTP/1.1\r\nHost: UP\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nall of this"},
		"nothing":    {"DELETE /x HTTP/1.1\nHost: UP\n\n", "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"},
		"interim": {"POST / HTTP/1.1\r\nHost: UP\r\nContent-Length: 0\r\n\r\n",
			"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			up, got := script(t, [2]string{test.request, test.answer})
			address, seen := proxy(t, up, func(c *capture.Config) { c.Mapping.Host = "UP" })
			if answer := send(t, address, test.request); answer != test.answer {
				t.Errorf("the answer came as %q, not %q", answer, test.answer)
			}
			if sent := got(); sent != test.request {
				t.Errorf("the request was sent as %q, not %q", sent, test.request)
			}
			e := seen.wait(t, 1)[0]
			if e.Outcome != apiclient.Answered || e.Response == nil || e.Err != "" || e.Request.Partial || e.Response.Partial {
				t.Errorf("observed %+v", e)
			}
			if head := string(e.Request.HeadBytes()); !strings.HasPrefix(test.request, head) {
				t.Errorf("observed the head %q", head)
			}
		})
	}
}

// A client that pipelines has its answers in order, over one connection.
func TestPipelining(t *testing.T) {
	t.Parallel()
	one := "POST /1 HTTP/1.1\r\nHost: UP\r\nContent-Length: 3\r\n\r\none"
	two := "POST /2 HTTP/1.1\r\nHost: UP\r\nContent-Length: 3\r\nConnection: close\r\n\r\ntwo"
	answer := func(s string) string {
		return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(s), s)
	}
	up, got := script(t, [2]string{one, answer("first")}, [2]string{two, answer("second")})
	address, seen := proxy(t, up, func(c *capture.Config) { c.Mapping.Host = "UP" })
	if all := send(t, address, one+two); all != answer("first")+answer("second") {
		t.Errorf("%q", all)
	}
	if got() != one+two {
		t.Errorf("%q", got())
	}
	list := seen.wait(t, 2)
	if string(list[0].Request.Body) != "one" || string(list[1].Response.Body) != "second" {
		t.Errorf("%+v", list)
	}
}

// A client that asks before it sends gets its answer first.
func TestContinue(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/no" {
			w.WriteHeader(http.StatusExpectationFailed)
			return
		}
		b, _ := io.ReadAll(r.Body)
		_, _ = w.Write(b)
	}))
	t.Cleanup(server.Close)
	address, seen := proxy(t, server.URL)
	client := &http.Client{Transport: &http.Transport{ExpectContinueTimeout: 5 * time.Second}}
	for path, want := range map[string]int{"/yes": 200, "/no": 417} {
		r, _ := http.NewRequest(http.MethodPost, "http://"+address+path, strings.NewReader("body"))
		r.Header.Set("Expect", "100-continue")
		began := time.Now()
		answer, err := client.Do(r)
		if err != nil || answer.StatusCode != want {
			t.Fatalf("%s: %v, %v", path, answer, err)
		}
		b, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if want == 200 && string(b) != "body" || time.Since(began) > 4*time.Second {
			t.Errorf("%s: %q after %v", path, b, time.Since(began))
		}
	}
	for _, e := range seen.wait(t, 2) {
		if e.Request.Path() == "/no" && (!e.Request.Partial || e.Response.Status() != 417) {
			t.Errorf("%+v", e)
		}
	}
}

// A large body streams: its front is kept, and no more.
func TestLargeBodiesStream(t *testing.T) {
	t.Parallel()
	const size = 64 << 20
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).EnableFullDuplex()
		n, _ := io.Copy(w, r.Body)
		if n != size {
			t.Errorf("%d bytes", n)
		}
	}))
	t.Cleanup(server.Close)
	address, seen := proxy(t, server.URL, func(c *capture.Config) { c.MaxBody = 1 << 20 })
	r, _ := http.NewRequest(http.MethodPost, "http://"+address+"/", io.LimitReader(zeros{}, size))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if n, err := io.Copy(io.Discard, answer.Body); n != size || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
	e := seen.wait(t, 1)[0]
	if len(e.Request.Body) != 1<<20 || len(e.Response.Body) != 1<<20 || !e.Request.Partial || !e.Response.Partial {
		t.Errorf("%d and %d bytes are kept", len(e.Request.Body), len(e.Response.Body))
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestMapping(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprint(w, r.Host, " ", r.RequestURI)
	}))
	t.Cleanup(server.Close)
	address, seen := proxy(t, server.URL+"/gw/", func(c *capture.Config) {
		c.Mapping = capture.Mapping{StripPrefix: "/local", AddPrefix: "/api", Host: "superapp.test"}
	})
	answer, err := http.Get("http://" + address + "/local/v2//pay?a=b/c")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if b, _ := io.ReadAll(answer.Body); string(b) != "superapp.test /gw/api/v2//pay?a=b/c" {
		t.Errorf("asked for %s", b)
	}
	if e := seen.wait(t, 1)[0]; e.Request.Target() != "/local/v2//pay?a=b/c" || e.URL != "http://superapp.test/gw/api/v2//pay?a=b/c" {
		t.Errorf("%s %s", e.Request.Target(), e.URL)
	}
}

// What ends badly on either side is told on the other, and harms no other.
func TestBrokenEnds(t *testing.T) {
	t.Parallel()
	post := "POST / HTTP/1.1\r\nHost: UP\r\nContent-Length: 4\r\n\r\nbody"
	for name, test := range map[string]struct{ request, answer, status, err string }{
		"no answer":      {post, "", "HTTP/1.1 502 ", "without an answer"},
		"cut answer":     {post, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "HTTP/1.1 200 ", "after 3 of 9 bytes"},
		"no HTTP":        {post, "SSH-2.0-x\r\n\r\n", "HTTP/1.1 502 ", "not HTTP"},
		"two lengths":    {"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "", "HTTP/1.1 400 ", "Content-Length"},
		"both framings":  {"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "", "HTTP/1.1 400 ", "Content-Length"},
		"a tunnel":       {"CONNECT x:443 HTTP/1.1\r\n\r\n", "", "HTTP/1.1 501 ", "tunnel"},
		"garbage":        {"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", "", "HTTP/1.1 400 ", ""},
		"chunks cut off": {"POST / HTTP/1.1\r\nHost: UP\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "", "", "chunk"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			up, _ := script(t, [2]string{test.request, test.answer})
			address, seen := proxy(t, up)
			if answer := send(t, address, test.request); !strings.HasPrefix(answer, test.status) {
				t.Errorf("answered %q", answer)
			}
			if name == "garbage" {
				return
			}
			if e := seen.wait(t, 1)[0]; !strings.Contains(e.Err, test.err) {
				t.Errorf("observed %q", e.Err)
			}
		})
	}
	address, seen := proxy(t, "http://127.0.0.1:1")
	if answer := send(t, address, post); !strings.HasPrefix(answer, "HTTP/1.1 502 ") || seen.wait(t, 1)[0].Outcome != apiclient.Failed {
		t.Errorf("%q", answer)
	}
}

// An idle connection that the upstream has closed is not used again.
func TestUpstreamThatClosesIdleConnections(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }))
	server.Config.IdleTimeout = 30 * time.Millisecond
	server.Start()
	t.Cleanup(server.Close)
	address, _ := proxy(t, server.URL)
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	br := bufio.NewReader(conn)
	for range 3 {
		_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok")
		answer, err := http.ReadResponse(br, nil)
		if err != nil || answer.StatusCode != 200 {
			t.Fatalf("%v, %v", answer, err)
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		time.Sleep(100 * time.Millisecond)
	}
}

// Where the upstream answers before it has read all and the rest comes soon, the
// client may ask again on its connection: nobody told it that this one ends.
func TestAnEarlyAnswerKeepsTheConnection(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	const answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				in := bufio.NewReader(conn)
				for {
					r, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					_, _ = io.WriteString(conn, answer)
					_, _ = io.Copy(io.Discard, r.Body)
				}
			}()
		}
	}()
	address, seen := proxy(t, "http://"+l.Addr().String())
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	in := bufio.NewReader(conn)
	for range 2 {
		_, _ = io.WriteString(conn, "POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nab")
		got := make([]byte, len(answer))
		if _, err := io.ReadFull(in, got); err != nil || string(got) != answer {
			t.Fatalf("%q, %v", got, err)
		}
		_, _ = io.WriteString(conn, "cd")
	}
	for _, e := range seen.wait(t, 2) {
		if e.Err != "" || string(e.Request.Body) != "abcd" {
			t.Errorf("%q: %s", e.Request.Body, e.Err)
		}
	}
}
