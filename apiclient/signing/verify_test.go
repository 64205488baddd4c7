package signing_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"math/big"
	"strings"
	"testing"

	"countersign/apiclient/signing"
)

func signed(t testing.TB, id string, content []byte) signing.Proof {
	t.Helper()
	p, err := signing.Sign(privateKey(t, id), content, signing.Style{KeyVersion: "1"})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func keysOf(t testing.TB, ids ...string) []signing.Key {
	var keys []signing.Key
	for _, id := range ids {
		keys = append(keys, publicKey(t, id))
	}
	return keys
}

func TestVerifyReasons(t *testing.T) {
	t.Parallel()
	right := signed(t, "client2048", content)
	other := signed(t, "client2048", append([]byte("x"), content...))
	sha1Sig, err := rsa.SignPKCS1v15(nil, privateKey(t, "client2048"), crypto.SHA1, digestOf(crypto.SHA1, content))
	if err != nil {
		t.Fatal(err)
	}
	sha1Header := signing.Style{}.Header(signing.EncodeValue(sha1Sig, ""))
	value := func(v string) string { return signing.Style{}.Header(v) }
	sized := func(n int) string { return value(signing.EncodeValue(bytes.Repeat([]byte{0xa5}, n), "")) }
	mine, theirs := keysOf(t, "client2048"), keysOf(t, "server2048")
	tests := []struct {
		name            string
		header          string
		expected, known []signing.Key
		status          signing.Status
		key, reason     string
	}{
		{"right", right.Header, mine, theirs, signing.Verified, "client2048", "Signed by client2048 over exactly this content."},
		{"right, second of two", right.Header, keysOf(t, "old2048", "client2048"), nil, signing.Verified, "client2048", "Signed by client2048 over exactly this content."},
		{"other content", other.Header, mine, theirs, signing.Mismatch, "client2048", "The key is right: client2048 (SHA-256, PKCS#1 v1.5) signed it, but over other content."},
		{"SHA-1", sha1Header, mine, theirs, signing.Mismatch, "client2048",
			"Key and content are right: client2048 signed exactly this, but by another method (SHA-1, PKCS#1 v1.5) than RSA256, which is SHA-256 with PKCS#1 v1.5."},
		{"wrong key", right.Header, theirs, mine, signing.WrongKey, "client2048", "Signed by client2048 where server2048 was expected; the content is right."},
		{"wrong key and content", other.Header, theirs, mine, signing.WrongKey, "client2048", "Signed by client2048 where server2048 was expected; the content is another one, too."},
		{"wrong key and hash", sha1Header, theirs, mine, signing.WrongKey, "client2048",
			"Signed by client2048 where server2048 was expected; the content is right, but the method is another one (SHA-1, PKCS#1 v1.5)."},
		{"wrong key of three", right.Header, keysOf(t, "server2048", "old2048"), mine, signing.WrongKey, "client2048", "Signed by client2048 where server2048 or old2048 was expected; the content is right."},
		{"unknown key", right.Header, theirs, keysOf(t, "old2048"), signing.UnknownKey, "", "No known key made this signature: none of the 2 known keys opens it, so another key made it or a character of it was changed."},
		{"unknown key, one known", right.Header, theirs, nil, signing.UnknownKey, "", "No known key made this signature: server2048 does not open it, so another key made it or a character of it was changed."},
		{"nothing expected", right.Header, nil, mine, signing.WrongKey, "client2048",
			"Signed by client2048, but no key is set that should have signed, so nothing can be verified; the content is right."},
		{"nothing expected, unknown", right.Header, nil, theirs, signing.UnknownKey, "", "No known key made this signature, and no key is set that should have."},
		{"no keys", right.Header, nil, nil, signing.UnknownKey, "", "There is no key to verify this signature with."},
		{"a key without a key", right.Header, []signing.Key{{ID: "empty"}}, mine, signing.WrongKey, "client2048", "Signed by client2048 where empty was expected; the content is right."},
		{"254 bytes", sized(254), mine, nil, signing.UnknownKey, "", "No known key made this signature: it decodes to 254 bytes where client2048 needs 256, as when its end was cut, some + were lost, or an integer dropped leading zeros."},
		{"128 bytes", sized(128), mine, nil, signing.UnknownKey, "", "No known key made this signature: it decodes to 128 bytes where client2048 needs 256, which is the length of a signature by a key of 1024 bits."},
		{"512 bytes", sized(512), mine, keysOf(t, "client4096"), signing.UnknownKey, "", "No known key made this signature: it decodes to 512 bytes where client2048 needs 256, which is the length of a signature by a key of 4096 bits."},
		{"270 bytes", sized(270), mine, nil, signing.UnknownKey, "", "No known key made this signature: it decodes to 270 bytes where client2048 needs 256, as when it is encoded twice or not decoded."},
		{"57 bytes", sized(57), mine, nil, signing.UnknownKey, "", "No known key made this signature: it decodes to 57 bytes where client2048 needs 256: it was cut at 76 characters, where base64 breaks its lines."},
		{"hex of another key's", value(strings.Repeat("a5", 256)), mine, nil, signing.Undecodable, "", "The value is in hexadecimal, not in base64; behind that, no known key made it."},
		{"quoted", value(`"` + right.Value + `"`), mine, nil, signing.Undecodable, "client2048", "The value is in quotes; behind that, client2048 signed it (SHA-256, PKCS#1 v1.5) over exactly this content."},
		{"quoted, by another", value(`"` + other.Value + `"`), theirs, mine, signing.Undecodable, "client2048",
			"The value is in quotes; behind that, client2048 (not server2048) signed it (SHA-256, PKCS#1 v1.5) over other content."},
		{"two signatures", right.Header + ", signature=" + other.Value, mine, nil, signing.Undecodable, "", "The Signature header has two different signatures."},
		{"semicolons and quotes", `algorithm=RSA256;signature="` + right.Value + `"`, mine, nil, signing.Undecodable, "client2048",
			`The pairs of the Signature header are separated by ";", not by commas; behind that, client2048 signed it (SHA-256, PKCS#1 v1.5) over exactly this content.`},
		{"in one case", value(strings.ToLower(signing.EncodeValue(right.Signature, signing.Base64))), mine, nil, signing.Undecodable, "",
			"All letters of the value have the same case, which base64 of a signature never has: something on the way changed the case."},
	}
	for _, tt := range tests {
		v := signing.Verify(signing.Check{Canonical: content, Headers: []string{tt.header}, Expected: tt.expected, Known: tt.known})
		if v.Status != tt.status || v.Key != tt.key || v.Reason != tt.reason {
			t.Errorf("%s: %s by %q: %s", tt.name, v.Status, v.Key, v.Reason)
		}
		if v.OK() != (tt.status == signing.Verified) || v.OK() != (v.Hint == "") {
			t.Errorf("%s: OK %v, hint %q", tt.name, v.OK(), v.Hint)
		}
		if !bytes.Equal(v.Canonical, content) || v.Digest != right.Digest {
			t.Errorf("%s: canonical string or digest is not kept", tt.name)
		}
		if (v.Recovered != nil) != (v.Key != "" && !v.OK()) || (v.Repaired != nil) != (v.Status == signing.Undecodable && v.Key != "") {
			t.Errorf("%s: recovered %v, repaired %v", tt.name, v.Recovered, v.Repaired)
		}
	}
}

func TestVerifyRepeatedHeaders(t *testing.T) {
	t.Parallel()
	right := signed(t, "client2048", content).Header
	other := signed(t, "server2048", content).Header
	for _, tt := range []struct {
		name    string
		headers []string
		status  signing.Status
		warned  bool
	}{
		{"once", []string{right}, signing.Verified, false},
		{"twice the same", []string{right, right}, signing.Verified, true},
		{"an empty one first", []string{"", right}, signing.Verified, true},
		{"an empty one last", []string{right, ""}, signing.Verified, true},
		{"another one first", []string{other, right}, signing.Undecodable, true},
		{"another one last", []string{right, other}, signing.Undecodable, true},
		{"unreadable one last", []string{right, "x"}, signing.Undecodable, true},
	} {
		v := signing.Verify(signing.Check{Canonical: content, Headers: tt.headers, Expected: keysOf(t, "client2048", "server2048")})
		if v.Status != tt.status || hasWarning(v, []string{"signature_header_repeated"}) != tt.warned {
			t.Errorf("%s: %s, warnings %v", tt.name, v.Status, v.Warnings)
		}
	}
}

func TestVerifyWarnsOfOddSpellings(t *testing.T) {
	t.Parallel()
	p := signed(t, "client2048", content)
	raw := signing.EncodeValue(p.Signature, signing.Base64)
	for cause, header := range map[string]string{
		"signature_not_urlencoded":       "algorithm=RSA256, signature=" + raw,
		"signature_base64url":            "algorithm=RSA256, signature=" + signing.EncodeValue(p.Signature, signing.Base64URL),
		"signature_partly_urlencoded":    "algorithm=RSA256, signature=" + strings.ReplaceAll(raw, "=", "%3D"),
		"algorithm_missing":              "signature=" + p.Value,
		"algorithm_unknown":              "algorithm=RSA512, signature=" + p.Value,
		"signature_header_folded":        "algorithm=RSA256,\r\n signature=" + p.Value,
		"signature_header_name_repeated": "Signature: " + p.Header,
		"signature_header_unknown_pair":  p.Header + ", headers=none",
	} {
		v := signing.Verify(signing.Check{Canonical: content, Headers: []string{header}, Expected: keysOf(t, "client2048")})
		if !v.OK() || len(v.Warnings) != 1 || v.Warnings[0].Cause != cause {
			t.Errorf("%s: %s %v: %s", cause, v.Status, v.Warnings, v.Reason)
		}
	}
}

// TestVerifyPSS: with the longest salt, as OpenSSL and Node choose it, only the
// content tells which hash it was.
func TestVerifyPSS(t *testing.T) {
	t.Parallel()
	key := privateKey(t, "client2048")
	for _, h := range []crypto.Hash{crypto.SHA256, crypto.SHA1, crypto.SHA512} {
		for _, salt := range []int{rsa.PSSSaltLengthAuto, rsa.PSSSaltLengthEqualsHash} {
			sig, err := rsa.SignPSS(rand.Reader, key, h, digestOf(h, content), &rsa.PSSOptions{SaltLength: salt})
			if err != nil {
				t.Fatal(err)
			}
			c := signing.Check{Canonical: content, Headers: []string{signing.Style{}.Header(signing.EncodeValue(sig, ""))}, Expected: keysOf(t, "client2048"), Known: keysOf(t, "server2048")}
			v := signing.Verify(c)
			if v.Status != signing.Mismatch || v.Recovered.Hash != h || !strings.HasPrefix(v.Reason, "Key and content are right: client2048 signed exactly this, but by another method ("+h.String()+", RSA-PSS") {
				t.Errorf("%s, salt %d: %s: %s", h, salt, v.Status, v.Reason)
			}
			c.Canonical = content[1:]
			v = signing.Verify(c)
			doubt := strings.Contains(v.Reason, "almost certainly")
			if v.Status != signing.Mismatch || v.Key != "client2048" || doubt != (salt == rsa.PSSSaltLengthAuto) {
				t.Errorf("%s, salt %d, other content: %s: %s", h, salt, v.Status, v.Reason)
			}
			c.Expected, c.Known = c.Known, c.Expected
			v = signing.Verify(c)
			if v.Status != signing.WrongKey || strings.HasPrefix(v.Reason, "Almost certainly") != doubt {
				t.Errorf("%s, salt %d, another key: %s: %s", h, salt, v.Status, v.Reason)
			}
		}
	}
}

// TestVerifyWeakKey: crypto/rsa refuses keys under 1,024 bits; the arithmetic
// still says whose signature it is, and it does not count as verified.
func TestVerifyWeakKey(t *testing.T) {
	t.Parallel()
	n, _ := new(big.Int).SetString(weakModulus, 16)
	d, _ := new(big.Int).SetString(weakExponent, 16)
	key := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: n, E: 65537}, D: d}
	info := append([]byte{0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20}, digestOf(crypto.SHA256, content)...)
	header := signing.Style{}.Header(signing.EncodeValue(rawSign(key, type1(key, info)), ""))
	v := signing.Verify(signing.Check{Canonical: content, Headers: []string{header}, Expected: []signing.Key{{ID: "tiny", Public: &key.PublicKey}}})
	if v.Status != signing.Mismatch || v.Reason != "tiny signed exactly this content, but a key of 512 bits is too weak to count." {
		t.Errorf("%s: %s", v.Status, v.Reason)
	}
	if _, err := signing.Sign(key, content, signing.Style{}); err == nil || !strings.Contains(err.Error(), "512 bits") {
		t.Errorf("signing with 512 bits: %v", err)
	}
}

func TestSignErrors(t *testing.T) {
	t.Parallel()
	key := privateKey(t, "client2048")
	for name, sign := range map[string]func() (signing.Proof, error){
		"no key":                   func() (signing.Proof, error) { return signing.Sign(nil, content, signing.Style{}) },
		"empty key":                func() (signing.Proof, error) { return signing.Sign(&rsa.PrivateKey{}, content, signing.Style{}) },
		"comma in the version":     func() (signing.Proof, error) { return signing.Sign(key, content, signing.Style{KeyVersion: "1,x=2"}) },
		"line feed in the version": func() (signing.Proof, error) { return signing.Sign(key, content, signing.Style{KeyVersion: "1\nX: y"}) },
	} {
		p, err := sign()
		hint, ok := err.(interface{ Hint() string })
		if !ok || hint.Hint() == "" || p.Header != "" || p.Signature != nil {
			t.Errorf("%s: %v, %+v", name, err, p)
		}
	}
}

// A 512-bit key made for this test.
const (
	weakModulus  = "dc1b3e1b5084f83888ead53110fee13dd1da8eb1269efb804be46694386d6baeecded2909177eb8376fd6ef3d67c3f5ab84c8bc2df677789a24347106c8d75fd"
	weakExponent = "00a16b7d45ccec679a16979a584cad9004a56592e64a7ba7d8b44fc2070bc6fb83c6d7dadd4340975a767e2b8eb9b3e05c8c38f01e20ceb9d6b96286686d3b95e5"
)
