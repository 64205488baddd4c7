package catalog

import (
	"context"
	"path"
	"strings"
	"sync"

	"github.com/pb33f/go-yaml"
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
}

// read turns a document into endpoints. base are the result codes that it may
// name without declaring them; the built-in document has none.
func read(ctx context.Context, name string, data []byte, base []sharedCode) (loaded, error) {
	if err := ctx.Err(); err != nil {
		return loaded{}, err
	}
	d := &document{name: name, base: base, ids: map[string]int{}}
	if err := d.parse(data); err != nil {
		return loaded{}, err
	}
	if err := d.readCodes(); err != nil {
		return loaded{}, err
	}
	for _, tag := range list(get(d.root, "tags")) {
		d.own.groups = append(d.own.groups, scalar(get(tag, "name")))
	}
	for p, item := range pairs(get(d.root, "paths")) {
		if strings.HasPrefix(p.Value, "x-") {
			continue
		}
		if err := d.readItem(p.Value, item, Outbound); err != nil {
			return loaded{}, err
		}
	}
	for hook, item := range pairs(get(d.root, "webhooks")) {
		if err := d.readItem("/"+strings.TrimLeft(hook.Value, "/"), item, Callback); err != nil {
			return loaded{}, err
		}
	}
	if len(d.own.endpoints) == 0 {
		return loaded{}, &Error{Source: name, Says: "the document has no operations", Fix: "put them under paths or webhooks"}
	}
	if !d.builtin() {
		if err := d.checkSchemas(ctx); err != nil {
			return loaded{}, err
		}
	}
	return d.own, nil
}

// methods are the names of operations; the first of a path, or post where it is
// there, needs no suffix in its ID.
var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}

func (d *document) readItem(p string, item *yaml.Node, direction Direction) error {
	item = d.deref(item)
	type operation struct {
		method string
		node   *yaml.Node
	}
	var all []operation
	for _, method := range methods {
		if op := get(item, method); op != nil {
			all = append(all, operation{method, op})
		}
	}
	for method, op := range pairs(get(item, "additionalOperations")) { // OpenAPI 3.2
		all = append(all, operation{method.Value, op})
	}
	plain := ""
	for _, o := range all {
		if plain == "" || o.method == "post" {
			plain = o.method
		}
	}
	for _, o := range all {
		if err := d.readOperation(p, strings.ToUpper(o.method), o.method == plain, o.node, direction); err != nil {
			return err
		}
	}
	return nil
}

func (d *document) readOperation(p, method string, plain bool, op *yaml.Node, direction Direction) error {
	if !strings.HasPrefix(p, "/") {
		return d.at(op, "write it as it follows the base URL", "the path %q does not start with /", p)
	}
	if method == "" {
		return d.at(op, "write it under the name of an HTTP method, such as post", "an operation of %s has no method", p)
	}
	version, name := split(p)
	if !plain {
		name += ":" + strings.ToLower(method)
	}
	e := Endpoint{
		ID: strings.TrimPrefix(version+"/"+name, "/"), Name: name, Version: version, Method: method, Path: p,
		Group: groupOf(op, name, direction), Summary: oneLine(scalar(get(op, "summary"))),
		Description: strings.TrimSpace(scalar(get(op, "description"))),
		Direction:   direction, Source: d.name, OperationID: scalar(get(op, "operationId")),
	}
	if ext := get(op, "x-direction"); ext != nil {
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
		return d.at(op, "give one of them another path", "%s is declared twice, first at line %d", e.ID, line)
	}
	d.ids[strings.ToLower(e.ID)] = op.Line
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
func (d *document) readCallbacks(op *yaml.Node) error {
	for name, callback := range pairs(get(op, "callbacks")) {
		for _, item := range pairs(d.deref(callback)) {
			if _, ok := d.ids[strings.ToLower(name.Value)]; ok {
				break // the same callback of several operations
			}
			if err := d.readItem("/"+strings.TrimLeft(name.Value, "/"), item, Callback); err != nil {
				return err
			}
		}
	}
	return nil
}

func groupOf(op *yaml.Node, name string, direction Direction) string {
	if tags := list(get(op, "tags")); len(tags) > 0 && scalar(tags[0]) != "" {
		return scalar(tags[0])
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
func (d *document) readBodies(e *Endpoint, op *yaml.Node) {
	body := d.deref(get(op, "requestBody"))
	if media, isJSON := chooseMedia(get(body, "content")); media != nil {
		required := scalar(get(body, "required")) == "true"
		e.request = &contract{d: d, node: get(media, "schema"), isJSON: isJSON, required: required}
		e.Request = d.properties(e.request.node)
		if isJSON {
			e.Example = d.example(media, e.request.node)
		}
	}
	response := d.deref(chooseResponse(get(op, "responses")))
	if media, isJSON := chooseMedia(get(response, "content")); media != nil {
		e.response = &contract{d: d, node: get(media, "schema"), isJSON: isJSON, required: true}
		e.Response = d.properties(e.response.node)
	}
}

// chooseMedia prefers JSON.
func chooseMedia(content *yaml.Node) (media *yaml.Node, isJSON bool) {
	for key, m := range pairs(content) {
		kind, _, _ := strings.Cut(strings.ToLower(key.Value), ";")
		kind = strings.TrimSpace(kind)
		if kind == "application/json" || strings.HasSuffix(kind, "+json") || path.Base(kind) == "*" {
			return m, true
		}
		if media == nil {
			media = m
		}
	}
	return media, false
}

// chooseResponse prefers 200, then any 2xx, then default.
func chooseResponse(responses *yaml.Node) *yaml.Node {
	best, response := "", get(responses, "default")
	for code, r := range pairs(responses) {
		if strings.HasPrefix(code.Value, "2") && (best == "" || code.Value < best) {
			best, response = code.Value, r
		}
	}
	return response
}
