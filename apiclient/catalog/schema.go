package catalog

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/pb33f/go-yaml"
)

// contract is what a document says about one body.
type contract struct {
	d        *document
	node     *yaml.Node // the schema; nil: any JSON
	isJSON   bool
	required bool // a body must be there
}

// keywords are the forms of what schemas say; see schemaCheck.form. A keyword
// that is not here may be anything.
var keywords = formsOf(map[string]string{
	"schema": "not if then else items contains additionalProperties propertyNames " +
		"unevaluatedProperties unevaluatedItems",
	"schemas":       "allOf anyOf oneOf prefixItems",
	"named schemas": "properties patternProperties $defs dependentSchemas",
	"count":         "minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains",
	"number":        "minimum maximum multipleOf",
	"limit":         "exclusiveMinimum exclusiveMaximum",
	"names":         "required",
	"named names":   "dependentRequired",
	"list":          "enum examples",
	"type":          "type",
	"text":          "pattern format contentMediaType contentEncoding title description $ref $dynamicRef $anchor $dynamicAnchor $id",
	"switch":        "uniqueItems deprecated readOnly writeOnly",
})

func formsOf(keywords map[string]string) map[string]string {
	forms := map[string]string{}
	for form, names := range keywords {
		for _, name := range strings.Fields(names) {
			forms[name] = form
		}
	}
	return forms
}

// formWords say what a form wants.
var formWords = map[string]string{
	"schema": "a schema", "schemas": "a list of schemas", "named schemas": "an object of schemas",
	"count": "a whole number of 0 or more", "number": "a number", "limit": "a number",
	"names": "a list of names", "named names": "an object of lists of names", "list": "a list",
	"type": "one of " + strings.Join(typeNames, ", ") + ", or a list of them,",
	"text": "a string", "switch": "true or false",
}

var typeNames = []string{"null", "boolean", "object", "array", "number", "string", "integer"}

// schemaCheck sees that schemas are written as they must be, so that faults in a
// team's own document are told when it is loaded and not when a body is checked.
type schemaCheck struct {
	d    *document
	seen map[*yaml.Node]bool
}

// checkSchemas checks the schemas of all bodies and what they name.
func (d *document) checkSchemas(ctx context.Context) error {
	s := &schemaCheck{d: d, seen: map[*yaml.Node]bool{}}
	for _, e := range d.own.endpoints {
		for _, k := range []*contract{e.request, e.response} {
			if err := ctx.Err(); err != nil {
				return err
			}
			if k != nil && k.node != nil {
				if err := s.schema(k.node); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (s *schemaCheck) schema(n *yaml.Node) error {
	switch {
	case n == nil || s.seen[n]:
		return nil
	case !s.fits("schema", n):
		return s.wrong(n, "", "schema")
	}
	s.seen[n] = true
	for key, value := range pairs(n) {
		form := keywords[key.Value]
		if !s.fits(form, value) {
			return s.wrong(value, key.Value+": ", form)
		}
		if key.Value == "$ref" || key.Value == "$dynamicRef" {
			if err := s.schema(s.d.resolve(value.Value)); err != nil {
				return err
			}
		}
		for _, inner := range inside(form, value) {
			if err := s.schema(inner); err != nil {
				return err
			}
		}
	}
	return nil
}

// inside are the schemas in the value of a keyword.
func inside(form string, value *yaml.Node) []*yaml.Node {
	switch form {
	case "schema":
		return []*yaml.Node{value}
	case "schemas":
		return list(value)
	case "named schemas":
		return valuesOf(value)
	}
	return nil
}

func valuesOf(n *yaml.Node) []*yaml.Node {
	var all []*yaml.Node
	for _, value := range pairs(n) {
		all = append(all, value)
	}
	return all
}

func (s *schemaCheck) wrong(n *yaml.Node, keyword, form string) error {
	is := literal(scalarValue(n), n)
	return s.d.at(n, "schemas follow JSON Schema 2020-12, those of OpenAPI 3.0 its own dialect",
		"the schema is wrong: %s%s expected, is %s", keyword, formWords[form], is)
}

// fits reports whether the value of a keyword has its form.
func (s *schemaCheck) fits(form string, n *yaml.Node) bool {
	tag := n.ShortTag()
	switch form {
	case "schema":
		return n.Kind == yaml.MappingNode || tag == "!!bool"
	case "schemas", "list":
		return n.Kind == yaml.SequenceNode
	case "named schemas":
		return n.Kind == yaml.MappingNode
	case "names":
		return n.Kind == yaml.SequenceNode && all(n.Content, func(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode })
	case "named names":
		return n.Kind == yaml.MappingNode && all(valuesOf(n), func(n *yaml.Node) bool { return s.fits("names", n) })
	case "count":
		number, _ := scalarValue(n).(json.Number)
		f, err := strconv.ParseFloat(string(number), 64)
		return err == nil && f >= 0 && f == math.Trunc(f)
	case "limit":
		return s.fits("number", n) || s.d.old && tag == "!!bool"
	case "number":
		return tag == "!!int" || tag == "!!float"
	case "text":
		return n.Kind == yaml.ScalarNode && (tag == "!!str" || tag == "!!timestamp")
	case "switch":
		return tag == "!!bool"
	case "type":
		types := typesOf(n)
		return len(types) > 0 && all(types, func(t string) bool { return slices.Contains(typeNames, t) })
	}
	return true
}

func all[T any](list []T, is func(T) bool) bool {
	return !slices.ContainsFunc(list, func(one T) bool { return !is(one) })
}

// typesOf are the types that a schema's type allows.
func typesOf(n *yaml.Node) []string {
	if n.Kind == yaml.ScalarNode {
		return []string{n.Value}
	}
	var types []string
	for _, t := range list(n) {
		types = append(types, t.Value)
	}
	return types
}
