package catalog

import (
	"cmp"
	"strings"
)

// swagger turns the nodes of a Swagger 2.0 document into those of OpenAPI 3.0, in
// place, so that there is one reader for both: bodies and forms leave the
// parameters, and media types stand around the schemas. Each node keeps its line.
// basePath is dropped as servers are: the profile's base_url has it.
type swagger struct{ root *node }

// valueWords describe the value of a parameter beside it where OpenAPI 3 has a schema.
var valueWords = []string{"type", "format", "items", "enum", "default", "minimum", "maximum", "minLength", "maxLength",
	"pattern", "minItems", "maxItems", "uniqueItems", "multipleOf", "description"}

func (s swagger) convert() {
	for _, p := range pairs(get(s.root, "parameters")) {
		s.value(p)
	}
	for _, r := range pairs(get(s.root, "responses")) {
		s.response(r, s.media(nil, "produces"))
	}
	for _, item := range pairs(get(s.root, "paths")) {
		shared := s.takeBody(item)
		for _, method := range methods {
			op := get(item, method)
			if op == nil {
				continue
			}
			body := append(s.takeBody(op), shared...)
			if request := s.request(body, s.media(op, "consumes")); request != nil {
				put(op, "requestBody", request)
			}
			for _, r := range pairs(get(op, "responses")) {
				s.response(r, s.media(op, "produces"))
			}
		}
	}
}

// media returns the media type of an operation, or of the document: JSON where it
// is among them.
func (s swagger) media(op *node, key string) string {
	all := list(get(op, key))
	if all == nil {
		all = list(get(s.root, key))
	}
	first := ""
	for _, n := range all {
		if strings.Contains(scalar(n), "json") {
			return scalar(n)
		}
		first = cmp.Or(first, scalar(n))
	}
	return cmp.Or(first, "application/json")
}

// takeBody takes the parameters that are the body, or fields of it, out of those of
// an operation or a path, and makes the others those of OpenAPI 3.
func (s swagger) takeBody(of *node) []*node {
	all := get(of, "parameters")
	var body, rest []*node
	for _, p := range list(all) {
		at := p
		if name, ok := strings.CutPrefix(scalar(get(p, "$ref")), "#/parameters/"); ok {
			at = get(get(s.root, "parameters"), name)
		}
		switch scalar(get(at, "in")) {
		case "body", "formData":
			body = append(body, at)
		default:
			s.value(p)
			rest = append(rest, p)
		}
	}
	if body != nil {
		all.inside = rest
	}
	return body
}

// value gathers what a parameter says of its value in a schema.
func (s swagger) value(p *node) {
	if get(p, "schema") != nil || get(p, "type") == nil {
		return
	}
	put(p, "schema", s.valueSchema(p))
}

func (s swagger) valueSchema(p *node) *node {
	schema := object(p)
	for _, word := range valueWords {
		if n := get(p, word); n != nil {
			put(schema, word, n)
		}
	}
	return schema
}

// request makes a request body of the parameters that are it; nil where none is.
func (s swagger) request(body []*node, media string) *node {
	if len(body) == 0 {
		return nil
	}
	schema, required := get(body[0], "schema"), get(body[0], "required")
	if scalar(get(body[0], "in")) == "formData" {
		schema, media = s.form(body), formOr(media)
	}
	content, request := object(body[0]), object(body[0])
	put(content, media, s.content(body[0], schema))
	put(request, "content", content)
	if required != nil {
		put(request, "required", required)
	}
	return request
}

// formOr is the media type of a form: that of files where the document says so.
func formOr(media string) string {
	if strings.HasPrefix(media, "multipart/") {
		return media
	}
	return formMedia
}

// form makes one schema of the fields of a form.
func (s swagger) form(fields []*node) *node {
	schema, properties := object(fields[0]), object(fields[0])
	required := &node{kind: listKind}
	for _, f := range fields {
		name := scalar(get(f, "name"))
		if name == "" {
			continue
		}
		put(properties, name, s.valueSchema(f))
		if isTrue(get(f, "required")) {
			required.inside = append(required.inside, get(f, "name"))
		}
	}
	put(schema, "type", &node{kind: textKind, value: "object"})
	put(schema, "properties", properties)
	if len(required.inside) > 0 {
		put(schema, "required", required)
	}
	return schema
}

// response puts the schema and the examples of a response under its media type.
func (s swagger) response(r *node, media string) {
	schema := get(r, "schema")
	if schema == nil || get(r, "content") != nil {
		return
	}
	inner := s.content(r, schema)
	for of, example := range pairs(get(r, "examples")) {
		if media = of; strings.Contains(media, "json") {
			put(inner, "example", example)
			break
		}
	}
	content := object(r)
	put(content, media, inner)
	put(r, "content", content)
}

func (s swagger) content(at, schema *node) *node {
	n := object(at)
	if schema != nil {
		put(n, "schema", schema)
	}
	return n
}

// object makes an empty object that stands where another node does.
func object(at *node) *node {
	return &node{kind: objectKind, file: at.file, line: at.line, column: at.column}
}
