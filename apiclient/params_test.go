package apiclient

import (
	"errors"
	"strings"
	"testing"

	"countersign/apiclient/hint"
)

func TestFilled(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		target string
		params []Param
		want   string // or what the error says
	}{
		{"/v2/pay", nil, "/v2/pay"},
		{"/v2/links/{linkId}/close", []Param{{"linkId", "L-1"}}, "/v2/links/L-1/close"},
		{"/v2/links/{linkId}/close?a={linkId}", []Param{{"linkId", "L-1"}}, "/v2/links/L-1/close?a={linkId}"},
		{"/v2/{a}/{b}/{a}", []Param{{"a", "1"}, {"b", "{a}"}}, "/v2/1/%7Ba%7D/1"},
		{"/v2/{a}", []Param{{"a", "a/b c%2F\u00fc?#;:@&=+$,~*()!'"}}, "/v2/a%2Fb%20c%252F%C3%BC%3F%23%3B:@&=+$%2C~%2A%28%29%21%27"},
		{"/v2/{{a}}/x?b={c}", nil, "/v2/{{a}}/x?b={c}"},
		{"/v2/{a}-{b}.pdf", []Param{{"a", "x"}, {"b", "y"}}, "/v2/x-y.pdf"},
		{"/v2/list", []Param{{"page", "2"}, {"q", "a b&c=d+\u00fc"}}, "/v2/list?page=2&q=a%20b%26c%3Dd%2B%C3%BC"},
		{"/v2/list?x=1", []Param{{"page", ""}}, "/v2/list?x=1&page="},
		{"/v2/{a}/{b}", []Param{{"b", ""}}, "the parameters a, b of the path have no value"},
		{"/v2/{a}", nil, "the parameter a of the path has no value"},
		{"/v2/{a}", []Param{{"a", ".."}}, `the parameter a is ".."`},
	} {
		got, err := Draft{Target: tt.target, Params: tt.params}.Filled()
		if err != nil {
			if got = err.Error(); hint.Of(err) == "" {
				t.Errorf("%s: no hint", tt.target)
			}
		}
		if got != tt.want {
			t.Errorf("%s %v\n got %s\nwant %s", tt.target, tt.params, got, tt.want)
		}
	}
}

// What is signed is the path as it is sent, and none is sent with its braces.
func TestParamsAreSigned(t *testing.T) {
	t.Parallel()
	p := testProfile("https://superapp.test")
	c := newClient(t, p, Options{})
	e, err := c.Preview(Draft{Target: "/v2/links/{linkId}/close", Params: []Param{{"linkId", "a/b"}}, Bodiless: true})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(e.Request.Line, "/v2/links/a%2Fb/close ") || !strings.Contains(string(e.Sent.Canonical), "/v2/links/a%2Fb/close\n") {
		t.Errorf("%s, signed %s", e.Request.Line, e.Sent.Canonical)
	}
	if e.Request.Has("Content-Type") {
		t.Error("a Content-Type of nothing")
	}
	var missing *MissingParams
	if _, err := c.Preview(Draft{Target: "/v2/links/{linkId}/close"}); !errors.As(err, &missing) {
		t.Errorf("with braces: %v", err)
	}
	form, err := c.Preview(Draft{Target: "/v2/tokens", Media: MediaForm, Body: []byte("a=1&b=%20")})
	if err != nil || form.Request.Get("Content-Type") != MediaForm {
		t.Errorf("%+v, %v", form.Request, err)
	}
	for _, f := range form.Findings {
		if f.Severity == Warn || f.Severity == Problem {
			t.Errorf("%+v", f)
		}
	}
	if again := c.Again(form, "/v2/tokens"); again.Media != MediaForm || len(again.Header) > 0 || len(again.Omit) > 0 {
		t.Errorf("%+v", again)
	}
	if again := c.Again(e, "/v2/tokens"); !again.Bodiless || len(again.Header) > 0 || len(again.Omit) > 0 {
		t.Errorf("%+v", again)
	}
}
