package catalog

import (
	"cmp"
	"slices"
	"strings"

	"countersign/apiclient/jsontext"
	"countersign/apiclient/lazyregexp"
)

// Places of a parameter.
const (
	InPath   = "path"   // {name} in the path
	InQuery  = "query"  // name=value behind it
	InHeader = "header" // a header beside those of the protocol
)

// Parameter is a value that a person gives to an interface beside the body.
type Parameter struct {
	Name        string
	In          string // InPath, InQuery or InHeader
	Required    bool   // those of the path always are
	Type        string // "string", "integer", ...; "" where the document does not say
	Enum        []string
	Description string
	Example     string // "" where the document has none
}

// braces are the names in a path: those that no value was given for are still in it.
var braces = lazyregexp.New(`\{([^{}/?#]+)\}`)

// pathNames are the names of the parameters in a path, in its order.
func pathNames(path string) []string {
	var names []string
	for _, m := range braces.FindAllStringSubmatch(path, -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}

// readParameters reads those of a path and of an operation, which win. Those of
// the path come first, in its order, whether they are declared or not.
func (d *document) readParameters(e *Endpoint, item, op *node) {
	declared := map[[2]string]Parameter{}
	var others [][2]string // that are not in the path, in the order of the document
	for _, from := range []*node{item, op} {
		all := d.follow(get(from, "parameters"))
		if all != nil && all.kind != listKind && all.kind != nullKind {
			d.fault(op, d.at(all, "write a list of {name, in, schema}", "parameters is no list"))
		}
		for _, n := range list(all) {
			p, ok := d.readParameter(op, d.follow(n))
			if !ok {
				continue
			}
			key := [2]string{p.In, p.Name}
			if _, known := declared[key]; !known && p.In != InPath {
				others = append(others, key)
			}
			declared[key] = p
		}
	}
	for _, name := range pathNames(e.Path) {
		p := declared[[2]string{InPath, name}]
		p.Name, p.In, p.Required = name, InPath, true
		e.Parameters = append(e.Parameters, p)
		delete(declared, [2]string{InPath, name})
	}
	for key := range declared {
		if key[0] == InPath {
			d.fault(op, d.at(op, "write it into the path: {"+key[1]+"}", "the parameter %s is not in the path %s",
				jsontext.Short(key[1]), e.Path))
		}
	}
	for _, key := range others {
		e.Parameters = append(e.Parameters, declared[key])
	}
}

// httpsOwn are the headers that OpenAPI says elsewhere (3.1, "Parameter Object").
var httpsOwn = []string{"accept", "content-type", "authorization"}

// readParameter reads one; ok is false for those that are no affair of ours, such
// as cookies, and for what is none.
func (d *document) readParameter(op, n *node) (p Parameter, ok bool) {
	if n == nil || len(d.faulty[n]) > 0 {
		return p, false // its reference has led nowhere, and that was told
	}
	p = Parameter{
		Name: scalar(get(n, "name")), In: scalar(get(n, "in")), Required: isTrue(get(n, "required")),
		Description: strings.TrimSpace(scalar(get(n, "description"))),
	}
	if p.Name == "" || p.In == "" {
		d.fault(op, d.at(n, "write {name: linkId, in: path, schema: {type: string}}", "a parameter has no name, or no in"))
		return p, false
	}
	schema := get(n, "schema")
	v := d.view(schema)
	if schema != nil {
		p.Type, p.Enum = d.typeOf(v, 0), v.enum
	}
	p.Description = cmp.Or(p.Description, v.description)
	for _, sample := range []*node{get(n, "example"), d.sample(schema)} {
		p.Example = cmp.Or(p.Example, scalar(sample))
	}
	return p, p.In == InPath || p.In == InQuery || p.In == InHeader && !slices.Contains(httpsOwn, strings.ToLower(p.Name))
}
