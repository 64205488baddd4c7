package importing

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/requests"
	"countersign/apiclient/variables"
)

func options() Options {
	return Options{Profile: apiclient.Profile{Name: "p", BaseURL: "https://superapp.example.com/miniprogram/api",
		Vars: map[string]string{"shop": "S"}}, Catalog: catalog.Builtin()}
}

func plan(t testing.TB, o Options, sources ...Source) Plan {
	t.Helper()
	p, err := Make(t.Context(), sources, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// sent is what a request of a planned file is sent as.
func sent(t testing.TB, f File, n int) apiclient.Draft {
	t.Helper()
	in := requests.Parse(f.Path, f.Text)
	if err := in.Err(); err != nil {
		t.Fatalf("%v in\n%s", err, f.Text)
	}
	s := &requests.Session{File: in, Catalog: catalog.Builtin(), Read: func(name string) ([]byte, error) {
		for _, b := range f.Bodies {
			if b.Name == name {
				return b.Data, nil
			}
		}
		return nil, fs.ErrNotExist
	}}
	r := &variables.Resolver{Profile: options().Profile, NewID: func() string { return "ID" }}
	d, _, err := s.Draft(t.Context(), in.Requests[n], s.Resolver(r))
	if err != nil {
		t.Fatalf("%v in\n%s", err, f.Text)
	}
	return d
}

func paths(p Plan) []string {
	var all []string
	for _, f := range p.Files {
		all = append(all, f.Path)
	}
	return all
}

func har(t testing.TB, bodies ...[]byte) []byte {
	t.Helper()
	var entries []any
	for i, b := range bodies {
		entries = append(entries, map[string]any{"request": map[string]any{
			"method": "POST", "url": "https://superapp.example.com/miniprogram/api/v2/payments/pay?n=" + fmt.Sprint(i),
			"headers": []any{
				map[string]string{"name": "Content-Type", "value": "application/json"},
				map[string]string{"name": "X-Braces", "value": "{{uuid}}"},
				map[string]string{"name": "Signature", "value": "algorithm=RSA256,keyVersion=1,signature=xx"},
				map[string]string{"name": "Request-Time", "value": "1"},
			},
			"bodySize": len(b),
			"postData": map[string]any{"text": base64.StdEncoding.EncodeToString(b), "encoding": "base64"},
		}})
	}
	data, err := json.Marshal(map[string]any{"log": map[string]any{"entries": entries}})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// What a HAR had is sent again to the byte: braces are no variables, and what a
// request file cannot hold stands beside it.
func TestBytesComeBack(t *testing.T) {
	t.Parallel()
	bodies := [][]byte{
		[]byte(`{"a": 1}`), []byte("{\"a\":\"{{uuid}}\"}"), []byte("line\n"), []byte("a\r\n\r\n### b\nc"), {0, 0xff, 0xfe, '{', '{', 'x', '}', '}'},
		[]byte("  {\"b\" :2}\t"), []byte("> {% client %}"), []byte("\\{{a}} {{'b'}}"), []byte("< ./x.bin"), []byte("# @name x"),
	}
	p := plan(t, options(), Source{Name: "session.har", Data: har(t, bodies...)})
	if len(p.Files) != 1 || len(p.Files[0].Requests) != len(bodies) {
		t.Fatalf("%v", paths(p))
	}
	f := p.Files[0]
	for i, want := range bodies {
		d := sent(t, f, i)
		if !bytes.Equal(d.Body, want) {
			t.Errorf("body %d is %q, want %q", i, d.Body, want)
		}
		if want := fmt.Sprintf("/v2/payments/pay?n=%d", i); d.Target != want || d.Method != "POST" {
			t.Errorf("%s %s, want %s", d.Method, d.Target, want)
		}
		if want := []apiclient.Field{{Name: "Content-Type", Value: "application/json"}, {Name: "X-Braces", Value: "{{uuid}}"}}; !slices.Equal(d.Header, want) {
			t.Errorf("headers %v, want %v", d.Header, want)
		}
		if got := f.Requests[i].Dropped; !slices.Equal(got, []string{"Signature", "Request-Time"}) {
			t.Errorf("left out: %v", got)
		}
	}
}

const collection = `{"info":{"name":"Shop","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
 "event":[{"listen":"prerequest","script":{"exec":["var s = new KJUR.crypto.Signature({alg:'SHA256withRSA'});","pm.request.headers.upsert({key:'Signature',value:s.sign()})"]}}],
 "auth":{"type":"bearer","bearer":[{"key":"token","value":"{{apiToken}}"}]},
 "variable":[{"key":"currency","value":"USD"},{"key":"order no","value":"{{currency}}-1"},{"key":"unused","value":"x"}],
 "item":[{"name":"Payments: Online","item":[
  {"name":"Pay","event":[{"listen":"test","script":{"exec":["pm.environment.set('id', pm.response.json().id)","b"]}},{"listen":"prerequest","script":{"exec":"pm.variables.set('a', 1)"}}],
   "request":{"method":"POST","url":{"raw":"{{baseUrl}}/v2/payments/pay"},
    "header":[{"key":"Signature","value":"{{signature}}"},{"key":"request-time","value":"{{time}}"},{"key":"Client-Id","value":"{{clientId}}"},{"key":"X-Off","value":"1","disabled":true},{"key":"X-On","value":"{{$guid}}"}],
    "body":{"mode":"raw","raw":"{ \"id\":\"{{$randomUUID}}\",\n\"c\": \"{{order no}} {{shop}}\"}"}}},
  {"name":"pay","request":{"method":"POST","auth":{"type":"noauth"},"url":"{{baseUrl}}/v1/own/:id","body":{"mode":"urlencoded","urlencoded":[{"key":"a","value":"b c"}]}}}]},
  {"name":"../CON","request":{"method":"GET","url":"https://{{host}}/v1/x?{{$randomCity}}{{$timestamp}}"}}]}`

const environment = `{"name":"staging","values":[{"key":"baseUrl","value":"https://other.example.com/api"},{"key":"shop","value":"S"},
 {"key":"apiToken","value":"tok-1"},{"key":"privateKey","value":"BEGIN SECRET","type":"secret"},{"key":"idle","value":"i"}]}`

func TestPostman(t *testing.T) {
	t.Parallel()
	p := plan(t, options(), Source{Name: "shop.json", Data: []byte(collection)}, Source{Name: "env.json", Data: []byte(environment)})
	if want := []string{"payments-online/pay.http", "payments-online/pay-2.http", "con-request.http"}; !slices.Equal(paths(p), want) {
		t.Fatalf("%v, want %v", paths(p), want)
	}
	want := "@currency = USD\n@order_no = {{currency}}-1\n\n### Pay\nPOST /v2/payments/pay\nX-On: {{$guid}}\n" +
		"Authorization: Bearer {{env.API_TOKEN}}\n\n{ \"id\":\"{{$guid}}\",\n\"c\": \"{{order_no}} {{vars.shop}}\"}\n"
	if got := string(p.Files[0].Text); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if r := p.Files[0].Requests[0]; r.Endpoint != "v2/payments/pay" || !slices.Equal(r.Dropped, []string{"Signature", "request-time", "Client-Id"}) {
		t.Errorf("%+v", r)
	}
	want = "### pay\nPOST /v1/own/{{id}}\nContent-Type: application/x-www-form-urlencoded\n\na=b%20c\n"
	if got := string(p.Files[1].Text); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	taken := []NotTaken{
		{"shop.json", "", "a script before the request, of the collection", 2, true},
		{"shop.json", "Pay", "tests of the answer", 2, false},
		{"shop.json", "Pay", "a script before the request", 1, false},
	}
	if !slices.Equal(p.NotTaken, taken) {
		t.Errorf("%v", p.NotTaken)
	}
	if !slices.Equal(p.Profile, []Variable{{"shop", "S"}}) || !slices.Equal(p.Secrets, []Secret{{"API_TOKEN", "{{apiToken}}"}}) {
		t.Errorf("profile %v, secrets %v", p.Profile, p.Secrets)
	}
	if got := p.Config("my.staging"); got != "[profiles.\"my.staging\".vars]\nshop = \"S\"\n" {
		t.Errorf("config %s", got)
	}
	all := fmt.Sprintf("%s %v", p.Config("p"), p)
	for _, f := range p.Files {
		all += string(f.Text)
	}
	for _, secret := range []string{"BEGIN SECRET", "tok-1"} {
		if strings.Contains(all, secret) {
			t.Errorf("the secret %s is in the plan", secret)
		}
	}
	notes := strings.Join(p.Notes, "\n")
	for _, want := range []string{"{{id}} in payments-online/pay.http was set by the script of Pay: write # @set id = JQ", "{{$randomCity}} in con-request.http is not known here"} {
		if !strings.Contains(notes, want) {
			t.Errorf("notes lack %s:\n%s", want, notes)
		}
	}
}

func TestOtherSources(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text, match, path, want string
		folders                       []string
	}{
		{name: "many.sh", path: "many.http", text: "# two\ncurl https://superapp.example.com/miniprogram/api/v2/payments/pay -H 'Content-Type: application/json' -d '{\"a\":1}'\n" +
			"curl -d x=1 https://superapp.example.com/miniprogram/api/v1/payments/refund\n",
			want: "### pay\nPOST /v2/payments/pay\nContent-Type: application/json\n\n{\"a\":1}\n\n" +
				"### refund\nPOST /v1/payments/refund\nContent-Type: application/x-www-form-urlencoded\n\nx=1\n"},
		{name: "many.sh", match: "REFUND", path: "many.http", text: "curl https://x.example/v2/payments/pay -d 1\ncurl -d x=1 https://x.example/v1/payments/refund\n",
			want: "### refund\nPOST /v1/payments/refund\nContent-Type: application/x-www-form-urlencoded\n\nx=1\n"},
		{name: "secret.sh", path: "secret.http", text: "curl https://a.example/v1/payments/refund -H 'Authorization: Bearer abc' -H 'Content-Type: a/b' -d '{}'",
			want: "### refund\nPOST /v1/payments/refund\nAuthorization: Bearer {{env.AUTHORIZATION}}\nContent-Type: a/b\n\n{}\n"},
		{name: "pay.bru", folders: []string{"Shop", "Pay"}, path: "shop/pay/create.http", text: "meta {\n  name: Create\n  type: http\n}\n\npost {\n  url: {{host}}/v2/payments/pay\n  body: json\n  auth: bearer\n}\n\n" +
			"headers {\n  Signature: {{sig}}\n  X-A: 1\n}\n\nauth:bearer {\n  token: {{t}}\n}\n\nbody:json {\n  {\n    \"a\": \"{{n}}\"\n  }\n}\n\nvars:pre-request {\n  n: 5\n}\n\ntests {\n  test()\n}\n",
			want: "@n = 5\n\n### Create\nPOST /v2/payments/pay\nX-A: 1\nAuthorization: Bearer {{t}}\n\n{\n  \"a\": \"{{n}}\"\n}\n"},
		{name: "in.json", path: "g/list.http", text: `{"_type":"export","__export_format":4,"resources":[{"_id":"f","_type":"request_group","name":"G"},{"_type":"environment","data":{"u":"https://q.example","k":"v"}},{"_type":"request","parentId":"f","name":"List","method":"POST","url":"{{ _.u }}/v2/payments/pay","body":{"text":"{{ _.k }} {{k}}"}}]}`,
			want: "@k = v\n\n### List\nPOST /v2/payments/pay\n\n{{k}} {{k}}\n"},
		{name: "old.http", path: "old.http", text: "@a = 1\r\n\r\n### x\r\nPOST {{h}}/v2/payments/pay\r\nSignature: s\r\nX: 1\r\nrequest-time: 2\r\n\r\nbody\r\n> {% s %}\r\n",
			want: "@a = 1\r\n\r\n### x\r\nPOST {{h}}/v2/payments/pay\r\nX: 1\r\n\r\nbody\r\n> {% s %}\r\n"},
		{name: "two.http", match: "b", path: "two.http", text: "### a\n@v = 1\nGET /x\n\n### b\nGET /y\n", want: "@v = 1\n\n### b\nGET /y\n"},
		{name: "pasted", path: "pasted.http", text: "@h = https://x\n\n### a\nPOST {{h}}/v1/x\nSignature: 1\nX: 1\n", want: "@h = https://x\n\n### a\nPOST {{h}}/v1/x\nX: 1\n"},
		{name: "api.yaml", path: "v1/own/no/act.http", text: "openapi: 3.0.0\ninfo: {title: t, version: '1'}\npaths:\n  /v1/own/{no}/act:\n    post:\n      summary: Act\n" +
			"      parameters: [{name: no, in: path, required: true, schema: {type: string}, example: '7'}]\n      requestBody: {content: {application/json: {example: {a: 1}}}}\n      responses: {}\n",
			want: "@no = 7\n\n### v1/own/{no}/act\n# @endpoint v1/own/{no}/act\nPOST /v1/own/{{no}}/act\nContent-Type: application/json\n\n{\n  \"a\": 1\n}\n"},
	} {
		t.Run(c.name+c.match, func(t *testing.T) {
			t.Parallel()
			o := options()
			o.Match = c.match
			p := plan(t, o, Source{Name: c.name, Folders: c.folders, Data: []byte(c.text)})
			if len(p.Files) != 1 || string(p.Files[0].Text) != c.want {
				t.Fatalf("%v\n%s\nwant\n%s", paths(p), p.Files[0].Text, c.want)
			}
			if p.Files[0].Path != c.path {
				t.Errorf("path %s, want %s", p.Files[0].Path, c.path)
			}
		})
	}
}

func TestSecretsInBodiesAreSaid(t *testing.T) {
	t.Parallel()
	p := plan(t, options(), Source{Name: "a.har", Data: har(t, []byte(`{"accessToken":"tok-123456"}`), []byte(`{"a":1}`))})
	for i, want := range []bool{true, false} {
		if got := strings.Contains(strings.Join(p.Files[0].Requests[i].Notes, ""), "holds a secret"); got != want {
			t.Errorf("request %d: said %v, want %v", i, got, want)
		}
	}
	if d := sent(t, p.Files[0], 0); string(d.Body) != `{"accessToken":"tok-123456"}` {
		t.Errorf("the body is %s", d.Body)
	}
}

func TestNothingIsOverwritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o := options()
	o.Read = requests.Folder(dir)
	source := Source{Name: "Session.har", Data: har(t, []byte("line\n"), []byte("{}"))}
	first := plan(t, o, source)
	if _, err := first.Write(dir); err != nil {
		t.Fatal(err)
	}
	again := plan(t, o, source)
	if !again.Files[0].There || again.Files[0].Path != first.Files[0].Path {
		t.Errorf("the same is not there: %+v", again.Files[0])
	}
	if err := os.WriteFile(filepath.Join(dir, "session.http"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	other := plan(t, o, source)
	if f := other.Files[0]; f.Path != "session-2.http" || f.Instead != "session.http" {
		t.Errorf("%s instead of %s", f.Path, f.Instead)
	}
	if _, err := again.Write(dir); err == nil { // made before the file changed
		t.Error("a file was written over")
	}
	if got, _ := os.ReadFile(filepath.Join(dir, "session.http")); string(got) != "mine" {
		t.Errorf("the file is %q", got)
	}
}

func TestNoLinkLeadsOut(t *testing.T) {
	t.Parallel()
	dir, outside := t.TempDir(), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, "payments-online")); err != nil {
		t.Skip(err)
	}
	p := plan(t, options(), Source{Name: "shop.json", Data: []byte(collection)})
	if _, err := p.Write(dir); err == nil {
		t.Error("written through a link")
	}
	if left, _ := os.ReadDir(outside); len(left) > 0 {
		t.Errorf("outside there is %v", left)
	}
}

func TestAFileStandsWhereAFolderShould(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "payments-online"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := options()
	o.Read = requests.Folder(dir)
	p := plan(t, o, Source{Name: "shop.json", Data: []byte(collection)})
	if _, err := p.Write(dir); err == nil {
		t.Error("it was written")
	}
}

// The time of an import grows as its source does.
func BenchmarkImport(b *testing.B) {
	body := []byte(`{"paymentRequestId":"{{uuid}}","paymentAmount":{"currency":"USD","value":"100"}}`)
	data := har(b, slices.Repeat([][]byte{body}, 2000)...)
	for b.Loop() {
		if p := plan(b, options(), Source{Name: "a.har", Data: data}); len(p.Files) != 2 {
			b.Fatal(paths(p))
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Create payment": "create-payment", "../../etc/passwd": "etc-passwd", "CON": "con-x", "com1": "com1-x", "com": "com", "": "x",
		"...": "x", "支付 1": "支付-1", `C:\a`: "c-a", "node_modules": "node-modules", "a\x00b\n": "a-b", strings.Repeat("ä", 100): strings.Repeat("ä", 40),
		"\xff\xfe": "x", "e\u0301t": "e\u0301t",
	} {
		got := safeName(name, "x")
		if got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
		if !filepath.IsLocal(got) || path.Base(got) != got {
			t.Errorf("%q leads out", got)
		}
	}
}

func TestWhatCannotBeImported(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, match, says string }{
		{"HTTP/1.1 200 OK\r\n\r\n{}", "", "response"},
		{"curl https://a.example/x", "nowhere", `no request has "nowhere"`},
		{"-----BEGIN PRIVATE KEY-----\n", "", "a key"},
	} {
		o := options()
		o.Match = c.match
		if _, err := Make(t.Context(), []Source{{Name: "f", Data: []byte(c.text)}}, o); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %v, want %q", c.text, err, c.says)
		}
	}
	o := options()
	o.Match = "nowhere"
	if _, err := Make(t.Context(), []Source{{Name: "f", Data: []byte("curl https://a.example/x")}}, o); !errors.Is(err, ErrNothing) {
		t.Error(err)
	}
}

// Whatever a collection holds, what is planned stays below the folder, is read back,
// and no two files have one name on any disk.
func TestHostileCollections(t *testing.T) {
	t.Parallel()
	names := []string{"..", "/", "a/../../b", "A", "a", "a.http", "CON", "con", "\x00", "### x", "x\n### y\nGET /evil", "@v = 1", "é", "é", strings.Repeat("n", 5000), "", "# @no-sign"}
	var items []any
	for _, folder := range names {
		for _, name := range names {
			items = append(items, map[string]any{"name": folder, "item": []any{map[string]any{"name": name, "request": map[string]any{
				"method": "POST", "url": "{{u}}/v1/" + name,
				"header": []any{map[string]string{"key": "X", "value": "1\r\nSignature: 2"}, map[string]string{"key": name, "value": "v"}},
				"body":   map[string]string{"mode": "raw", "raw": name},
			}}}})
			items = append(items, map[string]any{"name": folder, "item": []any{map[string]any{"name": name, "request": map[string]any{
				"method": "POST", "url": "{{u}}/v1/x", "body": map[string]string{"mode": "raw", "raw": name}}}}})
		}
	}
	data, err := json.Marshal(map[string]any{"info": map[string]string{"_postman_id": "1"}, "item": items,
		"variable": []any{map[string]string{"key": "u", "value": "https://x\n### y\nGET /evil"}}})
	if err != nil {
		t.Fatal(err)
	}
	p := plan(t, options(), Source{Name: "x.json", Data: data})
	if len(p.Files) < (len(names)-1)*len(names) {
		t.Errorf("only %d files", len(p.Files))
	}
	seen := map[string]bool{}
	for _, f := range p.Files {
		all := []string{f.Path}
		for _, b := range f.Bodies {
			all = append(all, path.Join(path.Dir(f.Path), b.Name))
		}
		for _, name := range all {
			if !filepath.IsLocal(name) || seen[strings.ToLower(name)] || len(path.Base(name)) > 100 {
				t.Errorf("the path %q", name)
			}
			seen[strings.ToLower(name)] = true
		}
		in := requests.Parse(f.Path, f.Text)
		if len(in.Requests) != len(f.Requests) || in.Err() != nil || in.Requests[0].NoSign() || strings.Contains(in.Requests[0].Target, "evil") && !strings.Contains(in.Requests[0].Target, "v1") {
			t.Errorf("%v in\n%s", in.Err(), f.Text)
		}
	}
	if _, err := p.Write(t.TempDir()); err != nil {
		t.Error(err)
	}
}
