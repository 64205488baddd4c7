package bodies_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"sync"
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

// everything gives the variants of the stages of a search that make JSON and
// text. Each body is worked out once.
func everything(body string) []bodies.Variant {
	list, _ := worked.LoadOrStore(body, sync.OnceValue(func() []bodies.Variant { return workOut(body) }))
	return list.(func() []bodies.Variant)()
}

var worked sync.Map

func workOut(body string) []bodies.Variant {
	m := bodies.NewMaker([]byte(body), never)
	list := m.Singles(room)
	list = append(list, m.Libraries(room)...)
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
			all := everything(body)
			for _, o := range outputs {
				found := lookFor(all, o.Output)
				if o.Output != body && len(found) == 0 {
					t.Errorf("%s: not among the variants of\n%s\n%q", o.By, body, o.Output)
					continue
				}
				for _, c := range o.Causes {
					if !slices.ContainsFunc(found, func(v bodies.Variant) bool { return names(v, c) }) {
						t.Errorf("%s: %s is not named, but %v", o.By, c, found[0].Changes)
					}
				}
			}
		})
	}
}
