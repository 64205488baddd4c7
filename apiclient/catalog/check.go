package catalog

import (
	"cmp"
	"slices"
)

// Violation is a place where a body does not follow its schema. It is a
// warning: a wrong body must still be sendable.
type Violation struct {
	Pointer string // JSON Pointer of the value; for a missing field, of its parent
	Line    int    // 1-based
	Column  int    // 1-based, in bytes
	Offset  int    // in bytes
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
	t, fault := readText(body)
	if fault != nil {
		return []Violation{*fault}
	}
	violations := append(t.repeated(), k.validate(t)...)
	slices.SortStableFunc(violations, func(a, b Violation) int { return cmp.Compare(a.Offset, b.Offset) })
	violations = slices.CompactFunc(violations, func(a, b Violation) bool {
		return a.Pointer == b.Pointer && a.Message == b.Message
	})
	locate(body, violations)
	return violations
}

// validate holds a text against the schema.
func (k *contract) validate(t text) []Violation {
	if k == nil || k.node == nil {
		return nil
	}
	v := newValidator(k.d, t)
	v.check(k.node, 0, nil)
	return v.violations()
}

// locate fills in lines and columns, in one pass: violations are in the order
// of the text.
func locate(body []byte, violations []Violation) {
	line, from, at := 1, 0, 0
	for i := range violations {
		v := &violations[i]
		for ; at < v.Offset; at++ {
			if body[at] == '\n' {
				line, from = line+1, at+1
			}
		}
		v.Line, v.Column = line, v.Offset-from+1
	}
}
