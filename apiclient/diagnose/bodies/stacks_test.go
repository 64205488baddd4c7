package bodies_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"countersign/apiclient/diagnose/bodies"
)

// TestStacks has pairs of what one program signed and sent, made by .ci/stacks: the
// signed body is among what the sent one is taken for.
func TestStacks(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("testdata", "stacks.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		By, Body, Output, Type string
		Base64                 []byte
	}
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	for _, o := range list {
		t.Run(o.By, func(t *testing.T) {
			t.Parallel()
			want := o.Output + string(o.Base64)
			if len(lookFor(everything(o.Body), want)) > 0 || len(lookFor(bodies.FromForm([]byte(o.Body), o.Type, 8*room, never), want)) > 0 {
				return
			}
			m := bodies.NewMaker([]byte(o.Body), never)
			m.Singles(room)
			m.Libraries(room)
			if len(lookFor(m.LibraryPairs(16*room), want)) == 0 {
				t.Errorf("not among what is made of\n%s\n%s", o.Body, want)
			}
		})
	}
}
