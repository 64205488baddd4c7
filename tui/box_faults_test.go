package tui

import (
	"slices"
	"testing"

	"countersign/tui/box"
)

// A fault is chosen with a key, shows in the head line, and is found by the
// diagnosis of the next answer; undone, all is well again.
func TestFaultsOfTheSuperApp(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, newcomer)
	x.lacks(t, "faults:")
	x.Key("B")
	x.shows(t, "Let the built-in Super App misbehave", "trailing-newline", "The answer comes after ten seconds.")
	rows := x.app.box.(*box.Chooser)
	for rows.Rows[rows.List.Cursor].Name != "trailing-newline" {
		x.Key("down")
	}
	x.Key(" ")
	x.shows(t, "misbehaves · 1 chosen", "faults: trailing-newline", "A line feed is added to the body behind the signature.")
	x.Key("ctrl+r")
	if x.app.box != nil {
		t.Error("sending leaves the box open")
	}
	x.shows(t, "response does not verify")
	x.Key("d")
	x.shows(t, "body_trailing_newline")
	x.shows(t, "B, then u ends that")
	x.Key("esc", "B", "u")
	if got := x.app.services.Faulty.ActiveFaults(); len(got) != 0 {
		t.Errorf("still in force: %q", got)
	}
	x.Key("esc")
	x.lacks(t, "faults:")
	x.Key("ctrl+r")
	x.shows(t, "response verified")
}

func TestFaultsElsewhere(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.app.services.Faulty = nil
	x.Key("B")
	if x.app.box != nil {
		t.Error("a box is open")
	}
	x.shows(t, "Only the built-in Super App misbehaves")
	if slices.ContainsFunc(someFaults, func(f Fault) bool { return f.Name == "" }) {
		t.Error("a row has no name")
	}
}
