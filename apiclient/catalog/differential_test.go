package catalog

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The validator is held against another one, which takes no part in the program:
// it costs each start too much (see the decision about libraries).

// deliberate are the ways in which the two differ on purpose. Schemas and bodies that
// a line applies to are not compared.
var deliberate = []struct {
	why             string
	schemas, bodies *regexp.Regexp // nil: any
}{
	{"variables stand for any text", nil, regexp.MustCompile(`\{\{`)},
	{"exponents of more than three digits are cut", regexp.MustCompile(`[eE][-+]?\d{3}`), nil},
	{"exponents of more than three digits are cut", nil, regexp.MustCompile(`[eE][-+]?\d{3}`)},
	{"$dynamicRef does not change with its caller", regexp.MustCompile(`\$dynamic`), nil},
	{"other dialects than 2020-12 are not known", regexp.MustCompile(`\$schema|\$vocabulary`), nil},
	{"keywords of older dialects are unknown here", regexp.MustCompile(`definitions|dependencies|additionalItems|\$recursive`), nil},
	{"OpenAPI documents nest no address in another", regexp.MustCompile(`"\$id": *"[^"]*[#:/]`), nil},
	{"what follows a format is in formats: zones of a time without a colon are taken, regex is Go's",
		regexp.MustCompile(`"format"`), nil},
	{"JSON that is escaped twice is no JSON here, and base64 and media types are told apart",
		regexp.MustCompile(`"content`), nil},
	{"a lone half of a surrogate pair is one character here", nil, regexp.MustCompile(`\\u[dD]`)},
	{"patterns that Go has not are let through", regexp.MustCompile(`"pattern[a-zA-Z]*": *[^"{]|\(\?|\\\\[pPcu]`), nil},
	{"what is no keyword of JSON may be anything here", regexp.MustCompile(`"\$comment"|"default"|"readOnly"|"writeOnly"|"deprecated"|"title"|"description"|"examples?"`), nil},
}

// rivals are a schema in both validators.
type rivals struct {
	schema []byte
	ours   *contract
	theirs *jsonschema.Schema
}

// rivalsOf reads a schema; ok is false where either refuses it.
func rivalsOf(t testing.TB, schema []byte) (r rivals, ok bool) {
	t.Helper()
	text, fault := readText(schema)
	if fault != nil || len(text.Doubled()) > 0 {
		return r, false
	}
	ours, err := contractOf(t.Context(), text)
	if err != nil || circular(ours) {
		return r, false // a schema that names itself without going deeper is no fault here
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.UseLoader(jsonschema.SchemeURLLoader{})
	if c.AddResource("https://example.com/", doc) != nil {
		return r, false
	}
	theirs, err := c.Compile("https://example.com/")
	return rivals{schema, ours, theirs}, err == nil
}

// compare holds a body against the schema in both. compared is false where the body
// is no JSON, or they differ on purpose; fits where both take it.
func (r rivals) compare(t testing.TB, body []byte) (compared, fits bool) {
	t.Helper()
	for _, d := range deliberate {
		if (d.schemas == nil || d.schemas.Match(r.schema)) && (d.bodies == nil || d.bodies.Match(body)) {
			return false, false
		}
	}
	text, fault := readText(body)
	if fault != nil || len(text.Doubled()) > 0 {
		return false, false
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	err = r.theirs.Validate(value)
	ours := r.ours.check(body)
	if (len(ours) == 0) != (err == nil) {
		t.Fatalf("schema %s\nbody %s\nours:\n%s\ntheirs:\n%v", r.schema, body, written(ours), err)
	}
	return true, err == nil
}

// inPlace are the keywords whose schemas are for the same value.
var inPlace = strings.Fields("allOf anyOf oneOf not if then else dependentSchemas")

// circular reports whether a schema that a contract needs names itself without going
// deeper into the value.
func circular(k *contract) bool {
	const visiting, done = 1, 2
	state := map[*node]int{}
	queue := []*node{k.node}
	var visit func(n *node) bool
	visit = func(n *node) bool {
		if state[n] != 0 {
			return state[n] == visiting
		}
		state[n] = visiting
		for key, value := range pairs(n) {
			var below []*node
			if form := keywords[key]; form.inside != nil {
				below = form.inside(value)
			}
			if key == "$ref" {
				below = []*node{k.d.refs[value]}
			} else if !slices.Contains(inPlace, key) {
				queue = append(queue, below...)
				continue
			}
			if slices.ContainsFunc(below, visit) {
				return true
			}
		}
		state[n] = done
		return false
	}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		if visit(n) {
			return true
		}
	}
	return false
}

// generator makes schemas and bodies of few names and values, so that they meet.
type generator struct{ *rand.Rand }

func pick[T any](g generator, from ...T) T { return from[g.IntN(len(from))] }

var texts = []string{"", "a", "b", "ab", "é", "abc", "1", "💳"}

func (g generator) scalar() any {
	return pick[any](g, nil, true, false, 0, 1, 2, -1, 1.5, 3, json.Number("1.0"), json.Number("2e0"), pick(g, texts...), pick(g, texts...))
}

func (g generator) body(depth int) any {
	n := g.IntN(4)
	switch {
	case depth == 0 || g.IntN(3) == 0:
		return g.scalar()
	case g.IntN(2) == 0:
		list := make([]any, n)
		for i := range list {
			list[i] = g.body(depth - 1)
		}
		return list
	}
	object := map[string]any{}
	for range n {
		object[pick(g, "a", "b", "ab", "c")] = g.body(depth - 1)
	}
	return object
}

func (g generator) schemas(depth int) []any {
	list := make([]any, 1+g.IntN(3))
	for i := range list {
		list[i] = g.schema(depth)
	}
	return list
}

// value writes the value of a keyword by its form.
func (g generator) value(keyword string, depth int) any {
	switch keyword {
	case "const":
		return g.body(g.IntN(3))
	case "pattern":
		return pick(g, "^a", "b$", "^[a-b]+$", "é", ".")
	case "$ref":
		return pick(g, "#/$defs/A", "#B", "c", "c#/$defs/D", "c#E", "#")
	}
	names := []any{"a", "b", "c"}[:1+g.IntN(3)]
	switch keywords[keyword].words {
	case "a schema":
		return g.schema(depth)
	case "a list of schemas":
		return g.schemas(depth)
	case namedSchemas:
		object := map[string]any{}
		for _, schema := range g.schemas(depth) {
			name := pick(g, "a", "b", "c")
			if keyword == "patternProperties" {
				name = pick(g, "^a", "b$", ".")
			}
			object[name] = schema
		}
		return object
	case "a whole number of 0 or more":
		return g.IntN(3)
	case "a number":
		return pick[any](g, 1, 2, 0.5, json.Number("1.0"))
	case "a list of names":
		return names
	case "an object of lists of names":
		return map[string]any{pick(g, "a", "b"): names}
	case "a list":
		return []any{g.body(1), g.body(0), "a"}
	case keywords["type"].words:
		if g.IntN(3) == 0 {
			return []any{pick(g, typeNames[:4]...), pick(g, typeNames[4:]...)}
		}
		return pick(g, typeNames...)
	}
	return g.IntN(2) == 0
}

// asserting are the keywords that a verdict depends on.
var asserting = func() []string {
	names := []string{"const", "$ref", "pattern"}
	for name, form := range keywords {
		if form.words != "a string" && !slices.Contains([]string{"$defs", "examples", "deprecated", "readOnly", "writeOnly"}, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}()

func (g generator) schema(depth int) any {
	if g.IntN(8) == 0 {
		return g.IntN(3) > 0
	}
	schema := map[string]any{}
	for range 1 + g.IntN(3) {
		keyword := asserting[g.IntN(len(asserting))]
		if depth > 0 || keywords[keyword].inside == nil {
			schema[keyword] = g.value(keyword, depth-1)
		}
	}
	return schema
}

// document is a schema with others beside it that it may name.
func (g generator) document() []byte {
	schema, ok := g.schema(3).(map[string]any)
	if !ok {
		schema = map[string]any{}
	}
	c := map[string]any{"$id": "c", "$defs": map[string]any{"D": g.schema(1),
		"e": map[string]any{"$anchor": "E", "not": g.schema(0)}}, "anyOf": g.schemas(1)}
	schema["$defs"] = map[string]any{"A": g.schema(2), "B": map[string]any{"$anchor": "B", "allOf": g.schemas(1)}, "C": c}
	text, _ := json.Marshal(schema)
	return text
}

func TestVerdictsAreThoseOfAnotherValidator(t *testing.T) {
	t.Parallel()
	g := generator{rand.New(rand.NewPCG(1, 2))}
	compared, fitting := 0, 0
	for range 300 {
		r, ok := rivalsOf(t, g.document())
		for range 8 {
			if body, _ := json.Marshal(g.body(3)); ok {
				was, fits := r.compare(t, body)
				compared += map[bool]int{true: 1}[was]
				fitting += map[bool]int{true: 1}[fits]
			}
		}
	}
	t.Logf("%d compared, %d fit", compared, fitting)
	if compared < 1500 || fitting < compared/5 || fitting > compared*4/5 {
		t.Errorf("%d compared, %d fit: the generator is of no use", compared, fitting)
	}
}

// FuzzValidate: whatever the schema and the body, the verdict is that of another
// validator, but where they differ on purpose.
func FuzzValidate(f *testing.F) {
	g := generator{rand.New(rand.NewPCG(3, 4))}
	for range 30 {
		body, _ := json.Marshal(g.body(3))
		f.Add(g.document(), body)
	}
	f.Fuzz(func(t *testing.T, schema, body []byte) {
		if len(schema)+len(body) > 10_000 {
			return
		}
		if r, ok := rivalsOf(t, schema); ok {
			r.compare(t, body)
		}
	})
}
