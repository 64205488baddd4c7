package apiclient_test

import (
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// TestQualifyIncomplete tells a body of which nothing is there from one that
// ends early.
func TestQualifyIncomplete(t *testing.T) {
	t.Parallel()
	var rule apiclient.Rule
	for body, want := range map[string]string{
		"":     "The message is incomplete: its body is not in the evidence. Because.",
		"half": "The message is incomplete: only 4 bytes of its body are there. Because.",
	} {
		m := apiclient.Message{Line: "HTTP/1.1 200 OK", Header: []apiclient.Field{{Name: "Content-Length", Value: "70"}}, Body: []byte(body), Partial: true}
		v := rule.Qualify(signing.Verdict{Status: signing.Mismatch, Reason: "Because."}, &apiclient.Exchange{Response: &m}, apiclient.ResponseSide)
		if v.Reason != want || v.Status != signing.Mismatch {
			t.Errorf("%q: %s, %s", body, v.Status, v.Reason)
		}
	}
	whole := apiclient.Message{Line: "HTTP/1.1 204 No Content"}
	v := rule.Qualify(signing.Verdict{Status: signing.Mismatch, Reason: "Because."}, &apiclient.Exchange{Response: &whole}, apiclient.ResponseSide)
	if strings.Contains(v.Reason, "incomplete") {
		t.Errorf("no body belongs there: %s", v.Reason)
	}
}
