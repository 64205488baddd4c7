package keys

import (
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"strings"
	"time"

	"countersign/apiclient/hint"
)

// purpose is what a caller wants a key for.
type purpose string

const (
	wantPrivate purpose = "a private key"
	wantPublic  purpose = "a public key"
)

// kind sorts things by what can be done with them.
type kind int

const (
	privateKey  kind = iota // an RSA private key, ready
	publicKey               // an RSA public key, ready
	certificate             // an X.509 certificate of an RSA key, ready
	locked                  // encrypted: a private key, or a container with one
	damaged                 // meant to be a key, and broken or out of bounds
	foreignKey              // a key of a kind that cannot sign or verify here
	foreignForm             // a key in a format that is not read
	otherData               // recognised, and no key
)

// thing is a piece of data that has been recognised.
type thing struct {
	kind     kind
	syntax   string // "PKCS#8", "PKCS#1", "SPKI", "X.509 certificate", "PKCS#12"
	scheme   string // how it is or was encrypted: "PBKDF2, AES-256-CBC"
	form     string // how the bytes were written: "PEM", "base64 without armour", "DER", ...
	says     string // what it is, with its article: "an EC private key (P-256)"
	line     int    // where it stands in a text, 1-based; 0 where that is not known
	hint     string // what to do where it cannot be used
	warnings []string

	priv *rsa.PrivateKey
	pub  *rsa.PublicKey
	cert *x509.Certificate
	spki []byte // SubjectPublicKeyInfo: names also a foreignKey by fingerprint, where it could be read
	lock *lock  // how to open a locked thing
}

func (t thing) format() string {
	s := t.syntax + " " + t.form
	if t.scheme != "" {
		s += " (" + t.scheme + ")"
	}
	return s
}

// fault is the error for a thing in the place of what was wanted.
func (t thing) fault(want purpose) *hint.Error {
	switch {
	case t.kind == damaged:
		return &hint.Error{Says: t.says, Fix: t.hint}
	case t.kind == publicKey || t.kind == certificate:
		return &hint.Error{
			Says: fmt.Sprintf("%s where %s is due", t.says, want),
			Fix:  "a public key cannot sign: give the private key that was made together with it",
		}
	case t.kind == foreignForm:
		return &hint.Error{Says: t.says + ", a format that is not read", Fix: t.hint}
	case t.kind == foreignKey:
		return &hint.Error{Says: fmt.Sprintf("%s where an RSA %s is due", t.says, strings.TrimPrefix(string(want), "a ")),
			Fix: t.hint}
	default:
		return &hint.Error{Says: fmt.Sprintf("%s where %s is due", t.says, want), Fix: t.hint}
	}
}

// explain makes the error about data in which nothing fits: it speaks about
// the thing that was most likely meant.
func explain(things []thing, want purpose) error {
	order := []kind{damaged, foreignForm, foreignKey, publicKey, certificate, otherData}
	for _, k := range order {
		for _, t := range things {
			if t.kind == k {
				return t.fault(want)
			}
		}
	}
	return &hint.Error{Says: fmt.Sprintf("no key in the data where %s is due", want), Fix: hintGiveWhole}
}

// Bounds of what counts as a usual RSA key.
const (
	weakBelow  = 2048  // bits; what the platforms ask for
	usableFrom = 1024  // bits; crypto/rsa refuses to sign or verify with less
	longestKey = 16384 // bits; more only costs time
	usualE     = 65537 // smaller exponents were the ground of forgeries against careless verifiers
)

// strength says what is weak or unusual about a usable key.
func (r reader) strength(t thing) []string {
	var w []string
	bits := t.pub.N.BitLen()
	if bits < weakBelow {
		w = append(w, fmt.Sprintf("weak: %d bits, where platforms ask for %d", bits, weakBelow))
	} else if bits%8 != 0 {
		w = append(w, fmt.Sprintf("unusual length: %d bits, so a signature has %d bytes", bits, t.pub.Size()))
	}
	if t.pub.E < usualE {
		w = append(w, fmt.Sprintf("the public exponent is %d: sound only where the other side verifies strictly; %d is usual",
			t.pub.E, usualE))
	}
	if t.cert != nil {
		w = append(w, validity(t.cert, r.now())...)
	}
	return w
}

func validity(c *x509.Certificate, now time.Time) []string {
	const day = "2006-01-02"
	switch {
	case now.After(c.NotAfter):
		return []string{"the certificate expired on " + c.NotAfter.UTC().Format(day) + ": the other side may have a new key"}
	case now.Before(c.NotBefore):
		return []string{"the certificate is valid only from " + c.NotBefore.UTC().Format(day)}
	}
	return nil
}

// PrivateToo warns of a private key where a public one is wanted. Where one's own key
// is what is wanted it means nothing.
const PrivateToo = "the private key is here too: where the other side's public key belongs, one's own key verifies nothing"

// company says what else in the data is worth knowing beside the chosen thing.
func company(chosen thing, things []thing, want purpose) []string {
	var w []string
	rivals, partners, strangers, broken := 0, 0, 0, false
	for _, t := range things {
		same := t.pub != nil && t.pub.Equal(chosen.pub)
		switch {
		case t.kind == damaged:
			broken = true
		case t.pub == nil:
		case (t.kind == privateKey) == (want == wantPrivate):
			if !same {
				rivals++
			}
		case same:
			partners++
		default:
			strangers++
		}
	}
	if rivals > 0 {
		w = append(w, fmt.Sprintf("the data holds more than one key: %s is used", Short(Fingerprint(chosen.pub))))
	}
	if want == wantPrivate && strangers > 0 && partners == 0 {
		w = append(w, "the public key or certificate in the same data belongs to another key")
	}
	if want == wantPublic && (chosen.kind == privateKey || partners > 0) {
		w = append(w, PrivateToo)
	}
	if broken {
		w = append(w, "another block in the same data is damaged")
	}
	return w
}
