package diagnose_test

import (
	"crypto/rsa"
	"slices"
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
	"countersign/apiclient/signing/signingtest"
)

// twoVersions is a profile whose other side has had two keys.
func twoVersions(t testing.TB) apiclient.Profile {
	t.Helper()
	return apiclient.Profile{
		Name: "production", BaseURL: "https://superapp.example.com/miniprogram/api", ClientID: "configured", MerchantID: "merchant",
		KeyVersion: "3", Key: privateKey(t, "client2048"),
		PeerKeys: map[string]*rsa.PublicKey{"1": publicKey(t, "old2048").Public, "2": publicKey(t, "server2048").Public},
	}
}

func ids(keys []apiclient.Key) string {
	var list []string
	for _, k := range keys {
		list = append(list, k.ID)
	}
	return strings.Join(list, ", ")
}

func TestFromProfileChoosesKeys(t *testing.T) {
	t.Parallel()
	p := twoVersions(t)
	for _, c := range []struct {
		name            string
		s               sample
		key, version    string
		expected, known string
	}{
		{"a request", payment(), "client2048", "3", "our key", "peer key v2, peer key v1"},
		{"a response without a version", answer(), "server2048", "", "peer key v2", "our key, peer key v1"},
		{"a response of version 1", answer(), "server2048", "1", "peer key v1", "our key, peer key v2"},
		{"a response of version 2", answer(), "server2048", "2", "peer key v2", "our key, peer key v1"},
		{"a callback", payment(), "server2048", "2", "peer key v2", "our key, peer key v1"},
		{"a callback of an unknown version", payment(), "server2048", "3", "", "our key, peer key v2, peer key v1"},
		{"a response of an unknown version", answer(), "server2048", "9", "", "our key, peer key v2, peer key v1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e, err := diagnose.FromProfile(p, c.s.exchange(t, sign(t, c.key, c.s.canonical(), c.version)), c.s.side)
			if err != nil {
				t.Fatal(err)
			}
			if ids(e.Expected) != c.expected || ids(e.Known) != c.known {
				t.Errorf("expected %q, known %q; want %q, %q", ids(e.Expected), ids(e.Known), c.expected, c.known)
			}
			if e.Prefixes[0] != "/miniprogram/api" || e.MerchantID != "merchant" || e.ClientID != c.s.client {
				t.Errorf("%+v", e)
			}
			if string(e.Canonical()) != c.s.canonical() {
				t.Errorf("canonical %q", e.Canonical())
			}
		})
	}
}

// TestFromProfileTarget trusts what a saved run says of itself, and of a file
// only what was requested.
func TestFromProfileTarget(t *testing.T) {
	t.Parallel()
	p := twoVersions(t)
	p.SignedPath = "/ams{path}.htm"
	const path = "/miniprogram/api/v2/payments/pay"
	for _, c := range []struct {
		origin   apiclient.Origin
		signedAs string
		want     string
	}{
		{apiclient.FromCLI, "/as/it/was?a=1", "/as/it/was?a=1"},
		{apiclient.FromExplorer, "", "/ams/v2/payments/pay.htm"},
		{apiclient.FromFile, path, "/ams/v2/payments/pay.htm"},
		{apiclient.FromFile, "", "/ams/v2/payments/pay.htm"},
	} {
		x := payment().exchange(t, "")
		x.Origin, x.SignedAs = c.origin, c.signedAs
		e, err := diagnose.FromProfile(p, x, apiclient.RequestSide)
		if err != nil || e.Rule.Target(&e.Exchange) != c.want {
			t.Errorf("%s, %q: %q (%v), want %q", c.origin, c.signedAs, e.Rule.Target(&e.Exchange), err, c.want)
		}
	}
}

func TestFromProfileTemplate(t *testing.T) {
	t.Parallel()
	p := twoVersions(t)
	p.ContentTemplate = "{method}|{path}|{query}|{client_id}|{merchant_id}|{time}|{body}"
	s := payment()
	s.path += "?a=1"
	e, err := diagnose.FromProfile(p, s.exchange(t, ""), apiclient.RequestSide)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(e.Canonical()), "POST|/miniprogram/api/v2/payments/pay|a=1|"+s.client+"|merchant|"+s.time+"|"+s.body; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	p.ContentTemplate = "{nonsense}"
	if _, err := diagnose.FromProfile(p, s.exchange(t, ""), apiclient.RequestSide); err == nil {
		t.Error("a broken template is taken")
	}
}

func TestKeysOf(t *testing.T) {
	t.Parallel()
	p := twoVersions(t)
	keys := p.Keys()
	if ids(keys) != "our key, peer key v2, peer key v1" || keys[0].Role != apiclient.RoleOwn || keys[0].Version != "3" || keys[1].Role != apiclient.RolePeer || keys[1].Version != "2" {
		t.Errorf("%+v", keys)
	}
	for _, k := range diagnose.KeysOfOther(p) {
		if k.Role != apiclient.RoleOther || k.Profile != "production" || !strings.HasPrefix(k.ID, "production: ") {
			t.Errorf("%+v", k)
		}
	}
	if got := ids(diagnose.KeysOfOther(p)); got != "production: our key, production: peer key v2, production: peer key v1" {
		t.Errorf("%s", got)
	}
	if ids(p.Keys()) != "our key, peer key v2, peer key v1" || len(apiclient.Profile{}.Keys()) != 0 {
		t.Error("the names of the keys in use changed")
	}
}

// TestRuleOfResponses takes what the response lacks from the request.
func TestRuleOfResponses(t *testing.T) {
	t.Parallel()
	s := answer()
	x := s.exchange(t, "")
	e, err := diagnose.FromProfile(apiclient.Profile{ClientID: "configured"}, x, apiclient.ResponseSide)
	if err != nil {
		t.Fatal(err)
	}
	if string(e.Canonical()) != s.canonical() {
		t.Errorf("%q", e.Canonical())
	}
	bare := signingtest.Raw("HTTP/1.1 200 OK", nil, []byte("x"))
	e.Exchange = again(t, signingtest.Raw("POST /p HTTP/1.1", [][2]string{{"Client-Id", "asked"}, {"Request-Time", "1"}}, nil), bare)
	if got := string(e.Canonical()); got != "POST /p\nasked..x" {
		t.Errorf("%q", got)
	}
}

// An unsigned answer to a callback is ours: it is to be signed, not to be distrusted.
func TestUnsignedAnswerToACallback(t *testing.T) {
	t.Parallel()
	s := answer()
	for origin, fix := range map[apiclient.Origin]string{apiclient.FromListen: "Sign the answer", apiclient.FromCapture: "Treat it as not verified"} {
		x := s.exchange(t, "")
		x.Origin = origin
		x.Response.Header = slices.DeleteFunc(x.Response.Header, func(f apiclient.Field) bool { return f.Name == "Signature" })
		e, err := diagnose.FromProfile(twoVersions(t), x, apiclient.ResponseSide)
		if err != nil {
			t.Fatal(err)
		}
		r := diagnose.Verify(e)
		if r.Verdict != signing.Unsigned || len(r.Findings) == 0 || !strings.HasPrefix(r.Findings[0].Fix, fix) {
			t.Errorf("%s: %s, %+v", origin, r.Verdict, r.Findings)
		}
	}
}

// An answer that is signed right for another client is not verified, and the
// report says for whom it is.
func TestAnswerForAnotherClient(t *testing.T) {
	t.Parallel()
	s := answer()
	x := s.exchange(t, sign(t, "server2048", s.canonical(), "2"))
	for i, f := range x.Request.Header {
		if f.Name == "Client-Id" {
			x.Request.Header[i].Value = "another"
		}
	}
	e, err := diagnose.FromProfile(twoVersions(t), x, apiclient.ResponseSide)
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]diagnose.Report{
		"verify": diagnose.Verify(e), "diagnose": diagnosed(e, short),
	} {
		if r.Verdict != signing.Mismatch || len(r.Findings) == 0 || r.Findings[0].Cause != apiclient.ForAnotherClient || !r.Findings[0].Proven ||
			r.Findings[0].Signed != s.client || r.Findings[0].Expected != "another" || r.Signer == nil || r.Signer.Key.ID != "peer key v2" {
			t.Errorf("%s: %s, %+v", name, r.Verdict, r.Findings)
		}
	}
}
