package keymap_test

import (
	"testing"

	"countersign/tui"
	"countersign/tui/keymap"
)

func TestInList(t *testing.T) {
	t.Parallel()
	set, err := tui.Keys().With(map[keymap.ID][]string{keymap.ListsDown: {"n", "ctrl+n"}, keymap.ListsUp: {"f9"}, keymap.Quit: {"f9"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		table  *keymap.Table
		key    string
		typing bool
		want   keymap.ID
	}{
		{tui.Keys(), "down", false, keymap.ListsDown},
		{tui.Keys(), "down", true, keymap.ListsDown},
		{tui.Keys(), "j", false, keymap.ListsDown},
		{tui.Keys(), "j", true, ""},
		{tui.Keys(), "home", false, keymap.ListsTop},
		{tui.Keys(), "home", true, ""}, // the text's
		{tui.Keys(), "q", false, keymap.ListsClose},
		{tui.Keys(), "esc", false, ""},
		{tui.Keys(), "d", false, ""}, // a key of everywhere
		{tui.Keys(), "enter", false, ""},
		{set, "down", false, ""},
		{set, "n", false, keymap.ListsDown},
		{set, "n", true, ""},
		{set, "ctrl+n", true, keymap.ListsDown},
		{set, "f9", false, keymap.ListsUp}, // a key of everywhere too: a box has all keys
	} {
		if got := c.table.InList(c.key, c.typing); got != c.want {
			t.Errorf("InList(%q, %v) = %q, want %q", c.key, c.typing, got, c.want)
		}
	}
}
