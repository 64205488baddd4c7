package keymap

import "slices"

// Actions of lists.
const (
	ListsUp     ID = "lists.up"
	ListsDown   ID = "lists.down"
	ListsPageUp ID = "lists.page-up"
	ListsPageDn ID = "lists.page-down"
	ListsTop    ID = "lists.top"
	ListsBottom ID = "lists.bottom"
	ListsTick   ID = "lists.tick"
	ListsClear  ID = "lists.clear"
	ListsClose  ID = "lists.close"
)

// Actions of a text over the screen.
const (
	SheetSearch     ID = "sheet.search"
	SheetNext       ID = "sheet.next-match"
	SheetPrevious   ID = "sheet.previous-match"
	SheetHex        ID = "sheet.hex"
	SheetWrap       ID = "sheet.wrap"
	SheetCopy       ID = "sheet.copy"
	SheetCopyHex    ID = "sheet.copy-hex"
	SheetCopyBase64 ID = "sheet.copy-base64"
	SheetPageDn     ID = "sheet.page-down"
)

// Boxes are the rows of what opens over the screen, which does them itself. The
// ends have no key while one types: home and end are the text's.
var Boxes = slices.Concat(sheetActions, listsActions)

var listsActions = Actions{
	{ID: ListsUp, Scope: Lists, Keys: On("up", "k"), Long: "Go up in a box or a list", Typing: true},
	{ID: ListsDown, Scope: Lists, Keys: On("down", "j"), Long: "Go down in a box or a list", Typing: true},
	{ID: ListsPageUp, Scope: Lists, Keys: On("pgup"), Long: "Go up a page in a box", Typing: true},
	{ID: ListsPageDn, Scope: Lists, Keys: On("pgdown"), Long: "Go down a page in a box", Typing: true},
	{ID: ListsTop, Scope: Lists, Keys: On("home", "g"), Long: "Go to the top of a box"},
	{ID: ListsBottom, Scope: Lists, Keys: On("end", "G"), Long: "Go to the bottom of a box"},
	{ID: ListsTick, Scope: Lists, Keys: On(" "), Long: "Tick a row of a box, or untick it"},
	{ID: ListsClear, Scope: Lists, Keys: On("u", "x"), Long: "Untick all rows of a box"},
	{ID: ListsClose, Scope: Lists, Keys: On("q"), Long: "Close a box, as esc does"},
}

var sheetActions = Actions{
	{ID: SheetSearch, Scope: Sheet, Keys: On("/"), Long: "Search a text over the screen"},
	{ID: SheetNext, Scope: Sheet, Keys: On("n"), Long: "Go to the next match"},
	{ID: SheetPrevious, Scope: Sheet, Keys: On("N"), Long: "Go to the previous match"},
	{ID: SheetHex, Scope: Sheet, Keys: On("h"), Long: "Show the bytes in hex, or the text again"},
	{ID: SheetWrap, Scope: Sheet, Keys: On("w"), Long: "Wrap long lines, or cut them"},
	{ID: SheetCopy, Scope: Sheet, Keys: On("y"), Long: "Copy it"},
	{ID: SheetCopyHex, Scope: Sheet, Keys: On("x"), Long: "Copy it in hex"},
	{ID: SheetCopyBase64, Scope: Sheet, Keys: On("b"), Long: "Copy it in base64"},
	{ID: SheetPageDn, Scope: Sheet, Keys: On(" "), Long: "Go down a page, as lists.page-down does"},
}

// InList says what a key does in a list; "" where it does nothing there. Enter
// always chooses. While a person types, a key that types a character does not
// count.
func (t *Table) InList(key string, typing bool) ID { return t.inBox(Lists, key, typing) }

// InSheet says what a key does in a text over the screen, where nobody types:
// an action of Sheet, or else one of Lists.
func (t *Table) InSheet(key string) ID {
	if id := t.inBox(Sheet, key, false); id != "" {
		return id
	}
	return t.InList(key, false)
}

func (t *Table) inBox(s Scope, key string, typing bool) ID {
	i, ok := t.byKey[s][key]
	if !ok || key == "enter" || t.Leaves(key) {
		return ""
	}
	if typing {
		a, _ := t.Typed(s, key)
		return a.ID
	}
	return t.actions[i].ID
}

// Leaves reports whether a key leaves a box and what is typed in it: one of
// Cancel, and esc whatever is set, so that nobody is locked in.
func (t *Table) Leaves(key string) bool { return key == "esc" || t.Has(Cancel, key) }
