package catalog

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/pb33f/go-yaml"

	"countersign/apiclient/hint"
	"countersign/apiclient/jsontext"
)

// loaded is what a document gives.
type loaded struct {
	groups    []string
	endpoints []Endpoint
	codes     []Code
	faults    []*Error // of parts of it
	files     []string // that it refers to
}

// document is an OpenAPI document under reading, and later the source of its
// schemas.
type document struct {
	name string
	root *yaml.Node
	old  bool   // 3.0: schemas are a dialect of their own
	base []Code // codes that any document may name
	own  loaded
	ids  map[string]int // line of each endpoint

	operations  []operation // of own.endpoints, by index
	faulty      map[*yaml.Node][]*Error
	faultyNodes []*yaml.Node // in the order of the faults

	files     Files // nil: other files are not read
	mounted   map[string]mounted
	fileBytes int

	targets map[string]*yaml.Node // of references, while the document is read; nil afterwards

	views    map[*yaml.Node]*schemaView // what was read of its schemas
	sampling sync.Mutex                 // held by Sample: it reads more of them
}

// read turns a document into endpoints. base are the result codes that it may
// name without declaring them; the built-in document has none. An error is about
// the document as a whole: what is wrong with a part of it is among the faults.
func read(ctx context.Context, name string, data []byte, files Files, base []Code) (loaded, error) {
	if err := ctx.Err(); err != nil {
		return loaded{}, err
	}
	d := newDocument(name, files, base)
	if err := d.parse(data); err != nil {
		return loaded{}, err
	}
	d.readCodes()
	for _, tag := range list(get(d.root, "tags")) {
		d.own.groups = append(d.own.groups, scalar(get(tag, "name")))
	}
	for p, item := range pairs(get(d.root, "paths")) {
		if !strings.HasPrefix(p.Value, "x-") {
			d.readItem(p.Value, item, Outbound)
		}
	}
	for hook, item := range pairs(get(d.root, "webhooks")) {
		d.readItem("/"+strings.TrimLeft(hook.Value, "/"), item, Callback)
	}
	if len(d.own.endpoints) == 0 {
		return loaded{}, d.empty()
	}
	if !d.builtin() {
		if err := d.checkSchemas(ctx); err != nil {
			return loaded{}, err
		}
	}
	d.describe()
	d.attach()
	d.own.files = d.filesRead()
	d.targets = nil // from now on it may be read by many at once
	return d.own, nil
}

func newDocument(name string, files Files, base []Code) *document {
	return &document{
		name: name, files: files, base: base, ids: map[string]int{}, views: map[*yaml.Node]*schemaView{},
		faulty: map[*yaml.Node][]*Error{}, mounted: map[string]mounted{}, targets: map[string]*yaml.Node{},
	}
}

// empty is the error for a document without operations: where they could not be
// read it says why.
func (d *document) empty() error {
	if len(d.own.faults) > 0 {
		e := *d.own.faults[0]
		e.Says = "the document has no operations that can be read: " + e.Says
		return &e
	}
	return &Error{Source: d.name, Says: "the document has no operations", Fix: "put them under paths or webhooks"}
}

// parse reads the text into nodes and checks what any OpenAPI document must be.
func (d *document) parse(data []byte) (err error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return d.at(nil, notOpenAPI, "the document is empty")
	}
	if d.root, err = d.nodes(data); err != nil {
		return err
	}
	version := scalar(get(d.root, "openapi"))
	switch old := scalar(get(d.root, "swagger")); {
	case version == "" && old == "":
		return d.at(nil, notOpenAPI, "this is no OpenAPI document: it has no line such as openapi: 3.1.0")
	case old == "2.0" || old == "2":
		swagger{d.root}.convert()
		version = "3.0"
	case !strings.HasPrefix(version, "3."):
		return d.at(nil, "convert it to OpenAPI 3, for example with https://converter.swagger.io",
			"the document says version %s; Swagger 2.0 and OpenAPI 3 are read", jsontext.Short(version+old))
	}
	d.old = strings.HasPrefix(version, "3.0")
	if !d.builtin() {
		d.readReferences()
	}
	return nil
}

// nodes turns a text, JSON or YAML, into nodes.
func (d *document) nodes(data []byte) (*yaml.Node, error) {
	if start := bytes.TrimSpace(data); len(start) > 0 && start[0] == '{' {
		t, fault := readText(data)
		if fault != nil {
			return nil, d.at(&yaml.Node{Line: fault.Line, Column: fault.Column}, "", "the document is not JSON: %s",
				fault.Message)
		}
		return t.nodes(), nil
	}
	var whole yaml.Node
	if err := yaml.Unmarshal(data, &whole); err != nil {
		return nil, d.unreadable(err)
	}
	p := &plain{seen: map[*yaml.Node]bool{}}
	root := p.node(&whole)
	if p.count > maxMerged {
		return nil, d.at(root, "merge fewer mappings", "the document has too many members once its << are written out")
	}
	return root, nil
}

// builtin reports whether this is the document that comes with the program:
// tests have checked it, so that each start need not.
func (d *document) builtin() bool { return d.base == nil }

// notOpenAPI is the hint for a file that is another one than was meant.
const notOpenAPI = "check that the file is the right one; RAML, API Blueprint and Postman collections need converting to OpenAPI 3"

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

// nodes turns a JSON text into the nodes that a YAML reader makes of one. There
// are thousands, and a start waits for those of the built-in document: they lie in
// one piece and share the text.
func (t text) nodes() *yaml.Node {
	size := make([]int, len(t.Nodes)) // of the Content of each
	for _, n := range t.Nodes[1:] {
		size[n.Parent]++
		if n.Name.Kind != jsontext.None {
			size[n.Parent]++
		}
	}
	most := 2 * len(t.Nodes) // each may have a name
	b := &builder{text: t, whole: string(t.Doc), line: 1, nodes: make([]yaml.Node, 0, most)}
	content, made := make([]*yaml.Node, most), make([]*yaml.Node, len(t.Nodes))
	for i, n := range t.Nodes {
		if n.Name.Kind != jsontext.None {
			made[n.Parent].Content = append(made[n.Parent].Content, b.add(n.Name))
		}
		made[i] = b.add(n.Token)
		made[i].Content, content = content[:0:size[i]], content[size[i]:]
		if i > 0 {
			made[n.Parent].Content = append(made[n.Parent].Content, made[i])
		}
	}
	return made[0]
}

// builder makes nodes.
type builder struct {
	text
	whole            string
	nodes            []yaml.Node
	line, from, seen int // of the offset that was placed last
}

// add appends a node; offsets only grow.
func (b *builder) add(token jsontext.Token) *yaml.Node {
	for ; b.seen < token.From; b.seen++ {
		if b.Doc[b.seen] == '\n' {
			b.line, b.from = b.line+1, b.seen+1
		}
	}
	n := yaml.Node{Kind: yaml.ScalarNode, Value: b.whole[token.From:token.To]}
	n.Line, n.Column = b.line, token.From-b.from+1
	switch token.Kind {
	case jsontext.Object:
		n.Kind, n.Tag, n.Value = yaml.MappingNode, "!!map", ""
	case jsontext.Array:
		n.Kind, n.Tag, n.Value = yaml.SequenceNode, "!!seq", ""
	case jsontext.String:
		n.Tag, n.Style, n.Value = "!!str", yaml.DoubleQuotedStyle, n.Value[1:len(n.Value)-1]
		if strings.IndexByte(n.Value, '\\') >= 0 {
			n.Value = jsontext.Text(token.Of(b.Doc))
		}
	case jsontext.Number:
		n.Tag = "!!int"
		if strings.ContainsAny(n.Value, ".eE") {
			n.Tag = "!!float"
		}
	default:
		n.Tag = map[byte]string{'n': "!!null", 't': "!!bool", 'f': "!!bool"}[n.Value[0]]
	}
	b.nodes = append(b.nodes, n)
	return &b.nodes[len(b.nodes)-1]
}

// Error says what is wrong with a catalogue document, and where.
type Error struct {
	Source string // file name of the document
	Line   int    // 1-based; 0 where unknown
	Column int    // 1-based, in bytes; 0 where unknown
	Says   string // one sentence without its full stop
	Err    error  // what it comes from, if anything
	hint.Fix
}

// Error has the form "file:line:column: what is wrong".
func (e *Error) Error() string {
	place := e.Source
	for _, n := range []int{e.Line, e.Column} {
		if n > 0 {
			place += ":" + strconv.Itoa(n)
		}
	}
	return place + ": " + e.Says
}

func (e *Error) Unwrap() error { return e.Err }

// at returns an error about a node.
func (d *document) at(n *yaml.Node, fix, format string, args ...any) *Error {
	e := &Error{Source: d.name, Says: fmt.Sprintf(format, args...), Fix: hint.Fix(fix)}
	if n != nil {
		e.Line, e.Column = n.Line, n.Column
	}
	if n != nil && len(d.mounted) > 0 && len(d.own.faults) < maxFaults { // to find the file takes its time
		e.Source = d.sourceOf(n)
	}
	return e
}
