package apiclient

import (
	"reflect"
	"testing"
)

// What is sent again is tampered in the same way, by each tamper.
func TestAgainTampersAsBefore(t *testing.T) {
	t.Parallel()
	c := tamperClient(t)
	for _, s := range Tampers() {
		if s.Cannot(c.profile) != "" {
			continue
		}
		first := tampered(t, c, s.Name)
		d := c.Again(first, payDraft().Target)
		again, err := c.Preview(d)
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
			continue
		}
		if !reflect.DeepEqual(again.Tampered, first.Tampered) || string(again.Request.Body) != string(first.Request.Body) || len(again.Request.Header) != len(first.Request.Header) {
			t.Errorf("%s: tampered by %v, then by %v\n%v\n%v", s.Name, first.Tampered, again.Tampered, first.Request.Header, again.Request.Header)
		}
		if len(d.Header) > 0 || len(d.Omit) > 0 {
			t.Errorf("%s: the draft has %v, lacks %v", s.Name, d.Header, d.Omit)
		}
	}
}

func TestAgainKeepsWhatWasOnPurpose(t *testing.T) {
	t.Parallel()
	c := tamperClient(t)
	draft := payDraft()
	draft.Header = []Field{{Name: "X-Trace", Value: "1"}, {Name: "content-type", Value: "text/plain"}, {Name: "Client-Id", Value: "somebody"}}
	draft.Omit = []string{"Merchant-Id"}
	first, err := c.Preview(draft)
	if err != nil {
		t.Fatal(err)
	}
	first.Request.Header = append(first.Request.Header, Field{Name: "Expect", Value: "100-continue"}, Field{Name: "Transfer-Encoding", Value: "chunked"})
	d := c.Again(first, draft.Target)
	want := []Field{{Name: "content-type", Value: "text/plain"}, {Name: "Client-Id", Value: "somebody"}, {Name: "X-Trace", Value: "1"}}
	if !reflect.DeepEqual(d.Header, want) || !reflect.DeepEqual(d.Omit, []string{"Merchant-Id"}) || len(d.Tamper) > 0 {
		t.Errorf("headers %v, left out %v, tampered by %v of %v", d.Header, d.Omit, d.Tamper, first.Tampered)
	}
}

// A run of a profile without a merchant did not leave it out on purpose.
func TestAgainOfAnotherProfile(t *testing.T) {
	t.Parallel()
	p := testProfile("http://127.0.0.1:1")
	p.Name, p.MerchantID, p.ClientID = "other", "", "another-client"
	first, err := newClient(t, p, testOptions()).Preview(payDraft())
	if err != nil {
		t.Fatal(err)
	}
	if d := tamperClient(t).Again(first, payDraft().Target); len(d.Header) > 0 || len(d.Omit) > 0 {
		t.Errorf("headers %v, left out %v", d.Header, d.Omit)
	}
}

// A run of an answer alone left nothing out.
func TestAgainWithoutARequest(t *testing.T) {
	t.Parallel()
	d := tamperClient(t).Again(Exchange{Response: &Message{Line: "HTTP/1.1 200 OK"}}, payDraft().Target)
	if len(d.Header) > 0 || len(d.Omit) > 0 || len(d.Tamper) > 0 {
		t.Errorf("%+v", d)
	}
}
