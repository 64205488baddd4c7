package catalog

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/pb33f/go-yaml"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// contract is what a document says about one body. Its schema is made on first
// use: the programs that only send need none.
type contract struct {
	d        *document
	node     *yaml.Node // the schema; nil: any JSON
	isJSON   bool
	required bool // a body must be there

	once   sync.Once
	schema *jsonschema.Schema
	err    error
}

func (d *document) newContract(media *v3.MediaType, isJSON, required bool) *contract {
	return &contract{d: d, isJSON: isJSON, required: required, node: get(media.GoLow().GetRootNode(), "schema")}
}

// compiled is the schema; nil without an error where any JSON will do.
func (k *contract) compiled() (*jsonschema.Schema, error) {
	k.once.Do(func() {
		if k.node != nil {
			k.schema, k.err = k.d.compile(k.node)
		}
	})
	return k.schema, k.err
}

// schemas compiles the schemas of one document, which share their parts.
type schemas struct {
	mu       sync.Mutex
	compiler *jsonschema.Compiler
	whole    any // the document as values
	made     int
}

// Addresses of the document and its bodies for the compiler. They lead
// nowhere.
const (
	wholeURL = "catalog:///document"
	bodyURL  = "catalog:///body/"
)

func (d *document) compile(n *yaml.Node) (*jsonschema.Schema, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	v := &values{d: d}
	if d.compiler == nil {
		whole, err := v.of(d.root)
		if err != nil {
			return nil, err
		}
		d.whole, d.compiler = whole, newCompiler()
		if err := d.compiler.AddResource(wholeURL, whole); err != nil {
			return nil, d.at(n, "", "its schemas cannot be used: %v", err)
		}
	}
	body, err := v.of(n)
	if err != nil {
		return nil, err
	}
	d.made++
	address := fmt.Sprintf("%s%d", bodyURL, d.made)
	if err := d.compiler.AddResource(address, absolute(body, false)); err != nil {
		return nil, d.badSchema(n, err)
	}
	schema, err := d.compiler.Compile(address)
	if err != nil {
		return nil, d.badSchema(n, err)
	}
	return schema, nil
}

// absolute makes the references of a schema that is taken out of its document
// lead back there. named: the members are names that the author chose.
func absolute(v any, named bool) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			if ref, ok := value.(string); ok && key == "$ref" && !named && strings.HasPrefix(ref, "#") {
				v[key] = wholeURL + ref
				continue
			}
			v[key] = absolute(value, !named && key == "properties")
		}
	case []any:
		for i, item := range v {
			v[i] = absolute(item, false)
		}
	}
	return v
}

func newCompiler() *jsonschema.Compiler {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.UseLoader(noLoader{})
	c.UseRegexpEngine(lenientRegexp)
	c.AssertFormat()
	c.AssertContent()
	c.RegisterFormat(&jsonschema.Format{Name: "date-time", Validate: isTime})
	c.RegisterContentMediaType(&jsonschema.MediaType{Name: "application/json", Validate: isEmbedded})
	return c
}

// noLoader keeps the compiler off disk and network.
type noLoader struct{}

var errNoLoading = errors.New("other documents are not loaded")

func (noLoader) Load(string) (any, error) { return nil, errNoLoading }

// isoLayouts are the spellings of a time that platforms take (the protocol,
// section 3).
var isoLayouts = []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05Z07"}

var errNotTime = errors.New("is no ISO 8601 time with a zone")

func isTime(v any) error {
	s, ok := v.(string)
	if !ok {
		return nil
	}
	for _, layout := range isoLayouts {
		if _, err := time.Parse(layout, s); err == nil {
			return nil
		}
	}
	return errNotTime
}

// everything matches all strings. It stands for a pattern in a dialect that Go
// has not: better no warning than a wrong one.
type everything string

func (e everything) String() string        { return string(e) }
func (everything) MatchString(string) bool { return true }

func lenientRegexp(s string) (jsonschema.Regexp, error) {
	if re, err := regexp.Compile(s); err == nil {
		return re, nil
	}
	return everything(s), nil
}

// badSchema says where a schema is wrong.
func (d *document) badSchema(n *yaml.Node, err error) error {
	var invalid *jsonschema.SchemaValidationError
	if !errors.As(err, &invalid) {
		return d.at(n, "", "a schema cannot be used: %v", strings.ReplaceAll(err.Error(), wholeURL, ""))
	}
	pointer, inBody := "", true
	if address, err := url.Parse(invalid.URL); err == nil {
		pointer, inBody = address.Fragment, !strings.HasPrefix(invalid.URL, wholeURL)
	}
	var fault *jsonschema.ValidationError
	if !errors.As(invalid.Err, &fault) {
		return d.at(n, "", "a schema cannot be used: %v", invalid.Err)
	}
	leaf := firstLeaf(fault)
	place := n
	if !inBody {
		place = d.resolve("#" + pointer)
	}
	says := describe(leaf)
	name := ""
	for _, step := range leaf.InstanceLocation {
		if below := (&document{root: place}).resolve("#/" + escapeToken(step)); below != nil {
			place = below
		}
		name = step
	}
	return d.at(place, "schemas follow JSON Schema 2020-12, those of OpenAPI 3.0 its own dialect", "the schema is wrong: %s", cmp.Or(strings.TrimPrefix(name+": "+says, ": "), says))
}

func firstLeaf(e *jsonschema.ValidationError) *jsonschema.ValidationError {
	for len(e.Causes) > 0 {
		next := e.Causes[0]
		for _, c := range e.Causes {
			if len(c.InstanceLocation) > len(next.InstanceLocation) {
				next = c
			}
		}
		e = next
	}
	return e
}

// keyword is what stands beside the keyword that was violated.
func (k *contract) keyword(schemaURL, name string) string {
	address, err := url.Parse(schemaURL)
	if err != nil {
		return ""
	}
	from := k.node
	if strings.HasPrefix(schemaURL, wholeURL) {
		from = k.d.root
	}
	return scalar(get((&document{root: content(from)}).resolve("#"+address.Fragment), name))
}

// isEmbedded checks the JSON inside a string.
func isEmbedded(b []byte) error {
	_, fault := scan(b)
	if fault == nil {
		if len(b) > 0 && b[0] == '"' {
			var inner string
			if json.Unmarshal(b, &inner) == nil && holdsJSON(inner) {
				return errEscapedTwice
			}
		}
		return nil
	}
	var once string
	if json.Unmarshal([]byte(`"`+string(b)+`"`), &once) == nil && once != string(b) && holdsJSON(once) {
		return errEscapedTwice
	}
	if len(b) == 0 {
		return errEmptyEmbedded
	}
	return embeddedError{*fault}
}

// holdsJSON reports whether a string is a JSON object or array.
func holdsJSON(s string) bool {
	trimmed := strings.TrimLeft(s, " \t\r\n")
	return trimmed != "" && (trimmed[0] == '{' || trimmed[0] == '[') && json.Valid([]byte(s))
}

var (
	errEscapedTwice  = errors.New("holds JSON that is escaped twice; escape it once")
	errEmptyEmbedded = errors.New("is empty, which is no JSON; write {} or leave it out")
)

// embeddedError is a syntax fault inside a string.
type embeddedError struct{ fault Violation }

func (e embeddedError) Error() string {
	return fmt.Sprintf("must hold JSON, but inside the string at character %d: %s", e.fault.Offset+1, e.fault.Message)
}
