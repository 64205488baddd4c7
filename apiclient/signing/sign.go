package signing

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"strings"
)

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
