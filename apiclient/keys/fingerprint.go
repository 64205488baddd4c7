package keys

import (
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
)

const fingerprintPrefix = "SHA256:"

// Fingerprint names a key: "SHA256:" and the hex of SHA-256 over its SPKI DER,
// the same digest as
//
//	openssl pkey -pubin -in FILE -outform DER | sha256sum
func Fingerprint(pub *rsa.PublicKey) string {
	return fingerprint(spki(pub))
}

func fingerprint(spkiDER []byte) string {
	sum := sha256.Sum256(spkiDER)
	return fingerprintPrefix + hex.EncodeToString(sum[:])
}

// spki is the SubjectPublicKeyInfo DER of an RSA key.
func spki(pub *rsa.PublicKey) []byte {
	der, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		panic("keys: an RSA public key without modulus: " + err.Error()) // a caller's mistake, never data
	}
	return der
}

// Short cuts a fingerprint to what fits a heading: "SHA256:3f9a01c2…".
func Short(fingerprint string) string {
	const keep = len(fingerprintPrefix) + 8
	if len(fingerprint) <= keep {
		return fingerprint
	}
	return fingerprint[:keep] + "…"
}
