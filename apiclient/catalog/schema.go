package catalog

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
)

// contract is what a document says about one body.
type contract struct {
	d        *document
	node     *node // the schema; nil: any JSON
	media    *node // what it stands in, with the examples
	isJSON   bool
	required bool // a body must be there
}

// form is what the value of a keyword must be.
type form struct {
	words    string
	fits     func(d *document, n *node) bool
	inside   func(n *node) []*node // the schemas in it; nil: none
	keywords string
}

var forms = []form{
	{"a schema", isSchema, func(n *node) []*node { return []*node{n} },
		"not if then else items contains additionalProperties propertyNames unevaluatedProperties unevaluatedItems"},
	{"a list of schemas", isList, list, "allOf anyOf oneOf prefixItems"},
	{namedSchemas, isMapping, func(n *node) []*node { return n.inside }, "properties patternProperties $defs dependentSchemas"},
	{"a whole number of 0 or more", isCount, nil,
		"minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains"},
	{"a number", isNumber, nil, "minimum maximum multipleOf"},
	{"a number", isLimit, nil, "exclusiveMinimum exclusiveMaximum"},
	{"a list of names", isNames, nil, "required"},
	{"an object of lists of names", isNamedNames, nil, "dependentRequired"},
	{"a list", isList, nil, "enum examples"},
	{"one of " + strings.Join(typeNames, ", ") + ", or a list of them,", isType, nil, "type"},
	{"a string", isText, nil, "pattern format contentMediaType contentEncoding title description " +
		"$ref $dynamicRef $anchor $dynamicAnchor $id"},
	{"true or false", isSwitch, nil, "uniqueItems deprecated readOnly writeOnly"},
}

const namedSchemas = "an object of schemas"

// keywords are the forms of what schemas say. A keyword that is not here may be
// anything.
var keywords = func() map[string]form {
	known := map[string]form{}
	for _, f := range forms {
		for _, name := range strings.Fields(f.keywords) {
			known[name] = f
		}
	}
	return known
}()

var typeNames = []string{"null", "boolean", "object", "array", "number", "string", "integer"}

func isSchema(_ *document, n *node) bool  { return n.kind == objectKind || n.kind == boolKind }
func isList(_ *document, n *node) bool    { return n.kind == listKind }
func isMapping(_ *document, n *node) bool { return n.kind == objectKind }
func isSwitch(_ *document, n *node) bool  { return n.kind == boolKind }
func isNumber(_ *document, n *node) bool  { return n.kind == numberKind }
func isText(_ *document, n *node) bool    { return n.kind == textKind }

// isLimit: in OpenAPI 3.0 it is a switch beside minimum or maximum.
func isLimit(d *document, n *node) bool { return isNumber(d, n) || d.old && isSwitch(d, n) }

func isCount(_ *document, n *node) bool {
	number, _ := n.number()
	f, err := strconv.ParseFloat(number, 64)
	return err == nil && f >= 0 && f == math.Trunc(f)
}

func isNames(_ *document, n *node) bool {
	return n.kind == listKind && all(n.inside, (*node).isScalar)
}

func isNamedNames(d *document, n *node) bool {
	return n.kind == objectKind && all(n.inside, func(n *node) bool { return isNames(d, n) })
}

func isType(_ *document, n *node) bool {
	types := typesOf(n)
	return len(types) > 0 && all(types, func(t string) bool { return slices.Contains(typeNames, t) })
}

func all[T any](list []T, is func(T) bool) bool {
	return !slices.ContainsFunc(list, func(one T) bool { return !is(one) })
}

// typesOf are the types that a schema's type allows.
func typesOf(n *node) []string {
	if n.isScalar() {
		return []string{n.value}
	}
	var types []string
	for _, t := range list(n) {
		types = append(types, t.value)
	}
	return types
}

// checkSchemas sees that the schemas of all bodies, and what they name, are written
// as they must be, so that faults in a team's own document are told when it is loaded
// and not when a body is checked. A keyword that is written wrongly is dropped: the
// rest of its schema holds.
func (d *document) checkSchemas(ctx context.Context) error {
	seen := map[*node]bool{}
	for _, e := range d.own.endpoints {
		for _, k := range []*contract{e.request, e.response} {
			if err := ctx.Err(); err != nil {
				return err
			}
			if k != nil {
				d.checkSchema(k.node, seen)
			}
		}
	}
	return nil
}

func (d *document) checkSchema(n *node, seen map[*node]bool) {
	if n == nil || seen[n] {
		return
	}
	seen[n] = true
	if !isSchema(d, n) {
		err := d.wrongSchema(n, "", forms[0])
		*n = node{kind: objectKind, file: n.file, line: n.line, column: n.column} // anything
		d.fault(n, err)
		return
	}
	for key, value := range pairs(n) {
		form, ok := keywords[key]
		if !ok {
			continue
		}
		if !form.fits(d, value) {
			d.drop(n, value, d.wrongSchema(value, key+": ", form))
			continue
		}
		var below []*node
		if form.inside != nil {
			below = form.inside(value)
		} else if key == "$ref" || key == "$dynamicRef" {
			below = append(below, d.refs[value])
		}
		for _, inner := range below {
			d.checkSchema(inner, seen)
		}
	}
}

func (d *document) wrongSchema(n *node, keyword string, wanted form) *Error {
	return d.at(n, "schemas follow JSON Schema 2020-12, those of OpenAPI 3.0 its own dialect",
		"the schema is wrong: %s%s expected, is %s", keyword, wanted.words, literal(n))
}
