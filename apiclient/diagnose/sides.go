package diagnose

import (
	"fmt"
	"slices"

	"countersign/apiclient"
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
		apiclient.SignatureRefused: "verifies, but " + refuser + " refused its signature",
	}[standing.Status]
	switch {
	case says == "":
		return ""
	case standing.Unjudged:
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

// ExpectedOf is the side whose signature a key should have made where nothing
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
	return Finding{
		Cause: apiclient.ForAnotherClient, Family: FamilyResponse, Proven: true, Says: v.Reason, Fix: v.Hint,
		Signed: e.message().Get(e.Names.Of(apiclient.HeaderClientID)), Expected: e.Asking(&e.Exchange),
	}, true
}
