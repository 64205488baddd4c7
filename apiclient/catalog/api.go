// Package catalog turns OpenAPI documents into endpoints. The built-in
// document is embedded; a team's own go the same way.
package catalog

import "context"

// Direction says who calls an interface.
type Direction string

// Directions of an interface.
const (
	Outbound Direction = "outbound" // the merchant calls the Super App
	Callback Direction = "callback" // the Super App calls the merchant
)

// Endpoint is one interface in one version.
type Endpoint struct {
	ID          string // "v2/payments/pay": version and name; unique
	Name        string // "payments/pay"
	Version     string // "v2"; "" where the path has none
	Method      string
	Path        string // below the profile's base URL: "/v2/payments/pay"
	Group       string // "Payments"
	Summary     string // one line
	Description string // paragraphs
	Direction   Direction
	Example     []byte // a realistic body, pretty-printed with two spaces; may contain {{uuid}} and its like
	Request     []Property
	Response    []Property
	Codes       []Code
	Source      string // "built-in", or the file it came from
	// plus unexported: the compiled schema, made on first use
}

// Property is one field of a body, as a person reads about it.
type Property struct {
	Name        string // "currency"
	Pointer     string // JSON Pointer of it: "/paymentAmount/currency"; array items are "/-"
	Type        string // "string", "object", "array of object", "integer", ...
	Required    bool
	MinLength   int // 0: no bound
	MaxLength   int // 0: no bound
	Enum        []string
	Description string
	Embedded    bool // a string that holds JSON (extendInfo)
	Properties  []Property
}

// Code is a result code that an interface may answer with.
type Code struct {
	Code    string // "REPEAT_REQ_INCONSISTENT"
	Status  string // S, F, U or A; "FU" where it may be either
	Meaning string // one sentence
	Advice  string // what to do next
}

// Violation is a place where a body does not follow its schema. It is a
// warning: a wrong body must still be sendable.
type Violation struct {
	Pointer string // JSON Pointer of the value; for a missing field, of its parent
	Line    int    // 1-based; 0 where unknown
	Column  int    // 1-based, in bytes
	Offset  int    // in bytes; -1 where unknown
	Message string // "paymentAmount: value is required"
}

// Catalog is an ordered set of endpoints.
type Catalog struct{}

// Builtin returns the embedded catalogue.
func Builtin() (*Catalog, error) { panic("todo") }

// Load adds the endpoints of an OpenAPI document (JSON or YAML). name is used
// in errors and as Source. An endpoint with an ID that is there replaces it.
func (c *Catalog) Load(ctx context.Context, name string, data []byte) error { panic("todo") }

// Add adds or replaces one endpoint.
func (c *Catalog) Add(e Endpoint) error { panic("todo") }

// Endpoints returns all endpoints: by group, then name, newest version first.
func (c *Catalog) Endpoints() []Endpoint { panic("todo") }

// Lookup finds an endpoint by ID, by name (the newest version), by path, or by
// a path that ends in one. The error names the nearest few.
func (c *Catalog) Lookup(s string) (Endpoint, error) { panic("todo") }

// Match finds the endpoint that a requested path belongs to, whatever prefix
// stands before it.
func (c *Catalog) Match(path string) (Endpoint, bool) { panic("todo") }

// Check compares a request body with the endpoint's schema. Syntax faults are
// the only violation reported when the body is not JSON.
func (e Endpoint) Check(body []byte) []Violation { panic("todo") }

// CheckResponse does the same for a response body.
func (e Endpoint) CheckResponse(body []byte) []Violation { panic("todo") }

// Code explains a result code, from the endpoint's own list or the common one.
func (e Endpoint) Code(code string) (Code, bool) { panic("todo") }

// Advice says in words what a result means and what to do next. It never
// returns an empty string: a status alone has advice too.
func (e Endpoint) Advice(status, code string) (meaning, advice string) { panic("todo") }
