package keys

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// Kind sorts what Inspect finds.
type Kind string

// The kinds. The first three can be used here.
const (
	KindPrivate     Kind = "private"     // an RSA private key
	KindPublic      Kind = "public"      // an RSA public key
	KindCertificate Kind = "certificate" // an X.509 certificate of an RSA key
	KindEncrypted   Kind = "encrypted"   // encrypted, and not opened
	KindOther       Kind = "other"       // another algorithm or format, a request, parameters, or damaged
)

// Description says what a piece of data is, for people and for reports. It
// never holds key material.
type Description struct {
	Kind        Kind     `json:"kind"`
	Says        string   `json:"says"`                  // what it is: "a PKCS#8 private key", "an EC private key (P-256)"
	Line        int      `json:"line,omitempty"`        // in a text that holds several things; 0: not known
	Format      string   `json:"format,omitempty"`      // "PKCS#8 PEM"; "" where it cannot be used
	Bits        int      `json:"bits,omitempty"`        // length of the modulus; 0 where it is not known
	Exponent    int      `json:"exponent,omitempty"`    // the public exponent; 0 where it is not known
	Fingerprint string   `json:"fingerprint,omitempty"` // as Fingerprint gives it; "" where the public key is not known
	Hint        string   `json:"hint,omitempty"`        // what to do where it cannot be used
	Warnings    []string `json:"warnings,omitempty"`

	Subject   string    `json:"subject,omitempty"` // these four: of a certificate
	Issuer    string    `json:"issuer,omitempty"`
	NotBefore time.Time `json:"notBefore,omitzero"`
	NotAfter  time.Time `json:"notAfter,omitzero"`

	Also []Description `json:"also,omitempty"` // what else is in the same data
}

// secret reports whether the data, or a part of it, wants to be kept secret.
func (d Description) secret() bool {
	return d.Kind == KindPrivate || d.Kind == KindEncrypted || slices.ContainsFunc(d.Also, Description.secret)
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
	if err != nil {
		return Description{}, err
	}
	var all []Description
	for _, it := range items {
		t := identify(it)
		things := []thing{t}
		if t.kind == locked {
			opened, err := r.unlock(ctx, t, wantPrivate)
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
	if len(all) == 1 {
		all[0].Line = 0
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
	order := []Kind{KindPrivate, KindEncrypted, KindPublic, KindCertificate}
	if i := slices.Index(order, d.Kind); i >= 0 {
		return i
	}
	if d.Fingerprint != "" {
		return len(order)
	}
	return len(order) + 1
}

func (r reader) describe(t thing) Description {
	d := Description{Kind: KindOther, Says: t.says, Line: t.line, Hint: t.hint, Warnings: t.warnings}
	if t.spki != nil {
		d.Fingerprint = fingerprint(t.spki)
	}
	if t.cert != nil {
		d.Subject, d.Issuer = printable(t.cert.Subject.String()), printable(t.cert.Issuer.String())
		d.NotBefore, d.NotAfter = t.cert.NotBefore, t.cert.NotAfter
	}
	usable := map[kind]Kind{privateKey: KindPrivate, publicKey: KindPublic, certificate: KindCertificate}
	if k, ok := usable[t.kind]; ok {
		d.Kind, d.Format = k, t.format()
		d.Bits, d.Exponent = t.pub.N.BitLen(), t.pub.E
		d.Warnings = append(d.Warnings, r.strength(t)...)
	}
	if t.kind == locked {
		d.Kind, d.Format, d.Hint = KindEncrypted, t.format(), hintPass
	}
	return d
}

// largestBare is the length in bytes up to which data may be a private key as a
// whole: one of RSA-16384 in base64 has 13 kB.
const largestBare = 32 << 10

// PrivateIn says which private key data holds, such as "a PKCS#8 private key";
// "" where it holds none. A PEM block is found anywhere, also where its line
// breaks are escaped; any other form only where it is all of the data. It is
// linear, and fast enough for a body of 20 MB that is about to be sent.
func PrivateIn(data []byte) string {
	if whole := bytes.TrimSpace(data); len(whole) > 0 && len(whole) <= largestBare {
		if d, err := Inspect(context.Background(), whole, nil); err == nil {
			for _, found := range append([]Description{d}, d.Also...) {
				if found.Kind == KindPrivate || found.Kind == KindEncrypted || strings.Contains(found.Says, "private key") {
					return found.Says
				}
			}
		}
	}
	const begin, label = "-----BEGIN ", "PRIVATE KEY"
	const longest = 64 // of a label, with what may stand between
	for rest := data; ; {
		i := bytes.Index(rest, []byte(label))
		if i < 0 {
			return ""
		}
		before, after := rest[max(0, i-longest):i], rest[i+len(label):]
		at := bytes.LastIndex(before, []byte(begin))
		if at >= 0 && (bytes.HasPrefix(after, []byte("-----")) || bytes.HasPrefix(after, []byte(" BLOCK-----"))) {
			return "a block that begins with " + string(before[at:]) + label
		}
		rest = after
	}
}
