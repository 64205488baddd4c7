// Package variables replaces {{name}} in a body, a path or a header by its
// value just before signing. Text without variables is never touched.
//
//	{{uuid}}                          a new UUID; each place gets its own
//	{{now}}  {{now+30m}}              epoch milliseconds
//	{{now_iso}}  {{now_iso-24h}}      ISO 8601 with the local offset, to the second
//	{{env.NAME}}                      an environment variable
//	{{profile.client_id}}             also merchant_id, key_version, base_url, name
//	{{vars.NAME}}                     a variable of the profile
//	{{last.payments/pay.paymentId}}   a value in the newest answer of that endpoint
//	{{last.payments/pay.request.X}}   a value in its request
//	{{$guid}}  {{$timestamp}}  …      those of other REST clients: see dollar.go
//
// Inside a JSON string a value is escaped as JSON wants it, and once more for
// each string around it whose text is JSON itself; outside of one, what the other
// side sent must be a JSON value. A backslash before the braces, \{{, leaves them
// as they are and goes away itself; in a JSON string, where two backslashes are
// one character, it takes an odd number of them. {{'\{{'}} stands for what is
// between its quotes, backslashes and opening braces, wherever it is: so there is
// a text for any bytes at all, which Literal writes.
package variables

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/hint"
)

// Error says which variable has no value, and where it stands.
type Error struct {
	Name     string // as written between the braces
	Line     int    // 1-based
	Column   int    // 1-based, in bytes
	Part     string // "the path", "the header traceId"; "": the body, or the text alone
	Says     string
	hint.Fix       // how to give it a value
	Err      error // what lies behind it, if anything
}

func (e *Error) Unwrap() error { return e.Err }

func (e *Error) Error() string {
	return fmt.Sprintf("the variable %s at line %d, column %d %s", e.written(), e.Line, e.Column, e.Says)
}

// written is the variable as it stands in the text.
func (e *Error) written() string {
	if e.Name == "" && e.Says == notClosed {
		return "{{"
	}
	return "{{" + e.Name + "}}"
}

// Resolver knows the values. It is safe for concurrent use. A value that is
// made up, such as {{uuid}}, stays the same until Renew, so that what was
// shown is what is sent.
type Resolver struct {
	Profile apiclient.Profile
	Now     func() time.Time
	NewID   func() string // a UUID
	Getenv  func(string) (string, bool)
	// Last finds the newest answered exchange of an endpoint, named as a person
	// would ("payments/pay"); nil where there is none.
	Last func(ctx context.Context, endpoint string) (*apiclient.Exchange, error)
	// Earlier finds the answered exchange of an endpoint that has n newer ones,
	// for a value that the last one lacks; nil where there is none.
	Earlier func(ctx context.Context, endpoint string, n int) (*apiclient.Exchange, error)
	// Values returns variables of the caller's own, such as those of a request file:
	// they come before all others. Nil: there are none.
	Values func(ctx context.Context, name string) (value Value, ok bool, err error)
	// Random returns a number from 0 up to n, without n; nil: the system's.
	Random func(n int64) int64
	// Environ lists the environment as NAME=value, and Endpoints the endpoints
	// that have answered runs, for Known. Nil lists none.
	Environ   func() []string
	Endpoints func(ctx context.Context) ([]string, error)

	mu    sync.Mutex
	now   time.Time
	made  map[string][]string // values that were made up, by name, one a place
	last  map[string]*apiclient.Exchange
	found map[string]string // values of earlier answers by "payments/pay.paymentId"
}

// Fresh returns a resolver that knows the same and has made up nothing yet.
func (r *Resolver) Fresh() *Resolver {
	return &Resolver{
		Profile: r.Profile, Now: r.Now, NewID: r.NewID, Getenv: r.Getenv, Last: r.Last, Earlier: r.Earlier,
		Values: r.Values, Random: r.Random, Environ: r.Environ, Endpoints: r.Endpoints,
	}
}

// Value is the value of a variable.
type Value struct {
	Text    string
	Foreign bool // the other side sent it: where JSON wants a value it must be one
}

// Renew forgets the values that were made up or looked up.
func (r *Resolver) Renew() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now, r.made, r.last, r.found = time.Time{}, nil, nil, nil
}

// Has reports whether text holds anything that Expand would look at.
func Has(text []byte) bool { return bytes.Contains(text, []byte("{{")) }

// Expand replaces the variables of text. It returns text itself where there
// are none.
func (r *Resolver) Expand(ctx context.Context, text []byte) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	out, err := (&expansion{Resolver: r, ctx: ctx}).expand(text)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// expansion is one pass over the texts of a request.
type expansion struct {
	*Resolver
	ctx  context.Context
	used map[string]int // how many of the values that were made up, by name

	form bool // the text is a form: values are percent-encoded
}

func (x *expansion) expand(text []byte) ([]byte, error) {
	out := x.trace(text, true)
	return out.Text, out.Err
}

func firstWord(b []byte) string {
	if i := bytes.IndexAny(b, "\"'{} \t\r\n,"); i >= 0 {
		b = b[:i]
	}
	return string(b)
}
