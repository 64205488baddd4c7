package tui

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/history"
	"countersign/tui/status"
	"countersign/tui/tuitest"
)

// atOnce lets the saveDelay after an edit pass at once; ticks and watches never
// come.
func atOnce(x *world) {
	x.config.After = func(d time.Duration, msg func(time.Time) tea.Msg) tea.Cmd {
		if d < saveDelay || d >= every {
			return nil
		}
		return func() tea.Msg { return msg(noon) }
	}
}

// again starts a second explorer on the same history.
func (x *world) again(t testing.TB, w, h int) *world {
	t.Helper()
	y := *x
	y.app = New(x.config)
	y.Driver = tuitest.New(t, y.app, w, h)
	return &y
}

func (x *world) body() string { return string(x.app.draft().Body) }

func (x *world) kept(t testing.TB) []history.Draft {
	t.Helper()
	drafts, _, err := x.history.Drafts(context.Background(), x.profile.Name)
	if err != nil {
		t.Fatal(err)
	}
	return drafts
}

func TestDraftsSurviveQuitting(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("e", "end")
	x.Type("\n  \"mine\": 1,")
	x.Key("esc", "1", "down", "down", "enter", "e")
	x.Type("Z")
	second := x.app.panes.request.Key()
	x.Key("esc", "3", "a")
	x.Type("traceId: abc")
	x.Key("enter", "2", "]", "q")
	if !x.Quit() || x.app.box != nil {
		t.Fatal("q asks, although nothing is lost")
	}
	y := x.again(t, 140, 40)
	y.shows(t, "● edited, 1 header changed", "Ready: ctrl+r")
	if y.app.panes.request.Key() != second || !strings.HasPrefix(y.body(), "Z") {
		t.Errorf("the explorer opens %s with %.20q", y.app.panes.request.Key(), y.body())
	}
	if got := y.app.panes.request.Place().Tab; got != "Fields" {
		t.Errorf("the tab is %s", got)
	}
	if y.app.desk.preview == nil || string(y.app.desk.preview.Request.Body) != y.body() && !strings.Contains(y.body(), "{{") {
		t.Error("what is signed is not what is shown")
	}
	y.Key("1", "up", "up", "enter", "[")
	y.shows(t, `"mine": 1,`, "● edited")
}

func TestCursorComesBack(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, atOnce)
	x.Key("e", "down", "end")
	x.Type(" ")
	_, _, want := x.app.panes.request.Cursor()
	y := x.again(t, 140, 40)
	if _, _, at := y.app.panes.request.Cursor(); at != want || at == 0 {
		t.Errorf("the cursor is at %d, not at %d", at, want)
	}
}

// What was typed is kept a saveDelay later, without quitLimit: as after kill -9.
func TestDraftsSurviveCrashing(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, atOnce)
	x.Key("e")
	x.Type("CRASH\x00")
	x.Key("esc", "t", "end")
	x.Type("?a={{uuid}}")
	x.Key("enter")
	y := x.again(t, 140, 40)
	y.shows(t, "CRASH", "● edited", "pay?a=")
	if y.body() != x.body() {
		t.Error("the bytes are not those that were typed")
	}
	if got := y.app.desk.preview.Request.Line; strings.Contains(got, "{{") || !strings.Contains(got, "?a=019aaaaa") {
		t.Errorf("the path that is signed: %s", got)
	}
}

func TestOnlyWhatDiffersIsKept(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, atOnce)
	x.Key("e")
	x.Type("Z")
	if n := len(x.kept(t)); n != 1 {
		t.Fatalf("%d drafts are kept", n)
	}
	x.Key("esc", "x")
	if n := len(x.kept(t)); n != 0 {
		t.Errorf("%d drafts are kept after the example is back", n)
	}
	x.lacks(t, "● edited")
	x.again(t, 140, 40).lacks(t, "● edited")
}

// Choosing an endpoint here must not forget what another explorer keeps of it.
func TestTwoExplorersAtOnce(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, atOnce)
	y := x.again(t, 140, 40)
	x.Key("e")
	x.Type("X")
	y.Key("1", "down", "enter", "e")
	y.Type("Y")
	y.Key("esc", "1", "up", "enter", "q")
	drafts := x.kept(t)
	if len(drafts) != 2 || !bytes.HasPrefix(drafts[0].Draft.Body, []byte("X")) || !bytes.HasPrefix(drafts[1].Draft.Body, []byte("Y")) {
		t.Errorf("kept: %v", drafts)
	}
	y = x.again(t, 140, 40)
	y.shows(t, "X{", "● edited")
}

func TestRunCopySurvives(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, atOnce)
	x.Key("ctrl+r", "6", "enter", "2", "e")
	x.Type("COPY")
	x.Key("esc", "q")
	y := x.again(t, 140, 40)
	y.shows(t, "your copy", "COPY", "● edited")
	y.Key("x")
	y.lacks(t, "COPY", "● edited")
}

// Of writes that come late the newest wins.
func TestLateWriteLoses(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("e")
	x.Type("A")
	older := x.app.saveDrafts(false)
	x.Type("B")
	newer := x.app.saveDrafts(false)
	newer()
	older()
	if got := x.kept(t); len(got) != 1 || !bytes.HasPrefix(got[0].Draft.Body, []byte("AB")) {
		t.Errorf("kept: %.40q", got[0].Draft.Body)
	}
}

// A draft is on the disk before the request leaves.
func TestDraftIsKeptBeforeSending(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("e")
	x.Type(" ")
	x.Key("ctrl+r")
	if n := len(x.kept(t)); n != 1 {
		t.Errorf("%d drafts are kept", n)
	}
	if n := x.runs(t); n != 1 {
		t.Errorf("%d runs", n)
	}
}

func TestHistoryThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, atOnce)
	if err := x.history.Close(); err != nil {
		t.Fatal(err)
	}
	x.Key("e")
	x.Type("Z")
	x.shows(t, "What you type is not kept")
	x.app.status.Set("", status.Neutral)
	x.Type("Y")
	x.lacks(t, "What you type is not kept") // once is enough
	if !strings.HasPrefix(x.body(), "ZY") {
		t.Errorf("the body begins %.10q", x.body())
	}
	x.Key("esc", "q")
	x.shows(t, "Quit and lose 1 edited request?", "They cannot be kept")
	x.Key("y")
	if !x.Quit() {
		t.Error("y does not quit")
	}
}

// Ending without asking, as by a signal, keeps what was typed.
func TestFlush(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("e")
	x.Type("Z")
	if err := x.app.flush(); err != nil {
		t.Fatal(err)
	}
	if n := len(x.kept(t)); n != 1 {
		t.Errorf("%d drafts are kept", n)
	}
}

// Header overrides may be secrets: the file is the user's alone.
func TestDraftsArePrivate(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, atOnce)
	x.Key("3", "a")
	x.Type("Authorization: Bearer s3cret")
	x.Key("enter")
	for _, suffix := range []string{"", "-wal"} {
		info, err := os.Stat(x.history.Path() + suffix)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", suffix, info.Mode(), err)
		}
	}
	y := x.again(t, 140, 40)
	y.shows(t, "Bearer *** (masked:", "1 header changed")
	y.lacks(t, "s3cret")
	if e := y.app.desk.request(); e == nil || e.Request.Get("Authorization") != "Bearer s3cret" {
		t.Error("what is sent is not what was typed")
	}
}
