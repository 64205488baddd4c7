package signing_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"countersign/apiclient/signing"
)

// answer is a response as the captured Super App of response_styles.json sent
// it, and what is right to say about it.
type answer struct {
	signed func(*signing.Content) // how what was signed differs from what the rule gives
	header func(string) string    // how the Signature header is written; nil keeps it
	sent   func(*signing.Content) // how what arrives differs from what was signed
	style  signing.Style
	want   signing.Status
	warns  string // cause of the one warning; "" where there is none
}

const (
	styleClient   = "2021062571598628737253"
	styleOther    = "SANDBOX_OTHER_CLIENT"
	styleTarget   = "/api/v2/payments/inquiryPayment"
	styleTime     = "1682060291234"
	styleReqTime  = "1682060290199"
	styleBody     = `{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"成功 <ok> & done"},"paymentId":"20230421190","paymentTime":"2023-04-21T14:58:11+08:00"}`
	stylePretty   = "{\n    \"result\": {\n        \"resultCode\": \"SUCCESS\"\n    }\n}"
	styleUnknown  = `{"result":{"resultCode":"UNKNOWN_EXCEPTION","resultStatus":"U","resultMessage":"unknown"}}`
	styleRejected = `{"result":{"resultCode":"INVALID_SIGNATURE","resultStatus":"F","resultMessage":"signature is invalid"}}`
)

func body(s string) func(*signing.Content) { return func(c *signing.Content) { c.Body = []byte(s) } }
func at(s string) func(*signing.Content)   { return func(c *signing.Content) { c.Time = s } }
func client(s string) func(*signing.Content) {
	return func(c *signing.Content) { c.ClientID = s }
}

func none(string) string { return "" }

// tampered flips one bit of the decoded signature, as the captured server does.
func tampered(header string) string {
	before, value, _ := strings.Cut(header, "signature=")
	sig, e, err := signing.DecodeValue(value)
	if err != nil {
		panic(err)
	}
	return before + "signature=" + signing.EncodeValue(changed(sig, 17), e)
}

// reordered writes the three pairs of the header in another order.
func reordered(order ...int) func(string) string {
	return func(header string) string {
		pairs := strings.Split(header, ", ")
		var out []string
		for _, i := range order {
			out = append(out, pairs[i])
		}
		return strings.Join(out, ", ")
	}
}

// answers gives a verdict for each way of answering in response_styles.json.
// Names of headers in lower case, statuses and content types are no part of
// the signature: those are the same as the plain answer here.
var answers = map[string]answer{
	"canonical":                 {want: signing.Verified},
	"lower":                     {want: signing.Verified},
	"lower-nospace":             {style: signing.Style{Compact: true}, want: signing.Verified},
	"lower-iso":                 {signed: at("2023-04-21T14:58:11+08:00"), sent: at("2023-04-21T14:58:11+08:00"), want: signing.Verified},
	"lower-rawb64":              {style: signing.Style{Encoding: signing.Base64}, want: signing.Verified, warns: "signature_not_urlencoded"},
	"lower-lowerhex":            {style: signing.Style{Encoding: signing.PercentBase64Lower}, want: signing.Verified},
	"lower-b64url":              {style: signing.Style{Encoding: signing.Base64URLRaw}, want: signing.Verified, warns: "signature_base64url"},
	"lower-sigfirst":            {header: reordered(2, 0, 1), want: signing.Verified},
	"lower-sigmiddle":           {header: reordered(0, 2, 1), want: signing.Verified},
	"lower-nokeyversion":        {header: reordered(0, 2), want: signing.Verified},
	"lower-extraparam":          {header: func(h string) string { return h + ", headers=none" }, want: signing.Verified, warns: "signature_header_unknown_pair"},
	"lower-pretty":              {signed: body(stylePretty), sent: body(stylePretty), want: signing.Verified},
	"lower-trailingnl":          {signed: body(styleBody + "\n"), sent: body(styleBody + "\n"), want: signing.Verified},
	"lower-bom":                 {signed: body("\ufeff" + styleBody), sent: body("\ufeff" + styleBody), want: signing.Verified},
	"lower-gbk-ctype":           {want: signing.Verified},
	"lower-500-signed":          {signed: body(styleUnknown), sent: body(styleUnknown), want: signing.Verified},
	"lower-otherclient":         {signed: client(styleOther), sent: client(styleOther), want: signing.Verified},
	"lower-noclientid":          {want: signing.Verified}, // the request's Client-Id stands in for it
	"lower-badsig":              {header: tampered, want: signing.UnknownKey},
	"canonical-badsig":          {header: tampered, want: signing.UnknownKey},
	"lower-nosig":               {header: none, want: signing.Unsigned},
	"canonical-nosig":           {header: none, want: signing.Unsigned},
	"lower-500-unsigned":        {sent: body(styleUnknown), header: none, want: signing.Unsigned},
	"lower-invalidsig-unsigned": {sent: body(styleRejected), header: none, want: signing.Unsigned},
	"lower-notime":              {sent: at(""), want: signing.Mismatch},
	"lower-tampered":            {sent: body(strings.Replace(styleBody, "SUCCESS", "SUCCESs", 1)), want: signing.Mismatch},
	"lower-reqtime":             {signed: at(styleReqTime), sent: at(styleTime), want: signing.Mismatch},
	"lower-otherclient-hdronly": {sent: client(styleOther), want: signing.Mismatch},
	"lower-gzip":                {sent: func(c *signing.Content) { c.Body = zipped(c.Body) }, want: signing.Mismatch},
	"lower-fullurl":             {signed: func(c *signing.Content) { c.Target = "http://127.0.0.1:18080" + styleTarget }, sent: func(c *signing.Content) { c.Target = styleTarget }, want: signing.Mismatch},
	"lower-threepart":           {want: signing.Mismatch}, // signs only client, time and body: see canonicalOf
}

func zipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// canonicalOf is what the answer's sender signed, and what its receiver checks.
func (a answer) canonicalOf(style string) (signed, received []byte) {
	c := signing.Content{Method: "POST", Target: styleTarget, ClientID: styleClient, Time: styleTime, Body: []byte(styleBody)}
	if a.signed != nil {
		a.signed(&c)
	}
	signed = c.Canonical()
	if style == "lower-threepart" {
		_, signed, _ = bytes.Cut(signed, []byte("\n"))
	}
	if a.sent != nil {
		a.sent(&c)
	}
	return signed, c.Canonical()
}

func (a answer) check(t testing.TB, style string) signing.Check {
	signed, received := a.canonicalOf(style)
	a.style.KeyVersion = "1"
	p, err := signing.Sign(privateKey(t, "server2048"), signed, a.style)
	if err != nil {
		t.Fatal(err)
	}
	c := signing.Check{Canonical: received, Expected: []signing.Key{publicKey(t, "server2048")}, Known: keyring(t, "server2048")}
	header := p.Header
	if a.header != nil {
		header = a.header(header)
	}
	if header != "" {
		c.Headers = []string{header}
	}
	return c
}

// styles is which SDK takes which answer, from response_styles.json.
func styles(t *testing.T) map[string]map[string]string {
	t.Helper()
	data, err := os.ReadFile("testdata/response_styles.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]map[string]string
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) != 31 {
		t.Fatalf("%d styles, want 31", len(all))
	}
	return all
}

func TestResponseStyles(t *testing.T) {
	t.Parallel()
	failedOpen, refusedRight := 0, 0
	for style, sdks := range styles(t) {
		a, known := answers[style]
		if !known {
			t.Errorf("%s: no test for this style", style)
			continue
		}
		v := signing.Verify(a.check(t, style))
		if v.Status != a.want || v.Reason == "" {
			t.Errorf("%s: %s, want %s: %s", style, v.Status, a.want, v.Reason)
		}
		if !v.OK() && v.Hint == "" {
			t.Errorf("%s: no hint beside %q", style, v.Reason)
		}
		if a.warns != "" != (v.OK() && len(v.Warnings) == 1) || v.OK() && a.warns != "" && v.Warnings[0].Cause != a.warns {
			t.Errorf("%s: warnings %v, want %q", style, v.Warnings, a.warns)
		}
		for _, says := range sdks {
			accepts := strings.HasPrefix(says, "ACCEPT")
			if accepts && (v.Status == signing.Unsigned || v.Status == signing.UnknownKey) {
				failedOpen++
			}
			if !accepts && v.OK() {
				refusedRight++
			}
		}
	}
	// The SDKs take unsigned and forged answers, and refuse right ones: where
	// the figures change, the data did.
	if failedOpen != 7 || refusedRight != 47 {
		t.Errorf("the data shows %d answers taken unproven and %d right ones refused, want 7 and 47", failedOpen, refusedRight)
	}
	if len(answers) != len(styles(t)) {
		t.Errorf("%d answers for %d styles", len(answers), len(styles(t)))
	}
}

// TestResponseMismatchesNameTheKey: where the content is not what was signed,
// the key is still known to be right, so nobody looks for it in vain.
func TestResponseMismatchesNameTheKey(t *testing.T) {
	t.Parallel()
	for style, a := range answers {
		if a.want != signing.Mismatch {
			continue
		}
		signed, _ := a.canonicalOf(style)
		v := signing.Verify(a.check(t, style))
		if v.Key != "server2048" || !strings.HasPrefix(v.Reason, "The key is right: server2048 (SHA-256, PKCS#1 v1.5)") {
			t.Errorf("%s: key %q: %s", style, v.Key, v.Reason)
		}
		if v.Recovered == nil || !v.Recovered.Covers(signed) {
			t.Errorf("%s: the recovered digest is not that of what was signed", style)
		}
	}
}

// TestGzipOverDecodedBody: over the bytes on the wire it fails, over the decoded
// ones it verifies; which of them is due is the caller's to say.
func TestGzipOverDecodedBody(t *testing.T) {
	t.Parallel()
	c := answers["lower-gzip"].check(t, "lower-gzip")
	signed, _ := answers["lower-gzip"].canonicalOf("lower-gzip")
	if signing.Verify(c).OK() {
		t.Error("verifies over the compressed bytes")
	}
	c.Canonical = signed
	if v := signing.Verify(c); !v.OK() {
		t.Errorf("does not verify over the decoded bytes: %s", v.Reason)
	}
}

// TestNothingUnsignedVerifies holds every answer of the file against having its
// signature taken away in another manner.
func TestNothingUnsignedVerifies(t *testing.T) {
	t.Parallel()
	tamperers := [][]string{
		nil, {}, {""}, {" "}, {"\t"}, {"", ""}, {","}, {"signature="}, {"signature"}, {"algorithm=RSA256"},
		{"algorithm=RSA256, keyVersion=1"}, {"algorithm=RSA256, keyVersion=1, signature="}, {"algorithm=RSA256, keyVersion=1, signature= "},
		{"algorithm=none, signature="}, {"signature=,signature="}, {"Signature:"}, {"Signature: "},
	}
	for style, a := range answers {
		c := a.check(t, style)
		keyless := signing.Check{Canonical: c.Canonical}
		for _, headers := range tamperers {
			c.Headers, keyless.Headers = headers, headers
			if v := signing.Verify(c); v.Status != signing.Unsigned || v.Hint == "" || v.Key != "" {
				t.Errorf("%s with %q: %s: %s (%s)", style, headers, v.Status, v.Reason, v.Hint)
			}
			if v := signing.Verify(keyless); v.Status != signing.Unsigned {
				t.Errorf("%s with %q and no key: %s", style, headers, v.Status)
			}
		}
	}
}
