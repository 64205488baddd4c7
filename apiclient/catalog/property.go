package catalog

import (
	"slices"
	"strings"

	"countersign/apiclient/jsontext"
)

// maxProperties bounds the tree of one body: a document whose schemas all name
// each other would else grow without end.
const maxProperties = 2000

// schemaView is a schema with its references, allOf, anyOf and oneOf laid
// together, as far as a person reads about it.
type schemaView struct {
	types       []string
	description string
	required    []string
	members     []property
	items       *node
	others      *node // additionalProperties, where it is a schema
	enum        []string
	min, max    int
	embedded    bool
}

// property is one field by its name.
type property struct {
	name   string
	schema *node
}

// view collects a schema. Inner schemas come first, so that what stands beside
// a reference wins.
func (d *document) view(n *node) *schemaView {
	if v, ok := d.views[n]; ok {
		return v
	}
	v := &schemaView{}
	d.collect(v, n, true, nil)
	if d.views != nil {
		d.views[n] = v
	}
	return v
}

// collect adds what n says. Where it is only one of several forms (binding is
// false), what it requires is not required of all.
// path are the schemas above.
func (d *document) collect(v *schemaView, n *node, binding bool, path []*node) {
	if n == nil || n.kind != objectKind || slices.Contains(path, n) {
		return
	}
	path = append(path, n)
	if ref := get(n, "$ref"); ref != nil {
		d.collect(v, d.refs[ref], binding, path)
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		for _, part := range list(get(n, keyword)) {
			d.collect(v, part, binding && keyword == "allOf", path)
		}
	}
	v.take(n, binding)
}

func (v *schemaView) take(n *node, binding bool) {
	for key, value := range pairs(n) {
		switch key {
		case "type":
			for _, t := range typesOf(value) {
				v.addType(t)
			}
		case "description":
			v.description = strings.TrimSpace(scalar(value))
		case "properties":
			for name, schema := range pairs(value) {
				v.addMember(name, schema)
			}
		case "required":
			for _, name := range list(value) {
				if binding {
					v.required = append(v.required, scalar(name))
				}
			}
		case "items":
			v.items = value
		case "additionalProperties":
			if value.kind == objectKind {
				v.others = value
			}
		case "enum":
			v.enum = nil
			for _, one := range list(value) {
				v.enum = append(v.enum, one.value)
			}
		case "const":
			v.enum = []string{value.value}
		case "minLength":
			v.min = integer(value)
		case "maxLength":
			v.max = integer(value)
		case "contentMediaType":
			v.embedded = strings.HasSuffix(scalar(value), "json")
		case "nullable":
			if isTrue(value) {
				v.addType("null")
			}
		}
	}
}

// addMember adds a property, or replaces the one of a schema further in.
func (v *schemaView) addMember(name string, schema *node) {
	for i := range v.members {
		if v.members[i].name == name {
			v.members[i].schema = schema
			return
		}
	}
	v.members = append(v.members, property{name, schema})
}

func (v *schemaView) addType(t string) {
	if t != "" && !slices.Contains(v.types, t) {
		v.types = append(v.types, t)
	}
}

// walk goes down a schema, for its tree of properties or for an example.
type walk struct {
	d     *document
	path  []*node // schemas above: a circle ends there
	count int
}

// enter returns what a schema says, until leave is called; nil where the schema is in
// itself, or the walk is too long.
func (w *walk) enter(schema *node) *schemaView {
	w.count++
	if target := w.d.follow(schema); target != nil && w.count <= maxProperties && !slices.Contains(w.path, target) {
		w.path = append(w.path, target)
		return w.d.view(schema)
	}
	return nil
}

func (w *walk) leave() { w.path = w.path[:len(w.path)-1] }

// properties describes the fields of a body.
func (d *document) properties(schema *node) []Property {
	return (&walk{d: d}).fields(schema, "")
}

// fields are the properties below a schema: its own, or those of its items.
func (w *walk) fields(schema *node, pointer string) []Property {
	v := w.enter(schema)
	if v == nil {
		return nil
	}
	defer w.leave()
	if len(v.members) == 0 {
		if v.items == nil {
			return nil
		}
		return w.fields(v.items, pointer+"/-")
	}
	out := make([]Property, 0, len(v.members))
	for _, m := range v.members {
		if w.count > maxProperties {
			break
		}
		of, at := w.d.view(m.schema), pointer+"/"+jsontext.EscapeStep(m.name)
		out = append(out, Property{
			Name: m.name, Pointer: at, Type: w.d.typeOf(of, 0), Required: slices.Contains(v.required, m.name),
			MinLength: of.min, MaxLength: of.max, Enum: of.enum, Description: of.description, Embedded: of.embedded,
			Properties: w.fields(m.schema, at),
		})
	}
	return out
}

// typeOf writes a type in words: "array of object", "string or null".
func (d *document) typeOf(v *schemaView, depth int) string {
	types := v.types
	switch {
	case len(types) > 0 || depth > 3:
	case len(v.members) > 0 || v.others != nil:
		types = []string{"object"}
	case v.items != nil:
		types = []string{"array"}
	case len(v.enum) > 0 || v.max > 0 || v.min > 0 || v.embedded:
		types = []string{"string"}
	default:
		return "any"
	}
	words := types
	for i, t := range types {
		var inner *node
		switch {
		case t == "array":
			inner = v.items
		case t == "object" && len(v.members) == 0:
			inner = v.others
		}
		if inner == nil || depth == 3 {
			continue
		}
		if of := d.typeOf(d.view(inner), depth+1); of != "any" {
			words = slices.Clone(words)
			words[i] += " of " + of
		}
	}
	return strings.Join(words, " or ")
}
