package catalog

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/pb33f/go-yaml"
)

// example is the body to start from: the one that the document gives, or one
// that is made from the schema.
func (d *document) example(media, schema *yaml.Node) []byte {
	if n := get(media, "example"); n != nil {
		return pretty(appendJSON(nil, n, 0))
	}
	for _, e := range pairs(get(media, "examples")) {
		if n := get(d.deref(e), "value"); n != nil {
			return pretty(appendJSON(nil, n, 0))
		}
	}
	s := &sketch{d: d, path: map[*yaml.Node]bool{}}
	return pretty(s.value(nil, schema, ""))
}

// sketch makes a body from a schema: what is required, and what has an example
// of its own.
type sketch struct {
	d     *document
	path  map[*yaml.Node]bool
	count int
}

func (s *sketch) value(out []byte, schema *yaml.Node, name string) []byte {
	target := s.d.follow(schema)
	if s.count++; target == nil || s.path[target] || s.count > maxProperties {
		return append(out, "null"...)
	}
	s.path[target] = true
	defer delete(s.path, target)
	if sample := s.d.sample(schema); sample != nil {
		return appendJSON(out, sample, 0)
	}
	v := s.d.view(schema)
	kind := (&walk{d: s.d}).typeOf(v, 0)
	kind, _, _ = strings.Cut(kind, " ")
	switch kind {
	case "object":
		return s.object(out, v)
	case "array":
		return s.array(out, target, v)
	case "boolean":
		return append(out, "false"...)
	case "integer", "number":
		return append(out, s.number(target)...)
	case "null":
		return append(out, "null"...)
	case "any":
		return append(out, "{}"...)
	}
	return appendString(out, s.text(target, v, name))
}

// sample is a value that the schema itself names.
func (d *document) sample(schema *yaml.Node) *yaml.Node {
	for _, n := range []*yaml.Node{schema, d.follow(schema)} {
		for _, keyword := range []string{"example", "default", "const"} {
			if sample := get(n, keyword); sample != nil {
				return sample
			}
		}
		for _, keyword := range []string{"examples", "enum"} {
			if samples := list(get(n, keyword)); len(samples) > 0 {
				return samples[0]
			}
		}
	}
	return nil
}

func (s *sketch) object(out []byte, v *schemaView) []byte {
	none := len(v.required) == 0
	out = append(out, '{')
	first := true
	for _, m := range v.members {
		wanted := slices.Contains(v.required, m.name) || s.d.sample(m.schema) != nil || none && len(s.path) == 1
		if !wanted || s.path[s.d.follow(m.schema)] {
			continue
		}
		if !first {
			out = append(out, ',')
		}
		first = false
		out = append(appendString(out, m.name), ':')
		out = s.value(out, m.schema, m.name)
	}
	return append(out, '}')
}

func (s *sketch) array(out []byte, schema *yaml.Node, v *schemaView) []byte {
	least := integer(get(schema, "minItems"))
	if v.items == nil || s.path[s.d.follow(v.items)] {
		return append(out, "[]"...)
	}
	out = append(out, '[')
	for i := range min(max(1, least), 10) {
		if i > 0 {
			out = append(out, ',')
		}
		out = s.value(out, v.items, "")
	}
	return append(out, ']')
}

// number is the least that the schema allows, or 1.
func (s *sketch) number(schema *yaml.Node) json.Number {
	if n, ok := number(scalar(get(schema, "minimum"))).(json.Number); ok && n != "" {
		return n
	}
	if n, err := strconv.ParseInt(scalar(get(schema, "exclusiveMinimum")), 10, 64); err == nil {
		return json.Number(strconv.FormatInt(n+1, 10))
	}
	return "1"
}

// formatSamples are values of the formats that are met.
var formatSamples = map[string]string{
	"date-time": "{{now_iso}}", "uuid": "{{uuid}}", "date": "2026-01-15", "time": "12:08:55Z",
	"uri": "https://merchant.example.com/", "url": "https://merchant.example.com/", "email": "buyer@example.com",
	"ipv4": "192.0.2.1", "byte": "AA==", "hostname": "merchant.example.com",
}

func (s *sketch) text(schema *yaml.Node, v *schemaView, name string) string {
	if sample, ok := formatSamples[scalar(get(schema, "format"))]; ok {
		return sample
	}
	switch {
	case v.embedded:
		return "{}"
	case strings.HasSuffix(strings.ToLower(name), "requestid") && (v.max == 0 || v.max >= 36):
		return "{{uuid}}"
	}
	text := cmp.Or(name, "text")
	for len(text) < min(v.min, 1000) {
		text += text
	}
	if v.max > 0 && len(text) > v.max {
		text = text[:v.max]
	}
	return text
}

// Sample makes a value, as JSON, for the field of a request body at a path of
// names and positions: the one that the schema gives, or one of the right
// type and length. It is nil for a field that the schema does not know.
func (e Endpoint) Sample(path ...string) []byte {
	k := e.request
	if k == nil || k.node == nil {
		return nil
	}
	k.d.sampling.Lock() // the views are kept as they are made
	defer k.d.sampling.Unlock()
	schema, name := k.node, ""
	for _, step := range path {
		v := k.d.view(schema)
		i := slices.IndexFunc(v.members, func(m property) bool { return m.name == step })
		switch {
		case i >= 0:
			schema, name = v.members[i].schema, step
		case v.items != nil && isPosition(step):
			schema, name = v.items, ""
		case v.others != nil:
			schema, name = v.others, step
		default:
			return nil
		}
	}
	return (&sketch{d: k.d, path: map[*yaml.Node]bool{}}).value(nil, schema, name)
}

func isPosition(step string) bool {
	n, err := strconv.Atoi(step)
	return step == "-" || err == nil && n >= 0
}
