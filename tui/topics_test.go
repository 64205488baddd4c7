package tui

import (
	"testing"

	"countersign/tui/keymap"
)

// What countersign help tells is read in the explorer too.
func TestPaletteOpensATopic(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30, func(x *world) {
		x.config.Topics = func(*keymap.Table) []Topic {
			return []Topic{{Name: "variables", Title: "Variables in the body", Text: "THEY WORK\n\n  {{uuid}}  a new one\n"}}
		}
	})
	x.Key("ctrl+p")
	x.Type("help var")
	x.shows(t, "Help: Variables in the body")
	x.Key("enter")
	x.shows(t, "Variables in the body", "THEY WORK", "  {{uuid}}  a new one")
	x.Key("q")
	x.lacks(t, "THEY WORK")
}
