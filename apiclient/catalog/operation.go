package catalog

import (
	"path"
	"slices"
	"strings"

	"github.com/pb33f/go-yaml"
)

// methods are the names of operations; the first of a path, or post where it is
// there, needs no suffix in its ID.
var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}

func (d *document) readItem(p string, item *yaml.Node, direction Direction) error {
	item = d.deref(item)
	var names []string
	var operations []*yaml.Node
	for _, method := range methods {
		if op := get(item, method); op != nil {
			names, operations = append(names, method), append(operations, op)
		}
	}
	for method, op := range pairs(get(item, "additionalOperations")) { // OpenAPI 3.2
		names, operations = append(names, method.Value), append(operations, op)
	}
	plain := max(0, slices.Index(names, "post"))
	for i, op := range operations {
		if err := d.readOperation(p, strings.ToUpper(names[i]), i == plain, op, direction); err != nil {
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
		if e.Direction = Direction(ext.Value); e.Direction != Callback && e.Direction != Outbound {
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
		e.request = &contract{d, get(media, "schema"), isJSON, isTrue(get(body, "required"))}
		e.Request = d.properties(e.request.node)
		if isJSON {
			e.Example = d.example(media, e.request.node)
		}
	}
	response := d.deref(chooseResponse(get(op, "responses")))
	if media, isJSON := chooseMedia(get(response, "content")); media != nil {
		e.response = &contract{d, get(media, "schema"), isJSON, true}
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
