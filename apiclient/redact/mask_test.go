package redact

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

func must(t testing.TB, headers, paths []string) Redactor {
	t.Helper()
	r, err := New(headers, paths)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestBodiesAreMaskedByteForByte(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, paths, in, want string }{
		{"a token", "", `{"accessToken": "s3cret-value-01", "x":1.50}`, `{"accessToken": "***masked-A-15-bytes***", "x":1.50}`},
		{"equal values", "", `{"accessToken":"s3cret-value-01","refresh_token":"other-secret","tokens":{"id-token":"s3cret-value-01"}}`,
			`{"accessToken":"***masked-A-15-bytes***","refresh_token":"***masked-B-12-bytes***","tokens":{"id-token":"***masked-A-15-bytes***"}}`},
		{"another place", "", `{"authCode":"CODE-0123456","note":"your CODE-0123456 is used"}`,
			`{"authCode":"***masked-A-12-bytes***","note":"your ***masked-A-12-bytes*** is used"}`},
		{"all below", "", `{"userInfo":{"a":"x","b":[1,true,null,"y"],"c":{}}}`,
			`{"userInfo":{"a":"***masked-A-1-byte***","b":[9,false,null,"***masked-B-1-byte***"],"c":{}}}`},
		{"numbers keep their form", ".n", `{"n":-12.50e+3}`, `{"n":-99.99e+9}`},
		{"a path", ".buyer.mark", `{"buyer":{"mark":"m","other":"m"},"mark":"m"}`, `{"buyer":{"mark":"***masked-A-1-byte***","other":"m"},"mark":"m"}`},
		{"anywhere", "..mark", `[{"a":{"mark":"m"}},{"mark":"n"}]`, `[{"a":{"mark":"***masked-A-1-byte***"}},{"mark":"***masked-B-1-byte***"}]`},
		{"elements", ".goods[].name", `{"goods":[{"name":"p"},{"name":"q","x":["name"]}],"name":"r"}`,
			`{"goods":[{"name":"***masked-A-1-byte***"},{"name":"***masked-B-1-byte***","x":["name"]}],"name":"r"}`},
		{"one element", ".[1]", `["p","q"]`, `["p","***masked-A-1-byte***"]`},
		{"odd names", `."a b"["c.d"]`, `{"a b":{"c.d":"p"}}`, `{"a b":{"c.d":"***masked-A-1-byte***"}}`},
		{"escapes", "", `{"access\u0054oken":"a\"bcdefg\u00e9"}`, `{"access\u0054oken":"***masked-A-10-bytes***"}`},
		{"JSON in a string", "", `{"order":"{\"buyer\":{\"email\":\"a@b.example\"}}"}`, `{"order":"{\"buyer\":{\"email\":\"***masked-A-11-bytes***\"}}"}`},
		{"cut off", "", `{"a":{"accessToken":"abcdefgh`, `{"a":{"accessToken":"***masked-A-8-bytes***`},
		{"broken", "", `{"a":,"accessToken":"abcdefgh" "x"}`, `{"a":,"accessToken":"***masked-A-8-bytes***" "x"}`},
		{"in a log", "", "POST /v1/a\nid.1.{\"authCode\":\"abcdefgh\"} sent [1]", "POST /v1/a\nid.1.{\"authCode\":\"***masked-A-8-bytes***\"} sent [1]"},
		{"of Python", "", `{'accessToken': 'abcdefgh', 'x': 1}`, `{'accessToken': '***masked-A-8-bytes***', 'x': 1}`},
		{"a query", "", "GET /a?authCode=abc%2Bdefg&x=1 HTTP/1.1", "GET /a?authCode=***masked-A-10-bytes***&x=1 HTTP/1.1"},
		{"a URL in JSON", "", `{"u":"https://x/?authState=abcdefgh#f"}`, `{"u":"https://x/?authState=***masked-A-10-bytes***"}`},
		{"encoded JSON in a form", "", `biz=%7B%22accessToken%22%3A%22abcdefgh%22%7D&x=1`, `biz=***masked-A-40-bytes***&x=1`},
		{"XML", "..mark", `<r><Head accessToken="abcdefgh"/><ns:email>a@b.example</ns:email><mark><![CDATA[xy]]></mark><x> 1 </x></r>`,
			`<r><Head accessToken="***masked-A-8-bytes***"/><ns:email>***masked-B-11-bytes***</ns:email><mark><![CDATA[***masked-C-2-bytes***]]></mark><x> 1 </x></r>`},
		{"XML by a path", ".buyer.mark", `<r><buyer><mark>m</mark></buyer><mark>n</mark></r>`, `<r><buyer><mark>***masked-A-1-byte***</mark></buyer><mark>n</mark></r>`},
		{"a head", "", "Authorization: Bearer abcdefgh\r\nX: 1\r\n", "Authorization: Bearer ***masked-A-8-bytes***\r\nX: 1\r\n"},
		{"nothing", ".x", `{"a": "accessToken", "paymentId":"1","resultCode":"SUCCESS"}`, `{"a": "accessToken", "paymentId":"1","resultCode":"SUCCESS"}`},
		{"masked already", "", `{"accessToken":"***masked-A-8-bytes***"}`, `{"accessToken":"***masked-A-8-bytes***"}`},
	} {
		var paths []string
		if c.paths != "" {
			paths = []string{c.paths}
		}
		r := must(t, nil, paths)
		got := string(r.Masker().Bytes([]byte(c.in)))
		if got != c.want {
			t.Errorf("%s:\n   got %s\n  want %s", c.name, got, c.want)
		}
		if json.Valid([]byte(c.in)) && !json.Valid([]byte(got)) {
			t.Errorf("%s: no JSON any more", c.name)
		}
		if again := string(r.Masker().Bytes([]byte(got))); again != got && !strings.Contains(c.want, "9") {
			t.Errorf("%s: masked twice it is another one: %s", c.name, again)
		}
		if all := string(Reveal().Masker().Bytes([]byte(c.in))); all != c.in {
			t.Errorf("%s: revealed it is %s", c.name, all)
		}
	}
}

func TestWideTextIsMaskedWhole(t *testing.T) {
	t.Parallel()
	var wide []byte
	for _, c := range []byte(`{"accessToken":"abcdefgh"}`) {
		wide = append(wide, c, 0)
	}
	if got := string((Redactor{}).Masker().Bytes(wide)); got != "***masked-A-52-bytes***" {
		t.Errorf("%q", got)
	}
}

func TestPathsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"", "a", ".", "..", ".a.", ".a[", ".a[x]", `."a`, `.["a"`, ".a-b", ".a..", ".a[-1]"} {
		if _, err := New(nil, []string{".ok", path}); err == nil {
			t.Errorf("%q is taken", path)
		}
	}
}

// What is secret in one place is masked in all others.
func TestExchange(t *testing.T) {
	t.Parallel()
	const token, code, cookie = "TOKEN-0123456789", "CODE-0123456789", "sid-0123456789"
	body := `{"authCode":"` + code + `","n":"M"}`
	canonical := []byte("POST /p?x=[1\nid.1." + body)
	e := apiclient.Exchange{
		URL: "https://host.example/p?accessToken=" + token,
		Request: apiclient.Message{Line: "POST /p?accessToken=" + token + " HTTP/1.1", Body: []byte(body),
			Header: []apiclient.Field{{Name: "Cookie", Value: "a=" + cookie}, {Name: "X-Mark", Value: "for " + token}}},
		Sent:        signing.Proof{Canonical: canonical, Digest: [32]byte{1}},
		SentVerdict: signing.Verdict{Canonical: canonical, Reason: "over " + code},
		Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: []byte("<a>" + cookie + "</a>"),
			Header: []apiclient.Field{{Name: "Location", Value: "/q?s=" + code}}},
		Received: signing.Verdict{Canonical: []byte("x" + cookie)}, Err: "no " + token, Hint: code,
		Result: apiclient.Result{Message: "bad " + code}, Findings: []apiclient.Finding{{Says: token, Hint: cookie}},
	}
	before, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	m := must(t, nil, []string{".n"}).Masker()
	masked, err := json.Marshal(m.Exchange(e))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{token, code, cookie, `\"n\":\"M\"`} {
		if bytes.Contains(masked, []byte(secret)) {
			t.Errorf("%s is in %s", secret, masked)
		}
	}
	if after, _ := json.Marshal(e); !bytes.Equal(before, after) {
		t.Error("the exchange itself was changed")
	}
	if m.Masked() != 5 {
		t.Errorf("%d masked", m.Masked())
	}
	if got := m.Text("they say " + token); got != "they say ***masked-A-16-bytes***" && !strings.Contains(got, "***masked-") {
		t.Error(got)
	}
}

func TestCodedBodies(t *testing.T) {
	t.Parallel()
	plain := []byte(`{"accessToken":"abcdefgh"}`)
	gzip := []apiclient.Field{{Name: "Content-Encoding", Value: "gzip"}}
	m := (Redactor{}).Masker().Message(apiclient.Message{Line: "POST / HTTP/1.1", Header: gzip, Body: []byte("\x1f\x8b…"), Decoded: plain})
	if string(m.Body) != `{"accessToken":"***masked-A-8-bytes***"}` || m.Decoded != nil {
		t.Errorf("%s", m.Body)
	}
	m = (Redactor{}).Masker().Message(apiclient.Message{Line: "POST / HTTP/1.1", Header: gzip, Body: []byte("\x1f\x8b…")})
	if string(m.Body) != "***masked-A-5-bytes***" {
		t.Errorf("%s", m.Body)
	}
}

// What a person can write in a body must not take longer than its length allows.
func TestHostileTextsAreLinear(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{`{"a":`, `[`, `a=`, `<a>`, `</a>`, `"\"`, `{"accessToken":"`, `\"`, `%7B=`, `{"token":"abcdefg`, `<token>`} {
		(Redactor{}).Masker().Bytes([]byte(strings.Repeat(unit, 200_000/len(unit))))
	}
}

func FuzzMask(f *testing.F) {
	for _, s := range []string{`{"accessToken":"abcdefgh"}`, `<email a="b">x</email>`, `a=1&token=b`, `{'pin': 1`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r := must(t, nil, []string{"..x", ".a[].b"})
		got := r.Masker().Bytes(b)
		if json.Valid(b) && !json.Valid(got) && !bytes.Contains(b, []byte("token")) {
			t.Errorf("%q became %q, which is no JSON", b, got)
		}
	})
}
