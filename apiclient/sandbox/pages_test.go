package sandbox

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// checkoutURL pays and returns the address of the buyer's page.
func (b *bench) checkoutURL(t *testing.T, title string) string {
	t.Helper()
	body := strings.NewReplacer(`"paymentOrderTitle":"`, `"paymentOrderTitle":"`+title, `"R1"`, `"`+fmt.Sprint("R-", len(b.exchanges()))+`"`).Replace(payBody)
	d := b.sign(t, "/v1/payments/pay", body)
	r := b.do(t, d)
	if r.Code != "ACCEPT" {
		t.Fatal(r.Code, r.Words)
	}
	_, rest, ok := strings.Cut(string(r.Raw), `"redirectionUrl":"`)
	if !ok {
		t.Fatalf("no address in %s", r.Raw)
	}
	url, _, _ := strings.Cut(rest, `"`)
	return url
}

func ask(t *testing.T, method, url, host string, header map[string]string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, url, strings.NewReader("decision=approve"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, value := range header {
		r.Header.Set(name, value)
	}
	if host != "" {
		r.Host = host
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(page)
}

func TestCheckoutPageIsDecidedOnlyByItself(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	self := "http://" + b.server.Addr
	for name, c := range map[string]struct {
		method, host string
		header       map[string]string
		want         int
	}{
		"curl":                  {"POST", "", nil, 200},
		"the page":              {"POST", "", map[string]string{"Origin": self, "Sec-Fetch-Site": "same-origin"}, 200},
		"in a container":        {"POST", "host.docker.internal:8090", nil, 200},
		"localhost":             {"GET", "localhost:8090", nil, 200},
		"a link to it":          {"GET", "", map[string]string{"Sec-Fetch-Site": "cross-site"}, 200},
		"another site":          {"POST", "", map[string]string{"Origin": "https://evil.example"}, 403},
		"an opaque origin":      {"POST", "", map[string]string{"Origin": "null"}, 403},
		"another port":          {"POST", "", map[string]string{"Origin": "http://127.0.0.1:1"}, 403},
		"a site without origin": {"POST", "", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		"a rebound name":        {"POST", "evil.example:8090", map[string]string{"Origin": "http://evil.example:8090"}, 403},
		"a rebound name, shown": {"GET", "evil.example", nil, 403},
	} {
		url := b.checkoutURL(t, name)
		if got, page := ask(t, c.method, url, c.host, c.header); got != c.want {
			t.Errorf("%s: %d, want %d: %s", name, got, c.want, page)
		}
		if _, page := ask(t, "GET", url, "", nil); c.want == 403 && !strings.Contains(page, "decision=approve") {
			t.Errorf("%s: it was decided: %s", name, page)
		}
	}
}

func TestCheckoutPageEscapesWhatMerchantsSend(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	url := b.checkoutURL(t, `<script>alert(1)</script>\u001b[2Jtwo\nlines\u202e`)
	if _, page := ask(t, "GET", url, "", nil); strings.ContainsAny(page, "\x1b\u202e") || !strings.Contains(page, "two\uFFFDlines") {
		t.Errorf("the text is %q", page)
	}
	if _, page := ask(t, "GET", url, "", map[string]string{"Accept": "text/html"}); strings.Contains(page, "<script") {
		t.Errorf("the page is %s", page)
	}
}

func TestVersionsAreNotDoubled(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for path, want := range map[string]string{
		"/v1/payments/pay": "ACCEPT", "/any/prefix/v1/payments/pay": "ACCEPT", "/api/v2/v1/payments/pay": "ACCEPT",
		"/v1/v1/payments/pay": "INVALID_API", "/miniprogram/api/v1/v1/payments/pay": "INVALID_API",
	} {
		body := strings.Replace(payBody, `"R1"`, `"`+path+`"`, 1)
		if r := b.do(t, b.sign(t, path, body)); r.Code != want {
			t.Errorf("%s: %s %s, want %s", path, r.Code, r.Words, want)
		}
	}
}

// TestLargeBodiesHarmNobody: sixteen clients that send 2 MB at once are held to a
// few at a time, and a small request is answered meanwhile.
func TestLargeBodiesHarmNobody(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	large := b.sign(t, "/v1/payments/pay", `{"note":"`+strings.Repeat("x", MaxBody/8)+`"}`)
	large.header.Set("Signature", "algorithm=RSA256, keyVersion=1, signature=AAAA")
	const clients = 3 * largeTurns
	codes := make(chan string, clients)
	most := 0
	for range clients {
		go func() {
			code := "none"
			defer func() { codes <- code }() // also where do ends the goroutine
			code = b.do(t, large).Code
		}()
	}
	small := b.sign(t, "/v1/payments/pay", payBody)
	for n := 0; n < clients; {
		most = max(most, len(b.turns))
		select {
		case code := <-codes:
			if n++; code != "INVALID_SIGNATURE" && code != "REQUEST_TRAFFIC_EXCEED_LIMIT" {
				t.Errorf("a large body: %s", code)
			}
			if n == 5 {
				start := time.Now()
				if r := b.do(t, small); r.Code != "ACCEPT" || time.Since(start) > 5*time.Second {
					t.Errorf("a small one meanwhile: %s after %s", r.Code, time.Since(start))
				}
			}
		case <-time.After(5 * time.Millisecond):
		}
	}
	if most == 0 || most > largeTurns {
		t.Errorf("%d large bodies at once, want at most %d", most, largeTurns)
	}
}
