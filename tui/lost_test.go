package tui

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/history"
)

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
		return strings.Contains(runtime.FuncForPC(reflect.ValueOf(cmd).Pointer()).Name(), "(*App).sendInBackground.")
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
