package apiclient

import (
	"fmt"

	"countersign/apiclient/signing"
)

// Recheck verifies a saved exchange again, over the bytes that it has and with
// the keys that the client has now, and says in a finding where a signature
// does not stand as it was recorded. A side for which the client has no key
// keeps what was recorded, and a finding says so.
func (c *Client) Recheck(e *Exchange) {
	sent, received := e.SentVerdict, e.Received
	c.Verify(e)
	ours, theirs := c.profile.Key != nil, len(c.profile.PeerKeys) > 0
	if e.Origin.Callback() {
		ours, theirs = theirs || c.profile.PlatformKey != nil, ours
	}
	c.compareRecorded(e, RequestSide, &e.SentVerdict, sent, ours)
	c.compareRecorded(e, ResponseSide, &e.Received, received, theirs)
}

func (c *Client) compareRecorded(e *Exchange, side Side, now *signing.Verdict, recorded signing.Verdict, haveKey bool) {
	var f Finding
	switch {
	case recorded.Status == "" || recorded.Status == now.Status:
		return
	case now.Status == MaskedContent:
		f = Finding{side, signing.HeaderName, "masked", Note,
			fmt.Sprintf("When it was recorded it stood as: %s. Values are masked since, so it cannot be "+
				"verified again.", verdictWord(recorded)),
			"With redact.store = false in the configuration the history keeps all bytes."}
	case recorded.Key == ThrowAwayKeyID && !now.OK():
		*now = recorded // its key was thrown away; it does not verify all the same
		return
	case e.inPart(side):
		*now = recorded
		f = Finding{side, signing.HeaderName, "recorded_verdict", Note,
			fmt.Sprintf("As recorded: %s. Only part of the body is here, so that it cannot be verified again.", verdictWord(recorded)), ""}
	case !haveKey && recorded.Status != signing.Unsigned:
		*now = recorded
		f = Finding{side, signing.HeaderName, "recorded_verdict", Note,
			fmt.Sprintf("As recorded: %s. It was not verified again, since the key is not at hand.", verdictWord(recorded)),
			"The key was not loaded, as that would ask a question: verify this run with the profile in use."}
	default:
		f = Finding{side, signing.HeaderName, "verdict_changed", Warn,
			fmt.Sprintf("When it was recorded it stood as: %s; with the keys and settings of today: %s.", verdictWord(recorded),
				verdictWord(*now)),
			"The profile's keys or settings were changed since."}
	}
	e.Findings = append(e.Findings, f)
}
