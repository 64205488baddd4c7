package signing_test

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	"countersign/apiclient/signing"
)

func FuzzParseHeader(f *testing.F) {
	for _, s := range []string{
		"", "algorithm=RSA256, keyVersion=1, signature=a%2Fb%3D%3D", "signature=abc,algorithm=rsa256", "Signature: signature=\"a,b\"",
		"algorithm=RSA256;signature=abc", "algorithm=RSA256，signature=abc", "a=b,\r\n signature=abc", "sign=abc", "\u0130\u212a signature=abc", ",,=,\x00=",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h, err := signing.ParseHeader(s)
		if err != nil {
			var e *signing.SpellingError
			if !errors.As(err, &e) || e.Cause == "" || e.Says == "" || e.Fix == "" {
				t.Fatalf("%q: %#v", s, err)
			}
			return
		}
		if h.Value == "" || strings.Trim(h.Value, " \t") != h.Value || strings.ContainsAny(h.Value, "\r\n") {
			t.Fatalf("%q: value %q", s, h.Value)
		}
		if !strings.Contains(strings.NewReplacer("\r", "", "\n", "", " ", "", "\t", "").Replace(s), strings.NewReplacer(" ", "", "\t", "", "\r", "", "\n", "").Replace(h.Value)) {
			t.Fatalf("%q: value %q is not in it", s, h.Value)
		}
		// Whoever wrote the pairs down plainly would be read alike.
		var plain []string
		for _, p := range h.Pairs {
			if strings.EqualFold(p.Key, "signature") {
				plain = append(plain, p.Key+"="+p.Value)
			}
		}
		again, err := signing.ParseHeader(strings.Join(plain, ","))
		if err != nil || again.Value != h.Value {
			t.Fatalf("%q: read again as %q, %v", s, again.Value, err)
		}
	})
}

func FuzzDecodeValue(f *testing.F) {
	for _, s := range []string{"", "AAAA", "%2B%2FA%3D", "%2b%2fA%3d", "+/A=", "-_A", "-_A%3D", "AAB=", "AA AA", "\"AAAA\"", "%252B", "A%", "====", "AA==\n"} {
		f.Add(s)
	}
	all := []signing.Encoding{signing.PercentBase64, signing.PercentBase64Lower, signing.Base64, signing.Base64URL, signing.Base64URLRaw}
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range signing.Readings(s) {
			if len(r.Signature) == 0 || r.Says == "" || r.Fix == "" || r.Cause() == "" {
				t.Fatalf("%q: reading %+v", s, r)
			}
		}
		sig, e, err := signing.DecodeValue(s)
		if err != nil {
			var v *signing.SpellingError
			if !errors.As(err, &v) || v.Cause == "" || v.Says == "" || v.Fix == "" || sig != nil {
				t.Fatalf("%q: %#v, %x", s, err, sig)
			}
			sig = []byte(s)
			if s == "" {
				return
			}
		} else if !sameValue(s, signing.EncodeValue(sig, e)) {
			// One signature has one spelling in each encoding: only what is
			// percent-encoded may differ.
			t.Fatalf("%q: %x as %s, which is written %q", s, sig, e, signing.EncodeValue(sig, e))
		}
		for _, e := range all {
			again, _, err := signing.DecodeValue(signing.EncodeValue(sig, e))
			if err != nil || !bytes.Equal(again, sig) {
				t.Fatalf("%x as %s: read as %x, %v", sig, e, again, err)
			}
		}
	})
}

// sameValue compares without percent-encoding.
func sameValue(a, b string) bool { return unescaped(a) == unescaped(b) }

func unescaped(s string) string {
	const digits = "0123456789abcdef"
	lower := strings.ToLower(s)
	var out []byte
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			out = append(out, s[i])
			continue
		}
		high := strings.IndexByte(digits, lower[i+1])
		low := strings.IndexByte(digits, lower[i+2])
		out = append(out, byte(high<<4|low))
		i += 2
	}
	return string(out)
}

// FuzzVerify changes canonical string and header of a right signature: unless
// the content and the bytes of the signature are the same, nothing verifies.
func FuzzVerify(f *testing.F) {
	p := signed(f, "client2048", content)
	f.Add(content, p.Header)
	f.Add(content[1:], p.Header)
	f.Add(content, p.Header[:len(p.Header)-1])
	f.Add(content, "algorithm=RSA256, signature="+signing.EncodeValue(p.Signature, signing.Base64URLRaw))
	f.Add(content, "algorithm=RSA256, signature=\""+p.Value+"\"")
	f.Add(content, p.Header+", "+p.Header)
	f.Add(content, "algorithm=RSA256, signature="+strings.Repeat("a5", 256))
	f.Fuzz(func(t *testing.T, canonical []byte, header string) {
		c := signing.Check{Canonical: canonical, Headers: []string{header}, Expected: keysOf(t, "client2048"), Known: keysOf(t, "server2048")}
		v := signing.Verify(c)
		if v.OK() && (!bytes.Equal(canonical, content) || !bytes.Equal(v.Signature, p.Signature)) {
			t.Fatalf("%q verifies with %q", canonical, header)
		}
		if v.Status == "" || v.Reason == "" || !v.OK() && v.Hint == "" {
			t.Fatalf("%q with %q: %q, %q, %q", canonical, header, v.Status, v.Reason, v.Hint)
		}
		if v.Status == signing.Mismatch && bytes.Equal(canonical, content) && v.Recovered.Regular() {
			t.Fatalf("%q: a mismatch over the very content", header)
		}
		if strict, ok := signing.Strictly(c); ok != v.OK() || ok && !reflect.DeepEqual(strict, v) {
			t.Fatalf("%q: strictly %v %+v, and the verdict is %+v", header, ok, strict, v)
		}
		c.Expected, c.Known = nil, c.Expected
		if signing.Verify(c).OK() {
			t.Fatalf("%q verifies without an expected key", header)
		}
	})
}

func FuzzParseTemplate(f *testing.F) {
	for _, s := range []string{"", signing.DefaultTemplate, "{{x}}{uri}", "{", "}", "{uri", `\n`, "{body}{body}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		tmpl, err := signing.ParseTemplate(s)
		if err != nil {
			var e *signing.TemplateError
			if !errors.As(err, &e) || e.Says == "" || e.Fix == "" || e.Offset < 0 || e.Offset > len(s) {
				t.Fatalf("%q: %#v", s, err)
			}
			return
		}
		if tmpl.String() != s {
			t.Fatalf("%q is written %q", s, tmpl.String())
		}
		if plain := tmpl.Canonical(signing.Content{}); len(plain) > len(s) {
			t.Fatalf("%q gives %q of nothing", s, plain)
		}
	})
}
