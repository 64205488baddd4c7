package watch

import (
	"fmt"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/signing"
)

// Judge verifies exchanges with the keys of a client's profile, and names their
// endpoints. What capture passed on is judged by the path that the Super App was
// asked for, what listen received by the path that the Super App called.
func Judge(client *apiclient.Client, c *catalog.Catalog) func(*apiclient.Exchange) {
	return func(e *apiclient.Exchange) {
		e.SignedAs = signedAs(client, e)
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
		acceptedUnverified(e)
	}
}

// acceptedUnverified says of the answer to a notification that it says S to what
// does not verify.
func acceptedUnverified(e *apiclient.Exchange) {
	if e.Origin == apiclient.FromListen && e.Sides().Request.Failed() && !e.SentVerdict.OK() && e.Result.Status == "S" {
		e.Findings = append(e.Findings, apiclient.Finding{
			Side: apiclient.ResponseSide, Field: "result.resultStatus", Cause: apiclient.AcceptedUnverified, Severity: apiclient.Problem,
			Says: "The answer is S, and the signature of the notification does not verify: whoever reaches the handler can confirm payments.",
			Hint: "Verify each notification before anything is done with it, and answer F where that fails.",
		})
	}
}

// signedAs is the target that the signed string must have.
func signedAs(client *apiclient.Client, e *apiclient.Exchange) string {
	target := e.Request.Target()
	if e.Origin == apiclient.FromCapture && e.URL != "" {
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
