package catalog

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"countersign/apiclient/jsontext"
)

// example is the body to start from: the one that the document gives, or one
// that is made from the schema.
func (d *document) example(media, schema *node) []byte {
	if n := get(media, "example"); n != nil {
		return pretty(appendJSON(nil, n, 0))
	}
	for _, e := range pairs(get(media, "examples")) {
		if n := get(d.follow(e), "value"); n != nil {
			return pretty(appendJSON(nil, n, 0))
		}
	}
	return pretty((&walk{d: d}).value(nil, schema, ""))
}

// value makes a value for a field from its schema: what is required, and what has an
// example of its own.
func (w *walk) value(out []byte, schema *node, name string) []byte {
	v := w.enter(schema)
	if v == nil {
		return append(out, "null"...)
	}
	defer w.leave()
	if sample := w.d.sample(schema); sample != nil {
		return appendJSON(out, sample, 0)
	}
	target := w.path[len(w.path)-1]
	kind, _, _ := strings.Cut(w.d.typeOf(v, 0), " ")
	switch kind {
	case "object":
		return w.object(out, v)
	case "array":
		return w.array(out, target, v)
	case "boolean":
		return append(out, "false"...)
	case "integer", "number":
		return append(out, numberFor(target)...)
	case "null":
		return append(out, "null"...)
	case "any":
		return append(out, "{}"...)
	}
	return appendString(out, textFor(target, v, name))
}

// sample is a value that the schema itself names.
func (d *document) sample(schema *node) *node {
	for _, n := range []*node{schema, d.follow(schema)} {
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

func (w *walk) object(out []byte, v *schemaView) []byte {
	none := len(v.required) == 0
	out = append(out, '{')
	for _, m := range v.members {
		wanted := slices.Contains(v.required, m.name) || w.d.sample(m.schema) != nil || none && len(w.path) == 1
		if !wanted || slices.Contains(w.path, w.d.follow(m.schema)) {
			continue
		}
		out = append(appendString(out, m.name), ':')
		out = append(w.value(out, m.schema, m.name), ',')
	}
	return append(bytes.TrimSuffix(out, []byte(",")), '}')
}

func (w *walk) array(out []byte, schema *node, v *schemaView) []byte {
	out = append(out, '[')
	if v.items != nil && !slices.Contains(w.path, w.d.follow(v.items)) {
		for range min(max(1, integer(get(schema, "minItems"))), 10) {
			out = append(w.value(out, v.items, ""), ',')
		}
	}
	return append(bytes.TrimSuffix(out, []byte(",")), ']')
}

// numberFor is the least that the schema allows, or 1.
func numberFor(schema *node) string {
	if n, ok := number(scalar(get(schema, "minimum"))); ok {
		return n
	}
	if n, err := strconv.ParseInt(scalar(get(schema, "exclusiveMinimum")), 10, 64); err == nil {
		return strconv.FormatInt(n+1, 10)
	}
	return "1"
}

// formatSamples are values of the formats that are met.
var formatSamples = map[string]string{
	"date-time": "{{now_iso}}", "uuid": "{{uuid}}", "date": "2026-01-15", "time": "12:08:55Z",
	"uri": "https://merchant.example.com/", "url": "https://merchant.example.com/", "email": "buyer@example.com",
	"ipv4": "192.0.2.1", "byte": "AA==", "hostname": "merchant.example.com",
}

func textFor(schema *node, v *schemaView, name string) string {
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
	return (&walk{d: k.d}).value(nil, schema, name)
}

func isPosition(step string) bool {
	n, err := strconv.Atoi(step)
	return step == "-" || err == nil && n >= 0
}

// ResponseExample is an answer as the document has it, or one made of its schema;
// nil where nothing is known of it, or it is not JSON.
func (e Endpoint) ResponseExample() []byte {
	k := e.response
	if k == nil || !k.isJSON {
		return nil
	}
	return k.d.example(k.media, k.node)
}

const formMedia = "application/x-www-form-urlencoded"

// formOf writes an example, which is JSON, as a form: name=value&name=value. Items of
// an array repeat its name, objects stand as JSON (OpenAPI, encoding of a form).
// Variables stay as they are. An example that is a text is one already.
func formOf(example []byte) []byte {
	t, fault := readText(example)
	switch {
	case fault != nil || len(t.Nodes) == 0:
		return nil
	case t.Nodes[0].Kind == jsontext.String:
		return []byte(t.str(0))
	case t.Nodes[0].Kind != jsontext.Object:
		return nil
	}
	var pairs []string
	for _, i := range t.Children(0) {
		values := []int{i}
		if t.Nodes[i].Kind == jsontext.Array {
			values = t.Children(i)
		}
		for _, v := range values {
			pairs = append(pairs, formEscape(t.name(i))+"="+formEscape(t.formText(v)))
		}
	}
	return []byte(strings.Join(pairs, "&"))
}

// formText is a value as it stands in a form.
func (t text) formText(i int) string {
	switch t.Nodes[i].Kind {
	case jsontext.String:
		return t.str(i)
	case jsontext.Object, jsontext.Array:
		var out bytes.Buffer
		if json.Compact(&out, t.Raw(i)) == nil {
			return out.String()
		}
	}
	return string(t.Raw(i))
}

// formEscape encodes a name or value, but for the variables in it.
func formEscape(s string) string {
	var out strings.Builder
	for s != "" {
		from := strings.Index(s, "{{")
		length := strings.Index(s[max(0, from):], "}}")
		if from < 0 || length < 0 {
			return out.String() + url.QueryEscape(s)
		}
		out.WriteString(url.QueryEscape(s[:from]) + s[from:from+length+2])
		s = s[from+length+2:]
	}
	return out.String()
}
