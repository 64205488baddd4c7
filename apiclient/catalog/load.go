package catalog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pb33f/go-yaml"
	"github.com/pb33f/libopenapi"
	"github.com/pb33f/libopenapi/datamodel"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
	"github.com/pb33f/libopenapi/orderedmap"
)

// loaded is what a document gives.
type loaded struct {
	groups    []string
	endpoints []Endpoint
	codes     []sharedCode
}

func (l loaded) common() []Code {
	var codes []Code
	for _, c := range l.codes {
		if c.everywhere {
			codes = append(codes, c.Code)
		}
	}
	return codes
}

// document is an OpenAPI document under reading, and later the source of its
// schemas.
type document struct {
	name string
	root *yaml.Node
	old  bool         // 3.0: schemas are a dialect of their own
	base []sharedCode // codes that any document may name
	own  loaded
	ids  map[string]int // line of each endpoint

	views map[*yaml.Node]*schemaView // what was read of its schemas
	schemas
}

// read turns a document into endpoints. base are the result codes that it may
// name without declaring them; the built-in document has none.
func read(ctx context.Context, name string, data []byte, base []sharedCode) (loaded, error) {
	if err := ctx.Err(); err != nil {
		return loaded{}, err
	}
	d := &document{name: name, base: base, ids: map[string]int{}}
	model, err := d.parse(data)
	if err != nil {
		return loaded{}, err
	}
	if err := d.readCodes(model.Extensions); err != nil {
		return loaded{}, err
	}
	for _, t := range model.Tags {
		d.own.groups = append(d.own.groups, t.Name)
	}
	if model.Paths != nil {
		for p, item := range model.Paths.PathItems.FromOldest() {
			if err := d.readItem(p, item, Outbound); err != nil {
				return loaded{}, err
			}
		}
	}
	for hook, item := range model.Webhooks.FromOldest() {
		if err := d.readItem("/"+strings.TrimLeft(hook, "/"), item, Callback); err != nil {
			return loaded{}, err
		}
	}
	if len(d.own.endpoints) == 0 {
		return loaded{}, &Error{Source: name, Says: "the document has no operations", Fix: "put them under paths or webhooks"}
	}
	if !d.builtin() {
		if err := d.compileAll(ctx); err != nil {
			return loaded{}, err
		}
	}
	return d.own, nil
}

// parse reads the text and checks what the library leaves alone.
func (d *document) parse(data []byte) (*v3.Document, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, &Error{Source: d.name, Says: "the document is empty"}
	}
	if !d.builtin() && looksLikeJSON(data) {
		// The library reads JSON as it can; its syntax faults are said better here.
		if _, fault := scan(data); fault != nil {
			return nil, &Error{Source: d.name, Line: fault.Line, Column: fault.Column, Says: "the document is not JSON: " + fault.Message}
		}
	}
	doc, err := libopenapi.NewDocumentWithConfiguration(data, &datamodel.DocumentConfiguration{
		Logger:                     slog.New(slog.DiscardHandler),
		SkipCircularReferenceCheck: true,
		SkipJSONConversion:         true,
		SkipExternalRefResolution:  true,
	})
	if err != nil {
		return nil, d.unreadable(err)
	}
	info := doc.GetSpecInfo()
	if info.SpecFormat != datamodel.OAS3 && info.SpecFormat != datamodel.OAS31 && info.SpecFormat != datamodel.OAS32 {
		return nil, &Error{Source: d.name, Says: fmt.Sprintf("the document says version %s; OpenAPI 3.0 or later is read", info.Version), Fix: "convert it to OpenAPI 3"}
	}
	d.root, d.old = content(info.RootNode), info.SpecFormat == datamodel.OAS3
	if !d.builtin() {
		if err := d.checkReferences(); err != nil {
			return nil, err
		}
	}
	model, err := doc.BuildV3Model()
	if err != nil {
		return nil, d.unreadable(err)
	}
	return &model.Model, nil
}

// builtin reports whether this is the document that comes with the program:
// tests have checked it, so that each start need not.
func (d *document) builtin() bool { return d.base == nil }

func looksLikeJSON(data []byte) bool {
	text := strings.TrimLeft(string(data[:min(len(data), 64)]), " \t\r\n")
	return strings.HasPrefix(text, "{")
}

// placeInWords is how the library says where.
var placeInWords = regexp.MustCompile(`(?i)\b(?:line:? |L)(\d+)(?:(?:, column |:|\.C)(\d+))?`)

// libraryPrefix is how it starts; what it was parsing is worth keeping.
var libraryPrefix = regexp.MustCompile(`^(?:unable to parse specification: )?(?:go-yaml load error in \w+ |yaml: )(?:\((.*?)\) at [^:]*(: ))?`)

// unreadable turns an error of the library into one of ours.
func (d *document) unreadable(err error) error {
	says := strings.TrimSpace(strings.Split(err.Error(), "\n")[0])
	e := &Error{Source: d.name, Err: err}
	if m := placeInWords.FindStringSubmatch(says); m != nil {
		e.Line, _ = strconv.Atoi(m[1])
		e.Column, _ = strconv.Atoi(m[2])
	}
	e.Says = "the document cannot be read: " + libraryPrefix.ReplaceAllString(says, "$1$2")
	if strings.Contains(says, "spec type not supported") {
		e.Says, e.Fix = "this is no OpenAPI document: it does not say openapi: 3.1.0 or the like", "check that the file is the right one; Swagger 2 and Postman collections need converting"
	}
	return e
}

// at is an error about a node.
func (d *document) at(n *yaml.Node, fix, format string, args ...any) *Error {
	e := &Error{Source: d.name, Says: fmt.Sprintf(format, args...), Fix: fix}
	if n != nil {
		e.Line, e.Column = n.Line, n.Column
	}
	return e
}

func (d *document) readItem(p string, item *v3.PathItem, direction Direction) error {
	if item == nil {
		return nil
	}
	operations := item.GetOperations()
	plain := plainMethod(operations)
	for method, op := range operations.FromOldest() {
		if err := d.readOperation(p, strings.ToUpper(method), method == plain, op, direction); err != nil {
			return err
		}
	}
	return nil
}

// plainMethod is the method of a path that needs no suffix in its ID.
func plainMethod(operations *orderedmap.Map[string, *v3.Operation]) string {
	plain := ""
	for method := range operations.KeysFromOldest() {
		if plain == "" || method == "post" {
			plain = method
		}
	}
	return plain
}

func (d *document) readOperation(p, method string, plain bool, op *v3.Operation, direction Direction) error {
	node := op.GoLow().GetRootNode()
	if !strings.HasPrefix(p, "/") {
		return d.at(node, "write it as it follows the base URL", "the path %q does not start with /", p)
	}
	version, name := split(p)
	if !plain {
		name += ":" + strings.ToLower(method)
	}
	e := Endpoint{
		ID: strings.TrimPrefix(version+"/"+name, "/"), Name: name, Version: version, Method: method, Path: p,
		Group: groupOf(op, name, direction), Summary: oneLine(op.Summary), Description: strings.TrimSpace(op.Description),
		Direction: direction, Source: d.name,
	}
	if ext := extension(op.Extensions, "x-direction"); ext != nil {
		switch ext.Value {
		case "callback":
			e.Direction = Callback
		case "outbound":
			e.Direction = Outbound
		default:
			return d.at(ext, "write callback or outbound", "x-direction is %q", ext.Value)
		}
	}
	if line, ok := d.ids[strings.ToLower(e.ID)]; ok {
		return d.at(node, "give one of them another path", "%s is declared twice, first at line %d", e.ID, line)
	}
	if node != nil {
		d.ids[strings.ToLower(e.ID)] = node.Line
	}
	var err error
	if e.Codes, err = d.codesOf(op, e.Direction); err != nil {
		return err
	}
	d.readBodies(&e, op)
	d.own.endpoints = append(d.own.endpoints, e)
	return d.readCallbacks(op)
}

// readCallbacks reads what an operation says it will be called back with. The
// path is the callback's name: where it goes is only known at run time.
func (d *document) readCallbacks(op *v3.Operation) error {
	for name, callback := range op.Callbacks.FromOldest() {
		if callback == nil {
			continue
		}
		for _, item := range callback.Expression.FromOldest() {
			if _, ok := d.ids[strings.ToLower(name)]; ok {
				break // the same callback of several operations
			}
			if err := d.readItem("/"+strings.TrimLeft(name, "/"), item, Callback); err != nil {
				return err
			}
		}
	}
	return nil
}

func groupOf(op *v3.Operation, name string, direction Direction) string {
	if len(op.Tags) > 0 && op.Tags[0] != "" {
		return op.Tags[0]
	}
	if direction == Callback {
		return "Callbacks"
	}
	first, _, _ := strings.Cut(name, "/")
	first, _, _ = strings.Cut(first, ":")
	if first == "" {
		return "Own"
	}
	return strings.ToUpper(first[:1]) + first[1:]
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// readBodies fills in what the operation says about request and response.
func (d *document) readBodies(e *Endpoint, op *v3.Operation) {
	if op.RequestBody != nil {
		if media, isJSON := chooseMedia(op.RequestBody.Content); media != nil {
			e.request = d.newContract(media, isJSON, op.RequestBody.Required != nil && *op.RequestBody.Required)
			e.Request = d.properties(e.request.node)
			if isJSON {
				e.Example = d.example(media, e.request.node)
			}
		}
	}
	if response := chooseResponse(op.Responses); response != nil {
		if media, isJSON := chooseMedia(response.Content); media != nil {
			e.response = d.newContract(media, isJSON, true)
			e.Response = d.properties(e.response.node)
		}
	}
}

// chooseMedia prefers JSON.
func chooseMedia(content *orderedmap.Map[string, *v3.MediaType]) (media *v3.MediaType, isJSON bool) {
	var first *v3.MediaType
	for kind, m := range content.FromOldest() {
		kind, _, _ = strings.Cut(strings.ToLower(kind), ";")
		kind = strings.TrimSpace(kind)
		if kind == "application/json" || strings.HasSuffix(kind, "+json") || path.Base(kind) == "*" {
			return m, true
		}
		if first == nil {
			first = m
		}
	}
	return first, false
}

// chooseResponse prefers 200, then any 2xx, then default.
func chooseResponse(responses *v3.Responses) *v3.Response {
	if responses == nil {
		return nil
	}
	var ok []string
	for code := range responses.Codes.KeysFromOldest() {
		if strings.HasPrefix(code, "2") {
			ok = append(ok, code)
		}
	}
	if len(ok) == 0 {
		return responses.Default
	}
	slices.Sort(ok)
	response, _ := responses.Codes.Get(ok[0])
	return response
}

// sharedCode is a result code of a document's table.
type sharedCode struct {
	Code
	everywhere bool // every interface may answer with it
}

const codesExtension = "x-result-codes"

// readCodes reads the table at the top of the document.
func (d *document) readCodes(extensions *orderedmap.Map[string, *yaml.Node]) error {
	list := extension(extensions, codesExtension)
	if list == nil {
		return nil
	}
	if list.Kind != yaml.SequenceNode {
		return d.at(list, "write a list of {code, status, meaning, advice}", "%s is not a list", codesExtension)
	}
	for _, n := range list.Content {
		c, err := d.readCode(content(n))
		if err != nil {
			return err
		}
		everywhere := scalar(get(content(n), "everywhere")) == "true"
		d.own.codes = append(d.own.codes, sharedCode{c, everywhere})
	}
	return nil
}

// extension is what stands under an x- name; nil where nothing does.
func extension(all *orderedmap.Map[string, *yaml.Node], name string) *yaml.Node {
	if all == nil {
		return nil
	}
	n, _ := all.Get(name)
	return content(n)
}

func (d *document) readCode(n *yaml.Node) (Code, error) {
	c := Code{
		Code: scalar(get(n, "code")), Status: scalar(get(n, "status")),
		Meaning: scalar(get(n, "meaning")), Advice: scalar(get(n, "advice")),
	}
	const form = `write {code: ORDER_CLOSED, status: F, meaning: "…", advice: "…"}`
	switch {
	case n.Kind != yaml.MappingNode || c.Code == "":
		return Code{}, d.at(n, form, "a result code has no code")
	case c.Status == "" || strings.Trim(c.Status, "SFUA") != "":
		return Code{}, d.at(n, "use S, F, U or A, or FU where it may be either", "the result code %s has the status %q", c.Code, c.Status)
	case c.Meaning == "":
		return Code{}, d.at(n, form, "the result code %s has no meaning", c.Code)
	}
	return c, nil
}

// codesOf lists the result codes of an operation: its own, then those that
// every interface has.
func (d *document) codesOf(op *v3.Operation, direction Direction) ([]Code, error) {
	var codes []Code
	if list := extension(op.Extensions, codesExtension); list != nil {
		if target := scalar(get(list, "$ref")); target != "" {
			list = d.resolve(target)
		}
		if list == nil || list.Kind != yaml.SequenceNode {
			return nil, d.at(op.GoLow().GetRootNode(), "write a list of names, or of {code, status, meaning, advice}", "%s is not a list", codesExtension)
		}
		for _, n := range list.Content {
			c, err := d.codeOrName(content(n))
			if err != nil {
				return nil, err
			}
			codes = append(codes, c)
		}
	}
	if direction == Callback {
		return codes, nil // the merchant answers, and has codes of its own
	}
	table := d.own.common()
	if len(table) == 0 {
		table = loaded{codes: d.base}.common()
	}
	for _, c := range table {
		if !slices.ContainsFunc(codes, func(o Code) bool { return o.Code == c.Code }) {
			codes = append(codes, c)
		}
	}
	return codes, nil
}

func (d *document) codeOrName(n *yaml.Node) (Code, error) {
	if n.Kind != yaml.ScalarNode {
		return d.readCode(n)
	}
	for _, table := range [][]sharedCode{d.own.codes, d.base} {
		if i := slices.IndexFunc(table, func(c sharedCode) bool { return c.Code.Code == n.Value }); i >= 0 {
			return table[i].Code, nil
		}
	}
	return Code{}, d.at(n, "declare it under "+codesExtension+" at the top of the document, or write {code, status, meaning, advice} here", "the result code %s is not declared", n.Value)
}

// compileAll makes every schema, so that faults in a team's own document are
// told when it is loaded and not when a body is checked.
func (d *document) compileAll(ctx context.Context) error {
	for _, e := range d.own.endpoints {
		for _, k := range []*contract{e.request, e.response} {
			if err := ctx.Err(); err != nil {
				return err
			}
			if k == nil {
				continue
			}
			if _, err := k.compiled(); err != nil {
				return err
			}
		}
	}
	return nil
}

var errNoLoading = errors.New("other documents are not loaded")
