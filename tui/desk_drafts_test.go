package tui

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/history"
	"countersign/tui/desk"
	"countersign/tui/status"
	"countersign/tui/tuitest"
)

// atOnce lets the moment after an edit pass at once; ticks and watches never
// come.
func atOnce(x *world) {
	x.config.After = func(d time.Duration, msg func(time.Time) tea.Msg) tea.Cmd {
		if d < desk.SaveDelay || d >= every {
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

func (x *world) body() string { return string(x.app.desk.Draft().Body) }

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
	if y.app.desk.Signed() == nil || string(y.app.desk.Signed().Request.Body) != y.body() && !strings.Contains(y.body(), "{{") {
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

// What was typed is kept a moment later, without quitting: as after kill -9.
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
	if got := y.app.desk.Signed().Request.Line; strings.Contains(got, "{{") || !strings.Contains(got, "?a=019aaaaa") {
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
	older := x.app.desk.SaveThen(nil)
	x.Type("B")
	newer := x.app.desk.SaveThen(nil)
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
	if e := y.app.desk.Signed(); e == nil || e.Request.Get("Authorization") != "Bearer s3cret" {
		t.Error("what is sent is not what was typed")
	}
}

// What was typed is there after a crash, byte for byte, at any size, and means
// the same: its variables have the values that they would have had.
func TestDraftsOfManySizesComeBack(t *testing.T) {
	t.Parallel()
	sizes := []int{0, 1, 2, 511, 4095, 4096, 4097, 65_535, 65_537, 2<<20 + 1}
	random := rand.New(rand.NewPCG(5, 6))
	for i, size := range sizes {
		body := make([]byte, size)
		for i := range body {
			body[i] = byte(random.Uint32())
		}
		if i%2 == 1 {
			body = append(body, `{"a":"\{{x}} \\{{now}}","b":"{{'\{{'}}{{uuid}}{{profile.name}}"}`...)
		}
		x := explore(t, 140, 40)
		x.app.panes.request.SetBody(body)
		if _, err := x.app.panes.request.SetTarget(fmt.Sprintf("/v2/payments/pay?a={{now}}&n=\xff%d", i)); err != nil {
			t.Fatal(err)
		}
		c := x.app.panes.headers.Changes()
		c.Set = append(c.Set, apiclient.Field{Name: "Memo", Value: "{{uuid}} \\{{ \xff"})
		x.app.panes.headers.SetChanges(c)
		x.Run(x.app.desk.Edited())
		x.Run(x.app.desk.SaveThen(nil)) // in a moment it is written anyway; then the program is killed
		before := x.app.desk.Draft()
		y := explore(t, 140, 40, func(y *world) { y.history = x.history })
		after := y.app.desk.Draft()
		if !bytes.Equal(after.Body, before.Body) || !bytes.Equal(after.Body, body) || after.Target != before.Target || fmt.Sprint(after.Header) != fmt.Sprint(before.Header) {
			t.Errorf("of %d bytes it comes back as %.60q, %q, %q", size, after.Body, after.Target, after.Header)
		}
		want, _, errX := x.app.services.Expand(context.Background(), before)
		x.app.services.Resolver.Renew()
		got, _, errY := y.app.services.Expand(context.Background(), after)
		if (errX == nil) != (errY == nil) || len(got.Body) != len(want.Body) {
			t.Errorf("of %d bytes the variables stand for something else: %v, %v", size, errX, errY)
		}
	}
}

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
	if got := x.app.desk.Signed(); got == nil || string(got.Request.Body) != `{"left":"in production"}` || got.Request.Get("traceId") != "left" {
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
	x.Run(x.app.desk.Edited())
	want := x.app.desk.Draft()
	y := x.again(t, 140, 40)
	if got := y.app.desk.Draft(); got.Target != want.Target || len(got.Header) != 1 || got.Header[0].Value != "caf\xe9" {
		t.Errorf("got  %q %q\nwant %q %q", got.Target, got.Header, want.Target, want.Header)
	}
}
