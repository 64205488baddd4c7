package keys

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"slices"
	"strings"
)

// What usable things are called. PEM labels promise the same names.
const (
	anPKCS8       = "a PKCS#8 private key"
	anPKCS1       = "a PKCS#1 private key"
	anSPKI        = "an SPKI public key"
	anPKCS1Public = "a PKCS#1 public key"
	aCertificate  = "an X.509 certificate"
	anEncrypted   = "an encrypted PKCS#8 private key"
)

// labelPromise is what a PEM label says is inside.
var labelPromise = map[string]string{
	"PRIVATE KEY":           anPKCS8,
	"ENCRYPTED PRIVATE KEY": anEncrypted,
	"RSA PRIVATE KEY":       anPKCS1,
	"PUBLIC KEY":            anSPKI,
	"RSA PUBLIC KEY":        anPKCS1Public,
	"CERTIFICATE":           aCertificate,
	"X509 CERTIFICATE":      aCertificate,
	"TRUSTED CERTIFICATE":   aCertificate,
}

// identify says what an item is, from its bytes; the label only adds a
// warning where it promises something else.
func identify(it item) thing {
	t := recognise(it)
	t.form, t.line = it.form, it.line
	if t.kind == foreignForm || t.kind == otherData {
		return t // its armour is of no interest
	}
	t.warnings = append(append([]string(nil), it.warnings...), t.warnings...)
	promise, known := labelPromise[it.label]
	usable := t.kind == privateKey || t.kind == publicKey || t.kind == certificate || t.kind == locked
	if known && usable && it.legacy == nil && t.says != promise {
		t.warnings = append(t.warnings,
			fmt.Sprintf("labelled %s, yet it holds %s: other tools may refuse it", it.label, t.says))
	}
	return t
}

func recognise(it item) thing {
	if it.named != nil {
		return *it.named
	}
	if t, ok := foreignLabel(it.label); ok {
		return t
	}
	if it.fault != nil {
		return thing{kind: damaged, says: it.fault.Says, hint: it.fault.Fix}
	}
	if it.legacy != nil {
		return legacyLocked(it.legacy)
	}
	if t, ok := foreignBinary(it.der); ok {
		return t
	}
	n, ok := derLength(it.der)
	if ok && n < len(it.der) && it.label == "TRUSTED CERTIFICATE" {
		return recogniseDER(it.der[:n]) // what follows is what openssl trusts it for
	}
	if ok && n > len(it.der) && it.label != "" {
		return cutShort(it.label+" block", len(it.der), n)
	}
	return recogniseDER(it.der)
}

// recogniseDER tells the structures apart by the types of the outermost
// elements, which differ for all of them.
func recogniseDER(der []byte) thing {
	der, note, broken := trimDER(der)
	if broken != nil {
		return *broken
	}
	parts, shape := children(der)
	var t thing
	switch {
	case strings.HasPrefix(shape, "ISO"):
		t = pkcs8Key(der)
	case strings.HasPrefix(shape, "IIIIII") && isPKCS1(parts):
		t = pkcs1Key(der)
	case strings.HasPrefix(shape, "IIIIII"):
		t = foreign("a DSA private key")
	case shape == "II":
		t = pkcs1Public(der)
	case shape == "III":
		t = otherThing("DSA parameters without a key", hintNewRSA)
	case strings.HasPrefix(shape, "IO"):
		t = sec1Key(der)
	case shape == "SB":
		t = spkiKey(der)
	case shape == "SO":
		t = encryptedPKCS8(der)
	case shape == "SSB":
		t = signedThing(der)
	case (shape == "IS" || shape == "ISS") && bytes.Equal(parts[0].Bytes, []byte{3}):
		t = pkcs12Locked(der)
	case shape == "i0":
		t = otherThing("a PKCS#7 or CMS container",
			"take the certificates out of it: openssl pkcs7 -in FILE -print_certs -out certificates.pem (add -inform DER "+
				"for a binary file)")
	default:
		t = damagedThing(fmt.Sprintf("%d bytes of ASN.1 that are no key structure, or a damaged one", len(der)))
	}
	if note != "" {
		t.warnings = append(t.warnings, note)
	}
	return t
}

// trimDER checks that der is one whole structure, and drops what follows it.
func trimDER(der []byte) (trimmed []byte, note string, broken *thing) {
	declared, ok := derLength(der)
	switch {
	case !ok:
		return nil, "", &thing{kind: damaged, hint: "the base64 of a key begins with MII; " + hintGiveWhole,
			says: noStructure(der)}
	case declared > len(der):
		short := cutShort("a key", len(der), declared)
		return nil, "", &short
	case declared < len(der) && len(bytes.TrimSpace(der[declared:])) > 0:
		note = fmt.Sprintf("%d bytes after the end of the key are ignored", len(der)-declared)
	}
	return der[:declared], note, nil
}

func cutShort(what string, have, declared int) thing {
	return damagedThing(fmt.Sprintf("%s cut short: %d of its %d bytes are there", what, have, declared))
}

// noStructure describes bytes that are not even the beginning of a key.
func noStructure(der []byte) string {
	says := fmt.Sprintf("%d bytes that are no key structure", len(der))
	if slices.Contains([]int{128, 256, 384, 512}, len(der)) {
		says += " (a signature is as long)"
	}
	return says
}

// whole reports whether der is one DER SEQUENCE to its very end.
func whole(der []byte) bool {
	n, ok := derLength(der)
	return ok && n == len(der)
}

// derLength returns the length, head included, that a DER SEQUENCE at the start
// of b declares.
func derLength(b []byte) (int, bool) {
	if len(b) < 2 || b[0] != 0x30 {
		return 0, false
	}
	if b[1] < 0x80 {
		return 2 + int(b[1]), true
	}
	n := int(b[1] & 0x7f)
	if n == 0 || n > 3 || len(b) < 2+n {
		return 0, false
	}
	length := 0
	for _, c := range b[2 : 2+n] {
		length = length<<8 | int(c)
	}
	return 2 + n + length, true
}

// children splits a SEQUENCE into its elements and describes them by one
// letter each: I integer, S sequence, O octet string, B bit string, i object
// identifier, a digit for a context tag, ? for all else.
func children(der []byte) (parts []asn1.RawValue, shape string) {
	var outer asn1.RawValue
	if _, err := asn1.Unmarshal(der, &outer); err != nil {
		return nil, ""
	}
	letters := map[int]byte{
		asn1.TagInteger: 'I', asn1.TagSequence: 'S', asn1.TagOctetString: 'O',
		asn1.TagBitString: 'B', asn1.TagOID: 'i',
	}
	var described []byte
	for rest := outer.Bytes; len(rest) > 0; {
		var v asn1.RawValue
		var err error
		if rest, err = asn1.Unmarshal(rest, &v); err != nil {
			return nil, ""
		}
		letter, ok := letters[v.Tag]
		switch {
		case v.Class == asn1.ClassContextSpecific && v.Tag < 10:
			letter = byte('0' + v.Tag)
		case v.Class != asn1.ClassUniversal || !ok:
			letter = '?'
		}
		parts = append(parts, v)
		described = append(described, letter)
	}
	return parts, string(described)
}

func foreign(says string) thing { return thing{kind: foreignKey, says: says, hint: hintNewRSA} }

func otherThing(says, hint string) thing { return thing{kind: otherData, says: says, hint: hint} }

func unread(says, hint string) thing { return thing{kind: foreignForm, says: says, hint: hint} }

func damagedThing(says string) thing { return thing{kind: damaged, says: says, hint: hintGiveWhole} }

// with adds the public half of a key of another algorithm, whose fingerprint can
// still be told.
func (t thing) with(key any) thing {
	if k, ok := key.(crypto.Signer); ok {
		t.spki, _ = x509.MarshalPKIXPublicKey(k.Public()) // nil where it has no such form
	}
	return t
}

// sec1Key names an EC private key in its own structure (SEC 1).
func sec1Key(der []byte) thing {
	key, err := x509.ParseECPrivateKey(der)
	if err != nil {
		return foreign("an EC private key")
	}
	return foreign("an EC private key (" + key.Curve.Params().Name + ")").with(key)
}
