package compare

import (
	"context"
	"testing"
)

// The numbers that anchors counts in are shared by all stretches of a
// comparison: what one leaves behind would change the next.
func TestAnchorsLeaveNothing(t *testing.T) {
	t.Parallel()
	a, b := []int{1, 2, 3, 4, 2, 5, 9}, []int{5, 4, 3, 2, 1, 7, 8}
	x := &aligner{ctx: context.Background(), a: a, b: b, seen: make([]places, 10)}
	if got := x.anchors(0, len(a), 0, len(b)); len(got) == 0 {
		t.Fatal("no anchors")
	}
	for n, p := range x.seen {
		if p != (places{}) {
			t.Errorf("%d is counted still: %+v", n, p)
		}
	}
}
