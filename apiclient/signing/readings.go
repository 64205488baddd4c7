package signing

import (
	"bytes"
	"crypto/rsa"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// Reading is a signature found in a value by undoing a fault of its spelling.
// It explains; Verify never takes one for the signature.
type Reading struct {
	Causes    []string // the faults in the order undone, such as "signature_hex"; the first is the outermost
	Says      string   // one sentence about the value, without its full stop
	Fix       string   // what the sender must do
	Signature []byte
}

// Fault returns the words for a fault of spelling: what it is, one sentence
// without its full stop, and what the sender must do; "" for a cause that is
// none.
func Fault(cause string) (says, fix string) {
	for _, list := range [][]fault{faults, deepFaults} {
		for _, f := range list {
			if f.cause == cause {
				return f.says, f.fix
			}
		}
	}
	for _, t := range terminals {
		if t.cause == cause {
			return t.says, t.fix
		}
	}
	return "", ""
}

// JWSInput returns what the signature of a JSON Web Signature covers, its header
// and payload (RFC 7515, section 5.1), where value is one or the base64 of one.
func JWSInput(value string) ([]byte, bool) {
	text, _, err := percentDecode(value)
	if err != nil {
		text = value
	}
	for range 2 {
		parts := strings.Split(text, ".")
		if len(parts) == 3 && strings.HasPrefix(text, "ey") {
			return []byte(parts[0] + "." + parts[1]), true
		}
		inner, ok := Reading{}.looseBase64(text)
		if !ok {
			break
		}
		text = string(inner)
	}
	return nil, false
}

// Cause returns the fault to name first.
func (r Reading) Cause() string {
	if len(r.Causes) == 0 {
		return ""
	}
	return r.Causes[0]
}

// fault is one way to misspell a value and how to undo it; undo gives nothing
// where the value does not have it.
type fault struct {
	cause, says, fix string
	undo             func(string) (string, bool)
}

var faults = []fault{
	{"signature_quoted", "the value is in quotes", "send the value without quotes", unquoteAny},
	{"signature_double_urlencoded", "the value is percent-encoded twice", "encode it once", percentAgain},
	{"signature_prefixed", "the value has something in front of the signature", "send the signature alone after signature=", dropPrefix},
	{"signature_line_wrapped", "the base64 of the value is wrapped into lines", "encode without line breaks", unwrap},
	{"signature_plus_became_space", "the value has spaces where base64 has plus signs",
		"percent-encode the base64 (+ as %2B), or do not decode it as a form", plusAgain},
	{"signature_trailing_garbage", "the value goes on after its padding", "end the value after its padding", cutAfterPadding},
	{"signature_alphabets_mixed", "the value mixes the characters of base64 (+ /) with those of base64url (- _)",
		sendPercent, oneAlphabet},
}

// Readings returns what a signature value may have been before it was misspelt:
// quoted, encoded twice, wrapped, in hexadecimal, and so on. The value as
// DecodeValue reads it is not among them.
func Readings(value string) []Reading {
	text := value
	if decoded, _, err := percentDecode(value); err == nil {
		text = decoded
	}
	text = strings.Trim(text, " \t")
	var r Reading
	for _, f := range faults {
		if undone, ok := f.undo(text); ok {
			text = undone
			r = r.with(f.cause, f.says, f.fix)
		}
	}
	return r.decode(text, 2)
}

func (r Reading) with(cause, says, fix string) Reading {
	r.Causes = append(r.Causes[:len(r.Causes):len(r.Causes)], cause)
	if r.Says != "" {
		return r
	}
	r.Says, r.Fix = says, fix
	return r
}

func (r Reading) found(sig []byte) Reading {
	r.Signature = sig
	return r
}

// decode reads text as hexadecimal, a JWS, or base64 that may hold text again.
func (r Reading) decode(text string, depth int) []Reading {
	if sig, ok := fromHex(text); ok {
		cause, says := "signature_hex", "the value is in hexadecimal, not in base64"
		if depth < 2 {
			cause, says = "signature_base64_of_hex", "the value is the base64 of hexadecimal text"
		}
		return []Reading{r.with(cause, says,
			"encode the bytes of the signature in base64, not their hexadecimal form").found(sig)}
	}
	if parts := strings.Split(text, "."); len(parts) == 3 && strings.HasPrefix(text, "ey") {
		sig, err := base64.RawURLEncoding.DecodeString(parts[2])
		if err != nil {
			return nil
		}
		return []Reading{r.with("jws_instead_of_signature",
			"the value is a JSON Web Signature, whose signature covers its own header and payload",
			"sign the canonical string itself, not a token").found(sig)}
	}
	sig, ok := r.looseBase64(text)
	if !ok {
		return nil
	}
	if depth > 0 && printable(sig) && len(sig) >= 64 {
		twice := r
		if inner := strings.Trim(string(sig), " \r\n"); !isHexText(inner) && !strings.Contains(inner, ".") {
			twice = r.with("signature_double_base64", "the value is base64 of base64",
				"encode the bytes of the signature once")
		}
		return twice.decode(strings.Join(strings.Fields(string(sig)), ""), depth-1)
	}
	if len(r.Causes) > 0 {
		return []Reading{r.found(sig)}
	}
	_, _, err := DecodeValue(text)
	if v, ok := errors.AsType[*SpellingError](err); ok {
		return []Reading{r.with(v.Cause, v.Says, v.Fix).found(sig)}
	}
	return nil
}

// looseBase64 reads either alphabet with any padding.
func (r Reading) looseBase64(text string) ([]byte, bool) {
	text = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(text, "="))
	sig, err := base64.RawStdEncoding.DecodeString(text)
	return sig, err == nil && len(sig) > 0
}

func fromHex(text string) ([]byte, bool) {
	text = strings.NewReplacer(":", "", " ", "").Replace(text)
	text = strings.TrimPrefix(strings.TrimPrefix(text, "0x"), "0X")
	if len(text) < 2*minSignature {
		return nil, false
	}
	sig, err := hex.DecodeString(text)
	return sig, err == nil
}

// minSignature is the shortest signature worth looking for: a 512-bit key's.
const minSignature = 64

func isHexText(s string) bool {
	_, ok := fromHex(s)
	return ok
}

func unquoteAny(s string) (string, bool) {
	t := strings.Trim(s, `"'`)
	return t, t != s && t != ""
}

func percentAgain(s string) (string, bool) {
	undone := false
	for range 4 {
		t, use, err := percentDecode(s)
		if err != nil || use == noEscapes {
			break
		}
		s, undone = t, true
	}
	return s, undone
}

// dropPrefix drops "RSA256:", "base64," and such, but not the colons of
// hexadecimal text.
func dropPrefix(s string) (string, bool) {
	i := strings.LastIndexAny(s, ":,")
	if i < 0 || isHexText(s) || len(s)-i < minSignature {
		return s, false
	}
	return strings.Trim(s[i+1:], " \t"), true
}

func unwrap(s string) (string, bool) {
	if !strings.ContainsAny(s, "\t\r\n") && wrappedAt(s) == 0 || isHexText(s) {
		return s, false
	}
	return strings.Join(strings.Fields(s), ""), true
}

func plusAgain(s string) (string, bool) {
	if isHexText(s) {
		return s, false
	}
	return strings.ReplaceAll(s, " ", "+"), strings.Contains(s, " ")
}

func cutAfterPadding(s string) (string, bool) {
	i := strings.IndexByte(s, '=')
	if i < 0 {
		return s, false
	}
	end := i + len(s[i:]) - len(strings.TrimLeft(s[i:], "="))
	return s[:end], end < len(s)
}

func oneAlphabet(s string) (string, bool) {
	if !strings.ContainsAny(s, "+/") || !strings.ContainsAny(s, "-_") {
		return s, false
	}
	return strings.NewReplacer("-", "+", "_", "/").Replace(s), true
}

const (
	foldedCause = "signature_case_folded"
	foldedSays  = "all letters of the value have the same case, which base64 of a signature never has: something on " +
		"the way changed the case"
	foldedFix = "look for what lower-cases header values, such as a framework; the signature is lost"
)

// caseFolded reports whether text that should be base64 has letters of one case
// only. Hexadecimal has, too, and is another fault.
func caseFolded(value string) bool {
	text, _, err := percentDecode(value)
	if err != nil || len(text) < minSignature || isHexText(text) {
		return false
	}
	upper, lower := 0, 0
	for _, c := range text {
		switch {
		case 'A' <= c && c <= 'Z':
			upper++
		case 'a' <= c && c <= 'z':
			lower++
		}
	}
	return upper+lower >= minSignature/2 && (upper == 0 || lower == 0)
}

// fits returns sig in the ways in which it may belong to a key of size bytes:
// with the zeros that an integer lost or gained, or with its bytes in the other
// order.
func (r Reading) fits(sig []byte, size int) []Reading {
	var all []Reading
	switch {
	case len(sig) == size:
		if len(r.Causes) > 0 {
			all = append(all, r.found(sig))
		}
		reversed := bytes.Clone(sig)
		slices.Reverse(reversed)
		all = append(all, r.with("signature_byte_order_reversed", "the bytes of the signature are in reverse order",
			"reverse them before encoding: the Windows CryptoAPI gives the least significant byte first").found(reversed))
	case len(sig) > size && len(sig)-size <= 8 && len(bytes.Trim(sig[:len(sig)-size], "\x00")) == 0:
		all = append(all, r.with("signature_leading_zero_added", "a zero byte stands in front of the signature",
			"encode the signature itself: an integer's toByteArray adds a sign byte").found(sig[len(sig)-size:]))
	case len(sig) < size && size-len(sig) <= 2:
		padded := append(make([]byte, size-len(sig), size), sig...)
		all = append(all, r.with("signature_leading_zero_stripped", "the signature lost the zero byte at its front",
			"encode the signature itself, always as long as the modulus: integers drop leading zeros").found(padded))
	}
	return all
}

// reduced undoes a signature to which the modulus was added: RFC 8017, section
// 8.2.2, wants a number below it, since else one signature has many spellings.
func (r Reading) reduced(sig []byte, pub *rsa.PublicKey) []Reading {
	s := new(big.Int).SetBytes(sig)
	if len(sig) != pub.Size() || s.Cmp(pub.N) < 0 {
		return nil
	}
	s.Mod(s, pub.N)
	return []Reading{r.with("signature_not_reduced",
		"the signature is a number above the modulus: the modulus was added to it",
		"send the signature as the library makes it").found(s.FillBytes(make([]byte, pub.Size())))}
}

// trivial names a number that nobody needs a private key for; "" for others.
func trivial(sig []byte, keys []opener) string {
	if len(sig) < minSignature {
		return ""
	}
	switch rest := bytes.TrimLeft(sig, "\x00"); {
	case len(rest) == 0:
		return "all bytes of the value are 00, as of a buffer that was never filled"
	case len(rest) <= len(sig)/2:
		return fmt.Sprintf("all bytes of the value are 00 but for the last %s: that is no signature", count(len(rest)))
	case len(afterFill(sig)) == 0:
		return "all bytes of the value are FF, as of a buffer that was never filled"
	}
	for _, k := range keys {
		if !usable(k.Public) || k.Public.Size() != len(sig) {
			continue
		}
		distance := new(big.Int).Sub(new(big.Int).SetBytes(sig), k.Public.N)
		if distance.IsInt64() && distance.Int64() >= -1 && distance.Int64() <= 1 {
			return "the value is the modulus of " + k.ID + ", or one more or less: nobody signed anything"
		}
	}
	return ""
}
