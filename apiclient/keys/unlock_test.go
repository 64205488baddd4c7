package keys

import (
	"bytes"
	"context"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"strings"
	"testing"
)

// encrypted files, and what a prompt calls them.
var encryptedFiles = map[string]string{
	"client2048.enc-aes256.pem":        "encrypted PKCS#8 private key",
	"client2048.enc-aes128-sha512.pem": "encrypted PKCS#8 private key",
	"client2048.enc-des3.pem":          "encrypted PKCS#8 private key",
	"client2048.enc-scrypt.pem":        "encrypted PKCS#8 private key",
	"client2048.enc-pkcs1-legacy.pem":  "encrypted PKCS#1 private key",
	"client2048.enc-pkcs1-des3.pem":    "encrypted PKCS#1 private key",
	"client2048.p12":                   "PKCS#12 container",
	"client2048.legacy.p12":            "PKCS#12 container",
	"client2048.keytool.p12":           "PKCS#12 container",
}

func TestPassphrase(t *testing.T) {
	t.Parallel()
	want := fixtureKey(t, "client2048")
	for name, what := range encryptedFiles {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := fixture(t, name)

			given := []byte(interopPass)
			asked := 0
			p, err := ParsePrivate(t.Context(), data, func(_ context.Context, w string) ([]byte, error) {
				asked++
				if w != what {
					t.Errorf("asked for %q, want %q", w, what)
				}
				return given, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if !p.Key.Equal(want) || asked != 1 || len(p.Warnings) > 0 {
				t.Errorf("right key %v, asked %d times, warnings %q", p.Key.Equal(want), asked, p.Warnings)
			}
			if !bytes.Equal(given, make([]byte, len(given))) {
				t.Error("the pass phrase was not zeroed")
			}

			_, err = ParsePrivate(t.Context(), data, give("not it"))
			checkSilence(t, data, err, nil)
			if !errors.Is(err, ErrWrongPassphrase) {
				t.Errorf("wrong pass phrase: %v", err)
			}
			for _, pass := range []Passphrase{nil, give("")} {
				_, err = ParsePrivate(t.Context(), data, pass)
				checkSilence(t, data, err, nil)
				if !errors.Is(err, ErrPassphraseNeeded) {
					t.Errorf("no pass phrase: %v", err)
				}
			}
			refused := errors.New("the person pressed escape")
			_, err = ParsePrivate(t.Context(), data, func(context.Context, string) ([]byte, error) { return nil, refused })
			if !errors.Is(err, refused) {
				t.Errorf("a refusal became %v", err)
			}
		})
	}
}

func TestEncryptedOneLinePEM(t *testing.T) {
	t.Parallel()
	text := string(fixture(t, "client2048.enc-pkcs1-legacy.pem"))
	for name, data := range map[string]string{
		"spaces":      strings.Join(strings.Fields(text), " "),
		"literal \\n": strings.ReplaceAll(text, "\n", `\n`),
		"END missing": text[:strings.Index(text, "-----END")],
	} {
		p, err := ParsePrivate(t.Context(), []byte(data), give(interopPass))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !p.Key.Equal(fixtureKey(t, "client2048")) {
			t.Errorf("%s: another key", name)
		}
	}
}

// The right pass phrase over damaged data is not called wrong.
func TestDamagedCiphertext(t *testing.T) {
	t.Parallel()
	for name, says := range map[string]string{
		"client2048.enc-aes256.pem": "an encrypted PKCS#8 private key that the pass phrase opens, with this inside: an RSA private key whose content is damaged",
		"client2048.enc-des3.pem":   "an encrypted PKCS#8 private key that the pass phrase opens, with this inside: an RSA private key whose content is damaged",
	} {
		block, _ := pem.Decode(fixture(t, name))
		block.Bytes[len(block.Bytes)/2] ^= 1
		_, err := ParsePrivate(t.Context(), pem.EncodeToMemory(block), give(interopPass))
		if err == nil || err.Error() != says || errors.Is(err, ErrWrongPassphrase) {
			t.Errorf("%s: %v", name, err)
		}
		short := &pem.Block{Type: block.Type, Bytes: block.Bytes[:len(block.Bytes)-5]}
		asked := false
		_, err = ParsePrivate(t.Context(), pem.EncodeToMemory(short), func(context.Context, string) ([]byte, error) {
			asked = true
			return nil, nil
		})
		if asked || err == nil || !strings.Contains(err.Error(), "cut short") {
			t.Errorf("%s cut short: asked %v, %v", name, asked, err)
		}
	}
}

// A file that asks for hours of key derivation, or for gigabytes, is refused
// before anybody is asked for a pass phrase.
func TestDerivationBounds(t *testing.T) {
	t.Parallel()
	type parameters struct {
		Salt             []byte
		Cost, Block, Par int
	}
	type rounds struct {
		Salt       []byte
		Iterations int
	}
	for name, kdf := range map[string]struct {
		oid    asn1.ObjectIdentifier
		params any
	}{
		"PBKDF2 rounds": {oidPBKDF2, rounds{[]byte("salt"), maxIterations + 1}},
		"PBKDF2 none":   {oidPBKDF2, rounds{[]byte("salt"), 0}},
		"scrypt memory": {oidScrypt, parameters{[]byte("salt"), 1 << 24, 8, 1}},
		"scrypt block":  {oidScrypt, parameters{[]byte("salt"), 1 << 10, 1 << 40, 1}},
		"scrypt lanes":  {oidScrypt, parameters{[]byte("salt"), 1 << 10, 8, 1 << 20}},
	} {
		data := pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: envelope(t, kdf.oid, kdf.params)})
		_, err := ParsePrivate(t.Context(), data, func(context.Context, string) ([]byte, error) {
			t.Errorf("%s: asked for a pass phrase", name)
			return nil, nil
		})
		if err == nil || err.Error() != "an encrypted PKCS#8 private key whose content is damaged" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPKCS12Bounds(t *testing.T) {
	t.Parallel()
	type contentInfo struct{ Type asn1.ObjectIdentifier }
	type digest struct{ Algorithm asn1.ObjectIdentifier }
	type mac struct {
		Digest     digest
		Salt       []byte
		Iterations int
	}
	data := asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	der, err := asn1.Marshal(struct {
		Version int
		Safe    contentInfo
		Mac     mac
	}{3, contentInfo{data}, mac{digest{data}, []byte("salt"), maxIterations + 1}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = ParsePrivate(t.Context(), der, give(interopPass))
	if err == nil || err.Error() != "a PKCS#12 container with 10000001 rounds of key derivation, more than 10000000, a format that is not read" {
		t.Errorf("%v", err)
	}
}

// envelope is an encrypted PKCS#8 key with the given key derivation.
func envelope(t *testing.T, oid asn1.ObjectIdentifier, params any) []byte {
	t.Helper()
	marshal := func(v any) asn1.RawValue {
		der, err := asn1.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return asn1.RawValue{FullBytes: der}
	}
	type algorithm struct {
		OID    asn1.ObjectIdentifier
		Params asn1.RawValue
	}
	aes256 := asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 42}
	schemes := struct{ KDF, Cipher algorithm }{
		algorithm{oid, marshal(params)},
		algorithm{aes256, marshal(make([]byte, 16))},
	}
	return marshal(struct {
		Algorithm algorithm
		Data      []byte
	}{algorithm{oidPBES2, marshal(schemes)}, make([]byte, 64)}).FullBytes
}

func TestPKCS12(t *testing.T) {
	t.Parallel()
	// A container without a pass phrase asks for none.
	never := func(context.Context, string) ([]byte, error) {
		t.Error("asked for a pass phrase")
		return nil, nil
	}
	p, err := ParsePrivate(t.Context(), fixture(t, "client2048.chain.nopass.p12"), never)
	if err != nil {
		t.Fatal(err)
	}
	if p.Format != "PKCS#12 DER" || len(p.Warnings) > 0 {
		t.Errorf("format %q, warnings %q", p.Format, p.Warnings)
	}
	pub, err := ParsePublic(t.Context(), fixture(t, "client2048.chain.nopass.p12"), never)
	if err != nil {
		t.Fatal(err)
	}
	if !p.Key.PublicKey.Equal(pub.Key) {
		t.Error("the certificate of the key was not chosen")
	}
	_, err = ParsePrivate(t.Context(), fixture(t, "client2048.nocert.p12"), give(interopPass))
	if err == nil || err.Error() != "a PKCS#12 container with a key but no certificate" {
		t.Errorf("without certificate: %v", err)
	}
	data := fixture(t, "client2048.p12")
	rounds := []byte{2, 2, 8, 0} // 2048, at the very end
	if !bytes.HasSuffix(data, rounds) {
		t.Fatal("the container ends in something else")
	}
	if n := macIterations(data); n != 2048 {
		t.Errorf("%d rounds", n)
	}
	_, err = ParsePrivate(t.Context(), data[:len(data)-40], give(interopPass))
	if err == nil || !strings.Contains(err.Error(), "cut short") {
		t.Errorf("cut: %v", err)
	}
}

// The public half of a locked key is to be had, yet better without the key.
func TestPublicOfLockedKey(t *testing.T) {
	t.Parallel()
	_, err := ParsePublic(t.Context(), fixture(t, "client2048.enc-aes256.pem"), nil)
	var hinted interface{ Hint() string }
	if !errors.Is(err, ErrPassphraseNeeded) || !errors.As(err, &hinted) || !strings.HasPrefix(hinted.Hint(), "give the public key") {
		t.Errorf("%v", err)
	}
}

// A pass phrase is asked for only where it helps.
func TestAskedOnlyWhenNeeded(t *testing.T) {
	t.Parallel()
	never := func(context.Context, string) ([]byte, error) {
		t.Error("asked for a pass phrase")
		return nil, nil
	}
	locked := fixture(t, "client2048.enc-aes256.pem")
	plain := fixture(t, "other2048.pkcs8.pem")
	if _, err := ParsePrivate(t.Context(), append(bytes.Clone(locked), plain...), never); err != nil {
		t.Error(err)
	}
	cert := fixture(t, "client2048.cert.pem")
	if _, err := ParsePublic(t.Context(), append(bytes.Clone(locked), cert...), never); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ParsePrivate(ctx, locked, never); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
