package catalog

import (
	"bytes"
	"cmp"
	"encoding/json"
	"iter"
	"math"
	"slices"
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

// kind is what a value of a document is; those before listKind are scalars.
type kind byte

const (
	nullKind kind = iota
	boolKind
	numberKind
	textKind // and whatever else YAML knows
	listKind
	objectKind
)

// node is a value of a document, JSON or YAML. A document has thousands: they are
// small, and one that has several names, by an alias or a merge, is there once.
type node struct {
	kind         kind
	file         uint16 // of document.fileNames, from 1; 0: the document itself
	line, column int32  // from 1
	value        string // of a scalar: a text as it reads, anything else as it is written
	names        []string
	inside       []*node // the items of a list; the members of an object, by names
}

func (n *node) isScalar() bool { return n.kind < listKind }

// pairs yields the members of an object as it is when the loop begins.
func pairs(n *node) iter.Seq2[string, *node] {
	return func(yield func(string, *node) bool) {
		if n == nil {
			return
		}
		inside := n.inside
		for i, name := range n.names {
			if !yield(name, inside[i]) {
				return
			}
		}
	}
}

// get is a member of an object, nil where there is none.
func get(n *node, name string) *node {
	if n != nil {
		if i := slices.Index(n.names, name); i >= 0 {
			return n.inside[i]
		}
	}
	return nil
}

// put adds a member to an object.
func put(n *node, name string, value *node) {
	n.names, n.inside = append(n.names, name), append(n.inside, value)
}

// list is the content of a list, nil for anything else.
func list(n *node) []*node {
	if n == nil || n.kind != listKind {
		return nil
	}
	return n.inside
}

// scalar is the text of a scalar, "" for anything else.
func scalar(n *node) string {
	if n == nil || n.kind == nullKind {
		return ""
	}
	return n.value
}

func isTrue(n *node) bool { return scalar(n) == "true" }

// integer is the value of a count, 0 for anything else.
func integer(n *node) int {
	if n == nil {
		return 0
	}
	count, _ := n.number()
	f, _ := strconv.ParseFloat(count, 64)
	return int(min(max(0, f), math.MaxInt32))
}

// number is a number as JSON writes it.
func (n *node) number() (s string, ok bool) {
	if n.kind != numberKind {
		return "", false
	}
	return number(n.value)
}

// number reads a YAML number, which may be written as JSON has none.
func number(s string) (plain string, ok bool) {
	if json.Valid([]byte(s)) {
		return s, true
	}
	plain = strings.ReplaceAll(s, "_", "")
	if i, err := strconv.ParseInt(plain, 0, 64); err == nil {
		return strconv.FormatInt(i, 10), true
	}
	if f, err := strconv.ParseFloat(plain, 64); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
		return strconv.FormatFloat(f, 'g', -1, 64), true
	}
	return s, false
}

// resolve finds what a reference inside the document names; nil where nothing
// is there.
func (d *document) resolve(ref string) *node {
	pointer, ok := strings.CutPrefix(ref, "#")
	n := d.root
	switch {
	case ok && pointer == "":
		return n
	case !ok || pointer[0] != '/':
		return nil
	}
	for token := range strings.SplitSeq(pointer[1:], "/") {
		if token = unescapeToken(token); n == nil || n.kind != listKind {
			n = get(n, token)
			continue
		}
		i, err := strconv.Atoi(token)
		if err != nil || i < 0 || i >= len(n.inside) {
			return nil
		}
		n = n.inside[i]
	}
	return n
}

// nodes makes nodes of a JSON text. A start waits for those of the built-in document:
// they lie in one piece and share the text.
func (t text) nodes(file uint16) *node {
	size, named := make([]int, len(t.Nodes)), 0 // how many are inside of each
	for _, n := range t.Nodes[1:] {
		size[n.Parent]++
		if n.Name.Kind != jsontext.None {
			named++
		}
	}
	whole, nodes := string(t.Doc), make([]node, len(t.Nodes))
	inside, names := make([]*node, len(t.Nodes)), make([]string, named)
	lines := jsontext.Lines{Doc: t.Doc}
	for i, value := range t.Nodes {
		line, column := lines.Of(value.From)
		n := &nodes[i]
		*n = node{file: file, line: int32(line), column: int32(column), value: whole[value.From:value.To]} //nolint:gosec // of MBs
		switch n.kind = kindAt(n.value); n.kind {
		case textKind:
			n.value = unquoted(n.value)
		case objectKind:
			n.names, names = names[:0:size[i]], names[size[i]:]
			fallthrough
		case listKind:
			n.inside, inside, n.value = inside[:0:size[i]], inside[size[i]:], ""
		}
		if i == 0 {
			continue
		}
		parent := &nodes[value.Parent]
		parent.inside = append(parent.inside, n)
		if name := value.Name; name.Kind != jsontext.None {
			parent.names = append(parent.names, unquoted(whole[name.From:name.To]))
		}
	}
	return &nodes[0]
}

// kindAt is the kind of the value that a text of JSON begins with.
func kindAt(value string) kind {
	switch value[0] {
	case '{':
		return objectKind
	case '[':
		return listKind
	case '"':
		return textKind
	case 'n':
		return nullKind
	case 't', 'f':
		return boolKind
	}
	return numberKind
}

// unquoted reads a string, and shares its bytes where it has no escapes.
func unquoted(s string) string {
	if strings.IndexByte(s, '\\') >= 0 {
		return jsontext.Text([]byte(s))
	}
	return s[1 : len(s)-1]
}

// fromYAML makes nodes of a YAML text: aliases become what they name, and "<<" the
// members that it merges, so that nobody else needs to know of them.
type fromYAML struct {
	file  uint16
	made  map[*yaml.Node]*node
	count int // of the members that were merged
}

func (p *fromYAML) node(y *yaml.Node) *node {
	switch {
	case y.Kind == yaml.AliasNode:
		return p.node(y.Alias)
	case y.Kind == yaml.DocumentNode && len(y.Content) > 0:
		return p.node(y.Content[0])
	case p.made[y] != nil:
		return p.made[y]
	}
	n := &node{file: p.file, line: int32(y.Line), column: int32(y.Column), value: y.Value} //nolint:gosec // of a text of MBs
	p.made[y] = n
	switch y.Kind {
	case yaml.SequenceNode:
		n.kind = listKind
		for _, item := range y.Content {
			n.inside = append(n.inside, p.node(item))
		}
	case yaml.MappingNode:
		n.kind = objectKind
		p.members(n, y.Content)
	default:
		n.kind = textKind
		switch y.ShortTag() {
		case "!!null":
			n.kind, n.value = nullKind, "null"
		case "!!bool":
			n.kind, n.value = boolKind, strings.ToLower(n.value)
		case "!!int", "!!float":
			n.kind = numberKind
		}
	}
	return n
}

func (p *fromYAML) members(n *node, content []*yaml.Node) {
	var merged []*node
	for i := 0; i+1 < len(content); i += 2 {
		key, value := content[i], p.node(content[i+1])
		if key.Value == "<<" && key.Style == 0 {
			merged = append(merged, value)
			continue
		}
		put(n, p.node(key).value, value)
	}
	for _, m := range merged {
		p.merge(n, m)
	}
}

// merge adds to n the members of m, an object or a list of them, that n has not.
func (p *fromYAML) merge(n, m *node) {
	for _, one := range list(m) {
		p.merge(n, one)
	}
	if p.count > maxMerged {
		return
	}
	has := map[string]bool{}
	for name := range pairs(n) {
		has[name] = true
	}
	for name, value := range pairs(m) {
		if p.count++; p.count <= maxMerged && !has[name] {
			put(n, name, value)
		}
	}
}

// appendJSON writes a node as compact JSON, in its own order.
func appendJSON(out []byte, n *node, depth int) []byte {
	if n == nil || depth > maxDepth || len(out) > tooLarge {
		return append(out, "null"...)
	}
	switch plain, isNumber := n.number(); {
	case n.isScalar() && (isNumber || n.kind < numberKind):
		return append(out, cmp.Or(plain, n.value)...)
	case n.isScalar():
		return appendString(out, n.value)
	}
	brackets := "[]"
	if n.kind == objectKind {
		brackets = "{}"
	}
	out = append(out, brackets[0])
	for i, inner := range n.inside {
		if i > 0 {
			out = append(out, ',')
		}
		if n.kind == objectKind {
			out = append(appendString(out, n.names[i]), ':')
		}
		out = appendJSON(out, inner, depth+1)
	}
	return append(out, brackets[1])
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
