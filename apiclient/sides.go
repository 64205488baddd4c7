package apiclient

import (
	"slices"

	"countersign/apiclient/signing"
)

// SignatureRefused is the status of a request whose signature verifies here
// with our own key, and which the other side refused for its signature.
const SignatureRefused signing.Status = "refused"

// MaskedContent is the status of a signature by the right key over a message in
// which values are masked: it does not verify, and nothing says that it did not.
const MaskedContent signing.Status = "masked"

// Standing is how the signature of one side stands.
type Standing struct {
	Status signing.Status // SignatureRefused too; "" where there is no such message, or nothing was checked
	// Unjudged says that Status tells nothing of the signature: no key is known
	// that could verify it or, where Status is a mismatch, its content is not in
	// the evidence, or it is masked.
	Unjudged bool
}

// Failed reports whether the side has a signature that is due and does not
// verify, or was refused.
func (s Standing) Failed() bool {
	return s.Status != "" && s.Status != signing.Verified && !s.Unjudged
}

// Sides is how both signatures of an exchange stand.
type Sides struct {
	Request, Response Standing
}

// Sides is how the signatures of an exchange stand by the verdicts in it.
func (e *Exchange) Sides() Sides { return e.SidesBy(e.SentVerdict, e.Received) }

// SidesBy is Sides with verdicts of somebody else. A side cannot be judged where
// no key for it is known: then a signature of an unknown key, or an answer
// without one, tells nothing.
func (e *Exchange) SidesBy(sent, received signing.Verdict) Sides {
	s := Sides{Request: Standing{Status: sent.Status, Unjudged: sent.NoKey && sent.Status == signing.UnknownKey ||
		(e.lacksRequest() || e.inPart(RequestSide)) && sent.Status == signing.Mismatch || sent.Status == MaskedContent}}
	if sent.OK() {
		if _, refused := e.Refusal(); refused {
			s.Request.Status = SignatureRefused
		}
	}
	if e.Response != nil {
		untold := received.Status == signing.UnknownKey || received.Status == signing.Unsigned
		s.Response = Standing{Status: received.Status, Unjudged: received.NoKey && untold ||
			e.inPart(ResponseSide) && received.Status == signing.Mismatch || received.Status == MaskedContent}
	}
	return s
}

// lacksRequest reports whether a file does not have the request's body, as the
// output of curl -v has not: what was signed cannot be built then.
func (e *Exchange) lacksRequest() bool {
	return e.Origin == FromFile && e.Request.Partial && len(e.Request.Body) == 0
}

// inPart reports whether the body of a side is too long to have been recorded
// whole: what is there is not what was signed.
func (e *Exchange) inPart(side Side) bool {
	return e.Message(side).Partial && slices.ContainsFunc(e.Findings, func(f Finding) bool {
		return f.Cause == RecordedInPart && f.Side == side
	})
}

// Decides is the side whose status is the verdict on the exchange: the first
// that fails, the request before the response; else the response where there is
// one. A side that cannot be judged decides only where there is no other.
func (s Sides) Decides() Side {
	switch {
	case s.Request.Failed():
		return RequestSide
	case s.Response.Failed():
		return ResponseSide
	case s.Response.Status == "":
		return RequestSide
	case s.Response.Unjudged && s.Request.Status != "" && (!s.Request.Unjudged || s.Response.Status == signing.Unsigned):
		return RequestSide
	}
	return ResponseSide
}

// Of is how one side stands.
func (s Sides) Of(side Side) Standing {
	if side == ResponseSide {
		return s.Response
	}
	return s.Request
}

// Verdict is the status of the side that decides; "" where nothing was checked.
func (s Sides) Verdict() signing.Status { return s.Of(s.Decides()).Status }

// Verified reports whether every signature that is due verifies, and the other
// side did not refuse ours.
func (s Sides) Verified() bool {
	return s.Request.Status == signing.Verified && s.Response.Status == signing.Verified
}
