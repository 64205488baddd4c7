package signing

import (
	"fmt"
	"slices"
	"strings"
)

// HeaderName is the name of the header that carries a signature.
const HeaderName = "Signature"

// IsHeaderName reports whether name is that of the Signature header, in any
// case.
func IsHeaderName(name string) bool { return strings.EqualFold(name, HeaderName) }

// Header is a Signature header, parsed.
type Header struct {
	Algorithm     string    // as written, such as "RSA256"; "" where there was none
	KeyVersion    string    // as written; "" where there was none
	HasKeyVersion bool      // false where the newest key is meant (the protocol, section 1)
	Value         string    // after "signature=", trimmed, not decoded
	Pairs         []Pair    // all pairs in the order met
	Warnings      []Warning // what is odd about it but does not keep it from being read
}

// Pair is one key=value of a Signature header.
type Pair struct{ Key, Value string }

// SpellingError says why a Signature header, or the value in it, has no signature
// that can be used.
type SpellingError struct {
	Cause string // short name in snake_case: "signature_missing" and "signature_empty" mean unsigned
	Says  string // one sentence, without its full stop
	Fix   string // what the sender must do
	Meant string // of a header: the text that is probably meant as the value; "" where there is none
}

func misspelt(cause, says, fix string) error {
	return &SpellingError{Cause: cause, Says: says, Fix: fix}
}

func (e *SpellingError) Error() string { return e.Says }

// Hint says how to fix it.
func (e *SpellingError) Hint() string { return e.Fix }

const writeHeader = "write algorithm=RSA256, keyVersion=1, signature=…"

// Limits of what is read as a signature. One by a key of 16,384 bits, the
// largest in use, takes 8 KiB where every byte is percent-encoded.
const (
	MaxHeaderSize = 16 << 10 // bytes of one Signature header
	MaxHeaders    = 16       // Signature headers of one message
	maxWarnings   = 16       // warnings about one header
)

// ParseHeader reads one Signature header value: key=value pairs between commas,
// in any order, with spaces anywhere around them, keys in any case, folded
// lines unfolded; only the first "=" of a pair divides it. Unknown and repeated
// pairs are warnings; two different signatures are an error, because each
// reader would take another one. A header of more than MaxHeaderSize bytes is not
// read. An error is a *SpellingError; the Header then holds what could be read.
func ParseHeader(s string) (Header, error) {
	var h Header
	if err := checkSize(s); err != nil {
		return h, err
	}
	text, err := h.unfold(s)
	if err != nil {
		return h, err
	}
	text = h.dropName(strings.Trim(text, " \t"))
	if text == "" {
		return h, misspelt("signature_missing", "the Signature header is empty", writeHeader)
	}
	segments := splitPairs(text)
	for _, segment := range segments {
		key, value, found := strings.Cut(segment, "=")
		key, value = strings.Trim(key, " \t"), strings.Trim(value, " \t")
		switch {
		case key == "" && value == "":
			h.warn("signature_header_empty_pair", "The Signature header has a comma with nothing beside it.")
			continue
		case !found:
			h.warn("signature_header_stray_text",
				"The Signature header has %q, which is no key=value pair.", clip(key))
		}
		h.Pairs = append(h.Pairs, Pair{key, value})
	}
	if err := h.assign(segments); err != nil {
		return h, err
	}
	h.checkAlgorithm()
	return h, nil
}

// Causes of headers that are not read at all.
const (
	headerTooLong  = "signature_header_too_long"
	headersTooMany = "signature_header_too_many"
)

func checkSize(headers ...string) error {
	if n := len(headers); n > MaxHeaders {
		return misspelt(headersTooMany, fmt.Sprintf("there are %d Signature headers; at most %d are read", n,
			MaxHeaders), "send one: each receiver takes another of them")
	}
	for _, s := range headers {
		if len(s) > MaxHeaderSize {
			return misspelt(headerTooLong,
				fmt.Sprintf("the Signature header has %d bytes; at most %d are read", len(s), MaxHeaderSize),
				"send one signature, which takes 344 characters of base64 for a key of 2,048 bits")
		}
	}
	return nil
}

func (h *Header) warn(cause, format string, args ...any) {
	if len(h.Warnings) >= maxWarnings {
		return
	}
	h.Warnings = append(h.Warnings, Warning{cause, fmt.Sprintf(format, args...)})
}

// unfold joins folded lines: a line break and the blanks after it are one
// space. A line break without blanks would be the end of the header.
func (h *Header) unfold(s string) (string, error) {
	s = strings.TrimRight(s, "\r\n")
	if !strings.ContainsAny(s, "\r\n") {
		return s, nil
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '\r' && s[i] != '\n' {
			b.WriteByte(s[i])
			i++
			continue
		}
		if strings.HasPrefix(s[i:], "\r\n") {
			i++
		}
		i++
		rest := strings.TrimLeft(s[i:], " \t")
		if s[i-1] == '\r' || len(rest) == len(s)-i {
			return "",
				misspelt("signature_header_line_break", "the Signature header has a line break that folds no line",
					"write the header on one line; encode the signature without line breaks")
		}
		b.WriteByte(' ')
		i = len(s) - len(rest)
	}
	h.warn("signature_header_folded",
		"The Signature header is folded over several lines, which HTTP no longer allows.")
	return b.String(), nil
}

// dropName takes the header's own name off the front of its value: whatever a
// platform calls it, one of the value's pairs follows.
func (h *Header) dropName(s string) string {
	name, rest, found := strings.Cut(s, ":")
	pair, _, _ := strings.Cut(rest, "=")
	known := slices.Contains([]string{"algorithm", "keyversion", "signature"},
		strings.ToLower(strings.Trim(pair, " \t")))
	if name = strings.Trim(name, " \t"); !found || !IsHeaderName(name) &&
		(!known || name == "" || strings.ContainsAny(name, "=,\" \t")) {
		return s
	}
	h.warn("signature_header_name_repeated", "The value of the Signature header starts with the header's name again.")
	return strings.Trim(rest, " \t")
}

// splitPairs cuts at commas that are not inside a quoted value.
func splitPairs(s string) []string {
	var segments []string
	start, quoted, opened := 0, false, false
	for i := range len(s) {
		switch c := s[i]; {
		case quoted:
			quoted = c != '"'
		case c == '"' && opened && strings.IndexByte(s[i+1:], '"') >= 0:
			quoted = true
		case c == ',':
			segments = append(segments, s[start:i])
			start, opened = i+1, false
		case c == '=':
			opened = true
		case c != ' ' && c != '\t':
			opened = false
		}
	}
	return append(segments, s[start:])
}

// assign finds the three pairs that the protocol knows.
func (h *Header) assign(segments []string) error {
	seen := map[string]string{}
	for _, p := range h.Pairs {
		name := strings.ToLower(p.Key)
		value, quoted := p.Value, false
		if name != "signature" {
			value, quoted = unquote(p.Value)
		}
		switch name {
		case "algorithm", "keyversion", "signature":
		default:
			if p.Value != "" {
				h.warn("signature_header_unknown_pair",
					"The Signature header has a pair %q that the protocol does not know.", clip(p.Key))
			}
			continue
		}
		if first, again := seen[name]; again {
			if name == "signature" && first == "" && value != "" {
				return &SpellingError{"signature_header_pair_repeated",
					"the Signature header has its signature pair twice, and the first one is empty",
					"send one signature pair", value}
			}
			if name == "signature" && first != value {
				return misspelt("signature_header_pair_repeated",
					"the Signature header has two different signatures", "send one signature pair")
			}
			h.warn("signature_header_pair_repeated",
				"The Signature header has %s more than once; the first one counts.", p.Key)
			continue
		}
		seen[name] = value
		if quoted {
			h.warn("signature_header_quoted", "The value of %s is in quotes.", p.Key)
		}
		if p.Key != name && name != "keyversion" || name == "keyversion" && p.Key != "keyVersion" {
			h.warn("signature_header_key_case",
				"The Signature header writes %q in another case than the protocol.", p.Key)
		}
		switch name {
		case "algorithm":
			h.Algorithm = value
		case "keyversion":
			h.KeyVersion, h.HasKeyVersion = value, true
		case "signature":
			h.Value = value
		}
	}
	if slices.ContainsFunc(unset, func(s string) bool { return strings.EqualFold(s, h.Value) }) {
		return misspelt("signature_empty", fmt.Sprintf("the signature pair of the Signature header is the word %s",
			h.Value), "send the signature after signature=; the variable was not set")
	}
	if h.Value != "" {
		return nil
	}
	return h.whyMissing(seen, segments)
}

// unset are what languages write for a variable that is not set.
var unset = []string{"null", "undefined", "none", "nil", "nan", "<nil>", "(null)", `""`, "''"}

// whyMissing looks for a signature that is there under another form.
func (h *Header) whyMissing(seen map[string]string, segments []string) error {
	if _, there := seen["signature"]; there {
		return misspelt("signature_empty", "the signature pair of the Signature header is empty",
			"send the signature after signature=")
	}
	for _, segment := range segments {
		segment = strings.Trim(segment, " \t")
		if i := indexPair(segment); i > 0 {
			separator := separatorBefore(segment[:i])
			return &SpellingError{"signature_header_separator",
				fmt.Sprintf("the pairs of the Signature header are separated by %q, not by commas", separator),
				"separate the pairs by commas: " + writeHeader, firstPart(segment[i+len("signature="):], separator)}
		}
	}
	for _, p := range h.Pairs {
		if slices.Contains(otherNames, strings.ToLower(p.Key)) && p.Value != "" {
			return &SpellingError{"signature_header_param_name",
				fmt.Sprintf("the Signature header has no pair called signature; it has %s=", p.Key),
				"call the pair signature", p.Value}
		}
	}
	for _, segment := range segments {
		if value := strings.Trim(segment, " \t"); len(value) >= minSignature &&
			strings.IndexFunc(value, notInValue) < 0 {
			return &SpellingError{"signature_header_bare_value",
				"the Signature header is a value alone, without pairs", writeHeader, value}
		}
	}
	return misspelt("signature_missing", "the Signature header has no signature pair", writeHeader)
}

// indexPair finds "signature=" in any case. It compares bytes: a change of case
// may change the length of other letters.
func indexPair(s string) int {
	const pair = "signature="
	for i := 0; i+len(pair) <= len(s); i++ {
		if strings.EqualFold(s[i:i+len(pair)], pair) {
			return i
		}
	}
	return -1
}

// notInValue reports what no spelling of a signature has in it.
func notInValue(r rune) bool { return !isBase64(r) && !strings.ContainsRune("%= ", r) }

// otherNames are what other platforms call the pair.
var otherNames = []string{"sign", "sig", "signaturevalue", "signature_value", "signature-value", "sign_value", "value"}

// separatorBefore returns what stands between two pairs, at the end of before.
func separatorBefore(before string) string {
	before = strings.TrimRight(before, " \t")
	if before == "" {
		return " "
	}
	last := []rune(before)[len([]rune(before))-1]
	if isBase64(last) && last != '/' {
		return " "
	}
	return string(last)
}

func firstPart(s, separator string) string {
	part, _, _ := strings.Cut(s, separator)
	return strings.Trim(part, " \t")
}

func unquote(s string) (string, bool) {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		return s[1 : len(s)-1], true
	}
	return s, false
}

// checkAlgorithm compares with the one algorithm there is. A wrong name is a
// warning: the signature itself shows by what rule it was made.
func (h *Header) checkAlgorithm() {
	switch {
	case h.Algorithm == "":
		h.warn("algorithm_missing", "The header names no algorithm; RSA256 was taken.")
	case !strings.EqualFold(h.Algorithm, "RSA256"):
		h.warn("algorithm_unknown", "The header names the algorithm %q; only RSA256 is supported.", clip(h.Algorithm))
	}
}

// clip keeps a message short whatever the header holds.
func clip(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
