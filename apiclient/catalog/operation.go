package catalog

import (
	"path"
	"slices"
	"strings"

	"countersign/apiclient/jsontext"
)

// methods are the names of operations; the first of a path, or post where it is
// there, needs no suffix in its ID.
var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"}

// operation is the node of one, and the path that it stands under.
type operation struct{ node, item *node }

func (d *document) readItem(p string, item *node, direction Direction) {
	written := item
	if item = d.follow(item); item != nil && item.kind != objectKind && item.kind != nullKind {
		d.fault(d.root, d.at(written, "write the operations under it, such as post", "the path %s is no object", jsontext.Short(p)))
		return
	}
	var names []string
	var operations []*node
	for _, method := range methods {
		if op := get(item, method); op != nil {
			names, operations = append(names, method), append(operations, op)
		}
	}
	for method, op := range pairs(get(item, "additionalOperations")) { // OpenAPI 3.2
		names, operations = append(names, method), append(operations, op)
	}
	plain := max(0, slices.Index(names, "post"))
	for i, op := range operations {
		d.readOperation(p, strings.ToUpper(names[i]), i == plain, item, op, direction)
	}
}

func (d *document) readOperation(p, method string, plain bool, item, op *node, direction Direction) {
	op = d.follow(op)
	switch {
	case op == nil || op.kind != objectKind && op.kind != nullKind:
		d.fault(d.root, d.at(op, "write summary, requestBody and responses under it",
			"the operation %s of %s is no object", strings.ToLower(method), p))
		return
	case method == "":
		d.fault(d.root, d.at(op, "write it under the name of an HTTP method, such as post",
			"an operation of %s has no method", p))
		return
	case !strings.HasPrefix(p, "/"):
		d.fault(op, d.at(op, "write it as it follows the base URL", "the path %q does not start with /", p))
		p = "/" + p
	}
	version, name := split(p)
	if !plain {
		name += ":" + strings.ToLower(method)
	}
	e := Endpoint{
		ID: strings.TrimPrefix(version+"/"+name, "/"), Name: name, Version: version, Method: method, Path: p,
		Group: groupOf(op, name, direction), Summary: oneLine(scalar(get(op, "summary"))),
		Description: strings.TrimSpace(scalar(get(op, "description"))),
		Direction:   direction, Source: d.name,
	}
	if ext := get(op, "x-direction"); ext != nil {
		if said := Direction(ext.value); said == Callback || said == Outbound {
			e.Direction = said
		} else {
			d.fault(op, d.at(ext, "write callback or outbound", "x-direction is %q", ext.value))
		}
	}
	if line, ok := d.ids[strings.ToLower(e.ID)]; ok {
		d.fault(d.root, d.at(op, "give one of them another path", "%s is declared twice, first at line %d", e.ID, line))
		return
	}
	d.ids[strings.ToLower(e.ID)] = op.line
	d.readOperationID(&e, op)
	e.Codes, e.Links = d.codesOf(op, e.Direction), d.linksOf(op)
	d.readBodies(&e, op)
	d.readParameters(&e, item, op)
	d.own.endpoints, d.operations = append(d.own.endpoints, e), append(d.operations, operation{op, item})
	d.readCallbacks(op)
}

// readOperationID takes the name that links know an operation by; of two with one
// name the first has it.
func (d *document) readOperationID(e *Endpoint, op *node) {
	id := scalar(get(op, "operationId"))
	if id == "" {
		return
	}
	const mark = "operationId " // beside the IDs, which have no spaces
	if line, ok := d.ids[mark+id]; ok {
		d.fault(op, d.at(get(op, "operationId"), "give one of them another name",
			"the operationId %s is used twice, first at line %d", jsontext.Short(id), line))
		return
	}
	d.ids[mark+id] = op.line
	e.OperationID = id
}

// readCallbacks reads what an operation says it will be called back with. The
// path is the callback's name: where it goes is only known at run time.
func (d *document) readCallbacks(op *node) {
	for name, callback := range pairs(get(op, "callbacks")) {
		for _, item := range pairs(d.follow(callback)) {
			if _, ok := d.ids[strings.ToLower(name)]; ok {
				break // the same callback of several operations
			}
			d.readItem("/"+strings.TrimLeft(name, "/"), item, Callback)
		}
	}
}

func groupOf(op *node, name string, direction Direction) string {
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

// readBodies finds what the operation says about request and response.
func (d *document) readBodies(e *Endpoint, op *node) {
	body := d.follow(get(op, "requestBody"))
	media, kind := chooseMedia(get(body, "content"))
	if media != nil {
		e.request = &contract{d, get(media, "schema"), media, kind == "", isTrue(get(body, "required"))}
	}
	e.Media, e.Bodiless = kind, get(op, "requestBody") == nil
	response := d.follow(chooseResponse(get(op, "responses")))
	if media, kind := chooseMedia(get(response, "content")); media != nil {
		e.response = &contract{d, get(media, "schema"), media, kind == "", true}
	}
}

// describe fills in the fields of all bodies and the examples, once the schemas
// have been checked.
func (d *document) describe() {
	for i := range d.own.endpoints {
		e := &d.own.endpoints[i]
		if k := e.request; k != nil {
			e.Request = d.properties(k.node)
			switch {
			case k.isJSON:
				e.Example = d.example(k.media, k.node)
			case e.Media == formMedia:
				e.Example = formOf(d.example(k.media, k.node))
			}
		}
		if k := e.response; k != nil {
			e.Response = d.properties(k.node)
		}
	}
}

// chooseMedia prefers JSON, for which kind is "", then a form.
func chooseMedia(content *node) (media *node, kind string) {
	for key, m := range pairs(content) {
		of, _, _ := strings.Cut(strings.ToLower(key), ";")
		of = strings.TrimSpace(of)
		if of == "application/json" || strings.HasSuffix(of, "+json") || path.Base(of) == "*" {
			return m, ""
		}
		if media == nil || of == formMedia {
			media, kind = m, of
		}
	}
	return media, kind
}

// chooseResponse prefers 200, then any 2xx, then default.
func chooseResponse(responses *node) *node {
	best, response := "", get(responses, "default")
	for code, r := range pairs(responses) {
		if strings.HasPrefix(code, "2") && (best == "" || code < best) {
			best, response = code, r
		}
	}
	return response
}
