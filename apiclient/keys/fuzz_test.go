package keys

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"countersign/apiclient/hint"
)

// FuzzParse holds that no data makes a reader fall over, that every error has
// a hint, and that neither errors nor warnings repeat the data.
func FuzzParse(f *testing.F) {
	for _, name := range oneOfEachKind(f) {
		f.Add(fixture(f, filepath.Base(name)))
	}
	for _, s := range []string{
		"", "-----BEGIN", "-----BEGIN PRIVATE KEY-----", "----- END", "BEGIN PRIVATE KEY END PRIVATE KEY",
		"-----BEGIN X-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END X-----",
		"0\x80", "0\x84\xff\xff\xff\xff", openSSHMagic + "\xff\xff\xff\xff", "{\"kty\":1}", "\xff\xfe0", "\ufeff",
	} {
		f.Add([]byte(s))
	}
	declined := errors.New("declined")
	decline := func(context.Context, string) ([]byte, error) {
		return nil, &hint.Error{Says: "declined", Fix: "none", Err: declined}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ParsePrivate(t.Context(), data, decline)
		checkSilence(t, data, err, p.Warnings)
		if err == nil && p.Key.Validate() != nil {
			t.Error("an invalid private key was read")
		}
		q, err := ParsePublic(t.Context(), data, decline)
		checkSilence(t, data, err, q.Warnings)
		if err == nil && (q.Key.E < 3 || q.Key.N.BitLen() < usableFrom) {
			t.Error("an unusable public key was read")
		}
		_, err = Inspect(t.Context(), data, nil)
		checkSilence(t, data, err, nil)
	})
}

// FuzzUnlock is FuzzParse for what lies behind a pass phrase.
func FuzzUnlock(f *testing.F) {
	for name := range encryptedFiles {
		if name != "client2048.enc-scrypt.pem" { // too slow by design
			f.Add(fixture(f, name))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		items, err := find(data)
		if err != nil {
			return
		}
		for _, it := range items {
			th := identify(it)
			if th.kind != locked {
				continue
			}
			_, err := th.lock.open([]byte(interopPass))
			checkSilence(t, data, err, nil)
		}
	})
}
