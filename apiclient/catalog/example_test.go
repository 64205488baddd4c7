package catalog

import (
	"encoding/json"
	"testing"
)

// Each field of each endpoint has a sample that is JSON, and of its type.
func TestSamples(t *testing.T) {
	c := Builtin()
	n := 0
	for _, e := range c.Endpoints() {
		var walk func([]Property, []string)
		walk = func(list []Property, path []string) {
			for _, q := range list {
				below := append(path[:len(path):len(path)], q.Name)
				v := e.Sample(below...)
				var value any
				if err := json.Unmarshal(v, &value); err != nil {
					t.Errorf("%s %v: %q, %v", e.ID, below, v, err)
				}
				if _, isText := value.(string); q.Type == "string" && !isText {
					t.Errorf("%s %v: %s is no string", e.ID, below, v)
				}
				n++
				if q.Type == "object" {
					walk(q.Properties, below)
				}
			}
		}
		walk(e.Request, nil)
		if v := e.Sample("no such field"); v != nil && e.ID != "" && len(e.Request) > 0 {
			t.Errorf("%s: a sample of nothing: %s", e.ID, v)
		}
	}
	if n < 50 {
		t.Errorf("only %d fields", n)
	}
}
