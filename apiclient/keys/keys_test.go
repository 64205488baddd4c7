package keys

import (
	"context"
	"crypto/rsa"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const interopPass = "interop-pass"

// give answers every question for a pass phrase with p.
func give(p string) Passphrase {
	return func(context.Context, string) ([]byte, error) { return []byte(p), nil }
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// oneOfEachKind lists the files of client2048 in all their forms, and those
// that are unlike any other: the spellings of the further ids add nothing but
// time to a test over files.
func oneOfEachKind(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(files, func(f string) bool {
		id, _, _ := strings.Cut(filepath.Base(f), ".")
		return slices.Contains(ids[1:], id)
	})
}

// fixtureKey is the private key of an id, read from its plainest spelling.
func fixtureKey(t testing.TB, id string) *rsa.PrivateKey {
	t.Helper()
	p, err := ParsePrivate(context.Background(), fixture(t, id+".pkcs8.pem"), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p.Key
}

var ids = []string{
	"client2048", "client2048e3", "client2049", "client3072", "client4096",
	"old2048", "other2048", "server2048", "server4096",
}

// spellings of a private key, and the Format that each is to be reported as.
var privateSpellings = map[string]string{
	"pkcs8.pem":            "PKCS#8 PEM",
	"pkcs1.pem":            "PKCS#1 PEM",
	"pkcs8.b64":            "PKCS#8 base64 without armour",
	"pkcs1.b64":            "PKCS#1 base64 without armour",
	"enc-aes256.pem":       "encrypted PKCS#8 PEM (PBKDF2, AES-256-CBC)",
	"enc-des3.pem":         "encrypted PKCS#8 PEM (PBKDF2, DES-EDE3-CBC)",
	"enc-scrypt.pem":       "encrypted PKCS#8 PEM (scrypt, AES-256-CBC)",
	"enc-pkcs1-legacy.pem": "encrypted PKCS#1 PEM (AES-128-CBC)",
}

var publicSpellings = map[string]string{
	"pub.spki.pem":  "SPKI PEM",
	"pub.spki.b64":  "SPKI base64 without armour",
	"pub.pkcs1.pem": "PKCS#1 PEM",
	"cert.pem":      "X.509 certificate PEM",
	"cert.b64":      "X.509 certificate base64 without armour",
}

// Every spelling of each key is read, reported by its name, and is the same
// key as all the others; no private key fits another's public key.
func TestEverySpelling(t *testing.T) {
	t.Parallel()
	for _, id := range ids {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			var private []*rsa.PrivateKey
			for suffix, format := range privateSpellings {
				if suffix == "enc-scrypt.pem" && id != "client2048" && id != "server2048" {
					continue // scrypt is slow by design: two of it will do
				}
				p, err := ParsePrivate(t.Context(), fixture(t, id+"."+suffix), give(interopPass))
				if err != nil {
					t.Fatalf("%s: %v", suffix, err)
				}
				if p.Format != format {
					t.Errorf("%s: format %q, want %q", suffix, p.Format, format)
				}
				private = append(private, p.Key)
			}
			for suffix, format := range publicSpellings {
				p, err := ParsePublic(t.Context(), fixture(t, id+"."+suffix), nil)
				if err != nil {
					t.Fatalf("%s: %v", suffix, err)
				}
				if p.Format != format {
					t.Errorf("%s: format %q, want %q", suffix, p.Format, format)
				}
				for _, k := range private {
					if !k.PublicKey.Equal(p.Key) {
						t.Errorf("%s does not match the private key", suffix)
					}
				}
			}
			for _, other := range ids {
				p, err := ParsePublic(t.Context(), fixture(t, other+".pub.spki.pem"), nil)
				if err != nil {
					t.Fatal(err)
				}
				if got, want := private[0].PublicKey.Equal(p.Key), other == id; got != want {
					t.Errorf("Match with %s is %v", other, got)
				}
			}
		})
	}
}

// Only weak, short-exponent and damaged keys warn; a plain file is silent.
func TestWarningsOfPlainFiles(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"client2048e3.pkcs8.pem":         "public exponent is 3",
		"client1024.weak.pkcs8.pem":      "weak: 1024 bits",
		"client1024.weak.pkcs8.b64":      "weak: 1024 bits",
		"client2049.pkcs8.pem":           "",
		"client2048.pkcs8.bom.pem":       "byte order mark",
		"client2048.pkcs8.crlf.pem":      "",
		"client2048.pkcs8.b64":           "",
		"client2048.pkcs8.b64.wrapped76": "",
		"client2048.enc-aes256.pem":      "",
	}
	for name, warning := range want {
		p, err := ParsePrivate(t.Context(), fixture(t, name), give(interopPass))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		all := strings.Join(p.Warnings, "; ")
		if warning == "" && all != "" || !strings.Contains(all, warning) {
			t.Errorf("%s: warnings %q, want %q", name, all, warning)
		}
	}
}
