package apiclient

import (
	"strings"
	"testing"
	"time"
)

func TestRequestChecks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		draft    func(*Draft)
		field    string
		cause    string
		severity Severity
		says     string
	}{
		{"client", nil, "Client-Id", "ok", Good, ""},
		{"client of another case", set("Client-Id", "ABC"), "Client-Id", "client_id_differs", Warn, testClient},
		{"merchant in its place", set("Client-Id", testMerchant), "Client-Id", "client_id_merchant_id_used", Problem, ""},
		{"empty client", set("Client-Id", ""), "Client-Id", "client_id_empty", Problem, ""},
		{"no client", omit("Client-Id"), "Client-Id", "header_missing", Problem, ""},
		{"no merchant", omit("Merchant-Id"), "Merchant-Id", "header_missing", Warn, ""},
		{"other merchant", set("Merchant-Id", "1"), "Merchant-Id", "merchant_id_differs", Warn, testMerchant},
		{"no time", omit("Request-Time"), "Request-Time", "header_missing", Problem, ""},
		{"seconds", set("Request-Time", "1682060290"), "Request-Time", "time_in_seconds", Problem, "-199 ms"},
		{"microseconds", set("Request-Time", "1682060290199000"), "Request-Time", "time_in_microseconds", Problem, ""},
		{"slow", set("Request-Time", "1682059980199"), "Request-Time", "clock_skew", Problem, "-5m10s"},
		{"fast", set("Request-Time", "1682060600199"), "Request-Time", "clock_skew", Problem, "5m10s"},
		{"within", set("Request-Time", "1682060000199"), "Request-Time", "ok", Good, "-290000 ms"},
		{"ISO", set("Request-Time", "2023-04-21T14:58:10+08:00"), "Request-Time", "time_format_differs", Note, "written as iso"},
		{"unreadable", set("Request-Time", "now"), "Request-Time", "time_unreadable", Problem, `"now"`},
		{"no signature", omit("Signature"), "Signature", "signature_missing", Problem, ""},
		{"algorithm", set("Signature", "algorithm=RSA512, keyVersion=1, signature=eA%3D%3D"), "Signature", "algorithm_unknown", Warn, "RSA512"},
		{"key version", set("Signature", "algorithm=RSA256, keyVersion=7, signature=eA%3D%3D"), "Signature", "key_version_differs", Warn, "7"},
		{"signature", nil, "Signature", "ok", Good, ""},
		{"content type", set("Content-Type", "text/plain"), "Content-Type", "content_type_not_json", Warn, "text/plain"},
		{"charset", set("Content-Type", "application/json; charset=GBK"), "Content-Type", "charset_not_utf8", Warn, "GBK"},
		{"no charset", set("Content-Type", "application/json"), "Content-Type", "ok", Good, ""},
		{"content type malformed", set("Content-Type", "application/json; charset"), "Content-Type", "content_type_malformed", Warn, ""},
		{"length", set("Content-Length", "3"), "Content-Length", "content_length_wrong", Problem, "has 14 bytes"},
		{"host", set("Host", "other"), "Host", "host_differs", Warn, ""},
		{"compressed", set("Content-Encoding", "gzip"), "Content-Encoding", "request_compressed", Warn, ""},
		{"own header", set("X-Mine", "1"), "X-Mine", "not_checked", Good, ""},
		{"response's time", set("Response-Time", "1"), "Response-Time", "time_of_other_side", Note, ""},
		{"twice", func(d *Draft) {
			d.Header = []Field{{Name: "Client-Id", Value: testClient}, {Name: "client-id", Value: "x"}}
		}, "client-id", "header_repeated", Problem, ""},
		{"prefix twice", func(d *Draft) { d.Target = prefix + payPath }, "", "path_prefix_doubled", Warn, prefix},
		{"fragment", func(d *Draft) { d.Target = payPath + "#x" }, "", "path_fragment_signed", Warn, "#"},
		{"body", nil, "body", "ok", Good, ""},
		{"no body", func(d *Draft) { d.Body = nil }, "body", "body_empty", Note, ""},
		{"not JSON", func(d *Draft) { d.Body = []byte("{\n  \"a\": }") }, "body", "body_not_json", Warn, "line 2"},
		{"BOM", func(d *Draft) { d.Body = []byte("\ufeff{}") }, "body", "body_bom", Warn, ""},
		{"Latin-1", func(d *Draft) { d.Body = []byte("\"caf\xe9\"") }, "body", "body_not_utf8", Problem, "byte 5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := payDraft()
			if c.draft != nil {
				c.draft(&d)
			}
			e, err := newClient(t, testProfile("http://127.0.0.1:1"), testOptions()).Preview(d)
			if err != nil {
				t.Fatal(err)
			}
			expectFinding(t, e, Finding{Side: RequestSide, Field: c.field, Cause: c.cause, Severity: c.severity, Says: c.says})
			everyHeaderHasAFinding(t, e, RequestSide, e.Request)
		})
	}
}

func TestResponseChecks(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("支", 65)
	for _, c := range []struct {
		name     string
		change   func(*answer)
		field    string
		cause    string
		severity Severity
		says     string
	}{
		{"status", nil, "", "ok", Good, "200"},
		{"404", func(a *answer) { a.status = "404 Not Found" }, "", "http_status", Problem, "404 Not Found"},
		{"503", func(a *answer) { a.status = "503 x" }, "", "http_status", Problem, "503"},
		{"redirect", func(a *answer) { a.status = "301 x"; a.header = []string{"Location: https://h/b"} }, "", "redirect_not_followed", Problem, `"https://h/b"`},
		{"time", nil, "Response-Time", "ok", Good, "+41 ms"},
		{"old", func(a *answer) { a.time = "1682000000000" }, "Response-Time", "clock_skew", Problem, ""},
		{"client", nil, "client-id", "ok", Good, ""},
		{"key version", func(a *answer) { a.version = "7" }, "Signature", "key_version_unknown", Problem, "7"},
		{"result", nil, "result.resultStatus", "ok", Good, ""},
		{"no result", func(a *answer) { a.body = []byte("{}") }, "result", "result_missing", Warn, ""},
		{"unknown status", func(a *answer) { a.body = []byte(`{"result":{"resultStatus":"X","resultCode":"Y"}}`) }, "result.resultStatus", "result_status_unknown", Problem, `"X"`},
		{"no status", func(a *answer) { a.body = []byte(`{"result":{"resultCode":"Y"}}`) }, "result.resultStatus", "result_status_missing", Problem, ""},
		{"no code", func(a *answer) { a.body = []byte(`{"result":{"resultStatus":"S"}}`) }, "result.resultCode", "result_code_missing", Warn, ""},
		{"long code", func(a *answer) { a.body = []byte(`{"result":{"resultStatus":"S","resultCode":"` + long + `"}}`) }, "result.resultCode", "result_code_too_long", Warn, "65 characters"},
		{"long message", func(a *answer) {
			a.body = []byte(`{"result":{"resultStatus":"S","resultCode":"C","resultMessage":"` + strings.Repeat(long, 4) + `"}}`)
		}, "result.resultMessage", "result_message_too_long", Warn, "260 characters"},
		{"XML", func(a *answer) { a.body = []byte("<a/>") }, "body", "ok", Good, "The body is XML."},
		{"XML as JSON", func(a *answer) { a.body = []byte("<a/>") }, "Content-Type", "content_type_not_xml", Warn, "application/json"},
		{"XML without a result", func(a *answer) { a.body = []byte("<a/>") }, "result", "result_missing", Warn, ""},
		{"XML with a result", func(a *answer) {
			a.body = []byte("<?xml version=\"1.0\"?>\n<response><result><resultStatus>S</resultStatus><resultCode>OK</resultCode></result></response>")
		}, "result.resultStatus", "ok", Good, ""},
		{"XML with two", func(a *answer) {
			a.body = []byte("<r><result><resultStatus>S</resultStatus></result><result><resultStatus>F</resultStatus></result></r>")
		}, "body", "result_repeated", Warn, "2 elements"},
		{"XML with an entity of its own", func(a *answer) { a.body = []byte("<!DOCTYPE a [<!ENTITY b 'c'>]>\n<a>&b;</a>") }, "body", "body_xml_malformed", Problem, "byte 35, line 2"},
		{"XML that is cut off", func(a *answer) { a.body = []byte("<a><b>") }, "body", "body_xml_malformed", Problem, "<b> is not closed at byte 7, line 1"},
		{"XML in GBK", func(a *answer) { a.body = []byte("<?xml version='1.0' encoding='GBK'?><a>\xd6\xd0</a>") }, "body", "body_not_utf8", Warn, "GBK"},
		{"XML in nothing", func(a *answer) { a.body = []byte("<a>\xd6\xd0</a>") }, "body", "body_not_utf8", Problem, "byte 4"},
		{"a page", func(a *answer) { a.body = []byte("<html>\r\n<head><title>502 Bad Gateway</title></head></html>") }, "body", "body_html", Problem, ""},
		{"a page that is XML", func(a *answer) { a.body = []byte("<?xml version='1.0'?><!DOCTYPE html><html/>") }, "body", "body_html", Problem, ""},
		{"no body", func(a *answer) { a.body = nil }, "body", "body_empty", Problem, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := goodAnswer()
			if c.change != nil {
				c.change(&a)
			}
			e := send(t, a, nil)
			field := c.field
			if field == "client-id" {
				field = "Client-Id"
			}
			expectFinding(t, e, Finding{Side: ResponseSide, Field: field, Cause: c.cause, Severity: c.severity, Says: c.says})
			everyHeaderHasAFinding(t, e, ResponseSide, *e.Response)
		})
	}
}

func set(name, value string) func(*Draft) {
	return func(d *Draft) { d.Header = []Field{{Name: name, Value: value}} }
}

func omit(name string) func(*Draft) { return func(d *Draft) { d.Omit = []string{name} } }

func expectFinding(t *testing.T, e Exchange, want Finding) {
	t.Helper()
	for _, f := range e.Findings {
		if f.Side == want.Side && f.Field == want.Field && f.Cause == want.Cause {
			if f.Severity != want.Severity || !strings.Contains(f.Says, want.Says) || !strings.HasSuffix(f.Says, ".") {
				t.Errorf("%+v, want %+v", f, want)
			}
			return
		}
	}
	t.Errorf("no %s %s in %+v", want.Field, want.Cause, e.Findings)
}

func everyHeaderHasAFinding(t *testing.T, e Exchange, side Side, m Message) {
	t.Helper()
	for _, h := range m.Header {
		found := false
		for _, f := range e.Findings {
			found = found || f.Side == side && strings.EqualFold(f.Field, h.Name)
		}
		if !found {
			t.Errorf("no finding about %s", h.Name)
		}
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	east := time.FixedZone("", 8*3600)
	at := time.Date(2023, 4, 21, 14, 58, 10, 199_000_000, east)
	for f, want := range map[TimeFormat]string{
		"": "1682060290199", Millis: "1682060290199", Seconds: "1682060290", ISO: "2023-04-21T14:58:10+08:00", ISOUTC: "2023-04-21T06:58:10Z",
		ISOms: "2023-04-21T06:58:10.199Z", ISOzone: "2023-04-21T14:58:10+0800",
	} {
		got := FormatTime(at, f)
		if got != want {
			t.Errorf("%s: %s, want %s", f, got, want)
		}
		back, format, err := ParseTime(got)
		if err != nil || format != f && f != "" || at.Sub(back) < 0 || at.Sub(back) >= time.Second {
			t.Errorf("%s: read back as %v, %s, %v", f, back, format, err)
		}
	}
	for in, want := range map[string]struct {
		format TimeFormat
		unixMs int64
	}{
		"2024-01-10T12:00:00+01:00": {ISO, 1704884400000}, "2024-01-10T12:00:00+0100": {ISOzone, 1704884400000}, "2024-01-10T11:00:00.1234567Z": {ISOFraction, 1704884400123},
		"2024-01-10T11:00:00Z": {ISOUTC, 1704884400000}, "2024-01-10T11:00:00.123Z": {ISOms, 1704884400123}, "2024-01-10T12:00:00.5+01:00": {ISOFraction, 1704884400500},
		"1704884400": {Seconds, 1704884400000}, "1704884400123": {Millis, 1704884400123}, "1704884400123456": {Micros, 1704884400123}, "999999999999": {Millis, 999999999999},
	} {
		got, format, err := ParseTime(in)
		if err != nil || format != want.format || got.UnixMilli() != want.unixMs {
			t.Errorf("%s: %v (%d), %s, %v", in, got, got.UnixMilli(), format, err)
		}
	}
	for _, in := range []string{"", "now", "2024-01-10", "2024-01-10T12:00:00", "12", "-1704884400123", "17048844001234567890", "1704884400123 ", "2024-13-10T12:00:00Z", "１７０４８８４４００１２３"} {
		if got, _, err := ParseTime(in); err == nil {
			t.Errorf("%q is read as %v", in, got)
		}
	}
}

func FuzzParseTime(f *testing.F) {
	for _, s := range []string{"1682060290199", "1682060290", "2023-04-21T14:58:10+0800", "2023-04-21T06:58:10,199Z", "2023-04-21T06:58:10Z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at, format, err := ParseTime(s)
		if (err == nil) != (format != "") || err != nil && !at.IsZero() {
			t.Fatalf("%q: %v %q %v", s, at, format, err)
		}
	})
}
