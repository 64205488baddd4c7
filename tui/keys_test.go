package tui

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/keymap"
	"countersign/tui/tuitest"
)

// starting is an explorer that is still loading; loaded lets it go on.
func starting(t *testing.T, options ...func(*world)) (x *world, loaded func()) {
	t.Helper()
	x = newWorld(t, options...)
	x.app = New(x.config)
	hold := true
	x.Driver = tuitest.New(t, x.app, 140, 40, tuitest.HoldIf(func(tea.Cmd) bool { return hold }))
	return x, func() { hold = false; x.Release() }
}

// What is pressed before the services are there is done in order once they are.
func TestKeysPressedWhileItStartsAreKept(t *testing.T) {
	t.Parallel()
	x, loaded := starting(t)
	x.Key("ctrl+r", "5", "]")
	x.shows(t, "is done as soon as it can be", "esc takes it back")
	loaded()
	x.shows(t, "200 · A ACCEPT", "HTTP/1.1 200 OK")
	if n := x.runs(t); n != 1 {
		t.Errorf("%d runs, want 1", n)
	}
	if x.app.focus != "response" {
		t.Errorf("the focus is in %s", x.app.focus)
	}
}

// A key that comes before the size of the screen is known is not lost either.
func TestKeysBeforeTheFirstSizeAreKept(t *testing.T) {
	t.Parallel()
	x := newWorld(t)
	x.app = New(x.config)
	x.app.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("e")})
	x.app.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("Z")})
	x.Driver = tuitest.New(t, x.app, 140, 40)
	if body := x.app.desk.Draft().Body; len(body) == 0 || body[0] != 'Z' {
		t.Errorf("the body begins %.10q", body)
	}
}

// What works at once while it starts, as typing does, is done at once.
func TestTypingWorksWhileItStarts(t *testing.T) {
	t.Parallel()
	x, _ := starting(t)
	x.Key("e")
	x.Type("Z")
	if body := x.app.desk.Draft().Body; body[0] != 'Z' {
		t.Errorf("the body begins %.10q", body)
	}
}

func TestWhatWaitsForTheStartIsTakenBack(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][]string{"esc": {"ctrl+r", "esc"}, "ctrl+c": {"ctrl+r", "ctrl+c"}} {
		t.Run(name, func(t *testing.T) {
			x, loaded := starting(t)
			x.Key(keys...)
			loaded()
			if n := x.runs(t); n != 0 || x.Quit() {
				t.Errorf("%d runs, quit %v", n, x.Quit())
			}
		})
	}
}

// A question that was not seen is not answered by keys that were meant for
// something else.
func TestEarlyKeysAnswerNoQuestion(t *testing.T) {
	t.Parallel()
	x, loaded := starting(t, func(x *world) { x.profile.Confirm = true })
	x.Key("ctrl+r", "y")
	loaded()
	x.shows(t, "Send POST /v2/payments/pay")
	if n := x.runs(t); n != 0 {
		t.Errorf("%d runs: it was sent", n)
	}
}

func TestEarlyKeysAreBounded(t *testing.T) {
	t.Parallel()
	x, _ := starting(t)
	x.Key("ctrl+r")
	for range 10 * mostPending {
		x.Key("5")
	}
	if n := len(x.app.pending.waiting); n != mostPending {
		t.Errorf("%d wait", n)
	}
	x.shows(t, "this key was dropped")
}

// Where the start fails, what waits is told why it cannot be done.
func TestEarlyKeysAfterAFailedStart(t *testing.T) {
	t.Parallel()
	x, loaded := starting(t, func(x *world) {
		x.config.Load = func(context.Context, func(apiclient.Progress)) (*Services, error) { return nil, errors.New("no key") }
	})
	x.Key("ctrl+r")
	loaded()
	x.shows(t, "Nothing can be sent: no key")
	x.Key("q")
	if !x.Quit() {
		t.Error("q was lost")
	}
}

// Without a timer of its own a world would drop what waits.
func TestWorldHasTheEarlyTimer(t *testing.T) {
	t.Parallel()
	x := newWorld(t)
	if x.config.After(pendingPace, func(time.Time) tea.Msg { return nil }) == nil {
		t.Error("no timer")
	}
}

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

// Bytes that are no UTF-8 cannot be pasted: that they became something else is
// said.
func TestPasteOfBytesThatAreNoText(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("e")
	x.Paste("plain text")
	x.lacks(t, "byte for byte")
	x.Paste("a\uFFFDb")
	x.shows(t, "The paste holds �", "ctrl+o opens the body byte for byte")
}
