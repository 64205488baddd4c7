package diagnose_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
	"countersign/apiclient/signing/signingtest"
)

// bare signs content and returns the base64 alone.
func bare(t testing.TB, key, content string) string {
	t.Helper()
	p, err := signing.Sign(privateKey(t, key), []byte(content), signing.Style{})
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(p.Signature)
}

// posted is a request without a Signature header.
func posted(t testing.TB, target, contentType, body string, more ...[2]string) diagnose.Evidence {
	t.Helper()
	fields := append([][2]string{{"Host", "shop.example.com"}, {"Content-Type", contentType}, {"Client-Id", "2188"},
		{"Request-Time", "1760000000123"}}, more...)
	e, err := diagnose.FromProfile(apiclient.Profile{},
		again(t, signingtest.Raw("POST "+target+" HTTP/1.1", fields, []byte(body)), nil), apiclient.RequestSide)
	if err != nil {
		t.Fatal(err)
	}
	e.Expected = []apiclient.Key{publicKey(t, "client2048")}
	return e
}

func TestSignatureElsewhere(t *testing.T) {
	const (
		json = "application/json"
		form = "application/x-www-form-urlencoded"
		body = `{"a":1,"b":"x"}`
		rule = "POST /pay\n2188.1760000000123." + body
		data = `{"amount": "1.00", "memo":"a\/b"}`
	)
	by := func(content string) string { return bare(t, "client2048", content) }
	for name, test := range map[string]struct {
		e           diagnose.Evidence
		place, over string // over: what the finding says of it; "" where the search finds the content
		signed      string // "" where nobody knows it
	}{
		"in another header": {posted(t, "/pay", json, body, [2]string{"X-Sign", by(rule)}), "the header X-Sign", "the string of the rule", rule},
		"the body in another header": {posted(t, "/pay", json, body, [2]string{"Alipay-Signature", by(body)}),
			"the header Alipay-Signature", "the body alone", body},
		"in a header of pairs": {posted(t, "/pay", json, body, [2]string{"Authorization",
			`RSA2 mchid="9",signature="` + by(rule) + `",serial_no="7"`}), "the header Authorization", "the string of the rule", rule},
		"behind the name of a scheme": {posted(t, "/pay", json, body, [2]string{"Authorization", "RSA256 " + by(rule)}),
			"the header Authorization", "the string of the rule", rule},
		"in a header whose name does not say it": {posted(t, "/pay", json, body, [2]string{"X-Auth-Token", by(rule)}),
			"the header X-Auth-Token", "the string of the rule", rule},
		"with a change that must be searched": {posted(t, "/pay", json, body,
			[2]string{"X-Sign", by(strings.Replace(rule, body, `{"a": 1, "b": "x"}`, 1))}),
			"the header X-Sign", "", strings.Replace(rule, body, `{"a": 1, "b": "x"}`, 1)},
		"a member beside another": {posted(t, "/pay", json, fmt.Sprintf(`{"request":%s,"signature":%q}`, data, by(data))),
			"the member signature of the body", "the bytes of the member request", data},
		"a string beside it": {posted(t, "/pay", json, fmt.Sprintf(`{"bizContent":%q,"head":{"sign":%q}}`, data, by("who knows?"))),
			"the member head.sign of the body", "", ""},
		"sorted members": {posted(t, "/pay", json,
			fmt.Sprintf(`{"sign_type":"RSA2","b":"","c":{"x":1},"a1":"q","a":7,"sign":%q}`, by(`a=7&a1=q&c={"x":1}`))),
			"the member sign of the body", "the sorted members", `a=7&a1=q&c={"x":1}`},
		"members of an object": {posted(t, "/pay", json,
			fmt.Sprintf(`{"sign_type":"RSA2","biz":{"z":"9","m":"2"},"n":"1","sign":%q}`, by(`m=2&n=1&z=9`))),
			"the member sign of the body", "the sorted members, objects taken apart", `m=2&n=1&z=9`},
		"the document without it": {posted(t, "/pay", json, fmt.Sprintf(`{"b":1,"sign":%q,"a":[2]}`, by(`{"b":1,"a":[2]}`))),
			"the member sign of the body", "the document without its signature", `{"b":1,"a":[2]}`},
		"in XML": {posted(t, "/pay", "application/xml",
			"<xml><b>2</b><a>x &amp; y</a><sign>"+by("a=x & y&b=2")+"</sign></xml>"), "the member sign of the XML body", "the sorted members", "a=x & y&b=2"},
		"in a form": {posted(t, "/pay", form, "b=%C3%A9+1&a=2&empty=&sign_type=RSA2&sign="+url.QueryEscape(by("a=2&b=é 1"))),
			"the parameter sign of the form", "the sorted parameters", "a=2&b=é 1"},
		"in a form, as it stands": {posted(t, "/pay", form, "b=%C3%A9+1&a=2&sign="+url.QueryEscape(by("b=%C3%A9+1&a=2"))),
			"the parameter sign of the form", "the parameters in their order, encoded as they stand", "b=%C3%A9+1&a=2"},
		"in the query": {posted(t, "/pay?z=1&a=2&sign="+url.QueryEscape(by("a=2&z=1")), json, body),
			"the parameter sign of the query", "the sorted parameters", "a=2&z=1"},
	} {
		t.Run(name, func(t *testing.T) {
			r := diagnosed(test.e, 300*time.Millisecond)
			f, ok := finding(r, "signature_elsewhere")
			if !ok || !f.Proven || r.Verdict != signing.Unsigned || r.Signer == nil {
				t.Fatalf("verdict %s, signer %v, findings %+v", r.Verdict, r.Signer, r.Findings)
			}
			if !strings.Contains(f.Says, test.place+": client2048 made it") || !strings.HasSuffix(f.Says, test.over+".") {
				t.Errorf("says %q, not %q over %q", f.Says, test.place, test.over)
			}
			if string(r.Signed) != test.signed {
				t.Errorf("signed %q, not %q", r.Signed, test.signed)
			}
		})
	}
}

func TestSignatureElsewhereOfNobodyKnown(t *testing.T) {
	for name, test := range map[string]struct {
		e     diagnose.Evidence
		place string // "" where there is no signature
	}{
		"by another key": {posted(t, "/pay", "application/json", "{}", [2]string{"X-Signature", bare(t, "client3072", "{}")}), "X-Signature"},
		"an HMAC":        {posted(t, "/pay", "application/json", "{}", [2]string{"X-Hub-Signature-256", "sha256=" + strings.Repeat("0aF3", 16)}), "too short for one by RSA"},
		"its kind":       {posted(t, "/pay", "application/json", "{}", [2]string{"X-Sign-Type", "RSA2048-SHA256-PKCS1v15-b64"}), ""},
		"a nonce":        {posted(t, "/pay", "application/json", `{"sign_nonce":"0123456789abcdef0123456789abcdef"}`), ""},
		"nothing":        {posted(t, "/pay", "application/json", `{"paymentId":"0123456789abcdef0123456789abcdef"}`), ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := diagnosed(test.e, diagnose.DefaultBudget)
			f, ok := finding(r, "signature_elsewhere")
			if ok != (test.place != "") || f.Proven || r.Verdict != signing.Unsigned || r.Signer != nil || r.Signed != nil {
				t.Fatalf("verdict %s, signer %v, findings %+v", r.Verdict, r.Signer, r.Findings)
			}
			if !strings.Contains(f.Says, test.place) {
				t.Errorf("says %q", f.Says)
			}
		})
	}
}
