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
			want, body := o.Output+string(o.Base64), []byte(o.Body)
			m := bodies.NewMaker(body, never)
			for _, made := range []func() []bodies.Variant{
				func() []bodies.Variant { return bodies.FromForm(body, o.Type, 8*room, true, never) },
				func() []bodies.Variant { return m.Singles(room) },
				func() []bodies.Variant { return m.Libraries(room) },
				func() []bodies.Variant { return m.LibraryPairs(8 * room) },
				func() []bodies.Variant { return m.Pairs(room) },
			} {
				if len(lookFor(made(), want)) > 0 {
					return
				}
			}
			t.Errorf("not among what is made of\n%s\n%s", o.Body, want)
		})
	}
}
