package cli

import (
	"bytes"
	"compress/gzip"
	"crypto"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/signing"
	"countersign/tui/ui"
)

// verdictReport is the document of verify --json, which diagnose shares.
type verdictReport struct {
	Verdict             signing.Status  `json:"verdict"`
	Signer              *signer         `json:"signer,omitempty"`
	SignedContentSHA256 string          `json:"signedContentSha256,omitempty"`
	SignedContent       []byte          `json:"signedContent,omitempty"`
	ExpectedContent     []byte          `json:"expectedContent"`
	Findings            []reportFinding `json:"findings"`
	Tried               int             `json:"tried"`
	ElapsedMs           float64         `json:"elapsedMs"`
}

// signer is who made a signature, and how.
type signer struct {
	Key     string          `json:"key"`
	Hash    string          `json:"hash"`
	Padding signing.Padding `json:"padding"`
}

// reportFinding is one thing that was found out.
type reportFinding struct {
	Cause    string `json:"cause"`
	Family   string `json:"family"`
	Proven   bool   `json:"proven"`
	Says     string `json:"says"`
	Fix      string `json:"fix,omitempty"`
	Signed   string `json:"signed,omitempty"`
	Expected string `json:"expected,omitempty"`
}

// newReport puts a verdict into the form of the document.
func newReport(t test, v signing.Verdict) verdictReport {
	r := verdictReport{Verdict: v.Status, ExpectedContent: t.canonical, Findings: []reportFinding{}, Tried: 1}
	if r.ExpectedContent == nil {
		r.ExpectedContent = []byte{}
	}
	if v.OK() {
		r.Signer = &signer{v.Key, "SHA-256", signing.PKCS1v15}
		r.SignedContent, r.SignedContentSHA256 = t.canonical, hex.EncodeToString(v.Digest[:])
	} else if c := v.Recovered; c != nil {
		r.Signer = &signer{v.Key, hashName(c.Hash), c.Padding}
		if c.Hash == crypto.SHA256 && len(c.Digest) == crypto.SHA256.Size() {
			r.SignedContentSHA256 = hex.EncodeToString(c.Digest)
		}
	}
	if !v.OK() {
		r.Findings = append(r.Findings, t.cause(v))
		if f, ok := t.decodedBody(v); ok {
			r.Findings = append(r.Findings, f)
		}
	}
	r.Findings = append(r.Findings, t.repeated()...)
	for _, w := range v.Warnings {
		r.Findings = append(r.Findings, reportFinding{Cause: w.Cause, Family: "warning", Proven: true, Says: w.Says})
	}
	return r
}

// hashName writes a hash as the document does: "SHA-256", "MD5".
func hashName(h crypto.Hash) string {
	if h == 0 {
		return "none"
	}
	return strings.Replace(h.String(), "SHA1", "SHA-1", 1)
}

// cause is what strict verification alone proves: which family the fault is
// of. What exactly differs takes a search.
func (t test) cause(v signing.Verdict) reportFinding {
	f := reportFinding{Proven: true, Says: v.Reason, Fix: v.Hint}
	switch v.Status {
	case signing.Unsigned:
		f.Cause, f.Family = "signature_missing", "response"
		if t.side == apiclient.RequestSide {
			f.Family = "signature_header"
		}
	case signing.Undecodable:
		f.Cause, f.Family = "signature_corrupted", "signature_encoding"
	case signing.WrongKey:
		f.Cause, f.Family = "wrong_key", "key"
		if v.Key == apiclient.OwnKeyID {
			f.Cause = "verified_with_own_public_key"
		}
	case signing.UnknownKey:
		f.Cause, f.Family = "wrong_key_unknown", "key"
	default:
		f.Cause, f.Family = mismatchCause(v.Recovered)
	}
	return f
}

// mismatchCause says what a recovered signature shows to be wrong.
func mismatchCause(c *signing.Recovered) (cause, family string) {
	if c == nil {
		return "content_mismatch", "content"
	}
	switch c.Padding {
	case signing.PSS:
		return "padding_pss", "padding"
	case signing.PKCS1v15NoNULL:
		return "digestinfo_null_missing", "padding"
	case signing.PKCS1v15Bare:
		return "digestinfo_missing", "padding"
	case signing.PKCS1v15Raw:
		return "content_not_hashed", "padding"
	}
	if c.Hash != crypto.SHA256 {
		return "hash_" + strings.ToLower(strings.ReplaceAll(hashName(c.Hash), "-", "")), "hash"
	}
	return "content_mismatch", "content"
}

// repeated finds the headers of the signed string that are there more than
// once with different values: receivers disagree about which one counts.
func (t test) repeated() []reportFinding {
	if t.exchange == nil {
		return nil
	}
	client, stamped, stamp := &t.exchange.Request, &t.exchange.Request, "Request-Time"
	if t.side == apiclient.ResponseSide {
		stamped, stamp = t.exchange.Response, "Response-Time"
		if stamped.Has("Client-Id") {
			client = stamped
		}
	}
	var findings []reportFinding
	add := func(m *apiclient.Message, name string) {
		values := m.Values(name)
		i := slices.IndexFunc(values, func(v string) bool { return v != values[0] })
		if i < 0 {
			return
		}
		findings = append(findings, reportFinding{
			Cause: "header_repeated", Family: "warning", Proven: true,
			Says: fmt.Sprintf("%s is there more than once with different values, %q and %q; the first one is used.", name, values[0], values[i]),
			Fix:  "Send it once: receivers disagree about which one counts.",
		})
	}
	add(client, "Client-Id")
	add(stamped, stamp)
	return findings
}

// decodedBody tries the one other reading of the body that HTTP itself makes:
// many clients see a compressed body only decoded, and some servers sign it so.
func (t test) decodedBody(v signing.Verdict) (reportFinding, bool) {
	if t.exchange == nil || t.side != apiclient.ResponseSide || v.Status != signing.Mismatch {
		return reportFinding{}, false
	}
	m := t.exchange.Response
	decoded := m.Decoded
	if decoded == nil && strings.EqualFold(m.Get("Content-Encoding"), "gzip") {
		decoded = gunzip(m.Body)
	}
	if decoded == nil {
		return reportFinding{}, false
	}
	c := t.content()
	c.Body = decoded
	again := signing.Verify(signing.Check{Canonical: t.template.Canonical(c), Headers: t.headers, Expected: t.expected})
	if !again.OK() {
		return reportFinding{}, false
	}
	return reportFinding{
		Cause: "body_gzip_not_decoded", Family: "response", Proven: true,
		Says: "The signature covers the body after its Content-Encoding is undone, not the bytes on the wire.",
		Fix:  "Decode the body before verifying, or let the other side answer without compression.",
	}, true
}

// gunzip undoes gzip; nil where the data is damaged or grows beyond the limit
// of a response.
func gunzip(b []byte) []byte {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(z, apiclient.DefaultMaxResponse+1))
	if err != nil || len(data) > apiclient.DefaultMaxResponse {
		return nil
	}
	return data
}

// printVerdict says the verdict in words.
func (a *app) printVerdict(t test, v signing.Verdict, r verdictReport) error {
	var out printer
	if v.OK() {
		out.line("%s  %s", a.paint(good, "✓ verified"), ui.Safe(fmt.Sprintf("the %s is signed by %s", t.subject(), v.Key)))
	} else {
		out.line("%s  %s", a.paint(bad, "✗ "+string(v.Status)), ui.Safe(v.Reason))
		if v.Hint != "" {
			out.line("hint: %s", ui.Safe(v.Hint))
		}
	}
	for _, f := range r.Findings {
		switch {
		case f.Family == "warning":
			out.line("%s  %s", a.paint(worse, "! "+f.Cause), ui.Safe(f.Says))
		case f.Says != v.Reason:
			out.line("%s  %s %s", a.paint(bad, "✗ "+f.Cause), ui.Safe(f.Says), ui.Safe(f.Fix))
		}
	}
	out.line("")
	if r.Signer != nil {
		out.line("signer    %s, %s, %s", ui.Safe(r.Signer.Key), r.Signer.Hash, r.Signer.Padding)
	}
	if !v.OK() && r.SignedContentSHA256 != "" {
		out.line("signed    sha256 %s", r.SignedContentSHA256)
	}
	out.line("expected  sha256 %x", v.Digest)
	out.line("expected string, %d bytes", len(t.canonical))
	a.canonical(&out, t.canonical)
	return a.write([]byte(out.String()))
}

func (t test) subject() string {
	if t.exchange == nil {
		return "content"
	}
	return string(t.side)
}
