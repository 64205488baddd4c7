package tui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/signing"
	"countersign/history"
	"countersign/tui/compare"
	"countersign/tui/keymap"
)

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
	const n = 2500
	x := explore(t, 100, 30)
	many(t, x.history, n)
	x.Run(x.app.checkHistory(false))
	x.Key("6")
	x.shows(t, "1/2500", "2500 runs")
	x.Key("G")
	x.shows(t, "2500/2500")
	for range 30 {
		x.Key("pgup")
	}
	place := lineWith(x.Screen(), "/2500")
	x.Run(x.app.panes.runs.Refresh())
	if now := lineWith(x.Screen(), "/2500"); now != place {
		t.Errorf("the refresh moved the place: %q, was %q", now, place)
	}
	page := func(name string, until string) {
		for n := 0; !strings.Contains(x.Screen(), until) && n < 400; n++ {
			x.Key(name)
		}
		x.shows(t, until)
	}
	page("pgup", " 1/2500")
	page("pgdown", "2500/2500")
	x.shows(t, "2500/2500")
	x.Key("g")
	x.shows(t, " 1/2500")
}

// many records runs quickly: a copy of one file would do too, but this is the
// way that every program has.
func many(t testing.TB, h *history.Store, n int) {
	t.Helper()
	for i := range n {
		e := &apiclient.Exchange{
			ID: fmt.Sprintf("017aaaaa-0000-7000-8000-%012d", i), Profile: "sandbox", Endpoint: fmt.Sprintf("v2/payments/pay%d", i%7), Origin: apiclient.FromCLI,
			Request:   apiclient.Message{Line: "POST /p HTTP/1.1", Body: fmt.Appendf(nil, `{"n":"item%d"}`, i)},
			StartedAt: noon.Add(time.Duration(i-n) * time.Second), Outcome: apiclient.Answered, Result: apiclient.Result{Status: "SFUA"[i%4 : i%4+1]},
		}
		if err := h.Complete(context.Background(), e); err != nil {
			t.Fatal(err)
		}
	}
}
