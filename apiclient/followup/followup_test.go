package followup

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/variables"
)

func load(t *testing.T, doc string) (*catalog.Catalog, catalog.Endpoint) {
	t.Helper()
	c := catalog.Builtin()
	if err := c.Load(t.Context(), "own.json", []byte(doc), nil); err != nil {
		t.Fatal(err)
	}
	e, err := c.Lookup("v1/orders/make")
	if err != nil {
		t.Fatal(err)
	}
	return c, e
}

// own is a person's own document, whose link leads to a built-in endpoint.
const own = `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/v1/orders/make":{"post":{
 "requestBody":{"content":{"application/json":{"example":{"a":1}}}},
 "responses":{"200":{"description":"d","links":{
  "pay":{"operationId":"v1_payments_inquiryPayment","description":"inquire","parameters":{"header.traceId":"$request.header.traceId","query.lang":"en {$method}"},
   "requestBody":{"paymentId":"$response.body#/order/id","note":"for {$response.body#/order/id}","n":5,"amount":"$request.body#/amount"}}}}}}}}}`

func exchange(status, response string) *apiclient.Exchange {
	return &apiclient.Exchange{
		BytesSent: true, Result: apiclient.Result{Status: status},
		Request:  apiclient.Message{Line: "POST /v1/orders/make HTTP/1.1", Header: []apiclient.Field{{Name: "traceid", Value: "t"}}, Body: []byte(`{"amount": {"currency":"USD", "value":"1"}}`)},
		Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: []byte(response)},
	}
}

func TestOwnLinks(t *testing.T) {
	t.Parallel()
	c, e := load(t, own)
	steps := After(c, e, exchange("S", `{"order":{"id":"42"}}`))
	if len(steps) != 1 || steps[0].Missing != "" || steps[0].Urgent || steps[0].Says != "inquire" {
		t.Fatalf("steps %+v", steps)
	}
	s := steps[0]
	for _, want := range []string{`"paymentId":`, `"42"`, `"for 42"`, `5`, `{"currency":"USD", "value":"1"}`, `"P000000000000042"`} {
		if !strings.Contains(string(s.Body), want) {
			t.Errorf("%s is not in %s", want, s.Body)
		}
	}
	if s.Target != "/v1/payments/inquiryPayment?lang=en%20POST" || len(s.Header) != 1 || s.Header[0].Value != "t" {
		t.Errorf("target %s, header %v", s.Target, s.Header)
	}
	if steps := After(c, e, exchange("F", `{"order":{"id":"42"}}`)); len(steps) != 0 {
		t.Errorf("after F: %+v", steps)
	}
}

// What the other side sent is never taken for a variable of ours.
func TestVariablesAreInert(t *testing.T) {
	t.Parallel()
	c, e := load(t, own)
	s := After(c, e, exchange("S", `{"order":{"id":"{{{env.HOME}}"}}`))[0]
	if strings.Contains(string(s.Body), "{{") {
		t.Errorf("body %s", s.Body)
	}
	var body map[string]any
	if err := json.Unmarshal(s.Body, &body); err != nil || body["paymentId"] != "{{{env.HOME}}" {
		t.Errorf("%v: %v", err, body)
	}
}

func TestBuiltInLinks(t *testing.T) {
	t.Parallel()
	c := catalog.Builtin()
	pay, err := c.Lookup("v2/payments/pay")
	if err != nil {
		t.Fatal(err)
	}
	e := exchange("U", `{}`)
	e.Request.Body = []byte(`{"paymentRequestId":"R1","paymentAmount":{"currency":"USD","value":"7"}}`)
	steps := After(c, pay, e)
	if len(steps) != 1 || !steps[0].Urgent || !strings.Contains(string(steps[0].Body), `"R1"`) {
		t.Errorf("after U: %+v", steps)
	}
	e.Result.Status = "S"
	steps = After(c, pay, e)
	if len(steps) < 2 || steps[0].Missing != "" || !strings.Contains(steps[len(steps)-1].Missing, "paymentId") {
		t.Errorf("a refund needs the paymentId: %+v", steps)
	}
	e.Response, e.Result = nil, apiclient.Result{}
	if steps = After(c, pay, e); len(steps) != 1 || !steps[0].Urgent {
		t.Errorf("a lost answer: %+v", steps)
	}
	e.BytesSent, e.Outcome = false, apiclient.Failed
	if steps = After(c, pay, e); len(steps) != 0 {
		t.Errorf("what never left has nothing to inquire: %+v", steps)
	}
}

func FuzzFill(f *testing.F) {
	f.Add("$response.body#/order/id", `{"order":{"id":"42"}}`)
	f.Add("a {$request.body} {$", `[`)
	c := catalog.Builtin()
	target, err := c.Lookup("v1/payments/refund")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, expression, body string) {
		l := catalog.Link{Name: "x", Body: []catalog.LinkValue{{Pointer: "/paymentId", Expression: expression}}}
		s := fill(l, target, exchange("S", body))
		if !json.Valid(s.Body) {
			t.Errorf("no JSON: %s", s.Body)
		}
	})
}

// A condition of a link is met, or says why it is not.
func TestConditionsOfLinks(t *testing.T) {
	t.Parallel()
	c, e := load(t, strings.Replace(own, `"description":"inquire",`,
		`"description":"inquire","x-when":{"$response.body#/order/state":["OPEN","HELD"],"$statusCode":["200"]},`, 1))
	for state, want := range map[string]string{
		`,"state":"OPEN"`:      "",
		`,"state":"HELD"`:      "",
		`,"state":"CLOSED"`:    "state is CLOSED, not OPEN or HELD",
		`,"state":null`:        "the exchange has no $response.body#/order/state",
		``:                     "the exchange has no $response.body#/order/state",
		`,"state":["OPEN"]`:    `state is ["OPEN"], not OPEN or HELD`,
		`,"state":"OPEN "`:     "state is OPEN , not OPEN or HELD",
		`,"state":"\u004fPEN"`: "",
	} {
		steps := After(c, e, exchange("S", `{"order":{"id":"42"`+state+`}}`))
		if len(steps) != 1 || steps[0].Missing != want {
			t.Errorf("%s: %+v", state, steps)
		}
	}
	moved := exchange("S", `{"order":{"id":"42","state":"OPEN"}}`)
	moved.Response.Line = "HTTP/1.1 302 Found"
	if steps := After(c, e, moved); steps[0].Missing != "$statusCode is 302, not 200" {
		t.Errorf("%+v", steps)
	}
}

// A refund follows a payment that is known to be paid, and nothing else; what
// the Super App sends is not ours to send.
func TestRefundFollowsSuccessOnly(t *testing.T) {
	t.Parallel()
	c := catalog.Builtin()
	for _, x := range []struct {
		endpoint, status, answer string
		refund                   bool
	}{
		{"v2/payments/pay", "S", `{"paymentId":"1"}`, true},
		{"v2/payments/pay", "A", `{"paymentId":"1"}`, false},
		{"v2/payments/pay", "U", `{"paymentId":"1"}`, false},
		{"v2/payments/pay", "F", `{"paymentId":"1"}`, false},
		{"v1/payments/pay", "S", `{"paymentId":"1"}`, true},
		{"v1/payments/pay", "A", `{"paymentId":"1"}`, false},
		{"v2/payments/inquiryPayment", "S", `{"paymentId":"1","paymentStatus":"SUCCESS","paymentAmount":{"currency":"USD","value":"1"}}`, true},
		{"v2/payments/inquiryPayment", "S", `{"paymentId":"1","paymentStatus":"PROCESSING","paymentAmount":{"currency":"USD","value":"1"}}`, false},
		{"v1/payments/inquiryPayment", "S", `{"paymentId":"1","paymentStatus":"FAIL"}`, false},
		{"v1/payments/inquiryPayment", "S", `{"paymentId":"1"}`, false},
	} {
		endpoint, err := c.Lookup(x.endpoint)
		if err != nil {
			t.Fatal(err)
		}
		e := exchange(x.status, x.answer)
		e.Request.Body = []byte(`{"partnerId":"P","paymentRequestId":"R1","paymentAmount":{"currency":"USD","value":"7"}}`)
		refund := false
		for _, s := range After(c, endpoint, e) {
			if s.Endpoint.Direction == catalog.Callback {
				t.Errorf("%s after %s: %s is offered", x.endpoint, x.status, s.Endpoint.ID)
			}
			refund = refund || s.Missing == "" && s.Endpoint.Name == "payments/refund"
		}
		if refund != x.refund {
			t.Errorf("%s after %s %s: refund %v", x.endpoint, x.status, x.answer, refund)
		}
	}
}

// The other side must not be able to name a variable in what it answers, in
// no place of the request that follows: an environment variable would go out.
func TestNothingOfTheAnswerIsAVariable(t *testing.T) {
	t.Parallel()
	resolver := &variables.Resolver{
		Now: time.Now, NewID: func() string { return "id" },
		Getenv: func(string) (string, bool) { return "SECRET", true },
	}
	for _, hostile := range []string{"{{env.HOME}}", `\\{{env.HOME}}`, "{{{env.HOME}}}", "{{{{env.HOME}}}}", "{{ env.HOME }}"} {
		e := &apiclient.Exchange{
			Outcome: apiclient.Answered, Result: apiclient.Result{Status: "S"},
			Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: []byte(`{"id":"` + hostile + `"}`)},
		}
		value := catalog.LinkValue{Expression: "$response.body#/id"}
		at := func(place string) catalog.LinkValue {
			v := value
			v.Pointer = place
			return v
		}
		l := catalog.Link{
			Name: "next", Body: []catalog.LinkValue{at("/a")},
			Parameters: []catalog.LinkValue{at("header.traceId"), at("path.id"), at("query.q"), {Pointer: "header.X", Expression: "a {$response.body#/id} b"}},
		}
		s := fill(l, catalog.Endpoint{Path: "/v1/{id}", Example: []byte(`{"a":"1"}`)}, e)
		if s.Missing != "" {
			t.Fatal(s.Missing)
		}
		d, err := resolver.ExpandDraft(context.Background(), apiclient.Draft{Target: s.Target, Header: s.Header, Body: s.Body})
		if err != nil {
			t.Errorf("%s: %v", hostile, err)
			continue
		}
		all := string(d.Body) + d.Target
		for _, f := range d.Header {
			all += f.Value
		}
		if strings.Contains(all, "SECRET") {
			t.Errorf("%s brings out %s", hostile, all)
		}
		want := strings.ReplaceAll(hostile, `\\`, `\`)
		if d.Header[0].Value != want || d.Header[1].Value != "a "+want+" b" {
			t.Errorf("%s: the headers are %+v", hostile, d.Header)
		}
	}
}
