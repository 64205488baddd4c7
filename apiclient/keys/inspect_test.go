package keys

import (
	"bytes"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestInspect(t *testing.T) {
	t.Parallel()
	const client = "SHA256:14b701f16d1696d5045152ad8e2c032656fa30dd98f2ba674bc4a68002866711"
	cases := map[string]Description{
		"client2048.pkcs8.pem":      {Kind: KindPrivate, Says: "a PKCS#8 private key", Format: "PKCS#8 PEM", Bits: 2048, Exponent: 65537, Fingerprint: client},
		"client2048.pub.pkcs1.pem":  {Kind: KindPublic, Says: "a PKCS#1 public key", Format: "PKCS#1 PEM", Bits: 2048, Exponent: 65537, Fingerprint: client},
		"client2048.cert.b64":       {Kind: KindCertificate, Says: "an X.509 certificate", Format: "X.509 certificate base64 without armour", Bits: 2048, Exponent: 65537, Fingerprint: client, Subject: "CN=client2048,O=Interop Test", Issuer: "CN=client2048,O=Interop Test"},
		"client2048.enc-scrypt.pem": {Kind: KindEncrypted, Says: "an encrypted PKCS#8 private key", Format: "encrypted PKCS#8 PEM (scrypt, AES-256-CBC)", Hint: hintPass},
		"client2048.p12":            {Kind: KindEncrypted, Says: "a PKCS#12 container", Format: "PKCS#12 DER", Hint: hintPass},
		"decoy.ec.pem":              {Kind: KindOther, Says: "an EC private key (P-256)", Hint: hintNewRSA, Fingerprint: "SHA256:" + opensslEC},
		"decoy.rsapss.pem":          {Kind: KindOther, Says: "an RSA-PSS only private key", Hint: hintPSS},
		"client2048.openssh":        {Kind: KindOther, Says: "an OpenSSH private key (RSA)", Hint: hintOpenSSH},
	}
	for name, want := range cases {
		got, err := Inspect(t.Context(), fixture(t, name), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got.NotBefore, got.NotAfter = time.Time{}, time.Time{}
		if len(got.Warnings) > 0 || len(got.Also) > 0 {
			t.Errorf("%s: warnings %q, also %v", name, got.Warnings, got.Also)
		}
		got.Warnings, got.Also = nil, nil
		if a, b := jsonText(t, got), jsonText(t, want); a != b {
			t.Errorf("%s:\n got %s\nwant %s", name, a, b)
		}
	}
}

// What openssl pkey -pubout -outform DER | sha256sum says of decoy.ec.pem.
const opensslEC = "2c50bf941fd14ec75220b9c10a775e3ec6e77436e1d91c2bb1169e7e0c4e9f70"

func TestInspectOpened(t *testing.T) {
	t.Parallel()
	d, err := Inspect(t.Context(), fixture(t, "client2048.p12"), give(interopPass))
	if err != nil {
		t.Fatal(err)
	}
	if d.Kind != KindPrivate || len(d.Also) != 1 || d.Also[0].Kind != KindCertificate || d.Also[0].Fingerprint != d.Fingerprint {
		t.Errorf("%+v", d)
	}
	_, err = Inspect(t.Context(), fixture(t, "client2048.p12"), give("not it"))
	if !errors.Is(err, ErrWrongPassphrase) {
		t.Errorf("wrong pass phrase: %v", err)
	}
	if _, err = Inspect(t.Context(), []byte("<html>"), nil); err == nil || err.Error() != "an HTML page, not a key" {
		t.Errorf("HTML: %v", err)
	}
}

// Every kind of file is described, and no description holds a part of it.
func TestInspectEveryFile(t *testing.T) {
	t.Parallel()
	files := oneOfEachKind(t)
	if len(files) < 40 {
		t.Fatalf("only %d files", len(files))
	}
	for _, f := range files {
		data := fixture(t, filepath.Base(f))
		d, err := Inspect(t.Context(), data, nil)
		if err != nil {
			t.Errorf("%s: %v", f, err)
			continue
		}
		if d.Says == "" || d.Kind == KindOther && d.Hint == "" {
			t.Errorf("%s: %+v", f, d)
		}
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		if run := leak(string(text), data); run != "" && !strings.Contains(run, "client2048") {
			t.Errorf("%s: %q repeats the data", f, run)
		}
	}
}

// A name in a certificate cannot steer the terminal.
func TestInspectHostileName(t *testing.T) {
	t.Parallel()
	now := time.Now()
	der := certificateOf(t, fixtureKey(t, "client2048"), now.Add(-time.Hour), now.Add(time.Hour))
	if !bytes.Contains(der, []byte{0x1b}) {
		t.Fatal("the certificate is harmless")
	}
	d, err := Inspect(t.Context(), der, nil)
	if err != nil {
		t.Fatal(err)
	}
	if d.Subject != "CN=Super[31m App" || d.Issuer != d.Subject || !d.NotAfter.After(now) {
		t.Errorf("subject %q, issuer %q, until %v", d.Subject, d.Issuer, d.NotAfter)
	}
}

// A clock decides what has expired.
func TestInspectExpired(t *testing.T) {
	t.Parallel()
	loader := Loader{Dir: "testdata", Now: func() time.Time { return time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC) }}
	d, err := loader.Inspect(t.Context(), Source{File: "client2048.cert.pem"})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "expired on 2036-11-20") {
		t.Errorf("warnings %q", d.Warnings)
	}
}
