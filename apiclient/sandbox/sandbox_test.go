package sandbox

import (
	"bytes"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/keys"
	"countersign/apiclient/signing"
)

// counter is a random source that is none.
type counter byte

func (c *counter) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(*c)
		*c++
	}
	return len(p), nil
}

func TestAnswerToTheByte(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *Config) { c.Rand = new(counter) })
	r := b.want(t, "ACCEPT", "/v2/payments/pay", v2Pay("R1", "1250"))
	want := `{"result":{"resultCode":"ACCEPT","resultStatus":"A","resultMessage":"Accepted, not yet paid: open the URL, let the buyer decide, then ask inquiryPayment."},` +
		`"paymentId":"2026092106050955395731361295","redirectActionForm":{"redirectUrl":"http://` + b.server.Addr + `/checkout/EBESExQVFhcYGRobHB0eHyAhIiMkJSYn"}}`
	if string(r.Raw) != want {
		t.Errorf("answer\n%s\nwant\n%s", r.Raw, want)
	}
	if got := r.Header.Get("Date"); got != "Mon, 21 Sep 2026 06:58:10 GMT" {
		t.Errorf("Date is %q", got)
	}
	if got := b.exchanges()[0].ID; !strings.HasPrefix(got, "01a0c2c2-0497-7") || len(got) != 36 {
		t.Errorf("exchange %q", got)
	}
}

func TestObservedExchange(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.sign(t, "/v1/payments/pay", payBody)
	b.do(t, d)
	d.body += " "
	b.do(t, d)
	d.header.Set("Content-Type", "text/plain")
	b.do(t, d)
	all := b.exchanges()
	if len(all) != 3 {
		t.Fatalf("%d exchanges", len(all))
	}
	e := all[0]
	if e.Endpoint != "v1/payments/pay" || e.Origin != apiclient.FromSandbox || e.URL != "http://"+b.server.Addr+d.path || e.ClientID != ClientID ||
		string(e.Request.Body) != payBody || e.Outcome != apiclient.Answered || !e.StartedAt.Equal(b.clock()) || e.Result.Code != "ACCEPT" {
		t.Errorf("exchange %+v", e)
	}
	if e.SentVerdict.Status != signing.Verified || e.SentKey != keys.Fingerprint(&b.client.PublicKey) || !bytes.HasPrefix(e.Sent.Canonical, []byte("POST "+d.path+"\n")) {
		t.Errorf("sent %q by %s: %+v", e.Sent.Canonical, e.SentKey, e.SentVerdict)
	}
	if e.Received.Status != signing.Verified || e.Response.Line != "HTTP/1.1 200 OK" || !strings.Contains(string(e.Response.Body), "ACCEPT") {
		t.Errorf("received %+v", e.Received)
	}
	if e = all[1]; e.SentVerdict.Status != signing.Mismatch || e.SentKey != keys.Fingerprint(&b.client.PublicKey) || e.Findings[0].Severity != apiclient.Problem || e.Findings[0].Hint == "" {
		t.Errorf("tampered: %+v, findings %+v", e.SentVerdict, e.Findings)
	}
	if e = all[2]; e.SentVerdict.Status != "" || e.Findings[0].Cause != "signature_not_checked" || e.Received.Status != signing.Unsigned {
		t.Errorf("refused early: %+v, findings %+v", e.SentVerdict, e.Findings)
	}
}

func TestHandlerWithoutItsOwnListener(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	server := httptest.NewServer(b.Sandbox)
	defer server.Close()
	d := b.sign(t, "//v1/payments/pay?x=%e4", payBody)
	req, err := http.NewRequest("POST", server.URL+d.path, strings.NewReader(d.body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = d.header
	resp, err := server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	r := b.read(t, "POST", d.path, resp)
	if r.Code != "ACCEPT" || !r.Signed || !strings.HasPrefix(r.text("actionForm.redirectionUrl"), server.URL+"/checkout/") {
		t.Errorf("answer %s", r.Raw)
	}
	if h := b.exchanges()[0].Request.Header; h[0].Name != "Host" || len(h) < 5 {
		t.Errorf("header %+v", h)
	}
}

func TestFaultOfItsOwnIsUnknown(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	b := newBench(t, func(c *Config) {
		c.Rand = iotest.ErrReader(errors.New("no entropy"))
		c.Observe = nil
		c.Log = slog.New(slog.NewTextHandler(&log, nil))
	})
	r := b.call(t, "/v1/payments/pay", payBody)
	if r.Status != "U" || r.Code != "UNKNOWN_EXCEPTION" || r.HTTP != http.StatusInternalServerError || !r.Signed {
		t.Errorf("HTTP %d %s", r.HTTP, r.Raw)
	}
	if !strings.Contains(log.String(), "no entropy") {
		t.Errorf("log %s", log.String())
	}
	b.want(t, "ORDER_NOT_EXIST", "/v1/payments/inquiryPayment", inquiry("1")) // the books are not left locked
}

func TestOldestIsForgotten(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.books = newBooks(3)
	var ids []string
	for i := range 10 {
		ids = append(ids, b.want(t, "ACCEPT", "/v1/payments/pay", v1Pay(fmt.Sprint("R", i), "5")).text("paymentId"))
	}
	b.want(t, "ORDER_NOT_EXIST", "/v1/payments/inquiryPayment", inquiry(ids[6]))
	b.want(t, "SUCCESS", "/v1/payments/inquiryPayment", inquiry(ids[7]))
	b.want(t, "ORDER_NOT_EXIST", "/v1/payments/inquiryPayment", `{"partnerId":"P1","paymentRequestId":"R6"}`)
	b.want(t, "SUCCESS", "/v1/payments/inquiryPayment", `{"partnerId":"P1","paymentRequestId":"R7"}`)
}

func TestShelfStaysSmall(t *testing.T) {
	t.Parallel()
	s := newShelf[int](4)
	for i := range 1000 {
		s.put(fmt.Sprint(i), i)
		s.put(fmt.Sprint(i), i+1)
	}
	if len(s.items) != 4 || len(s.order) > 2*4+1 {
		t.Errorf("%d items, %d keys", len(s.items), len(s.order))
	}
	if v, ok := s.get("996"); !ok || v != 997 {
		t.Errorf("oldest kept: %d, %v", v, ok)
	}
	if _, ok := s.get("995"); ok {
		t.Error("kept too many")
	}
}

func TestSlowAndBrokenClients(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	long := 10 * time.Second
	patient := b.server.Addr
	slowHead := b.listenWith(t, patience{head: 20 * time.Millisecond, read: long, write: long, idle: long})
	slowBody := b.listenWith(t, patience{head: long, read: 50 * time.Millisecond, write: long, idle: long})
	d := b.sign(t, "/v1/payments/pay", payBody)
	head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nClient-Id: %s\r\nRequest-Time: %s\r\n", d.path, ClientID, d.header.Get("Request-Time"))
	for name, c := range map[string]struct{ addr, sends, want string }{
		"silent":        {slowHead, "", ""},
		"half a head":   {slowHead, head, ""},
		"half a body":   {slowBody, head + "Content-Length: 100\r\n\r\n{", "HTTP/1.1 408 "},
		"body cut":      {patient, head + "Content-Length: 100\r\nConnection: close\r\n\r\n{FIN", "HTTP/1.1 400 "},
		"endless head":  {patient, head + strings.Repeat("x: y\r\n", 1<<15), "HTTP/1.1 431 "},
		"not HTTP":      {patient, "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", "HTTP/1.1 400 "},
		"odd framing":   {patient, head + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n", "HTTP/1.1 "},
		"broken chunks": {patient, head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 400 "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", c.addr)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			sends, fin := strings.CutSuffix(c.sends, "FIN")
			go func() {
				_, _ = io.WriteString(conn, sends)
				if fin {
					_ = conn.(*net.TCPConn).CloseWrite()
				}
			}()
			answer, err := io.ReadAll(conn)
			if err != nil && len(answer) == 0 && c.want != "" {
				t.Fatal(err)
			}
			if !strings.HasPrefix(string(answer), c.want) || c.want == "" && len(answer) > 0 {
				t.Errorf("answer %q, want %q", answer, c.want)
			}
		})
	}
}

// listenWith serves the same sandbox with another patience until the test ends.
func (b *bench) listenWith(t *testing.T, p patience) string {
	t.Helper()
	b.patience = p
	server, err := b.Listen("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server.Addr
}

func TestListen(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if !strings.HasPrefix(b.server.URL, "http://127.0.0.1:") || !strings.HasSuffix(b.server.URL, Prefix) {
		t.Errorf("URL %q", b.server.URL)
	}
	_, err := b.Listen(b.server.Addr)
	var hinted interface{ Hint() string }
	if err == nil || !strings.Contains(err.Error(), b.server.Addr) || !errors.As(err, &hinted) || hinted.Hint() == "" {
		t.Errorf("a port in use: %v", err)
	}
	for addr, want := range map[string]string{"0.0.0.0:80": "127.0.0.1:80", "[::]:80": "[::1]:80", "192.0.2.1:80": "192.0.2.1:80"} {
		tcp, err := net.ResolveTCPAddr("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		if got := reachable(tcp); got != want {
			t.Errorf("%s is reached at %s, want %s", addr, got, want)
		}
	}
	server, err := b.Listen("")
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", server.Addr); err == nil {
		t.Error("still listening after Close")
	}
}

func TestNewNeedsKeys(t *testing.T) {
	t.Parallel()
	key := privateKey(t, "client2048")
	for _, c := range []Config{{}, {Key: key}, {ClientKeys: map[string]*rsa.PublicKey{"1": &key.PublicKey}}} {
		if _, err := New(c); err == nil {
			t.Errorf("no error for %+v", c)
		}
	}
}

func TestKeyVersions(t *testing.T) {
	t.Parallel()
	old := privateKey(t, "server2048")
	b := newBench(t, func(c *Config) {
		c.ClientKeys["2"], c.ClientKeys["10"] = &old.PublicKey, c.ClientKeys["1"]
		delete(c.ClientKeys, "1")
	})
	for _, c := range []struct {
		key     *rsa.PrivateKey
		version string
		code    string
	}{
		{b.client, "10", "ORDER_NOT_EXIST"}, {b.client, "", "ORDER_NOT_EXIST"}, {old, "2", "ORDER_NOT_EXIST"},
		{old, "", "INVALID_SIGNATURE"}, {b.client, "2", "INVALID_SIGNATURE"}, {old, "10", "INVALID_SIGNATURE"}, {b.client, "1", "INVALID_SIGNATURE"},
	} {
		d := b.sign(t, "/v1/payments/inquiryPayment", inquiry("1"))
		d.signWith(t, c.key, c.version)
		if r := b.do(t, d); r.Code != c.code {
			t.Errorf("key version %q: %s %s, want %s", c.version, r.Code, r.Words, c.code)
		}
	}
}

func TestWithoutAuthority(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{
		"/a":                      "/a",
		"http://h/a//b/../c?x=%e": "/a//b/../c?x=%e",
		"https://h:1":             "/",
		"https://h?x":             "/?x",
		"/a?u=http://h/b":         "/a?u=http://h/b",
		"*":                       "*",
		"":                        "",
	} {
		if got := withoutAuthority(target); got != want {
			t.Errorf("%q gives %q, want %q", target, got, want)
		}
	}
}

// BenchmarkPay is a signed request and its signed answer through the handler:
// one RSA verification, one signature, the schema.
func BenchmarkPay(b *testing.B) {
	bench := newBench(b, func(c *Config) { c.Observe = nil })
	d := bench.sign(b, "/v1/payments/pay", payBody)
	for b.Loop() {
		r := httptest.NewRequest(d.method, d.path, strings.NewReader(d.body))
		r.Header = d.header
		w := httptest.NewRecorder()
		bench.ServeHTTP(w, r)
		if w.Code != http.StatusOK || w.Header().Get("Signature") == "" {
			b.Fatal(w.Body)
		}
	}
}

// The program's own client and the sandbox understand each other: both
// signatures verify, in every format that a profile may ask for and the
// protocol allows.
func TestOwnClient(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	k := Keys{Merchant: b.client, SuperApp: b.config.Key, MerchantFile: "merchant.pem"}
	for i, change := range []func(*apiclient.Profile){
		func(*apiclient.Profile) {},
		func(p *apiclient.Profile) { p.TimeFormat = apiclient.ISOzone; p.Encoding = signing.Base64URLRaw },
		func(p *apiclient.Profile) { p.CompactHeader, p.KeyVersion, p.MerchantID = true, "", "" },
		func(p *apiclient.Profile) { p.BaseURL = strings.TrimSuffix(p.BaseURL, Prefix) + "/ams/api" },
	} {
		profile := k.Profile(b.server.URL)
		change(&profile)
		client, err := apiclient.New(profile, apiclient.Options{Now: b.clock})
		if err != nil {
			t.Fatal(err)
		}
		e := client.Send(t.Context(), apiclient.Draft{
			Endpoint: "v1/payments/pay", Target: "/v1/payments/pay", Body: []byte(v1Pay(fmt.Sprint("R", i), "5")),
		}, apiclient.FromCLI)
		if e.Result.Code != "ACCEPT" || !e.SentVerdict.OK() || !e.Received.OK() || e.Err != "" {
			t.Errorf("profile %d: %+v, sent %s, received %s, %s", i, e.Result, e.SentVerdict.Status, e.Received.Status, e.Err)
		}
		for _, f := range e.Findings {
			if f.Side == apiclient.ResponseSide && (f.Severity == apiclient.Problem || f.Severity == apiclient.Warn) {
				t.Errorf("profile %d: %+v", i, f)
			}
		}
	}
}
