package signing

import "crypto/rsa"

// The signatures that the rest of the program is written against.

// Template is a content rule; the zero value is DefaultTemplate.
type Template struct{ parts []part }

type part struct{ literal, name string }

// DefaultTemplate is the content rule of protocol.md, section 3.
const DefaultTemplate = "{method} {uri}\n{client_id}.{time}.{body}"

// ParseTemplate reads a content template. Placeholders: {method} {uri} {path}
// {query} {client_id} {merchant_id} {request_id} {time} {body}.
func ParseTemplate(s string) (Template, error) { panic("todo") }

// Canonical gives the bytes that this template signs for c.
func (t Template) Canonical(c Content) []byte { panic("todo") }

// Canonical gives the bytes that are signed for c by the default rule.
func (c Content) Canonical() []byte { return Template{}.Canonical(c) }

// Header is a Signature header, parsed.
type Header struct {
	Algorithm     string // as written, such as "RSA256"
	KeyVersion    string // as written; "" where there was none
	HasKeyVersion bool
	Value         string // after "signature=", trimmed, not decoded
	Pairs         []Pair // all pairs in the order met
	Warnings      []Warning
}

// Pair is one key=value of a Signature header.
type Pair struct{ Key, Value string }

// ParseHeader reads one Signature header value.
func ParseHeader(s string) (Header, error) { panic("todo") }

// Encoding is a spelling of the signature value.
type Encoding string

// The spellings that are accepted. Raw names are used in config and JSON.
const (
	PercentBase64      Encoding = "percent-base64"       // percent-encoded standard base64, upper-case hex: the default
	PercentBase64Lower Encoding = "percent-base64-lower" // the same with lower-case hex (.NET)
	Base64             Encoding = "base64"               // standard, padded
	Base64URL          Encoding = "base64url"            // URL alphabet, padded
	Base64URLRaw       Encoding = "base64url-raw"        // URL alphabet, no padding
)

// EncodeValue spells a signature for the header.
func EncodeValue(sig []byte, e Encoding) string { panic("todo") }

// DecodeValue reads a signature value and says how it was spelt.
func DecodeValue(v string) (sig []byte, e Encoding, err error) { panic("todo") }

// Style says how a Signature header is written. The zero value is the
// documentation's form: ", " between pairs, percent-encoded base64.
type Style struct {
	Compact    bool     // "," between pairs instead of ", "
	KeyVersion string   // "" leaves keyVersion out
	Encoding   Encoding // "" means PercentBase64
}

// Sign signs canonical with key: SHA-256, RSASSA-PKCS1-v1_5.
func Sign(key *rsa.PrivateKey, canonical []byte, style Style) (Proof, error) { panic("todo") }

// Verify checks one message's signature.
func Verify(c Check) Verdict { panic("todo") }

// Recover opens sig with pub.
func Recover(pub *rsa.PublicKey, sig []byte) (Recovered, bool) { panic("todo") }
