package bodies_test

import (
	"encoding/json"
	"os"
	"testing"

	"countersign/apiclient/diagnose/bodies"
)

// TestPrintf has what the printf of bash 5.2 and of dash 0.5.12 make of a format
// with no arguments (.ci/stacks/bodies.py).
func TestPrintf(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/printf.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		Shell, Format string
		Base64        []byte
	}
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		got, changed := bodies.Printf(c.Format, c.Shell == "dash")
		if got != string(c.Base64) || changed != (got != c.Format) && len(got) > 0 {
			t.Errorf("%s: %q becomes %q, not %q", c.Shell, c.Format, got, c.Base64)
		}
	}
	if got, changed := bodies.Printf("%999999999d", false); changed {
		t.Errorf("a width without bounds makes %d bytes", len(got))
	}
}
