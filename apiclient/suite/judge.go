package suite

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/expect"
	"countersign/apiclient/requests"
	"countersign/apiclient/signing"
)

// judge holds against an answer what the request and its file expect.
func (r *runner) judge(ctx context.Context, q *requests.Request, endpoint catalog.Endpoint, e *apiclient.Exchange,
	expects []*expect.Expectation) []Failure {
	expects = slices.Concat(expects, r.Expect)
	rules := Rules{NoSign: q.NoSign(), NoSchema: !q.ChecksSchema(), Expect: expects}
	if r.Mask != nil {
		rules.Mask = r.Mask(e)
	}
	return Judge(ctx, e, endpoint, rules)
}

// Rules say what must hold of an exchange.
type Rules struct {
	NoSign   bool // it was not signed on purpose
	NoSchema bool // the answer need not follow its schema
	Expect   []*expect.Expectation
	Mask     func(string) string // of what is told; nil: nothing is masked
}

// maxViolations keeps a wholly different answer from filling the screen.
const maxViolations = 8

// Judge says why an exchange does not stand as it should; nil: it does. Its
// verdicts must be of now.
func Judge(ctx context.Context, e *apiclient.Exchange, endpoint catalog.Endpoint, rules Rules) []Failure {
	var list []Failure
	fail := func(kind Kind, fix, format string, args ...any) {
		list = append(list, Failure{kind, fmt.Sprintf(format, args...), fix})
	}
	if e.Err != "" {
		fail(Broken, e.Hint, "%s", e.Err)
	}
	tampered := e.TamperedOnPurpose()
	switch {
	case e.Response == nil:
		if e.Err == "" {
			fail(Broken, "send it again", "there is no answer")
		}
	case tampered:
		list = append(list, refusal(e)...)
	default:
		list = append(list, signatures(e, rules.NoSign)...)
	}
	schema := SchemaFaults(endpoint, e)
	if e.Response != nil && !tampered && !rules.NoSchema {
		for i, says := range schema {
			if i == maxViolations {
				fail(Schema, "", "the schema does not allow %d more places of the answer", len(schema)-i)
				break
			}
			fail(Schema, "", "the answer's schema: %s", says)
		}
	}
	if len(rules.Expect) == 0 {
		return list
	}
	value := expect.Value(e, schema)
	for _, x := range rules.Expect {
		if got := x.Check(ctx, value); !got.Holds {
			if rules.Mask != nil {
				got = got.Masked(rules.Mask)
			}
			fail(Unmet, "", "%s", got)
		}
	}
	return list
}

// SchemaFaults lists what the schema of an answer does not allow. An endpoint that
// the catalogue does not have allows anything.
func SchemaFaults(endpoint catalog.Endpoint, e *apiclient.Exchange) []string {
	if endpoint.ID == "" || e.Response == nil {
		return nil
	}
	var list []string
	for _, v := range endpoint.CheckResponse(e.Response.Content()) {
		list = append(list, v.Message)
	}
	return list
}

// refusal expects that a request that was tampered with was refused. Many refusals
// carry no signature; one that is there must verify.
func refusal(e *apiclient.Exchange) []Failure {
	var list []Failure
	switch e.Reaction() {
	case apiclient.Refused, apiclient.RefusedOtherwise:
	case apiclient.Accepted:
		list = append(list, Failure{Unmet, "it was tampered with (" + apiclient.TamperTitles(e.Tampered) + "), and accepted",
			"tell the other side what it does not check"})
	default:
		list = append(list, Failure{Unmet, "it was tampered with (" + apiclient.TamperTitles(e.Tampered) +
			"), and the answer does not say whether that was noticed", ""})
	}
	if !e.Received.OK() && e.Received.Status != signing.Unsigned {
		list = append(list, unverified("response", e.Received))
	}
	return list
}

// signatures expects that both signatures verify.
func signatures(e *apiclient.Exchange, noSign bool) []Failure {
	var list []Failure
	sides := e.Sides()
	switch {
	case sides.Request.Status == apiclient.SignatureRefused:
		r, _ := e.Refusal()
		list = append(list, Failure{Unverified, "the request is signed with our key, and the other side refused it: " + r.String(),
			"countersign diagnose " + e.ID})
	case !noSign && !e.SentVerdict.OK():
		list = append(list, unverified("request", e.SentVerdict))
	}
	if !e.Received.OK() && !(noSign && e.Received.Status == signing.Unsigned) {
		list = append(list, unverified("response", e.Received))
	}
	return list
}

func unverified(side string, v signing.Verdict) Failure {
	return Failure{Unverified, fmt.Sprintf("the %s does not verify (%s): %s", side, v.Status,
		cmp.Or(v.Reason, "no reason is known")), v.Hint}
}
