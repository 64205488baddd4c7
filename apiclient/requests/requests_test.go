package requests

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"countersign/apiclient"
)

func readTestdata(t testing.TB) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	names, err := filepath.Glob("testdata/*.http")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name) //nolint:gosec // ours
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = data
	}
	return files
}

// summary says what was read, in a line for each thing.
func summary(f *File) string {
	var b strings.Builder
	for _, v := range f.Variables {
		fmt.Fprintf(&b, "@%s=%s\n", v.Name, v.Value)
	}
	for _, r := range f.Requests {
		fmt.Fprintf(&b, "%d %q %s %s", r.Line, r.Name, r.Method, r.Target)
		for _, h := range r.Header {
			fmt.Fprintf(&b, " | %s: %s", h.Name, h.Value)
		}
		for _, d := range r.Directives {
			fmt.Fprintf(&b, " | @%s %s", d.Name, d.Value)
		}
		switch {
		case r.Body.File != "":
			fmt.Fprintf(&b, " < %s %v", r.Body.File, r.Body.Filled)
		case !r.Body.Empty():
			fmt.Fprintf(&b, " %q", r.Body.At.Of(f.Text))
		}
		if r.Foreign != "" || r.Disabled {
			fmt.Fprintf(&b, " (%s %v)", r.Foreign, r.Disabled)
		}
		b.WriteByte('\n')
	}
	for _, n := range f.NotRun {
		fmt.Fprintf(&b, "not run: %d %s\n", n.Line, n.Says)
	}
	for _, e := range f.Faults {
		fmt.Fprintf(&b, "fault: %v\n", e)
	}
	return b.String()
}

func TestParseOtherTools(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"vscode.http": `@hostname=superapp.example.com
@port=443
@host=https://{{hostname}}:{{port}}/miniprogram/api
@contentType=application/json
@createdAt={{$datetime iso8601}}
11 "pay" POST {{host}}/v2/payments/pay?lang=en&page={{$randomInt 1 10}} | Content-Type: {{contentType}} | traceId: {{$guid}} | User-Agent: rest-client | @name pay "{\n    \"paymentRequestId\": \"{{$guid}}\",\n    \"createdAt\": \"{{createdAt}}\",\n    \"at\": {{$timestamp}},\n    \"expiry\": \"{{$localDatetime 'YYYY-MM-DDTHH:mm:ssZ' 30 m}}\"\n}"
31 "" POST /v2/payments/inquiryPayment | Content-Type: application/json "{\"paymentId\":\"{{pay.response.body.$.paymentId}}\",\"date\":\"{{pay.response.headers.Date}}\"}"
37 "a body in a file" POST https://superapp.example.com/miniprogram/api/v2/files/upload < ./body.bin false
42 "GraphQL" POST https://api.example.com/graphql | Content-Type: application/json | X-REQUEST-TYPE: GraphQL "query ($name: String!) {\n  repository(name: $name) { id }\n}\n\n{ \"name\": \"x\" }" (GRAPHQL false)
53 "multipart" POST /v2/files/upload | Content-Type: multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW "------WebKitFormBoundary7MA4YWxkTrZu0gW\nContent-Disposition: form-data; name=\"image\"; filename=\"1.png\"\nContent-Type: image/png\n\n< ./1.png\n------WebKitFormBoundary7MA4YWxkTrZu0gW--" (multipart body with files false)
64 "" GET https://superapp.example.com/miniprogram/api/health
not run: 10 # @prompt
not run: 44 a request of the kind GRAPHQL
not run: 60 a file inside a multipart body
`,
		"httpyac.http": `@user=alice
13 "login" POST /v2/authorizations/applyToken | Content-Type: application/json | @name login < ./login.json true ( true)
28 "" GET /v2/links/list | Accept: application/json
40 "handler file" POST /v2/payments/pay "{\"a\": \"b\"}"
47 "web socket" WEBSOCKET wss://example.com/socket "hello" (WEBSOCKET false)
not run: 1 a script
not run: 9 # @loop
not run: 10 # @sleep
not run: 11 # @ref
not run: 18 an assertion (??)
not run: 19 an assertion (??)
not run: 20 a script
not run: 24 # @import
not run: 25 a script before the request
not run: 31 a script for the answer
not run: 36 a file that the answer is written to
not run: 37 an answer of before
not run: 44 a script for the answer
not run: 47 a request of the kind WEBSOCKET
`,
		"crlf.http": `@a=1
5 "crlf" POST /v2/payments/pay | Content-Type: application/json | @expect .status == 200 "{\r\n\t\"a\": \"{{a}}\"\r\n}"
14 "spaced" GET /x
`,
	}
	for name, text := range readTestdata(t) {
		if got := summary(Parse(name, text)); got != want[name] {
			t.Errorf("%s\n got:\n%s\nwant:\n%s", name, got, want[name])
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, fault, hint string }{
		{"### a\nPOST\n", `f:2:1: "POST" is no request line`, "POST /path"},
		{"POST /a\nContent-Type application/json\n\n{}", `f:2:1: "Content-Type application/json" is no header`, "blank line"},
		{"### a\n# @expct .status == 200\nGET /x", "f:2:4: # @expct is not known", "did you mean # @expect?"},
		{"GET /x\n\n# @expect .status == 200\n{}", "f:3:1: # @expect stands in a body", "before the request line"},
		{"# @expect .status == 200\n### a\nGET /x", "f:1:1: # @expect stands before no request", "directly before"},
		{"# @name a\nGET /x\n###\n# @name a\nGET /y", "f:5:1: the request a has the # @name of that in line 2", "rename"},
	} {
		f := Parse("f", []byte(c.text))
		if len(f.Faults) != 1 || !strings.HasPrefix(f.Faults[0].Error(), c.fault) || !strings.Contains(f.Faults[0].Hint(), c.hint) {
			t.Errorf("%q: %v", c.text, f.Faults)
		}
	}
	for _, c := range []struct{ text, fault string }{
		{"# @expect .reslt.x\nGET /x", `f:1:12: "reslt" is nothing that an answer has at column 2`},
		{"# @expect\nGET /x", "f:1:1: # @expect needs an expression"},
		{"# @set a\nGET /x", "f:1:1: # @set needs a name and an expression"},
		{"# @set a = .body | nosuch\nGET /x", "f:1:20: function not defined: nosuch/0 at column 9"},
		{"# @tamper nosuch\nGET /x", `f:2:1: there is no tampering "nosuch"`},
		{"# @expect-schema maybe\nGET /x", `f:2:1: # @expect-schema is "maybe"`},
	} {
		list := Parse("f", []byte(c.text)).Check(nil)
		if len(list) != 1 || !strings.HasPrefix(list[0].Error(), c.fault) {
			t.Errorf("%q: %v", c.text, list)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	f := Parse("f", []byte("### Pay first\n# @name pay\nPOST /a\n### query\nPOST /b\n### query\nPOST /c\n"))
	for name, line := range map[string]int{"pay": 3, "Pay first": 3, "3": 7} {
		if r, err := f.Find(name); err != nil || r.Line != line {
			t.Errorf("%s: %v, %v", name, r, err)
		}
	}
	for name, says := range map[string]string{
		"query": `f:7:1: "query" is the name of two requests: in line 5 too`, "pya": `f: it has no request "pya"`, "4": "it has no request", "": "it has no request",
	} {
		var e *Error
		if _, err := f.Find(name); !errors.As(err, &e) || !strings.Contains(err.Error(), says) || e.Hint() == "" {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// Only what is changed is changed.
func TestPut(t *testing.T) {
	t.Parallel()
	const text = "@v = 1\n\n### one\n# a comment\n# @expect .status == 200\nPOST {{host}}/a\n   ?x=1 HTTP/1.1\nA: b\nC:   d\n# in the head\n\n{\"a\" : 1}\n\n> {% script %}\n\n### two\nGET /b\n"
	f := Parse("f", []byte(text))
	for _, c := range []struct {
		name   string
		n      int
		change func(*Content)
		old    string
		new    string // of what stands there
	}{
		{"nothing", 0, func(*Content) {}, "", ""},
		{"body", 0, func(c *Content) { c.Body = []byte("{\"a\" : 2}") }, "{\"a\" : 1}", "{\"a\" : 2}"},
		{"no body", 0, func(c *Content) { c.Body = nil }, "\n\n{\"a\" : 1}\n\n> ", "\n\n> "},
		{"a body where none was", 1, func(c *Content) { c.Body = []byte("[\n1]") }, "GET /b\n", "GET /b\n\n[\n1]\n"},
		{"method", 1, func(c *Content) { c.Method = "PUT" }, "GET /b", "PUT /b"},
		{"method alone", 0, func(c *Content) { c.Method = "PUT" }, "POST {{host}}/a\n   ?x=1", "PUT {{host}}/a\n   ?x=1"},
		{"target", 0, func(c *Content) { c.Target = "/z" }, "{{host}}/a\n   ?x=1 HTTP/1.1", "/z HTTP/1.1"},
		{"name", 0, func(c *Content) { c.Name = "uno" }, "### one", "### uno"},
		{"header value", 0, func(c *Content) { c.Header[1].Value = "e" }, "C:   d", "C:   e"},
		{"header gone", 0, func(c *Content) { c.Header = c.Header[1:] }, "A: b\n", ""},
		{"last header gone, and the body", 0, func(c *Content) { c.Header, c.Body = c.Header[:1], nil }, "C:   d\n# in the head\n\n{\"a\" : 1}\n\n>", "# in the head\n\n>"},
		{"header more", 0, func(c *Content) { c.Header = append(c.Header, apiclient.Field{Name: "N", Value: "1"}) }, "C:   d\n", "C:   d\nN: 1\n"},
		{"first header and body", 1, func(c *Content) { c.Header, c.Body = []apiclient.Field{{Name: "N", Value: "1"}}, []byte("x") }, "GET /b\n", "GET /b\nN: 1\n\nx\n"},
		{"expectation", 0, func(c *Content) { c.Directives = append(c.Directives, Setting{"expect", ".schema == []"}) }, "== 200\n", "== 200\n# @expect .schema == []\n"},
		{"first directive", 1, func(c *Content) { c.Directives = []Setting{{"no-sign", ""}} }, "GET /b", "# @no-sign\nGET /b"},
		{"directive gone", 0, func(c *Content) { c.Directives = nil }, "# @expect .status == 200\n", ""},
		{"a header from another tool's case", 0, func(c *Content) { c.Header[0].Name = "a" }, "A: b\n", "a: b\n"},
	} {
		r := f.Requests[c.n]
		content, err := f.Content(r, nil)
		if err != nil {
			t.Fatal(err)
		}
		c.change(&content)
		change, err := f.Put(r, content, nil)
		if want := strings.Replace(text, c.old, c.new, 1); err != nil || string(change.Text) != want || change.Bodies != nil {
			t.Errorf("%s: %v\n got %q\nwant %q", c.name, err, change.Text, want)
		}
	}
}

// A body that cannot stand in the file has one of its own.
func TestPutIntoAFile(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"a\n", "### x", "a\n###", "\xff", "< ./x", "> {% x", "\n", "a\r\n", "# @expect 1", "{{x}}\n", `\{{` + "\n", "a\n?? b\n", "{{\n"} {
		f := Parse("f", []byte("### Pay & go!\nPOST /a\n\nold\n\n### next\nGET /b"))
		content, err := f.Content(f.Requests[0], nil)
		if err != nil {
			t.Fatal(err)
		}
		content.Body = []byte(body)
		change, err := f.Put(f.Requests[0], content, nil)
		if err != nil || len(change.Bodies) != 1 || change.Bodies[0].Name != "./pay-go.bin" || string(change.Bodies[0].Data) != body {
			t.Errorf("%q: %v, %q, %q", body, err, change.Text, change.Bodies)
			continue
		}
		again := Parse("f", change.Text)
		got, err := again.Content(again.Requests[0], change.reading(nil))
		if err != nil || !got.Equal(content) || len(again.Requests) != 2 {
			t.Errorf("%q: %v, %+v", body, err, got)
		}
	}
	if _, err := Parse("f", []byte("GET /a")).Put(Parse("f", []byte("GET /a")).Requests[0], Content{Method: "GET", Target: "/b"}, nil); err == nil {
		t.Error("a request of another file was changed")
	}
}

func TestAddAndRemove(t *testing.T) {
	t.Parallel()
	c := Content{Name: "new", Method: "POST", Target: "/n", Header: []apiclient.Field{{Name: "A", Value: "b"}},
		Directives: []Setting{{"endpoint", "v2/payments/pay"}}, Body: []byte("{}")}
	const request = "### new\n# @endpoint v2/payments/pay\nPOST /n\nA: b\n\n{}\n"
	for _, x := range []struct {
		text, want string
		after      int
	}{
		{"", request, -1},
		{"GET /a", "GET /a\n\n" + request, -1},
		{"GET /a\n\n### b\nGET /b\n", "GET /a\n\n" + request + "\n### b\nGET /b\n", 0},
	} {
		f := Parse("f", []byte(x.text))
		var after *Request
		if x.after >= 0 {
			after = f.Requests[x.after]
		}
		change, err := f.Add(after, c, nil)
		if err != nil || string(change.Text) != x.want {
			t.Errorf("%q: %v\n got %q\nwant %q", x.text, err, change.Text, x.want)
		}
	}
	f := Parse("f", []byte("### a\n@v = 1\nGET /a\n\n### b\nGET /b\n"))
	if got := string(f.Remove([]*Request{f.Requests[0]}, nil)); got != "@v = 1\n\n### b\nGET /b\n" {
		t.Errorf("%q", got)
	}
}

// The figure: 1,000 request files are read in less than 100 ms.
func BenchmarkThousandFiles(b *testing.B) {
	dir := b.TempDir()
	text, err := os.ReadFile("testdata/vscode.http")
	if err != nil {
		b.Fatal(err)
	}
	for i := range 1000 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.http", i)), text, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		names, err := filepath.Glob(filepath.Join(dir, "*.http"))
		if err != nil {
			b.Fatal(err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name) //nolint:gosec // ours
			if err != nil || len(Parse(name, data).Requests) != 6 {
				b.Fatal(err)
			}
		}
	}
}

func FuzzFile(f *testing.F) {
	for _, text := range readTestdata(f) {
		f.Add(text, []byte("{}"), 0)
	}
	f.Add([]byte("GET /a\nB: c\n> {% x\n%}"), []byte("a\n###\n"), 1)
	f.Add([]byte("# @name x\n/a\r\n\r\n"), []byte("\xff{{"), 0)
	f.Fuzz(func(t *testing.T, text, body []byte, n int) {
		file := Parse("f", text)
		if !bytes.Equal(file.apply(nil), text) {
			t.Fatal("reading changes the text")
		}
		end := 0
		for _, r := range file.Requests {
			if r.Part.From < end || r.Part.To > len(text) || r.Body.At.From < r.Part.From || r.Body.At.To > r.Part.To {
				t.Fatalf("%q: the part of line %d is at %v, its body at %v", text, r.Line, r.Part, r.Body.At)
			}
			end = r.Part.To
		}
		if len(file.Requests) == 0 {
			return
		}
		r := file.Requests[(n%len(file.Requests)+len(file.Requests))%len(file.Requests)]
		none := func(string) ([]byte, error) { return nil, os.ErrNotExist }
		same, err := file.Content(r, none)
		if err != nil {
			return
		}
		if change, err := file.Put(r, same, none); err != nil || !bytes.Equal(change.Text, text) {
			t.Fatalf("writing what was read changes %q to %q: %v", text, change.Text, err)
		}
		with := same
		with.Body = body
		change, err := file.Put(r, with, none)
		if err != nil {
			t.Fatalf("%q: the body %q cannot be set: %v", text, body, err)
		}
		again := Parse("f", change.Text)
		got, err := again.Content(again.Requests[file.index(r)], change.reading(none))
		if err != nil || !bytes.Equal(got.Body, body) {
			t.Fatalf("%q: body %q became %q: %v", text, body, got.Body, err)
		}
	})
}
