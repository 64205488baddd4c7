package catalog

import (
	"context"
	"testing"
)

// Each keyword of JSON Schema 2020-12, with a body that fits (want is "") and
// one that does not.
func TestKeywords(t *testing.T) {
	t.Parallel()
	const defs = `"$defs":{"id":{"type":"string","maxLength":2},"tree":{"$anchor":"tree","additionalProperties":{"$ref":"#tree"},"type":"object"}}`
	tests := []struct{ schema, body, want string }{
		{`{"type":["integer","null"]}`, `1.0`, ""},
		{`{"type":["integer","null"]}`, `"x"`, `"" 1:1 the body: an integer or null expected, is a string`},
		{`{"enum":[1,{"a":[2]}]}`, `{"a":[2.0]}`, ""},
		{`{"enum":[1,"b"]}`, `2`, `"" 1:1 the body: is 2; expected is 1 or b`},
		{`{"const":{"a":1,"b":null}}`, `{"b":null,"a":1}`, ""},
		{`{"multipleOf":0.5,"minimum":1}`, `0.7`, `"" 1:1 the body: a multiple of 0.5 expected, is 0.7
"" 1:1 the body: at least 1, is 0.7`},
		{`{"exclusiveMaximum":3}`, `3`, `"" 1:1 the body: less than 3 expected, is 3`},
		{`{"pattern":"^a"}`, `"b"`, `"" 1:1 the body: "b" does not match the pattern ^a`},
		{`{"pattern":"(?=a)"}`, `"b"`, ""}, // a dialect that Go has not
		{`{"format":"ipv4"}`, `"1.2.3"`, `"" 1:1 the body: an IPv4 address expected; is "1.2.3"`},
		{`{"format":"duration"}`, `"1D"`, `"" 1:1 the body: "1D" is no valid duration`},
		{`{"contentEncoding":"base64"}`, `"a"`, `"" 1:1 the body: is not base64`},
		{`{"contentEncoding":"base64","contentMediaType":"application/json"}`, `"e30="`, ""},
		{`{"prefixItems":[{"type":"string"}],"items":false}`, `[1,2]`, `"" 1:1 the body: 1 item too many
"/0" 1:2 0: a string expected, is a number; write "1"`},
		{`{"contains":{"const":1},"maxContains":1}`, `[1,1]`, `"" 1:1 the body: has too many items of one kind`},
		{`{"contains":{"const":1}}`, `[]`, `"" 1:1 the body: an item that is required is missing`},
		{`{"uniqueItems":true}`, `[{"a":1,"b":2},{"b":2.0,"a":1}]`, `"" 1:1 the body: the items 0 and 1 are the same`},
		{`{"minProperties":2}`, `{"a":1,"a":2}`, `"" 1:1 the body: at least 2 fields, has 1
"/a" 1:8 a: is given more than once; parsers disagree about which one counts`},
		{`{"patternProperties":{"^x":{"type":"string"}},"additionalProperties":false}`, `{"x1":1,"y":1}`, `"/x1" 1:7 x1: a string expected, is a number; write "1"
"/y" 1:13 y: is not in the schema`},
		{`{"propertyNames":{"maxLength":1}}`, `{"ab":1}`, `"" 1:1 the body: the name ab is not allowed`},
		{`{"dependentSchemas":{"a":{"required":["b"]}}}`, `{"a":1}`, `"" 1:1 b: is required`},
		{`{"not":{"required":["a"]}}`, `{"a":1}`, `"" 1:1 the body: has a form that is not allowed`},
		{`{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}`, `{}`, `"" 1:1 c: is required`},
		{`{"oneOf":[{"type":"integer"},{"minimum":2}]}`, `3`, `"" 1:1 the body: fits more than one of the forms that exclude each other`},
		{`{"anyOf":[{"type":"string"},{"properties":{"a":{"type":"null"}},"required":["a"]}]}`, `{"a":1}`, `"/a" 1:6 a: null expected, is a number`},
		{`{"allOf":[{"properties":{"a":{}}}],"unevaluatedProperties":false}`, `{"a":1,"b":1}`, `"/b" 1:12 b: is not in the schema`},
		{`{"contains":{"const":1},"unevaluatedItems":{"type":"null"}}`, `[null,1,2]`, `"/2" 1:9 2: null expected, is a number`},
		{`{"properties":{"a":false}}`, `{"a":1}`, `"/a" 1:6 a: is not allowed`},
		{`{"$ref":"#/$defs/id"}`, `"abc"`, `"" 1:1 the body: at most 2 characters, is 3`},
		{`{"$ref":"#/$defs/tree"}`, `{"a":{"b":[]}}`, `"/a/b" 1:11 a.b: an object expected, is an array`},
		{`{"allOf":[{"$ref":"#"}],"type":"string"}`, `"a"`, ""}, // it names itself
	}
	for _, tt := range tests {
		text, fault := readText([]byte(`{` + defs + `,` + tt.schema[1:]))
		if fault != nil {
			t.Fatalf("%s: %+v", tt.schema, fault)
		}
		k, err := contractOf(t.Context(), text)
		if err != nil {
			t.Errorf("%s: %v", tt.schema, err)
		}
		if got := written(k.check([]byte(tt.body))); got != tt.want {
			t.Errorf("%s %s\n got %s\nwant %s", tt.schema, tt.body, got, tt.want)
		}
	}
}

// contractOf is what a document says that is nothing but a schema.
func contractOf(ctx context.Context, schema text) (*contract, error) {
	d := newDocument("d", nil, nil)
	d.root = schema.nodes(0)
	k := &contract{d: d, node: d.root, isJSON: true, required: true}
	d.own.endpoints = []Endpoint{{request: k}}
	d.readReferences()
	if err := d.checkSchemas(ctx); err != nil || len(d.own.faults) == 0 {
		return k, err
	}
	return k, d.own.faults[0]
}

// Each form of a keyword is asked for, with the place of what has another.
func TestWrongSchemas(t *testing.T) {
	t.Parallel()
	for schema, want := range map[string]string{
		`{"items": 1}`:                             "d:1:11: the schema is wrong: items: a schema expected, is 1",
		`{"allOf": {}}`:                            "d:1:11: the schema is wrong: allOf: a list of schemas expected, is an object",
		`{"properties": []}`:                       "d:1:16: the schema is wrong: properties: an object of schemas expected, is an array",
		`{"minItems": -1}`:                         "d:1:14: the schema is wrong: minItems: a whole number of 0 or more expected, is -1",
		`{"minimum": "1"}`:                         `d:1:13: the schema is wrong: minimum: a number expected, is "1"`,
		`{"required": [{}]}`:                       "d:1:14: the schema is wrong: required: a list of names expected, is an array",
		`{"uniqueItems": "yes"}`:                   `d:1:17: the schema is wrong: uniqueItems: true or false expected, is "yes"`,
		`{"pattern": 1}`:                           "d:1:13: the schema is wrong: pattern: a string expected, is 1",
		`{"not": {"anyOf": [{"enum": 1}]}}`:        "d:1:29: the schema is wrong: enum: a list expected, is 1",
		`{"$ref": "#nowhere"}`:                     "d:1:10: $ref #nowhere leads nowhere",
		`{"$defs": {"a": 1}, "$ref": "#/$defs/a"}`: "d:1:17: the schema is wrong: a schema expected, is 1",
	} {
		text, _ := readText([]byte(schema))
		if _, err := contractOf(t.Context(), text); err == nil || err.Error() != want {
			t.Errorf("%s\n got %v\nwant %s", schema, err, want)
		}
	}
}
