package apiclient

import (
	"strings"
	"testing"

	"countersign/apiclient/signing"
)

var otherNames = HeaderNames{
	Signature: "X-SIGNATURE", ClientID: "app-id", MerchantID: "X-Merchant-Id", RequestTime: "X-Request-Time", ResponseTime: "X-Response-Time",
}

func TestHeaderNames(t *testing.T) {
	t.Parallel()
	p := testProfile("http://127.0.0.1:1/api")
	p.HeaderNames = otherNames
	c := newClient(t, p, testOptions())
	e, err := c.Preview(payDraft())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"X-SIGNATURE", "app-id", "X-Merchant-Id", "X-Request-Time"} {
		if e.Request.Get(name) == "" {
			t.Errorf("no %s in %v", name, e.Request.Header)
		}
	}
	for _, name := range []string{"Signature", "Client-Id", "Merchant-Id", "Request-Time"} {
		if e.Request.Has(name) {
			t.Errorf("%s is sent as well", name)
		}
	}
	if !e.SentVerdict.OK() {
		t.Errorf("%+v", e.SentVerdict)
	}
	for _, f := range e.Findings {
		if f.Severity == Problem || f.Severity == Warn {
			t.Errorf("%+v", f)
		}
	}
	if m := p.ExplainHeader(RequestSide, "x-request-time"); !m.Signed || !m.Required {
		t.Errorf("%+v", m)
	}
	if m := p.ExplainHeader(RequestSide, "Signature"); m.Protocol {
		t.Errorf("the displaced name still has its meaning: %+v", m)
	}
	again := c.Again(e, "/v2/payments/pay")
	if len(again.Header) != 0 || len(again.Omit) != 0 {
		t.Errorf("again %+v", again)
	}
}

func TestHeaderNamesInFindings(t *testing.T) {
	t.Parallel()
	p := testProfile("http://127.0.0.1:1/api")
	p.HeaderNames = otherNames
	c := newClient(t, p, testOptions())
	for _, tamper := range []string{"signature_missing", "client_id_missing", "request_time_missing", "signature_corrupted", "time_hour_old", "key_version_unknown"} {
		d := payDraft()
		d.Tamper = []string{tamper}
		e, err := c.Preview(d)
		if err != nil {
			t.Fatal(tamper, err)
		}
		worst := false
		for _, f := range e.Findings {
			worst = worst || f.Severity == Problem || f.Severity == Warn
			if said := f.Field + " " + f.Says + " " + f.Hint; strings.Contains(strings.ReplaceAll(said, "X-Request-Time", ""), "Request-Time") ||
				strings.Contains(said, "Client-Id") || strings.Contains(said, " Signature header") {
				t.Errorf("%s: %q", tamper, said)
			}
		}
		if !worst {
			t.Errorf("%s: nothing is found", tamper)
		}
	}
}

func TestHeaderNamesThatCannotBe(t *testing.T) {
	t.Parallel()
	for want, names := range map[string]HeaderNames{
		"header_names.signature":     {Signature: "X Signature"},
		"header_names.client_id":     {ClientID: "merchant-id"},
		"header_names.request_time":  {RequestTime: "Host"},
		"header_names.response_time": {ResponseTime: "request-time"},
	} {
		p := testProfile("https://h/api")
		p.HeaderNames = names
		err := p.Validate()
		if err == nil || !strings.HasPrefix(err.Error(), want+" ") {
			t.Errorf("%+v: %v", names, err)
		}
	}
}

func TestSayKeepsNamesThatEndAlike(t *testing.T) {
	t.Parallel()
	const says = "Request-Time and X-Request-Time; the Signature header; a Signature."
	if got := otherNames.Say(otherNames.Say(says)); got != "X-Request-Time and X-Request-Time; the X-SIGNATURE header; a Signature." {
		t.Error(got)
	}
}

func TestResponseTemplate(t *testing.T) {
	t.Parallel()
	const template = "{client_id}|{time}|{body}"
	e := send(t, goodAnswer(), func(p *Profile) { p.ResponseTemplate = template })
	if e.Received.OK() || !strings.HasPrefix(string(e.Received.Canonical), e.Request.Get("Client-Id")+"|") {
		t.Errorf("%s, checked against %q", e.Received.Status, e.Received.Canonical)
	}
	if !e.SentVerdict.OK() || !strings.HasPrefix(string(e.Sent.Canonical), "POST ") {
		t.Errorf("the request: %s, %q", e.SentVerdict.Status, e.Sent.Canonical)
	}
	// An answer that is signed by it verifies.
	p := testProfile("http://127.0.0.1:1/api")
	p.ResponseTemplate = template
	saved := send(t, goodAnswer(), nil)
	c := newClient(t, p, testOptions())
	proof, err := signing.Sign(serverKey, c.rule.Canonical(&saved, ResponseSide), signing.Style{KeyVersion: "1"})
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range saved.Response.Header {
		if strings.EqualFold(f.Name, "Signature") {
			saved.Response.Header[i].Value = proof.Header
		}
	}
	if c.Verify(&saved); !saved.Received.OK() {
		t.Errorf("%+v", saved.Received)
	}
}

// Every tamper works on the headers as the platform calls them, is explained so,
// and is found again in the saved request.
func TestTampersOfOtherNames(t *testing.T) {
	t.Parallel()
	p := testProfile("http://127.0.0.1:1/api")
	p.HeaderNames = otherNames
	c := newClient(t, p, testOptions())
	plain, err := c.Preview(payDraft())
	if err != nil {
		t.Fatal(err)
	}
	for _, tamper := range Tampers() {
		d := payDraft()
		d.Tamper = []string{tamper.Name}
		e, err := c.Preview(d)
		if err != nil {
			t.Fatal(tamper.Name, err)
		}
		for _, name := range []string{"Signature", "Client-Id", "Merchant-Id", "Request-Time"} {
			if e.Request.Has(name) {
				t.Errorf("%s: %s is sent", tamper.Name, name)
			}
		}
		called := tamper.Called(otherNames)
		if h := called.Header; h != "" && strings.Join(e.Request.Values(h), "|") == strings.Join(plain.Request.Values(h), "|") {
			t.Errorf("%s: %s is as ever", tamper.Name, h)
		}
		for _, text := range []string{called.Title, called.Says, called.Expect, called.Checks} {
			if said := strings.NewReplacer("X-Request-Time", "", "X-Merchant-Id", "").Replace(text); strings.Contains(said, "Request-Time") || strings.Contains(said, "Client-Id") ||
				strings.Contains(said, "Merchant-Id") || strings.Contains(said, "Signature header") {
				t.Errorf("%s: %q", tamper.Name, text)
			}
		}
		if again := c.Again(e, d.Target); len(again.Header) != 0 || len(again.Omit) != 0 || len(again.Tamper) != 1 {
			t.Errorf("%s, again: %+v", tamper.Name, again)
		}
	}
}
