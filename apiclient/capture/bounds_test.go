package capture_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/capture"
	"countersign/apiclient/hint"
)

// echo answers each request with its body.
func echo(t testing.TB) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }))
	t.Cleanup(server.Close)
	return server.URL
}

// tight are limits that a test can wait for.
var tight = capture.Limits{Connections: 20, Head: 300 * time.Millisecond, Idle: 300 * time.Millisecond, KeepAlive: 300 * time.Millisecond,
	Dial: time.Second}

// works sends a request as any honest client does, and wants its answer soon.
func works(t testing.TB, address string) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 5 * time.Second}
	answer, err := client.Post("http://"+address+"/", "text/plain", strings.NewReader("honest"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if b, err := io.ReadAll(answer.Body); string(b) != "honest" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
}

// Clients that are slow, silent or hostile are let go in time, and harm no other.
func TestHostileClients(t *testing.T) {
	t.Parallel()
	address, _ := proxy(t, echo(t), func(c *capture.Config) { c.Limits = tight })
	for name, begins := range map[string]string{
		"says nothing":     "",
		"half a head":      "POST / HTTP/1.1\r\nHost: x\r\n",
		"half a body":      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf",
		"half a chunk":     "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf",
		"endless head":     "GET / HTTP/1.1\r\nX: " + strings.Repeat("x", 2<<20),
		"endless fields":   "GET / HTTP/1.1\r\n" + strings.Repeat("A: b\r\n", 400_000),
		"endless chunk":    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;" + strings.Repeat("x", 1<<20),
		"endless lines":    strings.Repeat("\r\n", 1<<20),
		"negative length":  "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
		"smuggled request": "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /admin HTTP/1.1\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			go func() { _, _ = io.WriteString(conn, begins) }()
			_ = conn.SetReadDeadline(time.Now().Add(8 * time.Second))
			if _, err := io.Copy(io.Discard, conn); err != nil && strings.Contains(err.Error(), "timeout") {
				t.Error("it is still connected")
			}
			works(t, address)
		})
	}
}

// drip sends a byte of a head now and then: each comes in time, the whole does not.
func TestAHeadByDrips(t *testing.T) {
	t.Parallel()
	address, _ := proxy(t, echo(t), func(c *capture.Config) { c.Limits = tight })
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	began := time.Now()
	for time.Since(began) < 5*time.Second {
		if _, err := conn.Write([]byte("G")); err != nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Error("it may go on for ever")
}

// More connections than there is room for wait, and are served once others end.
func TestTooManyConnections(t *testing.T) {
	t.Parallel()
	limits := tight
	limits.Connections, limits.KeepAlive = 3, 2*time.Second
	address, _ := proxy(t, echo(t), func(c *capture.Config) { c.Limits = limits })
	for range 10 {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 20 * time.Second}
	answer, err := client.Get("http://" + address)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
}

// Upstreams that are slow, silent or hostile are given up in time, and harm no other.
func TestHostileUpstreams(t *testing.T) {
	t.Parallel()
	for name, answers := range map[string]string{
		"says nothing":     "",
		"half a head":      "HTTP/1.1 200 OK\r\nX: y\r\n",
		"half a body":      "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
		"endless head":     "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 2<<20),
		"endless interims": strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 100_000),
		"wrong chunks":     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnope\r\n",
		"two answers":      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = l.Close() })
			go func() {
				for {
					conn, err := l.Accept()
					if err != nil {
						return
					}
					go func() {
						r, err := http.ReadRequest(bufio.NewReader(conn))
						if err != nil {
							_ = conn.Close()
							return
						}
						body, _ := io.ReadAll(r.Body)
						if string(body) == "honest" {
							_, _ = fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhonest")
							_ = conn.Close()
							return
						}
						_, _ = io.WriteString(conn, answers) // and then nothing
					}()
				}
			}()
			address, seen := proxy(t, "http://"+l.Addr().String(), func(c *capture.Config) { c.Limits = tight })
			began := time.Now()
			done := make(chan string)
			go func() { done <- send(t, address, "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx") }()
			works(t, address)
			if answer := <-done; time.Since(began) > 8*time.Second {
				t.Errorf("%.100q after %v", answer, time.Since(began))
			}
			seen.wait(t, 2)
		})
	}
}

// A client that does not read its answer is let go, and the upstream with it.
func TestAClientThatDoesNotRead(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/large" {
			_, _ = io.Copy(w, io.LimitReader(zeros{}, 64<<20))
			return
		}
		_, _ = io.Copy(w, r.Body)
	}))
	t.Cleanup(server.Close)
	address, seen := proxy(t, server.URL, func(c *capture.Config) { c.Limits, c.MaxBody = tight, 1000 })
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, "GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
	works(t, address)
	for _, e := range seen.wait(t, 2) {
		if e.Request.Path() == "/large" && e.Err == "" {
			t.Errorf("%+v", e)
		}
	}
}

// HTTP/2 is said not to be spoken, whether it is begun at once or asked for.
func TestHTTP2IsRefused(t *testing.T) {
	t.Parallel()
	said := make(chan error, 10)
	address, seen := proxy(t, echo(t), func(c *capture.Config) { c.Unspoken = func(err error) { said <- err } })
	answer := send(t, address, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
	if !strings.HasPrefix(answer, "HTTP/1.1 505 ") || !strings.Contains(answer, "HTTP/2") {
		t.Errorf("%q", answer)
	}
	if r := (<-said).Error(); !strings.Contains(r, "HTTP/2") {
		t.Errorf("%q", r)
	}
	works(t, address)
	if e := seen.wait(t, 1)[0]; e.Request.Method() == "PRI" {
		t.Error("a preface is told as a request")
	}
}

// Once it is to end, what is in flight ends first, nothing new is taken, and the
// connections that wait are closed.
func TestShutdownFinishesWhatIsInFlight(t *testing.T) {
	t.Parallel()
	entered, release := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(entered)
		<-release
		_, _ = io.Copy(w, r.Body)
	}))
	t.Cleanup(server.Close)
	u, _ := url.Parse(server.URL)
	var seen []apiclient.Exchange
	var mu sync.Mutex
	p, err := capture.New(capture.Config{Upstream: u, Observe: func(e apiclient.Exchange) { mu.Lock(); seen = append(seen, e); mu.Unlock() }})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.Serve(ctx, l, 10*time.Second) }()
	idle, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = idle.Close() }()
	answered := make(chan string, 1)
	go func() {
		answered <- send(t, l.Addr().String(), "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok")
	}()
	<-entered
	cancel()
	_ = idle.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := idle.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("a connection that waits: %v", err)
	}
	select {
	case <-done:
		t.Fatal("it ended before what is in flight")
	case <-time.After(50 * time.Millisecond):
	}
	close(release)
	if a := <-answered; !strings.HasSuffix(a, "\r\n\r\nok") {
		t.Errorf("%q", a)
	}
	if err := <-done; err != nil || len(seen) != 1 || seen[0].Outcome != apiclient.Answered {
		t.Errorf("%v, %+v", err, seen)
	}
}

// What hangs for longer than the grace is cut off, and told.
func TestShutdownHasAnEnd(t *testing.T) {
	t.Parallel()
	entered := make(chan struct{})
	hang := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { close(entered); <-hang }))
	t.Cleanup(func() { close(hang); server.Close() })
	u, _ := url.Parse(server.URL)
	observed := make(chan apiclient.Exchange, 1)
	p, err := capture.New(capture.Config{Upstream: u, Observe: func(e apiclient.Exchange) { observed <- e }})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.Serve(ctx, l, 100*time.Millisecond) }()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	<-entered
	cancel()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		t.Fatal("it does not end")
	}
	if e := <-observed; e.Outcome != apiclient.Lost || e.Err == "" {
		t.Errorf("%+v", e)
	}
}

// What unmodified SDKs put on the wire reaches the upstream byte for byte.
func TestRecordedSDKRequests(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../sandbox/testdata/captures.json") // one copy is enough
	if err != nil {
		t.Fatal(err)
	}
	var all []struct {
		ID          string      `json:"id"`
		RequestLine string      `json:"request_line"`
		Headers     [][2]string `json:"headers_as_sent"`
		Body        []byte      `json:"body_b64"`
	}
	if err := json.Unmarshal(data, &all); err != nil || len(all) < 40 {
		t.Fatal(len(all), err)
	}
	const answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
	for _, c := range all {
		raw, host := c.RequestLine+"\r\n", ""
		for _, h := range c.Headers {
			raw += h[0] + ": " + h[1] + "\r\n"
			if strings.EqualFold(h[0], "host") {
				host = h[1]
			}
		}
		raw += "\r\n" + string(c.Body)
		wanted := strings.Replace(raw, "POST https://", "POST http://", 1) // the scheme of the upstream
		up, got := script(t, [2]string{wanted, answer})
		address, seen := proxy(t, up, func(p *capture.Config) { p.Mapping.Host = host })
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(2 * time.Second))
		_, _ = io.WriteString(conn, raw)
		b := make([]byte, len(answer))
		if _, err := io.ReadFull(conn, b); err != nil || string(b) != answer {
			t.Errorf("%s: answered %q, %v", c.ID, b, err)
			_ = conn.Close()
			continue
		}
		_ = conn.Close()
		if got() != wanted {
			t.Errorf("%s: the upstream got\n%s\nnot\n%s", c.ID, got(), wanted)
		}
		if e := seen.wait(t, 1)[0]; string(e.Request.HeadBytes())+string(e.Request.Body) != raw {
			t.Errorf("%s: recorded otherwise", c.ID)
		}
	}
}

// What follows a 101 passes in both directions, and the run is told before it ends.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	const switches = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
	const asks = "GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		in := bufio.NewReader(conn)
		if _, err := http.ReadRequest(in); err == nil {
			_, _ = io.WriteString(conn, switches+"hello")
			_, _ = io.Copy(conn, in)
		}
	}()
	address, seen := proxy(t, "http://"+l.Addr().String())
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, asks)
	expect := func(want string) {
		t.Helper()
		got := make([]byte, len(want))
		if _, err := io.ReadFull(conn, got); err != nil || string(got) != want {
			t.Fatalf("%q, %v", got, err)
		}
	}
	expect(switches + "hello")
	if e := seen.wait(t, 1)[0]; e.Err != "" || e.Response.Status() != 101 {
		t.Errorf("%s %s", e.Response.Line, e.Err)
	}
	for range 3 {
		_, _ = io.WriteString(conn, "\x81\x05frame")
		expect("\x81\x05frame")
	}
}

// A request whose end two readers may find at different places goes nowhere.
func TestSmugglingIsRefused(t *testing.T) {
	t.Parallel()
	address, _ := proxy(t, echo(t))
	for _, head := range []string{"Transfer-Encoding : chunked", "Transfer-Encoding\t: chunked", "Content-Length : 5",
		"Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: xchunked", "Transfer-Encoding: chunked, identity",
		"Content-Length: 5\r\nContent-Length: 6", "Content-Length: +5"} {
		answer := send(t, address, "POST /p HTTP/1.1\r\nHost: h\r\n"+head+"\r\n\r\n0\r\n\r\nGET /evil HTTP/1.1\r\nHost: h\r\n\r\n")
		if !strings.HasPrefix(answer, "HTTP/1.1 400 ") || strings.Contains(answer, "the answer") || strings.Count(answer, "HTTP/1.1 ") != 1 {
			t.Errorf("%s: %q", head, answer)
		}
	}
}

// Who comes to no request is told about, with what to do.
func TestUnspoken(t *testing.T) {
	t.Parallel()
	cert := httptest.NewUnstartedServer(nil)
	cert.StartTLS()
	t.Cleanup(cert.Close)
	said := make(chan string, 10)
	config := func(c *capture.Config) { c.Unspoken = func(err error) { said <- err.Error() + ": " + hint.Of(err) } }
	plain, _ := proxy(t, echo(t), config)
	secure, _ := proxyOn(t, &tls.Config{Certificates: cert.TLS.Certificates, NextProtos: []string{"http/1.1"}}, echo(t), config)
	for name, c := range map[string]struct {
		address string
		config  *tls.Config // nil: plain HTTP
		want    string
	}{
		"h2":       {secure, &tls.Config{NextProtos: []string{"h2"}, InsecureSkipVerify: true}, "HTTP/2"}, //nolint:gosec // a test
		"distrust": {secure, &tls.Config{RootCAs: x509.NewCertPool(), ServerName: "example.com"}, "does not trust"},
		"tls":      {plain, &tls.Config{InsecureSkipVerify: true}, "begin its URL with http://"}, //nolint:gosec // a test
		"http":     {secure, nil, "begin its URL with https://"},
	} {
		conn, err := net.Dial("tcp", c.address)
		if err != nil {
			t.Fatal(err)
		}
		if c.config != nil {
			_ = tls.Client(conn, c.config).Handshake()
		} else {
			_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\n\r\n")
		}
		select {
		case says := <-said:
			if !strings.Contains(says, c.want) {
				t.Errorf("%s: %s", name, says)
			}
		case <-time.After(10 * time.Second):
			t.Errorf("%s: nothing is said", name)
		}
		_ = conn.Close()
	}
}
