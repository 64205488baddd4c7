package signing

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// Encoding is a spelling of the signature value.
type Encoding string

// The spellings that are accepted (the protocol, section 3). Their names are
// used in the configuration and in JSON.
const (
	PercentBase64      Encoding = "percent-base64"       // percent-encoded standard base64, upper-case hex: the default
	PercentBase64Lower Encoding = "percent-base64-lower" // the same with lower-case hex (.NET)
	Base64             Encoding = "base64"               // standard, padded
	Base64URL          Encoding = "base64url"            // URL alphabet, padded
	Base64URLRaw       Encoding = "base64url-raw"        // URL alphabet, no padding
)

var (
	percentUpper = strings.NewReplacer("+", "%2B", "/", "%2F", "=", "%3D")
	percentLower = strings.NewReplacer("+", "%2b", "/", "%2f", "=", "%3d")
)

// EncodeValue spells a signature for the header. An Encoding that is not one
// of the five counts as PercentBase64.
func EncodeValue(sig []byte, e Encoding) string {
	switch e {
	case Base64:
		return base64.StdEncoding.EncodeToString(sig)
	case Base64URL:
		return base64.URLEncoding.EncodeToString(sig)
	case Base64URLRaw:
		return base64.RawURLEncoding.EncodeToString(sig)
	case PercentBase64Lower:
		return percentLower.Replace(base64.StdEncoding.EncodeToString(sig))
	}
	return percentUpper.Replace(base64.StdEncoding.EncodeToString(sig))
}

const sendPercent = "send standard base64, percent-encoded once: + as %2B, / as %2F, = as %3D"

// DecodeValue reads a signature value and says how it was spelt. It takes the
// five Encodings and nothing else: no white space, no missing or extra padding
// in the standard alphabet, no stray bits in the last character, so that a
// signature has one spelling in each. Line breaks are taken out where an encoder
// put them and the whole value was percent-encoded after that, as the scripts of
// one platform do. Where a value fits several, its bytes are
// the same in all of them and the name is the first that fits: percent-base64
// where nothing needs escaping, and padded where no padding is due. An error
// is a *SpellingError.
func DecodeValue(v string) (sig []byte, e Encoding, err error) {
	if v == "" {
		return nil, "",
			misspelt("signature_empty", "the signature value is empty", "send the signature after signature=")
	}
	text, escapes, err := percentDecode(v)
	if err != nil {
		return nil, "", err
	}
	if unbroken, ok := unwrapEscaped(v, text); ok {
		text = unbroken
	}
	if err := checkText(v, text, escapes); err != nil {
		return nil, "", err
	}
	e = spelling(text, escapes)
	coding := base64.StdEncoding
	switch e {
	case Base64URL:
		coding = base64.URLEncoding
	case Base64URLRaw:
		coding = base64.RawURLEncoding
	}
	sig, decodeErr := coding.Strict().DecodeString(text)
	if decodeErr != nil {
		return nil, "", valueErrorAt(text, e, decodeErr)
	}
	return sig, e, nil
}

// escapeUse says how a value uses percent-encoding.
type escapeUse int

const (
	noEscapes escapeUse = iota
	upperEscapes
	lowerEscapes // at least one hex letter in lower case
)

// percentDecode undoes one level of percent-encoding.
func percentDecode(v string) (string, escapeUse, error) {
	if strings.IndexByte(v, '%') < 0 {
		return v, noEscapes, nil
	}
	use := upperEscapes
	var text strings.Builder
	text.Grow(len(v))
	for i := 0; i < len(v); i++ {
		if v[i] != '%' {
			text.WriteByte(v[i])
			continue
		}
		if i+2 >= len(v) || !isHex(v[i+1]) || !isHex(v[i+2]) {
			return "", 0, misspelt("signature_percent_broken",
				fmt.Sprintf("the percent sign at byte %d of the value is not followed by two hexadecimal digits", i+1),
				sendPercent+"; a length limit on the way may have cut the value")
		}
		if v[i+1] >= 'a' || v[i+2] >= 'a' {
			use = lowerEscapes
		}
		text.WriteByte(unhex(v[i+1])<<4 | unhex(v[i+2]))
		i += 2
	}
	return text.String(), use, nil
}

func isHex(c byte) bool { return unhex(c) < 16 }

// unhex returns 255 for what is no hexadecimal digit.
func unhex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}

// checkText names what keeps a value from being base64, where the reason can
// be told from the characters alone.
func checkText(v, text string, use escapeUse) error {
	switch {
	case use != noEscapes && strings.IndexByte(text, '%') >= 0:
		return misspelt("signature_double_urlencoded", "the value is percent-encoded twice",
			"encode it once: an HTTP library that encodes header values must be given plain base64")
	case len(v) > 1 && (text[0] == '"' || text[0] == '\''):
		return misspelt("signature_quoted", "the value is in quotes", "send the value without quotes")
	case strings.ContainsAny(text, " \t\r\n"):
		return blankError(text)
	case strings.ContainsAny(text, "+/") && strings.ContainsAny(text, "-_"):
		return misspelt("signature_alphabets_mixed",
			"the value mixes the characters of base64 (+ /) with those of base64url (- _)", sendPercent)
	}
	return nil
}

// Widths of the lines that `openssl base64` and `base64` write.
const opensslWidth, base64Width = 64, 76

// unwrapEscaped takes the line breaks out of a value that is the output of such a
// command, percent-encoded as a whole (Python's quote leaves its slashes): each
// line ends in a line feed, the last one, too. Any other breaks are a fault.
func unwrapEscaped(v, text string) (string, bool) {
	if strings.ContainsAny(v, "+= \t\r\n") || !strings.HasSuffix(text, "\n") {
		return "", false
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	width := len(lines[0])
	if len(lines) > 1 && width != opensslWidth && width != base64Width {
		return "", false
	}
	for i, line := range lines {
		last := i == len(lines)-1
		if strings.ContainsAny(line, " \t\r") || len(line) > width || !last && len(line) < width {
			return "", false
		}
	}
	return strings.Join(lines, ""), true
}

// blankError tells a wrapped value from one whose plus signs became spaces.
func blankError(text string) error {
	if strings.ContainsAny(text, "\t\r\n") || wrappedAt(text) > 0 {
		return misspelt("signature_line_wrapped", "the base64 of the value is wrapped into lines",
			"encode without line breaks: base64 -w0, Base64.NO_WRAP, getEncoder() instead of getMimeEncoder()")
	}
	return misspelt("signature_plus_became_space", "the value has spaces where base64 has plus signs",
		"percent-encode the base64 (+ as %2B), or do not decode it as a form")
}

// wrappedAt returns the line length where the spaces of text stand at regular
// columns, as line breaks that became spaces do; else 0.
func wrappedAt(text string) int {
	lines := strings.Split(text, " ")
	width := len(lines[0])
	if len(lines) == 1 || width < 60 || width > 80 {
		return 0
	}
	for i, line := range lines {
		if len(line) != width && i < len(lines)-1 || len(line) > width {
			return 0
		}
	}
	return width
}

// spelling names the encoding of text that has been percent-decoded.
func spelling(text string, use escapeUse) Encoding {
	padded := strings.IndexByte(text, '=') >= 0
	whole := padded || len(text)%4 == 0
	switch {
	case strings.ContainsAny(text, "-_") && whole:
		return Base64URL
	case strings.ContainsAny(text, "-_"):
		return Base64URLRaw
	case use == lowerEscapes:
		return PercentBase64Lower
	case use == upperEscapes:
		return PercentBase64
	case padded || strings.ContainsAny(text, "+/"):
		return Base64
	case whole:
		return PercentBase64
	}
	return Base64URLRaw
}

// valueErrorAt says what the base64 decoder did not like.
func valueErrorAt(text string, e Encoding, err error) error {
	body := strings.TrimRight(text, "=")
	at := 0
	if corrupt := base64.CorruptInputError(0); errors.As(err, &corrupt) {
		at = int(corrupt)
	}
	if i := strings.IndexFunc(body, func(r rune) bool { return !isBase64(r) && r != '=' }); i >= 0 {
		return misspelt("signature_not_base64",
			fmt.Sprintf("the value has %q at byte %d, which is no base64 character",
				[]rune(body[i:])[0], i+1), sendPercent)
	}
	if i := strings.IndexByte(body, '='); i >= 0 {
		return misspelt("signature_trailing_garbage",
			fmt.Sprintf("the value goes on after its padding, at byte %d", i+1),
			"end the value after its padding: something was appended to it")
	}
	switch pads := len(text) - len(body); {
	case len(body)%4 == 1:
		return misspelt("signature_truncated",
			fmt.Sprintf("the value has %d base64 characters, which no number of bytes gives: it was cut", len(body)),
			"look for a length limit or for a line break that ends the value")
	case len(text)%4 != 0 && pads == 0 && e != Base64URLRaw:
		return misspelt("signature_missing_padding", "the padding of the base64 is missing",
			"keep the = signs at the end, as %3D: a split at = drops them")
	case len(text)%4 != 0 && pads < (4-len(body)%4)%4 && e != Base64URLRaw:
		return misspelt("signature_missing_padding",
			fmt.Sprintf("the value ends in %d padding signs where %d are due", pads, (4-len(body)%4)%4),
			"keep the = signs at the end, as %3D: a split at = drops them")
	case len(text)%4 != 0 && e != Base64URLRaw || pads > 2:
		return misspelt("signature_padding_wrong",
			fmt.Sprintf("the value ends in %d padding signs where %d are due", pads, (4-len(body)%4)%4),
			"pad the base64 to a multiple of four characters")
	}
	return misspelt("signature_stray_bits",
		fmt.Sprintf("the last base64 character carries bits that belong to no byte (byte %d)", at+1),
		"a character of the value was changed, or its end was cut")
}

func isBase64(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("+/-_", r)
}
