package sandbox

import (
	"strings"
	"testing"
)

// A buyer of a sandbox in another process goes by the page alone, and never to
// another machine.
func TestVisitorAgrees(t *testing.T) {
	t.Parallel()
	b, v := newBench(t), NewVisitor(nil)
	paid := b.want(t, "ACCEPT", "/v1/payments/pay", v1Pay("R1", "1250"))
	if says := v.Asked(paid.Raw); says != "approve it as the buyer" {
		t.Errorf("asked %q", says)
	}
	if outcome, err := v.Agree(paid.Raw); err != nil || !strings.HasPrefix(outcome, "Paid.") {
		t.Errorf("%q, %v", outcome, err)
	}
	if _, err := v.Agree(paid.Raw); err == nil || !strings.Contains(err.Error(), "Paid.") {
		t.Errorf("agreed twice: %v", err)
	}
	elsewhere := []byte(strings.ReplaceAll(string(paid.Raw), "127.0.0.1", "merchant.example.com"))
	if says := v.Asked(elsewhere); says != "" {
		t.Errorf("asked %q", says)
	}
	if _, err := v.Agree(elsewhere); err == nil {
		t.Error("it goes to another machine")
	}
}

// The buyer approves without a browser: the payment is a success, and there is
// nothing left to approve.
func TestBuyerAgrees(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	paid := b.want(t, "ACCEPT", "/v1/payments/pay", v1Pay("R1", "1250"))
	answer := paid.Raw
	if says := b.Asked(answer); says != "approve it as the buyer" {
		t.Fatalf("asked %q", says)
	}
	outcome, err := b.Agree(answer)
	if err != nil || !strings.HasPrefix(outcome, "Paid.") {
		t.Fatalf("%q, %v", outcome, err)
	}
	if got := b.want(t, "SUCCESS", "/v1/payments/inquiryPayment", inquiry(paid.text("paymentId"))); got.text("paymentStatus") != "SUCCESS" {
		t.Errorf("the payment is %s", got.Raw)
	}
	if says := b.Asked(answer); says != "" {
		t.Errorf("it is asked again: %q", says)
	}
	if _, err := b.Agree(answer); err == nil || !strings.Contains(err.Error(), "Paid.") {
		t.Errorf("agreed twice: %v", err)
	}
}

func TestNobodyIsAsked(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, answer := range []string{
		"", "{", `{"a":1}`, `{"url":"https://example.com/checkout/unknown"}`, `{"url":"/checkout/x"}`, `["http://127.0.0.1/checkout/"]`,
		`{"url":"http://127.0.0.1/checkout/x","pad":"` + strings.Repeat("x", maxPageAnswer) + `"}`,
	} {
		if says := b.Asked([]byte(answer)); says != "" {
			t.Errorf("%.60s: asked %q", answer, says)
		}
		if _, err := b.Agree([]byte(answer)); err == nil {
			t.Errorf("%.60s: agreed", answer)
		}
	}
}
