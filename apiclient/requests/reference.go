package requests

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/jsontext"
	"countersign/apiclient/variables"
)

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
