package apiclient

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"crypto/rsa"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"countersign/apiclient/signing"
)

func hasWarning(v signing.Verdict, cause string) bool {
	return slices.ContainsFunc(v.Warnings, func(w signing.Warning) bool { return w.Cause == cause })
}

// otherKey stands for a third key pair: neither ours nor a configured one.
var otherKey = readKey("keys/testdata/old2048.pkcs8.pem")

func TestWhoseKey(t *testing.T) {
	t.Parallel()
	server, client, other := &serverKey.PublicKey, &clientKey.PublicKey, &otherKey.PublicKey
	for _, c := range []struct {
		name    string
		version string // in the answer
		signer  *rsa.PrivateKey
		peers   map[string]*rsa.PublicKey
		status  signing.Status
		key     string
		reason  string
	}{
		{"the version that it names", "1", serverKey, map[string]*rsa.PublicKey{"1": server, "2": other}, signing.Verified, "peer key v1", ""},
		{"no version, newest", "", serverKey, map[string]*rsa.PublicKey{"9": other, "10": server}, signing.Verified, "peer key v10", ""},
		{"no version, not newest", "", serverKey, map[string]*rsa.PublicKey{"1": server, "2": other}, signing.WrongKey, "peer key v1", "peer key v2 was expected"},
		{"a version that is not configured, known key", "3", serverKey, map[string]*rsa.PublicKey{"1": server}, signing.WrongKey, "peer key v1", "says keyVersion 3, for which no key is configured"},
		{"a version that is not configured, unknown key", "3", otherKey, map[string]*rsa.PublicKey{"1": server}, signing.UnknownKey, "", "No key is configured for keyVersion 3."},
		{"versions exchanged", "2", serverKey, map[string]*rsa.PublicKey{"1": server, "2": other}, signing.WrongKey, "peer key v1", "but peer key v1 signed it and the header says keyVersion 2"},
		{"our own key", "1", clientKey, map[string]*rsa.PublicKey{"1": server}, signing.WrongKey, "our key", "our own key, where the other side's belongs"},
		{"our own public key configured as theirs", "1", serverKey, map[string]*rsa.PublicKey{"1": client}, signing.UnknownKey, "", "peer key v1 is our own public key"},
		{"nobody's key", "1", otherKey, map[string]*rsa.PublicKey{"1": server}, signing.UnknownKey, "", "No known key"},
		{"no keys configured", "1", serverKey, nil, signing.UnknownKey, "", "No key is configured to verify answers with."},
		{"no keys configured, signed by ours", "1", clientKey, nil, signing.WrongKey, "our key", "our own key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := goodAnswer()
			a.version, a.key = c.version, c.signer
			p := testProfile(answering(t, a.text))
			p.PeerKeys = c.peers
			e := newClient(t, p, testOptions()).Send(t.Context(), payDraft(), FromCLI)
			v := e.Received
			if v.Status != c.status || v.Key != c.key || !strings.Contains(v.Reason, c.reason) {
				t.Errorf("%s by %q: %s", v.Status, v.Key, v.Reason)
			}
			if v.OK() == (v.Hint != "") {
				t.Errorf("hint %q", v.Hint)
			}
			f, ok := find(e, ResponseSide, "signature_"+strings.ReplaceAll(string(c.status), "-", "_"))
			if !v.OK() && (!ok || f.Severity != Problem || f.Says != v.Reason) {
				t.Errorf("finding %+v", f)
			}
		})
	}
}

func TestReceived(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*answer)
		status signing.Status
		reason string
		cause  string // of a finding
	}{
		{"other bytes", func(a *answer) { a.signed = []byte(goodBody + "\n") }, signing.Mismatch, "over other content", "signature_mismatch"},
		{"unsigned", func(a *answer) { a.unsigned = true }, signing.Unsigned, "", "signature_missing"},
		{"empty signature", func(a *answer) { a.unsigned = true; a.header = []string{"Signature: "} }, signing.Unsigned, "", "signature_unsigned"},
		{"no value", func(a *answer) { a.unsigned = true; a.header = []string{"Signature: algorithm=RSA256, keyVersion=1"} }, signing.Unsigned, "", "signature_unsigned"},
		{"unreadable", func(a *answer) {
			a.unsigned = true
			a.header = []string{"Signature: algorithm=RSA256, keyVersion=1, signature=%%%"}
		}, signing.Undecodable, "", "signature_undecodable"},
		{"another client in the header, and signed", func(a *answer) { a.client = "gateway" }, signing.Mismatch, "signed for another client: it names gateway", "response_for_another_client"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := goodAnswer()
			c.change(&a)
			e := send(t, a, nil)
			if e.Received.Status != c.status || !strings.Contains(e.Received.Reason, c.reason) {
				t.Errorf("%s: %s", e.Received.Status, e.Received.Reason)
			}
			if _, ok := find(e, ResponseSide, c.cause); c.cause != "" && !ok {
				t.Errorf("no %s in %+v", c.cause, e.Findings)
			}
		})
	}
}

// The header's Client-Id is what counts; where the request's would verify, the
// verdict says so and stays what it is.
func TestClientIDOfTheResponse(t *testing.T) {
	t.Parallel()
	replace := func(with string) Exchange {
		base := answering(t, func(s seen) string {
			return strings.Replace(goodAnswer().text(s), "client-id: "+testClient+"\r\n", with, 1)
		})
		return newClient(t, testProfile(base), testOptions()).Send(t.Context(), payDraft(), FromCLI)
	}
	e := replace("Client-Id: gateway\r\n")
	if e.Received.Status != signing.Mismatch || !strings.Contains(e.Received.Reason, "covers the request's Client-Id") || !hasWarning(e.Received, "response_client_id_header_differs") {
		t.Errorf("%s: %s", e.Received.Status, e.Received.Reason)
	}
	e = replace("")
	if !e.Received.OK() {
		t.Errorf("without the header: %s", e.Received.Reason)
	}
	if f, ok := find(e, ResponseSide, "header_missing"); !ok || f.Field != "Client-Id" {
		t.Errorf("%+v", e.Findings)
	}
}

func compressed(t *testing.T, coding string, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "raw deflate":
		w, _ = flate.NewWriter(&b, flate.DefaultCompression)
	case "br":
		w = brotli.NewWriter(&b)
	}
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestContentCoding(t *testing.T) {
	t.Parallel()
	zipped := compressed(t, "gzip", []byte(goodBody))
	for _, c := range []struct {
		name, header string
		body         []byte
		signed       []byte
		decoded      bool
		status       signing.Status
		warning      string
		cause        string
	}{
		{"gzip, signed decoded", "gzip", zipped, []byte(goodBody), true, signing.Mismatch, "body_gzip_not_decoded", "content_encoding"},
		{"gzip, signed as sent", "GZIP", zipped, zipped, true, signing.Verified, "body_gzip_signed", "content_encoding"},
		{"gzip, signed neither", "gzip", zipped, []byte("{}"), true, signing.Mismatch, "", "content_encoding"},
		{"deflate", "deflate", compressed(t, "deflate", []byte(goodBody)), []byte(goodBody), true, signing.Mismatch, "body_gzip_not_decoded", ""},
		{"raw deflate", "deflate", compressed(t, "raw deflate", []byte(goodBody)), []byte(goodBody), true, signing.Mismatch, "body_gzip_not_decoded", ""},
		{"brotli", "br", compressed(t, "br", []byte(goodBody)), []byte(goodBody), true, signing.Mismatch, "body_gzip_not_decoded", ""},
		{"two", "br, gzip", compressed(t, "gzip", compressed(t, "br", []byte(goodBody))), []byte(goodBody), true, signing.Mismatch, "body_gzip_not_decoded", ""},
		{"identity", "identity", []byte(goodBody), []byte(goodBody), false, signing.Verified, "", ""},
		{"not gzip at all", "gzip", []byte(goodBody), []byte(goodBody), false, signing.Verified, "", "content_encoding_not_undone"},
		{"damaged", "gzip", zipped[:len(zipped)-9], zipped, false, signing.Mismatch, "", "content_encoding_not_undone"},
		{"unknown", "zstd", []byte("x"), []byte("x"), false, signing.Verified, "", "content_encoding_not_undone"},
		{"bomb", "gzip", compressed(t, "gzip", make([]byte, 2_000_000)), []byte(goodBody), false, signing.Mismatch, "", "content_encoding_not_undone"},
		{"too many", "gzip, gzip, gzip, gzip", zipped, zipped, false, signing.Verified, "", "content_encoding_not_undone"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := goodAnswer()
			a.body, a.signed, a.header = c.body, c.signed, []string{"Content-Encoding: " + c.header}
			e := send(t, a, func(p *Profile) { p.MaxResponse = 1_000_000 })
			if !bytes.Equal(e.Response.Body, c.body) {
				t.Error("the bytes on the wire are not kept")
			}
			if c.decoded && string(e.Response.Decoded) != goodBody || !c.decoded && e.Response.Decoded != nil {
				t.Errorf("decoded %q", e.Response.Decoded)
			}
			if e.Received.Status != c.status || c.warning != "" && !hasWarning(e.Received, c.warning) {
				t.Errorf("%s: %s %+v", e.Received.Status, e.Received.Reason, e.Received.Warnings)
			}
			if _, ok := find(e, ResponseSide, c.cause); c.cause != "" && !ok {
				t.Errorf("no %s in %+v", c.cause, e.Findings)
			}
			if c.decoded && e.Result.Code != "SUCCESS" {
				t.Errorf("result %+v", e.Result)
			}
		})
	}
}

// Verify judges a saved exchange again: the same way, and not twice.
func TestVerifyAgain(t *testing.T) {
	t.Parallel()
	base := answering(t, func(s seen) string { return "HTTP/1.1 100 Continue\r\n\r\n" + goodAnswer().text(s) })
	client := newClient(t, testProfile(base), testOptions())
	e := client.Send(t.Context(), payDraft(), FromCLI)
	again := e
	client.Verify(&again)
	if !slices.Equal(e.Findings, again.Findings) || !again.SentVerdict.OK() || !again.Received.OK() || again.Result != e.Result {
		t.Errorf("findings\n%+v\nwant\n%+v", again.Findings, e.Findings)
	}
	again.Response.Body = append(again.Response.Body, ' ')
	client.Verify(&again)
	if again.Received.Status != signing.Mismatch {
		t.Errorf("one more byte: %s", again.Received.Status)
	}
	again.Request.Body = []byte("{}")
	client.Verify(&again)
	if again.SentVerdict.Status != signing.Mismatch {
		t.Errorf("another request body: %s", again.SentVerdict.Status)
	}
}

// An exchange from a file has only its messages.
func TestVerifyEvidence(t *testing.T) {
	t.Parallel()
	sent := send(t, goodAnswer(), nil)
	e := Exchange{Origin: FromFile, Request: sent.Request, Response: sent.Response}
	e.Request.Line = "POST https://elsewhere.example" + prefix + payPath + " HTTP/1.1"
	newClient(t, testProfile("https://superapp.example"), testOptions()).Verify(&e)
	if !e.SentVerdict.OK() || !e.Received.OK() || e.SignedAs != prefix+payPath {
		t.Errorf("%s %s %s", e.SignedAs, e.SentVerdict.Reason, e.Received.Reason)
	}
	if _, ok := find(e, RequestSide, "clock_skew"); ok {
		t.Error("a skew against nothing")
	}
}

func TestParseResult(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		body  string
		want  Result
		times int
	}{
		{goodBody, Result{"S", "SUCCESS", "成功"}, 1},
		{"\ufeff" + goodBody, Result{"S", "SUCCESS", "成功"}, 1},
		{`{"a":[{"result":{"resultStatus":"F"}}],"b":{"result":{}},"result":{"resultStatus":"U"}}`, Result{Status: "U"}, 1},
		{`{"result":{"resultStatus":"S"},"result":{"resultStatus":"F"}}`, Result{Status: "F"}, 2},
		{`{"result":{"resultStatus":1,"resultCode":null,"resultMessage":["x"]}}`, Result{"1", "", `["x"]`}, 1},
		{`{"result":{"resultStatus":"S"},"cut":`, Result{Status: "S"}, 1},
		{`{"result":"S"}`, Result{}, 1},
		{`[{"result":{}}]`, Result{}, 0}, {``, Result{}, 0}, {`<xml/>`, Result{}, 0}, {`{`, Result{}, 0}, {`null`, Result{}, 0},
	} {
		if got, times := parseResult([]byte(c.body)); got != c.want || times != c.times {
			t.Errorf("%s: %+v, %d times", c.body, got, times)
		}
	}
	e := send(t, func() answer {
		a := goodAnswer()
		a.body = []byte(`{"result":{"resultStatus":"S"},"result":{"resultStatus":"F"}}`)
		return a
	}(), nil)
	if _, ok := find(e, ResponseSide, "result_repeated"); !ok {
		t.Error("a repeated result goes unsaid")
	}
}
