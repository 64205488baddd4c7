package tui

import (
	"context"
	"errors"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/keymap"
	"countersign/tui/runs"
	"countersign/tui/tuitest"
)

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

// Marks that change while strings are compared do not change what with.
func TestMarksDuringAComparison(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, recorded(t, 4))
	x.Key("6", "down", " ")
	marked := x.app.panes.runs.Marked()
	if len(marked) != 1 {
		t.Fatal("nothing is marked")
	}
	id := marked[0].ID
	x.Key("up", " ") // unmarked, while somebody still reads it
	if marked[0].ID != id {
		t.Errorf("what was handed over changed from %s to %q", id, marked[0].ID)
	}
}

// brokenStore cannot restore, once.
type brokenStore struct {
	runs.Store
	fails *bool
}

func (s brokenStore) Restore(ctx context.Context, ids ...string) (int, error) {
	if *s.fails {
		*s.fails = false
		return 0, errors.New("the disk is full")
	}
	return s.Store.Restore(ctx, ids...)
}

// What could not be brought back can be tried again.
func TestUndoOfADeleteThatFails(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, recorded(t, 3))
	fails := true
	x.app.panes.runs.Attach(brokenStore{x.history, &fails})
	x.Key("6", "x", "u")
	x.shows(t, "the disk is full")
	x.Key("u")
	if n := x.runs(t); n != 3 {
		t.Errorf("%d runs: what was deleted is gone", n)
	}
}

// The find bar obeys the keys that a person set.
func TestFindBarObeysSetKeys(t *testing.T) {
	t.Parallel()
	keys, err := Keys().With(map[keymap.ID][]string{"request.find": {"/", "f7"}, "request.replace": {"f6"}})
	if err != nil {
		t.Fatal(err)
	}
	x := explore(t, 140, 40, func(x *world) { x.config.Keys = keys })
	x.setBody("one two one two one")
	x.Key("e", "ctrl+home", "f7")
	x.Type("one")
	x.Key("f7")
	x.shows(t, "2 of 3")
	x.Key("f6")
	x.shows(t, "replace ")
}

// What a pane says of a key is the one that a person set.
func TestWordsNameSetKeys(t *testing.T) {
	t.Parallel()
	keys, err := Keys().With(map[keymap.ID][]string{
		"response.follow": {"f7"}, keymap.Mouse: {"f4"}, "runs.compare": {"f2"},
	})
	if err != nil {
		t.Fatal(err)
	}
	x := explore(t, 140, 40, func(x *world) { x.config.Keys = keys })
	x.Key("ctrl+r")
	x.shows(t, "f7 approve it as the buyer")
	x.Key("f4")
	x.shows(t, "f4 gives it back")
	if why := x.app.refuses(keymap.Action{ID: "compare.next", Scope: keymap.Compare}); !strings.Contains(why, "f2") {
		t.Errorf("it says %q", why)
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
	x.app.draftChanged() // it is being signed
	x.Key("esc", "Y")
	if x.copied != "" && !strings.Contains(x.copied, `Z{"refundRequestId"`) {
		t.Errorf("copied: %.200s", x.copied)
	}
}

// Headers that were changed in a run are seen, and signed, when the run is
// opened once more.
func TestRunWithChangedHeadersIsLive(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "6", "enter", "3", "a")
	x.Type("X-Mine: 1")
	x.Key("enter", "1", "enter", "6", "enter")
	if !x.app.desk.live() {
		t.Error("the run is shown as sent, but another request would be sent")
	}
	if x.app.desk.request().Request.Get("X-Mine") != "1" {
		t.Error("the changed header is not in the request on the screen")
	}
}

// What cannot be seen is not clicked.
func TestTooSmallTakesNoClick(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30, func(x *world) { x.profile.Confirm = true })
	x.Key("ctrl+r")
	x.Resize(39, 11)
	for y := range 11 {
		for col := range 39 {
			x.app.Update(tea.MouseMsg{X: col, Y: y, Action: tea.MouseActionPress, Button: tea.MouseButtonLeft})
			if x.app.box == nil {
				t.Fatalf("a click at %d, %d answers what cannot be seen", col, y)
			}
		}
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

// Notices never take away what is being typed.
func TestNoticesWaitForAnAnswer(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, elsewhere)
	x.Key("t")
	x.Type("/typed")
	s, err := x.app.config.Switch(context.Background(), "sandbox", false, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Notices = []string{"The key is weak"}
	x.Send(switched{name: "sandbox", services: s, again: true})
	x.shows(t, "/typed")
	x.Key("esc")
	x.shows(t, "The key is weak")
}
