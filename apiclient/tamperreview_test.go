package apiclient

import (
	"strings"
	"testing"

	"countersign/apiclient/hint"
)

// A tamper that changes nothing must not mark a request: the other side would be
// accused of accepting what is right.
func TestTampersThatTamperNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		draft   Draft
		profile func(*Profile)
		tamper  string
	}{
		"no body to leave out":         {Draft{Target: "/v2/payments/pay"}, nil, "body_empty_signed"},
		"that version is in use":       {Draft{Target: "/v2/payments/pay", Body: []byte("{}")}, func(p *Profile) { p.KeyVersion = "999" }, "key_version_unknown"},
		"one id for both":              {Draft{Target: "/v2/payments/pay", Body: []byte("{}")}, func(p *Profile) { p.MerchantID = p.ClientID }, "client_id_merchant_id_used"},
		"the signature is set":         {Draft{Target: "/v2/payments/pay", Body: []byte("{}"), Header: []Field{{Name: "signature", Value: "x"}}}, nil, "wrong_key"},
		"the signature is left out":    {Draft{Target: "/v2/payments/pay", Body: []byte("{}"), Omit: []string{"Signature"}}, nil, "hash_sha1"},
		"the path is not signed":       {Draft{Target: "/v2/payments/pay", Body: []byte("{}")}, func(p *Profile) { p.ContentTemplate = "{client_id}.{time}.{body}" }, "path_trailing_slash"},
		"the time is not signed":       {Draft{Target: "/v2/payments/pay", Body: []byte("{}")}, func(p *Profile) { p.ContentTemplate = "{method} {uri}.{body}" }, "signature_stale"},
		"the very body of that tamper": {Draft{Target: "/v2/payments/pay", Body: []byte(`{"earlier":"request"}`)}, func(p *Profile) { p.ContentTemplate = "{method} {uri}.{body}" }, "signature_of_other_request"},
	} {
		p := testProfile("http://127.0.0.1:1/miniprogram/api")
		if c.profile != nil {
			c.profile(&p)
		}
		client, err := New(p, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		c.draft.Tamper = []string{c.tamper}
		e, err := client.Preview(c.draft)
		if err == nil || !strings.Contains(err.Error(), c.tamper+" changes nothing here: ") || hint.Of(err) == "" {
			t.Errorf("%s: %v, tampered %q, verdict %s", name, err, e.Tampered, e.SentVerdict.Status)
		}
	}
}
