package keys

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"software.sslmate.com/src/go-pkcs12"

	"countersign/apiclient/hint"
)

// lock says how to open something encrypted.
type lock struct {
	what     string // for the prompt: "encrypted PKCS#8 private key"
	tryEmpty bool   // files without a pass phrase are usual
	open     func(pass []byte) ([]thing, error)
}

// unlock asks for the pass phrase of t and opens it.
func (r reader) unlock(ctx context.Context, t thing, want purpose) ([]thing, error) {
	opened, err := r.open(ctx, t, want)
	if err != nil {
		return nil, err
	}
	for i := range opened {
		o := &opened[i]
		o.form, o.line, o.scheme = t.form, t.line, t.scheme
		o.warnings = append(append([]string(nil), t.warnings...), o.warnings...)
		if t.syntax == "PKCS#12" {
			o.syntax = t.syntax
		} else if o.syntax != "" {
			o.syntax = "encrypted " + o.syntax
		}
	}
	return opened, nil
}

func (r reader) open(ctx context.Context, t thing, want purpose) ([]thing, error) {
	if t.lock.tryEmpty {
		if opened, err := t.lock.open(nil); err == nil || !errors.Is(err, ErrWrongPassphrase) {
			return opened, err
		}
	}
	if r.pass == nil {
		return nil, passphraseNeeded(t.says+", and there is no pass phrase", want)
	}
	pass, err := r.pass(ctx, t.lock.what)
	defer clear(pass)
	if err != nil {
		return nil, err
	}
	if len(pass) == 0 {
		return nil, passphraseNeeded(t.says+", and the pass phrase is empty", want)
	}
	return t.lock.open(pass)
}

func passphraseNeeded(says string, want purpose) error {
	f := &hint.Error{Says: says, Fix: hintPass, Err: ErrPassphraseNeeded}
	if want == wantPublic {
		f.Fix = "give the public key or its certificate instead, or " + hintPass
	}
	return f
}

func wrongPassphrase(t string) error {
	return &hint.Error{
		Says: "the pass phrase does not open it: " + t,
		Fix:  "check the pass phrase, and that it belongs to this key",
		Err:  ErrWrongPassphrase,
	}
}

// legacyLocked is a key encrypted by PEM headers (Proc-Type, DEK-Info).
func legacyLocked(block *pem.Block) thing {
	scheme := dekName(block.Headers["DEK-Info"])
	says := "an encrypted PKCS#1 private key (" + scheme + ")"
	return thing{
		kind: locked, syntax: "encrypted PKCS#1", says: says, scheme: scheme,
		lock: &lock{
			what: "encrypted PKCS#1 private key",
			open: func(pass []byte) ([]thing, error) {
				der, err := x509.DecryptPEMBlock(block, pass) //nolint:staticcheck // weak, yet such keys exist and are to be read
				switch {
				case errors.Is(err, x509.IncorrectPasswordError):
					return nil, wrongPassphrase(says)
				case err != nil:
					return nil, &hint.Error{Says: says + " that is damaged or of an unknown cipher",
						Fix: "convert it: openssl pkey -in FILE -out key.pem"}
				}
				return decrypted(der, 0, says)
			},
		},
	}
}

// dekName keeps the name of a cipher that is known and nothing else: the
// header is text from the file.
func dekName(dek string) string {
	for _, name := range []string{"AES-128-CBC", "AES-192-CBC", "AES-256-CBC", "DES-CBC", "DES-EDE3-CBC"} {
		if len(dek) > len(name) && dek[:len(name)+1] == name+"," {
			return name
		}
	}
	return "unknown cipher"
}

// decrypted identifies what came out of a decryption, and zeroes it. A wrong
// pass phrase gives noise, while damage elsewhere in the data leaves the first
// block right: it still declares a length that fits, but for the padding.
func decrypted(plain []byte, padding int, says string) ([]thing, error) {
	defer clear(plain)
	n, ok := derLength(plain)
	if !ok || n > len(plain) || len(plain)-n > padding {
		return nil, wrongPassphrase(says)
	}
	t := recogniseDER(plain[:n])
	if t.kind == damaged {
		return nil, &hint.Error{Says: says + " that the pass phrase opens, with this inside: " + t.says, Fix: t.hint}
	}
	return []thing{t}, nil
}

// pkcs12Locked is a PKCS#12 container: a key and its certificates.
func pkcs12Locked(der []byte) thing {
	const says = "a PKCS#12 container"
	if n := macIterations(der); n > maxIterations {
		return unread(fmt.Sprintf("%s with %d rounds of key derivation, more than %d", says, n, maxIterations), hintPKCS12)
	}
	return thing{
		kind: locked, syntax: "PKCS#12", says: says,
		lock: &lock{
			what: "PKCS#12 container", tryEmpty: true,
			open: func(pass []byte) ([]thing, error) { return openPKCS12(der, string(pass)) },
		},
	}
}

const hintPKCS12 = "convert it: openssl pkcs12 -in FILE -nodes -out key.pem (add -legacy for old files)"

func openPKCS12(der []byte, pass string) (things []thing, err error) {
	const says = "a PKCS#12 container"
	defer func() {
		if recover() != nil { // a decoder of foreign data is no reason to fall over
			things, err = nil, &hint.Error{Says: says + " that is damaged", Fix: hintPKCS12}
		}
	}()
	key, cert, chain, err := pkcs12.DecodeChain(der, pass)
	var missing pkcs12.NotImplementedError
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword), errors.Is(err, pkcs12.ErrDecryption):
		return nil, wrongPassphrase(says)
	case errors.As(err, &missing):
		return nil, &hint.Error{Says: says + " with an encryption that is not supported", Fix: hintPKCS12}
	case err != nil && strings.HasSuffix(err.Error(), "certificate missing"):
		return nil, &hint.Error{Says: says + " with a key but no certificate", Fix: hintPKCS12}
	case err != nil && strings.HasSuffix(err.Error(), "private key missing"):
		return nil, &hint.Error{Says: says + " without a private key", Fix: hintPKCS12}
	case err != nil:
		return nil, &hint.Error{Says: says + " that is damaged, or holds more than one private key", Fix: hintPKCS12}
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, &hint.Error{Says: says + " with a key that is not supported", Fix: hintNewRSA}
	}
	defer clear(pkcs8)
	things = []thing{recogniseDER(pkcs8), signedThing(cert.Raw)}
	for _, c := range chain {
		things = append(things, signedThing(c.Raw))
	}
	return things, nil
}
