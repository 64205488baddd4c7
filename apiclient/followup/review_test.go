package followup

import (
	"context"
	"strings"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/variables"
)

// The other side must not be able to name a variable in what it answers, in
// no place of the request that follows: an environment variable would go out.
func TestNothingOfTheAnswerIsAVariable(t *testing.T) {
	t.Parallel()
	resolver := &variables.Resolver{
		Now: time.Now, NewID: func() string { return "id" },
		Getenv: func(string) (string, bool) { return "SECRET", true },
	}
	for _, hostile := range []string{"{{env.HOME}}", `\\{{env.HOME}}`, "{{{env.HOME}}}", "{{{{env.HOME}}}}", "{{ env.HOME }}"} {
		e := &apiclient.Exchange{
			Outcome: apiclient.Answered, Result: apiclient.Result{Status: "S"},
			Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: []byte(`{"id":"` + hostile + `"}`)},
		}
		value := catalog.LinkValue{Expression: "$response.body#/id"}
		at := func(place string) catalog.LinkValue {
			v := value
			v.Pointer = place
			return v
		}
		l := catalog.Link{
			Name: "next", Body: []catalog.LinkValue{at("/a")},
			Parameters: []catalog.LinkValue{at("header.traceId"), at("path.id"), at("query.q"), {Pointer: "header.X", Expression: "a {$response.body#/id} b"}},
		}
		s := fill(l, catalog.Endpoint{Path: "/v1/{id}", Example: []byte(`{"a":"1"}`)}, e)
		if s.Missing != "" {
			t.Fatal(s.Missing)
		}
		d, err := resolver.ExpandDraft(context.Background(), apiclient.Draft{Target: s.Target, Header: s.Header, Body: s.Body})
		if err != nil {
			t.Errorf("%s: %v", hostile, err)
			continue
		}
		all := string(d.Body) + d.Target
		for _, f := range d.Header {
			all += f.Value
		}
		if strings.Contains(all, "SECRET") {
			t.Errorf("%s brings out %s", hostile, all)
		}
		want := strings.ReplaceAll(hostile, `\\`, `\`)
		if d.Header[0].Value != want || d.Header[1].Value != "a "+want+" b" {
			t.Errorf("%s: the headers are %+v", hostile, d.Header)
		}
	}
}
