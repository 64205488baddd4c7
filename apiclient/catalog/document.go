package catalog

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

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
	root *node
	refs map[*node]*node // what each $ref names
	old  bool            // 3.0: schemas are a dialect of their own
	base []Code          // codes that any document may name
	own  loaded
	ids  map[string]int32 // line of each endpoint

	operations  []operation // of own.endpoints, by index
	faulty      map[*node][]*Error
	faultyNodes []*node // in the order of the faults

	files     Files    // nil: other files are not read
	fileNames []string // that were looked for, relative to the document's folder
	mounted   map[string]mounted
	fileBytes int

	views map[*node]*schemaView // of its schemas, while the document is read; nil afterwards
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
		if !strings.HasPrefix(p, "x-") {
			d.readItem(p, item, Outbound)
		}
	}
	for hook, item := range pairs(get(d.root, "webhooks")) {
		d.readItem("/"+strings.TrimLeft(hook, "/"), item, Callback)
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
	for _, file := range d.fileNames {
		d.own.files = append(d.own.files, d.beside(file))
	}
	d.views = nil // from now on it may be read by many at once
	return d.own, nil
}

func newDocument(name string, files Files, base []Code) *document {
	return &document{
		name: name, files: files, base: base, ids: map[string]int32{}, views: map[*node]*schemaView{},
		faulty: map[*node][]*Error{}, mounted: map[string]mounted{}, refs: map[*node]*node{},
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
	if d.root, err = d.nodes(data, 0); err != nil {
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
	if d.builtin() {
		d.pointAll(d.root)
	} else {
		d.readReferences()
	}
	return nil
}

// nodes turns a text, JSON or YAML, into nodes. file is its place among fileNames, from 1.
func (d *document) nodes(data []byte, file uint16) (*node, error) {
	if start := bytes.TrimSpace(data); len(start) > 0 && start[0] == '{' {
		t, fault := readText(data)
		if fault != nil {
			e := d.at(nil, "", "the document is not JSON: %s", fault.Message)
			e.Line, e.Column = fault.Line, fault.Column
			return nil, e
		}
		return t.nodes(file), nil
	}
	var whole yaml.Node
	if err := yaml.Unmarshal(data, &whole); err != nil {
		return nil, d.unreadable(err)
	}
	p := &fromYAML{file: file, made: map[*yaml.Node]*node{}}
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
func (d *document) at(n *node, fix, format string, args ...any) *Error {
	e := &Error{Source: d.name, Says: fmt.Sprintf(format, args...), Fix: hint.Fix(fix)}
	if n != nil {
		e.Line, e.Column = int(n.line), int(n.column)
		if n.file > 0 {
			e.Source = d.beside(d.fileNames[n.file-1])
		}
	}
	return e
}
