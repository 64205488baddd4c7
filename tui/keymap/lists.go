package keymap

// Lists is the scope of boxes over the screen and of lists that open while one
// types: how to move in them. What else a box takes is its own.
const Lists Scope = "lists"

// Actions of lists.
const (
	ListsUp     ID = "lists.up"
	ListsDown   ID = "lists.down"
	ListsPageUp ID = "lists.page-up"
	ListsPageDn ID = "lists.page-down"
	ListsTop    ID = "lists.top"
	ListsBottom ID = "lists.bottom"
)

// The ends have no key while one types: home and end are the text's.
var listsActions = []Action{
	{ID: ListsUp, Scope: Lists, Keys: []string{"up", "k"}, Long: "Go up in a box or a list", Typing: true},
	{ID: ListsDown, Scope: Lists, Keys: []string{"down", "j"}, Long: "Go down in a box or a list", Typing: true},
	{ID: ListsPageUp, Scope: Lists, Keys: []string{"pgup"}, Long: "Go up a page in a box", Typing: true},
	{ID: ListsPageDn, Scope: Lists, Keys: []string{"pgdown"}, Long: "Go down a page in a box", Typing: true},
	{ID: ListsTop, Scope: Lists, Keys: []string{"home", "g"}, Long: "Go to the top of a box"},
	{ID: ListsBottom, Scope: Lists, Keys: []string{"end", "G"}, Long: "Go to the bottom of a box"},
}

// InList says what a key does in a list; "" where it does nothing there. Enter
// always chooses. While a person types, a key that types a character does not
// count.
func (t *Table) InList(key string, typing bool) ID {
	if key == "enter" {
		return ""
	}
	find := func() (Action, bool) { return t.Lookup(Lists, key, false) }
	if typing {
		find = func() (Action, bool) { return t.Typed(Lists, key) }
	}
	if a, ok := find(); ok && a.Scope == Lists {
		return a.ID
	}
	return ""
}
