package tui

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/history"
	"countersign/tui/runs"
)

// loadedAs loads the services of a profile, and gives the message of it.
func (x *world) loadedAs(t *testing.T, name string) tea.Msg {
	t.Helper()
	s, err := x.app.config.Switch(context.Background(), name, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	return switched{name: name, services: s}
}

// What was asked about is what is sent: nothing else, and to nowhere else.
func TestConfirmedIsWhatWasAsked(t *testing.T) {
	t.Parallel()
	asks := func(x *world) { x.profile.Confirm = true }
	t.Run("another draft", func(t *testing.T) {
		t.Parallel()
		x := explore(t, 140, 40, asks, recorded(t, 3))
		all, err := x.history.List(context.Background(), history.Query{})
		if err != nil {
			t.Fatal(err)
		}
		run, err := x.history.Get(context.Background(), all[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		x.Key("ctrl+r")
		x.shows(t, "Send POST")
		x.Send(fetched{exchange: run}) // it was opened just before
		x.Key("y")
		if n := x.runs(t); n != 3 {
			t.Errorf("another draft than the one that was asked about was sent: %d runs", n)
		}
		x.shows(t, "Nothing was sent")
	})
	t.Run("another profile", func(t *testing.T) {
		t.Parallel()
		x := explore(t, 140, 40, asks, elsewhere)
		late := x.loadedAs(t, "production")
		x.Key("ctrl+r")
		x.shows(t, "to sandbox?")
		x.Send(late)
		x.Key("y")
		if n := x.runs(t); n != 0 || x.app.desk.Flight.Running() {
			t.Error("it was sent to production, though the question was about the sandbox")
		}
		x.shows(t, "Nothing was sent")
	})
	t.Run("the same bytes to another profile", func(t *testing.T) {
		t.Parallel()
		x := explore(t, 140, 40, asks, elsewhere, recorded(t, 1))
		late := x.loadedAs(t, "production")
		x.Key("6", "R")
		x.shows(t, "Send the same bytes again to sandbox")
		x.Send(late)
		x.Key("y")
		if n := x.runs(t); n != 1 || x.app.desk.Flight.Running() {
			t.Error("the bytes were sent to production, though the question was about the sandbox")
		}
		x.shows(t, "Nothing was sent")
	})
	t.Run("as it was", func(t *testing.T) {
		t.Parallel()
		x := explore(t, 140, 40, asks)
		x.Key("e")
		x.begin("space") // its message is still on its way
		x.Key("ctrl+r")
		x.Run(x.app.desk.Changed())
		x.Key("y")
		if n := x.runs(t); n != 1 {
			t.Errorf("%d runs", n)
		}
	})
}

// What is asked about says that it is tampered.
func TestQuestionsSayTampered(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("3", "s")
	x.choose(t, "path_trailing_slash")
	x.Key("esc")
	x.Key("ctrl+r")
	e := *x.app.desk.Shown()
	e.Profile = "production"
	if len(e.Tampered) == 0 {
		t.Fatal("it was not tampered")
	}
	x.Send(fetched{exchange: e, purpose: runs.ToResend})
	x.shows(t, "Send the same bytes again", "tampered on purpose", apiclient.TamperTitles(e.Tampered))
}

// fullJournal is the history on a disk that may be full when a run ends.
type fullJournal struct {
	*history.Store
	mu   sync.Mutex
	full bool
}

func (j *fullJournal) Complete(ctx context.Context, e *apiclient.Exchange) error {
	j.mu.Lock()
	full := j.full
	j.mu.Unlock()
	if full {
		return errors.New("history.db: the disk is full")
	}
	return j.Store.Complete(ctx, e)
}

func (j *fullJournal) fill(full bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.full = full
}

// largeAnswer has a megabyte and more.
func largeAnswer() string {
	var b strings.Builder
	b.WriteString(`{"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"Success"},"items":[`)
	for b.Len() < 1<<20 {
		b.WriteString(`"an item as any other",`)
	}
	b.WriteString(`"the last item"]}`)
	return b.String()
}

// onFullDisk is an explorer whose runs cannot be completed.
func onFullDisk(t *testing.T, body string) (*world, *fullJournal) {
	t.Helper()
	j := &fullJournal{full: true}
	x := explore(t, 140, 40, answering(200, map[string]string{"Content-Type": "application/json"}, body), func(x *world) {
		j.Store = x.history
		x.journal = j
	})
	return x, j
}

func (x *world) outcome(t *testing.T) apiclient.Exchange {
	t.Helper()
	e, err := x.history.Get(context.Background(), "last")
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// An answer that cannot be recorded is shown all the same, the failure is told
// beside it, and it is recorded as soon as there is room.
func TestAnswerThatCannotBeRecorded(t *testing.T) {
	t.Parallel()
	x, j := onFullDisk(t, largeAnswer())
	x.Key("ctrl+r", "5", "G")
	x.shows(t, "the last item", "✗ the end of the run could not be recorded:", "history.db: the disk is full")
	first := x.outcome(t)
	if first.Outcome != apiclient.Unknown {
		t.Errorf("the run is %s", first.Outcome)
	}
	x.Key("k")
	x.shows(t, "could not be recorded") // it does not go with the next key
	j.fill(false)
	x.Key("ctrl+r")
	got, err := x.history.Get(context.Background(), first.ID)
	if err != nil || got.Outcome != apiclient.Answered || got.Err != "" || len(got.Findings) > 0 && got.Findings[0].Cause == "not_recorded" || string(got.Response.Body) != largeAnswer() {
		t.Errorf("with room again the first run is %s %q, %v", got.Outcome, got.Err, err)
	}
	if x.app.unrecorded.Len() != 0 {
		t.Error("it is kept still")
	}
}

// Another draft that was opened meanwhile is left as it is, and told of it.
func TestUnrecordedAnswerOfAnotherDraft(t *testing.T) {
	t.Parallel()
	x, _ := onFullDisk(t, largeAnswer())
	x.Hold = func(cmd tea.Cmd) bool {
		return strings.Contains(runtime.FuncForPC(reflect.ValueOf(cmd).Pointer()).Name(), "(*Desk).inBackground.")
	}
	x.Key("ctrl+r", "1", "j", "enter")
	before := x.app.panes.request.Key()
	x.Release()
	x.shows(t, "is not in the history")
	if x.app.panes.request.Key() != before {
		t.Error("another draft is open")
	}
}

// A program that ends without asking tries once more.
func TestASignalRecordsWhatIsLost(t *testing.T) {
	t.Parallel()
	x, _ := onFullDisk(t, largeAnswer())
	x.Key("ctrl+r")
	if err := x.app.flush(); err != nil { // the history itself has room
		t.Error(err)
	}
	if e := x.outcome(t); e.Outcome != apiclient.Answered || string(e.Response.Body) != largeAnswer() || e.Err != "" {
		t.Errorf("%s %q", e.Outcome, e.Err)
	}
}

// A lost answer is recorded before leaving; where it cannot be, the person is asked.
func TestLeavingWithALostAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		size int
		room bool
	}{"large, no room": {1 << 20, false}, "large, room again": {1 << 20, true}, "small, no room": {0, false}, "small, room again": {0, true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := largeAnswer()
			if c.size == 0 {
				body = `{"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"Success"}}`
			}
			ctx := context.Background()
			x, _ := onFullDisk(t, body)
			x.Key("ctrl+r")
			x.shows(t, "S SUCCESS", "✗ the end of the run could not be recorded")
			id := x.outcome(t).ID
			if !c.room {
				if err := x.history.Close(); err != nil { // nothing can be written any more
					t.Fatal(err)
				}
			}
			x.Key("q")
			if c.room {
				e, err := x.history.Get(ctx, id)
				if err != nil || e.Outcome != apiclient.Answered || string(e.Response.Body) != body || !x.Quit() {
					t.Errorf("quit %t, %s, %v", x.Quit(), e.Outcome, err)
				}
				return
			}
			x.shows(t, "Quit and lose 1 answer?", "outcome unknown")
			if x.Quit() {
				t.Fatal("it left without a word")
			}
			x.Key("n")
			x.shows(t, "S SUCCESS")
			x.Key("q", "y", "y")
			if !x.Quit() {
				t.Errorf("it does not leave:\n%s", x.Screen())
			}
		})
	}
}

// A private key in the body is asked about before it leaves, and never kept.
func TestAPrivateKeyInTheBodyIsAskedAbout(t *testing.T) {
	t.Parallel()
	const secret = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----\n"
	var sent atomic.Int32
	x := explore(t, 100, 30, func(x *world) {
		x.handler = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { sent.Add(1) })
	})
	x.Key("2", "e", "ctrl+a")
	x.Paste(secret)
	x.Key("esc", "ctrl+r")
	x.shows(t, "Send a private key as the body?", "BEGIN PRIVATE KEY", "can sign as you")
	x.Key("n")
	if n := x.runs(t); sent.Load() != 0 || n != 0 {
		t.Errorf("%d requests left and %d are in the history, though the answer was no", sent.Load(), n)
	}
	x.Run(x.app.desk.SaveThen(nil))
	for _, d := range x.kept(t) {
		t.Errorf("the draft is kept: %q", d.Draft.Body)
	}
	x.Key("ctrl+r", "y")
	if sent.Load() != 1 {
		t.Errorf("%d requests left, though the answer was yes", sent.Load())
	}
}

// newest returns the newest run of the history.
func (x *world) newest(t *testing.T) apiclient.Exchange {
	t.Helper()
	runs, err := x.history.List(context.Background(), history.Query{Limit: 1})
	if err != nil || len(runs) == 0 {
		t.Fatal(runs, err)
	}
	e, err := x.history.Get(context.Background(), runs[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// What a run was sent with is no template: braces in it, which another client
// may have written, are not replaced when it is sent again.
func TestARunSentAgainKeepsItsBraces(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"memo":"{{env.HOME}}"}`, `{"memo":"{{nothing.known}}"}`, `{"memo":"\\{{uuid}}", "n":"{{"}`} {
		x := explore(t, 140, 40, func(x *world) {
			e := &apiclient.Exchange{
				ID: "018aaaaa-0000-7000-8000-000000000001", Profile: "sandbox", Endpoint: "v2/payments/pay", Origin: apiclient.FromFile,
				URL:      "http://superapp.test/miniprogram/api/v2/payments/pay?q={{now}}",
				Request:  apiclient.Message{Line: "POST /miniprogram/api/v2/payments/pay?q={{now}} HTTP/1.1", Body: []byte(body)},
				Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: []byte(`{}`)}, Outcome: apiclient.Answered, StartedAt: noon,
			}
			if err := x.history.Complete(context.Background(), e); err != nil {
				t.Fatal(err)
			}
		})
		x.Key("6", "r")
		e := x.newest(t)
		if e.Origin != apiclient.FromExplorer || string(e.Request.Body) != body {
			t.Errorf("%s was sent again as %s (%s)\n%s", body, e.Request.Body, e.Origin, x.Screen())
		}
		if want := "/miniprogram/api/v2/payments/pay?q={{now}}"; e.Request.Target() != want {
			t.Errorf("the target is %s", e.Request.Target())
		}
	}
}

// A question names where the request goes. Where another profile has come into
// use meanwhile, yes is no answer to it.
func TestYesToAnotherProfileSendsNothing(t *testing.T) {
	t.Parallel()
	for name, asks := range map[string]func(*world){
		"a run of another profile": func(x *world) {
			x.Key("6", "r")
			x.shows(t, "profile staging · ", "to sandbox")
			x.lacks(t, "{diagnose}")
			x.Send(chosenProfile{"production"}) // its keys were still being loaded
		},
		"its very bytes": func(x *world) {
			x.Key("6", "R")
			x.shows(t, "profile staging · ", "to sandbox")
			x.lacks(t, "{diagnose}")
			x.Send(chosenProfile{"production"})
		},
		"a draft": func(x *world) {
			x.Send(chosenProfile{"production"})
			x.Key("ctrl+r")
			x.shows(t, "Send POST /v2/payments/pay to production?")
			x.Send(chosenProfile{"sandbox"})
		},
	} {
		x := explore(t, 140, 40, elsewhere, func(x *world) {
			e := &apiclient.Exchange{
				ID: "018aaaaa-0000-7000-8000-000000000001", Profile: "staging", Endpoint: "v2/payments/pay", Origin: apiclient.FromCLI,
				URL:      "https://staging.example.com/api/v2/payments/pay",
				Request:  apiclient.Message{Line: "POST /api/v2/payments/pay HTTP/1.1", Body: []byte("{}")},
				Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: []byte(`{}`)}, Outcome: apiclient.Answered, StartedAt: noon,
			}
			if err := x.history.Complete(context.Background(), e); err != nil {
				t.Fatal(err)
			}
		})
		asks(x)
		x.Key("y")
		if n := x.runs(t); n != 1 {
			t.Errorf("%s: it was sent to another than was asked about, %s", name, x.newest(t).URL)
		}
		x.shows(t, "Nothing was sent: another profile")
	}
}

// A profile that asks says how much money it is about, and what is wrong.
func TestQuestionNamesAmountAndFaults(t *testing.T) {
	t.Parallel()
	asks := func(x *world) { x.profile.Confirm = true }
	x := explore(t, 140, 40, asks)
	x.Key("ctrl+r")
	x.shows(t, "paymentAmount USD 100.00, sent as 10000")
	x.lacks(t, "fault")
	x.Key("n")

	x.app.panes.request.SetBody([]byte(`{"paymentAmount":{"currency":"JPY","value":"500"},"paymentRequestId":1}`))
	x.Run(x.app.desk.Changed())
	x.Key("ctrl+r")
	x.shows(t, "paymentAmount JPY 500, sent as 500", "faults: ", "more)")
	if n := x.runs(t); n != 0 {
		t.Errorf("%d runs: it was sent", n)
	}
	x.Key("n")

	x.app.panes.request.SetBody([]byte(`{"paymentAmount":{"currency":"U\\u001b[2J","value":"1\\n2"}}`))
	x.Run(x.app.desk.Changed())
	x.Key("ctrl+r", "y")
	if n := x.runs(t); n != 1 {
		t.Errorf("%d runs after yes", n)
	}

	// The very bytes of a run are asked about alike.
	x.Key("6", "R")
	x.shows(t, "Send the same bytes again", "sent as")
}

// The question stays answerable on a small screen.
func TestQuestionFitsASmallScreen(t *testing.T) {
	t.Parallel()
	x := explore(t, 60, 20, func(x *world) { x.profile.Confirm = true })
	x.Key("ctrl+r")
	x.shows(t, "paymentAmount USD 100.00", "y yes", "n no")
}

// That there was no answer is as old as the request that it was to.
func TestFailureBeforeEdits(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, func(x *world) {
		x.handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_ = c.Close()
			}
		})
	})
	x.Key("ctrl+r")
	x.lacks(t, "before your edits")
	x.Key("e")
	x.Type("Z")
	x.shows(t, "5 Response  none · before your edits")
}
