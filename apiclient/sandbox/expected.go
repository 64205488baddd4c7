package sandbox

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
)

// maxCanonical bounds the canonical string in a refusal: bytes.
const maxCanonical = 1 << 20

// expected is what a refusal for the signature tells: what the sandbox would
// have accepted and what it saw instead.
type expected struct {
	Canonical       string `json:"canonical,omitempty"`       // the string to sign
	CanonicalBase64 string `json:"canonicalBase64,omitempty"` // its bytes, where they are not UTF-8
	Length          int    `json:"length"`                    // bytes of it
	Truncated       bool   `json:"truncated,omitempty"`       // only the first MiB of it is given
	SHA256          string `json:"sha256"`                    // hex, of all of it
	// hex: the digest inside the signature, where a known key opens it
	SignedSHA256 string `json:"signedSha256,omitempty"`
	Verdict      string `json:"verdict"` // a signing.Status
	Reason       string `json:"reason"`
	Hint         string `json:"hint,omitempty"`

	Findings []finding `json:"findings,omitempty"` // why it does not match, as countersign diagnose says it
}

// finding is one cause in a refusal.
type finding struct {
	Cause    string `json:"cause"`
	Proven   bool   `json:"proven"`
	Says     string `json:"says"`
	Fix      string `json:"fix,omitempty"`
	Signed   string `json:"signed,omitempty"`
	Expected string `json:"expected,omitempty"`
}

// defaultExplainFor bounds the search for what a client signed: a refusal must
// not let it wait.
const defaultExplainFor = 250 * time.Millisecond

// A search takes all cores and many times the memory of the body.
const (
	explainTurns = 2               // searches at once
	explainWait  = 5 * time.Second // for a turn; after it the refusal says what is known without one
	maxExplained = 1 << 20         // bytes of a body up to which there is a search
)

// explain says why the signature of a request does not match.
func (s *Sandbox) explain(q *request, e apiclient.Exchange, signers apiclient.Signers) []diagnose.Finding {
	if len(q.body) > maxExplained {
		return nil
	}
	select {
	case s.explaining <- struct{}{}:
		defer func() { <-s.explaining }()
	case <-time.After(explainWait):
		return nil
	case <-q.http.Context().Done():
		return nil
	}
	// The client reads it: to it the keys have the other roles.
	mirrored := func(keys []apiclient.Key) []apiclient.Key {
		keys = slices.Clone(keys)
		for i, k := range keys {
			keys[i].Version, keys[i].Role = "", map[apiclient.Role]apiclient.Role{
				apiclient.RolePeer: apiclient.RoleOwn, apiclient.RoleOwn: apiclient.RolePeer,
			}[k.Role]
		}
		return keys
	}
	evidence := diagnose.Evidence{
		Exchange: e, Side: apiclient.RequestSide, Rule: s.rule, Prefixes: []string{s.preset.prefix},
		Expected: mirrored(signers.Expected), Known: mirrored(signers.Known),
	}
	evidence.Headers, _ = s.rule.Signatures(&e.Request)
	for _, endpoint := range s.config.Catalog.Endpoints() {
		evidence.Endpoints = append(evidence.Endpoints, endpoint.Path)
	}
	r := diagnose.Diagnose(q.http.Context(), evidence, diagnose.Options{Budget: s.explainFor})
	return slices.DeleteFunc(r.Findings, func(f diagnose.Finding) bool { return f.Family == diagnose.FamilyWarning })
}

// refuseSignature says what was expected: in short for logs that keep only the
// message, in full beside it.
func (s *Sandbox) refuseSignature(q *request, e apiclient.Exchange, signers apiclient.Signers) *answer {
	v := q.verdict
	reason, hint := v.Reason, signerHint(v)
	if signers.Unknown {
		q.verdict.Status = signing.WrongKey
		q.verdict.Reason = fmt.Sprintf("keyVersion %s is not known; known: %s.", signers.Version,
			strings.Join(s.versions(), ", "))
		q.verdict.Hint = "Name the version under which the public key was handed in, or leave keyVersion out for the newest."
		return s.refuseNamed(q, "key_version_unknown")
	}
	findings := s.explain(q, e, signers)
	if len(findings) > 0 && findings[0].Proven {
		reason, hint = findings[0].Says, findings[0].Fix
	}
	return s.tell(q, reason, hint, findings)
}

// refuseNamed refuses for what the verdict says, under one name.
func (s *Sandbox) refuseNamed(q *request, cause string) *answer {
	v := q.verdict
	return s.tell(q, v.Reason, v.Hint,
		[]diagnose.Finding{{Cause: cause, Family: diagnose.FamilyHeader, Proven: true, Says: v.Reason, Fix: v.Hint}})
}

// tell writes the refusal.
func (s *Sandbox) tell(q *request, reason, hint string, findings []diagnose.Finding) *answer {
	v := q.verdict
	e := expected{
		Length: len(v.Canonical), SHA256: hex.EncodeToString(v.Digest[:]),
		Verdict: string(q.verdict.Status), Reason: reason, Hint: hint,
	}
	for _, f := range findings {
		e.Findings = append(e.Findings, finding{f.Cause, f.Proven, f.Says, f.Fix, f.Signed, f.Expected})
	}
	q.findings = findings
	canonical := v.Canonical
	if len(canonical) > maxCanonical {
		canonical, e.Truncated = canonical[:maxCanonical], true
	}
	if utf8.Valid(v.Canonical) {
		e.Canonical = strings.ToValidUTF8(string(canonical), "")
	} else {
		e.CanonicalBase64 = base64.StdEncoding.EncodeToString(canonical)
	}
	if v.Recovered != nil {
		e.SignedSHA256 = hex.EncodeToString(v.Recovered.Digest)
	}
	first, _, _ := strings.Cut(string(v.Canonical), "\n")
	a := refusal("signature", "%s Expected SHA-256 %s over %d bytes that start with %q.",
		clip(reason, 110), e.SHA256, e.Length, clip(first, 40))
	a.add("expected", e)
	return a
}

// signerHint is what the signer can do, where the verdict's own hint is for
// whoever verifies.
func signerHint(v signing.Verdict) string {
	switch {
	case v.Status == signing.Unsigned:
		return "Send a header of the form Signature: algorithm=RSA256, keyVersion=1, signature=<percent-encoded base64>."
	case v.Status == signing.WrongKey, v.Status == signing.UnknownKey:
		return "Sign with the private key whose public half the sandbox has (countersign sandbox prints its file), and " +
			"send the value unchanged."
	case v.Status == signing.Mismatch && v.Recovered != nil && v.Recovered.Regular():
		return "Compare what was signed with canonical, byte for byte: path with its prefix, Client-Id, Request-Time, body."
	}
	return v.Hint
}
