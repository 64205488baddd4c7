package catalog

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"github.com/pb33f/go-yaml"
)

// parse reads the text into nodes and checks what any OpenAPI document must be.
func (d *document) parse(data []byte) error {
	if len(bytes.TrimSpace(data)) == 0 {
		return d.at(nil, notOpenAPI, "the document is empty")
	}
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		t, fault := scan(data)
		if fault != nil {
			return d.at(&yaml.Node{Line: fault.Line, Column: fault.Column}, "", "the document is not JSON: %s", fault.Message)
		}
		d.root = t.nodes()
	}
	if d.root == nil {
		var whole yaml.Node
		if err := yaml.Unmarshal(data, &whole); err != nil {
			return d.unreadable(err)
		}
		p := &plain{seen: map[*yaml.Node]bool{}}
		if d.root = p.node(&whole); p.count > maxMerged {
			return d.at(d.root, "merge fewer mappings", "the document has too many members once its << are written out")
		}
	}
	version := scalar(get(d.root, "openapi"))
	switch old := scalar(get(d.root, "swagger")); {
	case version == "" && old == "":
		return d.at(nil, notOpenAPI, "this is no OpenAPI document: it does not say openapi: 3.1.0 or the like")
	case !strings.HasPrefix(version, "3."):
		return d.at(nil, "convert it to OpenAPI 3", "the document says version %s; OpenAPI 3.0 or later is read",
			short(version+old))
	}
	d.old = strings.HasPrefix(version, "3.0")
	if d.builtin() {
		return nil
	}
	return d.checkReferences()
}

// builtin reports whether this is the document that comes with the program:
// tests have checked it, so that each start need not.
func (d *document) builtin() bool { return d.base == nil }

// notOpenAPI is the hint for a file that is another one than was meant.
const notOpenAPI = "check that the file is the right one; Swagger 2 and Postman collections need converting"

// unreadable turns an error of the YAML library into one of ours.
func (d *document) unreadable(err error) error {
	says := strings.TrimSpace(strings.Split(err.Error(), "\n")[0])
	e := &Error{Source: d.name, Err: err}
	place := regexp.MustCompile(`(?i)\b(?:line:? |L)(\d+)(?:(?:, column |:|\.C)(\d+))?`)
	if m := place.FindStringSubmatch(says); m != nil {
		e.Line, _ = strconv.Atoi(m[1])
		e.Column, _ = strconv.Atoi(m[2])
	}
	prefix := regexp.MustCompile(`^(?:go-yaml load error in \w+ |yaml: )(?:\((.*?)\) at [^:]*(: ))?`)
	e.Says = "the document cannot be read: " + prefix.ReplaceAllString(says, "$1$2")
	return e
}

// nodes turns a JSON text into the nodes that a YAML reader makes of one.
func (t *text) nodes() *yaml.Node {
	n := 2 * len(t.spans) // each may have a name
	b := &builder{text: t, whole: string(t.body), line: 1, nodes: make([]yaml.Node, 0, n), content: make([]*yaml.Node, n)}
	return b.node(0)
}

// builder makes nodes. There are thousands, and a start waits for those of the
// built-in document: they lie in one piece and share the text.
type builder struct {
	*text
	whole            string
	nodes            []yaml.Node
	content          []*yaml.Node // room for what nodes hold
	line, from, seen int          // of the offset that was placed last
}

// add appends a node of the text at an offset; offsets only grow.
func (b *builder) add(kind yaml.Kind, tag, value string, offset int) *yaml.Node {
	for ; b.seen < offset; b.seen++ {
		if b.body[b.seen] == '\n' {
			b.line, b.from = b.line+1, b.seen+1
		}
	}
	b.nodes = append(b.nodes, yaml.Node{Kind: kind, Tag: tag, Value: value, Line: b.line, Column: offset - b.from + 1})
	return &b.nodes[len(b.nodes)-1]
}

// quoted appends the string that starts at an offset.
func (b *builder) quoted(offset int) *yaml.Node {
	value := b.whole[offset+1:]
	value = value[:strings.IndexByte(value, '"')]
	if strings.IndexByte(value, '\\') >= 0 {
		value = unescape(b.body[offset:])
	}
	n := b.add(yaml.ScalarNode, "!!str", value, offset)
	n.Style = yaml.DoubleQuotedStyle
	return n
}

func (b *builder) node(i int) *yaml.Node {
	p := b.spans[i]
	raw := b.whole[p.start:p.end]
	switch {
	case p.kind == stringValue:
		return b.quoted(p.start)
	case p.kind == numberValue && strings.ContainsAny(raw, ".eE"):
		return b.add(yaml.ScalarNode, "!!float", raw, p.start)
	case p.kind == numberValue:
		return b.add(yaml.ScalarNode, "!!int", raw, p.start)
	case raw == "null":
		return b.add(yaml.ScalarNode, "!!null", raw, p.start)
	case p.kind == otherValue:
		return b.add(yaml.ScalarNode, "!!bool", raw, p.start)
	}
	n, each := b.add(yaml.MappingNode, "!!map", "", p.start), 2
	if p.kind == arrayValue {
		n.Kind, n.Tag, each = yaml.SequenceNode, "!!seq", 1
	}
	size := 0
	for c := i + 1; c < p.next; c = b.spans[c].next {
		size += each
	}
	n.Content, b.content = b.content[:0:size], b.content[size:]
	for c := i + 1; c < p.next; c = b.spans[c].next {
		if key := b.spans[c].key; key >= 0 {
			n.Content = append(n.Content, b.quoted(key))
		}
		n.Content = append(n.Content, b.node(c))
	}
	return n
}
