package apiclient

import (
	"testing"
	"time"

	"countersign/apiclient/signing"
)

func TestSummary(t *testing.T) {
	verified := signing.Verdict{Status: signing.Verified}
	proof := signing.Proof{Canonical: []byte("POST /")}
	for _, c := range []struct {
		name string
		e    Exchange
		want string
	}{
		{"all well", Exchange{
			Sent: proof, SentVerdict: verified, Received: verified, Outcome: Answered,
			Response: &Message{Line: "HTTP/1.1 200 OK"}, Result: Result{Status: "S", Code: "SUCCESS"},
			Timing: Timing{Total: 41 * time.Millisecond},
		}, "200 · S SUCCESS · request verified · response verified · 41 ms"},
		{"unsigned answer without a result", Exchange{
			Sent: proof, SentVerdict: verified, Received: signing.Verdict{Status: signing.Unsigned}, Outcome: Answered,
			Response: &Message{Line: "HTTP/1.1 502 Bad Gateway"}, Timing: Timing{Total: 1200 * time.Microsecond},
		}, "502 · request verified · response unsigned · 1.2 ms"},
		{"no answer", Exchange{Sent: proof, SentVerdict: verified, Outcome: Failed, Err: "connection refused"},
			"connection refused"},
		{"lost", Exchange{Sent: proof, SentVerdict: verified, Outcome: Lost, Err: "connection reset", BytesSent: true},
			"connection reset · request verified"},
		{"crashed", Exchange{Sent: proof, SentVerdict: verified, Outcome: Unknown},
			"outcome unknown: it may have reached the other side · request verified"},
		{"refused for its signature", Exchange{
			Sent: proof, SentVerdict: verified, Received: verified, Outcome: Answered,
			Response: &Message{Line: "HTTP/1.1 200 OK"}, Result: Result{Status: "F", Code: "INVALID_SIGNATURE"},
		}, "200 · F INVALID_SIGNATURE · signed with our key, refused by the other side"},
		{"refused, and not signed", Exchange{
			Sent: proof, SentVerdict: verified, Received: signing.Verdict{Status: signing.Unsigned}, Outcome: Answered,
			Response: &Message{Line: "HTTP/1.1 200 OK"}, Result: Result{Status: "F", Code: "INVALID_SIGNATURE"},
		}, "200 · F INVALID_SIGNATURE · signed with our key, refused by the other side"},
		{"refused, and signed badly", Exchange{
			Sent: proof, SentVerdict: verified, Received: signing.Verdict{Status: signing.Mismatch}, Outcome: Answered,
			Response: &Message{Line: "HTTP/1.1 200 OK"}, Result: Result{Status: "F", Code: "INVALID_SIGNATURE"}, Timing: Timing{Total: time.Second},
		}, "200 · F INVALID_SIGNATURE · signed with our key, refused by the other side · response does not verify"},
		{"garbage", Exchange{Response: &Message{Line: "garbage"}, Received: signing.Verdict{Status: signing.Mismatch}, Outcome: Answered},
			"no status · response does not verify"},
	} {
		if got := Summary(c.e); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}
