package variables

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
)

func resolver() *Resolver {
	n := 0
	return &Resolver{
		Profile: apiclient.Profile{Name: "staging", ClientID: "2021", BaseURL: "https://x"},
		Now:     func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.FixedZone("", 8*3600)) },
		NewID:   func() string { n++; return fmt.Sprintf("id-%d", n) },
		Getenv: func(k string) (string, bool) {
			v, ok := map[string]string{"TOKEN": "t0k", "EMPTY": "", "ODD": "say \"hi\"\n"}[k]
			return v, ok
		},
		Last: func(_ context.Context, endpoint string) (*apiclient.Exchange, error) {
			switch endpoint {
			case "payments/pay", "v2/payments/pay":
				return &apiclient.Exchange{
					ID:       "0193",
					Request:  apiclient.Message{Body: []byte(`{"paymentRequestId":"REQ"}`)},
					Response: &apiclient.Message{Body: []byte(`{"paymentId":"P1","n":1.50,"o":{"a":[1,2]}}`)},
				}, nil
			case "broken":
				return nil, errors.New("the history cannot be read")
			}
			return nil, nil
		},
	}
}

func TestExpand(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"none", "{\r\n \"a\": 1}\t\x00\xff", "{\r\n \"a\": 1}\t\x00\xff"},
		{"uuid at each place", `{"a":"{{uuid}}","b":"{{ uuid }}"}`, `{"a":"id-1","b":"id-2"}`},
		{"now", `{{now}}`, "1767294245678"},
		{"shifted", `{{now+1s}} {{now_iso}} {{now_iso-24h}} {{now_iso+7d}}`, "1767294246678 2026-01-02T03:04:05+08:00 2026-01-01T03:04:05+08:00 2026-01-09T03:04:05+08:00"},
		{"env", `{{env.TOKEN}}{{env.EMPTY}}`, "t0k"},
		{"escaped inside a string", `{"a":"{{env.ODD}}"}`, `{"a":"say \"hi\"\n"}`},
		{"as it is outside JSON", `{{env.ODD}}`, "say \"hi\"\n"},
		{"after an escaped quote", `{"a":{{now}},"b":"\"{{env.ODD}}"}`, `{"a":1767294245678,"b":"\"say \"hi\"\n"}`},
		{"profile", `{{profile.client_id}}@{{profile.name}}`, "2021@staging"},
		{"last answer", `{"id":"{{last.payments/pay.paymentId}}","v":"{{last.v2/payments/pay.o.a[1]}}","n":{{last.payments/pay.n}}}`, `{"id":"P1","v":"2","n":1.50}`},
		{"last request", `{{last.payments/pay.request.paymentRequestId}}`, "REQ"},
		{"literal", `a \{{uuid}} b`, "a {{uuid}} b"},
		{"closing braces alone", `{"a":{"b":{}}}`, `{"a":{"b":{}}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := resolver().Expand(context.Background(), []byte(tt.text))
			if err != nil || string(got) != tt.want {
				t.Errorf("got %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func TestExpandRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, says string }{
		{"a\n  {{nope}}", "{{nope}} at line 2, column 3 is not known"},
		{"{{}}", "is not known"},
		{"{{nowhere}}", "is not known"},
		{"{{now+soon}}", "unusable shift"},
		{"{{env.NONE}}", "is not set"},
		{"{{profile.merchant_id}}", "sets no merchant_id"},
		{"{{profile.key}}", "is not known"},
		{"{{last.payments/pay}}", "names no field"},
		{"{{last.payments/pay.nothing}}", "has no nothing"},
		{"{{last.payments/pay.a[}}", "unusable path"},
		{"{{last.payments/refund.refundId}}", "no answered run of payments/refund"},
		{"{{last.broken.x}}", "the history cannot be read"},
		{`{"a":"{{uuid"}`, "{{uuid}} at line 1, column 7 is not closed"},
	}
	for _, tt := range tests {
		_, err := resolver().Expand(context.Background(), []byte(tt.text))
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), tt.says) || e.Hint() == "" {
			t.Errorf("%q: error %v, want one with %q and a hint", tt.text, err, tt.says)
		}
	}
}

func TestRenew(t *testing.T) {
	t.Parallel()
	r, ctx := resolver(), context.Background()
	text := []byte("{{uuid}} {{uuid}}")
	first, _ := r.Expand(ctx, text)
	again, _ := r.Expand(ctx, text)
	if string(first) != "id-1 id-2" || string(again) != string(first) {
		t.Errorf("%s, then %s: made-up values must stay", first, again)
	}
	r.Renew()
	if renewed, _ := r.Expand(ctx, text); string(renewed) != "id-3 id-4" {
		t.Errorf("after Renew: %s", renewed)
	}
	_, several, err := r.ExpandDraftAnd(ctx, apiclient.Draft{}, "{{uuid}}", "{{uuid}}", "{{uuid}}")
	if err != nil || string(several[0]) != "id-3" || string(several[1]) != "id-4" || string(several[2]) != "id-5" {
		t.Errorf("ExpandDraftAnd: %s, %v", several, err)
	}
}

// FuzzExpand holds that text without braces is untouched, and that a value
// inside a JSON string leaves JSON behind.
func FuzzExpand(f *testing.F) {
	f.Add([]byte(`{"a":"x\"{{env.ODD}}","b":{{now}}}`))
	f.Add([]byte(`\{{ {{uuid}} }}`))
	f.Add([]byte(`[ "\\{{now_iso+1h}}" ]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		out, err := resolver().Expand(context.Background(), text)
		if !Has(text) && (err != nil || string(out) != string(text)) {
			t.Fatalf("%q became %q, %v", text, out, err)
		}
		trimmed := strings.TrimSpace(string(text))
		isText := strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "[")
		if err == nil && isText && json.Valid(text) && !strings.Contains(string(text), `\{{`) && !json.Valid(out) {
			t.Fatalf("%q became %q, which is not JSON", text, out)
		}
	})
}
