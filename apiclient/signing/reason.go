package signing

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// blame returns the verdict where a key is known to have made the signature.
func (v *Verdict) blame(c Check, k opener, r *Recovered) {
	v.Key, v.Recovered = k.ID, r
	covers := r.Covers(c.Canonical)
	if !k.expected {
		v.wrongKey(c, k, r, covers)
		return
	}
	v.Status = Mismatch
	switch {
	case covers && r.Regular():
		// crypto/rsa refuses what the arithmetic confirms: the key itself is
		// below its limits.
		v.Reason = fmt.Sprintf("%s signed exactly this content, but a key of %d bits is too weak to count.",
			k.ID, k.Public.N.BitLen())
		v.Hint = "Make a new pair of 2,048 bits or more and exchange public keys again."
	case covers && r.Fault != nil && r.Fault.Cause != "digestinfo_malformed" && r.Fault.Cause != "padding_malformed":
		v.Reason = fmt.Sprintf("Key and content are right: %s signed exactly this, but %s.", k.ID, r.Fault.Says)
		v.Hint = methodHint(*r)
	case covers && r.Fault != nil:
		v.Reason = fmt.Sprintf("Key and digest are right, the wrapping is not: %s signed exactly this, but %s.", k.ID,
			r.Fault.Says)
		v.Hint = methodHint(*r)
	case r.Fault != nil:
		v.Reason = fmt.Sprintf("The key is right: %s signed it, but the wrapping is malformed: %s. The digest "+
			"of "+"this content is not in it.", k.ID, r.Fault.Says)
		v.Hint = methodHint(*r)
	case covers:
		v.Reason = fmt.Sprintf("Key and content are right: %s signed exactly this, but by another method (%s) "+
			"than "+"RSA256, which is SHA-256 with PKCS#1 v1.5.", k.ID, r.Method())
		v.Hint = methodHint(*r)
	case r.Regular():
		v.Reason = fmt.Sprintf("The key is right: %s (%s) signed it, but over other content.", k.ID, r.Method())
		v.Hint = "Compare the signed string of the other side with this one byte for byte: path prefix, " +
			"time, Client-Id, body."
	default:
		v.Reason = fmt.Sprintf("%s signed it, but over other content and by another method (%s) than RSA256, "+
			"which "+"is SHA-256 with PKCS#1 v1.5.", subject(k, r), r.Method())
		v.Hint = methodHint(*r)
	}
}

// subject names the signer, with a doubt where there is one.
func subject(k opener, r *Recovered) string {
	if r.Certain() {
		return "The key is right: " + k.ID
	}
	return "The key is almost certainly right: " + k.ID
}

func (v *Verdict) wrongKey(c Check, k opener, r *Recovered, covers bool) {
	v.Status = WrongKey
	what := "the content is right"
	if !covers {
		what = "the content is another one, too"
	}
	if !r.Regular() {
		what += fmt.Sprintf(", and so is the method (%s)", r.Method())
		if covers {
			what = fmt.Sprintf("the content is right, but the method is another one (%s)", r.Method())
		}
	}
	certainty := "Signed by"
	if !r.Certain() && !covers {
		certainty = "Almost certainly signed by"
	}
	if len(c.Expected) == 0 {
		v.Reason = fmt.Sprintf("%s %s, but no key is set that should have signed, so nothing can be verified; %s.",
			certainty, k.ID, what)
		v.Hint = fmt.Sprintf("If %s is the right signer, make it the expected key.", k.ID)
		return
	}
	v.Reason = fmt.Sprintf("%s %s where %s was expected; %s.", certainty, k.ID, expectedNames(c), what)
	v.Hint = fmt.Sprintf("The private key of %s has to sign; or verify with %s if that is the right key.",
		expectedNames(c), k.ID)
}

func expectedNames(c Check) string {
	names := make([]string, len(c.Expected))
	for i, k := range c.Expected {
		names[i] = k.ID
	}
	return strings.Join(names, " or ")
}

// methodHint says what to change in the signer's code.
func methodHint(r Recovered) string {
	switch r.Padding {
	case PKCS1v15:
		return "Sign with SHA256withRSA: RSA256 names SHA-256."
	case PSS:
		return "Sign with PKCS#1 v1.5 padding (SHA256withRSA, RSASSA-PKCS1-v1_5), not with PSS."
	case Malformed:
		return "Let the library make the whole signature (SHA256withRSA): padding and DigestInfo made by hand must " +
			"be right in every byte."
	case PKCS1v15NoNULL:
		return "Let the library make the whole signature (SHA256withRSA): a DigestInfo made by hand lacks its NULL."
	}
	return "Let the library hash and pad (SHA256withRSA); encrypting with the private key leaves the DigestInfo out."
}

// misspelt returns the verdict where a signature was found in a value that is not
// spelt by the rule.
func (v *Verdict) misspelt(c Check, r Reading, k opener, recovered *Recovered) {
	v.Status, v.Key, v.Recovered, v.Repaired = Undecodable, k.ID, recovered, &r
	for _, cause := range r.Causes {
		v.addWarning(cause, r.Says)
	}
	over := "over exactly this content"
	if !recovered.Covers(c.Canonical) {
		over = "over other content"
	}
	who := k.ID
	if !k.expected && len(c.Expected) > 0 {
		who += " (not " + expectedNames(c) + ")"
	}
	v.Reason = fmt.Sprintf("%s; behind that, %s signed it (%s) %s.", upperFirst(r.Says), who, recovered.Method(), over)
	v.Hint = sentence(r.Fix)
}

// unknown returns the verdict where no known key made the signature.
func (v *Verdict) unknown(c Check) {
	v.Status = UnknownKey
	keys := openers(c)
	switch {
	case len(keys) == 0:
		v.Reason = "There is no key to verify this signature with."
		v.Hint = "Set the other side's public key."
		return
	case len(c.Expected) == 0:
		v.Reason = "No known key made this signature, and no key is set that should have."
		v.Hint = "Set the other side's public key."
	default:
		v.Reason = "No known key made this signature: " + tried(keys) + "."
		v.Hint = "Compare the SHA-256 of the signer's public key with those of the keys here, and the value as it " +
			"was sent with the one that arrived."
	}
	if v.noSignature(c) {
		return
	}
	if caseFolded(v.Header.Value) {
		v.undecodable(foldedCause, foldedSays, foldedFix)
		return
	}
	if misread := Readings(v.Header.Value); len(misread) > 0 {
		r := misread[0]
		v.undecodable(r.Cause(), r.Says+"; behind that, no known key made it", r.Fix)
		return
	}
	if cause, says, fix := lengthSays(v.Signature, keys); says != "" {
		v.Reason = "No known key made this signature: " + says + "."
		v.Hint = sentence(fix)
		v.addWarning(cause, says)
	}
}

func tried(keys []opener) string {
	if len(keys) == 1 {
		return keys[0].ID + " does not open it, so another key made it or a character of it was changed"
	}
	return fmt.Sprintf("none of the %d known keys opens it, so another key made it or a character of it was changed",
		len(keys))
}

// lengthSays explains a signature that is as long as no expected key's, or no
// key's where none is expected (the protocol, section 3, on the decoded length).
func lengthSays(sig []byte, keys []opener) (cause, says, fix string) {
	var due opener
	for _, k := range keys {
		if !usable(k.Public) || due.Public != nil && !k.expected && due.expected {
			continue
		}
		if k.Public.Size() == len(sig) {
			return "", "", ""
		}
		if due.Public == nil {
			due = k
		}
	}
	if due.Public == nil {
		return "", "", ""
	}
	size := due.Public.Size()
	cause, tail, fix := lengthCause(sig, size)
	return cause, fmt.Sprintf("it decodes to %d bytes where %s needs %d%s", len(sig), due.ID, size, tail), fix
}

// LengthCause names what a length of sig other than size, that of the key,
// suggests, such as "not_rsa_hmac"; "" where it is that of the key.
func LengthCause(sig []byte, size int) string {
	if len(sig) == size {
		return ""
	}
	cause, _, _ := lengthCause(sig, size)
	return cause
}

// lengthCause returns what a length other than size suggests.
func lengthCause(sig []byte, size int) (cause, says, fix string) {
	const anywhere = "find out where the value is changed between signing and the header: " + sendPercent
	switch n := len(sig); {
	case n == 32:
		return "not_rsa_hmac", ", which is the length of an HMAC-SHA256 or of a digest",
			"sign with the RSA private key, not with a shared secret"
	case n >= 68 && n <= 72 && sig[0] == 0x30:
		return "not_rsa_ecdsa", ", and it looks like an ECDSA signature (DER)", "sign with an RSA key"
	case n == 64:
		return "not_rsa_signature", ", which is the length of an Ed25519 or raw ECDSA signature, or of an HMAC-SHA512",
			"sign with the RSA private key"
	case n == 128 || n == 256 || n == 384 || n == 512:
		return "wrong_key_size", fmt.Sprintf(", which is the length of a signature by a key of %d bits", 8*n),
			"sign with the key whose public half is configured here, or set the right one"
	case n < size && n >= size-8:
		return "wrong_signature_length",
			", as when its end was cut, some + were lost, or an integer dropped leading zeros", anywhere
	case n == 48 && n < size:
		return "not_rsa_hmac", ", which is the length of a SHA-384 digest or of an HMAC-SHA384, or of the first " +
				"line of base64 in lines of 64 characters",
			"sign with the RSA private key, and encode without line breaks: base64 -w0, Base64.NO_WRAP"
	case n < size && lineCut(sig) > 0:
		return "signature_truncated",
			fmt.Sprintf(": it was cut at %d characters, where base64 breaks its lines", lineCut(sig)),
			"encode without line breaks: base64 -w0, Base64.NO_WRAP, getEncoder() instead of getMimeEncoder()"
	case n < size:
		return "signature_truncated", ": it was cut", "look for a length limit or for a line break that ends the value"
	case n >= size+8:
		return "wrong_signature_length", ", as when it is encoded twice or not decoded", anywhere
	}
	return "wrong_signature_length", "", anywhere
}

// sentence makes a fragment a sentence.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return upperFirst(s) + "."
}

func upperFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
