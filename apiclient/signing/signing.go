// Package signing is the signature rule of the Mini Program OpenAPIs, one
// small function per line of it, and nothing else: no clock, no network, no
// disk. Every result keeps all its intermediates, because they are what a
// person debugging a signature needs to see.
//
//	Content --Canonical--> bytes --SHA-256--> Digest --RSA PKCS#1 v1.5--> Signature
//	        --EncodeValue--> Value --Style.Header--> header
//
// Verify walks the same chain backwards and never fails open: a missing,
// unreadable or unknown signature has a Status of its own and none of them is
// Verified. Recover opens a signature with a public key and tells which hash
// and digest it was made over; it explains, it never verifies.
package signing

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"strings"
)

// Content is what a signature covers, before it is put in order.
type Content struct {
	Method   string // "POST"
	Target   string // path with its full prefix, and "?query" if there is one: no scheme, no host
	ClientID string // value of the Client-Id header
	Time     string // the exact characters of Request-Time or Response-Time
	Body     []byte // the exact bytes on the wire

	RequestID  string // only for templates that name {request_id}
	MerchantID string // only for templates that name {merchant_id}
}

// Key is a public key under the name by which reports speak of it.
type Key struct {
	ID     string
	Public *rsa.PublicKey
}

// Proof is a signature with everything that led to it.
type Proof struct {
	Canonical  []byte   // the string that was signed
	Digest     [32]byte // SHA-256 of Canonical
	Signature  []byte   // RSASSA-PKCS1-v1_5, as long as the modulus
	Value      string   // Signature as written after "signature="
	Header     string   // the whole value of the Signature header
	KeyVersion string   // as written in the header; "" where none was
}

// Status says how a signature stands. Only Verified means that strict
// verification passed with a key that was expected.
type Status string

// The statuses, worst news last. They are words of the command line's JSON
// contract.
const (
	Verified    Status = "verified"
	Mismatch    Status = "mismatch"    // an expected key made it, over other content (or with another hash or padding)
	WrongKey    Status = "wrong-key"   // a known key made it, but not one that was expected, or none was expected
	UnknownKey  Status = "unknown-key" // well formed, but no known key made it
	Unsigned    Status = "unsigned"    // there is no Signature header, or it carries no value
	Undecodable Status = "undecodable" // header or value cannot be read by the rule; Repaired may tell whose it is
)

// Check is what Verify looks at.
type Check struct {
	Canonical []byte   // the string that the rule gives for this exchange
	Headers   []string // every value of the Signature header as received, in order; none means unsigned
	Trailer   []string // the same of the trailer behind a chunked body; a signature there explains, and never verifies
	Expected  []Key    // any of these may have signed; the first is named in reports
	Known     []Key    // more keys to try when none of Expected made it
	// Digest is the SHA-256 of a string that is too long to be in Canonical, which is
	// nil then; nil: that of Canonical.
	Digest *[32]byte
}

// Verdict is the outcome of Verify, with all intermediates.
type Verdict struct {
	Status Status
	NoKey  bool   // no key is known that should have made it: UnknownKey and Unsigned then say nothing of the signer
	Reason string // one sentence: what is right or wrong
	Hint   string // one sentence: what to do; "" when Verified

	Canonical []byte   // the string that was checked
	Digest    [32]byte // SHA-256 of Canonical
	Header    Header   // the header as parsed
	Encoding  Encoding // how the value was spelt
	Signature []byte   // the decoded value
	Key       string   // ID of the key that verified, or that made the signature

	Recovered *Recovered // what opening the signature showed; nil where no known key opens it, and when Verified
	Repaired  *Reading   // the spelling fault undone before a key opened it; nil without one, and when Verified
	Warnings  []Warning  // what is odd: harmless when Verified, else part of the explanation
}

// OK reports whether the signature verified.
func (v Verdict) OK() bool { return v.Status == Verified }

// Warning is something odd about a signature that verifies all the same, or
// that helps to explain one that does not.
type Warning struct {
	Cause string // short name in snake_case, such as "signature_header_folded"
	Says  string // one sentence
}

// Style says how a Signature header is written. The zero value is the
// documentation's form: ", " between pairs, percent-encoded base64.
type Style struct {
	Compact    bool     // "," between pairs instead of ", "
	KeyVersion string   // "" leaves keyVersion out
	Encoding   Encoding // "" means PercentBase64
}

// Header writes the value of a Signature header around a signature value as
// EncodeValue spells it.
func (s Style) Header(value string) string {
	separator := ", "
	if s.Compact {
		separator = ","
	}
	version := ""
	if s.KeyVersion != "" {
		version = separator + "keyVersion=" + s.KeyVersion
	}
	return "algorithm=RSA256" + version + separator + "signature=" + value
}

// KeyError says why a key cannot sign.
type KeyError struct{ says, fix string }

func (e *KeyError) Error() string { return e.says }

// Hint says how to fix it.
func (e *KeyError) Hint() string { return e.fix }

// Sign signs canonical with key: SHA-256, RSASSA-PKCS1-v1_5. The Proof keeps
// canonical itself, not a copy. It fails where the key is missing, damaged or
// under 1,024 bits, and where the key version would break the header.
func Sign(key *rsa.PrivateKey, canonical []byte, style Style) (Proof, error) {
	if key == nil || key.N == nil || key.D == nil {
		return Proof{}, &KeyError{"there is no private key to sign with", "set private_key in the profile"}
	}
	if i := strings.IndexFunc(style.KeyVersion, breaksPair); i >= 0 {
		return Proof{},
			&KeyError{fmt.Sprintf("the key version %q has a character that cannot stand in the Signature header",
				style.KeyVersion),
				"set key_version to the number that the other side gave out, such as 1"}
	}
	p := Proof{Canonical: canonical, Digest: sha256.Sum256(canonical), KeyVersion: style.KeyVersion}
	sig, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, p.Digest[:])
	if err != nil {
		return Proof{}, &KeyError{fmt.Sprintf("the private key (%d bits) cannot sign: %s", key.N.BitLen(),
			strings.TrimPrefix(err.Error(), "crypto/rsa: ")),
			"check the key file, or make a new pair of 2,048 bits or more"}
	}
	p.Signature = sig
	p.Value = EncodeValue(sig, style.Encoding)
	p.Header = style.Header(p.Value)
	return p, nil
}

// breaksPair reports what would end or split a pair in the header.
func breaksPair(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`,;="`, r) }
