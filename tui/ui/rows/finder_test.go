package rows

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"countersign/tui/tuitest"
)

// Search agrees with a look at every place.
func TestFinder(t *testing.T) {
	t.Parallel()
	r := tuitest.Seeded(6)
	for range 25 {
		content := make([]byte, r.IntN(3*foldChunk/2))
		for i := range content {
			content[i] = "abAB\n"[r.IntN(5)]
		}
		query := []byte("abABab")[:1+r.IntN(4)]
		if r.IntN(2) == 0 {
			query = bytes.ToLower(query)
		}
		f := NewSearch(string(query), false).finder
		hay := content
		if f.fold {
			hay = bytes.ToLower(content)
		}
		var want []int
		for i := 0; i+len(query) <= len(hay); i++ {
			if bytes.HasPrefix(hay[i:], query) {
				want = append(want, i)
			}
		}
		var got []int
		f.each(content, 0, func(at int) bool { got = append(got, at); return true })
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%q in %d bytes: %d places, not %d", query, len(content), len(got), len(want))
		}
		at := r.IntN(len(content) + 1)
		before := -1
		for _, i := range want {
			if i < at {
				before = i
			}
		}
		after := -1
		for _, i := range slices.Backward(want) {
			if i >= at {
				after = i
			}
		}
		f.blocks = f.count(content, nil)
		tuitest.Must(t, "all", f.total(), len(want))
		tuitest.Must(t, "before", f.seekBack(content, at), before)
		tuitest.Must(t, "after", f.seek(content, at), after)
	}
}
