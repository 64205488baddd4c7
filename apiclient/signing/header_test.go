package signing_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"countersign/apiclient/signing"
)

func TestParseHeader(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, header              string
		algorithm, version, value string
		warnings                  []string
	}{
		{"documentation", "algorithm=RSA256, keyVersion=1, signature=a%2Fb%3D%3D", "RSA256", "1", "a%2Fb%3D%3D", nil},
		{"SDKs", "algorithm=RSA256,keyVersion=0,signature=abc", "RSA256", "0", "abc", nil},
		{"no keyVersion", "algorithm=RSA256, signature=abc", "RSA256", "", "abc", nil},
		{"signature first", "signature=abc, algorithm=RSA256, keyVersion=2", "RSA256", "2", "abc", nil},
		{"signature in the middle", "keyVersion=2,signature=abc,algorithm=RSA256", "RSA256", "2", "abc", nil},
		{"= inside the value", "algorithm=RSA256, keyVersion=1, signature=ab==", "RSA256", "1", "ab==", nil},
		{"blanks everywhere", "  algorithm = RSA256 ,\tkeyVersion\t=  2 , signature = abc\t ", "RSA256", "2", "abc", nil},
		{"algorithm in small letters", "algorithm=rsa256, signature=abc", "rsa256", "", "abc", nil},
		{"keys in other case", "ALGORITHM=RSA256, keyversion=1, Signature=abc", "RSA256", "1", "abc",
			[]string{"signature_header_key_case", "signature_header_key_case", "signature_header_key_case"}},
		{"folded by CRLF and space", "algorithm=RSA256,\r\n keyVersion=1,\r\n\tsignature=abc", "RSA256", "1", "abc", []string{"signature_header_folded"}},
		{"folded by LF and tab", "algorithm=RSA256, keyVersion=1,\n\t\tsignature=abc", "RSA256", "1", "abc", []string{"signature_header_folded"}},
		{"folded after the equals sign", "algorithm=RSA256, signature=\r\n abc", "RSA256", "", "abc", []string{"signature_header_folded"}},
		{"line break at the end", "algorithm=RSA256, signature=abc\r\n", "RSA256", "", "abc", nil},
		{"name again", "Signature: algorithm=RSA256, signature=abc", "RSA256", "", "abc", []string{"signature_header_name_repeated"}},
		{"unknown pair", "algorithm=RSA256, headers=none, signature=abc", "RSA256", "", "abc", []string{"signature_header_unknown_pair"}},
		{"unknown pair with a comma in quotes", `algorithm=RSA256, headers="date, host", signature=abc`, "RSA256", "", "abc", []string{"signature_header_unknown_pair"}},
		{"quoted algorithm", `algorithm="RSA256", keyVersion="1", signature=abc`, "RSA256", "1", "abc", []string{"signature_header_quoted", "signature_header_quoted"}},
		{"quoted signature stays quoted", `algorithm=RSA256, signature="abc"`, "RSA256", "", `"abc"`, nil},
		{"repeated pair", "algorithm=RSA256, keyVersion=1, keyVersion=2, signature=abc", "RSA256", "1", "abc", []string{"signature_header_pair_repeated"}},
		{"the same signature twice", "algorithm=RSA256, signature=abc, signature=abc", "RSA256", "", "abc", []string{"signature_header_pair_repeated"}},
		{"empty pairs", ",algorithm=RSA256,, signature=abc,", "RSA256", "", "abc",
			[]string{"signature_header_empty_pair", "signature_header_empty_pair", "signature_header_empty_pair"}},
		{"stray text", "RSA, algorithm=RSA256, signature=abc", "RSA256", "", "abc", []string{"signature_header_stray_text"}},
		{"no algorithm", "keyVersion=1, signature=abc", "", "1", "abc", []string{"algorithm_missing"}},
		{"another algorithm", "algorithm=SHA256withRSA, signature=abc", "SHA256withRSA", "", "abc", []string{"algorithm_unknown"}},
		{"empty keyVersion", "algorithm=RSA256, keyVersion=, signature=abc", "RSA256", "", "abc", nil},
		{"unclosed quote", `algorithm=RSA256, headers="x, signature=abc`, "RSA256", "", "abc", []string{"signature_header_unknown_pair"}},
	}
	for _, tt := range tests {
		h, err := signing.ParseHeader(tt.header)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if h.Algorithm != tt.algorithm || h.KeyVersion != tt.version || h.Value != tt.value {
			t.Errorf("%s: algorithm %q, keyVersion %q, value %q", tt.name, h.Algorithm, h.KeyVersion, h.Value)
		}
		if has := strings.Contains(strings.ToLower(tt.header), "keyversion"); h.HasKeyVersion != has {
			t.Errorf("%s: HasKeyVersion %v", tt.name, h.HasKeyVersion)
		}
		var causes []string
		for _, w := range h.Warnings {
			causes = append(causes, w.Cause)
			if !strings.HasSuffix(w.Says, ".") {
				t.Errorf("%s: %q is no sentence", tt.name, w.Says)
			}
		}
		if !slices.Equal(causes, tt.warnings) {
			t.Errorf("%s: warnings %v, want %v", tt.name, causes, tt.warnings)
		}
	}
}

func TestParseHeaderKeepsPairsInOrder(t *testing.T) {
	t.Parallel()
	h, err := signing.ParseHeader("x=1,signature=a=b=,X=2, algorithm = RSA256")
	want := []signing.Pair{{Key: "x", Value: "1"}, {Key: "signature", Value: "a=b="}, {Key: "X", Value: "2"}, {Key: "algorithm", Value: "RSA256"}}
	if err != nil || !slices.Equal(h.Pairs, want) {
		t.Errorf("pairs %v, %v; want %v", h.Pairs, err, want)
	}
}

func TestParseHeaderErrors(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Zm9vYmFy", 43)
	tests := []struct{ name, header, cause, meant string }{
		{"empty", "", "signature_missing", ""},
		{"blank", " \t ", "signature_missing", ""},
		{"no signature", "algorithm=RSA256, keyVersion=1", "signature_missing", ""},
		{"no pair at all", "RSA256", "signature_missing", ""},
		{"empty signature", "algorithm=RSA256, signature=", "signature_empty", ""},
		{"two signatures", "signature=abc, signature=abd", "signature_header_pair_repeated", ""},
		{"semicolons", "algorithm=RSA256;keyVersion=1;signature=abc%3D", "signature_header_separator", "abc%3D"},
		{"semicolons, signature first", "signature=abc; algorithm=RSA256", "", ""},
		{"full-width commas", "algorithm=RSA256，keyVersion=1，signature=abc", "signature_header_separator", "abc"},
		{"ampersands", "algorithm=RSA256&signature=abc&keyVersion=1", "signature_header_separator", "abc"},
		{"spaces", "algorithm=RSA256 keyVersion=1 signature=abc", "signature_header_separator", "abc"},
		{"sign=", "algorithm=RSA256, sign=abc", "signature_header_param_name", "abc"},
		{"Sig=", "algorithm=RSA256, Sig=abc==", "signature_header_param_name", "abc=="},
		{"value alone", long + "==", "signature_header_bare_value", long + "=="},
		{"value alone, percent-encoded", long + "%3D", "signature_header_bare_value", long + "%3D"},
		{"line break that folds nothing", "algorithm=RSA256\r\nsignature=abc", "signature_header_line_break", ""},
		{"lone carriage return", "algorithm=RSA256,\r signature=abc", "signature_header_line_break", ""},
	}
	for _, tt := range tests {
		_, err := signing.ParseHeader(tt.header)
		if tt.cause == "" {
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		var h *signing.SpellingError
		if !errors.As(err, &h) {
			t.Errorf("%s: error %v", tt.name, err)
			continue
		}
		if h.Cause != tt.cause || h.Meant != tt.meant {
			t.Errorf("%s: %s, meant %q; want %s, %q", tt.name, h.Cause, h.Meant, tt.cause, tt.meant)
		}
		if h.Error() == "" || h.Hint() == "" || strings.HasSuffix(h.Error(), ".") {
			t.Errorf("%s: error %q, hint %q", tt.name, h.Error(), h.Hint())
		}
	}
}

func TestIsHeaderName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"Signature": true, "signature": true, "SIGNATURE": true, "Signature ": false, "Sign": false, "X-Signature": false} {
		if signing.IsHeaderName(name) != want {
			t.Errorf("IsHeaderName(%q) = %v", name, !want)
		}
	}
}

func TestStyleHeader(t *testing.T) {
	t.Parallel()
	for want, style := range map[string]signing.Style{
		"algorithm=RSA256, signature=V":               {},
		"algorithm=RSA256, keyVersion=1, signature=V": {KeyVersion: "1"},
		"algorithm=RSA256,signature=V":                {Compact: true},
		"algorithm=RSA256,keyVersion=2,signature=V":   {Compact: true, KeyVersion: "2"},
	} {
		if got := style.Header("V"); got != want {
			t.Errorf("%+v: %q, want %q", style, got, want)
		}
	}
}

// A pasted line keeps its header's name, whatever a platform calls it.
func TestNamedHeaderLine(t *testing.T) {
	t.Parallel()
	for line, named := range map[string]bool{
		"Signature: algorithm=RSA256, keyVersion=1, signature=abcd": true, "X-Signature: algorithm=RSA256, keyVersion=1, signature=abcd": true, "sign : signature=abcd": true,
		"algorithm=RSA256, signature=ab:signature=cd": false, "X-Signature: keyId=1": false,
	} {
		h, _ := signing.ParseHeader(line)
		warned := slices.ContainsFunc(h.Warnings, func(w signing.Warning) bool { return w.Cause == "signature_header_name_repeated" })
		if warned != named || named && h.Value != "abcd" {
			t.Errorf("%s: %q, warned %v", line, h.Value, warned)
		}
	}
}
