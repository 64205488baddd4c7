// Package elsewhere finds the signatures that a message carries outside of its
// Signature header, as the schemes of other platforms do: in another header, in a
// member of the body, in a parameter of a form or of the query. With each come the
// strings that such a signature usually covers.
package elsewhere

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"countersign/apiclient"
	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/signing"
	"countersign/apiclient/wire"
)

// Signature is a value that stands where others put their signature.
type Signature struct {
	Place  string // in words: `the header X-Signature`, `the member /signature of the body`
	Header string // name of the header it is in; "" for other places
	Value  string // with what carries it undone, such as JSON's escapes; of "name=value" pairs the value alone
	Whole  string // the text around Value in a header, where that has the form of the protocol; else ""

	// Usual returns what is usually signed there, the likeliest first.
	Usual func() []Content
}

// Content is a string that may have been signed.
type Content struct {
	Says  string // in words: `the bytes of the member /response`
	Bytes []byte
}

// maxFound bounds how many signatures are returned: a message has one or two.
const maxFound = 8

// Find returns the signatures of a message that are not in the header whose name
// is given, those first whose name says what they are. It takes time linear in the
// size of the message.
func Find(m *apiclient.Message, signatureHeader string) []Signature {
	var found finder
	found.inHeaders(m, signatureHeader)
	if _, query, ok := strings.Cut(wire.PathOf(m.Target()), "?"); ok {
		found.inPairs(query, "the query")
	}
	found.inBody(m)
	all := append(found.named, found.likely...)
	return all[:min(len(all), maxFound)]
}

// finder keeps the signatures whose name says it, and the others, as long as there is
// room.
type finder struct{ named, likely []Signature }

func (found *finder) keep(s Signature, byName bool) {
	list := &found.likely
	if byName {
		list = &found.named
	}
	if len(*list) < maxFound {
		*list = append(*list, s)
	}
}

// pair is a signature among others: `mchid="1",signature="…"`, `t=1,v1=…`.
var pair = lazyregexp.New(`(?i)(?:^|[\s,;&?])"?(?:signature|sign|sig|v\d|sha-?\d+)"?\s*[=:]\s*"?([A-Za-z0-9+/=_%~-]{22,})`)

func (found *finder) inHeaders(m *apiclient.Message, signatureHeader string) {
	for _, f := range m.Header {
		if strings.EqualFold(f.Name, signatureHeader) || len(f.Value) > maxValue {
			continue
		}
		s := Signature{Place: "the header " + f.Name, Header: f.Name, Value: strings.Trim(f.Value, ` "'`),
			Usual: func() []Content { return []Content{{"the body alone", m.Body}} }}
		p := pair.FindStringSubmatch(f.Value)
		if p != nil {
			s.Value = p[1]
			if h, err := signing.ParseHeader(f.Value); err == nil && h.Value != "" {
				s.Whole = f.Value
			}
		}
		if _, token, ok := strings.Cut(s.Value, " "); ok && p == nil && isRSA(token) { // behind the name of a scheme
			s.Value = token
		}
		if last := s.Value[strings.LastIndexByte(s.Value, '.')+1:]; p == nil && isValue(last) { // a JWS has dots
			s.Value = last
		}
		switch {
		case p != nil, names(f.Name) && isValue(s.Value):
			found.keep(s, true)
		case isRSA(s.Value):
			found.keep(s, false)
		}
	}
}

// maxValue is how long a text with a signature may be, in bytes: that of a key of
// 16,384 bits has 2,732 characters in base64.
const maxValue = 8192

// names reports whether a name says that it is of a signature: X-Signature,
// sign, hmacSignature; and not X-Sign-Type, signature_nonce.
func names(name string) bool {
	words := strings.FieldsFunc(spaced(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	says := false
	for _, w := range words {
		switch strings.ToLower(w) {
		case "signature", "sign", "sig", "signdata", "signvalue", "signstr", "xsignature", "xsign", "hmac":
			says = true
		case "type", "method", "nonce", "version", "time", "timestamp", "id", "key", "algorithm", "alg", "input", "headers":
			return false
		}
	}
	return says
}

// spaced puts a space before each capital letter that follows a small one.
func spaced(name string) string {
	var b strings.Builder
	last := ' '
	for _, r := range name {
		if unicode.IsUpper(r) && unicode.IsLower(last) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// value are the characters of base64, base64url, hexadecimal, and of these with
// percent escapes; 22 of them have the 16 bytes of the shortest digest.
var value = lazyregexp.New(`^[A-Za-z0-9+/=_%\r\n-]{22,}$`)

func isValue(s string) bool { return len(s) <= maxValue && value.MatchString(s) }

// isRSA reports whether a text is the base64 of as many bytes as the signatures of
// usual RSA keys have, which little else is.
func isRSA(s string) bool {
	if !isValue(s) {
		return false
	}
	b, err := base64.StdEncoding.DecodeString(s)
	return err == nil && slices.Contains([]int{128, 256, 384, 512}, len(b))
}

// inPairs looks at the parameters of a form or query.
func (found *finder) inPairs(text, of string) {
	list := parsePairs(text)
	for i, p := range list {
		byName := names(p.name) && isValue(p.value)
		if !byName && !isRSA(p.value) {
			continue
		}
		s := Signature{Place: fmt.Sprintf("the parameter %s of %s", p.name, of), Value: p.value,
			Usual: func() []Content { return joined(slices.Delete(slices.Clone(list), i, i+1), "parameters") }}
		found.keep(s, byName)
	}
}
