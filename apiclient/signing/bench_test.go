package signing_test

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"testing"

	"countersign/apiclient/signing"
)

func benchContent(size int) signing.Content {
	c := sample
	c.Body = bytes.Repeat([]byte("x"), size)
	return c
}

func BenchmarkCanonical(b *testing.B) {
	c := benchContent(1024)
	b.ReportAllocs()
	for b.Loop() {
		c.Canonical()
	}
}

func BenchmarkCanonicalTemplate(b *testing.B) {
	tmpl, err := signing.ParseTemplate("{method}.{uri}.{client_id}.{request_id}.{time}.{body}")
	if err != nil {
		b.Fatal(err)
	}
	c := benchContent(1024)
	b.ReportAllocs()
	for b.Loop() {
		tmpl.Canonical(c)
	}
}

func BenchmarkSign(b *testing.B) {
	key, canonical := privateKey(b, "client2048"), benchContent(1024).Canonical()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := signing.Sign(key, canonical, signing.Style{KeyVersion: "1"}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerify is Verify of a right signature; BenchmarkVerifyBare is what
// crypto/rsa and SHA-256 take of that.
func BenchmarkVerify(b *testing.B) {
	p := signed(b, "client2048", benchContent(1024).Canonical())
	c := signing.Check{Canonical: p.Canonical, Headers: []string{p.Header}, Expected: keysOf(b, "client2048"), Known: keyring(b, "client2048")}
	b.ReportAllocs()
	for b.Loop() {
		if v := signing.Verify(c); !v.OK() {
			b.Fatal(v.Reason)
		}
	}
}

func BenchmarkVerifyBare(b *testing.B) {
	p := signed(b, "client2048", benchContent(1024).Canonical())
	pub := publicKey(b, "client2048").Public
	b.ReportAllocs()
	for b.Loop() {
		digest := sha256.Sum256(p.Canonical)
		if err := rsa.VerifyPKCS1v15(pub, crypto.SHA256, digest[:], p.Signature); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerifyMismatch is Verify where the content is another one and the
// expected key is found to have signed.
func BenchmarkVerifyMismatch(b *testing.B) {
	p := signed(b, "client2048", benchContent(1024).Canonical())
	c := signing.Check{Canonical: p.Canonical[1:], Headers: []string{p.Header}, Expected: keysOf(b, "client2048"), Known: keyring(b, "client2048")}
	b.ReportAllocs()
	for b.Loop() {
		if v := signing.Verify(c); v.Status != signing.Mismatch {
			b.Fatal(v.Reason)
		}
	}
}

// BenchmarkVerifyUnknown is the most work that Verify can have: no key of
// seven opens the signature.
func BenchmarkVerifyUnknown(b *testing.B) {
	p := signed(b, "client2048", benchContent(1024).Canonical())
	c := signing.Check{Canonical: p.Canonical, Headers: []string{p.Header}, Expected: keysOf(b, "server2048"), Known: keyring(b, "client2048")}
	b.ReportAllocs()
	for b.Loop() {
		if v := signing.Verify(c); v.Status != signing.UnknownKey {
			b.Fatal(v.Reason)
		}
	}
}

func BenchmarkRecover(b *testing.B) {
	p := signed(b, "client2048", benchContent(1024).Canonical())
	pub := publicKey(b, "client2048").Public
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := signing.Recover(pub, p.Signature); !ok {
			b.Fatal("not opened")
		}
	}
}
