package requests

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/expect"
	"countersign/apiclient/hint"
	"countersign/apiclient/jsontext"
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

// reference returns a value of the answer, or of the request, of a named request:
//
//	{{pay.response.body.$.paymentId}}  {{pay.response.body.*}}
//	{{pay.response.headers.Date}}      {{pay.request.body.$.amount}}
func (s *Session) reference(ctx context.Context, name string) (v variables.Value, ok bool, err error) {
	called, side, part, path, ok := cutReference(name)
	if !ok {
		return v, false, nil
	}
	if m := s.missing[called]; m != nil {
		return v, false, &Missing{name, m.Request, m.Line, m.Why}
	}
	e := s.answers[called]
	if e == nil {
		r, findErr := s.File.Find(called)
		if findErr != nil {
			return v, false, &hint.Error{Says: fmt.Sprintf("there is no request %q in this file", called),
				Fix: hint.Of(findErr)}
		}
		if s.Dry {
			return v, false, &Missing{Variable: name, Request: r.Label(), Line: r.Line, Why: "is not sent before"}
		}
		if e, err = s.saved(ctx, r, name); err != nil {
			return v, false, err
		}
	}
	if s.Dry {
		return stand, true, nil
	}
	message := &e.Request
	if side == "response" {
		if message = e.Response; message == nil {
			return v, false, &hint.Error{Says: called + " has no answer", Fix: "see why " + called + " failed"}
		}
	}
	v.Foreign = side == "response"
	v.Text, err = valueIn(message, part, path)
	return v, err == nil, err
}

// cutReference reads NAME.response.body.PATH.
func cutReference(name string) (called, side, part, path string, ok bool) {
	for _, side := range []string{"response", "request"} {
		for _, part := range []string{"body", "headers"} {
			called, path, ok := strings.Cut(name, "."+side+"."+part)
			if ok && called != "" && (path == "" || path[0] == '.') {
				return called, side, part, strings.TrimPrefix(path, "."), true
			}
		}
	}
	return "", "", "", "", false
}

// valueIn finds a value in a message.
func valueIn(m *apiclient.Message, part, path string) (string, error) {
	if part == "headers" {
		if !m.Has(path) {
			return "", &hint.Error{Says: fmt.Sprintf("there is no header %q", path),
				Fix: "look at the headers of the answer"}
		}
		return m.Get(path), nil
	}
	steps := strings.TrimPrefix(strings.TrimPrefix(path, "$"), ".")
	switch {
	case path == "" || path == "*" || path == "$":
		return string(m.Content()), nil
	case strings.HasPrefix(path, "//"):
		return "", &hint.Error{Says: "XPath is not known here",
			Fix: "write the names of the elements: body.root.paymentId"}
	case strings.ContainsAny(steps, "*?@") || strings.Contains(path, ".."):
		return "", &hint.Error{Says: fmt.Sprintf("the path %s leads to more than one value", path),
			Fix: "name one value, or use # @set with a jq expression"}
	}
	at, err := jsontext.ParsePath(steps)
	if err != nil {
		return "", err
	}
	raw, ok := apiclient.ValuesOf(m).Get(at)
	if !ok {
		return "", &hint.Error{Says: fmt.Sprintf("the body has no %s", steps), Fix: "look at the body of the answer"}
	}
	text := string(raw)
	if raw[0] == '"' {
		_ = json.Unmarshal(raw, &text) // else it stays as it is written
	}
	return text, nil
}
