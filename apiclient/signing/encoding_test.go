package signing_test

import (
	"bytes"
	"errors"
	"net/url"
	"strings"
	"testing"

	"countersign/apiclient/signing"
)

func TestDecodeValue(t *testing.T) {
	t.Parallel()
	tests := []struct {
		value string
		sig   string // as bytes
		e     signing.Encoding
	}{
		{"%2B%2FA%3D", "\xfb\xf0", signing.PercentBase64},
		{"%2b%2fA%3d", "\xfb\xf0", signing.PercentBase64Lower},
		{"%2B%2fA%3D", "\xfb\xf0", signing.PercentBase64Lower},
		{"+/A=", "\xfb\xf0", signing.Base64},
		{"-_A=", "\xfb\xf0", signing.Base64URL},
		{"-_A%3D", "\xfb\xf0", signing.Base64URL},
		{"-_A", "\xfb\xf0", signing.Base64URLRaw},
		{"%2D%5FA", "\xfb\xf0", signing.Base64URLRaw},
		{"%2B/A=", "\xfb\xf0", signing.PercentBase64}, // escaped in part: Python's quote leaves the slash
		{"%41AAA", "\x00\x00\x00", signing.PercentBase64},
		{"AAAA", "\x00\x00\x00", signing.PercentBase64}, // nothing to escape
		{"AAA=", "\x00\x00", signing.Base64},
		{"AAA", "\x00\x00", signing.Base64URLRaw},
		{"--__", "\xfb\xef\xff", signing.Base64URL}, // no padding is due
		{"++//", "\xfb\xef\xff", signing.Base64},
	}
	for _, tt := range tests {
		sig, e, err := signing.DecodeValue(tt.value)
		if err != nil || string(sig) != tt.sig || e != tt.e {
			t.Errorf("%q: %x as %s (%v), want %x as %s", tt.value, sig, e, err, tt.sig, tt.e)
		}
	}
}

// TestDecodeWrappedAndEscaped checks values that an encoder wrapped and that were
// percent-encoded after that, line breaks and all.
func TestDecodeWrappedAndEscaped(t *testing.T) {
	t.Parallel()
	full := vectors(t).Vectors[0]
	raw := signing.EncodeValue(full.Signature, signing.Base64)
	wrap := func(width int, end string) string {
		var b strings.Builder
		for i := 0; i < len(raw); i += width {
			b.WriteString(raw[i:min(i+width, len(raw))] + end)
		}
		return b.String()
	}
	tests := []struct {
		name, text string
		ok         bool
	}{
		{"base64 of coreutils", wrap(76, "\n"), true},
		{"openssl base64", wrap(64, "\n"), true},
		{"MIME", wrap(76, "\r\n"), false},
		{"without the last line feed", strings.TrimSuffix(wrap(76, "\n"), "\n"), false},
		{"a line feed at the end", raw + "\n", true},
		{"lines of another width", wrap(50, "\n"), false},
		{"one break more", strings.Replace(wrap(76, "\n"), "\n", "\n\n", 1), false},
		{"a break in a line", raw[:10] + "\n" + wrap(76, "\n")[10:], false},
		{"two line ends", strings.Replace(wrap(76, "\n"), "\n", "\r\n", 1), false},
	}
	for _, tt := range tests {
		sig, _, err := signing.DecodeValue(url.QueryEscape(tt.text))
		if ok := err == nil && bytes.Equal(sig, full.Signature); ok != tt.ok {
			t.Errorf("%s: read: %t (%v), want %t", tt.name, ok, err, tt.ok)
		}
		if _, _, err := signing.DecodeValue(tt.text); err == nil {
			t.Errorf("%s: taken without percent-encoding", tt.name)
		}
	}
}

func TestDecodeValueErrors(t *testing.T) {
	t.Parallel()
	full := vectors(t).Vectors[0]
	raw := signing.EncodeValue(full.Signature, signing.Base64)
	wrapped := raw[:76] + "\r\n" + raw[76:152] + "\r\n" + raw[152:228] + "\r\n" + raw[228:304] + "\r\n" + raw[304:]
	tests := []struct{ name, value, cause string }{
		{"empty", "", "signature_empty"},
		{"encoded twice", strings.ReplaceAll(full.Encoded, "%", "%25"), "signature_double_urlencoded"},
		{"plus as space", strings.ReplaceAll(raw, "+", " "), "signature_plus_became_space"},
		{"plus as %20", strings.ReplaceAll(full.Encoded, "%2B", "%20"), "signature_plus_became_space"},
		{"wrapped", wrapped, "signature_line_wrapped"},
		{"wrapped and escaped", strings.ReplaceAll(wrapped, "\r\n", "%0D%0A"), "signature_line_wrapped"},
		{"wrapped, folded", strings.ReplaceAll(wrapped, "\r\n", " "), "signature_line_wrapped"},
		{"line feed at the end", raw + "\n", "signature_line_wrapped"},
		{"double quotes", `"` + full.Encoded + `"`, "signature_quoted"},
		{"single quotes", "'" + raw + "'", "signature_quoted"},
		{"quote alone", `"`, "signature_not_base64"},
		{"two alphabets", "+/-_", "signature_alphabets_mixed"},
		{"padding missing", strings.TrimRight(raw, "="), "signature_missing_padding"},
		{"padding half", raw[:len(raw)-1], "signature_missing_padding"},
		{"padding too long", raw + "==", "signature_padding_wrong"},
		{"goes on", raw + "xxxx", "signature_trailing_garbage"},
		{"two values", raw + raw, "signature_trailing_garbage"},
		{"cut in an escape", full.Encoded[:len(full.Encoded)-1], "signature_percent_broken"},
		{"percent sign", "AA%GG", "signature_percent_broken"},
		{"cut after a character", "AAAAA", "signature_truncated"},
		{"other character", "AA*A", "signature_not_base64"},
		{"not ASCII", "AAé=", "signature_not_base64"},
		{"NUL", "AAA\x00", "signature_not_base64"},
		{"stray bits", "AAB=", "signature_stray_bits"},
		{"stray bits, no padding", "-_B", "signature_stray_bits"},
		{"only padding", "====", "signature_padding_wrong"},
	}
	for _, tt := range tests {
		sig, e, err := signing.DecodeValue(tt.value)
		var v *signing.SpellingError
		if !errors.As(err, &v) || sig != nil || e != "" {
			t.Errorf("%s: %x, %s, %v", tt.name, sig, e, err)
			continue
		}
		if v.Cause != tt.cause || v.Error() == "" || v.Hint() == "" {
			t.Errorf("%s: %s (%s; %s), want %s", tt.name, v.Cause, v.Error(), v.Hint(), tt.cause)
		}
	}
}

func TestReadings(t *testing.T) {
	t.Parallel()
	sig := vectors(t).Vectors[0].Signature
	raw := signing.EncodeValue(sig, signing.Base64)
	tests := []struct{ name, value, cause string }{
		{"prefix", "RSA256:" + raw, "signature_prefixed"},
		{"quoted and not escaped", `"` + raw + `"`, "signature_quoted"},
		{"encoded three times", strings.ReplaceAll(signing.EncodeValue(sig, signing.PercentBase64), "%", "%2525"), "signature_double_urlencoded"},
		{"hexadecimal with colons", colons(sig), "signature_hex"},
		{"two alphabets", strings.Replace(raw, "+", "-", 1), "signature_alphabets_mixed"},
		{"padding missing", strings.TrimRight(raw, "="), "signature_missing_padding"},
	}
	for _, tt := range tests {
		all := signing.Readings(tt.value)
		if len(all) != 1 || all[0].Cause() != tt.cause || !bytes.Equal(all[0].Signature, sig) || all[0].Says == "" || all[0].Fix == "" {
			t.Errorf("%s: %+v", tt.name, all)
		}
	}
	for _, e := range []signing.Encoding{signing.PercentBase64, signing.Base64, signing.Base64URL, signing.Base64URLRaw} {
		if all := signing.Readings(signing.EncodeValue(sig, e)); len(all) != 0 {
			t.Errorf("%s: a right value has faults: %+v", e, all)
		}
	}
	if c := (signing.Reading{}).Cause(); c != "" {
		t.Errorf("cause of nothing: %q", c)
	}
}

func colons(b []byte) string {
	const digits = "0123456789abcdef"
	var parts []string
	for _, c := range b {
		parts = append(parts, string([]byte{digits[c>>4], digits[c&15]}))
	}
	return strings.Join(parts, ":")
}
