package keys

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"os"

	"countersign/apiclient/files"
	"countersign/apiclient/hint"
)

// Bounds of Generate, in bits.
const (
	DefaultBits = 2048 // what the platforms ask for
	MinBits     = 2048
	MaxBits     = 8192 // a signature with more takes longer than the request
)

// Generate makes a key of the given length; 0 bits means DefaultBits. random
// may be nil; crypto/rsa takes its randomness from the operating system
// whatever it is given.
func Generate(random io.Reader, bits int) (*rsa.PrivateKey, error) {
	if bits == 0 {
		bits = DefaultBits
	}
	if bits < MinBits || bits > MaxBits {
		return nil, &hint.Error{
			Says: fmt.Sprintf("a key of %d bits is not made: the length is %d to %d", bits, MinBits, MaxBits),
			Fix:  fmt.Sprintf("%d is what the platforms ask for", DefaultBits),
		}
	}
	if random == nil {
		random = rand.Reader
	}
	return rsa.GenerateKey(random, bits)
}

// EncodePrivate writes PKCS#8 PEM.
func EncodePrivate(key *rsa.PrivateKey) []byte {
	der := pkcs8(key)
	defer clear(der)
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

// EncodePublic writes SPKI PEM.
func EncodePublic(key *rsa.PublicKey) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki(key)})
}

// PortalPublic writes SPKI as the one base64 line, without armour or line end,
// that the platforms' portals want pasted.
func PortalPublic(key *rsa.PublicKey) string {
	return base64.StdEncoding.EncodeToString(spki(key))
}

// WriteNew writes a new file with the given permissions (0600 for anything
// private), durably and whole, and refuses to touch one that exists.
func WriteNew(path string, data []byte, perm os.FileMode) error {
	free, err := files.Create(path, data, perm)
	if err != nil || free {
		return err
	}
	return &hint.Error{Says: path + " exists and is not overwritten",
		Fix: "move it away first, or give another name", Err: os.ErrExist}
}

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
