package keys

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// What openssl wrote is written byte for byte.
func TestEncode(t *testing.T) {
	t.Parallel()
	for _, id := range ids {
		key := fixtureKey(t, id)
		if got := EncodePrivate(key); !bytes.Equal(got, fixture(t, id+".pkcs8.pem")) {
			t.Errorf("%s: the private key differs from the file", id)
		}
		if got := EncodePublic(&key.PublicKey); !bytes.Equal(got, fixture(t, id+".pub.spki.pem")) {
			t.Errorf("%s: the public key differs from the file", id)
		}
		if got, want := PortalPublic(&key.PublicKey), strings.TrimSpace(string(fixture(t, id+".pub.spki.b64"))); got != want {
			t.Errorf("%s: the portal's line differs from the file", id)
		}
	}
}

func TestGenerateRefusesLengths(t *testing.T) {
	t.Parallel()
	for _, bits := range []int{-1, 1, 1024, 2047, 8193, 1 << 20} {
		_, err := Generate(nil, bits)
		if err == nil {
			t.Errorf("%d bits were made", bits)
		}
		checkSilence(t, nil, err, nil)
	}
}

func TestWriteNew(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "merchant.pem")
	key := EncodePrivate(fixtureKey(t, "client2048"))
	if err := WriteNew(path, key, 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, key) {
		t.Fatalf("read back: %v", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %04o", info.Mode().Perm())
	}
	err = WriteNew(path, []byte("another"), 0o600)
	if !errors.Is(err, fs.ErrExist) {
		t.Errorf("second write: %v", err)
	}
	checkSilence(t, key, err, nil)
	if again, err := os.ReadFile(path); err != nil || !bytes.Equal(again, key) {
		t.Error("the file was touched")
	}
	if err := WriteNew(filepath.Join(path, "below"), key, 0o600); err == nil {
		t.Error("written below a file")
	}
}

func BenchmarkParsePrivate(b *testing.B) {
	data := fixture(b, "client2048.pkcs8.pem")
	for b.Loop() {
		if _, err := ParsePrivate(b.Context(), data, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParsePublic(b *testing.B) {
	data := fixture(b, "client2048.pub.spki.b64")
	for b.Loop() {
		if _, err := ParsePublic(b.Context(), data, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFingerprint(b *testing.B) {
	key := fixtureKey(b, "client2048")
	for b.Loop() {
		Fingerprint(&key.PublicKey)
	}
}
