package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/english"
	"countersign/apiclient/keys"
	"countersign/apiclient/signing"
)

// Choose verifies the signatures of an exchange strictly, each with the evidence
// of its side, and gives that evidence which is under test: of the wanted side,
// or where none is wanted, of the one that decides (apiclient.Sides). response is
// nil where there was no answer. How both sides stand is kept in Sides.
func Choose(wanted apiclient.Side, request Evidence, response *Evidence) Evidence {
	sent, received := request.Verify(), signing.Verdict{}
	sent.NoKey = !request.hasKey(received)
	if response != nil {
		received = response.Verify()
		sent.NoKey, received.NoKey = !request.hasKey(received), !response.hasKey(sent)
	}
	sides := request.Exchange.SidesBy(sent, received)
	if wanted == "" {
		wanted = sides.Decides()
	}
	chosen := request
	if wanted == apiclient.ResponseSide && response != nil {
		chosen = *response
	}
	chosen.Sides = sides
	return chosen
}

// Both makes the evidence for both sides with one function, and chooses between
// them as Choose does.
func Both(wanted apiclient.Side, e *apiclient.Exchange, of func(apiclient.Side) (Evidence, error)) (Evidence, error) {
	request, err := of(apiclient.RequestSide)
	if err != nil || e.Response == nil {
		return Choose(wanted, request, nil), err
	}
	response, err := of(apiclient.ResponseSide)
	return Choose(wanted, request, &response), err
}

// OtherSide says in one line how the side stands that the report is not about;
// "" where there is none.
func (r *Report) OtherSide() string {
	side := apiclient.RequestSide
	if r.Side == side {
		side = apiclient.ResponseSide
	}
	standing, refuser := r.Sides.Of(side), "the other side"
	if r.callback {
		refuser = "our side"
	}
	says := map[signing.Status]string{
		signing.Verified: "verifies", signing.Mismatch: "does not verify",
		signing.WrongKey: "is signed with the wrong key", signing.UnknownKey: "is signed with an unknown key",
		signing.Unsigned: "is not signed", signing.Undecodable: "has a signature that cannot be read",
		apiclient.MaskedContent:    "cannot be verified, as values are masked",
		apiclient.SignatureRefused: "verifies, but " + refuser + " refused its signature",
	}[standing.Status]
	switch {
	case says == "":
		return ""
	case standing.Unjudged && standing.Status == signing.Mismatch:
		says = "cannot be judged: its body is not in the evidence"
	case standing.Unjudged && standing.Status != apiclient.MaskedContent:
		says += ": no key is known to judge it with"
	}
	return fmt.Sprintf("The %s %s.", side, says)
}

// hasKey reports whether a key is known that belongs to this side: by its role
// or, where it has none, because the other side's signature was made by another
// one. A key without a role that made the other side's signature is that side's.
func (e *Evidence) hasKey(other signing.Verdict) bool {
	due := apiclient.RolePeer
	if e.weSign() {
		due = apiclient.RoleOwn
	}
	opened := other.Key != ""
	if other.Status == signing.Unsigned {
		opened = true // it needs no key of those that are known
	}
	return slices.ContainsFunc(slices.Concat(e.Expected, e.Known), func(k apiclient.Key) bool {
		return k.Role == due || k.Role == apiclient.RoleUnknown && k.ID != other.Key && (opened || other.Status == "")
	})
}

// ExpectedOf returns the side whose signature a key should have made where nothing
// says which: our own the request's, any other the response's where there is one.
func (e *Evidence) ExpectedOf(k apiclient.Key) apiclient.Side {
	if k.Role == apiclient.RoleOwn || e.Exchange.Response == nil {
		return apiclient.RequestSide
	}
	return apiclient.ResponseSide
}

// forAnotherClient says that an answer whose signature is right is one to
// another client.
func (e *Evidence) forAnotherClient(v signing.Verdict) (Finding, bool) {
	if !slices.ContainsFunc(v.Warnings,
		func(w signing.Warning) bool { return w.Cause == apiclient.ForAnotherClient }) {
		return Finding{}, false
	}
	f := proven(apiclient.ForAnotherClient, v.Reason, v.Hint)
	f.Signed, f.Expected = e.message().Get(e.Names.Of(apiclient.HeaderClientID)), e.Asking(&e.Exchange)
	return f, true
}

// weSign reports whether the message under test is one that our side signs: a
// request of ours, or the answer to a callback. Else the other side signs, and
// the reader of the report verifies.
func (e *Evidence) weSign() bool { return (e.Side != apiclient.ResponseSide) != (e.caller != "") }

// toSigner words what the signer has to do for the reader of the report.
func (e *Evidence) toSigner(fix string) string {
	if e.weSign() || fix == "" {
		return fix
	}
	return forOtherSide + strings.ToLower(fix[:1]) + fix[1:]
}

// forOtherSide begins a fix that our side can only pass on.
const forOtherSide = "This is for the other side to change: "

// callback says that this is one.
func (e *Evidence) callback() []Finding {
	if e.caller == "" {
		return nil
	}
	says := apiclient.SaysCallback(e.caller)
	switch {
	case e.Exchange.Origin == apiclient.FromListen: // whoever signed it
		says = "This is a callback that was received here: the other side's key signs the request, and our key the answer."
	case e.Exchange.Origin.AsPlatform():
		says = "This is a callback that was sent from here in the place of the Super App, " +
			"signed by " + e.caller + "; our key signs the answer."
	}
	return []Finding{warning("callback", says, "")}
}

// callbackChecks returns what may be the reason for which our server refused a callback
// that verifies, the likeliest first.
func (e *Evidence) callbackChecks(r *Report) []Finding {
	key, rule := r.Signer.Key.ID, e.values()
	if k := r.Signer.Key.Public; k != nil {
		key += ", " + keys.Fingerprint(k)
	}
	return []Finding{
		suspected("key_not_configured", "Our server may verify with another public key than "+key+".",
			"Compare the fingerprint with that of the public key that our server verifies with: it is the one that the Super App "+
				"gave out, not our own."),
		suspected("body_not_raw", "Our server may verify a body that was parsed and written again.",
			"Verify the raw bytes of the body as they arrived, before anything parses them."),
		suspected("path_prefix_other",
			fmt.Sprintf("Our server may build the string with another path than %s.", english.Clipped(rule.Target, 200)),
			"Build it with the path that is requested from outside, prefix and query included."),
		suspected("template_other",
			fmt.Sprintf("Our server may build the string by another template than %s.", e.drawnTemplate()),
			"Let our server log the string that it builds, its SHA-256 or its length, and compare it with the one here."),
	}
}

// passed names what the message went through, as its headers tell; "" where
// they tell nothing.
func (e *Evidence) passed() string {
	for _, f := range e.message().Header {
		for _, name := range []string{"Via", "X-Forwarded-For", "Forwarded", "X-Cache", "CF-Ray", "X-Amz-Cf-Id",
			"X-Varnish", "X-Envoy-Upstream-Service-Time", "X-Sucuri-Id", "X-Akamai-Transformed"} {
			if strings.EqualFold(f.Name, name) {
				return f.Name + ": " + legible([]byte(f.Value))
			}
		}
	}
	return ""
}

// whoChanges says what to do about a body that was changed after signing.
func (e *Evidence) whoChanges() string {
	fix := "Compare the body as it left the signer with the one that arrived"
	if !e.weSign() {
		fix = "Verify the raw bytes of the body, before anything parses or logs them; if these are the raw bytes, " +
			"compare them with what the other side sent"
	}
	if passed := e.passed(); passed != "" {
		fix += "; the message went through something that may change it (" + passed + ")"
	}
	return fix
}
