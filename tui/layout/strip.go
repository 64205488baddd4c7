package layout

import (
	"fmt"
	"strings"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Cell is a pane's title in the strip of a narrow screen.
type Cell struct {
	Scope keymap.Scope
	Text  string
	X     int // its first column
}

// Title names a scope on the screen.
func Title(s keymap.Scope) string { return strings.ToUpper(string(s[:1])) + string(s[1:]) }

var shortTitles = map[keymap.Scope]string{
	keymap.Endpoints: "Endp", keymap.Request: "Req", keymap.Headers: "Head", keymap.Signature: "Sign",
	keymap.Response: "Resp",
	keymap.Runs:     "Runs",
}

// Strip writes the titles of the panes in full; where they do not fit into a
// width, all but the focused one's short, or as numbers.
func Strip(focus keymap.Scope, w int) []Cell {
	cells := make([]Cell, len(Order))
	for _, name := range []func(keymap.Scope) string{
		func(s keymap.Scope) string { return " " + Title(s) },
		func(s keymap.Scope) string { return " " + shortTitles[s] },
		func(keymap.Scope) string { return "" },
	} {
		total := 0
		for i, s := range Order {
			text := name(s)
			if s == focus {
				text = " " + Title(s)
			}
			cells[i] = Cell{s, fmt.Sprintf(" %d%s", i+1, text), total}
			total += ui.Width(cells[i].Text)
		}
		if total <= w {
			break
		}
	}
	return cells
}

// StripAt finds the title at a column.
func StripAt(cells []Cell, x int) (keymap.Scope, bool) {
	for _, c := range cells {
		if x >= c.X && x < c.X+ui.Width(c.Text) {
			return c.Scope, true
		}
	}
	return "", false
}
