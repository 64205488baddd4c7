package sandbox

import (
	"net/http"
	"strings"
	"testing"

	"countersign/apiclient/catalog"
)

const ownDocument = `
openapi: 3.1.0
info: {title: own, version: "1"}
paths:
  /v3/orders/create:
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [orderId], properties: {orderId: {type: string}}}}}}
      responses: {"200": {description: made, content: {application/json: {schema: {type: object, required: [orderId, lines, at], properties: {
        result: {type: object}, orderId: {type: string, format: uuid}, at: {type: string, format: date-time},
        lines: {type: array, items: {type: object, required: [price], properties: {price: {type: number, minimum: 3}}}}}}}}}}
  /v3/orders/{orderId}:
    get:
      responses: {"200": {description: it, content: {application/json: {schema: {type: object}, example: {orderId: "4711", "odd \"name\"": 1.50}}}}}
    delete:
      responses: {"204": {description: gone}}
  /v3/orders/search:
    post:
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {q: {type: string}}}}}}
      responses: {"200": {description: some, content: {application/json: {schema: {type: array, items: {type: string}}}}}}
`

// Interfaces of a team's own are answered once their signature is right: with that,
// and with the example of the document or one made of its schema.
func TestOwnInterfacesAreAnswered(t *testing.T) {
	t.Parallel()
	for _, preset := range []string{"", "ams"} {
		own := catalogWith(t, ownDocument)
		b := newBench(t, func(c *Config) { c.Catalog, c.Preset = own, preset })
		r := b.want(t, "SUCCESS", "/v3/orders/create", `{"orderId":"1"}`)
		if !strings.HasPrefix(r.Words, "signature ok") || len(r.text("orderId")) != 36 || !strings.Contains(string(r.Raw), `"lines":[{"price":3}]`) ||
			strings.Contains(string(r.Raw), "{{") {
			t.Errorf("%s", r.Raw)
		}
		b.want(t, "PARAM_ILLEGAL", "/v3/orders/create", `{}`)

		d := b.sign(t, "/v3/orders/4711", "")
		d.method = http.MethodGet
		d.header.Del("Content-Type")
		d.signWith(t, b.client, "1")
		if r := b.do(t, d); r.Code != "SUCCESS" || !r.Signed || r.text("orderId") != "4711" || !strings.Contains(string(r.Raw), `"odd \"name\"":1.50`) {
			t.Errorf("GET: %s", r.Raw)
		}
		d.method = http.MethodPut
		if r := b.do(t, d); r.Code != "METHOD_NOT_SUPPORTED" {
			t.Errorf("PUT: %s", r.Raw)
		}
		d = b.sign(t, "/v3/orders/search", "q=tea")
		d.header.Set("Content-Type", "application/x-www-form-urlencoded")
		if r := b.do(t, d); r.Code != "SUCCESS" || !r.Signed || !strings.Contains(string(r.Raw), `"example":[`) {
			t.Errorf("form: %s", r.Raw)
		}
		d = b.sign(t, "/v3/orders/create", `{"orderId":"1"}`)
		d.body = `{"orderId":"2"}`
		if r := b.do(t, d); r.Code != "INVALID_SIGNATURE" {
			t.Errorf("a wrong signature: %s", r.Raw)
		}
	}
}

// catalogWith is the built-in catalogue and a document.
func catalogWith(t *testing.T, document string) *catalog.Catalog {
	t.Helper()
	c := &catalog.Catalog{}
	for _, e := range catalog.Builtin().Endpoints() {
		if err := c.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Load(t.Context(), "own.yaml", []byte(document), nil); err != nil {
		t.Fatal(err)
	}
	if faults := c.Faults(); len(faults) > 0 {
		t.Fatal(faults[0])
	}
	return c
}
