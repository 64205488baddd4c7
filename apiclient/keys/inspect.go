package keys

import (
	"context"
	"errors"
	"time"
)

// Description says what a piece of data is, for people and for reports. It
// never holds key material.
type Description struct {
	Says        string // what it is: "a PKCS#8 private key", "an EC private key (P-256)"
	Usable      bool   // whether this program can sign or verify with it
	Private     bool   // whether it can sign
	Encrypted   bool   // whether it is encrypted and was not opened
	Format      string // "PKCS#8 PEM"; "" where it cannot be used
	Bits        int    // length of the modulus; 0 where it is not RSA or not known
	Exponent    int    // the public exponent; 0 likewise
	Fingerprint string // as Fingerprint gives it; "" where the public key is not known
	Hint        string // what to do where it cannot be used
	Warnings    []string

	Subject   string    // of a certificate
	Issuer    string    // of a certificate
	NotBefore time.Time // of a certificate; zero otherwise
	NotAfter  time.Time // of a certificate; zero otherwise

	Also []Description // what else is in the same data
}

// secret reports whether the data, or a part of it, wants to be kept secret.
func (d Description) secret() bool {
	if d.Private || d.Encrypted {
		return true
	}
	for _, a := range d.Also {
		if a.secret() {
			return true
		}
	}
	return false
}

// Inspect describes whatever data is: keys of any algorithm, certificates,
// requests, containers, damaged blocks. It gives an error only where there is
// nothing that could be named as a key, and where a pass phrase is wrong.
// Without a pass phrase, encrypted parts are described from outside.
func Inspect(ctx context.Context, data []byte, pass Passphrase) (Description, error) {
	return reader{pass: pass, now: time.Now}.inspect(ctx, data)
}

func (r reader) inspect(ctx context.Context, data []byte) (Description, error) {
	items, err := find(data)
	var f *fault
	if errors.As(err, &f) {
		return Description{}, f
	}
	var all []Description
	for _, it := range items {
		t := identify(it)
		things := []thing{t}
		if t.kind == locked {
			opened, err := r.unlock(ctx, t)
			switch {
			case err == nil:
				things = opened
			case !errors.Is(err, ErrPassphraseNeeded):
				return Description{}, err
			}
		}
		for _, t := range things {
			all = append(all, r.describe(t))
		}
	}
	main := 0
	for i, d := range all {
		if d.rank() < all[main].rank() {
			main = i
		}
	}
	d := all[main]
	d.Also = append(append(d.Also, all[:main]...), all[main+1:]...)
	return d, nil
}

// rank puts what a person most likely asks about first.
func (d Description) rank() int {
	switch {
	case d.Usable && d.Private:
		return 0
	case d.Encrypted:
		return 1
	case d.Usable:
		return 2
	case d.Fingerprint != "":
		return 3
	}
	return 4
}

func (r reader) describe(t thing) Description {
	d := Description{Says: t.says, Hint: t.hint, Warnings: t.warnings}
	if t.spki != nil {
		d.Fingerprint = fingerprint(t.spki)
	}
	if t.cert != nil {
		d.Subject, d.Issuer = t.cert.Subject.String(), t.cert.Issuer.String()
		d.NotBefore, d.NotAfter = t.cert.NotBefore, t.cert.NotAfter
	}
	switch t.kind {
	case privateKey, publicKey, certificate:
		d.Usable, d.Private, d.Format = true, t.kind == privateKey, t.format()
		d.Bits, d.Exponent = t.pub.N.BitLen(), t.pub.E
		d.Warnings = append(d.Warnings, r.strength(t)...)
	case locked:
		d.Encrypted, d.Format, d.Hint = true, t.format(), hintPass
	}
	return d
}
