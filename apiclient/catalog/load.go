package catalog

import (
	"context"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/pb33f/go-yaml"
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

	views    map[*yaml.Node]*schemaView // what was read of its schemas
	sampling sync.Mutex                 // held by Sample: it reads more of them
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
	if method == "" {
		return d.at(node, "write it under the name of an HTTP method, such as post", "an operation of %s has no method", p)
	}
	version, name := split(p)
	if !plain {
		name += ":" + strings.ToLower(method)
	}
	e := Endpoint{
		ID: strings.TrimPrefix(version+"/"+name, "/"), Name: name, Version: version, Method: method, Path: p,
		Group: groupOf(op, name, direction), Summary: oneLine(op.Summary), Description: strings.TrimSpace(op.Description),
		Direction: direction, Source: d.name, OperationID: op.OperationId,
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
	if e.Links, err = d.linksOf(op); err != nil {
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
