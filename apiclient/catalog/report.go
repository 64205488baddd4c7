package catalog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// reporter turns a validator's tree of errors into violations.
type reporter struct {
	*contract
	*text
	violations []Violation
}

// report goes down to the errors that say something.
func (r *reporter) report(e *jsonschema.ValidationError) {
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		for _, name := range k.Missing {
			r.add(e, append(slices.Clone(e.InstanceLocation), name), "is required")
		}
	case *kind.DependentRequired:
		for _, name := range k.Missing {
			r.add(e, append(slices.Clone(e.InstanceLocation), name), "is required where "+k.Prop+" is given")
		}
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			below := *e
			below.InstanceLocation = append(slices.Clone(e.InstanceLocation), name)
			r.add(&below, below.InstanceLocation, "is not in the schema")
		}
	case *kind.AnyOf:
		r.alternatives(e)
	case *kind.OneOf:
		if len(k.Subschemas) > 1 {
			r.add(e, e.InstanceLocation, "fits more than one of the forms that exclude each other")
			return
		}
		r.alternatives(e)
	default:
		if len(e.Causes) > 0 {
			for _, c := range e.Causes {
				r.report(c)
			}
			return
		}
		r.add(e, e.InstanceLocation, r.describe(e))
	}
}

// add appends a violation at the value that e is about; steps name it.
func (r *reporter) add(e *jsonschema.ValidationError, steps []string, says string) {
	v := Violation{Pointer: pointerOf(e.InstanceLocation), Offset: -1, Message: named(steps, says)}
	if i, ok := r.find(e.InstanceLocation); ok {
		p := r.spans[i]
		v.Offset = p.start
		if p.kind == stringValue && hasVariable(r.body[p.start:p.end]) {
			return // what will stand there is not known yet
		}
	}
	r.violations = append(r.violations, v)
}

func hasVariable(raw []byte) bool {
	_, rest, ok := strings.Cut(string(raw), "{{")
	return ok && strings.Contains(rest, "}}")
}

// alternatives reports the form that comes nearest; where each form only wants
// another field, it says so in one sentence.
func (r *reporter) alternatives(e *jsonschema.ValidationError) {
	var missing []string
	for _, c := range e.Causes {
		leaf := only(c)
		required, ok := leaf.ErrorKind.(*kind.Required)
		if !ok || len(required.Missing) != 1 || len(leaf.InstanceLocation) != len(e.InstanceLocation) {
			missing = nil
			break
		}
		missing = append(missing, required.Missing[0])
	}
	if len(missing) > 0 {
		where := ""
		if len(e.InstanceLocation) > 0 {
			where = dotted(e.InstanceLocation) + ": "
		}
		v := Violation{Pointer: pointerOf(e.InstanceLocation), Offset: -1, Message: where + strings.Join(missing, " or ") + " is required"}
		if i, ok := r.find(e.InstanceLocation); ok {
			v.Offset = r.spans[i].start
		}
		r.violations = append(r.violations, v)
		return
	}
	var wanted []string
	var best *jsonschema.ValidationError
	for _, c := range e.Causes {
		if t, ok := only(c).ErrorKind.(*kind.Type); ok && len(only(c).InstanceLocation) == len(e.InstanceLocation) {
			wanted = append(wanted, t.Want...)
			continue
		}
		if best == nil || leaves(c) < leaves(best) {
			best = c
		}
	}
	switch {
	case best != nil:
		for _, c := range best.Causes {
			r.report(c)
		}
		if len(best.Causes) == 0 {
			r.report(best)
		}
	case len(wanted) > 0:
		r.add(e, e.InstanceLocation, describe(&jsonschema.ValidationError{ErrorKind: &kind.Type{Got: r.kindAt(e.InstanceLocation), Want: wanted}}))
	default:
		r.add(e, e.InstanceLocation, "fits none of the forms that are allowed")
	}
}

// only goes down as long as there is a single cause.
func only(e *jsonschema.ValidationError) *jsonschema.ValidationError {
	for len(e.Causes) == 1 {
		e = e.Causes[0]
	}
	return e
}

func leaves(e *jsonschema.ValidationError) int {
	if len(e.Causes) == 0 {
		return 1
	}
	n := 0
	for _, c := range e.Causes {
		n += leaves(c)
	}
	return n
}

func (r *reporter) kindAt(steps []string) string {
	i, ok := r.find(steps)
	if !ok {
		return ""
	}
	switch p := r.spans[i]; p.kind {
	case objectValue:
		return "object"
	case arrayValue:
		return "array"
	case stringValue:
		return "string"
	case numberValue:
		return "number"
	default:
		if r.body[p.start] == 'n' {
			return "null"
		}
		return "boolean"
	}
}

// describe says what is wrong with a value, with what the document has to say.
func (r *reporter) describe(e *jsonschema.ValidationError) string {
	if _, ok := e.ErrorKind.(*kind.Pattern); ok {
		if says := r.keyword(e.SchemaURL, "x-expects"); says != "" {
			return says
		}
	}
	if t, ok := e.ErrorKind.(*kind.Type); ok && slices.Equal(t.Want, []string{"string"}) {
		i, found := r.find(e.InstanceLocation)
		switch {
		case found && (t.Got == "object" || t.Got == "array") && r.keyword(e.SchemaURL, "contentMediaType") != "":
			return "a string that holds JSON expected, is " + article(t.Got) + "; write it as text in double quotes, escaped once"
		case found && (t.Got == "number" || t.Got == "boolean"):
			p := r.spans[i]
			return fmt.Sprintf(`a string expected, is %s; write "%s"`, article(t.Got), short(string(r.body[p.start:p.end])))
		}
	}
	if c, ok := e.ErrorKind.(*kind.ContentMediaType); ok && c.Err != nil {
		return c.Err.Error()
	}
	return describe(e)
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
		b.WriteString(short(s))
	}
	return b.String()
}

func pointerOf(steps []string) string {
	var b strings.Builder
	for _, s := range steps {
		b.WriteString("/" + escapeToken(s))
	}
	return b.String()
}

// stepsOf is the reverse of pointerOf.
func stepsOf(pointer string) []string {
	if pointer == "" {
		return nil
	}
	steps := strings.Split(pointer[1:], "/")
	for i, s := range steps {
		steps[i] = strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
	}
	return steps
}
