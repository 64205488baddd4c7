package box

import "testing"

func TestJumpLabels(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 26, 27, 100, 600} {
		labels := jumpLabels(n)
		if len(labels) != n {
			t.Errorf("%d labels, not %d", len(labels), n)
		}
		for i, a := range labels {
			for j, b := range labels {
				if i != j && len(a) <= len(b) && b[:len(a)] == a {
					t.Fatalf("%d: %q begins %q", n, a, b)
				}
			}
		}
	}
}
