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
	// A merchant answers under its own id, whatever client a forged callback names.
	e0 := calledBack(t, serverKey, clientKey, refusal)
	e0.Origin, e0.Request.Header[0].Value = FromNotify, "somebody"
	newClient(t, testProfile("https://h"), testOptions()).Verify(&e0)
	if _, told := find(e0, ResponseSide, "response_client_id_header_differs"); !e0.Received.OK() || told {
		t.Errorf("the answer: %+v", e0.Received)
	}
	// Changed on the way, it is a callback that does not verify.
	e := calledBack(t, serverKey, clientKey, done)
	e.Request.Body = []byte(`{"paymentId":"2"}`)
	newClient(t, testProfile("https://h"), testOptions()).Verify(&e)
	if e.SentVerdict.Status != signing.Mismatch || !hasWarning(e.SentVerdict, isCallback) {
		t.Errorf("%s: %s", e.SentVerdict.Status, e.SentVerdict.Reason)
	}
}

// A callback that is sent goes to the merchant's server, signed as the Super App
// signs, and its answer is expected from us.
func TestSendCallback(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		platform   *rsa.PrivateKey
		answerer   *rsa.PrivateKey
		tamper     []string
		sent, back signing.Status
		key        string
	}{
		{"both right", serverKey, clientKey, nil, signing.Verified, signing.Verified, "peer key v1"},
		{"answer by the Super App's key", serverKey, serverKey, nil, signing.Verified, signing.WrongKey, "peer key v1"},
		{"answer unsigned", serverKey, nil, nil, signing.Verified, signing.Unsigned, "peer key v1"},
		{"unknown platform key", strangerKey(t), clientKey, nil, signing.Verified, signing.Verified, PlatformKeyID},
		{"tampered with", serverKey, clientKey, []string{"wrong_key"}, signing.WrongKey, signing.Verified, ThrowAwayKeyID},
		{"unsigned", serverKey, clientKey, []string{"signature_missing"}, signing.Unsigned, signing.Verified, ""},
		{"unknown version", serverKey, clientKey, []string{"key_version_unknown"}, signing.WrongKey, signing.Verified, "peer key v1"},
	} {
		p := testProfile("https://superapp.invalid")
		p.PlatformKey, p.SignedPath, p.Header = c.platform, "/acl{path}", []Field{{Name: "X-Route", Value: "a"}}
		base := answering(t, func(seen) string {
			e := calledBack(t, nil, c.answerer, `{"result":{"resultStatus":"S","resultCode":"SUCCESS"}}`)
			e.Response.Header = append(e.Response.Header, Field{Name: "Content-Length", Value: fmt.Sprint(len(e.Response.Body))})
			return string(e.Response.HeadBytes()) + string(e.Response.Body)
		})
		client := newClient(t, p, testOptions())
		d := Draft{Callback: true, Target: base + "/notify", Body: []byte(`{"paymentId":"1"}`), Tamper: c.tamper}
		e := client.Send(t.Context(), d, FromCLI)
		if e.Outcome != Answered || e.Origin != FromNotify || e.URL != base+"/notify" || e.SignedAs != "/notify" {
			t.Fatalf("%s: %s, %s, %s, %s: %s", c.name, e.Outcome, e.Origin, e.URL, e.SignedAs, e.Err)
		}
		if e.SentVerdict.Status != c.sent || e.SentVerdict.Key != c.key || e.Received.Status != c.back {
			t.Errorf("%s: request %s by %q (%s), answer %s (%s)", c.name, e.SentVerdict.Status, e.SentVerdict.Key, e.SentVerdict.Reason,
				e.Received.Status, e.Received.Reason)
		}
		if e.Request.Has("X-Route") || e.Request.Get("Client-Id") != testClient {
			t.Errorf("%s: %v", c.name, e.Request.Header)
		}
		for _, f := range e.Findings {
			if f.Severity == Problem && c.tamper == nil && c.back == signing.Verified {
				t.Errorf("%s: %s: %s", c.name, f.Field, f.Says)
			}
		}
		again := e
		newClient(t, p, testOptions()).Recheck(&again)
		if again.SentVerdict.Status != c.sent && c.key != ThrowAwayKeyID || again.Received.Status != c.back {
			t.Errorf("%s, again: %s, %s", c.name, again.SentVerdict.Status, again.Received.Status)
		}
		if d := client.Again(e, "/elsewhere"); !d.Callback || d.Target != e.URL || len(d.Header) > 0 {
			t.Errorf("%s: again as %+v", c.name, d)
		}
	}
}

// An answer that the platform key signed is none of the Super App's.
func TestPlatformKeyVerifiesNoAnswer(t *testing.T) {
	t.Parallel()
	p := testProfile("https://h")
	p.PlatformKey = strangerKey(t)
	e := calledBack(t, clientKey, p.PlatformKey, `{"result":{"resultStatus":"S"}}`)
	e.Origin = FromCLI
	newClient(t, p, testOptions()).Verify(&e)
	if e.Received.OK() || e.Received.Key != PlatformKeyID {
		t.Errorf("%s by %s", e.Received.Status, e.Received.Key)
	}
}

func TestCallbackCannotBeSent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ target, says, hint string }{
		{"/notify", "no URL of your server", "http://127.0.0.1"},
		{"ftp://h/notify", "the URL of your server does not start with https://", "write it"},
		{"http://merchant.example.com/notify", "plain HTTP to merchant.example.com", "allow_http"},
		{"https://h/a b", "space", "remove"},
		{"https://h/x#y", "#fragment", "remove"},
		{"", "no URL of your server", "http://"},
	} {
		p := testProfile("https://h")
		p.PlatformKey = serverKey
		e := newClient(t, p, testOptions()).Send(t.Context(), Draft{Callback: true, Target: c.target, Body: []byte("{}")}, FromCLI)
		if e.Outcome != Failed || !strings.Contains(e.Err, c.says) || !strings.Contains(e.Hint, c.hint) || e.BytesSent {
			t.Errorf("%q: %s: %s (%s)", c.target, e.Outcome, e.Err, e.Hint)
		}
	}
	e := newClient(t, testProfile("https://h"), testOptions()).Send(t.Context(),
		Draft{Callback: true, Target: "http://127.0.0.1:1/notify", Body: []byte("{}")}, FromCLI)
	if e.Outcome != Failed || !strings.Contains(e.Err, "has no platform key") || !strings.Contains(e.Hint, "platform_key") {
		t.Errorf("%s: %s (%s)", e.Outcome, e.Err, e.Hint)
	}
	// A preview shows what a callback would be like before its URL is known.
	p := testProfile("https://h")
	p.PlatformKey = serverKey
	e, err := newClient(t, p, testOptions()).Preview(Draft{Callback: true, Target: "/notify?a=b", Body: []byte("{}")})
	if err != nil || !e.SentVerdict.OK() || !strings.HasPrefix(string(e.Sent.Canonical), "POST /notify?a=b\n") {
		t.Errorf("%v: %s", err, e.Sent.Canonical)
	}
}

// strangerKey is a key that belongs to nobody.
func strangerKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	return readKey("keys/testdata/other2048.pkcs8.pem")
}
