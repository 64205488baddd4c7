package catalog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// ownCatalog is the built-in one with a document of testdata.
func ownCatalog(t testing.TB, name string) *Catalog {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	c := builtinForTest(t)
	if err := c.Load(context.Background(), name, data, nil); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLoadOpenAPI30(t *testing.T) {
	t.Parallel()
	c := ownCatalog(t, "orders-3.0.yaml")
	create := lookupForTest(t, c, "orders/create")
	if create.ID != "v3/orders/create" || create.Group != "Orders" || create.Source != "orders-3.0.yaml" || create.Summary != "Create an order." ||
		create.Description != "First paragraph.\n\nSecond paragraph." {
		t.Errorf("%+v", create)
	}
	const example = `{
  "name": "Tea & <scones>",
  "count": 2,
  "due": "2026-01-15T12:08:55+08:00",
  "price": 1.50,
  "note": null,
  "tags": [
    "a",
    "b"
  ]
}`
	if string(create.Example) != example {
		t.Errorf("example %s", create.Example)
	}
	var codes []string
	for _, code := range create.Codes[:3] {
		codes = append(codes, code.Code+" "+code.Status)
	}
	if want := []string{"ORDER_CLOSED F", "RISK_REJECT F", "SHOP_SHUT FU"}; !slices.Equal(codes, want) || len(create.Codes) < 10 {
		t.Errorf("codes %v of %d", codes, len(create.Codes))
	}
	var ids []string
	for _, e := range c.Endpoints() {
		if e.Source != BuiltinSource {
			ids = append(ids, e.Group+" "+e.Method+" "+e.ID+" "+string(e.Direction))
		}
	}
	want := []string{
		"Callbacks POST orderShipped callback",
		"Orders POST v3/orders/create outbound",
		"Orders GET v3/orders/{orderId}:get outbound",
		"Orders POST v3/orders/{orderId} outbound",
		"Upload PUT upload outbound",
	}
	if !slices.Equal(ids, want) {
		t.Errorf("endpoints\n%s\nwant\n%s", strings.Join(ids, "\n"), strings.Join(want, "\n"))
	}
	if got := string(lookupForTest(t, c, "v3/orders/{orderId}").Example); got != "{\n  \"name\": \"name\",\n  \"count\": 1\n}" && got != "{\n  \"name\": \"name\",\n  \"count\": 0,\n  \"state\": \"OPEN\"\n}" {
		t.Errorf("made example %s", got)
	}
}

func TestSchemasOfOpenAPI30(t *testing.T) {
	t.Parallel()
	e := lookupForTest(t, ownCatalog(t, "orders-3.0.yaml"), "orders/create")
	tests := map[string]string{
		`{"name":"n","count":1}`: "",
		`{"name":"n","count":1,"note":null,"state":null,"code":"no"}`: "",
		`{"name":"n","count":0}`:                                           "count: more than 0 expected, is 0",
		`{"name":"n","count":10}`:                                          "count: at most 9, is 10",
		`{"name":"n","count":1.5}`:                                         "count: an integer expected, is a number",
		`{"name":"n","count":1,"note":"123456"}`:                           "note: at most 5 characters, is 6",
		`{"name":"n","count":1,"note":1}`:                                  "note: a string or null expected, is a number",
		`{"name":"n","count":1,"state":"SHUT"}`:                            `state: is "SHUT"; expected is OPEN, CLOSED or null`,
		`{"name":"n","count":1,"price":0.3}`:                               "price: a multiple of 0.25 expected, is 0.3",
		`{"name":"n","count":1,"tags":["a","a"]}`:                          "tags: the items 0 and 1 are the same",
		`{"name":"n","count":1,"tree":{"children":[{"children":[{}]}]}}`:   "",
		`{"name":"n","count":1,"tree":{"children":[{"children":[[]]}]}}`:   "tree.children[0].children[0]: an object expected, is an array",
		`{"name":"n","count":1,"labels":{"x":1}}`:                          `labels.x: a string expected, is a number; write "1"`,
		`{"name":"n","count":1,"or":[]}`:                                   "or: a string or an integer expected, is an array",
		`{"count":1}`:                                                      "name: is required",
		`{"name":"n","count":1,"due":"tomorrow","note":"{{env.TOO_LONG}}"`: "the text ends, but the { of line 1, column 1 is not closed",
	}
	for body, want := range tests {
		var got []string
		for _, v := range e.Check([]byte(body)) {
			got = append(got, v.Message)
		}
		if strings.Join(got, "\n") != want {
			t.Errorf("%s\n got %s\nwant %s", body, strings.Join(got, "\n"), want)
		}
	}
	if v := e.CheckResponse([]byte(`{"label":1}`)); len(v) != 1 || v[0].Pointer != "/label" {
		t.Errorf("the 201 response is not checked: %+v", v)
	}
}

func TestPropertiesOfOpenAPI30(t *testing.T) {
	t.Parallel()
	e := lookupForTest(t, ownCatalog(t, "orders-3.0.yaml"), "orders/create")
	var got []string
	for _, p := range e.Request {
		name := p.Name
		if p.Required {
			name += "*"
		}
		got = append(got, name+" "+p.Type)
	}
	want := []string{"name* string", "count* integer", "note string or null", "state string or null", "due string", "price number",
		"tags array of string", "tree object", "labels object of string", "code string", "or string or integer"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	tree := e.Request[7]
	if len(tree.Properties) != 2 || tree.Properties[1].Type != "array of object" || len(tree.Properties[1].Properties) != 0 {
		t.Errorf("a schema that names itself: %+v", tree)
	}
	upload := lookupForTest(t, ownCatalog(t, "orders-3.0.yaml"), "upload")
	if v := upload.Check([]byte("a,b\n1,2")); v != nil || upload.Example != nil {
		t.Errorf("a body that is no JSON by its schema: %+v, example %q", v, upload.Example)
	}
}

func TestLoadOpenAPI31(t *testing.T) {
	t.Parallel()
	c := ownCatalog(t, "shop-3.1.json")
	pay := lookupForTest(t, c, "v2/payments/pay")
	if pay.Summary != "Our own pay." || pay.Source != "shop-3.1.json" {
		t.Errorf("an own endpoint does not replace: %+v", pay)
	}
	if e := lookupForTest(t, c, "payments/pay"); e.ID != "v10/payments/pay" {
		t.Errorf("the newest version is %s", e.ID)
	}
	if first := c.Endpoints()[0]; first.ID != "v10/payments/pay" {
		t.Errorf("the first is %s", first.ID)
	}
	if e := lookupForTest(t, c, "shops/opened"); e.Direction != Callback || e.Path != "/v1/shops/opened" || e.Group != "Callbacks" {
		t.Errorf("%+v", e)
	}
	// No schema, or one that says yes to all: any JSON will do.
	for _, id := range []string{"v10/payments/pay", "shops/opened"} {
		e := lookupForTest(t, c, id)
		if v := append(e.Check([]byte(`[1]`)), e.Check(nil)...); v != nil {
			t.Errorf("%s: %+v", id, v)
		}
	}
	const good = `{"payRequestId":"1","kind":"CARD","when":"2026-01-15T12:08:55Z","blob":"{\"id\":1}","lines":[{"sku":"12345678","amount":5},{"sku":"12345678","amount":6}]}`
	tests := []struct{ old, new, want string }{
		{"", "", ""},
		{`"CARD"`, `"CASH"`, `kind: is "CASH"; expected is "CARD"`},
		{`"kind"`, `"x":1,"kind"`, `x: is not in the schema`},
		{`"kind"`, `"a":1,"kind"`, `b: is required where a is given`},
		{`\"id\":1`, `id`, `blob: must hold JSON, but inside the string at character 2: the name id needs double quotes`},
		{`"12345678"`, `"1"`, `lines[0].sku: at least 8 characters, is 1`},
		{`"amount":6`, `"amount":6,"next":{}`, "lines[1].next.sku: is required\nlines[1].next.amount: is required"},
	}
	for _, tt := range tests {
		body := strings.Replace(good, tt.old, tt.new, 1)
		var got []string
		for _, v := range pay.Check([]byte(body)) {
			got = append(got, v.Message)
		}
		if strings.Join(got, "\n") != tt.want {
			t.Errorf("%s\n got %s\nwant %s", body, strings.Join(got, "\n"), tt.want)
		}
	}
	// The example is made: required fields, and valid but for what a schema cannot say.
	if v := pay.Check(expanded(pay.Example)); len(v) != 0 {
		t.Errorf("made example %s: %s", pay.Example, written(v))
	}
	if v := pay.Check(nil); len(v) != 1 {
		t.Errorf("a missing body: %+v", v)
	}
}

const head30 = "openapi: 3.0.3\ninfo: {title: x, version: '1'}\n"

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		data  string
		where string // at the start of the error
		says  string
	}{
		"empty":         {"", "own.yaml: ", "the document is empty"},
		"other YAML":    {"a: 1\n", "own.yaml: ", "no OpenAPI document"},
		"other text":    {"not: openapi\n", "own.yaml: ", "no OpenAPI document"},
		"a list":        {"[1]", "own.yaml: ", ""},
		"swagger":       {"swagger: '1.2'\ninfo: {title: x, version: '1'}\npaths: {}\n", "own.yaml: ", "1.2"},
		"broken YAML":   {"openapi: 3.0.3\ninfo: {title: x\npaths:\n  /a:\n", "own.yaml:2", "did not find"},
		"broken JSON":   {"{\n \"openapi\": \"3.1.0\"\n \"info\": {}}", "own.yaml:3:2: ", "a comma is missing"},
		"no operations": {head30 + "paths: {}\n", "own.yaml: ", "no operations"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := builtinForTest(t)
			before := len(c.Endpoints())
			err := c.Load(context.Background(), "own.yaml", []byte(tt.data), nil)
			t.Log(err)
			var says *Error
			if !errors.As(err, &says) || !strings.HasPrefix(err.Error(), tt.where) || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v\nwant %s … %s", err, tt.where, tt.says)
			}
			if len(c.Endpoints()) != before {
				t.Error("something was added")
			}
		})
	}
}

// withSchema is a document with one operation, whose body has the schema.
func withSchema(schema string) string {
	return head30 + "paths:\n  /a:\n    post:\n      requestBody:\n        content:\n          application/json:\n            schema: " +
		schema + "\n      responses: {}\n"
}

// A fault takes the part away that has it, and stands at it.
func TestFaults(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		data  string
		where string // at the start of the fault
		says  string
	}{
		"path without slash":     {head30 + "paths:\n  a:\n    post: {responses: {}}\n", "own.yaml:5:", "does not start with /"},
		"reference to naught":    {withSchema("{$ref: '#/components/schemas/No'}"), "own.yaml:9:28: ", "#/components/schemas/No leads nowhere"},
		"reference to a file":    {withSchema("{$ref: 'other.yaml#/A'}"), "own.yaml:9:28: ", "leads out of the document"},
		"reference to a site":    {withSchema("{$ref: 'https://example.com/a.json'}"), "own.yaml:9:28: ", "leads out of the document"},
		"circle of references":   {withSchema("{$ref: '#/components/schemas/A'}") + "components:\n  schemas:\n    A: {$ref: '#/components/schemas/B'}\n    B: {$ref: '#/components/schemas/A'}\n", "own.yaml:13:15: ", "round in a circle"},
		"unknown type":           {withSchema("{type: strnig}"), "own.yaml:9:28: ", "type"},
		"length of letters":      {withSchema("{type: string, maxLength: many}"), "own.yaml:9:47: ", "maxLength"},
		"required as switch":     {withSchema("{type: object, properties: {a: {type: string, required: true}}}"), "own.yaml:9:", "required"},
		"declared twice":         {head30 + "paths:\n  /v1/a:\n    post: {responses: {}}\n  /a/v1:\n    post: {responses: {}}\n", "own.yaml:7:", "twice"},
		"unknown code":           {head30 + "paths:\n  /a:\n    post:\n      x-result-codes: [NOPE]\n      responses: {}\n", "own.yaml:6:24: ", "NOPE is not declared"},
		"code without status":    {head30 + "x-result-codes:\n  - {code: A, meaning: B}\npaths:\n  /a:\n    post: {responses: {}}\n", "own.yaml:4:5: ", "status"},
		"codes are no list":      {head30 + "x-result-codes: 1\npaths:\n  /a:\n    post: {responses: {}}\n", "own.yaml:3:17: ", "list"},
		"condition of a link":    {head30 + "paths:\n  /a:\n    post:\n      responses:\n        '200':\n          description: d\n          links:\n            l: {operationId: x, x-when: {status: [A]}}\n", "own.yaml:10:", `x-when of the link l has "status"`},
		"condition of nothing":   {head30 + "paths:\n  /a:\n    post:\n      responses:\n        '200':\n          description: d\n          links:\n            l: {operationId: x, x-when: {$statusCode: A}}\n", "own.yaml:10:", `x-when of the link l has "$statusCode"`},
		"wrong direction":        {head30 + "paths:\n  /a:\n    post:\n      x-direction: up\n      responses: {}\n", "own.yaml:6:20: ", "up"},
		"operation of text":      {head30 + "paths:\n  /b:\n    post: {responses: {}}\n  /a:\n    get: yes\n    post: {responses: {}}\n", "own.yaml:7:10: ", "the operation get of /a is no object"},
		"path of text":           {head30 + "paths:\n  /b: post\n  /a:\n    post: {responses: {}}\n", "own.yaml:4:7: ", "the path /b is no object"},
		"operationId twice":      {head30 + "paths:\n  /b:\n    post: {operationId: x, responses: {}}\n  /a:\n    post: {operationId: x, responses: {}}\n", "own.yaml:7:25: ", "the operationId x is used twice, first at line 5"},
		"body that is not there": {head30 + "paths:\n  /a:\n    post: {requestBody: {$ref: '#/components/requestBodies/No'}, responses: {}}\n", "own.yaml:5:", "leads nowhere"},
		"circle in circles":      {withSchema("{$ref: '#/components/schemas/A'}") + "components:\n  schemas:\n    A: {allOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/No'}]}\n", "own.yaml:13:", "leads nowhere"},
		"properties as list":     {withSchema("{type: object, properties: [a, b]}"), "own.yaml:9:", "properties: an object of schemas expected"},
		"a property of text":     {withSchema("{type: object, properties: {a: string}}"), "own.yaml:9:", "a schema expected"},
		"items of a list":        {withSchema("{type: array, items: [string]}"), "own.yaml:9:", "items: a schema expected"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &Catalog{}
			if err := c.Load(context.Background(), "own.yaml", []byte(tt.data), nil); err != nil {
				t.Fatal(err)
			}
			faults := c.Faults()
			if len(faults) != 1 || !strings.HasPrefix(faults[0].Error(), tt.where) || !strings.Contains(faults[0].Error(), tt.says) ||
				strings.Contains(faults[0].Error(), "\n") || faults[0].Hint() == "" {
				t.Errorf("got %v\nwant %s … %s", faults, tt.where, tt.says)
			}
			e, err := c.Lookup("a")
			if err != nil {
				t.Fatal(err)
			}
			stands := !strings.Contains(tt.says, "twice") || strings.Contains(tt.says, "operationId")
			if stands = stands && !strings.Contains(tt.says, "is no object") && tt.says != "list" && tt.says != "status"; stands != (len(e.Faults) == 1) {
				t.Errorf("at the endpoint: %v", e.Faults)
			}
			e.Check([]byte(`{"a": [1]}`))
			e.Sample("a")
		})
	}
}

// What is beside a fault is as it would be without it.
func TestBesideFaults(t *testing.T) {
	t.Parallel()
	const document = head30 + `paths:
  /v2/orders/close:
    post:
      parameters: 7
      requestBody: {content: {application/json: {schema: {type: object, required: [orderId, orderId], properties:
        {kind: {$ref: "#/components/schemas/No"}, orderId: {type: string, maxLength: 4, pattern: 1}, more: {type: objekt, minLength: 2}}}}}}
      responses: {"200": {$ref: "#/components/responses/No"}}
    get: {responses: {}}
  /v2/orders/create:
    post:
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
components:
  schemas:
    Order: {type: object, required: [orderId], properties: {orderId: {type: string}}}
`
	c := &Catalog{}
	if err := c.Load(t.Context(), "own.yaml", []byte(document), nil); err != nil {
		t.Fatal(err)
	}
	create, err := c.Lookup("orders/create")
	if err != nil || len(create.Faults) > 0 || len(create.Request) != 1 {
		t.Errorf("%+v, %v", create, err)
	}
	if get, err := c.Lookup("orders/close:get"); err != nil || len(get.Faults) > 0 {
		t.Errorf("beside it: %v, %v", get.Faults, err)
	}
	closing, err := c.Lookup("orders/close")
	if err != nil || len(closing.Request) != 3 || len(closing.Faults) != 5 {
		t.Errorf("%v, %v", closing.Faults, err)
	}
	if got := written(closing.Check([]byte(`{"kind":1,"more":"a"}`))); got != `"" 1:1 orderId: is required
"/more" 1:18 more: at least 2 characters, is 1` {
		t.Error(got)
	}
	if got := written(closing.Check([]byte(`{"orderId":"12345"}`))); !strings.Contains(got, "at most 4 characters") {
		t.Error(got)
	}
}

func TestLoadAcceptsWhatIsOdd(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"property called $ref": head30 + `paths:
  /a:
    post: {requestBody: {content: {application/json: {schema: {type: object, properties: {$ref: {type: string}, nullable: {type: boolean}}}}}}, responses: {}}
`,
		"reference in an example": head30 + `paths:
  /a:
    post: {requestBody: {content: {application/json: {example: {$ref: other.yaml}}}}, responses: {}}
`,
		"merge keys and anchors": head30 + `x-fields: &fields {a: {type: string}, b: {type: integer}}
paths:
  /a:
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {<<: *fields, b: {type: string}}}}}}
      responses: {}
`,
		"no body at all":              head30 + "paths:\n  /a:\n    get: {responses: {}}\n",
		"everything names everything": head30 + "paths:\n  /a:\n    post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/S0'}}}}, responses: {}}\ncomponents:\n  schemas:\n" + tangle(9),
	}
	for name, data := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &Catalog{}
			if err := c.Load(context.Background(), "own.yaml", []byte(data), nil); err != nil {
				t.Fatal(err)
			}
			e := lookupForTest(t, c, "a")
			e.Check([]byte(`{"a":1,"b":2}`))
			if name == "merge keys and anchors" {
				if v := e.Check([]byte(`{"a":1,"b":"x"}`)); len(v) != 1 || len(e.Request) != 2 {
					t.Errorf("%+v, %+v", v, e.Request)
				}
			}
			if name == "reference in an example" && string(e.Example) != "{\n  \"$ref\": \"other.yaml\"\n}" {
				t.Errorf("%s", e.Example)
			}
		})
	}
}

// tangle is n schemas that all name each other.
func tangle(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("    S" + string(rune('0'+i)) + ": {type: object, properties: {")
		for j := range n {
			b.WriteString("p" + string(rune('0'+j)) + ": {$ref: '#/components/schemas/S" + string(rune('0'+j)) + "'}, ")
		}
		b.WriteString("}}\n")
	}
	return b.String()
}

func TestLoadIsCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := builtinForTest(t).Load(ctx, "a", builtinDocument, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func FuzzLoad(f *testing.F) {
	for _, name := range []string{"orders-3.0.yaml", "shop-3.1.json"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := &Catalog{}
		if c.Load(context.Background(), "f", data, nil) != nil {
			return
		}
		for _, e := range c.Endpoints() {
			e.Check(e.Example)
			if e.ID == "" || e.Method == "" || !strings.HasPrefix(e.Path, "/") {
				t.Fatalf("%+v", e)
			}
		}
	})
}

// Numbers of a schema are those that YAML has, and may be written as JSON has none.
func TestNumbersOfYAML(t *testing.T) {
	t.Parallel()
	c := &Catalog{}
	doc := head30 + `paths:
  /a:
    post:
      requestBody: {content: {application/json: {schema: {maxLength: 1_0, minimum: 0x10, multipleOf: 1_0}}}}
      responses: {}
`
	if err := c.Load(t.Context(), "own.yaml", []byte(doc), nil); err != nil {
		t.Fatal(err)
	}
	e := lookupForTest(t, c, "a")
	for body, want := range map[string]string{
		`"0123456789"`: "", `20`: "", `"0123456789a"`: `"" 1:1 the body: at most 10 characters, is 11`,
		`10`: `"" 1:1 the body: at least 16, is 10`, `21`: `"" 1:1 the body: a multiple of 10 expected, is 21`,
	} {
		if got := written(e.Check([]byte(body))); got != want {
			t.Errorf("%s: got %s, want %s", body, got, want)
		}
	}
}

// A document whose merges multiply is refused, not written out.
func TestMergesThatMultiply(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(head30 + "x-0: &m0 {")
	for i := range 500 {
		fmt.Fprintf(&b, "k%d: 1, ", i)
	}
	b.WriteString("}\nx-1: [")
	b.WriteString(strings.Repeat("{<<: *m0}, ", 500))
	b.WriteString("]\npaths: {/a: {post: {responses: {}}}}\n")
	if err := (&Catalog{}).Load(t.Context(), "own.yaml", []byte(b.String()), nil); err == nil || !strings.Contains(err.Error(), "too many members") {
		t.Errorf("got %v", err)
	}
}

// Every operation has a name by which it can be called.
func TestOperationAtTheRoot(t *testing.T) {
	t.Parallel()
	doc := func(version, method string) []byte {
		return []byte(`{"openapi":"` + version + `","info":{"title":"t","version":"1"},"paths":{"/":{"` + method + `":{"responses":{}}}}}`)
	}
	c := &Catalog{}
	if err := c.Load(t.Context(), "f", doc("3.1.0", "post"), nil); err != nil {
		t.Fatal(err)
	}
	if e := lookupForTest(t, c, "root"); e.ID != "root" || e.Path != "/" || e.Method != "POST" {
		t.Errorf("%q %q %q", e.ID, e.Path, e.Method)
	}
	if err := (&Catalog{}).Load(t.Context(), "f", doc("3.2.0", ""), nil); err == nil {
		t.Error("an operation without a method is there")
	}
}
