package cli

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/signing"
)

// An answer that was cut ends send with 3 only where a signature depends on
// what is missing.
func TestCutAnswerEndsWithItsCode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		outcome apiclient.Outcome
		partial bool
		status  signing.Status
		code    int
	}{
		{apiclient.Answered, true, signing.Mismatch, exitUnverified},
		{apiclient.Answered, true, signing.Undecodable, exitUnverified},
		{apiclient.Answered, true, signing.Verified, exitFailed}, // whole as it was signed
		{apiclient.Answered, true, signing.Unsigned, exitFailed},
		{apiclient.Canceled, true, signing.Mismatch, exitFailed},
		{apiclient.Answered, false, signing.Mismatch, exitFailed},
	} {
		e := apiclient.Exchange{
			Outcome: c.outcome, Err: "the body ended early", Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Partial: c.partial},
			Received: signing.Verdict{Status: c.status}, SentVerdict: signing.Verdict{Status: signing.Verified},
		}
		for _, json := range []bool{false, true} {
			a := newApp(nil, io.Discard, io.Discard)
			a.flags.json = json
			if got := codeOf(a.printSent(catalog.Endpoint{}, e, true)); got != c.code {
				t.Errorf("%s, partial %v, %s: exit %d, want %d", c.outcome, c.partial, c.status, got, c.code)
			}
		}
	}
}

// A run that is not in the history is not named.
func TestRunIsNamedWhereItIs(t *testing.T) {
	t.Parallel()
	for id, named := range map[string]bool{"0199": true, "": false} {
		for _, json := range []bool{false, true} {
			var out bytes.Buffer
			a := newApp(nil, &out, io.Discard)
			a.flags.json = json
			e := apiclient.Exchange{ID: id, Outcome: apiclient.Failed, Err: "the run could not be recorded, so it was not sent: disk full"}
			if got := codeOf(a.printSent(catalog.Endpoint{}, e, false)); got != exitFailed {
				t.Errorf("exit %d", got)
			}
			says := strings.Contains(out.String(), "run "+id+"\n")
			if json {
				says = strings.Contains(out.String(), `"id"`)
			}
			if says != named {
				t.Errorf("run %q, JSON %t: %s", id, json, out.String())
			}
		}
	}
}
