package catalog

import (
	"strings"

	"github.com/pb33f/go-yaml"
)

// swagger turns the nodes of a Swagger 2.0 document into those of OpenAPI 3.0, in
// place, so that there is one reader for both: bodies and forms leave the
// parameters, and media types stand around the schemas. Each node keeps its line.
// basePath is dropped as servers are: the profile's base_url has it.
type swagger struct{ root *yaml.Node }

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
func (s swagger) media(op *yaml.Node, key string) string {
	all := list(get(op, key))
	if all == nil {
		all = list(get(s.root, key))
	}
	first := ""
	for _, n := range all {
		if strings.Contains(scalar(n), "json") {
			return scalar(n)
		}
		if first == "" {
			first = scalar(n)
		}
	}
	if first == "" {
		return "application/json"
	}
	return first
}

// takeBody takes the parameters that are the body, or fields of it, out of those of
// an operation or a path, and makes the others those of OpenAPI 3.
func (s swagger) takeBody(of *yaml.Node) []*yaml.Node {
	all := get(of, "parameters")
	if all == nil || all.Kind != yaml.SequenceNode {
		return nil
	}
	var body, rest []*yaml.Node
	for _, p := range all.Content {
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
	all.Content = rest
	return body
}

// value gathers what a parameter says of its value in a schema.
func (s swagger) value(p *yaml.Node) {
	if get(p, "schema") != nil || get(p, "type") == nil {
		return
	}
	put(p, "schema", s.valueSchema(p))
}

func (s swagger) valueSchema(p *yaml.Node) *yaml.Node {
	schema := mapping(p)
	for _, word := range valueWords {
		if n := get(p, word); n != nil {
			put(schema, word, n)
		}
	}
	return schema
}

// request makes a request body of the parameters that are it; nil where none is.
func (s swagger) request(body []*yaml.Node, media string) *yaml.Node {
	if len(body) == 0 {
		return nil
	}
	schema, required := get(body[0], "schema"), get(body[0], "required")
	if scalar(get(body[0], "in")) == "formData" {
		schema, media = s.form(body), formOr(media)
	}
	content, request := mapping(body[0]), mapping(body[0])
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
func (s swagger) form(fields []*yaml.Node) *yaml.Node {
	schema, properties := mapping(fields[0]), mapping(fields[0])
	required := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Line: fields[0].Line, Column: fields[0].Column}
	for _, f := range fields {
		name := get(f, "name")
		if scalar(name) == "" {
			continue
		}
		put(properties, name.Value, s.valueSchema(f))
		if isTrue(get(f, "required")) {
			required.Content = append(required.Content, name)
		}
	}
	put(schema, "type", textAt(fields[0], "object"))
	put(schema, "properties", properties)
	if len(required.Content) > 0 {
		put(schema, "required", required)
	}
	return schema
}

// response puts the schema and the examples of a response under its media type.
func (s swagger) response(r *yaml.Node, media string) {
	schema := get(r, "schema")
	if schema == nil || get(r, "content") != nil {
		return
	}
	inner := s.content(r, schema)
	for of, example := range pairs(get(r, "examples")) {
		if media = of.Value; strings.Contains(media, "json") {
			put(inner, "example", example)
			break
		}
	}
	content := mapping(r)
	put(content, media, inner)
	put(r, "content", content)
}

func (s swagger) content(at, schema *yaml.Node) *yaml.Node {
	n := mapping(at)
	if schema != nil {
		put(n, "schema", schema)
	}
	return n
}

// mapping makes an empty mapping that stands where another node does.
func mapping(at *yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: at.Line, Column: at.Column}
}

func textAt(at *yaml.Node, value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value, Line: at.Line, Column: at.Column}
}

// put adds a member to a mapping.
func put(n *yaml.Node, name string, value *yaml.Node) {
	n.Content = append(n.Content, textAt(n, name), value)
}
