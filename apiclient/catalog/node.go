package catalog

import (
	"bytes"
	"encoding/json"
	"iter"
	"math"
	"strconv"
	"strings"

	"github.com/pb33f/go-yaml"

	"countersign/apiclient/jsontext"
)

// Bounds of a document with its aliases written out.
const (
	maxMerged = 200_000 // members that "<<" adds
	tooLarge  = 4 << 20 // bytes of one value
	maxDepth  = 1000    // of one value, as of any JSON text
)

// plain replaces aliases by what they name and "<<" by the members that it
// merges, so that nobody else needs to know of them.
type plain struct {
	seen  map[*yaml.Node]bool
	count int
}

func (p *plain) node(n *yaml.Node) *yaml.Node {
	switch {
	case n.Kind == yaml.AliasNode:
		return p.node(n.Alias)
	case n.Kind == yaml.DocumentNode && len(n.Content) > 0:
		return p.node(n.Content[0])
	case p.seen[n]:
		return n
	}
	p.seen[n] = true
	var merged []*yaml.Node
	all := n.Content[:0]
	for i, inner := range n.Content {
		inner = p.node(inner)
		if n.Kind == yaml.MappingNode && i%2 == 1 {
			if key := all[len(all)-1]; key.Value == "<<" && key.Style == 0 {
				all = all[:len(all)-1]
				merged = append(merged, inner)
				continue
			}
		}
		all = append(all, inner)
	}
	n.Content = all
	for _, m := range merged {
		p.merge(n, m)
	}
	return n
}

// merge adds to n the members of m, a mapping or a list of them, that n has not.
func (p *plain) merge(n, m *yaml.Node) {
	for _, one := range list(m) {
		p.merge(n, one)
	}
	if m.Kind != yaml.MappingNode || p.count > maxMerged {
		return
	}
	has := map[string]bool{}
	for key := range pairs(n) {
		has[key.Value] = true
	}
	for key, value := range pairs(m) {
		if p.count++; p.count <= maxMerged && !has[key.Value] {
			n.Content = append(n.Content, key, value)
		}
	}
}

// pairs yields the members of a mapping.
func pairs(n *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(*yaml.Node, *yaml.Node) bool) {
		if n == nil || n.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i], n.Content[i+1]) {
				return
			}
		}
	}
}

// get is a member of a mapping, nil where there is none.
func get(n *yaml.Node, name string) *yaml.Node {
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

func isTrue(n *yaml.Node) bool { return scalar(n) == "true" }

// integer is the value of a count, 0 for anything else.
func integer(n *yaml.Node) int {
	if n == nil {
		return 0
	}
	count, _ := scalarValue(n).(json.Number)
	f, _ := strconv.ParseFloat(string(count), 64)
	return int(min(max(0, f), math.MaxInt32))
}

// resolve finds what a reference inside the document names; nil where nothing
// is there.
func (d *document) resolve(ref string) *yaml.Node {
	if n, ok := d.targets[ref]; ok {
		return n
	}
	n := d.lookUp(ref)
	if d.targets != nil && n != nil {
		d.targets[ref] = n
	}
	return n
}

func (d *document) lookUp(ref string) *yaml.Node {
	pointer, ok := strings.CutPrefix(ref, "#")
	n := d.root
	switch {
	case ok && pointer == "":
		return n
	case !ok || pointer[0] != '/':
		return nil
	}
	for token := range strings.SplitSeq(pointer[1:], "/") {
		if token = unescapeToken(token); n == nil || n.Kind != yaml.SequenceNode {
			n = get(n, token)
			continue
		}
		i, err := strconv.Atoi(token)
		if err != nil || i < 0 || i >= len(n.Content) {
			return nil
		}
		n = n.Content[i]
	}
	return n
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

// appendJSON writes a node as compact JSON, in its own order.
func appendJSON(out []byte, n *yaml.Node, depth int) []byte {
	switch {
	case n == nil || depth > maxDepth || len(out) > tooLarge:
		return append(out, "null"...)
	case n.Kind == yaml.MappingNode || n.Kind == yaml.SequenceNode:
		brackets, named := "[]", n.Kind == yaml.MappingNode
		if named {
			brackets = "{}"
		}
		out = append(out, brackets[0])
		for i, inner := range n.Content {
			isName := named && i%2 == 0
			if i > 0 {
				out = append(out, map[bool]byte{true: ':', false: ','}[named && !isName])
			}
			if isName {
				out = appendString(out, inner.Value)
			} else {
				out = appendJSON(out, inner, depth+1)
			}
		}
		return append(out, brackets[1])
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
func appendString(out []byte, s string) []byte { return append(out, jsontext.Quote(s)...) }

// pretty indents JSON with two spaces.
func pretty(compact []byte) []byte {
	var b bytes.Buffer
	if json.Indent(&b, compact, "", "  ") != nil {
		return compact
	}
	return b.Bytes()
}
