package apiclient

import (
	"cmp"
	"fmt"

	"countersign/apiclient/redact/mark"
	"countersign/apiclient/signing"
)

// Causes of what an exchange says beyond a signature that verifies.
const (
	// ForAnotherClient is a response that is signed right, but names another
	// client than the one that asked: it may be the answer to somebody else.
	ForAnotherClient = "response_for_another_client"
	// signedIncomplete is a message that ends early by its own header, and is
	// signed as it is.
	signedIncomplete = "message_incomplete"
	// trailerLost is a signature that was announced for the trailer and is not
	// there.
	trailerLost = "signature_trailer_lost"
)

// Qualify returns the verdict on one side of an exchange with what the rest of
// the exchange says about it. It never makes a signature verify: a response for
// another client no longer does, and a message that is cut is called so
// whatever its verdict.
func (r *Rule) Qualify(v signing.Verdict, e *Exchange, side Side) signing.Verdict {
	m, header := e.Message(side), r.Names.Of(HeaderClientID)
	switch {
	case v.Status == signing.Mismatch && (e.Masked || e.Origin == FromFile) && mark.In(v.Canonical):
		v.Status, v.Canonical = MaskedContent, nil
		v.Reason = fmt.Sprintf("%s made this signature. Values of the message are masked, so it can neither be "+
			"confirmed nor refuted.", v.Key)
		v.Hint = "Take the run itself, or an export that was made with --reveal."
	case v.OK() && side == ResponseSide && m.Has(header) && !r.answersFor(e, m.Get(header)):
		v.Status = signing.Mismatch
		v.Reason = fmt.Sprintf("The response is signed for another client: it names %s, and %s asked.", m.Get(header), r.Asking(e))
		v.Hint = "Do not take it for the answer: answers are mixed up on the way, or the other side writes another id " +
			"than the one that asked."
		v.Warnings = append(v.Warnings, signing.Warning{Cause: ForAnotherClient, Says: v.Reason})
	case v.Status == signing.Unsigned && !m.Has(r.Names.Of(signing.HeaderName)) &&
		m.Announces(r.Names.Of(signing.HeaderName)):
		v.Reason = fmt.Sprintf("The %s announces its signature in the trailer, behind its body, and none came.", side)
		v.Hint = "Send it as a header, before the body: receivers do not look behind it."
		v.Warnings = append(v.Warnings, signing.Warning{Cause: trailerLost, Says: v.Reason})
	case m.Partial && v.OK():
		v.Warnings = append(v.Warnings, signing.Warning{Cause: signedIncomplete,
			Says: fmt.Sprintf("By its own header the message goes on after these %d bytes of body; the signature covers "+
				"exactly these.",
				len(m.Body))})
	case m.Partial && v.Status != "":
		there := "its body is not in the evidence"
		if n := len(m.Body); n > 0 {
			there = fmt.Sprintf("only %d bytes of its body are there", n)
		}
		v.Reason = "The message is incomplete: " + there + ". " + v.Reason
	}
	return v
}

// answersFor reports whether the answer to an exchange may name a client: the one
// that asked or, of a callback, the merchant that answers.
func (r *Rule) answersFor(e *Exchange, client string) bool {
	asking := r.Asking(e)
	return asking == "" || client == asking || e.Origin.Callback() && client == cmp.Or(e.ClientID, r.ClientID)
}

// Asking returns the client that an answer to the exchange should name: that of
// the request, else the configured one.
func (r *Rule) Asking(e *Exchange) string {
	return r.value(&e.Request, HeaderClientID, cmp.Or(e.ClientID, r.ClientID))
}
