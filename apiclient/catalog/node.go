package catalog

import (
	"bytes"
	"encoding/json"
	"iter"
	"math"
	"strconv"
	"strings"

	"github.com/pb33f/go-yaml"
)

// content is the node that counts: a document's only child, an alias's target.
func content(n *yaml.Node) *yaml.Node {
	for n != nil {
		switch {
		case n.Kind == yaml.AliasNode && n.Alias != n:
			n = n.Alias
		case n.Kind == yaml.DocumentNode && len(n.Content) > 0:
			n = n.Content[0]
		default:
			return n
		}
	}
	return nil
}

// pairs yields the members of a mapping; those that "<<" merges come last, and
// not where the mapping has them itself.
func pairs(n *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(*yaml.Node, *yaml.Node) bool) {
		if n = content(n); n == nil || n.Kind != yaml.MappingNode {
			return
		}
		var merged []*yaml.Node
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i], content(n.Content[i+1])
			if key.Value == "<<" && key.Style == 0 && value != nil {
				merged = append(merged, value)
				continue
			}
			if value != nil && !yield(key, value) {
				return
			}
		}
		for _, m := range merged {
			for key, value := range mergedPairs(m) {
				if own(n, key.Value) == nil && !yield(key, value) {
					return
				}
			}
		}
	}
}

// mergedPairs yields the members of what stands behind "<<": a mapping or a
// list of them.
func mergedPairs(m *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	if m.Kind != yaml.SequenceNode {
		return pairs(m)
	}
	return func(yield func(*yaml.Node, *yaml.Node) bool) {
		for _, one := range m.Content {
			for key, value := range pairs(one) {
				if !yield(key, value) {
					return
				}
			}
		}
	}
}

// own finds a member without looking into merges.
func own(n *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return content(n.Content[i+1])
		}
	}
	return nil
}

// get is a member of a mapping, nil where there is none.
func get(n *yaml.Node, name string) *yaml.Node {
	if n = content(n); n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	if value := own(n, name); value != nil || own(n, "<<") == nil {
		return value
	}
	for key, value := range pairs(n) {
		if key.Value == name {
			return value
		}
	}
	return nil
}

// scalar is the text of a scalar node, "" for anything else.
func scalar(n *yaml.Node) string {
	if n == nil || n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" {
		return ""
	}
	return n.Value
}

func integer(n *yaml.Node) int {
	i, _ := strconv.Atoi(scalar(n))
	return max(0, i)
}

// resolve finds what a reference inside the document names; nil where nothing
// is there.
func (d *document) resolve(ref string) *yaml.Node {
	pointer, ok := strings.CutPrefix(ref, "#")
	if !ok {
		return nil
	}
	n := d.root
	if pointer == "" {
		return n
	}
	if !strings.HasPrefix(pointer, "/") {
		return nil
	}
	for _, token := range strings.Split(pointer[1:], "/") {
		token = unescapeToken(token)
		switch {
		case n == nil:
			return nil
		case n.Kind == yaml.SequenceNode:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(n.Content) {
				return nil
			}
			n = content(n.Content[i])
		default:
			n = get(n, token)
		}
	}
	return n
}

// tooLarge bounds a document with its aliases written out.
const tooLarge = 2_000_000

// values turns nodes into what the schema compiler reads.
type values struct {
	d     *document
	count int
}

func (v *values) of(n *yaml.Node) (any, error) {
	if v.count++; v.count > tooLarge {
		return nil, v.d.at(n, "write fewer aliases", "the document has more than %d values once its aliases are written out", tooLarge)
	}
	switch n = content(n); n.Kind {
	case yaml.MappingNode:
		m := make(map[string]any, len(n.Content)/2)
		for key, value := range pairs(n) {
			inner, err := v.of(value)
			if err != nil {
				return nil, err
			}
			m[key.Value] = inner
		}
		if v.d.old {
			modernise(m)
		}
		if _, ok := m["contentMediaType"].(string); ok {
			// What is inside a string is checked for being JSON, and no more:
			// the validator loses the place of what else it finds there.
			delete(m, "contentSchema")
		}
		return m, nil
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			inner, err := v.of(item)
			if err != nil {
				return nil, err
			}
			list = append(list, inner)
		}
		return list, nil
	}
	return scalarValue(n), nil
}

func scalarValue(n *yaml.Node) any {
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		return strings.EqualFold(n.Value, "true")
	case "!!int", "!!float":
		return number(n.Value)
	}
	return n.Value
}

// number reads a YAML number, which may be written as JSON has none.
func number(s string) any {
	if json.Valid([]byte(s)) {
		return json.Number(s)
	}
	plain := strings.ReplaceAll(s, "_", "")
	if i, err := strconv.ParseInt(plain, 0, 64); err == nil {
		return json.Number(strconv.FormatInt(i, 10))
	}
	if f, err := strconv.ParseFloat(plain, 64); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
		return json.Number(strconv.FormatFloat(f, 'g', -1, 64))
	}
	return s
}

// modernise turns what only schemas of OpenAPI 3.0 say into JSON Schema:
// nullable, and exclusiveMinimum as a switch.
func modernise(m map[string]any) {
	for limit, exclusive := range map[string]string{"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"} {
		on, isSwitch := m[exclusive].(bool)
		if !isSwitch {
			continue
		}
		delete(m, exclusive)
		if value, ok := m[limit]; ok && on {
			m[exclusive] = value
			delete(m, limit)
		}
	}
	if nullable, ok := m["nullable"].(bool); !ok || !nullable {
		return
	}
	delete(m, "nullable")
	if list, ok := m["enum"].([]any); ok {
		m["enum"] = append(list, nil)
	}
	if t, ok := m["type"].(string); ok {
		m["type"] = []any{t, "null"}
		return
	}
	inner := make(map[string]any, len(m))
	for key, value := range m {
		inner[key] = value
		delete(m, key)
	}
	m["anyOf"] = []any{inner, map[string]any{"type": "null"}}
}

// appendJSON writes a node as compact JSON, in its own order.
func appendJSON(out []byte, n *yaml.Node, depth int) []byte {
	n = content(n)
	switch {
	case n == nil || depth > maxDepth:
		return append(out, "null"...)
	case n.Kind == yaml.MappingNode:
		out = append(out, '{')
		first := true
		for key, value := range pairs(n) {
			if !first {
				out = append(out, ',')
			}
			first = false
			out = append(appendString(out, key.Value), ':')
			out = appendJSON(out, value, depth+1)
		}
		return append(out, '}')
	case n.Kind == yaml.SequenceNode:
		out = append(out, '[')
		for i, item := range n.Content {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendJSON(out, item, depth+1)
		}
		return append(out, ']')
	}
	switch value := scalarValue(n).(type) {
	case nil:
		return append(out, "null"...)
	case bool:
		return strconv.AppendBool(out, value)
	case json.Number:
		return append(out, value...)
	}
	return appendString(out, n.Value)
}

// appendString quotes s; <, > and & stay as they are.
func appendString(out []byte, s string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string and a buffer cannot fail
	return append(out, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...)
}

// pretty indents JSON with two spaces.
func pretty(compact []byte) []byte {
	var b bytes.Buffer
	if json.Indent(&b, compact, "", "  ") != nil {
		return compact
	}
	return b.Bytes()
}
