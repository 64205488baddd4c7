package apiclient

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"
)

// tunnel copies bytes both ways until either side ends.
func tunnel(a net.Conn, b net.Conn, fromA io.Reader) {
	go func() { _, _ = io.Copy(b, fromA); _ = b.Close() }()
	_, _ = io.Copy(a, b)
}

func TestPlainHTTPThroughAProxy(t *testing.T) {
	t.Parallel()
	proxy, next := recording(t, func(s seen) string {
		s.head = strings.Replace(s.head, "http://127.0.0.1:9", "", 1)
		return goodAnswer().text(s)
	})
	p := testProfile("http://127.0.0.1:9")
	p.Proxy = strings.Replace(proxy, "http://", "http://me:hush-hush@", 1)
	e := newClient(t, p, testOptions()).Send(t.Context(), payDraft(), FromCLI)
	if e.Err != "" || !e.SentVerdict.OK() || !e.Received.OK() {
		t.Fatalf("%q %s %s", e.Err, e.SentVerdict.Reason, e.Received.Reason)
	}
	got := next()
	if want := "POST http://127.0.0.1:9" + prefix + payPath + " HTTP/1.1"; e.Request.Line != want || !strings.HasPrefix(got.head, want) {
		t.Errorf("line %q", e.Request.Line)
	}
	if e.SignedAs != prefix+payPath || !strings.HasPrefix(e.Remote, "127.0.0.1:9 by way of ") {
		t.Errorf("signed as %s, remote %s", e.SignedAs, e.Remote)
	}
	if got.get("Proxy-Authorization") != "Basic bWU6aHVzaC1odXNo" {
		t.Errorf("login %q", got.get("Proxy-Authorization"))
	}
	text, err := json.Marshal(e)
	if err != nil || strings.Contains(string(text), "hush") || strings.Contains(string(text), "bWU6aHVzaC1odXNo") {
		t.Errorf("the login is in the record (%v)", err)
	}
}

func TestTLSThroughAProxy(t *testing.T) {
	t.Parallel()
	valid, pool := certificate(t, time.Now().Add(24*time.Hour))
	target, _ := url.Parse(serve(t, overTLS(&tls.Config{Certificates: []tls.Certificate{valid}}, replying(goodAnswer().text))))
	connect := func(conn net.Conn) {
		br := bufio.NewReader(conn)
		var head string
		for !strings.HasSuffix(head, "\r\n\r\n") {
			line, err := br.ReadString('\n')
			if err != nil {
				return
			}
			head += line
		}
		if !strings.HasPrefix(head, "CONNECT "+target.Host+" HTTP/1.1\r\nHost: "+target.Host+"\r\n") {
			_, _ = io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\n\r\n")
			return
		}
		if !strings.Contains(head, "Proxy-Authorization: Basic bWU6aHVzaC1odXNo\r\n") {
			_, _ = io.WriteString(conn, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 4\r\n\r\nnope")
			return
		}
		onward, err := net.Dial("tcp", target.Host)
		if err != nil {
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n")
		tunnel(conn, onward, br)
	}
	plain, _ := url.Parse(serve(t, connect))
	secure, _ := url.Parse(serve(t, overTLS(&tls.Config{Certificates: []tls.Certificate{valid}}, connect)))
	send := func(proxy string) Exchange {
		p := testProfile("https://" + target.Host)
		p.RootCAs, p.Proxy = pool, proxy
		return newClient(t, p, testOptions()).Send(t.Context(), payDraft(), FromCLI)
	}
	for _, proxy := range []string{"http://me:hush-hush@" + plain.Host, "https://me:hush-hush@" + secure.Host} {
		e := send(proxy)
		if e.Err != "" || !e.Received.OK() || e.Request.Line != "POST "+prefix+payPath+" HTTP/1.1" || !strings.Contains(e.Remote, "by way of") || !strings.HasSuffix(e.Remote, "TLS 1.3") {
			t.Errorf("%q, remote %q, line %q", e.Err, e.Remote, e.Request.Line)
		}
	}
	e := send("http://" + plain.Host)
	if e.Outcome != Failed || !strings.Contains(e.Err, "refused to connect to "+target.Host+": HTTP/1.1 407") || !strings.Contains(e.Hint, "user:password@") || e.BytesSent {
		t.Errorf("%s %q %q", e.Outcome, e.Err, e.Hint)
	}
}

// socks is a SOCKS5 server for one connection, without login.
func socks(conn net.Conn) {
	b := make([]byte, 300)
	if _, err := io.ReadFull(conn, b[:2]); err != nil {
		return
	}
	_, _ = io.ReadFull(conn, b[:b[1]])
	_, _ = conn.Write([]byte{5, 0})
	if _, err := io.ReadFull(conn, b[:4]); err != nil || b[3] != 1 {
		return
	}
	_, _ = io.ReadFull(conn, b[:6])
	onward, err := net.DialTCP("tcp", nil, &net.TCPAddr{IP: net.IP(b[:4]), Port: int(b[4])<<8 | int(b[5])})
	if err != nil {
		_, _ = conn.Write([]byte{5, 5, 0, 1, 0, 0, 0, 0, 0, 0})
		return
	}
	_, _ = conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	tunnel(conn, onward, conn)
}

func TestSOCKS(t *testing.T) {
	t.Parallel()
	proxy, _ := url.Parse(serve(t, socks))
	p := testProfile(answering(t, goodAnswer().text))
	p.Proxy = "socks5://" + proxy.Host
	e := newClient(t, p, testOptions()).Send(t.Context(), payDraft(), FromCLI)
	if e.Err != "" || !e.Received.OK() || !strings.HasSuffix(e.Remote, " by way of "+proxy.Host) || strings.Contains(e.Request.Line, "://") {
		t.Errorf("%q, remote %q, line %q", e.Err, e.Remote, e.Request.Line)
	}
	p = testProfile("http://127.0.0.1:1")
	p.Proxy = "socks5h://" + proxy.Host
	if e := newClient(t, p, testOptions()).Send(t.Context(), payDraft(), FromCLI); e.Outcome != Failed || e.BytesSent || e.Err == "" {
		t.Errorf("%s %q", e.Outcome, e.Err)
	}
}

func TestProxyOfTheEnvironment(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://proxy.example:3128")
	t.Setenv("NO_PROXY", "inside.example")
	for base, want := range map[string]string{"https://superapp.example": "http://proxy.example:3128", "https://inside.example": "", "https://127.0.0.1": ""} {
		u, _ := url.Parse(base)
		got, err := proxyFor("environment", u)
		if err != nil || (got == nil) != (want == "") || got != nil && got.String() != want {
			t.Errorf("%s: %v %v", base, got, err)
		}
	}
}
