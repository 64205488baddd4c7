package sandbox

import (
	"bytes"
	"crypto/rsa"
	"errors"
	"net/http"
	"strings"
	"testing"

	"countersign/apiclient/keys"
)

// rawOf is a draft as bytes.
func (b *bench) rawOf(t *testing.T, d *draft) string {
	t.Helper()
	r, err := http.NewRequest(d.method, "http://"+b.server.Addr+d.path, strings.NewReader(d.body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = d.header
	var raw bytes.Buffer
	if err := r.Write(&raw); err != nil {
		t.Fatal(err)
	}
	return raw.String()
}

// A verifier that knows the protocol's text alone accepts what the sandbox answers:
// results and refusals, in JSON and XML, in both spellings of the names, to every
// capture of an SDK; and none of the faults of the signature, but for those that are
// only spelt oddly.
func TestAStrangerVerifiesTheAnswers(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *Config) {
		c.MakeKey = func() (*rsa.PrivateKey, error) { return privateKey(t, "other2048"), nil }
	})
	key := keys.PortalPublic(b.peer)
	verify := func(raw string) error {
		return verifyAsStranger([]byte(raw), []byte(exchangeRaw(t, b.server.Addr, raw)), key)
	}
	requests := map[string]*draft{
		"accepted": b.sign(t, "/v1/payments/pay", v1Pay("R1", "5")),
		"v2":       b.sign(t, "/v2/payments/pay", v2Pay("R2", "5")),
		"XML":      b.sign(t, "/v1/payments/pay", v1Pay("R3", "40014")),
		"query":    b.sign(t, "/v1/payments/inquiryPayment?x=%e4&y=a+b", inquiry("1")),
		"path":     b.sign(t, "/v1/nowhere", "{}"),
		"schema":   b.sign(t, "/v1/payments/pay", `{"é":"支付"}`),
		"JSON":     b.sign(t, "/v1/payments/pay", `{`),
	}
	requests["signature"] = b.sign(t, "/v1/payments/pay", "{}")
	requests["signature"].body = "{ }"
	for name, d := range requests {
		if err := verify(b.rawOf(t, d)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	d := b.sign(t, "/v1/payments/pay", v1Pay("R4", "5"))
	lower := strings.Replace(b.rawOf(t, d), "Client-Id:", "client-id:", 1)
	if err := verify(lower); err != nil {
		t.Errorf("lower case: %v", err)
	}
	d.header.Set("Client-Id", "nobody")
	if err := verify(b.rawOf(t, d)); !errors.Is(err, errUnsigned) {
		t.Errorf("an unknown client: %v", err)
	}
	for _, f := range Faults() {
		if f.Cause == "" {
			continue
		}
		if err := b.SetFaults(f.Name); err != nil {
			t.Fatal(err)
		}
		err := verify(b.rawOf(t, b.sign(t, "/v1/payments/inquiryPayment", inquiry("1"))))
		right := f.Name == "base64url" || f.Name == "header-spelling" || f.Name == "clock-skew"
		if (err == nil) != right {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}

func TestAStrangerVerifiesTheAnswersToSDKs(t *testing.T) {
	t.Parallel()
	all := captures(t)
	b := newBench(t, func(c *Config) { c.ClientID = all[0].ClientID })
	for _, c := range all {
		at, err := parseTime(c.Time)
		if err != nil {
			t.Fatal(err)
		}
		b.mu.Lock()
		b.now = at
		b.mu.Unlock()
		raw := strings.Replace(string(c.raw(t)), "Connection: keep-alive\r\n", "", 1)
		if err := verifyAsStranger([]byte(raw), []byte(exchangeRaw(t, b.server.Addr, raw)), keys.PortalPublic(b.peer)); err != nil {
			t.Errorf("%s: %v", c.ID, err)
		}
	}
}
