package tui

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/history"
)

// slowJournal is the history with a completion that waits for its gate, and
// may fail as on a full disk.
type slowJournal struct {
	*history.Store
	gate chan struct{} // nil: completes at once

	mu   sync.Mutex
	full bool
}

func (j *slowJournal) Complete(ctx context.Context, e *apiclient.Exchange) error {
	if j.gate != nil {
		<-j.gate
	}
	j.mu.Lock()
	full := j.full
	j.mu.Unlock()
	if full {
		return errors.New("history.db: the disk is full")
	}
	return j.Store.Complete(ctx, e)
}

func (j *slowJournal) fill(full bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.full = full
}

// largeAnswer is shown before its record is complete.
func largeAnswer() string {
	var b strings.Builder
	b.WriteString(`{"result":{"resultStatus":"S","resultCode":"SUCCESS","resultMessage":"Success"},"items":[`)
	for b.Len() < 1<<20 {
		b.WriteString(`"an item as any other",`)
	}
	b.WriteString(`"the last item"]}`)
	return b.String()
}

// recordingWorld has an answer on the screen whose record waits for the gate.
func recordingWorld(t *testing.T, gate chan struct{}) (*world, *slowJournal) {
	t.Helper()
	j := &slowJournal{gate: gate}
	x := explore(t, 140, 40, answering(200, map[string]string{"Content-Type": "application/json"}, largeAnswer()), func(x *world) {
		j.Store = x.history
		x.journal = j
	})
	x.Hold = func(cmd tea.Cmd) bool {
		return strings.Contains(runtime.FuncForPC(reflect.ValueOf(cmd).Pointer()).Name(), "untilRecorded")
	}
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

// TestLeavingWaitsForTheRecord: and says why.
func TestLeavingWaitsForTheRecord(t *testing.T) {
	t.Parallel()
	for _, keys := range [][]string{{"q"}, {"ctrl+c", "ctrl+c"}} {
		x, j := recordingWorld(t, make(chan struct{}))
		x.Key("ctrl+r")
		x.shows(t, "200 · S SUCCESS")
		x.Key(keys...)
		x.shows(t, "The answer is still being recorded", "leaves by itself when it is, in 10 seconds at most", "outcome unknown")
		if x.Quit() || x.outcome(t).Outcome != apiclient.Unknown {
			t.Fatal("it left before the answer was recorded")
		}
		close(j.gate)
		x.Release()
		if e := x.outcome(t); !x.Quit() || e.Outcome != apiclient.Answered || string(e.Response.Body) != largeAnswer() {
			t.Errorf("quit %t, %s", x.Quit(), e.Outcome)
		}
		if err := x.app.settle(nil); err != nil {
			t.Error(err)
		}
	}
}

// TestLeavingDoesNotWaitForEver: the person may leave at once, or stay; after
// the limit the explorer leaves, and says what became of the run.
func TestLeavingDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		leave func(x *world)
		quits bool
		says  string
	}{
		"yes":                          {func(x *world) { x.Key("q", "y") }, true, ""},
		"ctrl+c at once":               {func(x *world) { x.Key("ctrl+c", "ctrl+c", "ctrl+c") }, true, ""},
		"no":                           {func(x *world) { x.Key("q", "n") }, false, ""},
		"overdue":                      {func(x *world) { x.Key("q"); x.Send(recordOverdue{x.app.recording.asking}) }, true, "was not recorded within 10s"},
		"stayed before it was overdue": {func(x *world) { x.Key("q", "n"); x.Send(recordOverdue{x.app.recording.asking}) }, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x, j := recordingWorld(t, make(chan struct{}))
			x.Key("ctrl+r")
			c.leave(x)
			if x.Quit() != c.quits {
				t.Fatalf("quit: %t\n%s", x.Quit(), x.Screen())
			}
			if c.quits {
				err := x.app.settle(nil)
				if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
					t.Errorf("says %v", err)
				}
			}
			close(j.gate)
			x.Release()
			if !c.quits {
				if x.Quit() {
					t.Error("it left although the person stayed")
				}
				x.shows(t, "200 · S SUCCESS")
				x.lacks(t, "still being recorded")
			}
		})
	}
}

// TestASignalWaitsForTheRecord: nobody is asked, and nothing is lost.
func TestASignalWaitsForTheRecord(t *testing.T) {
	t.Parallel()
	for _, full := range []bool{false, true} {
		x, j := recordingWorld(t, make(chan struct{}))
		j.fill(full)
		x.Key("ctrl+r")
		time.AfterFunc(20*time.Millisecond, func() { close(j.gate) })
		var out bytes.Buffer
		if err := x.app.settle(&out); err != nil { // the history itself has room: it is tried once more
			t.Error(err)
		}
		if !strings.Contains(out.String(), "the answer is being recorded, 10s at most") {
			t.Errorf("says %q", out.String())
		}
		if e := x.outcome(t); e.Outcome != apiclient.Answered || string(e.Response.Body) != largeAnswer() || e.Err != "" {
			t.Errorf("%s %q", e.Outcome, e.Err)
		}
	}
}

// TestAnswerThatCannotBeRecorded: it stays on the screen where it was, the
// failure is told beside it, and it is recorded as soon as there is room.
func TestAnswerThatCannotBeRecorded(t *testing.T) {
	t.Parallel()
	gate := make(chan struct{})
	x, j := recordingWorld(t, gate)
	j.fill(true)
	x.Key("ctrl+r", "5", "G")
	x.shows(t, "the last item", "200 · S SUCCESS")
	top := regexp.MustCompile(`4\d{4} +"an item`)
	before := top.FindString(x.Screen())
	close(gate)
	x.Release()
	x.shows(t, "✗ the end of the run could not be recorded:", "history.db: the disk is full", "an item as any other")
	if after := top.FindString(x.Screen()); before == "" || after != before {
		t.Errorf("the line at the top was %q and is %q", before, after)
	}
	first := x.outcome(t)
	if first.Outcome != apiclient.Unknown {
		t.Errorf("the run is %s", first.Outcome)
	}
	x.Key("k")
	x.shows(t, "could not be recorded") // it does not go with the next key
	j.fill(false)
	x.Key("ctrl+r")
	x.Release()
	got, err := x.history.Get(context.Background(), first.ID)
	if err != nil || got.Outcome != apiclient.Answered || got.Err != "" || len(got.Findings) > 0 && got.Findings[0].Cause == "not_recorded" || string(got.Response.Body) != largeAnswer() {
		t.Errorf("with room again the first run is %s %q, %v", got.Outcome, got.Err, err)
	}
	if len(x.app.recording.lost) != 0 {
		t.Error("it is kept still")
	}
}

// TestUnrecordedAnswerOfAnotherDraft: what is open is left as it is.
func TestUnrecordedAnswerOfAnotherDraft(t *testing.T) {
	t.Parallel()
	x, j := recordingWorld(t, make(chan struct{}))
	j.fill(true)
	x.Key("ctrl+r", "1", "j", "enter")
	before := x.app.panes.request.Key()
	close(j.gate)
	x.Release()
	x.shows(t, "is not in the history")
	if x.app.panes.request.Key() != before {
		t.Error("another draft is open")
	}
}

// TestLeavingWithALostAnswer: it is tried once more, then asked.
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
			j := &slowJournal{full: true}
			x := explore(t, 140, 40, answering(200, map[string]string{"Content-Type": "application/json"}, body), func(x *world) {
				j.Store = x.history
				x.journal = j
			})
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
