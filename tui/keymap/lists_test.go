package keymap

import "testing"

func TestInList(t *testing.T) {
	t.Parallel()
	set, err := Default().With(map[ID][]string{ListsDown: {"n", "ctrl+n"}, ListsUp: {"f9"}, Quit: {"f9"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		table  *Table
		key    string
		typing bool
		want   ID
	}{
		{Default(), "down", false, ListsDown},
		{Default(), "down", true, ListsDown},
		{Default(), "j", false, ListsDown},
		{Default(), "j", true, ""},
		{Default(), "home", false, ListsTop},
		{Default(), "home", true, ""}, // the text's
		{Default(), "q", false, ListsClose},
		{Default(), "esc", false, ""},
		{Default(), "d", false, ""}, // a key of everywhere
		{Default(), "enter", false, ""},
		{set, "down", false, ""},
		{set, "n", false, ListsDown},
		{set, "n", true, ""},
		{set, "ctrl+n", true, ListsDown},
		{set, "f9", false, ListsUp}, // a key of everywhere too: a box has all keys
	} {
		if got := c.table.InList(c.key, c.typing); got != c.want {
			t.Errorf("InList(%q, %v) = %q, want %q", c.key, c.typing, got, c.want)
		}
	}
}
