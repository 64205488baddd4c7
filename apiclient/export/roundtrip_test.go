package export

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/evidence"
	"countersign/apiclient/hint"
	"countersign/apiclient/redact"
)

func compressed(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

// signed is an exchange with those bodies, as one that was sent.
func signed(request, response []byte) apiclient.Exchange {
	return apiclient.Exchange{
		URL: "https://superapp.example/miniprogram/api/v2/pay?a=%2f%5B1%5D&b=x+y&c={d}", StartedAt: time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.UTC),
		Request: apiclient.Message{Line: "POST /miniprogram/api/v2/pay?a=%2f%5B1%5D&b=x+y&c={d} HTTP/1.1", Body: request, Header: []apiclient.Field{
			{Name: "Host", Value: "superapp.example"}, {Name: "Content-Type", Value: "application/json; charset=UTF-8"},
			{Name: "Client-Id", Value: "C-1"}, {Name: "Request-Time", Value: "1682060290199"},
			{Name: "Signature", Value: "algorithm=RSA256, keyVersion=1, signature=ab%2Fc"}, {Name: "X-Odd", Value: `it's "so" 100% ^& $x\`},
			{Name: "User-Agent", Value: "countersign/1"}, {Name: "Accept", Value: "*/*"}, {Name: "Content-Length", Value: fmt.Sprint(len(request))},
		}},
		Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: response, Header: []apiclient.Field{
			{Name: "Content-Type", Value: "application/json"}, {Name: "Response-Time", Value: "2"}, {Name: "Client-Id", Value: "C-1"},
			{Name: "Signature", Value: "algorithm=RSA256, keyVersion=1, signature=xyz"}, {Name: "Set-Cookie", Value: "a=1"}, {Name: "Set-Cookie", Value: "b=2"},
			{Name: "Content-Length", Value: fmt.Sprint(len(response))},
		}},
		Outcome: apiclient.Answered, Timing: apiclient.Timing{DNS: 1e6, Connect: 2e6, TLS: 3e6, Sign: 4e6, Write: 5e6, FirstByte: 6e6, Total: 30e6},
	}
}

var bodies = map[string][]byte{
	"JSON":       []byte("{\n  \"a\": \"it's \\\"so\\\" \\\\ 100% ^&|<>()! `x` $y é 💳\",\n  \"b\": 1.50\n}"),
	"compact":    []byte(`{"a":"C:\\dir\\","b":"\u0041"}`),
	"line ends":  []byte("{\r\n\t\"a\": 1\r\n}\r\n"),
	"controls":   []byte("{\"a\":\"\x01\x7f\u0085\u2028\u202e\"}"),
	"binary":     []byte("\x00\xff\xfe{}\x80"),
	"empty":      {},
	"parts":      []byte("{\n### x\n}"),
	"at":         []byte("@/etc/hostname"),
	"percent":    []byte("a=%41&b=%PATH%&c=100%"),
	"long":       []byte(`{"a":"` + strings.Repeat("0123456789", 3000) + `"}`),
	"blank ends": []byte("{}  "),
}

// mayRefuse are the bodies that a form cannot hold, which it says.
var mayRefuse = map[string][]string{
	"curl-cmd": {"line ends", "controls", "binary", "long"},
	"httpfile": {"line ends", "binary", "parts"},
	"postman":  {"binary"},
}

// What is exported and read again is the same exchange, bit for bit.
func TestRoundTrips(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"curl", "curl-cmd", "powershell", "http", "httpfile", "har", "json", "postman"} {
		for name, body := range bodies {
			e := signed(body, []byte("{\"result\": \"\u00e9\"}\n"))
			f, err := FormatNamed(form)
			if err != nil {
				t.Fatal(err)
			}
			out, err := f.Write(Input{Exchange: e, Redactor: redact.Reveal()})
			refuses := slices.Contains(mayRefuse[form], name)
			if refuses {
				if hint.Of(err) == "" {
					t.Errorf("%s, %s: %v", form, name, err)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s, %s: %v", form, name, err)
				continue
			}
			read, err := evidence.Reader{}.Read(out.Data)
			if err != nil {
				t.Errorf("%s, %s: not read: %v\n%.600s", form, name, err, out.Data)
				continue
			}
			back := read.Exchanges[len(read.Exchanges)-1]
			same(t, form+", "+name, &e.Request, &back.Request)
			if form == "har" || form == "json" || form == "http" || form == "postman" {
				if back.Response == nil {
					t.Errorf("%s, %s: the answer is lost", form, name)
				} else {
					same(t, form+", "+name+", the answer", e.Response, back.Response)
				}
			}
		}
	}
}

func same(t *testing.T, what string, want, got *apiclient.Message) {
	t.Helper()
	if !bytes.Equal(want.Body, got.Body) || !bytes.Equal(want.Content(), got.Content()) {
		t.Errorf("%s: the body is %.200q, not %.200q", what, got.Body, want.Body)
	}
	if want.Method() != got.Method() || want.Path() != got.Path() || want.Status() != got.Status() {
		t.Errorf("%s: %q is %q", what, want.Line, got.Line)
	}
	if a, b := fieldsOf(want), fieldsOf(got); !slices.Equal(a, b) {
		t.Errorf("%s: the header is\n%q, not\n%q", what, b, a)
	}
}

// fieldsOf are the fields that every form keeps, in an order that does not count:
// names keep theirs.
func fieldsOf(m *apiclient.Message) []string {
	var list []string
	for _, f := range m.Header {
		if n := strings.ToLower(f.Name); n != "host" && n != "content-length" && n != "connection" && n != "expect" {
			list = append(list, f.Name+": "+f.Value)
		}
	}
	slices.Sort(list)
	return list
}

func TestHARKeepsCodedBodies(t *testing.T) {
	t.Parallel()
	plain := []byte(`{"a":1}`)
	e := signed(plain, nil)
	e.Response.Header = append(e.Response.Header, apiclient.Field{Name: "Content-Encoding", Value: "gzip"})
	e.Response.Body, e.Response.Decoded = compressed(plain), plain
	f, _ := FormatNamed("har")
	out, err := f.Write(Input{Exchange: e, Redactor: redact.Reveal()})
	if err != nil {
		t.Fatal(err)
	}
	read, err := evidence.Reader{}.Read(out.Data)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "har", e.Response, read.Exchanges[0].Response)
}

// A HAR is valid by its public schema.
func TestHARSchema(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/har-schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schemas struct {
		Schemas map[string]any `json:"schemas"`
	}
	if err := json.Unmarshal(data, &schemas); err != nil {
		t.Fatal(err)
	}
	without := signed(nil, nil)
	without.Response = nil
	f, _ := FormatNamed("har")
	for name, e := range map[string]apiclient.Exchange{"JSON": signed(bodies["JSON"], bodies["JSON"]), "binary": signed(bodies["binary"], bodies["binary"]),
		"no answer": without, "empty": {URL: "http://h/", Request: apiclient.Message{Line: "GET / HTTP/1.1"}}} {
		out, err := f.Write(Input{Exchange: e})
		if err != nil {
			t.Fatal(err)
		}
		var doc any
		if err := json.Unmarshal(out.Data, &doc); err != nil {
			t.Fatal(err)
		}
		v := validator{schemas.Schemas}
		if err := v.check("har.json#", doc, ""); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	v := validator{schemas.Schemas}
	if v.check("har.json#", map[string]any{"log": map[string]any{"version": "1.2"}}, "") == nil {
		t.Error("the validator takes everything")
	}
}

// validator knows as much of JSON Schema as the one of HAR uses.
type validator struct{ schemas map[string]any }

func (v validator) check(name string, doc any, at string) error {
	return v.value(v.schemas[name].(map[string]any), doc, at)
}

func (v validator) value(s map[string]any, doc any, at string) error {
	if ref, ok := s["$ref"].(string); ok {
		return v.check(ref, doc, at)
	}
	if forms, ok := s["oneOf"].([]any); ok {
		var errs []error
		for _, one := range forms {
			err := v.value(one.(map[string]any), doc, at)
			if err == nil {
				return nil
			}
			errs = append(errs, err)
		}
		return errors.Join(errs...)
	}
	kinds := map[string]bool{}
	switch x := doc.(type) {
	case nil:
		kinds["null"] = true
	case string:
		kinds["string"] = true
		if p, ok := s["pattern"].(string); ok && !regexp.MustCompile(p).MatchString(x) {
			return fmt.Errorf("%s: %q is not as %s", at, x, p)
		}
	case float64:
		kinds["number"], kinds["integer"] = true, x == float64(int64(x))
		if low, ok := s["minimum"].(float64); ok && x < low {
			return fmt.Errorf("%s: %v is below %v", at, x, low)
		}
	case []any:
		kinds["array"] = true
		for i, item := range x {
			if items, ok := s["items"].(map[string]any); ok {
				if err := v.value(items, item, fmt.Sprintf("%s[%d]", at, i)); err != nil {
					return err
				}
			}
		}
	case map[string]any:
		kinds["object"] = true
		for _, name := range list(s["required"]) {
			if _, ok := x[name.(string)]; !ok {
				return fmt.Errorf("%s: %s is missing", at, name)
			}
		}
		properties, _ := s["properties"].(map[string]any)
		for name, member := range x {
			if p, ok := properties[name].(map[string]any); ok {
				if err := v.value(p, member, at+"."+name); err != nil {
					return err
				}
			}
		}
	}
	if kind, ok := s["type"].(string); ok && !kinds[kind] {
		return fmt.Errorf("%s: %v is no %s", at, doc, kind)
	}
	return nil
}

func list(v any) []any { l, _ := v.([]any); return l }

// A collection keeps an answer as it reads: that its coding is gone is said.
func TestPostmanSaysThatACodingIsGone(t *testing.T) {
	e := signed([]byte("{}"), compressed([]byte(`{"a":1}`)))
	f, err := FormatNamed("postman")
	if err != nil {
		t.Fatal(err)
	}
	notes := func(e apiclient.Exchange) string {
		out, err := f.Write(Input{Exchange: e, Redactor: redact.Reveal()})
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(out.Notes, "\n")
	}
	e.Response.Header = append(e.Response.Header, apiclient.Field{Name: "Content-Encoding", Value: "gzip"})
	e.Response.Decoded = []byte(`{"a":1}`)
	if got := notes(e); !strings.Contains(got, "without its content coding (gzip)") {
		t.Errorf("notes: %s", got)
	}
	if got := notes(signed([]byte("{}"), []byte(`{"a":1}`))); strings.Contains(got, "coding") {
		t.Errorf("notes where there is none: %s", got)
	}
}
