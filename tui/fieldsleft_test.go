package tui

import (
	"strings"
	"testing"
)

// A value that is being typed is taken where another tab is opened with the
// mouse: it was on the screen.
func TestFormTakesWhatIsTypedWhenTheTabIsLeft(t *testing.T) {
	t.Parallel()
	x := form(t, 140, 40, "")
	x.to(t, "/salesCode")
	x.Key("enter", "ctrl+u")
	x.Type("TYPED")
	col, row := x.find(t, "Body")
	x.Click(col, row)
	x.Key("e", "esc")
	if !strings.Contains(x.body(), `"salesCode": "TYPED"`) {
		t.Errorf("what was typed is gone: %s", x.body())
	}
}

// What cannot be taken is not lost by it.
func TestFormKeepsWhatCannotBeTaken(t *testing.T) {
	t.Parallel()
	x := form(t, 140, 40, "")
	x.to(t, "/salesCode")
	x.Key("r", "ctrl+u")
	x.Type(`{"half`)
	col, row := x.find(t, "Body")
	x.Click(col, row)
	x.shows(t, `{"half`, "this is no JSON")
	x.Key("ctrl+r")
	if n := x.runs(t); n != 0 {
		t.Errorf("it was sent without what is on the screen: %d runs", n)
	}
	x.shows(t, `{"half`, "Not sent")
}
