package tui

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"countersign/history"
	"countersign/tui/keymap"
	"countersign/tui/runs"
	"countersign/tui/tuitest"
	"countersign/tui/ui"
)

func TestFirstSend(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.shows(t, "POST /miniprogram/api/v2/payments/pay", "would be signed now", "Nothing sent yet", "Ready: ctrl+r")
	if n := x.runs(t); n != 0 {
		t.Fatalf("%d runs before anything was sent", n)
	}
	x.Key("ctrl+r")
	x.shows(t, "200 · A ACCEPT · request verified · response verified", "1 run")
	if n := x.runs(t); n != 1 {
		t.Fatalf("%d runs after one send", n)
	}
}

// The status is in words, and the whole of it, at every size.
func TestStatusAtEverySize(t *testing.T) {
	t.Parallel()
	x := explore(t, 200, 60)
	x.Key("ctrl+r")
	for _, size := range [][2]int{{200, 60}, {140, 40}, {100, 30}, {80, 24}, {70, 20}, {66, 12}} {
		x.Resize(size[0], size[1])
		x.shows(t, "200 · A ACCEPT · request verified · response verified")
	}
}

func TestTypingIsSignedLive(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	before := x.app.desk.Signed().Sent.Header
	x.Key("e")
	x.Type("Z")
	after := x.app.desk.Signed()
	if after.Sent.Header == before {
		t.Error("the signature did not follow the edit")
	}
	if !strings.HasPrefix(string(after.Request.Body), "Z{") {
		t.Errorf("the body begins %.10q", after.Request.Body)
	}
	if got := string(after.Sent.Canonical); !strings.HasSuffix(got, string(after.Request.Body)) {
		t.Errorf("the string that is signed does not end in the body: %.120q", got)
	}
	x.shows(t, "● edited", "Z{", "editing 1:2")
}

// A shortcut's character is text while one types.
func TestTypingTakesShortcuts(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("e")
	x.Type("q?y1")
	if x.Quit() || x.app.box != nil {
		t.Fatal("a typed character was taken for a shortcut")
	}
	if !strings.HasPrefix(string(x.app.desk.Draft().Body), "q?y1{") {
		t.Errorf("the body begins %.10q", x.app.desk.Draft().Body)
	}
}

func TestLoadingARunNeverSends(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r")
	x.Key("e")
	x.Type("EDIT")
	x.Key("esc", "6", "enter")
	if n := x.runs(t); n != 1 {
		t.Fatalf("%d runs after loading one", n)
	}
	x.shows(t, "run 12:03:11")
	x.lacks(t, "EDIT")
	// What was typed is still there, in the endpoint's own draft.
	x.Key("1", "enter")
	x.shows(t, "EDIT{")
}

func TestSendingARunAgain(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "6", "r")
	if n := x.runs(t); n != 2 {
		t.Fatalf("%d runs, want 2", n)
	}
	// The same body with the same paymentRequestId: the Super App gives the same
	// answer.
	x.shows(t, "200 · A ACCEPT · request verified · response verified")
}

func TestHeadersLeftOutOnPurpose(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("3")
	for range 12 {
		if r := x.app.panes.headers.Current(); r == "Signature" {
			break
		}
		x.Key("down")
	}
	x.Key("x")
	x.shows(t, "left out", "tampered: no signature")
	x.Key("ctrl+r")
	x.shows(t, "INVALID_SIGNATURE", "request unsigned")
	x.Key("u")
	x.lacks(t, "tampered: no signature · u", "TAMPERED")
	x.Key("ctrl+r")
	x.shows(t, "request verified")
}

func TestHeaderOverride(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("3", "a")
	x.Type("traceId: abc-1")
	x.Key("enter")
	x.shows(t, "traceId", "abc-1", "on purpose")
	x.Key("a")
	x.Type("no colon")
	x.Key("enter")
	x.shows(t, "a header is a name, a colon and a value", "no colon")
	x.Key("esc")
	x.lacks(t, "no colon")
}

func TestPathIsEdited(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("t", "end")
	x.Type("?a=b c")
	x.Key("enter")
	x.shows(t, "cannot be signed")
	x.Key("t", "backspace", "backspace", "enter")
	x.lacks(t, "cannot be signed")
	x.Key("ctrl+r")
	if got := x.app.desk.Shown().Request.Line; got != "POST /miniprogram/api/v2/payments/pay?a=b HTTP/1.1" {
		t.Errorf("request line %q", got)
	}
	x.shows(t, "request verified · response verified")
}

func TestUnsignedAnswerIsNeverVerified(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, answering(200, map[string]string{"Content-Type": "application/json"},
		`{"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"ok"}}`))
	x.Key("ctrl+r")
	x.shows(t, "200 · S SUCCESS · request verified · response unsigned")
	x.lacks(t, "response verified")
}

// What the other side sends is drawn, never obeyed.
func TestHostileAnswer(t *testing.T) {
	t.Parallel()
	hostile := "\x1b[2J\x1b]0;owned\x07\u202Eevil\u200b\r\n\x00\x9b31m\xff\xfe 🧑‍🤝‍🧑 漢字"
	for _, size := range [][2]int{{140, 40}, {100, 30}, {60, 20}} {
		x := explore(t, size[0], size[1], answering(200, map[string]string{"X-Odd": "a\u202Eb"}, hostile))
		x.Key("ctrl+r", "5")
		for range 4 {
			view := x.app.View()
			for _, bad := range []string{"\x1b[2J", "\x1b]0;", "\x07", "\u202E", "\u200b", "\x00", "\u009b"} {
				if strings.Contains(view, bad) {
					t.Errorf("%v: the screen obeys %q", size, bad)
				}
			}
			x.Key("]")
		}
	}
}

func TestNoAnswerSaysWhy(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, func(x *world) { x.profile.BaseURL = "http://127.0.0.1:1/api" })
	x.config.Load = nil
	x.Key("ctrl+r")
	if x.app.desk.Flight.Running() {
		t.Error("the request is still under way")
	}
}

func TestEscNeverQuitsAndQAsksWhileSending(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30)
	for range 5 {
		x.Key("esc")
	}
	if x.Quit() {
		t.Fatal("esc quit the explorer")
	}
	flying, _ := x.app.desk.Flight.Start(noon)
	x.Key("q")
	if x.Quit() {
		t.Fatal("q quit while a request was under way")
	}
	x.shows(t, "A request is under way. Quit all the same?")
	x.Key("n", "esc")
	if flying.Err() == nil {
		t.Error("esc did not cancel")
	}
	x.app.desk.Flight.Drop()
	x.Key("q")
	if !x.Quit() {
		t.Error("q did not quit")
	}
}

func TestConfirmProfileAsks(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30, func(x *world) { x.profile.Confirm = true })
	x.Key("ctrl+r")
	x.shows(t, "Send POST /v2/payments/pay to sandbox?")
	x.Key("n")
	if n := x.runs(t); n != 0 {
		t.Fatalf("%d runs although the answer was no", n)
	}
	x.Key("ctrl+r", "y")
	if n := x.runs(t); n != 1 {
		t.Fatalf("%d runs although the answer was yes", n)
	}
}

func TestCopy(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("4", "y")
	if x.copied != string(x.app.desk.Signed().Sent.Canonical) {
		t.Errorf("copied %.60q", x.copied)
	}
	x.Key("Y")
	x.shows(t, "Copy as")
	x.Key("enter")
	if !strings.Contains(x.copied, "curl") || !strings.Contains(x.copied, x.app.desk.Signed().Sent.Header) {
		t.Errorf("copied %.200q", x.copied)
	}
	x.shows(t, "Copied the curl, for bash and zsh")
}

func TestPasteIsTextOrNothing(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	paste := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("q\r\n\tx"), Paste: true}
	x.Send(paste)
	if x.Quit() {
		t.Fatal("a paste was taken for keys")
	}
	x.Key("e")
	x.Send(paste)
	if got := string(x.app.desk.Draft().Body); !strings.HasPrefix(got, "q\r\n\tx{") {
		t.Errorf("pasted %.12q", got)
	}
}

// Two fast keys can come as one message; each is a shortcut.
func TestFastKeys(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("5z")})
	if x.app.focus != keymap.Response || !x.app.zoomed {
		t.Errorf("focus %s, zoomed %v", x.app.focus, x.app.zoomed)
	}
}

func TestRefusedActionsSayWhy(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("5", "/")
	x.shows(t, "There is no response yet")
	for _, action := range x.app.keys.Footer(x.app.focus, false) {
		if action.ID == "response.search" && strings.Contains(x.Screen(), "/ search") {
			t.Error("the footer offers what is refused")
		}
	}
}

func TestLoadFailureIsSaid(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30, func(x *world) { x.profile.BaseURL = "ftp://nowhere" })
	x.shows(t, "✗")
	x.Key("ctrl+r")
	x.shows(t, "Nothing can be sent")
	if x.runs(t) != 0 {
		t.Error("something was sent")
	}
}

func TestProfileWithoutAPrivateKey(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, func(x *world) { x.profile.Key = nil })
	x.shows(t, "no private key", "cannot be signed")
	x.Key("ctrl+r")
	if n := x.runs(t); n != 0 {
		t.Errorf("%d runs", n)
	}
}

func TestMouse(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Send(tea.MouseMsg{X: 3, Y: 4, Action: tea.MouseActionPress, Button: tea.MouseButtonLeft})
	if x.app.focus != keymap.Endpoints {
		t.Errorf("focus %s after a click on the endpoints", x.app.focus)
	}
	if e, _ := x.app.panes.request.Endpoint(); e.ID != "v1/payments/pay" {
		t.Errorf("the click opened %s", e.ID)
	}
	x.Send(tea.MouseMsg{X: 60, Y: 8, Action: tea.MouseActionPress, Button: tea.MouseButtonWheelDown})
}

// lateStore answers when it is told to, as a slow disk does.
type lateStore struct {
	runs.Store
	answer chan struct{}
}

func (s lateStore) List(ctx context.Context, q history.Query) ([]history.Run, error) {
	<-s.answer
	return s.Store.List(ctx, q)
}

func TestSearchSurvivesALateAnswer(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r")
	late := lateStore{x.history, make(chan struct{})}
	x.app.panes.runs.Attach(late)
	x.Key("6", "/")
	// The answer is not there yet: the commands are not run.
	for _, r := range "IN" {
		x.begin(string(r))
		if view := x.app.View(); !strings.Contains(view, "pay") {
			t.Fatal("the old rows went before the new ones came")
		}
	}
}

// A run that comes in does not move the cursor to another run: r sends what
// was under it.
func TestTheCursorStaysOnItsRun(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "6")
	first := x.app.desk.Shown().ID
	x.Key("ctrl+r")
	x.Send(watched{version: 99, count: 2})
	x.Key("enter")
	if got := x.app.desk.Shown().ID; got != first {
		t.Errorf("enter opened %s, the cursor was on %s", got, first)
	}
}

func TestLateAnswerIsNotPutBesideAnotherDraft(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	cmd := x.begin("ctrl+r")
	if !x.app.desk.Flight.Running() {
		t.Fatal("nothing is under way")
	}
	x.shows(t, "esc cancels")
	x.lacks(t, "No response yet")
	x.Key("1", "down", "down", "enter")
	x.Run(cmd)
	x.shows(t, "No response yet", "sent before: 200 · A ACCEPT")
	if got := x.app.panes.request.Key(); got != "v2/payments/inquiryPayment" {
		t.Errorf("the open draft is %s", got)
	}
}

// What cannot be signed is not shown or copied as if it were.
func TestUnresolvedVariable(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("e", "down", "end", "left", "left")
	x.Type("{{env.NOPE_NOT_SET}}")
	x.shows(t, "env.NOPE_NOT_SET", "cannot be signed")
	x.Key("esc", "Y")
	if x.copied != "" {
		t.Errorf("copied %.80q", x.copied)
	}
	x.shows(t, "The request cannot be signed")
	x.Key("]")
	x.shows(t, "✓   productCode★")
	x.Key("ctrl+r")
	x.shows(t, "not sent")
	if n := x.runs(t); n != 0 {
		t.Errorf("%d runs", n)
	}
}

func TestEditsOfARunAndUndoAreKept(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "6", "enter", "2", "e")
	x.Type("MYEDIT")
	x.Key("esc")
	x.shows(t, "your copy")
	x.Key("1", "enter")
	x.lacks(t, "MYEDIT")
	x.Key("6", "enter")
	x.shows(t, "MYEDIT{", "your copy")
	x.Key("2", "e", "ctrl+z")
	x.lacks(t, "MYEDIT")
}

func TestHeadersBelongToTheirDraft(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("3", "a")
	x.Type("traceId: abc-1")
	x.Key("enter")
	x.shows(t, "1 header changed")
	x.Key("1", "down", "enter")
	x.lacks(t, "abc-1", "header changed")
	x.Key("1", "up", "enter")
	x.shows(t, "abc-1", "1 header changed")
}

func TestChoosingTheOpenEndpointKeepsItsAnswer(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "1", "enter")
	x.shows(t, "200 OK")
}

func TestAnswerIsMarkedAsOlderThanTheEdits(t *testing.T) {
	t.Parallel()
	x := explore(t, 160, 40)
	x.Key("ctrl+r", "e")
	x.Type("Z")
	x.shows(t, "before your edits")
	x.Key("ctrl+r")
	x.lacks(t, "before your edits")
}

func TestRunOfAnotherProfileAsks(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r")
	e := *x.app.desk.Shown()
	e.Profile = "production"
	x.Send(fetched{exchange: e, purpose: toSend})
	x.shows(t, "Send this run of profile production to sandbox")
	x.Key("n")
	if n := x.runs(t); n != 1 {
		t.Errorf("%d runs", n)
	}
}

// What cannot be seen must not be answered.
func TestTooSmallTakesNoAnswer(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30, func(x *world) { x.profile.Confirm = true })
	x.Key("ctrl+r")
	x.Resize(39, 11)
	x.Key("y")
	if n := x.runs(t); n != 0 {
		t.Fatalf("%d runs", n)
	}
	x.Resize(40, 12)
	x.shows(t, "y yes", "n no")
}

func TestPaletteFindsByName(t *testing.T) {
	t.Parallel()
	for typed, first := range map[string]string{
		"send": "Sign the request and send it", "help": "Show all keys", "refund": "Open v1/payments/refund", "zoom": "Give this pane",
	} {
		x := explore(t, 140, 40)
		x.Key("ctrl+p")
		x.Type(typed)
		_, top := x.inBox()
		if got := strings.Split(x.Screen(), "\n")[top+1]; !strings.Contains(got, "│   "+first) {
			t.Errorf("%s: first is %q", typed, got)
		}
	}
}

// The README's picture is this program's screen: go test ./tui -run Picture
// -update draws it again.
func TestPicture(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, func(x *world) { x.config.Theme = ui.NewTheme(ui.ThemeDark, termenv.TrueColor) })
	x.Key("ctrl+r")
	tuitest.GoldenFile(t, filepath.Join("..", ".dev", "screen.svg"), tuitest.SVG(x.app.View(), 140, 40))
}
