package keys

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"
)

// certificateOf is a certificate of key, valid between the two times.
func certificateOf(t *testing.T, key *rsa.PrivateKey, from, until time.Time) []byte {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(7), NotBefore: from, NotAfter: until,
		Subject: pkix.Name{CommonName: "Super\x1b[31m App"},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestParsePublic(t *testing.T) {
	t.Parallel()
	key := fixtureKey(t, "client2048")
	spkiPEM := string(fixture(t, "client2048.pub.spki.pem"))
	cert := string(fixture(t, "client2048.cert.pem"))
	now := time.Now()
	const day = 24 * time.Hour
	cases := map[string]struct{ data, format, warning string }{
		"SPKI DER":              {string(derOf(t, "client2048.pub.spki.pem")), "SPKI DER", ""},
		"PKCS#1 DER":            {string(derOf(t, "client2048.pub.pkcs1.pem")), "PKCS#1 DER", ""},
		"certificate DER":       {string(derOf(t, "client2048.cert.pem")), "X.509 certificate DER", ""},
		"literal \\n":           {strings.ReplaceAll(spkiPEM, "\n", `\n`), "SPKI PEM", ""},
		"one line":              {strings.ReplaceAll(spkiPEM, "\n", " "), "SPKI PEM", "on one line"},
		"PKCS#1 labelled SPKI":  {relabelled(t, "client2048.pub.pkcs1.pem", "PUBLIC KEY"), "PKCS#1 PEM", "labelled PUBLIC KEY, yet it holds a PKCS#1 public key"},
		"SPKI labelled PKCS#1":  {relabelled(t, "client2048.pub.spki.pem", "RSA PUBLIC KEY"), "SPKI PEM", "labelled RSA PUBLIC KEY"},
		"public as private":     {relabelled(t, "client2048.pub.spki.pem", "PRIVATE KEY"), "SPKI PEM", "labelled PRIVATE KEY, yet it holds an SPKI public key"},
		"certificate as public": {relabelled(t, "client2048.cert.pem", "PUBLIC KEY"), "X.509 certificate PEM", "labelled PUBLIC KEY"},
		"trusted certificate":   {string(fixture(t, "client2048.trusted.pem")), "X.509 certificate PEM", ""},
		"private key":           {string(fixture(t, "client2048.pkcs8.pem")), "PKCS#8 PEM", "the private key is here too"},
		"encrypted private key": {string(fixture(t, "client2048.enc-aes256.pem")), "encrypted PKCS#8 PEM (PBKDF2, AES-256-CBC)", "the private key is here too"},
		"private key after":     {spkiPEM + string(fixture(t, "client2048.pkcs8.pem")), "SPKI PEM", "the private key is here too"},
		"another's private key": {spkiPEM + string(fixture(t, "other2048.pkcs8.pem")), "SPKI PEM", ""},
		"chain":                 {cert + string(fixture(t, "other2048.cert.pem")), "X.509 certificate PEM", "more than one key"},
		"chain upside down with key": {string(fixture(t, "other2048.cert.pem")) + cert + string(fixture(t, "client2048.pkcs8.pem")),
			"X.509 certificate PEM", "more than one key"},
		"certificate expired": {string(certificateOf(t, key, now.Add(-9*day), now.Add(-2*day))), "X.509 certificate DER", "expired on " + now.Add(-2*day).UTC().Format("2006-01-02")},
		"certificate early":   {string(certificateOf(t, key, now.Add(3*day), now.Add(9*day))), "X.509 certificate DER", "valid only from " + now.Add(3*day).UTC().Format("2006-01-02")},
		"certificate odd":     {string(negativeSerial(t)), "X.509 certificate DER", "not well formed"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := ParsePublic(t.Context(), []byte(c.data), give(interopPass))
			checkSilence(t, []byte(c.data), err, p.Warnings)
			if err != nil {
				t.Fatal(err)
			}
			if !key.PublicKey.Equal(p.Key) {
				t.Error("another key was read")
			}
			all := strings.Join(p.Warnings, "; ")
			if p.Format != c.format || c.warning == "" && all != "" || !strings.Contains(all, c.warning) {
				t.Errorf("format %q, want %q; warnings %q, want %q", p.Format, c.format, all, c.warning)
			}
		})
	}
}

// negativeSerial is the certificate of client2048 with a serial number that
// crypto/x509 refuses.
func negativeSerial(t *testing.T) []byte {
	der := derOf(t, "client2048.cert.pem")
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	serial := c.SerialNumber.Bytes()
	i := bytes.Index(der, serial)
	der[i] |= 0x80
	if _, err := x509.ParseCertificate(der); err == nil {
		t.Fatal("crypto/x509 accepts it after all")
	}
	return der
}

func TestUnreadablePublic(t *testing.T) {
	t.Parallel()
	revocations, err := x509.CreateRevocationList(rand.Reader,
		&x509.RevocationList{Number: big.NewInt(1), NextUpdate: time.Now().Add(time.Hour)},
		&x509.Certificate{SubjectKeyId: []byte{1}, KeyUsage: x509.KeyUsageCRLSign}, fixtureKey(t, "client2048"))
	if err != nil {
		t.Fatal(err)
	}
	for says, data := range map[string][]byte{
		"an EC private key (P-256) where an RSA public key is due":      fixture(t, "decoy.ec.pem"),
		"an RSA-PSS only public key where an RSA public key is due":     fixture(t, "decoy.rsapss.pub.pem"),
		"an Ed25519 public key where an RSA public key is due":          fixture(t, "ed25519.pub.pem"),
		"a DSA public key where an RSA public key is due":               fixture(t, "dsa.pub.pem"),
		"a certificate request (CSR) where a public key is due":         fixture(t, "client2048.csr.pem"),
		"a certificate revocation list (CRL) where a public key is due": revocations,
		"a PKCS#1 public key whose content is damaged":                  evenModulus(t),
		"there is nothing in it":                                        nil,
	} {
		_, err := ParsePublic(t.Context(), data, nil)
		checkSilence(t, data, err, nil)
		if err == nil || err.Error() != says {
			t.Errorf("error %v, want %q", err, says)
		}
	}
}

func evenModulus(t *testing.T) []byte {
	key := fixtureKey(t, "client2048")
	der, err := asn1.Marshal(struct {
		N *big.Int
		E int
	}{new(big.Int).Sub(key.N, big.NewInt(1)), key.E})
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// Keys of some generators carry exponents that do not fit; the key itself is
// whole and is used.
func TestWrongCRTValues(t *testing.T) {
	t.Parallel()
	key := fixtureKey(t, "client2048")
	row := []*big.Int{
		big.NewInt(0), key.N, big.NewInt(int64(key.E)), key.D, key.Primes[0], key.Primes[1],
		big.NewInt(3), big.NewInt(5), big.NewInt(7),
	}
	der, err := asn1.Marshal(row)
	if err != nil {
		t.Fatal(err)
	}
	p, err := ParsePrivate(t.Context(), der, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !p.Key.Equal(key) || !strings.Contains(strings.Join(p.Warnings, ""), "CRT values") {
		t.Errorf("right key %v, warnings %q", p.Key.Equal(key), p.Warnings)
	}
	row[3] = new(big.Int).Add(key.D, big.NewInt(2))
	if der, err = asn1.Marshal(row); err != nil {
		t.Fatal(err)
	}
	if _, err := ParsePrivate(t.Context(), der, nil); err == nil {
		t.Error("a key whose numbers do not belong together was read")
	}
}

// The fingerprint is the SHA-256 of what openssl writes as SPKI DER.
func TestFingerprint(t *testing.T) {
	t.Parallel()
	for _, id := range ids {
		block, _ := pem.Decode(fixture(t, id+".pub.spki.pem"))
		sum := sha256.Sum256(block.Bytes)
		if got, want := Fingerprint(&fixtureKey(t, id).PublicKey), "SHA256:"+hex.EncodeToString(sum[:]); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
	const known = "SHA256:14b701f16d1696d5045152ad8e2c032656fa30dd98f2ba674bc4a68002866711" // openssl pkey -pubin -outform DER | sha256sum
	if got := Fingerprint(&fixtureKey(t, "client2048").PublicKey); got != known {
		t.Errorf("%s, want %s", got, known)
	}
	if got := Short(known); got != "SHA256:14b701f1…" {
		t.Errorf("short form %q", got)
	}
	if got := Short("SHA256:ab"); got != "SHA256:ab" {
		t.Errorf("short form of a short one %q", got)
	}
}
