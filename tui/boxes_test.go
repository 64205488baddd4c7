package tui

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/tui/box"
	"countersign/tui/keymap"
	"countersign/tui/tuitest"
	"countersign/tui/ui"
	"countersign/tui/ui/viewer"
)

// boundAnew returns the explorer other keys than those it is born with.
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
	chooser := x.app.box.(*box.Chooser)
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
	{"tamper", nil, []string{"3", "s"}, func(o box.Box) int { return o.(*box.Chooser).List.Cursor }},
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
	chooser := x.app.box.(*box.Chooser)
	left, top := x.inBox()
	x.Click(left+4, top) // a heading
	if chooser.List.Cursor != 1 || len(chooser.Chosen) != 0 {
		t.Errorf("a heading was clicked: the cursor is at %d, %v chosen", chooser.List.Cursor, chooser.Chosen)
	}
	x.Click(left+4, top+2)
	if chooser.List.Cursor != 2 || len(chooser.Chosen) != 1 || chooser.Chosen[0] != chooser.Rows[2].Name {
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

// What only has the letters of the typed word somewhere hides nothing that is
// called so, and is found where nothing is.
func TestPaletteFindsWhatIsCalledSo(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30)
	x.Key("ctrl+p")
	x.Type("theme")
	x.shows(t, "Change the colours")
	x.lacks(t, "notifyPayment")
	for range "theme" {
		x.Key("backspace")
	}
	x.Type("again run") // the words in any order
	x.shows(t, "Send this run's request again")
	x.lacks(t, "curl")
	for range "again run" {
		x.Key("backspace")
	}
	x.Type("ntfypy")
	x.shows(t, "notifyPayment")
}

// The keys of a box are left out whole, never the one that leaves it.
func TestTheKeysOfABoxFit(t *testing.T) {
	t.Parallel()
	const keys = "↑↓ · space chooses · ctrl+r sends · esc closes"
	for w, want := range map[int]string{
		80: keys,
		45: "↑↓ · space chooses · esc closes",
		20: "↑↓ · esc closes",
		5:  "↑↓ · esc closes", // what cannot be shorter is cut where it is drawn
	} {
		if got := ui.FewerKeys(keys, w); got != want {
			t.Errorf("in %d cells: %q, not %q", w, got, want)
		}
	}
}

// The letters of a jump stand on what they go to, also below the mark of a
// tampered request.
func TestJumpInTamperedHeaders(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("3", "s")
	x.choose(t, "path_trailing_slash")
	x.Key("esc")
	pane := x.app.panes.headers
	for _, target := range pane.Targets() {
		line := strings.Split(tuitest.Plain(pane.View()), "\n")[target.Y]
		target.Go()
		if name := pane.Current(); !strings.Contains(line, name[:min(len(name), 8)]) {
			t.Errorf("the letters stand on %q and go to %s", line, name)
		}
	}
}

// A curl command is that of the request on the screen: never of the draft that
// was open before, nor of the body before the last edit.
func TestCurlIsNeverOfAnotherRequest(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, func(x *world) {
		e := &apiclient.Exchange{ID: "018aaaaa-0000-7000-8000-000000000001", Profile: "sandbox", Endpoint: "v1/payments/refund",
			Request:   apiclient.Message{Line: "POST /miniprogram/api/v1/payments/refund HTTP/1.1", Body: []byte(`{"refundRequestId":"r-1"}`)},
			StartedAt: noon, Outcome: apiclient.Answered}
		if err := x.history.Complete(context.Background(), e); err != nil {
			t.Fatal(err)
		}
	})
	x.Key("6", "enter", "2", "e")
	x.begin("Z")
	x.app.desk.Changed() // it is being signed
	x.Key("esc", "Y")
	if x.copied != "" && !strings.Contains(x.copied, `Z{"refundRequestId"`) {
		t.Errorf("copied: %.200s", x.copied)
	}
}

// Pasted text is no letter of a jump.
func TestPasteIsNoJump(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("5", "'")
	x.Paste("a")
	if x.app.focus != keymap.Response {
		t.Errorf("a paste jumped to %s", x.app.focus)
	}
}

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

// A line of a topic that does not fit is broken between words, and keeps its indent.
func TestTopicOnASmallScreen(t *testing.T) {
	t.Parallel()
	long := "  " + strings.TrimSpace(strings.Repeat("explained ", 12))
	x := explore(t, 60, 20, func(x *world) {
		x.config.Topics = func(*keymap.Table) []Topic { return []Topic{{Name: "a", Title: "Of words", Text: long}} }
	})
	x.Key("ctrl+p")
	x.Type("of words")
	x.Key("enter")
	if n := strings.Count(x.Screen(), "explained"); n != 12 {
		t.Errorf("%d of 12 words are whole", n)
	}
	if n := strings.Count(x.Screen(), "│  explained"); n < 2 {
		t.Errorf("%d lines have the indent:\n%s", n, x.Screen())
	}
}

// A large stage is searched whole, though what is far away is counted beside
// Update.
func TestLargeSheetIsSearchedWhole(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30)
	text := append(bytes.Repeat([]byte("nothing here\n"), 200_000), "the needle stands at the end\n"...)
	x.app.open(box.NewSheet(x.app.theme, box.Text{Title: "Large", Bytes: text}))
	x.Key("/")
	x.Type("needle")
	x.shows(t, "the needle stands at the end", "1 of 1")
	x.Key("enter", "esc")
	x.lacks(t, "1 of 1")
}

// n and N go through all matches of a large sheet.
func TestLargeSheetGoesThroughItsMatches(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30)
	var text bytes.Buffer
	for i := range 200_000 {
		if i%90_000 == 0 {
			fmt.Fprintf(&text, "needle %d\n", i)
		}
		text.WriteString("nothing here\n")
	}
	x.app.open(box.NewSheet(x.app.theme, box.Text{Title: "Large", Bytes: text.Bytes()}))
	x.Key("/")
	x.Type("needle")
	x.Key("enter", "n")
	x.shows(t, "needle 90000", "2 of 3")
	x.Key("n")
	x.shows(t, "needle 180000", "3 of 3")
	x.Key("N", "N")
	x.shows(t, "1 of 3")
}

// The search goes on in the other look: the number is that of what is shown.
func TestSheetSearchesWhatIsShown(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30)
	x.app.open(box.NewSheet(x.app.theme, box.Text{Title: "Both", Bytes: []byte("needle\nneedle\n"), Copy: []byte("a needle"), Mode: viewer.Text}))
	x.Key("/")
	x.Type("needle")
	x.Key("enter")
	x.shows(t, "1 of 2")
	x.Key("h")
	x.shows(t, "1 of 1")
	x.Key("h")
	x.shows(t, "1 of 2")
}
