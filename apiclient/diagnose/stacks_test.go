package diagnose_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
)

// TestWhatStacksSend proves what was signed where a library or a server wrote the
// path, the query or the time in its own way, and names that first.
func TestWhatStacksSend(t *testing.T) {
	t.Parallel()
	const pay, at = "/miniprogram/api/v2/payments/pay", "1795963496781"
	for _, c := range []struct{ name, signed, sent, signedTime, sentTime, causes string }{
		{"axios writes arrays with brackets", pay + "?ids=1&ids=2&z=x", pay + "?ids%5B%5D=1&ids%5B%5D=2&z=x", at, at, "query_array_brackets"},
		{"qs writes objects with brackets", pay + `?f={"k":"v w"}`, pay + "?f%5Bk%5D=v%20w", at, at, "query_array_brackets"},
		{"requests unquotes", pay + "?ref=a%7Eb&x=%2d1", pay + "?ref=a~b&x=-1", at, at, "query_reencoded"},
		{"httpx writes None and True in its way", pay + "?a=None&b=True&c=x+y", pay + "?a=&b=true&c=x+y", at, at, "query_reencoded"},
		{"a plus that became a space", pay + "?at=10:00+01:00&q=a%20b", pay + "?at=10%3A00+01%3A00&q=a+b", at, at, "query_reencoded"},
		{"Go sorts", pay + "?z=1&a=x+y&m=%7E", pay + "?a=x+y&m=~&z=1", at, at, "query_reordered query_reencoded"},
		{"nginx appends the query again", pay + "?lang=en", pay + "?lang=en?lang=en", at, at, "query_repeated"},
		{"fasthttp cleans the path", "/miniprogram/api//v2/payments/%70ay", pay, at, at, "path_double_slash path_urlencoded"},
		{"a client encodes the path", "/v2/qr/caf%c3%a9 au lait", "/v2/qr/caf%C3%A9%20au%20lait", at, at, "path_percent_encoded_on_wire"},
		{"path and query", "/v2/x%c3%bc?ids=ü&b=$5", "/v2/x%C3%BC?ids=%C3%BC&b=$5", at, at, "path_percent_encoded_on_wire query_reencoded"},
		{"a variable that is not set", "/miniprogram/api/None/payments/pay", pay, at, at, "path_undefined"},
		{"upper-case escapes", "/v2/qr/caf%c3%a9", "/v2/qr/caf%C3%A9", at, at, "path_percent_encoded_on_wire"},
		{"a path that is bytes", "b'" + pay + "'", pay, at, at, "path_quoted"},
		{"Python's mail date", pay, pay, "Sun, 29 Nov 2026 14:44:56 -0000", at, "time_http_date"},
		{"a front controller", "/index.php?s=/hooks/notify", "/hooks/notify", at, at, "path_rewritten"},
		{"a path of its own in front", pay, "/api/checkout", at, at, "path_other_endpoint"},
		{"a prefix and a version in front", "/miniprogram/api/v2/authorizations/applyToken", "/shop/authorizations/applyToken", at, at, "path_prefix_different"},
		{"JavaScript's clock", pay, pay, at + ".4375", at, "time_number_format"},
		{"Python's clock", pay, pay, "1795963496.7812345", at, "time_number_format"},
		{"PHP's clock", pay, pay, at + ".4", at, "time_number_format"},
		{"Go's float", pay, pay, "1.7959634967815625e+12", at, "time_number_format"},
		{"isoformat without a zone", pay, pay, "2026-11-29T14:44:56.781234", at, "time_iso8601_signed"},
		{"isoformat in local time", pay, pay, "2026-11-29T22:44:56.781234", at, "time_iso8601_signed"},
		{"microtime", pay, pay, "0.78123400 1795963496", at, "time_number_format"},
		{"milliseconds, and a header of seconds", pay, pay, at, "1795963496", "time_milliseconds_signed"},
	} {
		s := payment()
		s.path, s.time = c.sent, c.sentTime
		signed := s
		signed.path, signed.time = c.signed, c.signedTime
		r := diagnosed(s.evidence(t, sign(t, "client2048", signed.canonical(), "1")), patience)
		if string(r.Signed) != signed.canonical() || r.Verdict != signing.Mismatch {
			t.Errorf("%s: %s, not found: %q", c.name, r.Verdict, r.Causes())
			continue
		}
		if got := strings.Join(r.Causes(), " "); got != c.causes {
			t.Errorf("%s: %q, want %q", c.name, got, c.causes)
		}
		for _, f := range r.Findings {
			if f.Family != diagnose.FamilyWarning && (!f.Proven || f.Fix == "" || f.Signed == f.Expected) {
				t.Errorf("%s: %+v", c.name, f)
			}
		}
	}
}

// TestFullURLOfAnInternationalHost proves a URL that was signed with the host in
// letters where the Host header has it in ASCII.
func TestFullURLOfAnInternationalHost(t *testing.T) {
	t.Parallel()
	s := payment()
	header := sign(t, "client2048", "POST http://bücher.example"+s.path+"\n"+s.client+"."+s.time+"."+s.body, "1")
	e := s.evidence(t, header)
	e.Exchange.Request.Header = slices.DeleteFunc(e.Exchange.Request.Header, func(f apiclient.Field) bool { return f.Name == "Host" })
	e.Exchange.Request.Header = append(e.Exchange.Request.Header, apiclient.Field{Name: "Host", Value: "xn--bcher-kva.example:19000"})
	if r := diagnosed(e, patience); len(r.Causes()) == 0 || r.Causes()[0] != "path_full_url" || !r.Proven() {
		t.Errorf("%q", r.Causes())
	}
}

// TestBodyOnTheWire undoes what HTTP does to a body on the wire before anything is
// judged, and says what is left over or missing.
func TestBodyOnTheWire(t *testing.T) {
	t.Parallel()
	s := payment()
	chunks := fmt.Sprintf("%X;n=1\r\n%s\r\n%x\r\n%s\r\n0\r\nX-Check: 1\r\n\r\n", 12, s.body[:12], len(s.body)-12, s.body[12:])
	length := fmt.Sprintf("Content-Length: %d\r\n", len(s.body))
	for _, c := range []struct {
		name, header, sent string
		verdict            signing.Status
		causes             string
	}{
		{"chunked", "Transfer-Encoding: chunked\r\n", chunks, signing.Verified, ""},
		{"chunked, joined by a tool", "Transfer-Encoding: chunked\r\n", s.body, signing.Verified, ""},
		{"chunks without the header", "", chunks, signing.Mismatch, "body_chunked_not_decoded"},
		{"another message behind it", length, s.body + "\r\n\r\nHTTP/1.1 200 OK", signing.Mismatch, "body_beyond_length"},
		{"the length of another body", "Content-Length: 5\r\n", s.body, signing.Verified, ""},
		{"cut", length, s.body[:20], signing.Mismatch, "body_truncated content_mismatch_unknown body_changed_in_transit"},
		{"cut in a chunk", "Transfer-Encoding: chunked\r\n", chunks[:len(chunks)-60], signing.Mismatch,
			"body_truncated content_mismatch_unknown body_changed_in_transit"},
	} {
		raw := "POST " + s.path + " HTTP/1.1\r\nClient-Id: " + s.client + "\r\nRequest-Time: " + s.time + "\r\nSignature: " +
			sign(t, "client2048", s.canonical(), "1") + "\r\n" + c.header + "\r\n" + c.sent
		e, err := diagnose.FromProfile(apiclient.Profile{}, again(t, []byte(raw), nil), apiclient.RequestSide)
		if err != nil {
			t.Fatal(err)
		}
		e.Expected = []apiclient.Key{publicKey(t, "client2048")}
		budget := patience
		if strings.Contains(c.causes, "unknown") { // there is nothing to find
			budget = short
		}
		r := diagnosed(e, budget)
		if got := strings.Join(r.Causes(), " "); r.Verdict != c.verdict || got != c.causes {
			t.Errorf("%s: %s, %q, want %s, %q", c.name, r.Verdict, got, c.verdict, c.causes)
		}
		if f, _ := finding(r, "body_beyond_length"); (f.Says != "") != (c.name == "another message behind it" || c.name == "the length of another body") {
			t.Errorf("%s: %+v", c.name, f)
		}
	}
}

// signedAndSent is a request whose body was signed in one form and sent in another.
func signedAndSent(t *testing.T, signed, sent, contentType, agent string) diagnose.Report {
	t.Helper()
	s := payment()
	s.body = signed
	signature := sign(t, "client2048", s.canonical(), "1")
	s.body = sent
	x := s.exchange(t, signature)
	for _, f := range []apiclient.Field{{Name: "Content-Type", Value: contentType}, {Name: "User-Agent", Value: agent}} {
		if f.Value != "" {
			x.Request.Header = append(x.Request.Header, f)
		}
	}
	e, err := diagnose.FromProfile(twoVersions(t), x, apiclient.RequestSide)
	if err != nil {
		t.Fatal(err)
	}
	return diagnosed(e, patience)
}

// TestStacksOfBodies has one body of each kind that a stack signs and another that it
// sends: the first finding names it, and the signed bytes are found.
func TestStacksOfBodies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, signed, sent, contentType, agent, cause, fix string }{
		{"a form of requests", `{"partnerId": "P1", "n": 2, "ok": true}`, "partnerId=P1&n=2&ok=True", "application/x-www-form-urlencoded", "python-requests/2.28.1", "body_form_sent", "`data=` of requests"},
		{"a form of PHP", `{"a":{"b":"\u00fc"},"l":["1","2"]}`, "a%5Bb%5D=%C3%BC&l%5B0%5D=1&l%5B1%5D=2", "application/x-www-form-urlencoded", "GuzzleHttp/7", "body_form_sent", "`form_params` of Guzzle"},
		{"JSON inside a multipart form", `{"a": "x"}`, "--b\r\nContent-Disposition: form-data; name=\"request\"\r\n\r\n{\"a\": \"x\"}\r\n--b--\r\n", "multipart/form-data; boundary=b", "", "body_form_sent", ""},
		{"number keys", `{"b":1,"10":"ten","a":{"x":2,"1":3}}`, `{"10":"ten","b":1,"a":{"1":3,"x":2}}`, "", "axios/1.7.2", "body_key_order_changed", "`JSON.parse` and `JSON.stringify`"},
		{"a date of Java", `{"at":1700000000123}`, `{"at":"2023-11-14T22:13:20.123+00:00"}`, "", "okhttp/4", "body_date_format", "Jackson"},
		{"milliseconds of a date", `{"at":"2023-11-14T22:13:20.456Z"}`, `{"at":"2023-11-14T22:13:20Z"}`, "", "", "body_date_format", ""},
		{"half a surrogate pair", `{"note":"cut \uD83D"}`, `{"note":"cut \ud83d"}`, "", "", "body_unicode_escaped_signed", ""},
		{"a BigDecimal", `{"amount":1E+3,"d":100.10}`, `{"amount":1000,"d":100.10}`, "", "", "body_number_reformatted", "BigDecimal"},
		{"a float of PHP", `a:1:{s:1:"n";d:3;}`, `{"n":3}`, "", "GuzzleHttp/7", "body_php_dump_signed", "`serialize("},
		{"a decimal and a date of Python", `{"amount": 100.1, "at": "2023-11-14T22:13:20"}`, `{"amount": 100.1, "at": "2023-11-14 22:13:20"}`, "", "", "body_date_format", ""},
		{"blanks of JSON by hand", `{"a": 1,"b":2, "c":3}`, `{"a":1,"b":2,"c":3}`, "", "", "body_whitespace_changed", "written by hand"},
		{"a struct of Go", `{A1 {USD 100}}`, `{"id":"A1","amount":{"currency":"USD","value":100}}`, "", "Go-http-client/1.1", "body_go_map_signed", "`fmt.Sprint(v)`"},
		{"Latin-1 that was sent", `{"note":"Crème"}`, "{\"note\":\"Cr\xe8me\"}", "", "", "body_charset", "leave the signing as it is"},
		{"CRLF that was sent", "{\n  \"a\": 1\n}", "{\r\n  \"a\": 1\r\n}", "", "", "body_line_endings", "CR LF"},
		{"printf", `{"d":"550ff"}`, `{"d":"55% off"}`, "", "curl/8", "body_percent_changed", "printf"},
		{"printf that ends", `{"d":"5`, `{"d":"5%yen"}`, "", "curl/8", "body_percent_changed", "printf"},
		{"base64 in lines", strings.Repeat("QUJD", 19) + "\n" + strings.Repeat("QUJD", 5) + "\n", strings.Repeat("QUJD", 24), "text/plain", "", "body_base64_wrapped", ""},
		{"raw JSON behind a name", `{"a":"x & y","b":1}`, `request={"a":"x & y","b":1}`, "application/x-www-form-urlencoded", "curl/8", "body_form_sent", ""},
		{"a list for JSON.stringify", `{"id":"1","amount":{}}`, `{"id":"1","amount":{"value":"2"}}`, "", "axios/1.7.2", "body_inner_dropped", "Object.keys"},
		{"a record of Java", `PayRequest[id=1, amount=Amount[value=2, n=null]]`, `{"id":"1","amount":{"value":"2","n":null}}`, "", "okhttp/4", "body_object_tostring_signed", "record"},
		{"a dataclass of Python", `Order(id='1', amount=Amount(value='2', n=None))`, `{"id": "1", "amount": {"value": "2", "n": null}}`, "", "python-requests/2", "body_python_repr_signed", "dataclass"},
		{"a map that sorts, and escapes undone", `{"z":"a/b","k":"c","m":"d","b":"e"}`, `{"b":"e","k":"c","m":"d","z":"a\/b"}`, "", "", "body_key_order_changed", ""},
		{"two lines that curl left out", "{\n  \"a\": [\"b\", \"c\"],\n  \"d\": 1.50\n}\n", `{  "a": ["b", "c"],  "d": 1.50}`, "", "curl/8", "body_whitespace_changed", "--data-binary"},
		{"http for https", `{"u":"http://a/","v":"http://b/"}`, `{"u":"https://a/","v":"https://b/"}`, "", "", "body_url_scheme_changed", "sub_filter"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := signedAndSent(t, c.signed, c.sent, c.contentType, c.agent)
			if r.Signed == nil || !strings.HasSuffix(string(r.Signed), "."+c.signed) {
				t.Fatalf("found %q", r.Signed)
			}
			if f := r.Findings[0]; f.Cause != c.cause || !f.Proven || !strings.Contains(f.Fix, c.fix) {
				t.Errorf("%v, want %s; fix %q", r.Causes(), c.cause, f.Fix)
			}
		})
	}
}
