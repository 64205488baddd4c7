package tui

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/signing"
	"countersign/history"
	"countersign/tui/compare"
	"countersign/tui/keymap"
	"countersign/tui/runs"
)

// A run that is sent again keeps what its headers had of their own, what was
// left out, and what was tampered.
func TestARunSentAgainKeepsItsHeadersAndTampers(t *testing.T) {
	t.Parallel()
	trace := apiclient.Field{Name: "X-Trace", Value: "a{{b}}"}
	x := explore(t, 140, 40)
	d := x.app.desk.Draft()
	d.Header, d.Omit, d.Tamper = []apiclient.Field{trace}, []string{"Merchant-Id"}, []string{"wrong_key", "body_changed_in_transit"}
	first := x.app.services.Client.Send(t.Context(), d, apiclient.FromCLI)
	if first.Response == nil {
		t.Fatal(first.Err)
	}
	x.Send(changed{history: true})
	x.Key("6", "g", "enter")
	if x.app.desk.Live() {
		t.Errorf("the run is shown as something that would be sent\n%s", x.Screen())
	}
	x.shows(t, "Tampered: ")
	x.Key("6", "r")
	again := x.newest(t)
	if again.ID == first.ID {
		t.Fatal("it was not sent again")
	}
	if !slices.Contains(again.Request.Header, trace) || again.Request.Has("Merchant-Id") {
		t.Errorf("the headers are %v", again.Request.Header)
	}
	if again.Sent.Value == "" || !slices.Equal(again.Tampered, first.Tampered) || string(again.Request.Body) != string(first.Request.Body) {
		t.Errorf("it was tampered by %v, then by %v; the body is %q", first.Tampered, again.Tampered, again.Request.Body)
	}
	x.Key("3", "u", "ctrl+r")
	if mended := x.newest(t); len(mended.Tampered) > 0 || !mended.Request.Has("Merchant-Id") {
		t.Errorf("undone, it still is tampered by %v", mended.Tampered)
	}
}

// An ordinary run has nothing on purpose.
func TestAnOrdinaryRunIsOpenedUnchanged(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "6", "g", "enter")
	if c := x.app.panes.headers.Changes(); c.Count() > 0 {
		t.Errorf("opened with %+v", c)
	}
}

// Of two runs that were asked for, the last one is shown.
func TestLateRunIsNotShown(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, recorded(t, 3))
	all, err := x.history.List(context.Background(), history.Query{})
	if err != nil {
		t.Fatal(err)
	}
	_, slow := x.app.Update(runs.Opened{ID: all[0].ID})
	x.Send(runs.Opened{ID: all[1].ID})
	x.Run(slow)
	if got := x.app.desk.Shown().ID; got != all[1].ID {
		t.Errorf("the run %s came late and is shown", got)
	}
}

// A run that was to be sent again, but came after something else was opened,
// is not sent.
func TestLateRunIsNotSent(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, recorded(t, 3))
	all, err := x.history.List(context.Background(), history.Query{})
	if err != nil {
		t.Fatal(err)
	}
	_, slow := x.app.Update(runs.AgainAsked{ID: all[0].ID})
	x.Key("1", "down", "down", "enter")
	x.Run(slow)
	if n := x.runs(t); n != 3 {
		t.Errorf("it was sent: %d runs", n)
	}
	x.shows(t, "was not sent")
}

// What is typed into the palette is no answer to a question that comes late.
func TestLateRunDoesNotAskOverWhatIsTyped(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, func(x *world) { x.profile.Confirm = true }, recorded(t, 1))
	all, err := x.history.List(context.Background(), history.Query{})
	if err != nil {
		t.Fatal(err)
	}
	_, slow := x.app.Update(runs.AgainAsked{ID: all[0].ID})
	x.Key("ctrl+p")
	x.Type("pa")
	x.Run(slow)
	x.Type("y")
	if n := x.runs(t); n != 1 || x.app.desk.Flight.Running() {
		t.Errorf("%d runs: a letter that was typed sent it", n)
	}
	x.shows(t, "pay")
}

// keptRun puts a run of a body, a header and a query into the history.
func (x *world) keptRun(t *testing.T, n int, body []byte, memo, query string) {
	t.Helper()
	target := "/miniprogram/api/v2/payments/pay" + query
	e := &apiclient.Exchange{
		ID: fmt.Sprintf("018aaaaa-0000-7000-8000-%012d", n), Profile: "sandbox", Endpoint: "v2/payments/pay", Origin: apiclient.FromFile,
		URL:      "http://superapp.test" + target,
		Request:  apiclient.Message{Line: "POST " + target + " HTTP/1.1", Header: []apiclient.Field{{Name: "Memo", Value: memo}}, Body: body},
		Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: []byte(`{}`)}, Outcome: apiclient.Answered, StartedAt: noon,
	}
	if err := x.history.Complete(context.Background(), e); err != nil {
		t.Fatal(err)
	}
}

// oddBodies are bodies that no template is, some of them random.
func oddBodies() [][]byte {
	list := [][]byte{
		nil, []byte(`{"a":"\{{x}}"}`), []byte(`{"a":"\\\{{env.HOME}}`), []byte(`{"a":"{\{{{{x}}"}`), []byte(`{{'\{{'}}`), []byte(`{{{{`), []byte(`{a:\{{uuid}}}`),
		[]byte("\xef\xbb\xbf{\"a\":\"{{\r\n\x00\xff\"} "), []byte(`{"e":"{\"a\":\"\{{now}}\"}"} `),
	}
	random, pieces := rand.New(rand.NewPCG(3, 4)), []string{"{", "{{", `\`, `\`, `"`, "}}", "'", "now", "[", ",", "\r\n", "\n", "\r", "\xff", "\x00", " ", "\t", "é"}
	for range 4 { // more of them are tried by FuzzLiteralIsExact
		text := []string{"", `{"a":"`, `["{\"`}[random.IntN(3)]
		for range random.IntN(30) {
			text += pieces[random.IntN(len(pieces))]
		}
		list = append(list, []byte(text))
	}
	return list
}

// A run that is sent again has the very bytes that it had, whatever they are:
// nothing of it is a template.
func TestARunSentAgainHasItsBytes(t *testing.T) {
	t.Parallel()
	for i, body := range oddBodies() {
		memo := fmt.Sprintf(`%d {{now}} \{{x \\{{`, i)
		x := explore(t, 140, 40, func(x *world) { x.keptRun(t, 1, body, memo, `?q=\{{x}}{{now}}`) })
		x.Key("6", "r")
		e := x.newest(t)
		if e.Origin != apiclient.FromExplorer || !bytes.Equal(e.Request.Body, body) {
			t.Errorf("%q was sent again as %q (%s)\n%s", body, e.Request.Body, e.Origin, x.Screen())
		}
		if got := e.Request.Get("Memo"); got != memo {
			t.Errorf("the header %q was sent again as %q", memo, got)
		}
		if want := `/miniprogram/api/v2/payments/pay?q=\{{x}}{{now}}`; e.Request.Target() != want {
			t.Errorf("the target is %s", e.Request.Target())
		}
	}
}

// Nor does it become one by an edit somewhere else, or by being kept for
// another day; a variable that is typed into it is one.
func TestAnEditedRunKeepsTheRestOfItsBytes(t *testing.T) {
	t.Parallel()
	for _, body := range oddBodies() {
		x := explore(t, 140, 40, func(x *world) { x.keptRun(t, 1, body, "{{now}}", "") })
		x.Key("6", "enter", "2", "e", "ctrl+home")
		x.Type(" {{now}}")
		if x.app.panes.request.Key() == "" || !x.app.panes.request.Edited() {
			t.Fatalf("%q is not open\n%s", body, x.Screen())
		}
		if err := x.app.flush(); err != nil {
			t.Fatal(err)
		}
		y := explore(t, 140, 40, func(y *world) { y.history = x.history })
		y.Key("ctrl+r")
		e := y.newest(t)
		if want := append([]byte(fmt.Sprintf(" %d", noon.UnixMilli())), body...); !bytes.Equal(e.Request.Body, want) {
			t.Errorf("%q was sent as %q\n%s", want, e.Request.Body, y.Screen())
		}
		if got := e.Request.Get("Memo"); got != "{{now}}" {
			t.Errorf("the header is %q", got)
		}
	}
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

// Headers that were changed in a run are seen, and signed, when the run is
// opened once more.
func TestRunWithChangedHeadersIsLive(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "6", "enter", "3", "a")
	x.Type("X-Mine: 1")
	x.Key("enter", "1", "enter", "6", "enter")
	if !x.app.desk.Live() {
		t.Error("the run is shown as sent, but another request would be sent")
	}
	if x.app.desk.Signed().Request.Get("X-Mine") != "1" {
		t.Error("the changed header is not in the request on the screen")
	}
}

// recorded puts n runs into the history before the start; every third is of
// another endpoint and failed.
func recorded(t testing.TB, n int) func(*world) {
	return func(x *world) {
		for i := range n {
			e := &apiclient.Exchange{
				ID: fmt.Sprintf("018aaaaa-0000-7000-8000-%012d", i), Profile: "sandbox", Endpoint: "v2/payments/pay", Origin: apiclient.FromCLI,
				URL:         "http://superapp.test/miniprogram/api/v2/payments/pay",
				Request:     apiclient.Message{Line: "POST /miniprogram/api/v2/payments/pay HTTP/1.1", Header: []apiclient.Field{{Name: "Client-Id", Value: "2188"}}, Body: fmt.Appendf(nil, `{"paymentRequestId":"r-%d"}`, i)},
				Sent:        signing.Proof{Canonical: fmt.Appendf(nil, "POST /miniprogram/api/v2/payments/pay\n2188.1.{\"paymentRequestId\":\"r-%d\"}", i)},
				SentVerdict: signing.Verdict{Status: signing.Verified}, Received: signing.Verdict{Status: signing.Verified},
				Response:  &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: []byte(`{}`)},
				Result:    apiclient.Result{Status: "S", Code: "SUCCESS"},
				StartedAt: noon.Add(time.Duration(i-n) * time.Second), Outcome: apiclient.Answered,
			}
			if i%3 == 2 {
				e.Endpoint, e.Result.Status = "v1/payments/refund", "F"
			}
			if err := x.history.Complete(context.Background(), e); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestRunsFilterLine(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, recorded(t, 9))
	x.Key("6", "/")
	x.Type("status:F")
	x.shows(t, "/ status:F", "1/3")
	x.Key("enter")
	if x.app.panes.runs.Typing() {
		t.Error("enter did not end the typing")
	}
	x.shows(t, "/ status:F") // what is filtered stays in sight
	x.Key("/")
	x.Type(" status:Z")
	x.shows(t, "! status:Z")
	x.Key("esc")
	x.lacks(t, "/ status")
	x.shows(t, "1/9")
	x.Key("/")
	x.Type("end")
	x.shows(t, "→ endpoint:")
	x.Key("right")
	x.Type("ref")
	x.shows(t, "→ endpoint:refund", "1/3")
	x.Key("right", "enter")
	x.shows(t, "/ endpoint:refund", "1/3")
	x.Key("esc", "/")
	x.Type("nowhere")
	x.shows(t, "No run is like this")
	x.Key("enter", "x")
	x.shows(t, "No run is shown: esc leaves the search")
}

func TestRunsFilterBox(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, recorded(t, 9))
	x.Key("6", "f")
	x.shows(t, "Show only", "status:F", "endpoint:v1/payments/refund")
	x.lacks(t, "] pinned")
	for range 20 {
		if strings.Contains(lineWith(x.Screen(), "/ "), "status:F") {
			break
		}
		x.Key("down", "space")
	}
	x.shows(t, "[✓] status:F")
	if got := x.app.panes.runs.TitleRight(); got != "1/3" {
		t.Errorf("the list is at %s, not 1/3", got)
	}
	x.Key("x")
	x.shows(t, "all runs are shown")
	if got := x.app.panes.runs.TitleRight(); got != "1/9" {
		t.Errorf("the list is at %s, not 1/9", got)
	}
	x.Key("esc")
	x.lacks(t, "Show only")
}

func lineWith(screen, part string) string {
	for line := range strings.Lines(screen) {
		if strings.Contains(line, part) {
			return line
		}
	}
	return ""
}

func TestRunsDeleteAndUndo(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, recorded(t, 9))
	x.Key("6", "u")
	x.shows(t, "Nothing was deleted since the start")
	x.Key("down", "x", "x") // the second key means the next run
	x.shows(t, "1 run deleted: u restores it", "2/7", "7 runs")
	if n := x.runs(t); n != 7 {
		t.Errorf("the history has %d", n)
	}
	x.Key("u")
	x.shows(t, "1 run restored", "/8")
	x.Key("u")
	x.shows(t, "2/9")
	x.Key("g", "space", "space", "down", "space")
	x.shows(t, "3 marked")
	x.Key("c")
	x.shows(t, "Two can be compared, 3 are marked")
	x.Key("x")
	x.shows(t, "3 runs deleted: u restores them", "/6")
	x.lacks(t, "marked")
	x.Key("u", "G", "x")
	x.shows(t, "8/8") // the last one: the cursor is on the one before
}

func TestRunsPinAndName(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, recorded(t, 3))
	x.Key("6", "down", "p")
	x.shows(t, "⚑", "1 run pinned", "2/3")
	x.Key("n")
	x.Type("the good one")
	x.Key("enter")
	x.shows(t, "The run is called the good one", "⚑ the good", "2/3")
	x.Key("/")
	x.Type("good pinned")
	x.shows(t, "1/1")
	x.Key("esc", "g", "down", "p")
	x.lacks(t, "⚑")
	x.shows(t, "no longer pinned")
}

func TestRunsShowTampered(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, recorded(t, 2), func(x *world) {
		e := &apiclient.Exchange{ID: "tampered-1", Endpoint: "v2/payments/pay", Tampered: []string{"wrong time"}, StartedAt: noon, Outcome: apiclient.Answered,
			Request: apiclient.Message{Line: "POST /x HTTP/1.1"}}
		if err := x.history.Complete(context.Background(), e); err != nil {
			t.Fatal(err)
		}
	})
	x.shows(t, "↯")
	x.Key("6", "z")
	x.shows(t, "↯ pay  tampered: wrong time")
}

func TestCompareRuns(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, recorded(t, 9))
	x.Key("6", "down", "c") // with the one before of the same endpoint
	x.shows(t, "Compare", "with the run before it of the same endpoint", `"r-6"`, `"r-7"`, "difference 1 of 1")
	x.Key("r")
	x.lacks(t, "send again")
	x.Key("tab", "tab")
	x.shows(t, "string that was signed", "1 difference")
	x.Key("1", "s")
	if line := lineWith(x.Screen(), `"r-7"`); strings.Index(line, `"r-7"`) > strings.Index(line, `"r-6"`) {
		t.Errorf("not swapped: %s", line)
	}
	x.Key("y")
	for _, text := range []string{"--- run", "\n-{\"paymentRequestId\":\"r-7\"}\n+{\"paymentRequestId\":\"r-6\"}\n"} {
		if !strings.Contains(x.copied, text) {
			t.Errorf("copied lacks %q:\n%s", text, x.copied)
		}
	}
	x.Key("4")
	x.shows(t, "the same", "no difference")
	x.Key("n")
	x.shows(t, "There is no difference in this part")
	x.Key("esc")
	x.shows(t, "6 Runs")
	x.Key("g", "space", "G", "space", "c") // marked both: the older is the left
	x.shows(t, `"r-0"`, `"r-8"`)
	x.Key("esc", "esc")
	x.lacks(t, "marked")
	x.Key("G", "up", "space", "g", "c") // one marked, and the cursor
	x.shows(t, `"r-1"`, `"r-8"`)
	x.lacks(t, "with the run before")
	x.Key("esc", "esc", "G", "c")
	x.shows(t, "there is no earlier run of v2/payments/pay")
	x.Key("f")
	x.shows(t, "There is no comparison: esc leaves")
}

func TestCompareStrings(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("4", "c")
	x.shows(t, "there is no earlier run of v2/payments/pay")
	x.Key("esc", "ctrl+r", "4", "c")
	x.shows(t, "there is no earlier run") // it is the run that is shown
	x.Key("esc", "ctrl+r", "4", "c", "f")
	x.shows(t, "equal lines ⋯", "string that was signed", "string that the response's signature is checked against", "A ACCEPT")
	x.Key("esc", "2", "e")
	x.Type(" ")
	x.Key("esc", "4", "c")
	x.shows(t, "draft, not sent")
}

func TestLateComparisonIsDropped(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30, recorded(t, 4))
	x.Key("6")
	x.Hold = func(tea.Cmd) bool { return true }
	x.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'c'}})
	x.Hold = nil
	cmd := x.app.openComparison("request", func(context.Context) (a, b compare.Side, why string, err error) { return a, b, "", errors.New("late") })
	x.shows(t, "comparing")
	x.Key("esc")
	if cmd == nil || x.app.focus != keymap.Runs {
		t.Fatal("esc does not leave")
	}
	x.Run(cmd)
	x.lacks(t, "Compare")
	x.Key("c")
	x.lacks(t, "late")
}

func TestResend(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "6", "R")
	runs, err := x.history.List(context.Background(), history.Query{})
	if err != nil || len(runs) != 2 || runs[0].Origin != apiclient.FromReplay {
		t.Fatal(runs, err)
	}
	a, _ := x.history.Get(context.Background(), runs[1].ID)
	b, _ := x.history.Get(context.Background(), runs[0].ID)
	if a.Sent.Value != b.Sent.Value || string(a.Request.Body) != string(b.Request.Body) {
		t.Error("the bytes are not the same")
	}
	y := explore(t, 140, 40, func(x *world) { x.profile.Confirm = true }, recorded(t, 1))
	y.Key("6", "R")
	y.shows(t, "Send the same bytes again")
	y.Key("n")
	if n := y.runs(t); n != 1 {
		t.Errorf("sent though refused: %d", n)
	}
	y.Key("R", "y")
	if n := y.runs(t); n != 2 {
		t.Errorf("not sent: %d", n)
	}
}

// TestLongListFromBothEnds: with more runs than are held, every run is met in
// order, and the place is right.
func TestLongListFromBothEnds(t *testing.T) {
	t.Parallel()
	const n = 1600
	x := explore(t, 100, 30)
	many(t, x.history, n)
	x.Run(x.app.checkHistory(false))
	x.Key("6")
	x.shows(t, "1/1600", "1600 runs")
	x.Key("G")
	x.shows(t, "1600/1600")
	for range 30 {
		x.Key("pgup")
	}
	place := lineWith(x.Screen(), "/1600")
	x.Run(x.app.panes.runs.Refresh())
	if now := lineWith(x.Screen(), "/1600"); now != place {
		t.Errorf("the refresh moved the place: %q, was %q", now, place)
	}
	page := func(name string, until string) {
		for n := 0; !strings.Contains(x.Screen(), until) && n < 400; n++ {
			x.Key(name)
		}
		x.shows(t, until)
	}
	page("pgup", " 1/1600")
	page("pgdown", "1600/1600")
	x.shows(t, "1600/1600")
	x.Key("g")
	x.shows(t, " 1/1600")
}

// many records runs at once.
func many(t testing.TB, h *history.Store, n int) {
	t.Helper()
	list := make([]*apiclient.Exchange, n)
	for i := range list {
		list[i] = &apiclient.Exchange{
			ID: fmt.Sprintf("017aaaaa-0000-7000-8000-%012d", i), Profile: "sandbox", Endpoint: fmt.Sprintf("v2/payments/pay%d", i%7), Origin: apiclient.FromCLI,
			Request:   apiclient.Message{Line: "POST /p HTTP/1.1", Body: fmt.Appendf(nil, `{"n":"item%d"}`, i)},
			StartedAt: noon.Add(time.Duration(i-n) * time.Second), Outcome: apiclient.Answered, Result: apiclient.Result{Status: "SFUA"[i%4 : i%4+1]},
		}
	}
	if err := h.Record(context.Background(), list); err != nil {
		t.Fatal(err)
	}
}

// The path of a run is changed like that of an endpoint: it is not lost when
// the run is opened again, nor when the explorer is left.
func TestAChangedPathOfARunIsKept(t *testing.T) {
	t.Parallel()
	x := explore(t, 240, 50, func(x *world) { x.keptRun(t, 1, []byte(`{}`), "m", "") })
	x.Key("6", "enter", "2")
	if _, err := x.app.panes.request.SetTarget("/v2/payments/other"); err != nil {
		t.Fatal(err)
	}
	x.Run(x.app.desk.Edited())
	x.Key("1", "down", "down", "enter", "6", "enter", "2")
	if got := x.app.panes.request.Target(); got != "/v2/payments/other" {
		t.Errorf("opened again, its path is %s", got)
	}
	x.shows(t, "your copy")
	if err := x.app.flush(); err != nil {
		t.Fatal(err)
	}
	y := explore(t, 140, 40, func(y *world) { y.history = x.history })
	if got := y.app.panes.request.Target(); got != "/v2/payments/other" {
		t.Errorf("after a restart the path is %s", got)
	}
}

// While a saved run is shown a line says which key goes back to the draft, and
// it does.
func TestFromASavedRunBackToTheDraft(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("e")
	x.Type("Z")
	x.Key("esc")
	draft := string(x.app.desk.Draft().Body)
	x.Key("ctrl+r", "6", "enter")
	x.shows(t, "saved run: esc to the draft", "esc to the draft  ")
	x.Key("esc")
	if got := string(x.app.desk.Draft().Body); got != draft || x.app.panes.request.SavedRun() {
		t.Errorf("the body is %.20q", got)
	}
	x.lacks(t, "saved run")
	if x.app.focus != keymap.Runs {
		t.Errorf("the focus went to %s", x.app.focus)
	}
	if x.Key("esc"); x.Quit() || string(x.app.desk.Draft().Body) != draft {
		t.Error("another esc went somewhere")
	}
}

// What is open in a pane is left before the run is.
func TestEscLeavesTheNearestFirst(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "6", "enter", "5", "/")
	x.Type("result")
	x.Key("esc")
	if !x.app.panes.request.SavedRun() {
		t.Fatal("it left the run")
	}
	if x.Key("esc"); x.app.panes.request.SavedRun() {
		t.Error("it stays at the run")
	}
}

// A step that follows is a draft too: from a run it is gone back to.
func TestBackToAStep(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "5", "A", "a")
	step := x.app.panes.request.Key()
	x.Key("6", "enter", "esc")
	if got := x.app.panes.request.Key(); got != step {
		t.Errorf("%s is open, not %s", got, step)
	}
}

// The line fits narrow screens.
func TestSavedRunOnNarrowScreens(t *testing.T) {
	t.Parallel()
	x := explore(t, 60, 20)
	x.Key("ctrl+r", "6", "enter", "2")
	for _, size := range [][2]int{{60, 20}, {80, 24}, {100, 30}} {
		x.Resize(size[0], size[1])
		x.shows(t, "saved run", "to the draft")
	}
}

// What was pasted by mistake becomes no name.
func TestNameOfARunIsShort(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "6", "n")
	x.Paste(strings.Repeat("long ", 50))
	x.Key("enter")
	x.shows(t, "a name has at most 200 characters, this one has 250")
	x.Key("ctrl+u")
	x.Type("first try")
	x.Key("enter")
	x.shows(t, "The run is called first try")
}
