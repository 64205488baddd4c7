package catalog

import (
	"slices"
	"strings"

	"github.com/pb33f/go-yaml"
)

// maxProperties bounds the tree of one body: a document whose schemas all name
// each other would else grow without end.
const maxProperties = 2000

// schemaView is a schema with its references, allOf, anyOf and oneOf laid
// together, as far as a person reads about it.
type schemaView struct {
	types       []string
	description string
	required    map[string]bool
	names       []string // of the properties, in order
	properties  map[string]*yaml.Node
	items       *yaml.Node
	others      *yaml.Node // additionalProperties, where it is a schema
	enum        []string
	min, max    int
	embedded    bool
}

// view collects a schema. Inner schemas come first, so that what stands beside
// a reference wins.
func (d *document) view(n *yaml.Node) *schemaView {
	v := &schemaView{required: map[string]bool{}, properties: map[string]*yaml.Node{}}
	d.collect(v, n, true, map[*yaml.Node]bool{})
	return v
}

// collect adds what n says. Where it is only one of several forms (binding is
// false), what it requires is not required of all.
func (d *document) collect(v *schemaView, n *yaml.Node, binding bool, path map[*yaml.Node]bool) {
	if n = content(n); n == nil || n.Kind != yaml.MappingNode || path[n] {
		return
	}
	path[n] = true
	defer delete(path, n)
	if ref := scalar(get(n, "$ref")); ref != "" {
		d.collect(v, d.resolve(ref), binding, path)
	}
	for _, part := range list(get(n, "allOf")) {
		d.collect(v, part, binding, path)
	}
	for _, keyword := range []string{"anyOf", "oneOf"} {
		for _, part := range list(get(n, keyword)) {
			d.collect(v, part, false, path)
		}
	}
	v.take(n, binding)
}

func (v *schemaView) take(n *yaml.Node, binding bool) {
	for key, value := range pairs(n) {
		switch key.Value {
		case "type":
			v.addTypes(value)
		case "description":
			v.description = strings.TrimSpace(scalar(value))
		case "properties":
			for name, schema := range pairs(value) {
				if _, ok := v.properties[name.Value]; !ok {
					v.names = append(v.names, name.Value)
				}
				v.properties[name.Value] = schema
			}
		case "required":
			for _, name := range list(value) {
				v.required[scalar(content(name))] = v.required[scalar(content(name))] || binding
			}
		case "items":
			v.items = value
		case "additionalProperties":
			if value.Kind == yaml.MappingNode {
				v.others = value
			}
		case "enum":
			v.enum = nil
			for _, one := range list(value) {
				v.enum = append(v.enum, content(one).Value)
			}
		case "const":
			v.enum = []string{value.Value}
		case "minLength":
			v.min = integer(value)
		case "maxLength":
			v.max = integer(value)
		case "contentMediaType":
			v.embedded = strings.HasSuffix(scalar(value), "json")
		case "nullable":
			if scalar(value) == "true" {
				v.addType("null")
			}
		}
	}
}

func (v *schemaView) addTypes(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode {
		v.addType(n.Value)
	}
	for _, t := range list(n) {
		v.addType(scalar(content(t)))
	}
}

func (v *schemaView) addType(t string) {
	if t != "" && !slices.Contains(v.types, t) {
		v.types = append(v.types, t)
	}
}

// list is the content of a sequence, nil for anything else.
func list(n *yaml.Node) []*yaml.Node {
	if n = content(n); n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}

// properties describes the fields of a body.
func (d *document) properties(schema *yaml.Node) []Property {
	w := &walk{d: d, path: map[*yaml.Node]bool{}}
	return w.fields(schema, "")
}

// walk makes a tree of properties.
type walk struct {
	d     *document
	path  map[*yaml.Node]bool // schemas above: a circle ends there
	count int
}

// fields are the properties below a schema: its own, or those of its items.
func (w *walk) fields(schema *yaml.Node, pointer string) []Property {
	target := w.d.follow(content(schema))
	if target == nil || w.path[target] {
		return nil
	}
	w.path[target] = true
	defer delete(w.path, target)
	v := w.d.view(schema)
	var out []Property
	for _, name := range v.names {
		if w.count++; w.count > maxProperties {
			return out
		}
		out = append(out, w.property(name, v.properties[name], v.required[name], pointer+"/"+escapeToken(name)))
	}
	if v.items != nil && len(out) == 0 {
		return w.fields(v.items, pointer+"/-")
	}
	return out
}

func (w *walk) property(name string, schema *yaml.Node, required bool, pointer string) Property {
	v := w.d.view(schema)
	return Property{
		Name: name, Pointer: pointer, Type: w.typeOf(v, 0), Required: required,
		MinLength: v.min, MaxLength: v.max, Enum: v.enum, Description: v.description, Embedded: v.embedded,
		Properties: w.fields(schema, pointer),
	}
}

// typeOf writes a type in words: "array of object", "string or null".
func (w *walk) typeOf(v *schemaView, depth int) string {
	types := v.types
	switch {
	case len(types) > 0 || depth > 3:
	case len(v.names) > 0 || v.others != nil:
		types = []string{"object"}
	case v.items != nil:
		types = []string{"array"}
	case len(v.enum) > 0 || v.max > 0 || v.min > 0 || v.embedded:
		types = []string{"string"}
	default:
		return "any"
	}
	words := make([]string, len(types))
	for i, t := range types {
		words[i] = t
		inner := v.items
		if t == "object" && len(v.names) == 0 {
			inner = v.others
		}
		if (t == "array" || t == "object") && inner != nil && depth < 3 {
			if of := w.typeOf(w.d.view(inner), depth+1); of != "any" {
				words[i] += " of " + of
			}
		}
		if t == "object" && len(v.names) > 0 {
			words[i] = t
		}
	}
	return strings.Join(words, " or ")
}
