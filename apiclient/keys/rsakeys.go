package keys

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"math/big"
	"strings"
)

// Object identifiers of key algorithms whose keys are handled by name.
var (
	oidRSA    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidRSAPSS = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	oidEC     = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
)

// algorithmNames are the names of other algorithms and of curves.
var algorithmNames = map[string]string{
	"1.2.840.10045.3.1.7":  "EC (P-256)",
	"1.3.132.0.34":         "EC (P-384)",
	"1.3.132.0.35":         "EC (P-521)",
	"1.3.132.0.33":         "EC (P-224)",
	"1.3.132.0.10":         "EC (secp256k1)",
	"1.2.156.10197.1.301":  "EC (SM2)",
	"1.3.101.110":          "X25519",
	"1.3.101.111":          "X448",
	"1.3.101.112":          "Ed25519",
	"1.3.101.113":          "Ed448",
	"1.2.840.10040.4.1":    "DSA",
	"1.2.840.113549.1.3.1": "Diffie-Hellman",
	"1.2.840.10046.2.1":    "Diffie-Hellman",
	"1.2.840.113549.1.1.7": "RSA-OAEP only",
}

type algorithmID struct {
	Algorithm  asn1.ObjectIdentifier
	Parameters asn1.RawValue `asn1:"optional"`
}

// name returns what the algorithm is called in front of "private key", with the
// curve behind it.
func (a algorithmID) name(half string) string {
	name, ok := algorithmNames[a.Algorithm.String()]
	if a.Algorithm.Equal(oidEC) {
		var curve asn1.ObjectIdentifier
		name, ok = "EC", true
		if _, err := asn1.Unmarshal(a.Parameters.FullBytes, &curve); err == nil {
			if known, found := algorithmNames[curve.String()]; found {
				name = known
			}
		}
	}
	if a.Algorithm.Equal(oidRSAPSS) {
		name, ok = "RSA-PSS only", true
	}
	curve, isEC := strings.CutPrefix(name, "EC ")
	switch {
	case !ok:
		return fmt.Sprintf("a %s key of an unknown algorithm (%s)", half, a.Algorithm)
	case isEC:
		return fmt.Sprintf("an EC %s key %s", half, curve)
	case name[0] == 'D':
		return fmt.Sprintf("a %s %s key", name, half)
	default: // E, R, X: spoken with a vowel
		return fmt.Sprintf("an %s %s key", name, half)
	}
}

const hintPSS = "the protocol signs with PKCS#1 v1.5 padding, which this key forbids: make a plain RSA key pair " +
	"with \"countersign keys new\""

func (a algorithmID) foreign(half string) thing {
	t := foreign(a.name(half))
	if a.Algorithm.Equal(oidRSAPSS) {
		t.hint = hintPSS
	}
	return t
}

func pkcs8Key(der []byte) thing {
	var info struct {
		Version    int
		Algorithm  algorithmID
		PrivateKey []byte
	}
	if _, err := asn1.Unmarshal(der, &info); err != nil {
		return damagedKey(anPKCS8)
	}
	if !info.Algorithm.Algorithm.Equal(oidRSA) {
		key, _ := x509.ParsePKCS8PrivateKey(der) // nil where crypto/x509 does not know it
		return info.Algorithm.foreign("private").with(key)
	}
	t := pkcs1Key(info.PrivateKey)
	if t.kind == privateKey {
		t.syntax, t.says = "PKCS#8", anPKCS8
	}
	return t
}

// isPKCS1 tells an RSA private key from a DSA one, which also is a row of
// integers: the third is e, short, or q, at least 160 bits.
func isPKCS1(parts []asn1.RawValue) bool { return len(parts[2].Bytes) < 20 }

func pkcs1Key(der []byte) thing {
	key, err := x509.ParsePKCS1PrivateKey(der)
	var warnings []string
	if err != nil {
		if key = recomputed(der); key == nil {
			return damagedKey("an RSA private key")
		}
		warnings = append(warnings, "its CRT values are missing or wrong and were computed again: other tools may refuse it")
	}
	t := thing{kind: privateKey, syntax: "PKCS#1", says: anPKCS1, priv: key, warnings: warnings}
	return withPublic(t, &key.PublicKey)
}

// recomputed reads a PKCS#1 key whose exponents for the Chinese remainder
// theorem do not fit, or nil where the key itself is broken.
func recomputed(der []byte) *rsa.PrivateKey {
	var raw struct {
		Version       int
		N             *big.Int
		E             int
		D, P, Q       *big.Int
		DP, DQ, QInv  *big.Int      `asn1:"optional"`
		FurtherPrimes asn1.RawValue `asn1:"optional"`
	}
	if _, err := asn1.Unmarshal(der, &raw); err != nil || raw.Version != 0 {
		return nil
	}
	for _, n := range []*big.Int{raw.N, raw.D, raw.P, raw.Q} {
		if n.Sign() <= 0 {
			return nil
		}
	}
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: raw.N, E: raw.E},
		D:         raw.D,
		Primes:    []*big.Int{raw.P, raw.Q},
	}
	key.Precompute()
	if key.Validate() != nil {
		return nil
	}
	return key
}

func pkcs1Public(der []byte) thing {
	key, err := x509.ParsePKCS1PublicKey(der)
	if err != nil {
		return damagedKey(anPKCS1Public)
	}
	return withPublic(thing{kind: publicKey, syntax: "PKCS#1", says: anPKCS1Public}, key)
}

func spkiKey(der []byte) thing {
	var info struct {
		Algorithm algorithmID
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &info); err != nil {
		return damagedKey(anSPKI)
	}
	if !info.Algorithm.Algorithm.Equal(oidRSA) {
		t := info.Algorithm.foreign("public")
		t.spki = der
		return t
	}
	key, err := x509.ParsePKCS1PublicKey(info.Key.RightAlign())
	if err != nil {
		return damagedKey(anSPKI)
	}
	return withPublic(thing{kind: publicKey, syntax: "SPKI", says: anSPKI}, key)
}

// signedThing tells certificates, requests for one, and revocation lists
// apart.
func signedThing(der []byte) thing {
	if c, err := x509.ParseCertificate(der); err == nil {
		t := spkiKey(c.RawSubjectPublicKeyInfo)
		t.cert = c
		if t.kind != publicKey {
			t.says = "a certificate of " + t.says
			return t
		}
		t.kind, t.syntax, t.says = certificate, aCertificate[len("an "):], aCertificate
		return t
	}
	if _, err := x509.ParseCertificateRequest(der); err == nil {
		return otherThing("a certificate request (CSR)",
			"take its public key: openssl req -in FILE -noout -pubkey (add -inform DER for a binary file)")
	}
	if _, err := x509.ParseRevocationList(der); err == nil {
		return otherThing("a certificate revocation list (CRL)", "give a key or a certificate")
	}
	return looseCertificate(der)
}

// looseCertificate finds the key in a certificate that crypto/x509 refuses,
// for instance because of its serial number. The key is all that is wanted.
func looseCertificate(der []byte) thing {
	outer, _ := children(der)
	fields, _ := children(outer[0].FullBytes)
	for _, f := range fields {
		if _, shape := children(f.FullBytes); shape != "SB" {
			continue
		}
		if t := spkiKey(f.FullBytes); t.kind == publicKey {
			t.kind, t.syntax, t.says = certificate, aCertificate[len("an "):], aCertificate
			t.warnings = append(t.warnings, "the certificate is not well formed: only its key was read")
			return t
		}
	}
	return damagedKey(aCertificate)
}

func damagedKey(what string) thing { return damagedThing(what + " whose content is damaged") }

// withPublic completes a usable thing with its public half, or says why the
// key cannot be used after all.
func withPublic(t thing, pub *rsa.PublicKey) thing {
	bits := pub.N.BitLen()
	switch {
	case bits < usableFrom:
		return thing{
			kind: damaged, spki: spki(pub), hint: hintLonger,
			says: fmt.Sprintf("an RSA key of only %d bits, too short to sign or verify with", bits),
		}
	case bits > longestKey:
		return thing{kind: damaged, hint: hintNewRSA,
			says: fmt.Sprintf("an RSA key of %d bits, more than the %d that are handled", bits, longestKey)}
	case pub.N.Bit(0) == 0 || pub.E%2 == 0 || pub.E < 3:
		return damagedKey(t.says)
	}
	t.pub, t.spki = pub, spki(pub)
	return t
}
