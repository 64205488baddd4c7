package apiclient

import (
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient/hint"
	"countersign/apiclient/signing"
)

// plainName is a name without what people spell differently: case, blanks and
// separators.
func plainName(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("-_ .:/", r) {
			return -1
		}
		return r
	}, strings.ToLower(s))
}

var encodings = []signing.Encoding{signing.PercentBase64, signing.PercentBase64Lower, signing.Base64, signing.Base64URL,
	signing.Base64URLRaw}

// encodingNames are what people call the encodings, as plainName has it.
var encodingNames = map[signing.Encoding][]string{
	signing.PercentBase64: {"percentbase64", "base64percent", "percent", "percentencoded", "urlencoded", "urlencode",
		"urlencodedbase64", "urlencodebase64", "base64urlencoded", "base64urlencode", "base64percentencoded", "percentencodedbase64"},
	signing.PercentBase64Lower: {"percentbase64lower", "urlencodedlower", "urlencodelower", "percentlower", "dotnet"},
	signing.Base64: {"base64", "b64", "plain", "plainbase64", "base64plain", "base64std", "stdbase64", "base64standard",
		"standardbase64", "standard", "std"},
	signing.Base64URL: {"base64url", "b64url", "urlbase64", "urlsafe", "base64urlsafe", "urlsafebase64", "base64safe",
		"base64urlpadded"},
	signing.Base64URLRaw: {"base64urlraw", "rawbase64url", "rawurl", "base64rawurl", "base64urlnopad", "base64urlnopadding",
		"base64urlunpadded", "base64urlwithoutpadding", "urlsafenopad", "urlsafenopadding", "jws", "jose"},
}

// ParseEncoding returns the encoding that somebody means who writes s into a
// profile: "base64url" as well as "url-safe" or "Base64_URL". An error is a
// *FieldError for the setting signature_encoding.
func ParseEncoding(s string) (signing.Encoding, error) {
	for _, e := range encodings {
		if slices.Contains(encodingNames[e], plainName(s)) {
			return e, nil
		}
	}
	says := fmt.Sprintf("is %q", s)
	if slices.Contains([]string{"hex", "base16", "hexlower", "hexupper", "hexadecimal"}, plainName(s)) {
		says += ", which is not written: a receiver of this protocol reads base64"
	}
	return "", &FieldError{"signature_encoding", says, hint.Fix("use one of " + quoted(encodings))}
}

// ParseHeaderSpacing reports whether a profile that says s wants no blank behind
// the commas of the Signature header. An error is a *FieldError for the setting
// header_spacing.
func ParseHeaderSpacing(s string) (compact bool, err error) {
	switch strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(s)) {
	case "commaspace", "commaandspace", "commablank", ", ", "space", "spaced", "blank", " ", "withspace":
		return false, nil
	case "comma", ",", "compact", "nospace", "withoutspace", "commaonly", "commanospace":
		return true, nil
	}
	return false, &FieldError{"header_spacing", fmt.Sprintf("is %q", s), `use one of "comma-space", "comma"`}
}

// HeaderSetting returns the key of header_names that somebody means by name, in
// any spelling: "clientId" and "Client-Id" are client_id.
func HeaderSetting(name string) (setting string, ok bool) {
	for _, r := range renamable {
		if plainName(r.setting) == plainName(name) {
			return r.setting, true
		}
	}
	return "", false
}
