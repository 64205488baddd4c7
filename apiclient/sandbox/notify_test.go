package sandbox

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/hint"
	"countersign/apiclient/signing"
)

// merchant is a callback server that answers with each of its answers in turn, the
// last one again and again, signed, and verifies what it gets by the protocol's text.
type merchant struct {
	*httptest.Server
	mu      sync.Mutex
	answers []string
	got     []string // bodies
	faults  []string
}

func newMerchant(t *testing.T, b *bench, answers ...string) *merchant {
	t.Helper()
	m := &merchant{answers: answers}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		m.mu.Lock()
		defer m.mu.Unlock()
		m.got = append(m.got, string(body))
		_, value, _ := strings.Cut(r.Header.Get("Signature"), "signature=")
		plain, _ := url.QueryUnescape(value)
		sig, _ := base64.StdEncoding.DecodeString(plain)
		sum := sha256.Sum256([]byte("POST " + r.RequestURI + "\n" + r.Header.Get("Client-Id") + "." + r.Header.Get("Request-Time") + "." + string(body)))
		if err := rsa.VerifyPKCS1v15(b.peer, crypto.SHA256, sum[:], sig); err != nil {
			m.faults = append(m.faults, err.Error())
		}
		answer := m.answers[min(len(m.got), len(m.answers))-1]
		at := fmt.Sprint(b.clock().UnixMilli())
		sum = sha256.Sum256([]byte("POST " + r.RequestURI + "\n" + r.Header.Get("Client-Id") + "." + at + "." + answer))
		sig, _ = rsa.SignPKCS1v15(nil, b.client, crypto.SHA256, sum[:])
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Client-Id", r.Header.Get("Client-Id"))
		w.Header().Set("Response-Time", at)
		w.Header().Set("Signature", "algorithm=RSA256, keyVersion=1, signature="+url.QueryEscape(base64.StdEncoding.EncodeToString(sig)))
		_, _ = io.WriteString(w, answer)
	})
	m.Server = httptest.NewServer(handler)
	t.Cleanup(m.Close)
	return m
}

const (
	answerS = `{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}`
	answerU = `{"result":{"resultCode":"UNKNOWN_EXCEPTION","resultStatus":"U","resultMessage":"later"}}`
)

// notifications waits for so many attempts.
func (b *bench) notifications(t *testing.T, n int) []apiclient.Exchange {
	t.Helper()
	for range 500 {
		var list []apiclient.Exchange
		for _, e := range b.exchanges() {
			if strings.HasSuffix(e.Endpoint, "notifyPayment") {
				list = append(list, e)
			}
		}
		if len(list) >= n {
			return list
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("no %d notifications in %d exchanges", n, len(b.exchanges()))
	return nil
}

// withNotify sets the notify URL of a pay request.
func withNotify(t *testing.T, body, address string) string {
	t.Helper()
	v := map[string]any{}
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatal(err)
	}
	v["paymentNotifyUrl"] = address
	return compact(v)
}

func notifying(c *Config) {
	c.Notify = &Notify{Waits: []time.Duration{time.Millisecond, time.Millisecond, time.Millisecond}}
}

// A notification follows the buyer's decision, signed, in the shape of the interface
// that made the payment, and comes again until the merchant answers S.
func TestNotificationUntilS(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"v1", "v2", "ams"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, notifying, func(c *Config) {
				if version == "ams" {
					c.Preset = "ams"
				}
			})
			m := newMerchant(t, b, answerU, `<html>`, answerS)
			notifyURL := m.URL + "/hooks/pay?shop=a%20b"
			path, body := "/v1/payments/pay", withNotify(t, v1Pay("R1", "5"), notifyURL)
			switch version {
			case "v2":
				path, body = "/v2/payments/pay", withNotify(t, v2Pay("R1", "5"), notifyURL)
			case "ams":
				body = compact(amsPay("R1", notifyURL))
			}
			if r := b.call(t, path, body); r.Status == "F" {
				t.Fatal(r.Words)
			}
			said, err := b.Decide("R1", true)
			if err != nil || !strings.Contains(said, "Paid") {
				t.Fatalf("%q, %v", said, err)
			}
			list := b.notifications(t, 3)
			m.mu.Lock()
			defer m.mu.Unlock()
			if len(m.faults) > 0 || len(m.got) != 3 {
				t.Errorf("%d notifications, faults %q", len(m.got), m.faults)
			}
			all := b.config.Catalog
			endpoint, ok := all.Match("/" + list[0].Endpoint)
			if !ok || endpoint.Direction != catalog.Callback {
				t.Fatalf("%s is no callback", list[0].Endpoint)
			}
			if v := endpoint.Check([]byte(m.got[2])); len(v) > 0 {
				t.Errorf("%s\n%v", m.got[2], v)
			}
			e := list[2]
			if e.Origin != apiclient.FromSandbox || e.SentVerdict.Status != signing.Verified || e.Received.Status != signing.Verified ||
				e.Result.Status != "S" || !strings.Contains(fmt.Sprint(e.Findings), "attempt 3 of 4: the merchant took it.") {
				t.Errorf("%+v %+v %+v", e.SentVerdict, e.Received, e.Findings)
			}
			if _, err := b.Decide("R1", true); err == nil || hint.Of(err) == "" {
				t.Errorf("decided twice: %v", err)
			}
		})
	}
}

func TestNotificationGivesUp(t *testing.T) {
	t.Parallel()
	b := newBench(t, notifying)
	m := newMerchant(t, b, answerU)
	body := withNotify(t, v1Pay("R1", "40001"), m.URL) // fails at once
	b.want(t, "USER_BALANCE_NOT_ENOUGH", "/v1/payments/pay", body)
	list := b.notifications(t, 4)
	if e := list[3]; !strings.Contains(fmt.Sprint(e.Findings), "it is not sent again") || !strings.Contains(string(e.Request.Body), `"paymentStatus":"FAIL"`) {
		t.Errorf("%s\n%+v", e.Request.Body, e.Findings)
	}
}

// Nothing leaves this machine unless it may.
func TestNotificationBeyondLoopback(t *testing.T) {
	t.Parallel()
	b := newBench(t, notifying)
	for i, address := range []string{"https://merchant.example.com/notify", "http://192.0.2.1/", "ftp://127.0.0.1/", "http://127.0.0.1.nip.io/"} {
		body := strings.Replace(v1Pay(fmt.Sprint("R", i), "40000"), "{", fmt.Sprintf(`{"paymentNotifyUrl":%q,`, address), 1)
		b.want(t, "SUCCESS", "/v1/payments/pay", body)
		e := b.notifications(t, i+1)[i]
		if e.Outcome != apiclient.Failed || e.BytesSent || e.Hint == "" {
			t.Errorf("%s: %s, %s (%s)", address, e.Outcome, e.Err, e.Hint)
		}
	}
	n := newNotifier(&Notify{})
	if err := n.control("tcp", "192.0.2.1:80", nil); err == nil {
		t.Error("a name that leads elsewhere is dialled")
	}
	if err := n.control("tcp", "[::1]:80", nil); err != nil {
		t.Error(err)
	}
}

// A payment that settles by itself is told of, though nobody asks.
func TestNotificationOfTheClock(t *testing.T) {
	t.Parallel()
	b := newBench(t, notifying)
	m := newMerchant(t, b, answerS)
	body := withNotify(t, v1Pay("R1", "40011"), m.URL)
	b.want(t, "ACCEPT", "/v1/payments/pay", body)
	p, _ := b.books.requests.get(requestKey("", "R1"))
	b.pass(SettleAfter - 20*time.Millisecond)
	b.Sandbox.mu.Lock()
	b.wake(p)
	b.Sandbox.mu.Unlock()
	b.pass(20 * time.Millisecond)
	if e := b.notifications(t, 1)[0]; e.Result.Status != "S" {
		t.Errorf("%+v", e.Result)
	}
}

func TestDecisionsOfPrograms(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	server := httptest.NewServer(b.Decisions("secret"))
	defer server.Close()
	b.want(t, "ACCEPT", "/v1/payments/pay", v1Pay("R1", "5"))
	b.want(t, "ACCEPT", "/v1/payments/pay", v1Pay("R2", "5"))
	for token, want := range map[string]int{"": 403, "wrong": 403} {
		r, _ := http.NewRequest(http.MethodPost, server.URL, strings.NewReader("id=R1&decision=approve"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Authorization", "Bearer "+token)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("token %q: HTTP %d", token, answer.StatusCode)
		}
	}
	if d, err := Ask(t.Context(), server.URL, "secret", "R1", true); err != nil || !strings.HasPrefix(d.Outcome, "Paid") {
		t.Errorf("%+v, %v", d, err)
	}
	if d, err := Ask(t.Context(), server.URL, "secret", "R2", false); err != nil || !strings.HasPrefix(d.Outcome, "Not paid") {
		t.Errorf("%+v, %v", d, err)
	}
	if d, err := Ask(t.Context(), server.URL, "secret", "R3", true); err != nil || !strings.Contains(d.Error, "no payment R3") || d.Hint == "" {
		t.Errorf("%+v, %v", d, err)
	}
	if d, err := Ask(t.Context(), server.URL, "secret", "R1", true); err != nil || !strings.Contains(d.Error, "is decided") {
		t.Errorf("%+v, %v", d, err)
	}
}
