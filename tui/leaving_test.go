package tui

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/history"
)

// q right behind the last letter, in one go: the message of the edit is still
// on its way.
func TestQuittingRightBehindTheLastKeyKeepsIt(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("e")
	x.begin("Z")
	x.begin("esc")
	x.Key("q")
	if got := x.kept(t); len(got) != 1 || !bytes.HasPrefix(got[0].Draft.Body, []byte("Z{")) {
		t.Errorf("kept: %v", got)
	}
	if !x.Quit() {
		t.Error("q does not quit")
	}
}

// The same, where the program is ended from outside.
func TestFlushKeepsTheLastKey(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("e")
	x.begin("Z")
	if err := x.app.flush(); err != nil {
		t.Fatal(err)
	}
	if got := x.kept(t); len(got) != 1 {
		t.Errorf("kept: %v", got)
	}
}

// A value that is being typed in the form is kept too where the program is
// ended from outside.
func TestFlushKeepsWhatIsTypedInTheForm(t *testing.T) {
	t.Parallel()
	x := form(t, 140, 40, "")
	x.to(t, "/salesCode")
	x.Key("enter", "ctrl+u")
	x.Type("TYPED")
	if err := x.app.flush(); err != nil {
		t.Fatal(err)
	}
	if got := x.kept(t); len(got) != 1 || !strings.Contains(string(got[0].Draft.Body), "TYPED") {
		t.Errorf("kept: %v", got)
	}
}

// What is typed before the history is open is kept once it is.
func TestTypedBeforeTheHistoryIsOpen(t *testing.T) {
	t.Parallel()
	x := newWorld(t, atOnce)
	x.app = New(x.config)
	x.app.Update(tea.WindowSizeMsg{Width: 140, Height: 40})
	load := x.app.load()
	x.begin("e")
	edited := x.begin("Z")
	drive(x.app, edited)
	drive(x.app, load)
	if got := x.kept(t); len(got) != 1 {
		t.Errorf("kept: %v", got)
	}
}

// drive runs a command and all that comes of it, without a screen.
func drive(m tea.Model, cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	msg := cmd()
	if batch, ok := msg.(tea.BatchMsg); ok {
		for _, c := range batch {
			drive(m, c)
		}
		return
	}
	if msg == nil {
		return
	}
	_, next := m.Update(msg)
	drive(m, next)
}

// The answer that nothing may be lost holds for what is typed after it, too.
func TestQuittingAfterStayingKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, atOnce)
	broken := x.app.services.History
	if err := broken.Close(); err != nil {
		t.Fatal(err)
	}
	x.Key("e")
	x.Type("Z")
	x.Key("esc", "q")
	x.shows(t, "Quit and lose 1 edited request?")
	x.Key("n")
	// The disk is there again.
	mended, _, err := history.Open(context.Background(), filepath.Join(memoryDir(t), "mended.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mended.Close() })
	x.app.services.History, x.history = mended, mended
	x.app.config.After = func(time.Duration, func(time.Time) tea.Msg) tea.Cmd { return nil }
	x.Key("e")
	x.Type("Y")
	x.Key("esc", "q")
	if !x.Quit() {
		t.Fatal("q does not quit")
	}
	if got := x.kept(t); len(got) != 1 || !strings.Contains(string(got[0].Draft.Body), "Y") {
		t.Errorf("kept: %v", got)
	}
}

// It asks again where what was typed since cannot be kept either.
func TestQuittingAsksAgainAfterTyping(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, atOnce)
	if err := x.history.Close(); err != nil {
		t.Fatal(err)
	}
	x.Key("e")
	x.Type("Z")
	x.Key("esc", "q", "n", "e")
	x.Type("Y")
	x.Key("esc", "q")
	if x.Quit() {
		t.Fatal("it quits and loses what was typed since, unasked")
	}
	x.shows(t, "Quit and lose 1 edited request?")
}

// A draft that was left with a profile comes back with it, though its endpoint
// is open: nothing was typed there.
func TestSwitchingBringsBackTheOpenDraft(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	x := explore(t, 140, 40, elsewhere, atOnce, func(x *world) {
		e, err := x.config.Catalog.Lookup("v2/payments/pay")
		if err != nil {
			t.Fatal(err)
		}
		d := history.Draft{Key: e.ID, Draft: apiclient.Draft{Endpoint: e.ID, Method: "POST", Target: e.Path, Body: []byte(`{"left":"in production"}`),
			Header: []apiclient.Field{{Name: "traceId", Value: "left"}}}}
		if err := x.history.SaveDrafts(ctx, "production", []history.Draft{d}, nil); err != nil {
			t.Fatal(err)
		}
	})
	x.Send(chosenProfile{"production"})
	x.shows(t, `{"left":"in production"}`, "1 header changed")
	if got := x.app.desk.preview; got == nil || string(got.Request.Body) != `{"left":"in production"}` || got.Request.Get("traceId") != "left" {
		t.Error("what is signed is not what is shown")
	}
	x.Key("e")
	x.Type(" ")
	drafts, _, err := x.history.Drafts(ctx, "production")
	if err != nil || len(drafts) != 1 || !strings.Contains(string(drafts[0].Draft.Body), "in production") {
		t.Errorf("kept: %v, %v", drafts, err)
	}
}

// What is typed goes along to another profile: it is there again when the
// explorer is started with that one.
func TestWhatIsTypedGoesAlongToAnotherProfile(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, elsewhere)
	x.Key("e")
	x.Type("Z")
	x.Key("esc")
	x.Send(chosenProfile{"production"})
	x.shows(t, "Z{")
	x.Key("q")
	drafts, _, err := x.history.Drafts(context.Background(), "production")
	if err != nil || len(drafts) != 1 || !bytes.HasPrefix(drafts[0].Draft.Body, []byte("Z{")) {
		t.Errorf("kept for production: %v, %v", drafts, err)
	}
}

// Bytes of a path or a header that are no UTF-8 come back as they were.
func TestOddBytesOfADraftComeBack(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, atOnce)
	x.Key("t", "end")
	if _, err := x.app.panes.request.SetTarget("/v2/payments/pay?name=caf\xe9"); err != nil {
		t.Fatal(err)
	}
	x.Key("esc")
	c := x.app.panes.headers.Changes()
	c.Set = append(c.Set, apiclient.Field{Name: "X-Name", Value: "caf\xe9"})
	x.app.panes.headers.SetChanges(c)
	x.Run(tea.Batch(x.app.draftChanged(), x.app.markEdited()))
	want := x.app.draft()
	y := x.again(t, 140, 40)
	if got := y.app.draft(); got.Target != want.Target || len(got.Header) != 1 || got.Header[0].Value != "caf\xe9" {
		t.Errorf("got  %q %q\nwant %q %q", got.Target, got.Header, want.Target, want.Header)
	}
}
