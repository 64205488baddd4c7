package cli

import (
	"slices"
	"testing"

	"countersign/apiclient/catalog"
	"countersign/apiclient/diagnose/habits"
)

// TestBuiltinPathsAreAlwaysTried is why a diagnosis need not read the built-in
// document.
func TestBuiltinPathsAreAlwaysTried(t *testing.T) {
	t.Parallel()
	for _, e := range catalog.Builtin().Endpoints() {
		if !slices.Contains(habits.CommonEndpoints, e.Path) {
			t.Errorf("%s is not among the common endpoints", e.Path)
		}
	}
}
