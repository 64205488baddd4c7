package bodies_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"countersign/apiclient/diagnose/bodies"
	"countersign/apiclient/diagnose/variant"
)

// output is what a real tool made of a body.
type output struct {
	By     string   `json:"by"`
	Body   string   `json:"body"`
	Output string   `json:"output"`
	Base64 []byte   `json:"base64"` // instead of Output where that is no text
	Causes []string `json:"causes"` // that a diagnosis names
}

// room is enough for bodies as small as these.
const room = 512 << 10

func never() bool { return false }

// made returns what is made of a body by singles and libraries, and by pairs, which
// take longest, unless that is enough already.
func made(body string, enough func([]bodies.Variant) bool) []bodies.Variant {
	m := bodies.NewMaker([]byte(body), never)
	list := append(m.Singles(room), m.Libraries(room)...)
	if enough(list) {
		return list
	}
	return append(list, m.Pairs(room)...)
}

// lookFor finds variants by their bytes.
func lookFor(list []bodies.Variant, want string) (found []bodies.Variant) {
	for _, v := range list {
		if string(v.Bytes) == want {
			found = append(found, v)
		}
	}
	return found
}

// names reports whether a variant tells a cause.
func names(v bodies.Variant, cause string) bool {
	is := func(c variant.Change) bool { return c.Cause == cause }
	return slices.ContainsFunc(v.Changes, is) || slices.ContainsFunc(v.Also, is)
}

// missing says what is not among the variants of the body: the output, or a cause of it.
func (o output) missing(all []bodies.Variant) (wrong []string) {
	found := lookFor(all, o.Output)
	if o.Output != o.Body && len(found) == 0 {
		return []string{fmt.Sprintf("%s: not among the variants of\n%s\n%q", o.By, o.Body, o.Output)}
	}
	for _, c := range o.Causes {
		if !slices.ContainsFunc(found, func(v bodies.Variant) bool { return names(v, c) }) {
			wrong = append(wrong, fmt.Sprintf("%s: %s is not named", o.By, c))
		}
	}
	return wrong
}

// TestOutputsOfTools looks for what Python 3.11, Node 20, PHP 8.2, Ruby 3.1,
// Java 17 and jq 1.6 really made of a body among its variants.
func TestOutputsOfTools(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("testdata", "outputs.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []output
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	byBody := map[string][]output{}
	for _, o := range list {
		o.Output += string(o.Base64)
		byBody[o.Body] = append(byBody[o.Body], o)
	}
	for body, outputs := range byBody {
		t.Run(outputs[0].By, func(t *testing.T) {
			t.Parallel()
			var wrong []string
			look := func(all []bodies.Variant) bool {
				wrong = nil
				for _, o := range outputs {
					wrong = append(wrong, o.missing(all)...)
				}
				return len(wrong) == 0
			}
			look(made(body, look))
			for _, w := range wrong {
				t.Error(w)
			}
		})
	}
}
