package watch

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/signing"
	"countersign/apiclient/wire"
)

// Judge verifies exchanges with the keys of a client's profile, and names their
// endpoints. What capture passed on is judged by the path that the Super App was
// asked for, what listen received by the path that the Super App called.
func Judge(client *apiclient.Client, c *catalog.Catalog) func(*apiclient.Exchange) {
	return func(e *apiclient.Exchange) {
		e.SignedAs, e.ClientID = signedAs(client, e), cmp.Or(e.ClientID, client.Profile().ClientID)
		if endpoint, ok := c.Match(e.Request.Path()); ok {
			e.Endpoint = endpoint.ID
		}
		sent, received := e.SentVerdict, e.Received
		client.Verify(e)
		if sent.Status != "" { // its whole was judged as it passed; what is here is a part
			e.SentVerdict = sent
		}
		if received.Status != "" {
			e.Received = received
		}
		mappedAway(client, e)
		acceptedWrong(client, e)
	}
}

// acceptedWrong says of the answer to a notification that it says S where it should
// not.
func acceptedWrong(client *apiclient.Client, e *apiclient.Exchange) {
	if e.Origin != apiclient.FromListen || e.Result.Status != "S" {
		return
	}
	f := apiclient.Finding{Side: apiclient.ResponseSide, Field: "result.resultStatus", Cause: apiclient.AcceptedUnverified,
		Severity: apiclient.Problem}
	switch r := refusalOf(client, e); {
	case r.Code == refused.Code:
		f.Says = "The answer is S, and the signature of the notification does not verify: whoever reaches the handler can confirm payments."
		f.Hint = "Verify each notification before anything is done with it, and answer F where that fails."
	case r.Code != "":
		f.Cause = apiclient.AcceptedWrong
		f.Says = "The answer is S to a notification that verifies and should be refused all the same: " + r.Message + "."
		f.Hint = "Look at Client-Id, Request-Time and the body after the signature, and answer F where one of them is not right: " +
			"else a recorded notification can be used again."
	default:
		return
	}
	e.Findings = append(e.Findings, f)
}

// refusalOf returns with which result a right handler refuses a notification that was
// judged; zero: it does not.
func refusalOf(client *apiclient.Client, e *apiclient.Exchange) apiclient.Result {
	p := client.Profile()
	clientID, at := p.HeaderNames.Of(apiclient.HeaderClientID), p.HeaderNames.Of(apiclient.HeaderRequestTime)
	refuse := func(code, message string) apiclient.Result {
		return apiclient.Result{Status: "F", Code: code, Message: message}
	}
	if e.Sides().Request.Failed() && !e.SentVerdict.OK() {
		return refused
	}
	for _, f := range e.Findings {
		switch {
		case f.Side != apiclient.RequestSide || f.Severity == apiclient.Good:
		case f.Field == clientID && (f.Severity == apiclient.Problem || f.Cause == "client_id_differs"):
			return refuse("INVALID_CLIENT", f.Field+": "+strings.TrimSuffix(f.Says, "."))
		case f.Field == at && f.Severity == apiclient.Problem:
			return refuse("PARAM_ILLEGAL", f.Field+": "+strings.TrimSuffix(f.Says, "."))
		}
	}
	if strings.Contains(e.Request.Get("Content-Type"), "json") && !e.Request.Partial && !json.Valid(e.Request.Body) {
		return refuse("PARAM_ILLEGAL", "the body is not JSON")
	}
	return apiclient.Result{}
}

// signedAs is the target that the signed string must have.
func signedAs(client *apiclient.Client, e *apiclient.Exchange) string {
	target := e.Request.Target()
	switch {
	case e.Origin == apiclient.FromListen: // signed_path is about the way to the Super App
		return wire.PathOf(target)
	case e.URL != "":
		target = e.URL
	}
	return client.Profile().SignedFromRequested(target)
}

// mappedAway says of a request that does not verify when it would, had its path
// not been mapped.
func mappedAway(client *apiclient.Client, e *apiclient.Exchange) {
	as := client.Profile().SignedFromRequested(e.Request.Target())
	if e.SentVerdict.OK() || as == e.SignedAs {
		return
	}
	asSent := *e
	asSent.SignedAs = as
	if client.Verify(&asSent); asSent.SentVerdict.OK() {
		e.Findings = append(e.Findings, apiclient.Finding{
			Side: apiclient.RequestSide, Field: signing.HeaderName, Cause: apiclient.PathMapped, Severity: apiclient.Problem,
			Says: fmt.Sprintf("It is signed for %s, and this proxy asks for %s: the mapping breaks the signature.", asSent.SignedAs,
				e.SignedAs),
			Hint: "Give your client the path that the Super App is asked for, or leave --strip-prefix and --add-prefix out.",
		})
	}
}
