package diagnose_test

import (
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
)

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

// TestTraces has bodies from which what was signed cannot be told any more: what they
// show of it comes first, as suspected.
func TestTraces(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, sent, agent, cause string }{
		{"a double", `{"id":9007199254740992,"v":"1"}`, "", "body_number_precision_lost"},
		{"a double with an exponent", `{"id":2.01906081140108e+34}`, "", "body_number_precision_lost"},
		{"question marks", `{"note":"?? tea"}`, "", "body_charset"},
		{"U+FFFD", `{"note":"caf\ufffd"}`, "", "body_mojibake"},
		{"an empty object", `{}`, "", "body_lost"},
		{"a mask", `{"card":"4111********1111"}`, "", "body_masked"},
		{"JSON.stringify", `{"a":"x","b":1}`, "axios/1.7.2", "body_changed_in_transit"},
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
