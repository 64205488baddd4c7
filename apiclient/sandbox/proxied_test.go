package sandbox

import (
	"context"
	"crypto/rsa"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/capture"
	"countersign/apiclient/catalog"
	"countersign/apiclient/keys"
	"countersign/apiclient/watch"
)

// The captures of unmodified SDKs go through the proxy to the sandbox: both
// signatures verify at either place, the answer's for a stranger too, and nothing but
// the Host differs behind the proxy.
func TestCapturesGoThroughTheProxy(t *testing.T) {
	t.Parallel()
	all := captures(t)
	b := newBench(t, func(c *Config) { c.ClientID = all[0].ClientID })
	client, err := apiclient.New(apiclient.Profile{Name: "own", BaseURL: b.server.URL, ClientID: all[0].ClientID, Key: b.client,
		PeerKeys: map[string]*rsa.PublicKey{"1": b.peer}}, apiclient.Options{Now: b.clock})
	if err != nil {
		t.Fatal(err)
	}
	judge := watch.Judge(client, catalog.Builtin())
	upstream, err := url.Parse(b.server.Gateway())
	if err != nil {
		t.Fatal(err)
	}
	seen := make(chan apiclient.Exchange, len(all))
	proxy, err := capture.New(capture.Config{Upstream: upstream, Origin: apiclient.FromCapture, Observe: func(e apiclient.Exchange) { seen <- e }})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- proxy.Serve(ctx, listener, time.Second) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	for i, c := range all {
		at, err := parseTime(c.Time)
		if err != nil {
			t.Fatal(err)
		}
		b.mu.Lock()
		b.now = at
		b.mu.Unlock()
		raw := strings.Replace(string(c.raw(t)), "Connection: keep-alive\r\n", "", 1)
		answer := exchangeRaw(t, listener.Addr().String(), raw)
		if err := verifyAsStranger([]byte(raw), []byte(answer), keys.PortalPublic(b.peer)); err != nil {
			t.Errorf("%s: %v", c.ID, err)
		}
		e := <-seen
		if judge(&e); !e.SentVerdict.OK() || !e.Received.OK() {
			t.Errorf("%s: the proxy finds %s and %s", c.ID, e.SentVerdict.Status, e.Received.Status)
		}
		behind := b.exchanges()[i]
		if !behind.SentVerdict.OK() || behind.SignedAs != c.URI {
			t.Errorf("%s: the sandbox finds %s over %q", c.ID, behind.SentVerdict.Status, behind.SignedAs)
		}
		var header [][2]string
		for _, f := range behind.Request.Header {
			if f.Name != "Host" && f.Name != "Connection" {
				header = append(header, [2]string{f.Name, f.Value})
			}
		}
		n := 0
		for _, h := range c.Headers {
			if h[0] == "Host" || h[0] == "Connection" {
				continue
			}
			if n >= len(header) || header[n] != [2]string{h[0], strings.TrimSpace(h[1])} {
				t.Fatalf("%s: header %d is not %q in %q", c.ID, n, h, header)
			}
			n++
		}
	}
}
