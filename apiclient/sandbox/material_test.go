package sandbox

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// generator gives the test keys in turn, as making keys takes long.
func generator(t *testing.T) func() (*rsa.PrivateKey, error) {
	keys := []*rsa.PrivateKey{privateKey(t, "client2048"), privateKey(t, "server2048")}
	var next atomic.Int64
	return func() (*rsa.PrivateKey, error) { return keys[int(next.Add(1)-1)%len(keys)], nil }
}

func noGenerator() (*rsa.PrivateKey, error) { return nil, errors.New("a key was made") }

func TestMaterialIsMadeOnce(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "sandbox")
	made, err := material(dir, generator(t))
	if err != nil || !made.Made {
		t.Fatalf("%+v, %v", made, err)
	}
	again, err := material(dir, noGenerator)
	if err != nil || again.Made || !again.Merchant.Equal(made.Merchant) || !again.SuperApp.Equal(made.SuperApp) {
		t.Errorf("loaded %+v, %v", again, err)
	}
	if made.Merchant.Equal(made.SuperApp) {
		t.Error("both sides have the same key")
	}
	for _, pair := range [][2]string{{made.MerchantPubFile, made.MerchantFile}, {made.SuperAppPubFile, made.SuperAppFile}} {
		data, err := os.ReadFile(pair[0])
		if err != nil {
			t.Fatal(err)
		}
		block, rest := pem.Decode(data)
		pub, err := x509.ParsePKIXPublicKey(block.Bytes)
		if err != nil || len(rest) != 0 || block.Type != "PUBLIC KEY" {
			t.Fatalf("%s: %v", pair[0], err)
		}
		key, err := readPrivate(pair[1])
		if err != nil || !key.PublicKey.Equal(pub) {
			t.Errorf("%s and %s do not belong together: %v", pair[0], pair[1], err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 5 {
		t.Errorf("%d files, %v", len(entries), err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	line, err := os.ReadFile(made.MerchantBase64File)
	if err != nil {
		t.Fatal(err)
	}
	der, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(string(line), "\n"))
	if err != nil {
		t.Fatal(err)
	}
	if key, err := x509.ParsePKCS8PrivateKey(der); err != nil || !made.Merchant.Equal(key) {
		t.Errorf("%s holds another key: %v", made.MerchantBase64File, err)
	}
	for _, name := range []string{dir, made.MerchantFile, made.SuperAppFile, made.MerchantBase64File} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	if err := os.Chmod(made.MerchantFile, 0o644); err != nil { //nolint:gosec // on purpose
		t.Fatal(err)
	}
	if _, err := material(dir, noGenerator); err != nil {
		t.Error(err)
	}
	if info, _ := os.Stat(made.MerchantFile); info.Mode().Perm() != 0o600 {
		t.Errorf("a key that others can read stays %v", info.Mode())
	}
}

// Programs that start at the same moment must agree, whoever wins.
func TestMaterialAtOnce(t *testing.T) {
	t.Parallel()
	for range 20 {
		dir := t.TempDir()
		generate := generator(t)
		var wg sync.WaitGroup
		all := make([]Keys, 6)
		for i := range all {
			wg.Go(func() {
				var err error
				if all[i], err = material(dir, generate); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if t.Failed() {
			return
		}
		for _, k := range all[1:] {
			if !k.Merchant.Equal(all[0].Merchant) || !k.SuperApp.Equal(all[0].SuperApp) {
				t.Fatal("two programs have different keys")
			}
		}
	}
}

func TestMaterialThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		tamper func(Keys) error
		says   string
	}{
		"damaged":        {func(k Keys) error { return os.WriteFile(k.MerchantFile, []byte("no key"), 0o600) }, "merchant.pem is not a PKCS#8"},
		"cut":            {func(k Keys) error { return os.Truncate(k.SuperAppFile, 900) }, "superapp.pem is not a PKCS#8"},
		"private lost":   {func(k Keys) error { return os.Remove(k.MerchantFile) }, "merchant.pem is missing"},
		"public swapped": {func(k Keys) error { return os.Rename(k.SuperAppPubFile, k.MerchantPubFile) }, "merchant.pub is not the public half"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			k, err := material(dir, generator(t))
			if err != nil {
				t.Fatal(err)
			}
			if err := c.tamper(k); err != nil {
				t.Fatal(err)
			}
			_, err = material(dir, noGenerator)
			var hinted interface{ Hint() string }
			if err == nil || !strings.Contains(err.Error(), c.says) || !errors.As(err, &hinted) || hinted.Hint() == "" {
				t.Errorf("error %v, want %q with a hint", err, c.says)
			}
		})
	}
	t.Run("public lost", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		k, err := material(dir, generator(t))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(k.MerchantPubFile); err != nil {
			t.Fatal(err)
		}
		if _, err := material(dir, noGenerator); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(k.MerchantPubFile); err != nil {
			t.Errorf("not written again: %v", err)
		}
	})
	t.Run("a file for a folder", func(t *testing.T) {
		t.Parallel()
		name := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := material(name, generator(t)); err == nil {
			t.Error("no error")
		}
	})
}

func TestKeysConfigAndProfileBelongTogether(t *testing.T) {
	t.Parallel()
	k, err := material(t.TempDir(), generator(t))
	if err != nil {
		t.Fatal(err)
	}
	c, p := k.Config(), k.Profile("http://127.0.0.1:1/x")
	if !c.ClientKeys[p.KeyVersion].Equal(&p.Key.PublicKey) || !p.PeerKeys[c.KeyVersion].Equal(&c.Key.PublicKey) {
		t.Error("the keys do not fit")
	}
	if p.ClientID != c.ClientID || p.MerchantID != c.MerchantID || p.BaseURL != "http://127.0.0.1:1/x" || p.KeyName != "merchant.pem" {
		t.Errorf("profile %+v", p)
	}
}
