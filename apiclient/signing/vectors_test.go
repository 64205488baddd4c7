package signing_test

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"countersign/apiclient/signing"
)

func TestVectorsAreReproduced(t *testing.T) {
	t.Parallel()
	for _, v := range vectors(t).Vectors {
		canonical := v.content(t).Canonical()
		if v.ContentB64 != nil && !bytes.Equal(canonical, v.ContentB64) {
			t.Errorf("%s: canonical string\n %q\nwant\n %q", v.ID, canonical, v.ContentB64)
		}
		for _, s := range []struct {
			style signing.Style
			want  string
		}{
			{signing.Style{KeyVersion: "1"}, v.Header},
			{signing.Style{KeyVersion: "1", Compact: true}, v.SDKHeader},
		} {
			p, err := signing.Sign(privateKey(t, v.KeyID), canonical, s.style)
			if err != nil {
				t.Fatalf("%s: %v", v.ID, err)
			}
			if got := hex.EncodeToString(p.Digest[:]); got != v.SHA256 {
				t.Errorf("%s: SHA-256 %s, want %s", v.ID, got, v.SHA256)
			}
			if !bytes.Equal(p.Signature, v.Signature) || p.Value != v.Encoded {
				t.Errorf("%s: signature %s, want %s", v.ID, p.Value, v.Encoded)
			}
			if p.Header != s.want {
				t.Errorf("%s: header %q, want %q", v.ID, p.Header, s.want)
			}
			if p.KeyVersion != "1" || !bytes.Equal(p.Canonical, canonical) {
				t.Errorf("%s: the proof does not keep key version and canonical string", v.ID)
			}
			parseBack(t, v, p)
		}
		lower := signing.EncodeValue(v.Signature, signing.PercentBase64Lower)
		if want := lowerEscapes(v.Encoded); lower != want {
			t.Errorf("%s: lower-case spelling %q, want %q", v.ID, lower, want)
		}
	}
}

// lowerEscapes writes the hex letters of every escape small, as .NET does.
func lowerEscapes(s string) string {
	parts := strings.Split(s, "%")
	for i, p := range parts[1:] {
		parts[i+1] = strings.ToLower(p[:2]) + p[2:]
	}
	return strings.Join(parts, "%")
}

func parseBack(t *testing.T, v vector, p signing.Proof) {
	t.Helper()
	h, err := signing.ParseHeader(p.Header)
	if err != nil || h.Algorithm != "RSA256" || h.KeyVersion != "1" || !h.HasKeyVersion || h.Value != v.Encoded || len(h.Warnings) > 0 {
		t.Errorf("%s: parsed back as %+v, %v", v.ID, h, err)
	}
	for _, e := range []signing.Encoding{signing.PercentBase64, signing.PercentBase64Lower, signing.Base64, signing.Base64URL, signing.Base64URLRaw} {
		header := signing.Style{}.Header(signing.EncodeValue(p.Signature, e))
		got := signing.Verify(signing.Check{Canonical: p.Canonical, Headers: []string{header}, Expected: []signing.Key{publicKey(t, v.KeyID)}})
		if !got.OK() || got.Key != v.KeyID || !bytes.Equal(got.Signature, v.Signature) || got.Digest != p.Digest || got.Hint != "" {
			t.Errorf("%s as %s: %s: %s", v.ID, e, got.Status, got.Reason)
		}
		if e == signing.Base64URLRaw && len(v.Signature)%3 == 0 {
			e = signing.Base64URL // no padding is due: both are the same characters
		}
		if got.Encoding != e {
			t.Errorf("%s: spelt as %s, reported as %s", v.ID, e, got.Encoding)
		}
	}
}

func TestWireCapturesVerify(t *testing.T) {
	t.Parallel()
	for _, v := range vectors(t).Wire {
		method, rest, _ := strings.Cut(v.RequestLine, " ")
		target, _, _ := strings.Cut(rest, " ")
		if _, absolute, found := strings.Cut(target, "://"); found { // as a client speaks to a proxy
			target = absolute[strings.IndexByte(absolute, '/'):]
		}
		content := signing.Content{Method: method, Target: target, ClientID: v.header("Client-Id"), Time: v.header("Request-Time"), Body: v.BodyB64}
		canonical := content.Canonical()
		if digest := sha256.Sum256(canonical); hex.EncodeToString(digest[:]) != v.SHA256 || !bytes.Equal(canonical, v.ContentB64) {
			t.Errorf("%s: canonical string %q, want %q", v.ID, canonical, v.ContentB64)
		}
		got := signing.Verify(signing.Check{Canonical: canonical, Headers: []string{v.header("Signature")}, Expected: []signing.Key{publicKey(t, v.KeyID)}})
		if !got.OK() || !bytes.Equal(got.Signature, v.Signature) || len(got.Warnings) > 0 {
			t.Errorf("%s: %s: %s %v", v.ID, got.Status, got.Reason, got.Warnings)
		}
		p, err := signing.Sign(privateKey(t, v.KeyID), canonical, signing.Style{Compact: true, KeyVersion: got.Header.KeyVersion, Encoding: got.Encoding})
		if err != nil || !bytes.Equal(p.Signature, v.Signature) || p.Value != got.Header.Value {
			t.Errorf("%s: signed again as %q, captured as %q (%v)", v.ID, p.Value, got.Header.Value, err)
		}
	}
}

// TestOneChangedByteNeverVerifies changes bytes all over each capture: of the
// body, the time, the path, the client and the signature.
func TestOneChangedByteNeverVerifies(t *testing.T) {
	t.Parallel()
	for n, v := range vectors(t).Wire {
		check := func(what string, c signing.Content, header string) {
			t.Helper()
			got := signing.Verify(signing.Check{Canonical: c.Canonical(), Headers: []string{header}, Expected: []signing.Key{publicKey(t, v.KeyID)}})
			if got.OK() || got.Reason == "" || got.Hint == "" {
				t.Errorf("%s with another %s: %s: %q %q", v.ID, what, got.Status, got.Reason, got.Hint)
			}
			if strings.HasSuffix(what, "signature") {
				return
			}
			if got.Status != signing.Mismatch || got.Key != v.KeyID {
				t.Errorf("%s with another %s: %s by %q, want a mismatch by %s", v.ID, what, got.Status, got.Key, v.KeyID)
			}
		}
		header := v.header("Signature")
		for i := n % 7; i < len(v.BodyB64); i += 61 {
			c := v.content(t)
			c.Body = changed(v.BodyB64, i)
			check(fmt.Sprintf("byte %d of the body", i), c, header)
		}
		for i := n % 3; i < len(v.Time); i += 5 {
			c := v.content(t)
			c.Time = string(changed([]byte(v.Time), i))
			check("time", c, header)
		}
		for i := n % 5; i < len(v.URI); i += 11 {
			c := v.content(t)
			c.Target = string(changed([]byte(v.URI), i))
			check("path", c, header)
		}
		c := v.content(t)
		c.ClientID += " "
		check("client id", c, header)
		for i := n % 31; i < len(v.Signature); i += 67 {
			value := signing.EncodeValue(changed(v.Signature, i), signing.PercentBase64)
			check("byte of the signature", v.content(t), signing.Style{}.Header(value))
		}
		checkValueCharacters(t, v, check)
	}
}

// checkValueCharacters replaces single characters of the value as it is
// written: the last ones, too, whose bits are partly unused.
func checkValueCharacters(t *testing.T, v vector, check func(string, signing.Content, string)) {
	t.Helper()
	raw := base64.StdEncoding.EncodeToString(v.Signature)
	last := len(strings.TrimRight(raw, "="))
	for i := last - 2; i < last; i++ {
		for _, with := range "ABQgw_" {
			tampered := []byte(raw)
			if tampered[i] == byte(with) {
				continue
			}
			tampered[i] = byte(with)
			check("character of the signature", v.content(t), signing.Style{}.Header(string(tampered)))
		}
	}
	check("longer signature", v.content(t), signing.Style{}.Header(v.Encoded+"A"))
	check("shorter signature", v.content(t), signing.Style{}.Header(v.Encoded[:len(v.Encoded)-1]))
}

func changed(b []byte, i int) []byte {
	out := bytes.Clone(b)
	out[i] ^= 1
	return out
}

// TestPublishedVector is the one that a platform's own documentation prints
// (the protocol, section 4), with its public key.
func TestPublishedVector(t *testing.T) {
	t.Parallel()
	const public = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAncs79nNvv3kgURnQ/2BhuAINW4BDEzYVYi0z3HTiahMLBtTS9qsd0d0/RW6oAFxiyS7ooWxN0pQF4RM/hpU4OkU1Qy2oy3GsLA0HRXfvU1g3MY4bd+t2ud5sOBZSS10JHBblF3AcW3kpVm5opfdPrb/kfdZZYi7GUuouYyhnTGvxnx1QgMLCIPj3kAvjVOG1JkCPBwkLoh8RDKqO9aaHbKQH2hZbUymaLQiNmcFsm96+wQxCJBkr94iq7BOjywoaMjXHWD33TuCwNlW6THYM5Y8RRP8qS3Ou28+pF9bpc4w9mR61zEWWa23orRAIH2Ws+coHa9lRUJeaErPnjwLi5wIDAQAB"
	const value = "gDkciFcBUMJYSsIqwnaBMg2ydAjLirQU7%2FChr0eH5tHzvVq7wcf8rstwhS%2BfKNSsKB%2BM5T56T3VmZRtwDIuXWb8oTfUHpUyrnkxzfF%2FwCamoS1CiE1ciW8z3cc%2F71%2FKeX4oStBsXUnOeFhUoh1RiN7X39PZaHw5WoMH2Y2SSjaZ0jkPBTaydBIC%2BHhhd2MY0o6q7fqrgxyDkUUIn36LMaLAu4mWr1fIcZ4bMc0m65Plv%2B0MAkHJGGpsOD2EKf15H5PKZUreFkd4SlPtLoQvIPFZtToTUZ3tgN1FZ5Ts0DAy49RvJ2n3YICbQM17ziOoCuH2iepVddxOaCDjHmAlTsg%3D%3D"
	c := signing.Content{
		Method: "POST", Target: "/api/v1/zoloz/authentication/test", ClientID: "2188487325442931", Time: "2022-05-27T11:53:28+0000",
		Body: []byte(`{"title":"hello","description":"just for demonstration."}`),
	}
	canonical := c.Canonical()
	if want := "POST /api/v1/zoloz/authentication/test\n2188487325442931.2022-05-27T11:53:28+0000." + string(c.Body); string(canonical) != want {
		t.Errorf("canonical string %q, want %q", canonical, want)
	}
	der, err := base64.StdEncoding.DecodeString(public)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		t.Fatal(err)
	}
	platform := signing.Key{ID: "platform", Public: parsed.(*rsa.PublicKey)}
	header := []string{"algorithm=RSA256, signature=" + value}
	v := signing.Verify(signing.Check{Canonical: canonical, Headers: header, Expected: []signing.Key{platform}})
	if got := hex.EncodeToString(v.Digest[:]); got != "34aa7405b0cb87648f225cdd9e90c6fcb4c2651d824c3f2fd3b9561ac8139b29" {
		t.Errorf("SHA-256 %s", got)
	}
	if v.Status != signing.Verified || len(v.Signature) != 256 || v.Encoding != signing.PercentBase64 || v.Header.HasKeyVersion {
		t.Errorf("%s (%d bytes, %s): %s", v.Status, len(v.Signature), v.Encoding, v.Reason)
	}
	if other := signing.Verify(signing.Check{Canonical: canonical, Headers: header, Expected: keyring(t)}); other.Status != signing.UnknownKey {
		t.Errorf("with keys that did not make it: %s: %s", other.Status, other.Reason)
	}
	if again := signing.EncodeValue(v.Signature, v.Encoding); again != value {
		t.Errorf("written again as %s", again)
	}
}
