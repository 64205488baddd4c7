package tui

import (
	"testing"

	"countersign/tui/box"
	"countersign/tui/keymap"
)

// boundAnew gives the explorer other keys than those it is born with.
func boundAnew(t *testing.T, keys map[keymap.ID][]string) func(*world) {
	t.Helper()
	table, err := Keys().With(keys)
	if err != nil {
		t.Fatal(err)
	}
	return func(x *world) { x.config.Keys = table }
}

// What closes a box can be set, as can what opens it and then closes it too.
// esc always does.
func TestKeysThatCloseBoxes(t *testing.T) {
	t.Parallel()
	bound := boundAnew(t, map[keymap.ID][]string{
		keymap.Cancel: {"f11"}, keymap.ListsClose: {"Q"}, keymap.Help: {"f9"}, keymap.HelpAnywhere: {"f10"}, keymap.Palette: {"f6"}, keymap.Profiles: {"f7"},
		"headers.tamper": {"S"}, "runs.filter": {"F"},
	})
	for _, b := range []struct {
		name    string
		options []func(*world)
		open    []string // the last one is the box's own
		typing  bool
	}{
		{"palette", nil, []string{"f6"}, true},
		{"profiles", with(elsewhere), []string{"f7"}, false},
		{"tamper", nil, []string{"3", "S"}, false},
		{"filters", with(recordedRuns), []string{"6", "F"}, false},
		{"help", nil, []string{"f9"}, false},
		{"help anywhere", nil, []string{"f10"}, false},
	} {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			x := explore(t, 100, 24, append(b.options, bound)...)
			own := b.open[len(b.open)-1]
			for _, key := range []string{"esc", "f11", "Q", own} {
				x.Key(b.open...)
				if x.app.box == nil {
					t.Fatalf("%v opens nothing", b.open)
				}
				x.Key(key)
				if closed := x.app.box == nil; closed != (key != "Q" || !b.typing) {
					t.Errorf("after %s it is closed: %v", key, closed)
				}
				x.Key("esc")
			}
			for _, key := range []string{"q", "?", "f1", "ctrl+p", "P", "s", "f"} {
				x.Key(b.open...)
				if x.Key(key); x.app.box == nil {
					t.Errorf("%s closes it, which is set to something else", key)
				}
				x.Key("esc")
			}
		})
	}
}

func TestTicksOfBoxesCanBeSet(t *testing.T) {
	t.Parallel()
	bound := boundAnew(t, map[keymap.ID][]string{keymap.ListsTick: {"t"}, keymap.ListsClear: {"c"}})
	x := explore(t, 140, 40, bound)
	x.Key("3", "s", "t")
	chooser := x.app.box.(*box.Tamper)
	x.shows(t, "t chooses", "c undoes all", "1 chosen")
	x.Key("space", "u", "x")
	if len(chooser.Chosen) != 1 {
		t.Errorf("keys that are not those of the box any more left %v", chooser.Chosen)
	}
	if x.Key("c"); len(chooser.Chosen) != 0 {
		t.Errorf("c left %v", chooser.Chosen)
	}

	x = explore(t, 140, 40, recordedRuns, bound)
	x.Key("6", "f", "t")
	if x.app.panes.runs.Filter() == "" {
		t.Error("t chose no filter")
	}
	if x.Key("c"); x.app.panes.runs.Filter() != "" {
		t.Errorf("c left %q", x.app.panes.runs.Filter())
	}
}

func TestKeysOfATextOverTheScreenCanBeSet(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 30, boundAnew(t, map[keymap.ID][]string{
		keymap.SheetSearch: {"ctrl+f"}, keymap.SheetNext: {"f3"}, keymap.SheetPrevious: {"f2"}, keymap.SheetHex: {"x"}, keymap.SheetCopyHex: {"X"},
		keymap.SheetCopy: {"c"}, keymap.Cancel: {"f11"}, keymap.ListsDown: {"down", "n"},
	}))
	x.app.open(box.NewSheet(x.app.theme, box.Text{Title: "Text", What: "the text", Bytes: []byte("needle\nneedle\n")}))
	x.shows(t, "ctrl+f search · f3 next · x hex · c copy · X in hex · b in base64 · f11 closes")
	x.Key("/")
	x.lacks(t, "type to find")
	x.Key("ctrl+f")
	x.Type("needle")
	x.Key("enter", "f3")
	x.shows(t, "2 of 2")
	x.Key("f2")
	x.shows(t, "1 of 2")
	x.Key("f11")
	x.lacks(t, "1 of 2")
	x.Key("x")
	x.shows(t, "6e 65 65 64")
	x.Key("c")
	if got := x.copied; got != "needle\nneedle\n" {
		t.Errorf("copied %q", got)
	}
	if x.Key("f11"); x.app.box != nil {
		t.Error("it is not closed")
	}
}

// Lines of text that stand over a list move in it with the keys of lists.
func TestKeysOfListsHoldWhileAFilterIsTyped(t *testing.T) {
	t.Parallel()
	bound := boundAnew(t, map[keymap.ID][]string{keymap.ListsDown: {"ctrl+n"}, keymap.ListsUp: {"f6"}})

	chosen := func(keys ...string) string {
		x := explore(t, 140, 40, bound)
		x.Key("1", "/")
		x.Type("pay")
		x.Key(keys...)
		x.Key("enter", "1", "y")
		return x.copied
	}
	first, second := chosen(), chosen("ctrl+n")
	if first == second || chosen("ctrl+n", "f6") != first || chosen("down") != first {
		t.Errorf("endpoints: the first is %s, the second %s", first, second)
	}

	x := form(t, 140, 40, "", bound)
	x.Key("/", "ctrl+n")
	below := x.app.panes.request.Field()
	if x.Key("f6"); x.app.panes.request.Field() == below {
		t.Error("Fields: nothing moves")
	}
}

func TestReplacingAllAndTypingJSONCanBeSet(t *testing.T) {
	t.Parallel()
	bound := boundAnew(t, map[keymap.ID][]string{"request.replace-all": {"f9"}, "fields.raw": {"r", "f8"}, keymap.ListsDown: {"f7"}})
	x := explore(t, 140, 40, bound)
	x.setBody("a a a")
	x.Key("2", "e", "f9")
	x.shows(t, "asks first what to replace")
	x.Key("alt+r")
	x.Type("a")
	x.Key("f7")
	x.Type("b")
	x.shows(t, "f9 all")
	x.Key("alt+a")
	x.bodyIs(t, "a a a")
	x.Key("f9")
	x.bodyIs(t, "b b b")

	x = form(t, 140, 40, `{"paymentRequestId":"x"}`, bound)
	x.to(t, "/paymentRequestId")
	x.Key("enter", "f8")
	x.shows(t, "f8 JSON")
	x.Key("enter")
	x.bodyIs(t, `{"paymentRequestId":"x"}`)
	x.Key("enter", "f8", "ctrl+u")
	x.Type("5")
	x.Key("enter")
	x.bodyIs(t, `{"paymentRequestId":5}`)
}

// Why a line is not taken is said whole, however narrow the screen is.
func TestAPromptSaysAllOfItsError(t *testing.T) {
	t.Parallel()
	x := explore(t, 60, 20)
	x.Key("3", "a")
	x.Type("foo bar: x")
	x.Key("enter")
	x.shows(t, "✗ header", "letters, digits and", "hyphens")
	x.Key("backspace")
	x.shows(t, "enter takes it")
	x.lacks(t, "hyphens")
}
