package catalog

import (
	"fmt"
	"testing"
)

func TestParameters(t *testing.T) {
	t.Parallel()
	c := &Catalog{}
	const doc = head30 + `paths:
  /v2/{shop}/links/{linkId}:
    parameters:
      - {name: linkId, in: path, required: true, description: of the path, schema: {type: string}}
      - {name: trace, in: header, schema: {type: string}}
      - {name: page, in: query, schema: {type: integer, default: 1}}
    get:
      parameters:
        - {name: linkId, in: path, required: true, description: The link, example: L-1, schema: {type: string, enum: [L-1, L-2]}}
        - {name: lang, in: query, required: true, schema: {$ref: '#/components/schemas/Lang'}}
        - {name: gone, in: path, schema: {type: string}}
        - {in: query}
        - {$ref: '#/components/parameters/No'}
      responses: {}
components:
  schemas:
    Lang: {type: string, description: A language}
`
	if err := c.Load(t.Context(), "own.yaml", []byte(doc), nil); err != nil {
		t.Fatal(err)
	}
	e, err := c.Lookup("v2/{shop}/links/{linkId}")
	if err != nil {
		t.Fatal(err)
	}
	const want = `[{shop path true  []  } {linkId path true string [L-1 L-2] The link L-1} {trace header false string []  } {page query false integer []  1} {lang query true string [] A language }]`
	if got := fmt.Sprint(e.Parameters); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if len(e.Faults) != 3 || !e.Bodiless || len(e.Example) > 0 {
		t.Errorf("%v, %+v", e.Faults, e)
	}
}

// A form has an example that is one, with variables that can be expanded.
func TestForms(t *testing.T) {
	t.Parallel()
	for media, want := range map[string]string{
		`{schema: {type: object, required: [grant, requestId, on, tags, more], properties: {grant: {type: string, example: a b&c}, requestId: {type: string},
           on: {type: boolean}, tags: {type: array, items: {type: string, example: x}}, more: {type: object, properties: {n: {type: integer, example: 1}}}}}}`: `grant=a+b%26c&requestId={{uuid}}&on=false&tags=x&more=%7B%22n%22%3A1%7D`,
		`{example: "grant=code&code={{vars.code}}", schema: {type: object}}`: "grant=code&code={{vars.code}}",
		`{example: {a: "{{now}} b", c: 1.50}}`:                               "a={{now}}+b&c=1.50",
		`{}`:                                                                 "",
	} {
		c := &Catalog{}
		doc := head30 + "paths:\n  /v2/tokens:\n    post: {requestBody: {content: {text/plain: {}, application/x-www-form-urlencoded: " + media + "}}, responses: {}}\n"
		if err := c.Load(t.Context(), "own.yaml", []byte(doc), nil); err != nil {
			t.Fatal(err)
		}
		e, _ := c.Lookup("tokens")
		if e.Media != formMedia || string(e.Example) != want {
			t.Errorf("%s\n got %s %s\nwant %s", media, e.Media, e.Example, want)
		}
		if v := e.Check(e.Example); len(v) > 0 {
			t.Errorf("%s: %v", media, v)
		}
	}
}

// An interface is found without the parameters in its name.
func TestLookupWithoutParameters(t *testing.T) {
	t.Parallel()
	c := &Catalog{}
	for _, path := range []string{"/v2/links/{linkId}/close/{reason}", "/v2/links/{linkId}", "/v1/links/{linkId}/close/{reason}"} {
		if err := c.Add(Endpoint{Path: path}); err != nil {
			t.Fatal(err)
		}
	}
	for name, id := range map[string]string{
		"links/close": "v2/links/{linkId}/close/{reason}", "close": "v2/links/{linkId}/close/{reason}",
		"v1/links/close": "v1/links/{linkId}/close/{reason}", "links": "v2/links/{linkId}",
		"links/{linkId}": "v2/links/{linkId}", "/v2/links/L-1/close/sold": "v2/links/{linkId}/close/{reason}",
	} {
		if e, err := c.Lookup(name); err != nil || e.ID != id || len(e.Parameters) == 0 {
			t.Errorf("%s: %s, %v", name, e.ID, err)
		}
	}
}
