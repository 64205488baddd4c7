package diagnose_test

import (
	"crypto"
	"crypto/md5" // what others hash with
	"crypto/rsa"
	"crypto/sha1" // the same
	"crypto/sha256"
	"crypto/sha512"
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
)

// TestOtherSigners has the right content signed by the wrong key.
func TestOtherSigners(t *testing.T) {
	t.Parallel()
	other := func(name, key string) []apiclient.Key {
		return diagnose.KeysOfOther(apiclient.Profile{Name: name, PeerKeys: map[string]*rsa.PublicKey{"1": publicKey(t, key).Public}})
	}
	for _, c := range []struct {
		name         string
		s            sample
		more         []apiclient.Key
		key, version string
		cause, says  string
	}{
		{"our key on a response", answer(), nil, "client2048", "2", "wrong_key", "our own key"},
		{"an old version, labelled as the new one", answer(), nil, "old2048", "2", "key_version_old", "keyVersion 2, but the older key of version 1"},
		{"an old version without a label", answer(), nil, "old2048", "", "key_version_old", "an older key of the same side"},
		{"a new version, labelled as the old one", answer(), nil, "server2048", "1", "key_version_mislabelled", "keyVersion 1, but the key of version 2"},
		{"a callback of a version that is not configured", payment(), nil, "server2048", "3", "key_not_configured", "no key is set"},
		{"a key of another profile", payment(), other("staging", "other2048"), "other2048", "3", "test_key_used", "another environment"},
		{"a key of another profile in a response", answer(), other("uat-2", "other2048"), "other2048", "2", "test_key_used", "another environment"},
		{"a key of a profile with another word", answer(), other("merchant two", "other2048"), "other2048", "2", "wrong_key", "another environment"},
		{"no key for this version", answer(), nil, "server2048", "9", "key_not_configured", "no key is set"},
		{"an unknown key of an unknown version", answer(), nil, "other2048", "7", "key_version_unknown", "keyVersion 7, for which no key is set; known: 2, 1"},
		{"an unknown key", answer(), nil, "other2048", "2", "wrong_key_unknown", "None of the 3 known keys"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e, err := diagnose.FromProfile(twoVersions(t), c.s.exchange(t, sign(t, c.key, c.s.canonical(), c.version)), c.s.side)
			if err != nil {
				t.Fatal(err)
			}
			e.Known = append(e.Known, c.more...)
			r := diagnosed(e, patience)
			if r.Verdict == signing.Verified {
				t.Fatal("verified")
			}
			f, ok := finding(r, c.cause)
			if !ok || !strings.Contains(f.Says, c.says) || f.Fix == "" {
				t.Errorf("%v, want %s: %q; says %q", r.Causes(), c.cause, c.says, f.Says)
			}
			if quick := diagnose.Verify(e); quick.Causes()[0] != r.Causes()[0] {
				t.Errorf("without a search it is %v", quick.Causes())
			}
		})
	}
}

// TestCallback: a request that the other side's key signed is a callback and
// verifies with that key; what we sent ourselves, or a key that a person chose, stays strict.
func TestCallback(t *testing.T) {
	t.Parallel()
	for origin, want := range map[apiclient.Origin]signing.Status{apiclient.FromFile: signing.Verified, apiclient.FromCLI: signing.WrongKey, apiclient.FromReplay: signing.WrongKey} {
		s := payment()
		x := s.exchange(t, sign(t, "server2048", s.canonical(), "2"))
		x.Origin = origin
		e, err := diagnose.FromProfile(twoVersions(t), x, s.side)
		if err != nil {
			t.Fatal(err)
		}
		r := diagnose.Verify(e)
		if _, said := finding(r, "callback"); r.Verdict != want || said != (want == signing.Verified) {
			t.Errorf("%s: %s, %v", origin, r.Verdict, r.Findings)
		}
		e.Expect(twoVersions(t).Keys()[:1], twoVersions(t).Keys())
		if r := diagnose.Verify(e); r.Verdict != signing.WrongKey {
			t.Errorf("%s, a key that was chosen: %s", origin, r.Verdict)
		}
	}
}

// TestOwnKeyExpected names the key with which answers cannot verify.
func TestOwnKeyExpected(t *testing.T) {
	t.Parallel()
	s := answer()
	e := s.evidence(t, sign(t, "server2048", s.canonical(), ""))
	own := publicKey(t, "client2048")
	own.Role = apiclient.RoleOwn
	e.Expected, e.Known = []apiclient.Key{own}, []apiclient.Key{publicKey(t, "server2048")}
	if r := diagnosed(e, patience); r.Causes()[0] != "verified_with_own_public_key" {
		t.Errorf("%v", r.Causes())
	}
}

// header writes a signature as the documentation does.
func header(signature []byte) string {
	return signing.Style{}.Header(signing.EncodeValue(signature, signing.PercentBase64))
}

func TestPSS(t *testing.T) {
	t.Parallel()
	key := privateKey(t, "client2048")
	s := payment()
	for option, salt := range map[int]int{1: 1, 20: 20, rsa.PSSSaltLengthEqualsHash: 32, rsa.PSSSaltLengthAuto: 222} {
		for _, content := range []string{s.canonical(), s.canonical() + "\n"} {
			digest := sha256.Sum256([]byte(content))
			sig, err := rsa.SignPSS(random{}, key, crypto.SHA256, digest[:], &rsa.PSSOptions{SaltLength: option})
			if err != nil {
				t.Fatal(err)
			}
			r := diagnosed(s.evidence(t, header(sig)), patience)
			f, ok := finding(r, "padding_pss")
			if r.Verdict != signing.Mismatch || r.Signer == nil || !r.Signer.Certain || r.Signer.Salt != salt || r.Signer.Hash != crypto.SHA256 || !ok || !f.Proven {
				t.Errorf("salt %d: %s, %+v, %v", salt, r.Verdict, r.Signer, r.Causes())
			}
			if string(r.Signed) != content {
				t.Errorf("salt %d: signed %q", salt, r.Signed)
			}
		}
	}
}

// random is not: the salt of a signature in a test may be known.
type random struct{}

func (random) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(i)
	}
	return len(p), nil
}

func TestOtherHashes(t *testing.T) {
	t.Parallel()
	key := privateKey(t, "client2048")
	s := payment()
	digit := strings.Replace(s.canonical(), `"n":12`, `"n":18`, 1)
	for _, c := range []struct {
		hash  crypto.Hash
		sum   func(b string) []byte
		cause string
	}{
		{crypto.SHA1, func(b string) []byte { d := sha1.Sum([]byte(b)); return d[:] }, "hash_sha1"},
		{crypto.MD5, func(b string) []byte { d := md5.Sum([]byte(b)); return d[:] }, "hash_md5"},
		{crypto.SHA512, func(b string) []byte { d := sha512.Sum512([]byte(b)); return d[:] }, "hash_sha512"},
	} {
		for _, content := range []string{s.canonical(), digit} {
			sig, err := rsa.SignPKCS1v15(nil, key, c.hash, c.sum(content))
			if err != nil {
				t.Fatal(err)
			}
			r := diagnosed(s.evidence(t, header(sig)), patience)
			f, ok := finding(r, c.cause)
			if r.Verdict != signing.Mismatch || !ok || !f.Proven || r.Signer.Hash != c.hash || string(r.Signed) != content {
				t.Errorf("%s: %s, %v, signed %q", c.cause, r.Verdict, r.Causes(), r.Signed)
			}
			if _, changed := finding(r, "body_changed_in_transit"); changed != (content == digit) {
				t.Errorf("%s: %v", c.cause, r.Causes())
			}
		}
	}
}

// TestOneCharacter proves that a body was changed after it was signed.
func TestOneCharacter(t *testing.T) {
	t.Parallel()
	for _, s := range []sample{payment(), answer()} {
		for _, change := range [][2]string{{"2", "9"}, {"e", ""}} {
			i := strings.LastIndex(s.body, change[0])
			body := s.body[:i] + change[1] + s.body[i+len(change[0]):]
			signed := s
			signed.body = body
			r := diagnosed(s.evidence(t, sign(t, "client2048", signed.canonical(), "")), patience)
			f, ok := finding(r, "body_changed_in_transit")
			if !ok || !f.Proven || string(r.Signed) != signed.canonical() || r.Ended != diagnose.Found {
				t.Errorf("%v: %v, signed %q", change, r.Causes(), r.Signed)
			}
		}
	}
}

// TestOwnKeyAsPeer has our own public key configured as the other side's: the
// most frequent mistake of all.
func TestOwnKeyAsPeer(t *testing.T) {
	t.Parallel()
	p := twoVersions(t)
	p.PeerKeys = map[string]*rsa.PublicKey{"1": &p.Key.PublicKey}
	s := answer()
	for _, known := range []bool{true, false} {
		e, err := diagnose.FromProfile(p, s.exchange(t, sign(t, "server2048", s.canonical(), "1")), s.side)
		if err != nil {
			t.Fatal(err)
		}
		if known {
			e.Known = append(e.Known, publicKey(t, "server2048"))
		}
		r := diagnosed(e, patience)
		if _, ok := finding(r, "verified_with_own_public_key"); !ok || r.Verdict == signing.Verified {
			t.Errorf("the signer is known: %t; %v", known, r.Causes())
		}
	}
}
