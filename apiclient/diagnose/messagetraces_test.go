package diagnose

import (
	"slices"
	"testing"

	"countersign/apiclient"
)

// TestMessageTraces suspects what the message itself points to, and nothing where it
// points to nothing.
func TestMessageTraces(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, target, client, time, agent, body string
		cause                                   string // "": none
	}{
		{"nothing", "/miniprogram/api/v2/payments/pay", "C-1", "1795963496781", "curl/8.0",
			`{"a":1,"b":1e+21,"c":9007199254740991}`, ""},
		{"another client", "/miniprogram/api/v2/payments/pay", "gateway-7", "1795963496781", "", `{}x`,
			"client_id_configured_differs"},
		{"seconds", "/miniprogram/api/v2/payments/pay", "C-1", "1795963496", "", `{"a":1}`, "time_differs_from_header"},
		{"no prefix", "/v2/payments/pay", "C-1", "1795963496781", "", `{"a":1}`, "path_prefix_different"},
		{"a prefix of their own", "/shop-x/v2/payments/pay", "C-1", "1795963496781", "", `{"a":1}`, "path_prefix_different"},
	} {
		x := apiclient.Exchange{Request: apiclient.Message{Line: "POST " + c.target + " HTTP/1.1", Body: []byte(c.body),
			Header: []apiclient.Field{
				{Name: "Client-Id", Value: c.client}, {Name: "Request-Time", Value: c.time}, {Name: "User-Agent", Value: c.agent}}}}
		e, err := FromProfile(apiclient.Profile{ClientID: "C-1"}, x, apiclient.RequestSide)
		if err != nil {
			t.Fatal(err)
		}
		var causes []string
		for _, f := range e.messageTraces() {
			causes = append(causes, f.Cause)
			if f.Proven || f.Says == "" || f.Fix == "" || f.Family == FamilyContent {
				t.Errorf("%s: %+v", c.name, f)
			}
		}
		if want := slices.DeleteFunc([]string{c.cause}, func(s string) bool { return s == "" }); !slices.Equal(causes, want) {
			t.Errorf("%s: %q, want %q", c.name, causes, want)
		}
	}
}
