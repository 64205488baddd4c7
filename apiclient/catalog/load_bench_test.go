package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/pb33f/go-yaml"
)

// large is a document of about size bytes, as JSON or as YAML.
func large(size int, asJSON bool) []byte {
	var paths, schemas bytes.Buffer
	for i := 0; paths.Len()+schemas.Len() < size; i++ {
		fmt.Fprintf(&paths, `  "/v1/group%d/operation%d": {"post": {"operationId": "op%d", "summary": "Operation %d",
    "tags": ["Group %d"], "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Request%d"}}}},
    "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order%d"}}}}}}},
`, i/20, i, i, i, i/20, i, i)
		fmt.Fprintf(&schemas, `  "Order%d": {"type": "object", "properties": {"kind": {"type": "string", "enum": ["A", "B"]}}},
  "Request%d": {"type": "object", "required": ["field0"], "properties": {`, i, i)
		for j := range 14 {
			fmt.Fprintf(&schemas, `
    "field%d": {"type": "string", "maxLength": 64, "description": "The field %d of a request, as the platform says it."},`, j, j)
		}
		fmt.Fprintf(&schemas, `
    "orders": {"type": "array", "items": {"$ref": "#/components/schemas/Order%d"}}}},
`, i)
	}
	const head = `{"openapi": "3.0.3", "info": {"title": "large", "version": "1"}, "paths": {
`
	const middle, end = `}, "components": {"schemas": {
`, "}}}\n"
	trim := func(b *bytes.Buffer) []byte { return bytes.TrimSuffix(b.Bytes(), []byte(",\n")) }
	data := bytes.Join([][]byte{[]byte(head), trim(&paths), []byte(middle), trim(&schemas), []byte(end)}, nil)
	if asJSON {
		return data
	}
	var v any
	if json.Unmarshal(data, &v) != nil {
		panic("it is no JSON")
	}
	text, err := yaml.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

// A document of 3 MB: the list is to be there within a second.
func BenchmarkLoadLarge(b *testing.B) {
	for name, asJSON := range map[string]bool{"JSON": true, "YAML": false} {
		b.Run(name, func(b *testing.B) {
			data := large(3<<20, asJSON)
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				c := &Catalog{}
				if err := c.Load(b.Context(), "large", data, nil); err != nil {
					b.Fatal(err)
				}
				if n := len(c.Endpoints()); n < 500 {
					b.Fatal(n)
				}
			}
		})
	}
}
