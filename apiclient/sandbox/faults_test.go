package sandbox

import (
	"context"
	"crypto/rsa"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
)

// causesOf says how a client that got this answer would have it explained.
func causesOf(t *testing.T, c *apiclient.Client, e apiclient.Exchange) []string {
	t.Helper()
	rule, err := c.Profile().Rule()
	if err != nil {
		t.Fatal(err)
	}
	signers := rule.Signers(&e, apiclient.ResponseSide)
	evidence := diagnose.Evidence{Exchange: e, Side: apiclient.ResponseSide, Rule: rule, Expected: signers.Expected,
		Known: signers.Known, Prefixes: []string{Prefix}}
	evidence.Headers, _ = rule.Signatures(e.Response)
	r := diagnose.Diagnose(t.Context(), evidence, diagnose.Options{Budget: 20 * time.Second})
	causes := r.Causes()
	for _, w := range e.Received.Warnings {
		causes = append(causes, w.Cause)
	}
	for _, f := range r.Findings {
		causes = append(causes, f.Cause) // warnings too
	}
	return causes
}

// Every fault that concerns the signature is diagnosed by its name, from the answer
// alone.
func TestEachFaultOfTheSignatureIsDiagnosed(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *Config) {
		c.MakeKey = func() (*rsa.PrivateKey, error) { return privateKey(t, "other2048"), nil }
		clock := c.Now
		c.Now = func() time.Time { return clock().Add(70 * time.Millisecond) } // it takes a while
	})
	c := tamperer(t, b)
	send := func() apiclient.Exchange {
		return c.Send(t.Context(), apiclient.Draft{Endpoint: "v1/payments/inquiryPayment", Target: "/v1/payments/inquiryPayment",
			Body: []byte(inquiry("1"))}, apiclient.FromCLI)
	}
	if e := send(); !e.Received.OK() || len(causesOf(t, c, e)) != 0 {
		t.Fatalf("without a fault: %+v, %q", e.Received, causesOf(t, c, e))
	}
	n := 0
	for _, f := range Faults() {
		if f.Cause == "" {
			continue
		}
		n++
		if err := b.SetFaults(f.Name); err != nil {
			t.Fatal(err)
		}
		e := send()
		if e.Response == nil {
			t.Fatalf("%s: %s", f.Name, e.Err)
		}
		causes := causesOf(t, c, e)
		if !slices.Contains(causes, f.Cause) {
			t.Errorf("%s is diagnosed as %q, want %s", f.Name, causes, f.Cause)
		}
		verifies := f.Name == "base64url" || f.Name == "header-spelling" || f.Name == "clock-skew"
		if e.Received.OK() != verifies {
			t.Errorf("%s: %s", f.Name, e.Received.Status)
		}
	}
	if n < 13 {
		t.Errorf("only %d faults concern the signature", n)
	}
	if err := b.SetFaults(); err != nil {
		t.Fatal(err)
	}
	if e := send(); e.Received.Status != signing.Verified || strings.Contains(string(e.Response.Body), "fault") {
		t.Errorf("a fault stays: %s", e.Response.Body)
	}
}

// bodyFor is a request that an interface accepts.
func bodyFor(endpoint string) (path, body string) {
	switch endpoint {
	case refundEndpoint:
		return "/v1/payments/refund", refundBody("F1", "1", "5")
	case "payments/inquiryPayment":
		return "/v1/payments/inquiryPayment", inquiry("1")
	case "payments/inquiryRefund":
		return "/v1/payments/inquiryRefund", `{"partnerId":"P1","refundRequestId":"F1"}`
	case tokenEndpoint:
		return "/v1/authorizations/applyToken", `{"grantType":"AUTHORIZATION_CODE","authCode":"SANDBOX_AUTH_CODE"}`
	case userEndpoint:
		return "/v2/users/inquiryUserInfo", `{"accessToken":"SANDBOX_ACCESS_TOKEN"}`
	case sendEndpoint:
		return "/v2/miniprogram/message/send", messageBody("M1", "T1")
	}
	return "/v1/payments/pay", v1Pay("R1", "5")
}

// Every result can be had by its name, at its interface, signed; the message says
// where it comes from.
func TestEachResultByName(t *testing.T) {
	t.Parallel()
	for _, f := range Faults() {
		if f.Name == "" || f.Code == "" {
			continue
		}
		t.Run(f.Name+" "+f.Endpoint, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			path, body := bodyFor(f.Endpoint)
			if f.Endpoint == refundEndpoint {
				paid := b.want(t, "SUCCESS", "/v1/payments/pay", v1Pay("R0", "40000"))
				body = refundBody("F1", paid.text("paymentId"), "5")
			}
			if f.Field == "refreshToken" {
				body = `{"grantType":"REFRESH_TOKEN","refreshToken":"x"}`
			}
			if err := b.SetFaults(strings.ToLower(f.Name)); err != nil {
				t.Fatal(err)
			}
			if got := b.ActiveFaults(); !slices.Equal(got, []string{f.Name}) {
				t.Errorf("in force: %q", got)
			}
			if r := b.call(t, path, body); !r.Signed || !strings.Contains(r.Words, f.Name) && f.then < succeedsLater ||
				r.Code != f.Code && r.Code != "REFERENCE_CLIENT_ID_NOT_MATCH" || r.Status != f.Status {
				t.Errorf("%s %s %q, signed %v", r.Status, r.Code, r.Words, r.Signed)
			}
		})
	}
	if err := newBench(t).SetFaults("unsinged"); err == nil {
		t.Error("an unknown name is taken")
	}
}

func TestFaultsOfTheWire(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var waited time.Duration
	b.pause = func(_ context.Context, d time.Duration) { waited = d }
	c := tamperer(t, b)
	send := func(names ...string) apiclient.Exchange {
		if err := b.SetFaults(names...); err != nil {
			t.Fatal(err)
		}
		return c.Send(t.Context(), apiclient.Draft{Endpoint: "v1/payments/inquiryPayment", Target: "/v1/payments/inquiryPayment",
			Body: []byte(inquiry("1"))}, apiclient.FromCLI)
	}
	if e := send("slow"); waited != SlowAnswer || !e.Received.OK() {
		t.Errorf("slow: %v, %s", waited, e.Received.Status)
	}
	if e := send("silent"); e.Outcome != apiclient.Lost || e.Response != nil {
		t.Errorf("silent: %s", e.Outcome)
	}
	if e := send("cut-off"); e.Response == nil || !e.Response.Partial || e.Received.OK() {
		t.Errorf("cut-off: %+v", e.Response)
	}
	if e := send("http-500"); e.Response.Status() != 500 || len(e.Response.Body) != 0 || e.Received.Status != signing.Unsigned {
		t.Errorf("http-500: %+v", e.Response)
	}
	if e := send("html"); e.Response.Status() != 502 || !strings.Contains(string(e.Response.Body), "<h1>") || e.Received.Status != signing.Unsigned {
		t.Errorf("html: %+v", e.Response)
	}
	if e := send("xml"); !e.Received.OK() || !strings.HasPrefix(string(e.Response.Body), "<?xml") {
		t.Errorf("xml: %s %s", e.Received.Status, e.Response.Body)
	}
	if e := send("xml", "unsigned", "trailing-newline"); e.Received.Status != signing.Unsigned || !strings.HasSuffix(string(e.Response.Body), ">\n") {
		t.Errorf("three at once: %s %q", e.Received.Status, e.Response.Body)
	}
	seen := b.exchanges()
	if e := seen[1]; e.Outcome != apiclient.Lost || e.Response != nil {
		t.Errorf("silent is kept as %s", e.Outcome)
	}
	if e := seen[2]; !e.Response.Partial || e.Received.OK() {
		t.Errorf("cut-off is kept as %+v", e.Response)
	}
}
