package watch_test

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/capture"
	"countersign/apiclient/catalog"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/keys"
	"countersign/apiclient/probe"
	"countersign/apiclient/signing"
	"countersign/apiclient/watch"
)

func key(t testing.TB, name string) *rsa.PrivateKey {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "keys", "testdata", name+".pkcs8.pem"))
	if err != nil {
		t.Fatal(err)
	}
	k, err := keys.ParsePrivate(context.Background(), data, nil)
	if err != nil {
		t.Fatal(err)
	}
	return k.Key
}

// merchant is a profile of the merchant's side.
func merchant(t testing.TB) apiclient.Profile {
	return apiclient.Profile{Name: "merchant", BaseURL: "http://superapp.test/api", AllowHTTP: true, ClientID: "C1", KeyVersion: "1",
		Key: key(t, "client2048"), PeerKeys: map[string]*rsa.PublicKey{"1": &key(t, "server2048").PublicKey}}
}

// station starts a proxy or a callback address, and collects what it tells.
func station(t testing.TB, p apiclient.Profile, change func(*capture.Config)) (at string, r *watch.Running, seen chan watch.Seen) {
	t.Helper()
	client, err := apiclient.New(p, apiclient.Options{})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := capture.Config{Origin: apiclient.FromCapture, Now: time.Now, Whole: watch.Whole(client)}
	change(&c)
	seen = make(chan watch.Seen, 100)
	r, err = watch.Start(watch.Traffic{Client: client, Catalog: catalog.Builtin(), Capture: c, Listener: l, Tell: func(s watch.Seen) { seen <- s }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = r.Stop() })
	return "http://" + l.Addr().String(), r, seen
}

// Stop ends in time, whatever an upstream or an explanation still takes; each exchange
// is told all the same.
func TestStopEndsInTime(t *testing.T) {
	t.Parallel()
	p := merchant(t)
	client, err := apiclient.New(p, apiclient.Options{})
	if err != nil {
		t.Fatal(err)
	}
	asked, leave := make(chan struct{}), make(chan struct{})
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/never" {
			close(asked)
			<-leave
		}
	}))
	defer up.Close()
	defer close(leave)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(up.URL)
	explaining, seen := make(chan struct{}, 9), make(chan watch.Seen, 9)
	r, err := watch.Start(watch.Traffic{Client: client, Catalog: catalog.Builtin(), Listener: l, Grace: 500 * time.Millisecond,
		Capture: capture.Config{Origin: apiclient.FromCapture, Upstream: u}, Tell: func(s watch.Seen) { seen <- s },
		Explain: func(ctx context.Context, _ apiclient.Exchange) (diagnose.Report, error) {
			explaining <- struct{}{}
			<-ctx.Done()
			return diagnose.Report{}, ctx.Err()
		}})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/unsigned", "/never"} {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = c.Close() }()
		_, _ = io.WriteString(c, "POST "+path+" HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
	}
	<-asked
	<-explaining
	began := time.Now()
	counts, err := r.Stop()
	if took := time.Since(began); err != nil || took > 4*time.Second {
		t.Errorf("%v, after %v", err, took)
	}
	if counts.Passed != 2 || counts.Unexplained != 2 || len(seen) != 2 {
		t.Errorf("%+v, %d told", counts, len(seen))
	}
}

// superApp signs its answers, and tells what it was asked.
func superApp(t testing.TB, k *rsa.PrivateKey, answer []byte, asked func(*http.Request, []byte)) *url.URL {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if asked != nil {
			asked(r, body)
		}
		content := fmt.Appendf(nil, "POST %s\nC1.1682060290199.%s", r.RequestURI, answer)
		proof, err := signing.Sign(k, content, signing.Style{KeyVersion: "1"})
		if err != nil {
			t.Error(err)
		}
		w.Header()["Client-Id"] = []string{"C1"}
		w.Header()["Response-Time"] = []string{"1682060290199"}
		w.Header()["Signature"] = []string{proof.Header}
		_, _ = w.Write(answer)
	}))
	t.Cleanup(server.Close)
	u, _ := url.Parse(server.URL)
	return u
}

// ask sends a request, signed by a key where there is one.
func ask(t testing.TB, at, path string, body []byte, k *rsa.PrivateKey, signedPath string) string {
	t.Helper()
	r, _ := http.NewRequest(http.MethodPost, at+path, bytes.NewReader(body))
	if k != nil {
		now := strconv.FormatInt(time.Now().UnixMilli(), 10)
		r.Header["Client-Id"] = []string{"C1"}
		r.Header["Request-Time"] = []string{now}
		proof, err := signing.Sign(k, fmt.Appendf(nil, "POST %s\nC1.%s.%s", signedPath, now, body), signing.Style{KeyVersion: "1"})
		if err != nil {
			t.Fatal(err)
		}
		r.Header["Signature"] = []string{proof.Header}
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	b, _ := io.ReadAll(answer.Body)
	return string(b)
}

func causes(e apiclient.Exchange) (all []string) {
	for _, f := range e.Findings {
		all = append(all, f.Cause)
	}
	return all
}

// Bodies too long to be kept are hashed whole, and their signatures judged by that;
// one byte that differs beyond what is kept is seen.
func TestBodiesBeyondWhatIsKept(t *testing.T) {
	t.Parallel()
	p := merchant(t)
	large := bytes.Repeat([]byte(`{"a":"0123456789"},`), 20_000)
	up := superApp(t, key(t, "server2048"), large, nil)
	at, _, seen := station(t, p, func(c *capture.Config) { c.Upstream, c.MaxBody = up, 10_000 })
	ask(t, at, "/api/v2/x", large, p.Key, "/api/v2/x")
	e := (<-seen).Exchange
	if !e.SentVerdict.OK() || !e.Received.OK() || len(e.Request.Body) != 10_000 || !e.Request.Partial || !e.Response.Partial {
		t.Fatalf("%+v %+v", e.SentVerdict, e.Received)
	}
	sum := fmt.Sprintf("%x", sha256.Sum256(large))
	if n := strings.Count(fmt.Sprint(e.Findings), sum); n != 2 {
		t.Errorf("the whole is named %d times: %v", n, e.Findings)
	}
	client, err := apiclient.New(p, apiclient.Options{})
	if err != nil {
		t.Fatal(err)
	}
	client.Recheck(&e)
	if sides := e.Sides(); !sides.Verified() || !slices.Contains(causes(e), "recorded_verdict") {
		t.Errorf("verified again: %+v, %v", sides, causes(e))
	}

	other := bytes.Clone(large)
	other[len(other)-5]++
	r, _ := http.NewRequest(http.MethodPost, at+"/api/v2/x", bytes.NewReader(other))
	proof, err := signing.Sign(p.Key, fmt.Appendf(nil, "POST /api/v2/x\nC1.1682060290100.%s", large), signing.Style{KeyVersion: "1"})
	if err != nil {
		t.Fatal(err)
	}
	r.Header = http.Header{"Client-Id": {"C1"}, "Request-Time": {"1682060290100"}, "Signature": {proof.Header}}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if e := (<-seen).Exchange; e.SentVerdict.Status != signing.Mismatch {
		t.Errorf("%+v", e.SentVerdict)
	}
}

// With --resign an unsigned request goes on signed, byte for byte otherwise, and the
// run says what came.
func TestResign(t *testing.T) {
	t.Parallel()
	p := merchant(t)
	client, err := apiclient.New(p, apiclient.Options{})
	if err != nil {
		t.Fatal(err)
	}
	resign, err := watch.Resign(client, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	var got []byte
	up := superApp(t, key(t, "server2048"), []byte(`{}`), func(r *http.Request, body []byte) {
		got = body
		if len(r.Header["Signature"]) != 1 || r.Header.Get("Client-Id") != "C1" {
			t.Errorf("%v", r.Header)
		}
	})
	at, _, seen := station(t, p, func(c *capture.Config) { c.Upstream, c.Resign, c.MaxBody = up, resign, 1000 })
	for name, k := range map[string]*rsa.PrivateKey{"It came unsigned.": nil, "does not verify (unknown-key)": key(t, "other2048"),
		"by our key that verifies": p.Key} {
		ask(t, at, "/api/v2/x", []byte(`{ "a" : 1 }`), k, "/api/v2/x")
		e := (<-seen).Exchange
		if string(got) != `{ "a" : 1 }` || !e.SentVerdict.OK() || !e.Received.OK() {
			t.Errorf("%q, %+v", got, e.SentVerdict)
		}
		if says := fmt.Sprint(e.Findings); !strings.Contains(says, "Signed again on the way") || !strings.Contains(says, name) {
			t.Errorf("not %q: %s", name, says)
		}
	}
	if answer := ask(t, at, "/x", make([]byte, 2000), nil, ""); !strings.Contains(answer, "too long to be signed") {
		t.Error(answer)
	}
	p.Key = nil
	if client, err = apiclient.New(p, apiclient.Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := watch.Resign(client, time.Now); err == nil {
		t.Error("there is no key")
	}
}

// Where a mapped path breaks the signature, that is the finding; S to what does not
// verify is one too.
func TestFindingsOfThePath(t *testing.T) {
	t.Parallel()
	p := merchant(t)
	up := superApp(t, key(t, "server2048"), []byte(`{}`), nil)
	at, _, seen := station(t, p, func(c *capture.Config) { c.Upstream, c.Mapping.AddPrefix = up, "/gw" })
	ask(t, at, "/api/v2/x", []byte(`{}`), p.Key, "/api/v2/x")
	if e := (<-seen).Exchange; !slices.Contains(causes(e), apiclient.PathMapped) || e.SentVerdict.OK() {
		t.Errorf("%v", causes(e))
	}
	ask(t, at, "/api/v2/x", []byte(`{}`), p.Key, "/gw/api/v2/x")
	if e := (<-seen).Exchange; slices.Contains(causes(e), apiclient.PathMapped) || !e.SentVerdict.OK() {
		t.Errorf("%v", causes(e))
	}

	handler := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"result":{"resultStatus":"S","resultCode":"SUCCESS"}}`)
	}))
	t.Cleanup(handler.Close)
	u, _ := url.Parse(handler.URL)
	at, _, seen = station(t, p, func(c *capture.Config) { c.Upstream, c.Origin, c.Mapping.Path = u, apiclient.FromListen, "/mine" })
	ask(t, at, "/hooks", []byte(`{}`), key(t, "server2048"), "/hooks")
	if e := (<-seen).Exchange; !e.SentVerdict.OK() || slices.Contains(causes(e), apiclient.AcceptedUnverified) {
		t.Errorf("%v %v", e.SentVerdict, causes(e))
	}
	ask(t, at, "/hooks", []byte(`{}`), key(t, "server2048"), "/other")
	if e := (<-seen).Exchange; !slices.Contains(causes(e), apiclient.AcceptedUnverified) {
		t.Errorf("%v", causes(e))
	}
}

// S to a notification that verifies and is for another client, or old, is a finding:
// a recorded one could be used again.
func TestAcceptedWrong(t *testing.T) {
	t.Parallel()
	p := merchant(t)
	client, err := apiclient.New(p, apiclient.Options{})
	if err != nil {
		t.Fatal(err)
	}
	judge := watch.Judge(client, catalog.Builtin())
	now := time.Now()
	for name, c := range map[string]struct {
		client string
		at     time.Time
		status string
		want   bool
	}{
		"right":          {"C1", now, "S", false},
		"another client": {"C2", now, "S", true},
		"an hour old":    {"C1", now.Add(-time.Hour), "S", true},
		"refused":        {"C2", now, "F", false},
	} {
		ms := strconv.FormatInt(c.at.UnixMilli(), 10)
		proof, err := signing.Sign(key(t, "server2048"), []byte("POST /hooks\n"+c.client+"."+ms+".{}"), signing.Style{KeyVersion: "1"})
		if err != nil {
			t.Fatal(err)
		}
		e := apiclient.Exchange{Origin: apiclient.FromListen, StartedAt: now, Outcome: apiclient.Answered, BytesSent: true,
			Request: apiclient.Message{Line: "POST /hooks HTTP/1.1", Body: []byte("{}"), Header: []apiclient.Field{{Name: "Client-Id", Value: c.client},
				{Name: "Request-Time", Value: ms}, {Name: "Signature", Value: proof.Header}}},
			Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: []byte(`{"result":{"resultStatus":"` + c.status + `","resultCode":"X"}}`)}}
		judge(&e)
		if got := slices.Contains(causes(e), apiclient.AcceptedWrong); got != c.want || !e.SentVerdict.OK() {
			t.Errorf("%s: %t, %s", name, got, e.SentVerdict.Reason)
		}
	}
}

// The usual reply says S to what verifies alone, and signs either.
func TestReplySays(t *testing.T) {
	t.Parallel()
	p := merchant(t)
	reply, err := watch.Replier(p, "S", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	at, _, seen := station(t, p, func(c *capture.Config) { c.Reply, c.Origin = reply, apiclient.FromListen })
	for signed, want := range map[string]string{"/hooks": `"S"`, "/other": "INVALID_SIGNATURE"} {
		if answer := ask(t, at, "/hooks", []byte(`{}`), key(t, "server2048"), signed); !strings.Contains(answer, want) {
			t.Errorf("signed for %s: %s", signed, answer)
		}
		e := (<-seen).Exchange
		if signed == "/hooks" && !e.Received.OK() {
			t.Errorf("%+v", e.Received)
		}
	}
	for _, name := range watch.ReplyNames() {
		if _, err := watch.Replier(p, name, time.Now); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := watch.Replier(p, "nope", time.Now); err == nil {
		t.Error("there is no such reply")
	}
}

// listen is what a right callback server is: its usual answer passes the probe, and
// nobody's key is taken for the Super App's.
func TestReplyPassesTheProbe(t *testing.T) {
	t.Parallel()
	p := merchant(t)
	p.PlatformKey, p.SignedPath = key(t, "server2048"), "/only/of/the/superapp{path}"
	reply, err := watch.Replier(p, "S", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	at, _, seen := station(t, p, func(c *capture.Config) { c.Reply, c.Origin = reply, apiclient.FromListen })
	go func() {
		for s := range seen { // both sides are told, and the answer is always signed with our key
			if s.Response != nil && !s.Received.OK() {
				t.Errorf("%s: %s", s.Request.HeadBytes(), s.Received.Reason)
			}
			if s.SentVerdict.OK() && s.SentVerdict.Key != "peer key v1" {
				t.Errorf("signed by %s, and verified", s.SentVerdict.Key)
			}
		}
	}()
	report, err := probe.Run(t.Context(), p, apiclient.Draft{Target: at + "/hooks", Body: []byte(`{"paymentId":"1","paymentStatus":"SUCCESS"}`)},
		probe.Options{Hold: 50 * time.Millisecond, MakeKey: func() (*rsa.PrivateKey, error) { return key(t, "other2048"), nil }})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range report.Rows {
		if row.Mark == probe.Failed || row.Name == "algorithm_other_named" && row.Outcome != probe.WasRefused {
			t.Errorf("%s: %s", row.Name, row.Says)
		}
	}
}

func TestSetUp(t *testing.T) {
	t.Parallel()
	p := merchant(t)
	local := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}
	everywhere := &net.TCPAddr{IP: net.IPv4zero, Port: 8080}
	at := func(s string) *url.URL { u, _ := url.Parse(s); return u }
	for name, test := range map[string]struct {
		c     capture.Config
		addr  net.Addr
		has   []string
		lacks string
	}{
		"plain": {capture.Config{Origin: apiclient.FromCapture, Upstream: at("https://superapp.test")}, local,
			[]string{"-> http://127.0.0.1:8080/api\n", "http://host.docker.internal:8080/api"}, "changes on the way"},
		"upstream with a path": {capture.Config{Origin: apiclient.FromCapture, Upstream: at("https://superapp.test/api")}, local,
			[]string{"-> http://127.0.0.1:8080\n", "asks for /v2/payments/pay, the Super App for /api/v2/payments/pay"}, ""},
		"mapped": {capture.Config{Origin: apiclient.FromCapture, Upstream: at("https://superapp.test"),
			Mapping: capture.Mapping{StripPrefix: "/local", AddPrefix: "/api"}}, local, []string{"-> http://127.0.0.1:8080/local\n", "Sign the latter"}, ""},
		"resigned": {capture.Config{Origin: apiclient.FromCapture, Upstream: at("https://superapp.test/api"),
			Resign: func(*apiclient.Exchange) []apiclient.Field { return nil }}, everywhere, []string{"signed with your key"}, "Sign the latter"},
		"listen": {capture.Config{Origin: apiclient.FromListen}, everywhere, []string{"notify URL", "-> http://127.0.0.1:8080/", "not on loopback alone"}, "Docker's own"},
	} {
		text := watch.NewSetUp(p, test.c, test.addr, false, "").Text()
		for _, has := range test.has {
			if !strings.Contains(text, has) {
				t.Errorf("%s does not say %q:\n%s", name, has, text)
			}
		}
		if test.lacks != "" && strings.Contains(text, test.lacks) {
			t.Errorf("%s says %q:\n%s", name, test.lacks, text)
		}
	}
	p.ContentTemplate = "{method} https://superapp.test{uri} {client_id} {time} {body}"
	c := capture.Config{Origin: apiclient.FromCapture, Upstream: at("https://superapp.test")}
	if text := watch.NewSetUp(p, c, local, true, "/ca.pem").Text(); !strings.Contains(text, "names the host superapp.test") ||
		!strings.Contains(text, "NODE_EXTRA_CA_CERTS=/ca.pem") || !strings.Contains(text, "https://127.0.0.1:8080") {
		t.Error(text)
	}
}
