package diagnose

import (
	"crypto"
	"crypto/sha256"
	"strings"
	"time"
	"unicode/utf8"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/variant"
	"countersign/apiclient/signing"
)

// Report is all that is known about a signature.
type Report struct {
	// Verdict is Verified only by strict verification with an expected key, and apiclient.SignatureRefused where the
	// other side refused a verified one.
	Verdict      signing.Status
	Side         apiclient.Side     // whose signature this is about
	Sides        apiclient.Sides    // how both stand; zero where there is no exchange
	Refusal      *apiclient.Refusal // how the other side refused the signature; nil unless Verdict says so
	Verification signing.Verdict    // that verification, with its intermediates
	Signer       *Signer            // nil where no known key made the signature

	Expected     []byte // the string that the rule gives
	Signed       []byte // the bytes that were really signed; nil where they were not found
	SignedDigest []byte // digest inside the signature, by Signer's hash; nil where none can be read
	Findings     []Finding
	Comparison   *Comparison // of what the other side told; nil where it told nothing
	Tried        int64       // hypotheses about the content
	Elapsed      time.Duration
	Ended        End // why the search ended

	verifiedOnly bool      // no search was asked for
	callback     bool      // the request is the other side's, and the answer ours
	elsewhere    *Finding  // where the signature of a message without a Signature header is
	theirs       []Finding // how the string that the other side told comes from ours
	kept         *original // of a report whose strings are masked
}

// original is what is kept of the strings of a report that are masked.
type original struct {
	signedSHA256     []byte
	signed, expected int // lengths in bytes
}

// End says why a search ended.
type End string

// Ends of a search.
const (
	NotSearched End = ""          // there was nothing to search
	Found       End = "found"     // the signed bytes were found
	Exhausted   End = "exhausted" // everything known was tried
	OutOfTime   End = "time"      // the budget was used up
	Canceled    End = "canceled"  // the person stopped it
)

// Signer is who made a signature, and how: certain unless Certain is false.
type Signer struct {
	Key     apiclient.Key
	Hash    crypto.Hash // 0 where none can be told
	Padding signing.Padding
	Salt    int  // bytes of salt; -1 where the padding has none
	Certain bool // false for some PSS signatures, until their content is found
}

// HashName writes a hash as reports do: "SHA-256", "MD5", or "none".
func HashName(h crypto.Hash) string {
	if h == 0 {
		return "none"
	}
	return strings.Replace(h.String(), "SHA1", "SHA-1", 1)
}

// Family groups causes.
type Family string

// Families of causes.
const (
	FamilyBody     Family = "body"
	FamilyTime     Family = "time"
	FamilyPath     Family = "path"
	FamilyMethod   Family = "method"
	FamilyTemplate Family = "template"
	FamilyClientID Family = "client_id"
	FamilyKey      Family = "key"
	FamilyHash     Family = "hash"
	FamilyPadding  Family = "padding"
	FamilyValue    Family = "signature_encoding"
	FamilyHeader   Family = "signature_header"
	FamilyResponse Family = "response"
	FamilyTamper   Family = "tamper"
	FamilyContent  Family = "content"
	FamilyWarning  Family = "warning"
)

// Finding is one cause, proven or suspected.
type Finding struct {
	Cause    string // short name in snake_case, such as "path_prefix_missing"
	Family   Family
	Proven   bool     // a digest matched, or a key opened the signature; else the evidence only suggests it
	Says     string   // one sentence: what differs
	Fix      string   // one sentence: what to do, with the code habit that does it
	Signed   string   // the differing part as it was signed
	Expected string   // its counterpart
	Also     []string // other single causes that give the very same bytes
	Setting  string   // the profile line that makes our string theirs: `signed_path = "{path}"`; "" where none does
	Theirs   bool     // Signed is of a string that they built to compare, Expected of ours
}

// Sides names what Signed and Expected are of.
func (f Finding) Sides() (signed, expected string) {
	if f.Theirs {
		return "theirs", "ours"
	}
	return "signed", "expected"
}

// Comparison is how what the other side told stands to the evidence.
type Comparison struct {
	Kind    string // what it was taken for: "string", "digest", "length", "signature header", "error text"
	Matches bool   // it is what the signature covers, or what the rule gives
	Says    string // one or two sentences
	Told    []byte // their string, found in what they told or by the digest they told; nil where none
	Ended   End    // why the search for it ended; NotSearched where there was none
}

// SignedSHA256 returns the SHA-256 of the bytes that were really signed, where it is
// known: from the signature itself, or from the bytes once they are found.
func (r *Report) SignedSHA256() []byte {
	switch {
	case r.kept != nil:
		return r.kept.signedSHA256
	case r.Signed != nil:
		sum := sha256.Sum256(r.Signed)
		return sum[:]
	case r.Signer != nil && r.Signer.Hash == regularHash && len(r.SignedDigest) == sha256.Size:
		return r.SignedDigest
	}
	return nil
}

// Proven reports whether the signed bytes were found.
func (r *Report) Proven() bool { return r.Signed != nil }

// Causes lists the causes of the findings in order, without warnings.
func (r *Report) Causes() []string {
	var causes []string
	for _, f := range r.Findings {
		if f.Family != FamilyWarning {
			causes = append(causes, f.Cause)
		}
	}
	return causes
}

// Headline says in one sentence what is certain.
func (r *Report) Headline() string {
	if r.Refusal != nil {
		return r.certainOf()
	}
	return r.Verification.Reason
}

// families finds the family of a cause by the beginning of its name, the
// longest first.
var families = []struct {
	prefix string
	family Family
}{
	{"method_space", FamilyTemplate}, {"method_newline", FamilyTemplate}, {"method_missing", FamilyTemplate}, {"method_", FamilyMethod},
	{"time_omitted", FamilyTemplate}, {"time_", FamilyTime},
	{"client_id_omitted", FamilyTemplate}, {"client_id_and_time_omitted", FamilyTemplate}, {"client_id_unknown_value", FamilyResponse},
	{"client_id_", FamilyClientID},
	{"path_", FamilyPath}, {"query_", FamilyPath},
	{"body_omitted", FamilyTemplate}, {"body_lost", FamilyTamper}, {"request_time_", FamilyTime}, {"request_", FamilyContent},
	{"body_not_in_evidence", FamilyContent}, {"changed_by_proxy", FamilyTamper}, {"environment_", FamilyKey},
	{"body_beyond_length", FamilyTamper}, {"body_chunked_not_decoded", FamilyTamper}, {"body_changed_in_transit", FamilyTamper},
	{"body_truncated", FamilyTamper}, {"body_replaced_by_proxy", FamilyTamper}, {"body_url_scheme", FamilyTamper},
	{"body_gzip_not_decoded", FamilyResponse}, {"body_", FamilyBody},
	{"response_signed_with_request_time", FamilyTime}, {"response_", FamilyResponse},
	{"newline_", FamilyTemplate}, {"separator_", FamilyTemplate}, {"order_", FamilyTemplate}, {"template_", FamilyTemplate},
	{"prehashed_", FamilyTemplate},
	{"content_mismatch", FamilyContent}, {"content_masked", FamilyContent}, {"content_not_hashed", FamilyPadding},
	{"content_", FamilyTemplate},
	{"hash_", FamilyHash}, {"padding_", FamilyPadding}, {"digestinfo_", FamilyPadding}, {"digest_", FamilyPadding},
	{"wrong_key", FamilyKey}, {"key_", FamilyKey}, {"verified_with", FamilyKey}, {"test_key", FamilyKey}, {"not_rsa", FamilyPadding},
	{"wrong_signature", FamilyValue},
	{"signature_missing", FamilyResponse}, {"signature_header", FamilyHeader}, {"signature_in_trailer", FamilyHeader},
	{"signature_trailer_lost", FamilyHeader}, {"signature_lost", FamilyHeader}, {"signature_of_", FamilyContent},
	{"signature_", FamilyValue}, {"jws_", FamilyValue},
	{"algorithm_", FamilyHeader},
}

func familyOf(cause string) Family {
	for _, f := range families {
		if strings.HasPrefix(cause, f.prefix) {
			return f.family
		}
	}
	return FamilyContent
}

// suspected, proven and warning make a finding of the family that its cause belongs to, and of that of warnings.
func suspected(cause, says, fix string) Finding {
	return Finding{Cause: cause, Family: familyOf(cause), Says: says, Fix: fix}
}

func proven(cause, says, fix string) Finding {
	return Finding{Cause: cause, Family: familyOf(cause), Proven: true, Says: says, Fix: fix}
}

func warning(cause, says, fix string) Finding {
	return Finding{Cause: cause, Family: FamilyWarning, Proven: true, Says: says, Fix: fix}
}

// advice is what to do, for the signer and for the verifier of the message.
type advice struct{ sign, verify string }

// rules say for each family what to do; the habit that causes it follows.
var rules = map[Family]advice{
	FamilyBody: {"Serialise once, and sign exactly the bytes that are sent", "Verify the raw bytes of the body as they arrived, before " +
		"anything parses them; if these are they, the other side does not sign what it sends"},
	FamilyTime: {"Put the time into one variable, and use it for the header and the string to sign",
		"Build the string with the header's time as it stands; the other side has to sign the time that it sends"},
	FamilyPath: {"Sign the path and query exactly as they stand in the request line",
		"Build the string with the path and query that were really requested; if it is so built, ask the other side which path it signs"},
	FamilyMethod: {"Sign the method exactly as it is sent",
		"Build the string with the request's method; the other side has to sign the same one"},
	FamilyTemplate: {"Build the string as the rule says, METHOD SP URI LF Client-Id . Time . Body, in UTF-8 and with nothing around it",
		"The other side has to build the string as the rule says, METHOD SP URI LF Client-Id . Time . Body"},
	FamilyClientID: {"Sign the value of the Client-Id header, character for character",
		"Build the string with the value of the Client-Id header; the other side has to sign the id that it sends"},
	FamilyResponse: {"Sign the response's own time and body with the request's method and path",
		"The other side has to sign the response's own time and body with the request's method and path"},
	FamilyContent: {"Compare the string that was signed with this one byte for byte",
		"Compare the string that the other side signed with this one byte for byte"},
}

// gzipped is the advice where a body was signed with or without its content
// coding.
var gzipped = advice{"Compress first, then sign the bytes that are sent; or send without Content-Encoding",
	"Verify over the body after its Content-Encoding is undone, or have it sent without one"}

// ofCause is the advice for causes that need their own.
var ofCause = map[string]advice{
	"body_gzip_not_decoded": gzipped,
	"body_gzip_signed":      gzipped,
	"body_chunked_not_decoded": {
		"Nothing is to change where it is signed: give the message with its Transfer-Encoding header, or without the " +
			"sizes of its chunks",
		"Undo the chunked coding before verifying; nothing is to change where it is signed"},
	"body_beyond_length": {"Give one message alone, or look for what adds bytes to the body after it is signed",
		"Verify over as many bytes as Content-Length says; what follows is another message, or was added"},
}

// reencoded is the advice where the bytes that were sent are no UTF-8: text was
// signed and then written in another charset.
const reencoded = "The signature is over UTF-8, so leave the signing as it is: send the bytes that were signed, and look " +
	"for what writes the body in another charset behind the signature, such as a client's default charset or a proxy"

// fixOf returns what to do about a change, in one sentence, for the
// reader of the report.
func (e *Evidence) fixOf(c variant.Change) string {
	family := familyOf(c.Cause)
	a, ok := rules[family]
	own, special := ofCause[c.Cause]
	sent := false // the difference arose behind the signature
	switch {
	case special:
		a = own
	case c.Cause == "body_charset" && e.hasExchange() && !utf8.Valid(e.message().Content()):
		a, sent = advice{reencoded, reencoded}, true
	case family == FamilyTamper:
		a = advice{e.whoChanges(), e.whoChanges()}
	case !ok || family == FamilyResponse && e.Side != apiclient.ResponseSide:
		a = rules[FamilyContent]
	}
	fix, reason := a.sign, "the usual reason is "
	if !e.weSign() && !sent {
		fix, reason = a.verify, "the usual reason at the side that signs is "
	}
	if c.Habit != "" {
		fix += "; " + reason + e.stack().narrow(c.Habit)
	}
	return fix + "."
}
