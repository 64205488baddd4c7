package catalog

import (
	"cmp"
	"errors"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Violation is a place where a body does not follow its schema. It is a
// warning: a wrong body must still be sendable.
type Violation struct {
	Pointer string // JSON Pointer of the value; for a missing field, of its parent
	Line    int    // 1-based; 0 where unknown
	Column  int    // 1-based, in bytes; 0 where unknown
	Offset  int    // in bytes; -1 where unknown
	Message string // "paymentAmount.value: is required"
}

// Check compares a request body with the endpoint's schema, in the order of
// the text. A syntax fault, where there is one, is the only violation.
// Variables such as {{uuid}} that are still in a string stand for any text.
// Fields that the schema does not list are allowed.
func (e Endpoint) Check(body []byte) []Violation { return e.request.check(body) }

// CheckResponse does the same for a response body.
func (e Endpoint) CheckResponse(body []byte) []Violation { return e.response.check(body) }

func (k *contract) check(body []byte) []Violation {
	if k != nil && !k.isJSON {
		return nil
	}
	if len(body) == 0 && (k == nil || !k.required) {
		return nil
	}
	t, fault := scan(body)
	if fault != nil {
		return []Violation{*fault}
	}
	violations := t.repeated()
	for i, v := range violations {
		violations[i].Message = named(stepsOf(v.Pointer), v.Message)
	}
	violations = append(violations, k.validate(t)...)
	slices.SortStableFunc(violations, func(a, b Violation) int { return cmp.Compare(a.Offset, b.Offset) })
	violations = slices.CompactFunc(violations, func(a, b Violation) bool { return a.Pointer == b.Pointer && a.Message == b.Message })
	locate(body, violations)
	return violations
}

// validate runs the schema over a text.
func (k *contract) validate(t *text) []Violation {
	if k == nil {
		return nil
	}
	schema, err := k.compiled()
	if err != nil {
		return []Violation{{Offset: -1, Message: err.Error()}}
	}
	if schema == nil {
		return nil
	}
	var invalid *jsonschema.ValidationError
	if err := schema.Validate(t.value(0)); !errors.As(err, &invalid) {
		return nil
	}
	r := &reporter{contract: k, text: t}
	r.report(invalid)
	return r.violations
}

// locate fills in lines and columns, in one pass: violations are in the order
// of the text.
func locate(body []byte, violations []Violation) {
	line, from, at := 1, 0, 0
	for i := range violations {
		v := &violations[i]
		if v.Offset < 0 {
			continue
		}
		for ; at < v.Offset; at++ {
			if body[at] == '\n' {
				line, from = line+1, at+1
			}
		}
		v.Line, v.Column = line, v.Offset-from+1
	}
}
