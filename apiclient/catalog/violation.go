package catalog

import (
	"cmp"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"countersign/apiclient/jsontext"
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
	violations := t.repeated()
	if k != nil {
		v := newValidator(k.d, t)
		v.check(k.node, 0, nil)
		violations = append(violations, v.violations()...)
	}
	slices.SortStableFunc(violations, func(a, b Violation) int { return cmp.Compare(a.Offset, b.Offset) })
	violations = slices.CompactFunc(violations, func(a, b Violation) bool {
		return a.Pointer == b.Pointer && a.Message == b.Message
	})
	locate(body, violations)
	return violations
}

// locate fills in lines and columns, in one pass: violations are in the order
// of the text.
func locate(body []byte, violations []Violation) {
	lines := jsontext.Lines{Doc: body}
	for i := range violations {
		v := &violations[i]
		v.Line, v.Column = lines.Of(v.Offset)
	}
}

// failure is what a schema found wrong with a value.
type failure struct {
	at       int
	says     string
	want     []string // the types that are expected; nil where another is wrong
	missing  []string // names that the object has not: says is about them
	required bool     // missing because of required alone
}

// fail adds a failure of the value at hand and returns false.
func (v *validator) fail(at int, says string) bool {
	v.faults = append(v.faults, failure{at: at, says: says})
	return false
}

// nearest adds the faults of the form that comes nearest; where each form only
// wants another field, or another type, it says so in one sentence.
func (v *validator) nearest(at int, forms [][]failure) {
	var missing, want []string
	var best []failure
	for _, faults := range forms {
		first := faults[0]
		single := len(faults) == 1 && first.at == at
		switch {
		case single && first.required && len(first.missing) == 1:
			missing = append(missing, first.missing[0])
		case single && first.want != nil:
			want = append(want, first.want...)
			continue
		}
		if best == nil || len(faults) < len(best) {
			best = faults
		}
	}
	switch {
	case len(missing) > 0 && len(missing) == len(forms):
		v.faults = append(v.faults, failure{at: at, says: strings.Join(missing, " or ") + " is required", required: true})
	case best != nil:
		v.faults = append(v.faults, best...)
	case want != nil:
		v.faults = append(v.faults, failure{at: at, want: want})
	default:
		v.fail(at, "fits none of the forms that are allowed")
	}
}

// violations writes what was found for people.
func (v *validator) violations() []Violation {
	var out []Violation
	for _, f := range v.faults {
		at := v.Nodes[f.at]
		if at.Kind == jsontext.String && hasVariable(v.Raw(f.at)) {
			continue // what will stand there is not known yet
		}
		path := v.path(f.at)
		one := Violation{Pointer: path.String(), Offset: at.From}
		switch {
		case f.required && len(f.missing) == 0 && len(path) == 0:
			one.Message = f.says
		case f.says == "":
			one.Message = named(path, expected(f.want)+", is "+article(v.typeAt(f.at)))
		default:
			one.Message = named(path, f.says)
		}
		if len(f.missing) == 0 {
			out = append(out, one)
		}
		for _, name := range f.missing {
			one.Message = named(append(slices.Clone(path), name), f.says)
			out = append(out, one)
		}
	}
	return out
}

func hasVariable(raw []byte) bool {
	_, rest, ok := strings.Cut(string(raw), "{{")
	return ok && strings.Contains(rest, "}}")
}

// expected writes the types that are allowed, null last.
func expected(types []string) string {
	var words []string
	for _, t := range types {
		if t != "null" {
			words = append(words, article(t))
		}
	}
	if len(words) < len(types) {
		words = append(words, "null")
	}
	return strings.Join(words, " or ") + " expected"
}

func article(kind string) string {
	switch kind {
	case "object", "array", "integer":
		return "an " + kind
	case "null", "":
		return "null"
	}
	return "a " + kind
}

// literal writes a value of a schema as JSON would, shortened.
func literal(n *node) string {
	switch number, isNumber := n.number(); {
	case n.kind == objectKind:
		return "an object"
	case n.kind == listKind:
		return "an array"
	case isNumber:
		return jsontext.Short(number)
	case n.kind < numberKind:
		return n.value
	}
	return `"` + jsontext.Short(n.value) + `"`
}

// literal writes a value of the text, shortened.
func (t text) literal(i int) string {
	switch t.Nodes[i].Kind {
	case jsontext.String:
		return `"` + jsontext.Short(t.str(i)) + `"`
	case jsontext.Object, jsontext.Array:
		return article(t.typeAt(i))
	}
	return jsontext.Short(string(t.Raw(i)))
}

func choices(words []string) string {
	const most = 12
	last := len(words) - 1
	switch {
	case len(words) > most:
		return "one of " + strings.Join(words[:most], ", ") + ", …"
	case last <= 0:
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

func decimal(r *big.Rat) string {
	if r.IsInt() {
		return jsontext.Short(r.Num().String())
	}
	return jsontext.Short(strings.TrimRight(r.FloatString(10), "0"))
}

// named puts the field before what is said of it.
func named(steps []string, says string) string {
	if len(steps) == 0 {
		return "the body: " + says
	}
	return dotted(steps) + ": " + says
}

// dotted writes a place as people do: templates[0].language.
func dotted(steps []string) string {
	var b strings.Builder
	for i, s := range steps {
		if n, err := strconv.Atoi(s); err == nil && n >= 0 && i > 0 {
			b.WriteString("[" + s + "]")
			continue
		}
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(jsontext.Short(s))
	}
	return b.String()
}
