package tui

import (
	"testing"

	"countersign/tui/box"
	"countersign/tui/keymap"
)

// Boxes over the screen, how each is opened, and where its cursor is.
var listBoxes = []struct {
	name    string
	options []func(*world)
	open    []string
	cursor  func(box.Box) int
}{
	{"palette", nil, []string{"ctrl+p"}, func(o box.Box) int { return o.(*box.Palette).List.Cursor }},
	{"profiles", with(elsewhere), []string{"P"}, func(o box.Box) int { return o.(*box.Profiles).List.Cursor }},
	{"what next", nil, []string{"ctrl+r", "5", "a"}, func(o box.Box) int { return o.(*box.Steps).List.Cursor }},
	{"tamper", nil, []string{"3", "s"}, func(o box.Box) int { return o.(*box.Tamper).List.Cursor }},
	{"filters", with(recordedRuns), []string{"6", "f"}, func(o box.Box) int { return o.(*box.Filter).List.Cursor }},
	{"help", nil, []string{"?"}, func(o box.Box) int { return o.(*box.Help).Top() }},
}

// The keys that a person sets for lists are those of every box.
func TestKeysOfListsHoldInEveryBox(t *testing.T) {
	t.Parallel()
	table, err := Keys().With(map[keymap.ID][]string{
		keymap.ListsUp: {"f6"}, keymap.ListsDown: {"f7"}, keymap.ListsPageDn: {"f8"}, keymap.ListsPageUp: {"f9"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range listBoxes {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			x := explore(t, 100, 24, append(b.options, func(x *world) { x.config.Keys = table })...)
			x.Key(b.open...)
			start := b.cursor(x.app.box)
			at := func(what string, want int) {
				t.Helper()
				if got := b.cursor(x.app.box); got != want {
					t.Errorf("%s: the cursor is at %d, not %d", what, got, want)
				}
			}
			x.Key("down")
			at("a key that is the list's no more", start)
			x.Key("f7")
			at("down", start+1)
			x.Key("f6")
			at("up", start)
			x.Key("f8")
			if b.cursor(x.app.box) <= start {
				t.Error("a page down moves nothing")
			}
			x.Key("f9")
			at("a page up", start)
		})
	}
}

// The wheel moves in every box, and the ends have keys where nobody types.
func TestWheelAndEndsInEveryBox(t *testing.T) {
	t.Parallel()
	for _, b := range listBoxes {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			x := explore(t, 100, 24, b.options...)
			x.Key(b.open...)
			start := b.cursor(x.app.box)
			x.Wheel(50, 12, 1)
			if b.cursor(x.app.box) <= start {
				t.Error("the wheel does not go down")
			}
			x.Wheel(50, 12, -1)
			if got := b.cursor(x.app.box); got != start {
				t.Errorf("the wheel goes back to %d, not %d", got, start)
			}
			if x.app.box.Typing() {
				return
			}
			x.Key("G")
			end := b.cursor(x.app.box)
			x.Key("down")
			if got := b.cursor(x.app.box); got != end || end <= start {
				t.Errorf("the end is %d, and below it %d", end, got)
			}
			x.Key("g")
			if got := b.cursor(x.app.box); got != start {
				t.Errorf("the top is %d, not %d", got, start)
			}
		})
	}
}

// inBox is where the inside of the open box begins on the screen.
func (x *world) inBox() (left, top int) {
	for top = range x.app.layout.Height {
		for left = range x.app.layout.Width {
			if _, _, inside := x.app.box.Inside(left, top); inside {
				return left, top
			}
		}
	}
	return 0, 0
}

// A click on a row means what enter or space means there; on a heading it
// means nothing, and beside the box it closes it.
func TestClicksInBoxes(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("3", "s")
	chooser := x.app.box.(*box.Tamper)
	left, top := x.inBox()
	x.Click(left+4, top) // a heading
	if chooser.List.Cursor != 1 || len(chooser.Chosen) != 0 {
		t.Errorf("a heading was clicked: the cursor is at %d, %v chosen", chooser.List.Cursor, chooser.Chosen)
	}
	x.Click(left+4, top+2)
	if chooser.List.Cursor != 2 || len(chooser.Chosen) != 1 || chooser.Chosen[0] != chooser.Rows[2].Tamper.Name {
		t.Errorf("a row was clicked: the cursor is at %d, %v chosen", chooser.List.Cursor, chooser.Chosen)
	}
	x.Click(left+4, top+2)
	if len(chooser.Chosen) != 0 {
		t.Errorf("a second click leaves %v chosen", chooser.Chosen)
	}
	x.Click(0, 20)
	if x.app.box != nil {
		t.Error("a click beside the box does not close it")
	}

	x.Key("ctrl+r", "5", "a")
	left, top = x.inBox()
	x.Click(left+4, top+1) // the first is no request
	if x.app.box != nil || x.app.focus != keymap.Request {
		t.Error("a click on a step does not open it")
	}

	x = explore(t, 140, 40, recordedRuns)
	x.Key("6", "f")
	filters := x.app.box.(*box.Filter)
	left, top = x.inBox()
	x.Click(left+4, top+1)
	if got, want := x.app.panes.runs.Filter(), filters.Facets[0].Filter; got != want {
		t.Errorf("a click chose %q, not %q", got, want)
	}
}

// While a variable is completed the list has the keys that are set too.
func TestKeysOfListsHoldInTheCompletion(t *testing.T) {
	t.Parallel()
	table, err := Keys().With(map[keymap.ID][]string{keymap.ListsDown: {"j", "f7"}})
	if err != nil {
		t.Fatal(err)
	}
	x := explore(t, 140, 40, knownVariables, func(x *world) { x.config.Keys = table })
	x.Key("e", "down", "end", "left", "left")
	x.Type("{{")
	x.Key("f7", "enter")
	x.shows(t, "{{now}}")
}

// No list is moved by a key that is text.
func TestListKeysWhileTyping(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+p")
	x.Type("jk")
	if p := x.app.box.(*box.Palette); p.Input.Value() != "jk" {
		t.Errorf("the palette has %q", p.Input.Value())
	}
}
