package followup

import (
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
)

// paid is a payment that was accepted.
func paid(request, response string) *apiclient.Exchange {
	return &apiclient.Exchange{
		BytesSent: true, Result: apiclient.Result{Status: "A"},
		Request:  apiclient.Message{Line: "POST /v2/payments/pay HTTP/1.1", Body: []byte(request)},
		Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: []byte(response)},
	}
}

func endpoint(t *testing.T, c *catalog.Catalog, id string) catalog.Endpoint {
	t.Helper()
	e, err := c.Lookup(id)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestCallbacks(t *testing.T) {
	t.Parallel()
	c := catalog.Builtin()
	pay := endpoint(t, c, "v2/payments/pay")
	e := paid(`{"paymentRequestId":"R-1","paymentAmount":{"currency":"JPY","value":"5"}}`, `{"paymentId":"P-{{env.HOME}}"}`)
	steps := Callbacks(c, pay, e)
	if len(steps) != 1 || steps[0].Endpoint.ID != "v2/payments/notifyPayment" || steps[0].Missing != "" {
		t.Fatalf("%+v", steps)
	}
	for _, want := range []string{`"R-1"`, `{"currency":"JPY","value":"5"}`, `\u007b{env.HOME}}`, `"paymentStatus": "SUCCESS"`} {
		if !strings.Contains(string(steps[0].Body), want) {
			t.Errorf("lacks %s:\n%s", want, steps[0].Body)
		}
	}
	if s := Callbacks(c, pay, paid(`{}`, `{}`)); s[0].Missing == "" {
		t.Errorf("filled in from nothing: %s", s[0].Body)
	}
	if After(c, pay, e)[0].Endpoint.Direction == catalog.Callback {
		t.Error("a callback is no request of ours")
	}
}

// Where no link leads to a callback, values go by their names.
func TestCallbackTo(t *testing.T) {
	t.Parallel()
	c := catalog.Builtin()
	inquiry, notify := endpoint(t, c, "v2/payments/inquiryPayment"), endpoint(t, c, "v2/payments/notifyPayment")
	s := CallbackTo(c, inquiry, notify, paid(`{"paymentId":"asked","partnerId":"P9"}`,
		`{"paymentId":"P-1","paymentAmount":{"currency":"EUR","value":"7"},"paymentStatus":"FAIL","paymentTime":5,"result":{}}`))
	body := string(s.Body)
	for _, want := range []string{`"P-1"`, `"P9"`, `{"currency":"EUR","value":"7"}`, `"FAIL"`, `"paymentTime": "{{now_iso}}"`} {
		if !strings.Contains(body, want) {
			t.Errorf("lacks %s:\n%s", want, body)
		}
	}
	if s.Missing != "" || strings.Contains(body, "asked") {
		t.Errorf("%q\n%s", s.Missing, body)
	}
	if s := CallbackTo(c, inquiry, notify, paid(`no JSON`, `[]`)); s.Missing == "" {
		t.Error("filled in from nothing")
	}
	// By the link where there is one.
	pay := endpoint(t, c, "v2/payments/pay")
	if s := CallbackTo(c, pay, notify, paid(`{"paymentRequestId":"R"}`, `{"paymentId":"P"}`)); s.Says != "send its notification" {
		t.Errorf("%+v", s)
	}
}
