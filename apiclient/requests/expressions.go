package requests

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/expect"
	"countersign/apiclient/hint"
	"countersign/apiclient/variables"
)

// Assignment is a "# @set name = expression".
type Assignment struct {
	Name       string
	Expression *expect.Expectation
}

// Value evaluates it on an answer. Text stays as it is, all else becomes JSON.
func (a Assignment) Value(ctx context.Context, e *apiclient.Exchange) (variables.Value, error) {
	text, err := a.Expression.Text(ctx, expect.Value(e, nil))
	if err != nil {
		return variables.Value{}, &hint.Error{Says: fmt.Sprintf("# @set %s: %v", a.Name, err),
			Fix: "look at the answer, or at the expression", Err: err}
	}
	return variables.Value{Text: text, Foreign: true}, nil
}

// Needed adds a request to a set, and those before it whose values it uses.
func (f *File) Needed(r *Request, into map[*Request]bool, read ReadFile) {
	if into[r] {
		return
	}
	into[r] = true
	content, err := f.Content(r, read)
	if err != nil {
		return // it is told when it is sent
	}
	texts := [][]byte{[]byte(content.Target), content.Body}
	for _, h := range content.Header {
		texts = append(texts, []byte(h.Value))
	}
	for _, expression := range append(r.Get("expect"), r.Get("set")...) {
		texts = append(texts, []byte(expression))
	}
	seen := map[string]bool{}
	for len(texts) > 0 {
		text := texts[0]
		texts = texts[1:]
		for _, name := range variables.Used(text) {
			if seen[name] {
				continue
			}
			seen[name] = true
			called, _, _, _, isReference := cutReference(name)
			for _, before := range f.Requests[:f.index(r)] {
				if slices.Contains(before.setNames(), name) || isReference && (before.Name == called || before.Title == called) {
					f.Needed(before, into, read)
				}
			}
			for _, v := range f.Variables {
				if v.Name == name {
					texts = append(texts, []byte(v.Value))
				}
			}
		}
	}
}

// setNames are the variables that the # @set of the request set.
func (r *Request) setNames() (names []string) {
	for _, text := range r.Get("set") {
		name, _, _ := cutSet(text)
		names = append(names, name)
	}
	return names
}

// cutSet reads the value of a # @set; ok is false where it has no name or no
// expression.
func cutSet(text string) (name, expression string, ok bool) {
	name, expression, ok = strings.Cut(text, "=")
	name, expression = strings.TrimSpace(name), strings.TrimSpace(expression)
	return name, expression, ok && name != "" && expression != "" && !strings.ContainsAny(name, " \t{}\"'")
}

// Sets compiles the # @set of a request. The error is an *Error.
func (f *File) Sets(r *Request) ([]Assignment, error) {
	var list []Assignment
	for _, d := range r.Directives {
		if d.Name != "set" {
			continue
		}
		name, source, ok := cutSet(d.Value)
		if !ok {
			return nil, f.errorAt(d.At.From, "write it like # @set paymentId = .body.paymentId",
				"# @set needs a name and an expression")
		}
		x, err := expect.Compile(source)
		if err != nil {
			return nil, f.expressionError(d.value+strings.Index(d.Value, source), err)
		}
		list = append(list, Assignment{name, x})
	}
	return list, nil
}

// Expectations compiles the # @expect of a request. The error is an *Error.
func (f *File) Expectations(r *Request) ([]*expect.Expectation, error) {
	var list []*expect.Expectation
	for _, d := range r.Directives {
		if d.Name != "expect" {
			continue
		}
		if d.Value == "" {
			return nil, f.errorAt(d.At.From, `write it like # @expect .result.status == "S"`,
				"# @expect needs an expression")
		}
		x, err := expect.Compile(d.Value)
		if err != nil {
			return nil, f.expressionError(d.value, err)
		}
		list = append(list, x)
	}
	return list, nil
}

// expressionError puts the fault of an expression at its place in the file.
func (f *File) expressionError(at int, err error) error {
	var e *expect.Error
	if !errors.As(err, &e) {
		return f.causedAt(at, "", err)
	}
	out := f.errorAt(at+e.Offset, e.Hint(), "%s", e.Says)
	out.Err = err
	return out
}
