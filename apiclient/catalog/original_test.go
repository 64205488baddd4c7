package catalog

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	original "github.com/santhosh-tekuri/jsonschema/v6"

	"countersign/apiclient/catalog/jsonschema"
)

// changedFiles are the files of the copied library that are not the original's.
var changedFiles = map[string]bool{"draft.go": true, "copied.go": true}

// The copy is the original, but where it says that it is not.
func TestCopiedLibraryIsTheOriginal(t *testing.T) {
	t.Parallel()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/santhosh-tekuri/jsonschema/v6").Output()
	if err != nil || len(strings.TrimSpace(string(dir))) == 0 {
		t.Skip("the module cache has no original to compare with")
	}
	var files []string
	for _, pattern := range []string{"*.go", "kind/*.go"} {
		found, err := filepath.Glob(filepath.Join("jsonschema", pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	for _, file := range files {
		name, _ := filepath.Rel("jsonschema", file)
		if changedFiles[name] {
			continue
		}
		copied, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(copied), "countersign/apiclient/catalog/jsonschema/kind", "github.com/santhosh-tekuri/jsonschema/v6/kind")
		want, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), name))
		if err != nil {
			t.Fatal(err)
		}
		if text != string(want) {
			t.Errorf("%s is not the original's, and copied.go does not say so", name)
		}
	}
}

// drafts are schemas that name their draft, right and wrong, with bodies.
var drafts = []struct{ schema, body string }{
	{`{"$schema":"http://json-schema.org/draft-04/schema#","type":"object","required":["a"],"properties":{"a":{"minimum":3,"exclusiveMinimum":true}}}`, `{"a":3}`},
	{`{"$schema":"http://json-schema.org/draft-04/schema#","required":[]}`, `{}`},
	{`{"$schema":"http://json-schema.org/draft-06/schema#","contains":{"const":1},"propertyNames":{"maxLength":2}}`, `[2,3]`},
	{`{"$schema":"http://json-schema.org/draft-06/schema#","contains":7}`, `[]`},
	{`{"$schema":"http://json-schema.org/draft-07/schema#","if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}`, `{"a":1}`},
	{`{"$schema":"http://json-schema.org/draft-07/schema#","items":[{"type":"string"}],"additionalItems":false}`, `[1,2]`},
	{`{"$schema":"https://json-schema.org/draft/2019-09/schema","dependentRequired":{"a":["b"]},"unevaluatedProperties":false}`, `{"a":1}`},
	{`{"$schema":"https://json-schema.org/draft/2019-09/schema","minContains":-1}`, `[]`},
	{`{"$schema":"https://json-schema.org/draft/2020-12/schema","prefixItems":[{"type":"string"}],"items":false,"unevaluatedItems":false}`, `[1,2]`},
	{`{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"objekt"}`, `{}`},
	{`{"anyOf":[{"type":"string"},{"required":["a","b"]}],"not":{"maxProperties":2},"$defs":{"x":{"minLength":"1"}}}`, `{}`},
	{`{"$ref":"#/$defs/x","$defs":{"x":{"$dynamicRef":"#y"},"z":{"$dynamicAnchor":"y","format":"uuid","pattern":"^a"}}}`, `"b"`},
	{`{"$schema":"https://example.com/own","type":"string"}`, `1`},
}

// Lazy or not, both say the same.
func TestCopiedLibrarySaysWhatTheOriginalSays(t *testing.T) {
	t.Parallel()
	for _, d := range drafts {
		var schema, body any
		if err := errors.Join(json.Unmarshal([]byte(d.schema), &schema), json.Unmarshal([]byte(d.body), &body)); err != nil {
			t.Fatal(err)
		}
		if have, want := saysCopy(schema, body), saysOriginal(schema, body); have != want {
			t.Errorf("%s of %s: the copy says\n%s\nthe original\n%s", d.schema, d.body, have, want)
		}
	}
}

func saysCopy(schema, body any) string {
	c := jsonschema.NewCompiler()
	c.UseLoader(noLoader{})
	c.AssertFormat()
	if err := c.AddResource("x:y", schema); err != nil {
		return "adding: " + err.Error()
	}
	s, err := c.Compile("x:y")
	if err != nil {
		return "compiling: " + err.Error()
	}
	if err := s.Validate(body); err != nil {
		return "validating: " + err.Error()
	}
	return "nothing"
}

func saysOriginal(schema, body any) string {
	c := original.NewCompiler()
	c.UseLoader(noLoader{})
	c.AssertFormat()
	if err := c.AddResource("x:y", schema); err != nil {
		return "adding: " + err.Error()
	}
	s, err := c.Compile("x:y")
	if err != nil {
		return "compiling: " + err.Error()
	}
	if err := s.Validate(body); err != nil {
		return "validating: " + err.Error()
	}
	return "nothing"
}

// The meta-schemas are compiled once for all that ask at the same time.
func TestCopiedLibraryCompilesOnceForAll(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for range 8 {
		for _, d := range drafts {
			wg.Go(func() {
				var schema, body any
				if err := errors.Join(json.Unmarshal([]byte(d.schema), &schema), json.Unmarshal([]byte(d.body), &body)); err != nil {
					t.Error(err)
					return
				}
				if says := saysCopy(schema, body); says == "" || says == "nothing" {
					t.Errorf("%s of %s: %q", d.schema, d.body, says)
				}
			})
		}
	}
	wg.Wait()
}
