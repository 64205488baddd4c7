package habits

import "testing"

func TestIsVersion(t *testing.T) {
	t.Parallel()
	for segment, want := range map[string]bool{
		"v1": true, "V2": true, "v1.0": true, "v10.25": true, "": false, "v": false, "v.1": false, "v1.": false, "v1.0.0": false, "1": false, "vx": false,
	} {
		if isVersion(segment) != want {
			t.Errorf("%q: %v", segment, !want)
		}
	}
}
