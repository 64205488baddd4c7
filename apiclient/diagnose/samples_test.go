package diagnose_test

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
	"unicode/utf8"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/evidence"
	"countersign/apiclient/signing"
	"countersign/apiclient/signing/signingtest"
)

func privateKey(t testing.TB, id string) *rsa.PrivateKey {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(evidenceFolder, "keys", id+".pkcs8.pem"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(data)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key.(*rsa.PrivateKey)
}

// sample is a request, or a response to it, that a test signs as it likes.
type sample struct {
	path, client, time, body string
	side                     apiclient.Side
}

func payment() sample {
	return sample{"/miniprogram/api/v2/payments/pay", "21881200412345678", "1760000000123", `{"paymentId":"P-1","amount":{"value":"12.50","currency":"EUR"},"n":12}`, apiclient.RequestSide}
}

func answer() sample {
	s := payment()
	s.side, s.time, s.body = apiclient.ResponseSide, "1760000000456", `{"result":{"resultStatus":"S","resultCode":"SUCCESS"},"n":42}`
	return s
}

// canonical is the string that the rule gives.
func (s sample) canonical() string {
	return "POST " + s.path + "\n" + s.client + "." + s.time + "." + s.body
}

// exchange puts a Signature header on the side under test.
func (s sample) exchange(t testing.TB, header string) apiclient.Exchange {
	t.Helper()
	signed := [][2]string{{"Signature", header}}
	if header == "" {
		signed = nil
	}
	const line = " HTTP/1.1"
	fields := [][2]string{{"Host", "superapp.example.com"}, {"Client-Id", s.client}}
	var request, response []byte
	if s.side == apiclient.RequestSide {
		request = signingtest.Raw("POST "+s.path+line, slices.Concat(fields, [][2]string{{"Request-Time", s.time}}, signed), []byte(s.body))
	} else {
		request = signingtest.Raw("POST "+s.path+line, append(fields, [2]string{"Request-Time", "1760000000123"}), []byte(`{"request":"body"}`))
		response = signingtest.Raw("HTTP/1.1 200 OK", slices.Concat([][2]string{{"Client-Id", s.client}, {"Response-Time", s.time}}, signed), []byte(s.body))
	}
	return again(t, request, response)
}

// again makes an exchange of raw messages.
func again(t testing.TB, request, response []byte) apiclient.Exchange {
	t.Helper()
	e, err := evidence.Reader{}.Messages(request, response)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// sign makes a Signature header over content.
func sign(t testing.TB, key, content, version string) string {
	t.Helper()
	p, err := signing.Sign(privateKey(t, key), []byte(content), signing.Style{KeyVersion: version})
	if err != nil {
		t.Fatal(err)
	}
	return p.Header
}

// evidence is of the sample with client2048 as the one key expected.
func (s sample) evidence(t testing.TB, header string) diagnose.Evidence {
	t.Helper()
	e, err := diagnose.FromProfile(apiclient.Profile{}, s.exchange(t, header), s.side)
	if err != nil {
		t.Fatal(err)
	}
	e.Expected = []apiclient.Key{publicKey(t, "client2048")}
	return e
}

func diagnosed(e diagnose.Evidence, budget time.Duration) diagnose.Report {
	return diagnose.Diagnose(context.Background(), e, diagnose.Options{Budget: budget, Workers: 1})
}

// finding looks one up by its cause.
func finding(r diagnose.Report, cause string) (diagnose.Finding, bool) {
	for _, f := range r.Findings {
		if f.Cause == cause {
			return f, true
		}
	}
	return diagnose.Finding{}, false
}

// clean reports whether text has no control characters but line feeds.
func clean(s string) bool {
	return utf8.ValidString(s) && bytes.IndexFunc([]byte(s), func(r rune) bool { return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 }) < 0
}
