package sandbox

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"countersign/apiclient/signing"
)

const payBody = `{"partnerId":"P1","paymentRequestId":"R1","paymentOrderTitle":"Tea","paymentAmount":{"currency":"USD","value":"1250"},"paymentFactor":{"isCashierPayment":true}}`

// tampered are the ways in which a request is refused, in the order of the
// checks. Each starts from a right and signed request.
var tampered = []struct {
	name   string
	check  string
	tamper func(*testing.T, *bench, *draft)
	words  string // part of resultMessage
}{
	{"GET", "method", func(_ *testing.T, _ *bench, d *draft) { d.method = "GET" }, "GET"},
	{"PUT", "method", func(_ *testing.T, _ *bench, d *draft) { d.method = "PUT" }, "POST"},
	{"lower-case method", "method", func(_ *testing.T, _ *bench, d *draft) { d.method = "post" }, "post"},
	{"form", "media type", set("Content-Type", "application/x-www-form-urlencoded"), "application/x-www-form-urlencoded"},
	{"unreadable media type", "media type", set("Content-Type", "json;;;"), "json;;;"},
	{"GBK", "media type", set("Content-Type", "application/json; charset=GBK"), "GBK"},
	{"compressed", "media type", set("Content-Encoding", "gzip"), "gzip"},
	{"no client", "client", set("Client-Id", ""), "missing"},
	{"unknown client", "client", set("Client-Id", "2188487325442931043"), ClientID},
	{"merchant for client", "client", set("Client-Id", MerchantID), "Merchant-Id"},
	{"two clients", "client", func(_ *testing.T, _ *bench, d *draft) { d.header["Client-Id"] = []string{ClientID, "1"} }, "two"},
	{"unknown merchant", "merchant", set("Merchant-Id", "1"), MerchantID},
	{"no time", "time format", set("Request-Time", ""), "1789973890199"},
	{"words for time", "time format", set("Request-Time", "now"), "neither"},
	{"seconds", "time format", func(_ *testing.T, b *bench, d *draft) {
		d.header.Set("Request-Time", strconv.FormatInt(b.clock().Unix(), 10))
	}, "seconds"},
	{"microseconds", "time format", func(_ *testing.T, b *bench, d *draft) {
		d.header.Set("Request-Time", strconv.FormatInt(b.clock().UnixMicro(), 10))
	}, "microseconds"},
	{"time without zone", "time format", set("Request-Time", "2026-09-21T06:58:10"), "zone"},
	{"two times", "time format", func(_ *testing.T, _ *bench, d *draft) { d.header.Add("Request-Time", "1682060290199") }, "two"},
	{"stale time", "time window", shift(-5*time.Minute - time.Millisecond), "behind"},
	{"early time", "time window", shift(5*time.Minute + time.Millisecond), "ahead"},
	{"large body", "body", func(_ *testing.T, _ *bench, d *draft) { d.body = strings.Repeat(" ", MaxBody+1) }, "8 MiB"},
	{"no signature", "signature", func(_ *testing.T, _ *bench, d *draft) { d.header.Del("Signature") }, "Expected SHA-256"},
	{"empty signature", "signature", set("Signature", ""), "Expected SHA-256"},
	{"not a signature", "signature", set("Signature", "Bearer abc"), "Expected SHA-256"},
	{"signature not base64", "signature", set("Signature", "algorithm=RSA256, keyVersion=1, signature=%%%"), "Expected SHA-256"},
	{"zeros", "signature", set("Signature", "algorithm=RSA256, keyVersion=1, signature="+base64.StdEncoding.EncodeToString(make([]byte, 256))), "Expected"},
	{"body changed", "signature", func(_ *testing.T, _ *bench, d *draft) { d.body = strings.Replace(d.body, "1250", "1251", 1) }, "Expected SHA-256"},
	{"body with newline", "signature", func(_ *testing.T, _ *bench, d *draft) { d.body += "\n" }, "Expected SHA-256"},
	{"time changed", "signature", shift(time.Millisecond), "Expected SHA-256"},
	{"path changed", "signature", func(_ *testing.T, _ *bench, d *draft) { d.path = strings.Replace(d.path, "/pay", "/Pay", 1) }, "/Payments"},
	{"prefix missing", "signature", func(_ *testing.T, _ *bench, d *draft) { d.path = strings.TrimPrefix(d.path, Prefix) }, "POST /v1"},
	{"query added", "signature", func(_ *testing.T, _ *bench, d *draft) { d.path += "?a=1" }, "Expected SHA-256"},
	{"signature changed", "signature", func(_ *testing.T, _ *bench, d *draft) {
		d.header.Set("Signature", flip(d.header.Get("Signature")))
	}, "Expected SHA-256"},
	{"another's key", "signature", func(t *testing.T, _ *bench, d *draft) { d.signWith(t, privateKey(t, "server2048"), "1") }, "Super App's own key"},
	{"unknown key version", "signature", func(t *testing.T, b *bench, d *draft) { d.signWith(t, b.client, "7") }, "keyVersion 7"},
	{"unknown path", "path", resign("/v9/payments/pay", payBody), "/v9/payments/pay"},
	{"root", "path", func(t *testing.T, b *bench, d *draft) { d.path = "/"; d.signWith(t, b.client, "1") }, "/"},
	{"a callback", "path", resign("/v1/payments/notifyPayment", payBody), "called by the Super App"},
	{"empty body", "JSON", resign("/v1/payments/pay", ""), "empty"},
	{"cut body", "JSON", resign("/v1/payments/pay", "{\n\"partnerId\": "), "line 2"},
	{"comma too many", "JSON", resign("/v1/payments/pay", "{\n\"partnerId\": \"1\",}"), "line 2, column 18"},
	{"array", "JSON", resign("/v1/payments/pay", "[]"), "not an object"},
	{"null", "JSON", resign("/v1/payments/pay", "null"), "not an object"},
	{"byte order mark", "JSON", resign("/v1/payments/pay", "\ufeff"+payBody), "byte order mark"},
	{"GBK bytes", "JSON", resign("/v1/payments/pay", "{\"paymentOrderTitle\":\"\xd6\xa7\xb8\xb6\"}"), "byte 24"},
	{"missing field", "schema", resign("/v1/payments/pay", strings.Replace(payBody, `"paymentRequestId":"R1",`, "", 1)), "paymentRequestId"},
	{"missing field below", "schema", resign("/v1/payments/pay", strings.Replace(payBody, `"currency":"USD",`, "", 1)), "currency"},
	{"number for string", "schema", resign("/v1/payments/pay", strings.Replace(payBody, `"1250"`, "1250", 1)), "value"},
	{"too long", "schema", resign("/v1/payments/pay", strings.Replace(payBody, "R1", strings.Repeat("R", 65), 1)), "paymentRequestId"},
}

func set(name, value string) func(*testing.T, *bench, *draft) {
	return func(_ *testing.T, _ *bench, d *draft) { d.header.Set(name, value) }
}

// shift moves the time after signing.
func shift(by time.Duration) func(*testing.T, *bench, *draft) {
	return func(_ *testing.T, b *bench, d *draft) {
		d.header.Set("Request-Time", strconv.FormatInt(b.clock().Add(by).UnixMilli(), 10))
	}
}

// resign signs another path and body.
func resign(path, body string) func(*testing.T, *bench, *draft) {
	return func(t *testing.T, b *bench, d *draft) {
		d.path, d.body = Prefix+path, body
		d.signWith(t, b.client, "1")
	}
}

// flip changes a letter in the middle of a value.
func flip(s string) string {
	b := []byte(s)
	for i := len(b) / 2; ; i++ {
		if 'a' <= b[i] && b[i] < 'z' {
			b[i]++
			return string(b)
		}
	}
}

func TestEachTamperedRequestIsRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, c := range tampered {
		t.Run(c.name, func(t *testing.T) {
			d := b.sign(t, "/v1/payments/pay", payBody)
			c.tamper(t, b, d)
			r := b.do(t, d)
			row := checks[slices.IndexFunc(checks, func(x Check) bool { return x.Name == c.check })]
			if r.Code != row.Code || r.Status != "F" || r.HTTP != row.HTTP || r.Signed != row.Signed {
				t.Errorf("HTTP %d %s %s, signed %v: %s\nwant HTTP %d F %s, signed %v", r.HTTP, r.Status, r.Code, r.Signed, r.Words, row.HTTP, row.Code, row.Signed)
			}
			if !strings.Contains(r.Words, c.words) {
				t.Errorf("message %q does not say %q", r.Words, c.words)
			}
			if signed := r.Header.Get("Signature") != ""; signed != row.Signed {
				t.Errorf("there is a Signature header: %v", signed)
			}
		})
	}
	if n := len(b.books.payments.items); n != 0 {
		t.Errorf("%d payments were made by refused requests", n)
	}
	if r := b.call(t, "/v1/payments/pay", payBody); r.Code != "ACCEPT" {
		t.Errorf("the request that none of them tampered: %s %s", r.Code, r.Words)
	}
}

// A request with every fault is refused for the first, then for the next …
func TestChecksComeInOrder(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.sign(t, "/v9/nothing", "{")
	d.method = "PUT"
	good := d.header.Clone()
	d.header = http.Header{"Content-Type": {"text/plain"}, "Client-Id": {"x"}, "Merchant-Id": {"x"}, "Request-Time": {"x"}}
	mend := []struct {
		code string
		then func()
	}{
		{"METHOD_NOT_SUPPORTED", func() { d.method = "POST" }},
		{"MEDIA_TYPE_NOT_ACCEPTABLE", func() { d.header.Del("Content-Type") }},
		{"INVALID_CLIENT", func() { d.header.Set("Client-Id", ClientID) }},
		{"ACCESS_DENIED", func() { d.header.Set("Merchant-Id", MerchantID) }},
		{"PARAM_ILLEGAL", func() { d.header.Set("Request-Time", "1000000000000") }},
		{"ACCESS_DENIED", func() { d.header = good; d.header.Del("Signature") }},
		{"INVALID_SIGNATURE", func() { d.signWith(t, b.client, "") }},
		{"INVALID_API", func() { d.path = "/anything/v1/payments/pay"; d.signWith(t, b.client, "1") }},
		{"PARAM_ILLEGAL", func() { d.body = "{}"; d.signWith(t, b.client, "1") }},
		{"PARAM_ILLEGAL", func() { d.body = payBody; d.signWith(t, b.client, "1") }},
		{"ACCEPT", func() {}},
	}
	for i, m := range mend {
		if r := b.do(t, d); r.Code != m.code {
			t.Fatalf("step %d: %s %s, want %s", i, r.Code, r.Words, m.code)
		}
		m.then()
	}
}

func TestEdgesThatPass(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	edges := map[string]func(*draft){
		"window, behind": func(d *draft) {
			d.header.Set("Request-Time", strconv.FormatInt(b.clock().Add(-5*time.Minute).UnixMilli(), 10))
		},
		"window, ahead": func(d *draft) {
			d.header.Set("Request-Time", strconv.FormatInt(b.clock().Add(5*time.Minute).UnixMilli(), 10))
		},
		"ISO":               func(d *draft) { d.header.Set("Request-Time", "2026-09-21T14:58:10+0800") },
		"ISO, seven digits": func(d *draft) { d.header.Set("Request-Time", "2026-09-21T06:58:10.1234567Z") },
		"no content type":   func(d *draft) { d.header.Del("Content-Type") },
		"merchant":          func(d *draft) { d.header.Set("Merchant-Id", MerchantID) },
		"client twice":      func(d *draft) { d.header.Add("Client-Id", ClientID) },
		"largest body":      func(d *draft) { d.body += strings.Repeat(" ", MaxBody-len(d.body)) },
		"query":             func(d *draft) { d.path += "?x=%e4&y=a+b" },
		"another prefix":    func(d *draft) { d.path = "/acl//api/../v1/payments/inquiryPayment" },
	}
	for name, edge := range edges {
		d := b.sign(t, "/v1/payments/inquiryPayment", `{"partnerId":"P","paymentId":"1"}`)
		edge(d)
		d.signWith(t, b.client, "1")
		if r := b.do(t, d); r.Code != "ORDER_NOT_EXIST" || !r.Signed {
			t.Errorf("%s: %s %s", name, r.Code, r.Words)
		}
	}
}

func TestRefusalSaysWhatWasExpected(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.sign(t, "/v1/payments/pay", payBody)
	signed := "POST " + d.path + "\n" + ClientID + "." + d.header.Get("Request-Time") + "." + d.body
	d.body += "<é>\n"
	r := b.do(t, d)
	if got, want := r.text("expected.canonical"), signed+"<é>\n"; got != want {
		t.Errorf("canonical %q, want %q", got, want)
	}
	if got, want := r.text("expected.sha256"), hexSHA256(signed+"<é>\n"); got != want || !strings.Contains(r.Words, want) {
		t.Errorf("sha256 %s, want %s, also in %q", got, want, r.Words)
	}
	if got, want := r.text("expected.signedSha256"), hexSHA256(signed); got != want {
		t.Errorf("signedSha256 %s, want %s", got, want)
	}
	if got := r.text("expected.verdict"); got != "mismatch" {
		t.Errorf("verdict %q", got)
	}
	if r.text("expected.reason") == "" || r.text("expected.hint") == "" {
		t.Errorf("no reason or no hint: %s", r.Raw)
	}

	d.body = "\xff" + strings.Repeat("x", maxCanonical)
	r = b.do(t, d)
	raw, err := base64.StdEncoding.DecodeString(r.text("expected.canonicalBase64"))
	if err != nil || len(raw) != maxCanonical || !strings.HasPrefix(string(raw), "POST /") || r.text("expected.canonical") != "" {
		t.Errorf("canonicalBase64 has %d bytes, %v", len(raw), err)
	}
}

// A refusal says why, as the diagnosis does.
func TestRefusalExplains(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.explainFor = 20 * time.Second // a machine under test is slow
	tests := []struct {
		name, cause string
		tamper      func(d *draft)
	}{
		{"another path is signed", "path_prefix_missing", func(d *draft) {
			path := d.path
			d.path = strings.TrimPrefix(path, Prefix)
			d.signWith(t, b.client, "1")
			d.path = path
		}},
		{"a line feed is sent after signing", "body_trailing_newline", func(d *draft) { d.body += "\n" }},
		{"the body is changed after signing", "body_changed_in_transit", func(d *draft) { d.body = strings.Replace(d.body, "1", "2", 1) }},
		{"no signature", "signature_missing", func(d *draft) { d.header.Del("Signature") }},
		{"hexadecimal", "signature_hex", func(d *draft) {
			h, err := signing.ParseHeader(d.header.Get("Signature"))
			if err != nil {
				t.Fatal(err)
			}
			sig, _, err := signing.DecodeValue(h.Value)
			if err != nil {
				t.Fatal(err)
			}
			d.header.Set("Signature", "algorithm=RSA256, keyVersion=1, signature="+hex.EncodeToString(sig))
		}},
	}
	for _, tt := range tests {
		d := b.sign(t, "/v1/payments/pay", payBody)
		tt.tamper(d)
		r := b.do(t, d)
		if r.Code != "INVALID_SIGNATURE" {
			t.Errorf("%s: %s %s", tt.name, r.Code, r.Words)
			continue
		}
		var body struct {
			Expected struct {
				Reason   string
				Findings []struct {
					Cause, Says, Fix string
					Proven           bool
				}
			}
		}
		if err := json.Unmarshal(r.Raw, &body); err != nil {
			t.Fatal(err)
		}
		if f := body.Expected.Findings; len(f) == 0 || f[0].Cause != tt.cause || !f[0].Proven || f[0].Says == "" || f[0].Fix == "" {
			t.Errorf("%s: findings %+v, want %s", tt.name, f, tt.cause)
		} else if body.Expected.Reason != f[0].Says || !strings.Contains(r.Words, f[0].Says[:min(40, len(f[0].Says))]) {
			t.Errorf("%s: the message does not say it: %s", tt.name, r.Words)
		}
	}
}

func TestChecksTable(t *testing.T) {
	t.Parallel()
	tested := map[string]bool{}
	for _, c := range tampered {
		tested[c.check] = true
	}
	known := false
	tested["message"] = true // by TestOneReadingOfAStream
	for _, c := range checks {
		if !tested[c.Name] {
			t.Errorf("no tampered request for %q", c.Name)
		}
		if c.Signed != known {
			t.Errorf("%q: signed %v", c.Name, c.Signed)
		}
		known = known || c.Name == "client"
	}
}
