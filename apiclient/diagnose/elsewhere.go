package diagnose

import (
	"bytes"
	"fmt"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/elsewhere"
	"countersign/apiclient/signing"
)

// lookElsewhere takes the signature that a message without a Signature header
// carries somewhere else, so that it can be opened and explained like any other:
// the first that a known key made, or else the first that there is.
func (e *Evidence) lookElsewhere() {
	if !e.hasExchange() || e.message() == nil || len(e.Headers)+len(e.Trailer) > 0 {
		return
	}
	list := elsewhere.Find(e.message(), e.Names.Of(signing.HeaderName))
	for i := range list {
		v, moved := e.from(&list[i])
		known := v.OK() || v.Recovered != nil
		if known || i == 0 {
			*e = moved
		}
		if known {
			return
		}
	}
}

// from returns the evidence with the signature from elsewhere, and what verifying
// that gives. Where a header has the form of the protocol it is taken whole, if it
// verifies so.
func (e *Evidence) from(s *elsewhere.Signature) (signing.Verdict, Evidence) {
	moved := *e
	moved.elsewhere, moved.Headers = s, []string{s.Whole}
	if s.Whole != "" {
		if v := moved.Verify(); v.OK() {
			return v, moved
		}
	}
	s.Whole = ""
	moved.Headers = []string{"algorithm=RSA256, signature=" + s.Value}
	return moved.Verify(), moved
}

// tryUsual tries the strings that are usually signed where the signature stands.
func (e *Evidence) tryUsual(r *Report, targets []target) []target {
	if r.Signed != nil {
		return nil
	}
	if len(targets) == 0 {
		return nil
	}
	usual := e.elsewhere.Usual()
	for _, t := range targets {
		for _, c := range usual {
			if t.matches(c.Bytes) {
				r.Signed, e.covers = c.Bytes, c.Says
				r.Signer.Certain = true
				return nil
			}
		}
	}
	return targets
}

// sayElsewhere makes the report one of a message without a Signature header, and
// says where the signature is and what is certain about it.
func (e *Evidence) sayElsewhere(r *Report) {
	at, v := e.elsewhere, r.Verification
	f := Finding{Cause: "signature_elsewhere", Family: FamilyHeader, Proven: r.Signer != nil,
		Fix: e.toSigner("Send it as Signature: algorithm=RSA256, keyVersion=1, signature=…, over the string of the rule.")}
	if e.Side == apiclient.ResponseSide {
		f.Family = FamilyResponse
	}
	reason := "There is no Signature header; " + at.Place + " holds a signature."
	switch {
	case r.Signer == nil:
		reason = "There is no Signature header; " + at.Place + " holds what looks like a signature."
		f.Says = reason
		switch n := len(v.Signature); {
		case n > 0 && n < 128:
			f.Says += " It is too short for one by RSA: an HMAC or a digest, perhaps."
		case len(e.Expected)+len(e.Known) > 0:
			f.Says += " No known key opens it."
		}
	case bytes.Equal(r.Signed, r.Expected):
		f.Says = fmt.Sprintf("The signature is in %s: %s made it, over the string of the rule.", at.Place, r.Signer.Key.ID)
	case e.covers != "":
		f.Says = fmt.Sprintf("The signature is in %s: %s made it, over %s.", at.Place, r.Signer.Key.ID, e.covers)
		f.Fix = "This is the way of another platform: configure and read this one by its own documentation, or ask for " +
			"messages that are signed by the rule."
	default:
		f.Says = fmt.Sprintf("The signature is in %s: %s made it.", at.Place, r.Signer.Key.ID)
	}
	if at.Whole != "" && r.Signer != nil {
		f.Fix = "If the platform calls the header so, set header_names; else: " + lowerFirst(f.Fix)
		f.Setting = fmt.Sprintf("header_names = { signature = %q }", at.Header)
	}
	if at.Whole == "" {
		r.Verification.Warnings = nil // of the spelling that the header of the protocol has
	}
	r.elsewhere, r.Verdict = &f, signing.Unsigned
	r.Verification.Status, r.Verification.Reason, r.Verification.Hint = signing.Unsigned, reason, f.Fix
}
