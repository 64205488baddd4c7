package diagnose

import (
	"crypto"
	"crypto/sha256"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// Report is all that is known about a signature.
type Report struct {
	Verdict      signing.Status     // Verified only by strict verification with an expected key; apiclient.SignatureRefused where the other side refused it all the same
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
	theirs       []Finding // how the string that the other side told comes from ours
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
	Setting  string   // line of the profile that makes our string what theirs is, such as `signed_path = "{path}"`; "" where there is none
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
	Told    []byte // their string: the one that was found in what they told, or that has the digest they told; nil where none
	Ended   End    // why the search for it ended; NotSearched where there was none
}

// SignedSHA256 is the SHA-256 of the bytes that were really signed, where it is
// known: from the signature itself, or from the bytes once they are found.
func (r *Report) SignedSHA256() []byte {
	switch {
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
