package ui

import (
	"fmt"
	"testing"

	"countersign/tui/keymap"
)

// Headings are passed over; those above the first item are seen with it.
func TestListWithHeadings(t *testing.T) {
	t.Parallel()
	l := List{Height: 4, Len: 9}
	l.Heading = func(i int) bool { return i == 0 || i == 3 || i == 6 }
	l.Move(0)
	for _, c := range []struct {
		do   keymap.ID
		want string
	}{
		{"", "1 in 0-4"},
		{keymap.ListsUp, "1 in 0-4"},
		{keymap.ListsDown, "2 in 0-4"},
		{keymap.ListsDown, "4 in 1-5"},
		{keymap.ListsPageDn, "7 in 4-8"},
		{keymap.ListsBottom, "8 in 5-9"},
		{keymap.ListsDown, "8 in 5-9"},
		{keymap.ListsPageUp, "5 in 5-9"},
		{keymap.ListsUp, "4 in 3-7"},
		{keymap.ListsUp, "2 in 2-6"},
		{keymap.ListsTop, "1 in 0-4"},
	} {
		if mine := l.Act(c.do); mine != (c.do != "") {
			t.Errorf("Act(%q) = %v", c.do, mine)
		}
		from, to := l.Window()
		if got := fmt.Sprintf("%d in %d-%d", l.Cursor, from, to); got != c.want {
			t.Errorf("%s: %s, want %s", c.do, got, c.want)
		}
	}
}
