package diagnose_test

import (
	"slices"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing/signingtest"
)

// A header that the signed string is made of is missing, not empty, where the
// evidence does not have it.
func TestMissingHeaders(t *testing.T) {
	for missing, cause := range map[string]string{"Client-Id": "client_id_missing", "Request-Time": "request_time_missing"} {
		fields := [][2]string{{"Signature", "algorithm=RSA256, keyVersion=1, signature=" +
			bare(t, "client2048", "POST /pay\n2188.1760000000123.{\"other\":1}")}}
		for _, f := range [][2]string{{"Client-Id", "2188"}, {"Request-Time", "1760000000123"}} {
			if f[0] != missing {
				fields = append(fields, f)
			}
		}
		e, err := diagnose.FromProfile(apiclient.Profile{},
			again(t, signingtest.Raw("POST /pay HTTP/1.1", fields, []byte(`{"a":1}`)), nil), apiclient.RequestSide)
		if err != nil {
			t.Fatal(err)
		}
		e.Expected = []apiclient.Key{publicKey(t, "client2048")}
		r := diagnosed(e, short) // no search is needed for it
		if !slices.ContainsFunc(r.Findings, func(f diagnose.Finding) bool { return f.Cause == cause }) {
			t.Errorf("without %s the findings are %+v", missing, r.Findings)
		}
	}
}
