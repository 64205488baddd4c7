package catalog

import (
	"strings"
	"testing"
)

const oldShop = `swagger: "2.0"
info: {title: shop, version: "1"}
host: shop.example
basePath: /api
consumes: [application/json]
produces: [application/xml, application/json]
parameters:
  Lang: {name: lang, in: query, type: string, enum: [en, de]}
  Order: {name: order, in: body, required: true, schema: {$ref: '#/definitions/Order'}}
responses:
  Made: {description: made, schema: {$ref: '#/definitions/Order'}}
definitions:
  Order:
    type: object
    required: [orderId]
    properties: {orderId: {type: string, maxLength: 8, example: O1}, amount: {type: integer}}
paths:
  /v2/orders/create:
    parameters: [{name: X-Shop, in: header, required: true, type: string}]
    post:
      parameters: [{$ref: '#/parameters/Order'}, {$ref: '#/parameters/Lang'}]
      responses: {"200": {$ref: '#/responses/Made'}}
  /v2/orders/{orderId}:
    get:
      parameters: [{name: orderId, in: path, required: true, type: string}, {name: page, in: query, required: true, type: integer}]
      responses: {"200": {description: ok, schema: {type: object, properties: {state: {type: string}}}}}
  /v2/tokens/issue:
    post:
      consumes: [application/x-www-form-urlencoded]
      parameters: [{name: grant, in: formData, required: true, type: string, default: code}, {name: scope, in: formData, type: string}]
      responses: {"200": {description: ok}}
`

func TestSwagger(t *testing.T) {
	t.Parallel()
	d, err := read(t.Context(), "shop.yaml", []byte(oldShop), nil, []Code{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range d.faults {
		t.Errorf("fault: %v", f)
	}
	by := map[string]Endpoint{}
	for _, e := range d.endpoints {
		by[e.ID] = e
	}
	create, order, token := by["v2/orders/create"], by["v2/orders/{orderId}"], by["v2/tokens/issue"]
	if len(create.Request) != 2 || !create.Request[0].Required || create.Request[0].MaxLength != 8 || len(create.Response) != 2 {
		t.Errorf("create: %+v, %+v", create.Request, create.Response)
	}
	if !strings.Contains(string(create.Example), `"orderId": "O1"`) || create.Bodiless || create.Media != "" {
		t.Errorf("create: example %s, %v, %q", create.Example, create.Bodiless, create.Media)
	}
	if faults := create.Check([]byte(`{"orderId": "123456789", "amount": 1.5}`)); len(faults) != 2 {
		t.Errorf("the body is checked: %v", faults)
	}
	if len(create.Parameters) != 2 || create.Parameters[0].In != InHeader || create.Parameters[1].Name != "lang" || len(create.Parameters[1].Enum) != 2 {
		t.Errorf("create: %+v", create.Parameters)
	}
	if len(order.Parameters) != 2 || order.Parameters[1].Name != "page" || order.Parameters[1].Type != "integer" || !order.Parameters[1].Required || !order.Bodiless {
		t.Errorf("order: %+v", order)
	}
	if token.Media != formMedia || len(token.Request) != 2 || !token.Request[0].Required || !strings.HasPrefix(string(token.Example), "grant=code") {
		t.Errorf("token: %q, %+v, %s", token.Media, token.Request, token.Example)
	}
}

func TestSwaggerHostile(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"swagger: '2.0'\npaths: {/x: {post: {parameters: {a: b}}}}", "swagger: '2.0'\npaths: {/x: {post: {parameters: [null, 1, {in: body}, {in: formData}]}}}",
		"swagger: '2.0'\npaths: {/x: {post: null, parameters: [{$ref: '#/parameters/No'}], get: []}}", "swagger: '2.0'\nresponses: {a: 1}\nparameters: [x]\npaths: {/x: {post: {responses: [1]}}}",
	} {
		_, _ = read(t.Context(), "x.yaml", []byte(text), nil, []Code{})
	}
}
