package apiclient

import (
	"crypto/rsa"
	"fmt"
	"strings"
	"testing"

	"countersign/apiclient/signing"
)

// calledBack is a callback and its answer, each signed by a key; nil leaves it
// unsigned.
func calledBack(t *testing.T, caller, answerer *rsa.PrivateKey, body string) Exchange {
	t.Helper()
	e := Exchange{Origin: FromFile, SignedAs: "/notify", Request: Message{
		Line: "POST /notify HTTP/1.1", Body: []byte(`{"paymentId":"1"}`), Header: []Field{{Name: "Client-Id", Value: testClient}, {Name: "Request-Time", Value: "1682060290199"}},
	}}
	e.Response = &Message{Line: "HTTP/1.1 200 OK", Body: []byte(body), Header: []Field{{Name: "Client-Id", Value: testClient}, {Name: "Response-Time", Value: "1682060290240"}}}
	sign := func(key *rsa.PrivateKey, m *Message, time string) {
		if key == nil {
			return
		}
		p, err := signing.Sign(key, fmt.Appendf(nil, "POST /notify\n%s.%s.%s", testClient, time, m.Body), signing.Style{KeyVersion: "1"})
		if err != nil {
			t.Fatal(err)
		}
		m.Header = append(m.Header, Field{Name: "Signature", Value: p.Header})
	}
	sign(caller, &e.Request, "1682060290199")
	sign(answerer, e.Response, "1682060290240")
	return e
}

// Of a callback the other side's key is expected, and ours of its answer; what we
// sent ourselves stays strict.
func TestVerifyCallback(t *testing.T) {
	t.Parallel()
	const done = `{"result":{"resultStatus":"S","resultCode":"SUCCESS"}}`
	const refusal = `{"result":{"resultStatus":"F","resultCode":"INVALID_SIGNATURE"}}`
	for _, c := range []struct {
		name             string
		caller, answerer *rsa.PrivateKey
		body             string
		origin           Origin
		noKey            bool // the profile has no key of our own
		request, answer  signing.Status
		unjudged         bool
		summary          string
	}{
		{"both right", serverKey, clientKey, done, FromFile, false, signing.Verified, signing.Verified, false, "response verified"},
		{"answer by their key", serverKey, serverKey, done, FromFile, false, signing.Verified, signing.WrongKey, false, "response signed with the wrong key"},
		{"answer unsigned", serverKey, nil, done, FromFile, false, signing.Verified, signing.Unsigned, false, "response unsigned"},
		{"our key is not at hand", serverKey, clientKey, done, FromFile, true, signing.Verified, signing.UnknownKey, true, "unknown key"},
		{"our own request", clientKey, serverKey, done, FromFile, false, signing.Verified, signing.Verified, false, "response verified"},
		{"sent by us with their key", serverKey, serverKey, done, FromCLI, false, signing.WrongKey, signing.Verified, false, "response verified"},
		{"refused by us", serverKey, clientKey, refusal, FromFile, false, signing.Verified, signing.Verified, false, "signed with their key, refused by our side"},
		{"refused by them", clientKey, serverKey, refusal, FromFile, false, signing.Verified, signing.Verified, false, "signed with our key, refused by the other side"},
	} {
		p := testProfile("https://h")
		if c.noKey {
			p.Key, p.KeyName = nil, ""
		}
		e := calledBack(t, c.caller, c.answerer, c.body)
		e.Origin = c.origin
		newClient(t, p, testOptions()).Verify(&e)
		if e.SentVerdict.Status != c.request || e.Received.Status != c.answer || e.Sides().Response.Unjudged != c.unjudged {
			t.Errorf("%s: request %s (%s), answer %s (%s)", c.name, e.SentVerdict.Status, e.SentVerdict.Reason, e.Received.Status, e.Received.Reason)
		}
		if s := Summary(e); !strings.Contains(s, c.summary) {
			t.Errorf("%s: %s", c.name, s)
		}
	}
	// Changed on the way, it is a callback that does not verify.
	e := calledBack(t, serverKey, clientKey, done)
	e.Request.Body = []byte(`{"paymentId":"2"}`)
	newClient(t, testProfile("https://h"), testOptions()).Verify(&e)
	if e.SentVerdict.Status != signing.Mismatch || !hasWarning(e.SentVerdict, isCallback) {
		t.Errorf("%s: %s", e.SentVerdict.Status, e.SentVerdict.Reason)
	}
}
