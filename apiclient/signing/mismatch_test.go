package signing_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"countersign/apiclient/signing"
)

func TestMismatchesNeverVerify(t *testing.T) {
	t.Parallel()
	for _, c := range cases(t) {
		v := signing.Verify(checkOf(t, c))
		if v.OK() != c.Verifies() {
			t.Errorf("%s %v (%s): %s: %s", c.ID, c.Causes, c.Detail, v.Status, v.Reason)
			continue
		}
		if v.OK() {
			odd := c.Causes[0] != "none"
			if named := hasWarning(v, c.Accept); named != odd {
				t.Errorf("%s %v: warnings %v", c.ID, c.Causes, v.Warnings)
			}
			continue
		}
		if v.Reason == "" || v.Hint == "" || !strings.HasSuffix(v.Reason, ".") || !strings.HasSuffix(v.Hint, ".") {
			t.Errorf("%s: reason %q, hint %q", c.ID, v.Reason, v.Hint)
		}
	}
}

func hasWarning(v signing.Verdict, causes []string) bool {
	return slices.ContainsFunc(v.Warnings, func(w signing.Warning) bool { return slices.Contains(causes, w.Cause) })
}

func TestMismatchStatuses(t *testing.T) {
	t.Parallel()
	for _, c := range cases(t) {
		if c.Verifies() {
			continue
		}
		want := signing.Mismatch
		switch {
		case slices.Contains([]string{"signature_missing", "signature_empty"}, c.Causes[0]):
			want = signing.Unsigned
		case slices.Contains([]string{"wrong_key_unknown", "signature_corrupted", "signature_truncated", "not_rsa_hmac", "not_rsa_ecdsa"}, c.Causes[0]), c.Truth.Key == "client2049":
			want = signing.UnknownKey
		case c.Family == "signature_encoding" || c.Family == "signature_header" || slices.Contains(c.Causes, "signature_double_urlencoded"):
			want = signing.Undecodable
		case c.Truth.Key != c.Case.Key:
			want = signing.WrongKey
		}
		if v := signing.Verify(checkOf(t, c)); v.Status != want {
			t.Errorf("%s %v: %s, want %s: %s", c.ID, c.Causes, v.Status, want, v.Reason)
		}
	}
}

// TestMismatchSigners: whoever made a signature is named, by what method and
// over what content, whatever was done to its spelling afterwards.
func TestMismatchSigners(t *testing.T) {
	t.Parallel()
	lost := []string{"signature_missing", "signature_empty", "signature_corrupted", "signature_truncated", "signature_case_folded", "not_rsa_hmac", "not_rsa_ecdsa", "wrong_key_unknown"}
	paddings := map[string]signing.Padding{
		"PKCS1v15": signing.PKCS1v15, "PSS-max": signing.PSS, "PSS-32": signing.PSS, "raw-digest": signing.PKCS1v15Bare,
		"raw-digestinfo-nonull": signing.PKCS1v15NoNULL, "raw-hex": signing.PKCS1v15Hex, "raw-content": signing.PKCS1v15Raw,
	}
	named := 0
	for _, c := range cases(t) {
		v := signing.Verify(checkOf(t, c))
		if slices.Contains(lost, c.Causes[0]) || c.Truth.Key == "client2049" {
			if v.Key != "" || v.Recovered != nil {
				t.Errorf("%s %v: accuses %q: %s", c.ID, c.Causes, v.Key, v.Reason)
			}
			continue
		}
		named++
		if v.Key != c.Truth.Key || !v.OK() && !strings.Contains(v.Reason, c.Truth.Key) {
			t.Errorf("%s %v: signer %q, want %q: %s", c.ID, c.Causes, v.Key, c.Truth.Key, v.Reason)
		}
		if v.OK() {
			continue
		}
		r := v.Recovered
		if r == nil || r.Key != c.Truth.Key || r.Padding != paddings[c.Truth.Padding] || r.Hash != 0 && r.Hash.String() != c.Truth.Hash {
			t.Errorf("%s: recovered %+v, want %s %s", c.ID, r, c.Truth.Hash, c.Truth.Padding)
			continue
		}
		if c.Causes[0] == "jws_instead_of_signature" {
			continue // what it covers is inside the token
		}
		if !r.Covers(c.Truth.Signed) {
			t.Errorf("%s: the recovered digest is not that of the signed content", c.ID)
		}
		says := strings.Contains(v.Reason, "content is right") || strings.Contains(v.Reason, "exactly this")
		if same := bytes.Equal(c.Truth.Signed, v.Canonical); same != says {
			t.Errorf("%s: the content is the same: %v; the reason says: %s", c.ID, same, v.Reason)
		}
	}
	if named < 205 {
		t.Errorf("only %d signers named", named)
	}
}

// TestMismatchesPlainSignature opens the true signature of each case directly.
func TestMismatchesPlainSignature(t *testing.T) {
	t.Parallel()
	for _, c := range cases(t) {
		if c.Truth.Padding == "hmac" || c.Truth.Padding == "ecdsa" || c.Causes[0] == "jws_instead_of_signature" {
			continue
		}
		r, ok := signing.Recover(publicKey(t, c.Truth.Key).Public, c.Truth.Signature)
		if !ok || !r.Covers(c.Truth.Signed) || r.Covers(append([]byte("x"), c.Truth.Signed...)) {
			t.Errorf("%s %v: opened %v with %s: %+v", c.ID, c.Causes, ok, c.Truth.Key, r.Method())
		}
		for _, other := range keyring(t, c.Truth.Key) {
			if _, ok := signing.Recover(other.Public, c.Truth.Signature); ok {
				t.Errorf("%s: %s opens the signature of %s", c.ID, other.ID, c.Truth.Key)
			}
		}
	}
}
