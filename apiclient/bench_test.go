package apiclient

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"countersign/apiclient/signing"
)

// benchServer answers at once with an answer that was signed beforehand, so
// that its own work does not count. The signed string has a fixed target and
// time.
func benchServer(b *testing.B) *httptest.Server {
	b.Helper()
	proof, err := signing.Sign(serverKey, signing.Content{Method: "POST", Target: prefix + payPath, ClientID: testClient, Time: "1682060290240", Body: []byte(goodBody)}.Canonical(),
		signing.Style{KeyVersion: "1"})
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		h := w.Header()
		h.Set("Client-Id", testClient)
		h.Set("Response-Time", "1682060290240")
		h.Set("Signature", proof.Header)
		_, _ = io.WriteString(w, goodBody)
	}))
	b.Cleanup(server.Close)
	return server
}

// BenchmarkSend is one signed, verified exchange on loopback. Compare it with
// BenchmarkBareHTTP:
//
//	go test -run '^$' -bench 'Send|BareHTTP' -count 6 ./apiclient
func BenchmarkSend(b *testing.B) {
	client := newClient(b, testProfile(benchServer(b).URL), Options{})
	d := payDraft()
	for b.Loop() {
		if e := client.Send(b.Context(), d, FromCLI); !e.Received.OK() || !e.SentVerdict.OK() {
			b.Fatal(e.Err, e.Received.Reason)
		}
	}
}

// BenchmarkBareHTTP is the least that such an exchange costs: a POST by
// net/http on a connection that is kept alive, one signature, one verification.
func BenchmarkBareHTTP(b *testing.B) { bareHTTP(b, false) }

// BenchmarkBareHTTPFresh is the same on a fresh connection, as Send uses it.
func BenchmarkBareHTTPFresh(b *testing.B) { bareHTTP(b, true) }

func bareHTTP(b *testing.B, fresh bool) {
	server := benchServer(b)
	server.Client().Transport.(*http.Transport).DisableKeepAlives = fresh
	body := payDraft().Body
	for b.Loop() {
		digest := sha256.Sum256(body)
		sig, err := rsa.SignPKCS1v15(nil, clientKey, crypto.SHA256, digest[:])
		if err != nil {
			b.Fatal(err)
		}
		response, err := server.Client().Post(server.URL+prefix+payPath, "application/json", bytes.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		if rsa.VerifyPKCS1v15(&clientKey.PublicKey, crypto.SHA256, digest[:], sig) != nil {
			b.Fatal("it does not verify")
		}
	}
}

// BenchmarkPreview is what the explorer does for a key press.
func BenchmarkPreview(b *testing.B) {
	client := newClient(b, testProfile("http://127.0.0.1:1"), Options{})
	d := payDraft()
	for b.Loop() {
		if _, err := client.Preview(d); err != nil {
			b.Fatal(err)
		}
	}
}
