package tui

import (
	"testing"

	"countersign/tui/keymap"
)

// Boxes over the screen, how each is opened, and where its cursor is.
var listBoxes = []struct {
	name    string
	options []func(*world)
	open    []string
	cursor  func(overlay) int
}{
	{"palette", nil, []string{"ctrl+p"}, func(o overlay) int { return o.(*paletteBox).list.Cursor }},
	{"profiles", with(elsewhere), []string{"P"}, func(o overlay) int { return o.(*profileBox).list.Cursor }},
	{"what next", nil, []string{"ctrl+r", "5", "a"}, func(o overlay) int { return o.(*stepBox).list.Cursor }},
	{"tamper", nil, []string{"3", "s"}, func(o overlay) int { return o.(*tamperBox).list.Cursor }},
	{"filters", with(recordedRuns), []string{"6", "f"}, func(o overlay) int { return o.(*filterBox).list.Cursor }},
	{"help", nil, []string{"?"}, func(o overlay) int { return o.(*helpBox).scroll }},
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
			start := b.cursor(x.app.overlay)
			at := func(what string, want int) {
				t.Helper()
				if got := b.cursor(x.app.overlay); got != want {
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
			if b.cursor(x.app.overlay) <= start {
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
			start := b.cursor(x.app.overlay)
			x.Wheel(50, 12, 1)
			if b.cursor(x.app.overlay) <= start {
				t.Error("the wheel does not go down")
			}
			x.Wheel(50, 12, -1)
			if got := b.cursor(x.app.overlay); got != start {
				t.Errorf("the wheel goes back to %d, not %d", got, start)
			}
			if x.app.overlay.typing() {
				return
			}
			x.Key("G")
			end := b.cursor(x.app.overlay)
			x.Key("down")
			if got := b.cursor(x.app.overlay); got != end || end <= start {
				t.Errorf("the end is %d, and below it %d", end, got)
			}
			x.Key("g")
			if got := b.cursor(x.app.overlay); got != start {
				t.Errorf("the top is %d, not %d", got, start)
			}
		})
	}
}

// A click on a row means what enter or space means there; on a heading it
// means nothing, and beside the box it closes it.
func TestClicksInBoxes(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("3", "s")
	box := x.app.overlay.(*tamperBox)
	x.Click(box.x+5, box.y+1) // a heading
	if box.list.Cursor != 1 || len(box.chosen) != 0 {
		t.Errorf("a heading was clicked: the cursor is at %d, %v chosen", box.list.Cursor, box.chosen)
	}
	x.Click(box.x+5, box.y+3)
	if box.list.Cursor != 2 || len(box.chosen) != 1 || box.chosen[0] != box.rows[2].tamper.Name {
		t.Errorf("a row was clicked: the cursor is at %d, %v chosen", box.list.Cursor, box.chosen)
	}
	x.Click(box.x+5, box.y+3)
	if len(box.chosen) != 0 {
		t.Errorf("a second click leaves %v chosen", box.chosen)
	}
	x.Click(0, 20)
	if x.app.overlay != nil {
		t.Error("a click beside the box does not close it")
	}

	x.Key("ctrl+r", "5", "a")
	steps := x.app.overlay.(*stepBox)
	x.Click(steps.x+5, steps.y+2) // the first is no request
	if x.app.overlay != nil || x.app.focus != keymap.Request {
		t.Error("a click on a step does not open it")
	}

	x = explore(t, 140, 40, recordedRuns)
	x.Key("6", "f")
	filters := x.app.overlay.(*filterBox)
	x.Click(filters.x+5, filters.y+2)
	if got, want := x.app.panes.runs.Filter(), filters.facets[0].Filter; got != want {
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
	if p := x.app.overlay.(*paletteBox); p.input.Value() != "jk" {
		t.Errorf("the palette has %q", p.input.Value())
	}
}
