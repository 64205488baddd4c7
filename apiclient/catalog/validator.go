package catalog

import (
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"countersign/apiclient/english"
	"countersign/apiclient/jsontext"
)

// validator checks the values of a text against schemas of a document: JSON
// Schema 2020-12, or the dialect of OpenAPI 3.0. It reads both where they
// stand, so that a fault knows its place in the body and its schema's own words.
type validator struct {
	text
	d       *document
	faults  []failure // of the schemas so far
	active  map[visit]bool
	members map[int][]member
}

func newValidator(d *document, t text) *validator {
	return &validator{text: t, d: d, active: map[visit]bool{}, members: map[int][]member{}}
}

// visit is a value under a schema. One that is being checked already is not
// checked again: a schema may name itself.
type visit struct {
	schema *node
	at     int
}

// member of an object: of those with one name the last, which is the one that
// parsers keep.
type member struct {
	name string
	at   int
}

// rule is a keyword of a schema, as it applies to a value.
type rule struct {
	schema, value *node
	at            int
	seen          evaluated
}

// evaluated are the parts of a value that some schema has looked at; nil where no
// unevaluatedProperties or unevaluatedItems asks.
type evaluated map[int]bool

func (e evaluated) add(parts ...int) {
	for _, at := range parts {
		if e != nil {
			e[at] = true
		}
	}
}

func (e evaluated) merge(o evaluated) {
	if e != nil {
		maps.Copy(e, o)
	}
}

// check holds a value against a schema and reports whether it fits.
func (v *validator) check(schema *node, at int, seen evaluated) bool {
	here := visit{schema, at}
	switch {
	case schema != nil && schema.isScalar() && schema.value == "false":
		return v.fail(at, "is not allowed")
	case schema == nil || schema.kind != objectKind || v.active[here]:
		return true
	}
	v.active[here] = true
	defer delete(v.active, here)
	if v.d.old && isTrue(get(schema, "nullable")) && v.typeAt(at) == "null" {
		return true
	}
	before, inner := len(v.faults), seen
	others, items := get(schema, "unevaluatedProperties"), get(schema, "unevaluatedItems")
	asks := others != nil || items != nil
	if asks {
		inner = evaluated{}
	}
	for key, value := range pairs(schema) {
		r := rule{schema, value, at, inner}
		switch kind := v.Nodes[at].Kind; {
		case v.always(key, r), v.counts(key, r):
		case kind == jsontext.String:
			v.ofText(key, r)
		case kind == jsontext.Number:
			v.ofNumber(key, r)
		case kind == jsontext.Array:
			v.ofArray(key, r)
		case kind == jsontext.Object:
			v.ofObject(key, r)
		}
	}
	if asks {
		v.unevaluated(others, items, at, inner)
		seen.merge(inner)
	}
	return len(v.faults) == before
}

// always applies the keywords for values of any type; it reports whether key is
// one of them.
func (v *validator) always(key string, r rule) bool {
	switch key {
	case "$ref", "$dynamicRef":
		v.check(v.d.refs[r.value], r.at, r.seen)
	case "type":
		v.hasType(r)
	case "enum":
		if !slices.ContainsFunc(list(r.value), func(n *node) bool { return v.equal(r.at, n) }) {
			v.fail(r.at, "is "+v.literal(r.at)+"; expected is "+choices(v.allowed(r)))
		}
	case "const":
		if !v.equal(r.at, r.value) {
			v.fail(r.at, "is "+v.literal(r.at)+"; expected is "+literal(r.value))
		}
	case "allOf":
		for _, part := range list(r.value) {
			v.check(part, r.at, r.seen)
		}
	case "anyOf", "oneOf":
		v.forms(key, r)
	case "not":
		if len(v.attempt(r.value, r.at, nil)) == 0 {
			v.fail(r.at, "has a form that is not allowed")
		}
	case "if":
		branch := "else"
		if len(v.attempt(r.value, r.at, r.seen)) == 0 {
			branch = "then"
		}
		if schema := get(r.schema, branch); schema != nil {
			v.check(schema, r.at, r.seen)
		}
	default:
		return false
	}
	return true
}

// attempt returns what is wrong with a value under a schema that need not hold.
// What it looked at counts as seen where it does.
func (v *validator) attempt(schema *node, at int, seen evaluated) []failure {
	before, inner := len(v.faults), seen
	if seen != nil {
		inner = evaluated{}
	}
	fits := v.check(schema, at, inner)
	wrong := slices.Clone(v.faults[before:])
	v.faults = v.faults[:before]
	if fits && seen != nil {
		seen.merge(inner)
	}
	return wrong
}

// forms applies anyOf and oneOf.
func (v *validator) forms(key string, r rule) {
	var wrong [][]failure
	parts := list(r.value)
	for _, part := range parts {
		if faults := v.attempt(part, r.at, r.seen); len(faults) > 0 {
			wrong = append(wrong, faults)
		}
	}
	switch fits := len(parts) - len(wrong); {
	case fits == 0:
		v.nearest(r.at, wrong)
	case fits > 1 && key == "oneOf":
		v.fail(r.at, "fits more than one of the forms that exclude each other")
	}
}

// sizes are the keywords for how much of something there may be.
var sizes = map[string]struct {
	of         jsontext.Kind
	most       bool
	verb, noun string
}{
	"minLength": {jsontext.String, false, "is", "character"}, "maxLength": {jsontext.String, true, "is", "character"},
	"minItems": {jsontext.Array, false, "has", "item"}, "maxItems": {jsontext.Array, true, "has", "item"},
	"minProperties": {jsontext.Object, false, "has", "field"}, "maxProperties": {jsontext.Object, true, "has", "field"},
}

// counts applies them; it reports whether key is one for this value.
func (v *validator) counts(key string, r rule) bool {
	size, ok := sizes[key]
	if !ok || size.of != v.Nodes[r.at].Kind {
		return false
	}
	is, limit := 0, integer(r.value)
	switch size.of {
	case jsontext.String:
		is = utf8.RuneCountInString(v.str(r.at))
	case jsontext.Array:
		is = len(v.Children(r.at))
	default:
		is = len(v.fields(r.at))
	}
	switch {
	case size.most && is > limit:
		v.fail(r.at, fmt.Sprintf("at most %s, %s %d", english.Count(limit, size.noun), size.verb, is))
	case !size.most && is == 0 && limit > 0 && size.of == jsontext.String:
		v.fail(r.at, "is empty")
	case !size.most && is < limit:
		v.fail(r.at, fmt.Sprintf("at least %s, %s %d", english.Count(limit, size.noun), size.verb, is))
	}
	return true
}

// hasType applies type: one or a list of them.
func (v *validator) hasType(r rule) {
	want, is := typesOf(r.value), v.typeAt(r.at)
	for _, t := range want {
		if t == is || t == "integer" && is == "number" && v.number(r.at).IsInt() {
			return
		}
	}
	if v.d.old && isTrue(get(r.schema, "nullable")) {
		want = append(want, "null")
	}
	f := failure{at: r.at, want: want}
	if len(want) == 1 && want[0] == "string" {
		switch {
		case (is == "object" || is == "array") && scalar(get(r.schema, "contentMediaType")) != "":
			f.says = "a string that holds JSON expected, is " + article(is) + "; write it as text in double quotes, escaped once"
		case is == "number" || is == "boolean":
			f.says = "a string expected, is " + article(is) + `; write "` + jsontext.Short(string(v.Raw(r.at))) + `"`
		}
	}
	v.faults = append(v.faults, f)
}

// allowed are the values of an enum as people read them.
func (v *validator) allowed(r rule) []string {
	var words []string
	for _, n := range list(r.value) {
		word := literal(n)
		if word[0] == '"' {
			word = word[1 : len(word)-1]
		}
		words = append(words, word)
	}
	if v.d.old && isTrue(get(r.schema, "nullable")) {
		words = append(words, "null")
	}
	return words
}
