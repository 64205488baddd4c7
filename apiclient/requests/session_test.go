package requests

import (
	"context"
	"errors"
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/variables"
)

const searched = `@buyer = B-42

### list
GET /v1/list

### find
# @set id = .body.items[] | select(.buyer == "{{buyer}}") | .id
# @set next = {{id}} + 1
GET /v1/find

### use
GET /v1/use?id={{id}}
`

func answer(body string) *apiclient.Exchange {
	m := &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: []byte(body)}
	return &apiclient.Exchange{Response: m}
}

// The expression of a # @set has the variables of the session: those of the file,
// and what earlier answers have set.
func TestSetUsesVariables(t *testing.T) {
	t.Parallel()
	f := Parse("f", []byte(strings.Replace(searched, "# @set next = {{id}} + 1\n", "", 1)))
	s := &Session{File: f}
	r := s.Resolver(&variables.Resolver{})
	body := `{"items":[{"buyer":"B-41","id":"1"},{"buyer":"B-42","id":"2"}]}`
	if err := s.Took(context.Background(), f.Requests[1], answer(body), r); err != nil {
		t.Fatal(err)
	}
	if got, err := r.Fresh().Expand(context.Background(), []byte("{{id}}")); err != nil || string(got) != "2" {
		t.Errorf("id is %q, %v", got, err)
	}
}

// One that needs its own request's value, which is not there yet, says so where it
// stands; it never waits for itself.
func TestSetOfItselfIsAnError(t *testing.T) {
	t.Parallel()
	f := Parse("f", []byte(searched))
	s := &Session{File: f}
	err := s.Took(context.Background(), f.Requests[1], answer(`{"items":[]}`), s.Resolver(&variables.Resolver{}))
	var missing *Missing
	if err == nil || !strings.HasPrefix(err.Error(), "f:8:8: ") || !errors.As(err, &missing) {
		t.Errorf("%v", err)
	}
	s = &Session{File: f, Catalog: nil}
	if _, err := s.Resolver(&variables.Resolver{}).Expand(context.Background(), []byte("{{next}}")); err == nil {
		t.Error("it has a value")
	}
}

// What a # @set or # @expect of the chosen request uses is sent before it.
func TestNeededKnowsWhatExpressionsUse(t *testing.T) {
	t.Parallel()
	f := Parse("f", []byte("### a\n# @set x = .body.x\nGET /a\n\n### b\n# @expect .body.y == {{x}}\nGET /b\n"))
	into := map[*Request]bool{}
	if f.Needed(f.Requests[1], into, nil); !into[f.Requests[0]] {
		t.Error("the request that sets x is not needed")
	}
}
