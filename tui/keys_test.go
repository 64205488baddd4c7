package tui

import (
	"strings"
	"testing"

	"countersign/tui/keymap"
)

// Keys that were set work where text is typed too, and all texts name them.
func TestKeysThatAreSetAreNamedAndWork(t *testing.T) {
	t.Parallel()
	table, err := Keys().With(map[keymap.ID][]string{
		"request.find": {"ctrl+l"}, "request.expanded": {"f6"}, keymap.Send: {"f5"}, keymap.Diagnose: {"D"}, "headers.reset": {"K"},
	})
	if err != nil {
		t.Fatal(err)
	}
	x := explore(t, 140, 40, func(x *world) { x.config.Keys = table })
	x.shows(t, "f5 signs this request", "Nothing sent yet. f5", "no response yet: f5 sends")
	x.lacks(t, "ctrl+r")
	x.Key("e", "ctrl+l")
	x.Type("value")
	x.shows(t, "find value", "1 of 2")
	x.Key("esc", "f6")
	x.shows(t, "expanded, as signed · f6: back")
	x.Key("f6", "esc", "esc") // the selection of the match first

	x.Key("3", "s")
	x.choose(t, "wrong_key")
	x.Key("esc")
	x.shows(t, "wrong key · K undoes it")
	x.Key("f5")
	x.shows(t, "D explains")
	x.lacks(t, "ctrl+r")
	if line := lineWith(x.Screen(), "breaks here"); strings.Contains(line, "d explains") {
		t.Errorf("the signature names the old key: %s", line)
	}
}
