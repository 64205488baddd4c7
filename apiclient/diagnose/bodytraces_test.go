package diagnose_test

import (
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
)

// TestBodyTraces has bodies from which what was signed cannot be told any more: what they
// show of it comes first, as suspected.
func TestBodyTraces(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, sent, agent, cause string }{
		{"a double", `{"id":9007199254740992,"v":"1"}`, "", "body_number_precision_lost"},
		{"a double with an exponent", `{"id":2.01906081140108e+34}`, "", "body_number_precision_lost"},
		{"question marks", `{"note":"?? tea"}`, "", "body_charset"},
		{"U+FFFD", `{"note":"caf\ufffd"}`, "", "body_mojibake"},
		{"an empty object", `{}`, "", "body_lost"},
		{"a mask", `{"card":"4111********1111"}`, "", "body_masked"},
		{"JSON.stringify", `{"a":"x","b":1}`, "axios/1.7.2", "body_changed_in_transit"},
		{"sorted keys", `{"a":1,"b":2,"c":3,"d":4,"e":{"x":1,"y":2}}`, "", "body_key_order_changed"},
		{"a HashMap's keys", `{"productCode":"C","paymentNotifyUrl":"u","paymentRequestId":"P","ok":true,"n":100}`, "", "body_key_order_changed"},
		{"four keys, as anybody may write them", `{"a":1,"b":2,"c":3,"d":4}`, "", "content_mismatch_unknown"},
		{"GBK", "{\"note\":\"\xbf\xa7?\"}", "", "body_charset"},
		{"nothing", `{"q":"really? yes","u":"https://a/?b=1","n":1e3,"id":12345678901234567}`, "", "content_mismatch_unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := payment()
			s.body = `what nobody can know`
			signature := sign(t, "client2048", s.canonical(), "1")
			s.body = c.sent
			x := s.exchange(t, signature)
			if c.agent != "" {
				x.Request.Header = append(x.Request.Header, apiclient.Field{Name: "User-Agent", Value: c.agent})
			}
			e, err := diagnose.FromProfile(twoVersions(t), x, apiclient.RequestSide)
			if err != nil {
				t.Fatal(err)
			}
			r := diagnosed(e, impatience)
			if f := r.Findings[0]; f.Cause != c.cause || f.Proven || r.Signed != nil {
				t.Errorf("%v, want %s: %q", r.Causes(), c.cause, f.Says)
			}
		})
	}
}

// impatience ends a search that finds nothing.
const impatience = 1
