package catalog

import (
	"cmp"
	"context"
	_ "embed"
	"slices"
	"strings"
	"sync"

	"countersign/apiclient/hint"
)

// Direction says who calls an interface.
type Direction string

// Directions of an interface.
const (
	Outbound Direction = "outbound" // the merchant calls the Super App
	Callback Direction = "callback" // the Super App calls the merchant
)

// BuiltinSource is the Source of the endpoints that come with the program.
const BuiltinSource = "built-in"

// Endpoint is one interface in one version. Its slices are shared between
// copies: read them only.
type Endpoint struct {
	ID          string // "v2/payments/pay": version and name; unique
	Name        string // "payments/pay"
	Version     string // "v2"; "" where the path has none
	Method      string // "POST"
	Path        string // below the profile's base URL: "/v2/payments/pay"
	Group       string // "Payments"
	Summary     string // one line
	Description string // paragraphs, with an empty line between them
	Direction   Direction
	Parameters  []Parameter
	Media       string // of the request's body; "" where it is JSON, or nothing is known
	Bodiless    bool   // the document says nothing of a request body
	Example     []byte // a realistic body, pretty-printed with two spaces; may contain {{uuid}} and its like
	Request     []Property
	Response    []Property
	Codes       []Code
	Links       []Link   // what may follow, in the order in which it is offered
	OperationID string   // as the document names it; "" where it does not
	Source      string   // BuiltinSource, or the file it came from
	Faults      []*Error // what is wrong with the parts of the document that it is made of

	request, response *contract // nil: nothing is known about the body
}

// Property is one field of a body, as a person reads about it.
type Property struct {
	Name        string     `json:"name"`    // "currency"
	Pointer     string     `json:"pointer"` // JSON Pointer of it: "/paymentAmount/currency"; array items are "/-"
	Type        string     `json:"type"`    // "string", "array of object", "object or array of object", ...
	Required    bool       `json:"required"`
	MinLength   int        `json:"minLength,omitempty"` // in characters; 0: no bound
	MaxLength   int        `json:"maxLength,omitempty"` // in characters; 0: no bound
	Enum        []string   `json:"enum,omitempty"`
	Description string     `json:"description"`
	Embedded    bool       `json:"embeddedJson,omitempty"` // a string that holds JSON (extendInfo)
	Properties  []Property `json:"properties,omitempty"`
}

// Catalog is an ordered set of endpoints. It may be read by many at once, but
// not while it is changed.
type Catalog struct {
	endpoints []Endpoint
	routes    []route        // of the endpoints, by index
	groups    map[string]int // rank of a group
	names     map[string]int // rank of a name
	faults    []*Error
	files     []string
}

// Load adds the endpoints of an OpenAPI document, version 3.0 or later, in
// JSON or YAML. name is used in errors and as Source. An endpoint with an ID
// that is there replaces it. files reads what the document refers to; nil: such
// references are faults.
//
// What is wrong with a part of the document is among Faults and those of the
// endpoints that it concerns, and the rest is added. An error is about the whole,
// with the name, the line and the column; nothing is added then.
func (c *Catalog) Load(ctx context.Context, name string, data []byte, files Files) error {
	doc, err := read(ctx, name, data, files, builtin().codes)
	if err != nil {
		return err
	}
	c.merge(doc)
	return nil
}

// Faults returns what is wrong with parts of the documents.
func (c *Catalog) Faults() []*Error { return slices.Clone(c.faults) }

// Files returns the names of the files that the documents refer to, whether they
// could be read or not.
func (c *Catalog) Files() []string { return slices.Clone(c.files) }

func (c *Catalog) merge(doc loaded) {
	for _, g := range doc.groups {
		rank(&c.groups, g)
	}
	for _, e := range doc.endpoints {
		c.put(e)
	}
	c.faults, c.files = append(c.faults, doc.faults...), append(c.files, doc.files...)
	c.sort()
}

const writePath = "write it as it follows the base URL: /v2/orders/create"

// Add adds or replaces one endpoint. Only Path is needed: what is empty
// follows from it, with POST, Outbound and the group "Own". Unless it was
// taken from a catalogue, nothing is known about its bodies but that they are
// JSON.
func (c *Catalog) Add(e Endpoint) error {
	if e.Path == "" {
		return hint.Errorf(writePath, "an endpoint has no path")
	}
	if !strings.HasPrefix(e.Path, "/") || strings.ContainsAny(e.Path, " \t\r\n") {
		return hint.Errorf(writePath, "the endpoint path %q does not start with / or has spaces", e.Path)
	}
	version, name := split(e.Path)
	e.Version, e.Name = cmp.Or(e.Version, version), cmp.Or(e.Name, name)
	e.ID = cmp.Or(e.ID, strings.TrimPrefix(e.Version+"/"+e.Name, "/"))
	e.Method, e.Group = strings.ToUpper(cmp.Or(e.Method, "POST")), cmp.Or(e.Group, "Own")
	e.Direction = cmp.Or(e.Direction, Outbound)
	if len(e.Example) == 0 && e.Method != "GET" && e.Method != "HEAD" && e.Method != "DELETE" {
		e.Example = []byte("{}")
	}
	for _, name := range pathNames(e.Path) {
		if !slices.ContainsFunc(e.Parameters, func(p Parameter) bool { return p.In == InPath && p.Name == name }) {
			e.Parameters = append(e.Parameters, Parameter{Name: name, In: InPath, Required: true})
		}
	}
	if e.Codes == nil {
		e.Codes = withCommon(nil, builtin().codes)
	}
	c.put(e)
	c.sort()
	return nil
}

// put replaces the endpoint with the same ID or appends.
func (c *Catalog) put(e Endpoint) {
	rank(&c.groups, e.Group)
	rank(&c.names, e.Name)
	i := slices.IndexFunc(c.endpoints, func(old Endpoint) bool { return strings.EqualFold(old.ID, e.ID) })
	if i < 0 {
		c.endpoints = append(c.endpoints, e)
		return
	}
	c.endpoints[i] = e
}

// rank gives a name the next rank, unless it has one.
func rank(ranks *map[string]int, name string) {
	if *ranks == nil {
		*ranks = map[string]int{}
	}
	if _, ok := (*ranks)[name]; !ok {
		(*ranks)[name] = len(*ranks)
	}
}

func (c *Catalog) sort() {
	slices.SortStableFunc(c.endpoints, func(a, b Endpoint) int {
		return cmp.Or(c.groups[a.Group]-c.groups[b.Group], c.names[a.Name]-c.names[b.Name],
			-compareVersions(a.Version, b.Version))
	})
	c.routes = make([]route, len(c.endpoints))
	for i, e := range c.endpoints {
		c.routes[i] = newRoute(e)
	}
}

// Endpoints returns all endpoints: groups and names in the order in which they
// are declared, so that pay comes before refund; of one name the newest
// version first.
func (c *Catalog) Endpoints() []Endpoint { return slices.Clone(c.endpoints) }

//go:embed superapp.openapi.json
var builtinDocument []byte

// builtin is what the embedded document says. To read it takes about 2 ms, in a fresh
// process 5.
var builtin = sync.OnceValue(func() loaded {
	doc, err := read(context.Background(), BuiltinSource, builtinDocument, nil, nil)
	if err != nil {
		panic("catalog: the built-in document cannot be read: " + err.Error()) // the tests read it
	}
	return doc
})

// Builtin returns the embedded catalogue: every interface of the protocol,
// section 5. The document is read on the first call; calls at the same time
// wait for it.
func Builtin() *Catalog {
	c := &Catalog{}
	c.merge(builtin())
	return c
}
