package diagnose_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
)

// ours is a profile under which payment() was sent.
func ours(t testing.TB) apiclient.Profile {
	t.Helper()
	return apiclient.Profile{
		Name: "staging", BaseURL: "https://superapp.example.com/miniprogram/api", ClientID: payment().client, MerchantID: "217120000000037263001",
		KeyVersion: "1", Key: privateKey(t, "client2048"),
	}
}

// with puts lines of the configuration into a profile.
func with(t testing.TB, p apiclient.Profile, lines ...string) apiclient.Profile {
	t.Helper()
	for _, line := range lines {
		name, quoted, _ := strings.Cut(line, " = ")
		value, err := strconv.Unquote(quoted)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		switch name {
		case "signed_path":
			p.SignedPath = value
		case "time_format":
			p.TimeFormat = apiclient.TimeFormat(value)
		case "client_id":
			p.ClientID = value
		case "content_template", "response_template":
			p.ContentTemplate = value
		default:
			t.Fatalf("%s is no setting", line)
		}
	}
	return p
}

// resent is the string that a profile makes of an exchange when it sends the
// same again: its own id and its own spelling of the time.
func resent(t testing.TB, p apiclient.Profile, x apiclient.Exchange, side apiclient.Side) string {
	t.Helper()
	at, _, err := apiclient.ParseTime(x.Request.Get("Request-Time"))
	if err != nil {
		t.Fatal(err)
	}
	x.SignedAs, x.Origin = "", apiclient.FromFile
	for i, f := range x.Request.Header {
		switch {
		case side == apiclient.ResponseSide:
		case f.Name == "Client-Id":
			x.Request.Header[i].Value = p.ClientID
		case f.Name == "Request-Time" && p.TimeFormat != "":
			x.Request.Header[i].Value = apiclient.FormatTime(at, p.TimeFormat)
		}
	}
	e, err := diagnose.FromProfile(p, x, side)
	if err != nil {
		t.Fatalf("the profile cannot be used: %v", err)
	}
	return string(e.Canonical())
}

func settingsOf(r diagnose.Report) []string {
	var list []string
	seen := map[string]bool{}
	for _, f := range r.Findings {
		if f.Setting != "" && !seen[f.Setting] {
			seen[f.Setting] = true
			list = append(list, f.Setting)
		}
	}
	return list
}

// TestSettings tells what another rule makes of a request that is right by
// ours: the cause is found from the string as from its digest, and the lines
// make our profile build just that string.
func TestSettings(t *testing.T) {
	t.Parallel()
	s := payment()
	at := time.UnixMilli(1760000000123)
	const path = "/miniprogram/api/v2/payments/pay"
	for _, c := range []struct {
		name, theirs string
		cause        string
		want         []string
	}{
		{"no prefix", strings.Replace(s.canonical(), path, "/v2/payments/pay", 1), "path_prefix_missing", []string{`signed_path = "{path}"`}},
		{"another prefix", strings.Replace(s.canonical(), path, "/api/v2/payments/pay", 1), "path_prefix_missing", []string{`signed_path = "/api"`}},
		{"a prefix more", strings.Replace(s.canonical(), path, "/gateway"+path, 1), "path_prefix_extra", []string{`signed_path = "/gateway/miniprogram/api"`}},
		{"a suffix", strings.Replace(s.canonical(), path, "/ams/v2/payments/pay.htm", 1), "path_characters_differ", []string{`signed_path = "/ams{path}.htm"`}},
		{"seconds", strings.Replace(s.canonical(), s.time, "1760000000", 1), "time_seconds_signed", []string{`time_format = "s"`}},
		{"a date", strings.Replace(s.canonical(), s.time, apiclient.FormatTime(at, apiclient.ISOms), 1), "time_iso8601_signed", []string{`time_format = "iso-ms"`}},
		{"no line feed", strings.Replace(s.canonical(), "\n", " ", 1), "", nil},
		{"no client id", strings.Replace(s.canonical(), s.client+".", "", 1), "client_id_omitted", []string{`content_template = "{method} {uri}\n{time}.{body}"`}},
		{"the merchant id", strings.Replace(s.canonical(), s.client, "217120000000037263001", 1), "client_id_merchant_id_used", []string{`content_template = "{method} {uri}\n{merchant_id}.{time}.{body}"`}},
		{"the merchant id too", strings.Replace(s.canonical(), s.client, s.client+".217120000000037263001", 1), "client_id_and_merchant_id", []string{`content_template = "{method} {uri}\n{client_id}.{merchant_id}.{time}.{body}"`}},
		{"lines", "POST\n" + path + "\n" + s.time + "\n" + s.client + "\n" + s.body + "\n", "template_newline_fields", []string{`content_template = "{method}\n{uri}\n{time}\n{client_id}\n{body}\n"`}},
		{"a line feed at the end", s.canonical() + "\n", "body_trailing_newline", []string{`content_template = "{method} {uri}\n{client_id}.{time}.{body}\n"`}},
		{"bars", strings.NewReplacer("\n", "|").Replace(s.canonical()), "", nil},
		{"no prefix and seconds", strings.NewReplacer(path, "/v2/payments/pay", s.time, "1760000000").Replace(s.canonical()), "path_prefix_missing", []string{`signed_path = "{path}"`, `time_format = "s"`}},
		{"no prefix and no dot", strings.Replace(strings.Replace(s.canonical(), path, "/v2/payments/pay", 1), ".{", "{", 1), "path_prefix_missing", []string{`signed_path = "{path}"`, `content_template = "{method} {uri}\n{client_id}.{time}{body}"`}},
		{"the whole address", strings.Replace(s.canonical(), path, "https://superapp.example.com"+path, 1), "path_full_url", []string{`content_template = "{method} https://superapp.example.com{uri}\n{client_id}.{time}.{body}"`}},
		{"another client id", strings.Replace(s.canonical(), s.client, "5008000000000000001", 1), "client_id_other", []string{`client_id = "5008000000000000001"`}},
		{"another body", strings.Replace(s.canonical(), `"n":12`, `"n":13,"x":"y"`, 1), "body_differs", nil},
		{"a body with blanks", strings.Replace(s.canonical(), s.body, strings.NewReplacer(`:`, `: `, `,`, `, `).Replace(s.body), 1), "body_python_separators_signed", nil},
		{"another time", strings.Replace(s.canonical(), s.time, "1760000999999", 1), "time_differs_from_header", nil},
		{"a version", strings.Replace(s.canonical(), "/v2/", "/v1/", 1), "path_version_differs", nil},
		{"an undefined client id", strings.Replace(s.canonical(), s.client, "undefined", 1), "client_id_undefined", nil},
		{"lower case", strings.Replace(s.canonical(), "POST", "post", 1), "method_case", nil},
	} {
		digest := sha256.Sum256([]byte(c.theirs))
		for kind, told := range map[string]string{"string": c.theirs, "digest": hex.EncodeToString(digest[:]), "log": "2026-02-03 ERROR [sign] content='" + strings.ReplaceAll(strings.ReplaceAll(c.theirs, `"`, `\"`), "\n", `\n`) + "' refused"} {
			t.Run(c.name+" "+kind, func(t *testing.T) {
				t.Parallel()
				x := s.exchange(t, sign(t, "client2048", s.canonical(), "1"))
				x.MerchantID, x.Origin = ours(t).MerchantID, apiclient.FromCLI
				e, err := diagnose.FromProfile(ours(t), x, s.side)
				if err != nil {
					t.Fatal(err)
				}
				e.Told = []byte(told)
				// A digest alone does not show these, however long the search is.
				unknowable := kind == "digest" && (c.cause == "body_differs" || c.cause == "client_id_other" ||
					c.cause == "path_characters_differ" || c.name == "another time")
				budget := 5 * time.Second
				if unknowable {
					budget = short
				}
				r := diagnosed(e, budget)
				if kind == "string" && strings.HasSuffix(c.theirs, "\n") {
					return // pasting may have put it there
				}
				if r.Verdict != signing.Verified || r.Comparison == nil || r.Comparison.Matches {
					t.Fatalf("%s, %+v", r.Verdict, r.Comparison)
				}
				if unknowable {
					return
				}
				if _, ok := finding(r, c.cause); c.cause != "" && !ok {
					t.Errorf("%v, %s is missing: %s", r.Causes(), c.cause, r.Comparison.Says)
				}
				got := settingsOf(r)
				if c.cause == "" && kind != "digest" {
					return // a log may have lost it
				}
				if c.want != nil && strings.Join(got, "; ") != strings.Join(c.want, "; ") || c.want == nil && c.cause != "" && len(got) > 0 {
					t.Errorf("%q, want %q", got, c.want)
				}
				if len(got) > 0 {
					if made := resent(t, with(t, ours(t), got...), x, s.side); made != c.theirs {
						t.Errorf("the lines make\n%q, not\n%q", made, c.theirs)
					}
				}
			})
		}
	}
}
