package elsewhere_test

import (
	"bytes"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/elsewhere"
)

// FuzzFind holds that any message is looked at in bounds, and that a signature
// which is found stands in the message.
func FuzzFind(f *testing.F) {
	f.Add("/pay?sign=AAAAAAAAAAAAAAAAAAAAAAAA", "Authorization", `x signature="AAAAAAAAAAAAAAAAAAAAAAAA"`, "a=1&sign=AAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("/pay", "X-Sign", "AAAAAAAAAAAAAAAAAAAAAAAA", `{"a":{"sign":"AAAAAAAAAAAAAAAAAAAAAAAA","b":""},"a":[{}]}`)
	f.Add("/pay", "", "", "<a><sign>AAAAAAAAAAAAAAAAAAAAAAAA</sign></a>")
	f.Fuzz(func(t *testing.T, target, name, value, body string) {
		m := &apiclient.Message{Line: "POST " + target + " HTTP/1.1", Header: []apiclient.Field{{Name: name, Value: value}},
			Body: []byte(body)}
		found := elsewhere.Find(m, "Signature")
		if len(found) > 8 {
			t.Fatalf("%d signatures", len(found))
		}
		for _, s := range found {
			if s.Value == "" || s.Place == "" {
				t.Errorf("%+v", s)
			}
			if s.Header != "" && !bytes.Contains([]byte(value), []byte(s.Value)) {
				t.Errorf("%q is not in %q", s.Value, value)
			}
			for _, c := range s.Usual() {
				if len(c.Bytes) > 2*len(body)+2*len(target) {
					t.Errorf("%s has %d bytes", c.Says, len(c.Bytes))
				}
			}
		}
	})
}
