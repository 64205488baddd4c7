package watch_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
	"countersign/apiclient/watch"
)

func exchange(n int) apiclient.Exchange {
	return apiclient.Exchange{ID: fmt.Sprint(n), Request: apiclient.Message{Line: "POST /x HTTP/1.1"}}
}

func judge(status signing.Status) func(*apiclient.Exchange) {
	return func(e *apiclient.Exchange) { e.SentVerdict.Status = status }
}

// Each exchange that is taken is recorded once, in order, and then told.
func TestEveryExchangeIsRecordedThenTold(t *testing.T) {
	t.Parallel()
	const n = 2000
	recorded, told := map[string]bool{}, 0
	w := watch.New(watch.Config{
		Judge: judge(signing.Verified),
		Record: func(_ context.Context, list []*apiclient.Exchange) error {
			for _, e := range list {
				if e.ID != fmt.Sprint(len(recorded)) || e.SentVerdict.Status != signing.Verified {
					t.Errorf("%s comes after %d others, %s", e.ID, len(recorded), e.SentVerdict.Status)
				}
				recorded[e.ID] = true
			}
			return nil
		},
		Tell: func(watch.Seen) { told++ },
	})
	for i := range n {
		w.Take(exchange(i))
	}
	if c := w.Close(time.Minute); c != (watch.Counts{Passed: n}) || len(recorded) != n || told != n {
		t.Errorf("%+v, %d recorded, %d told", c, len(recorded), told)
	}
}

// A disk that does not keep up holds nobody up: what has no room is counted.
func TestTakeNeverWaits(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	w := watch.New(watch.Config{Judge: judge(signing.Verified),
		Record: func(context.Context, []*apiclient.Exchange) error { <-release; return nil }})
	const n = 30_000
	for i := range n {
		w.Take(exchange(i)) // would never return if it waited for the disk
	}
	close(release)
	if c := w.Close(time.Minute); c.Passed != n || c.Unsaved < n-11_000 || c.Unsaved > n-10_000 {
		t.Errorf("%+v", c)
	}
}

// What comes one after the other is recorded some at a time, and what comes alone at once.
func TestBatchesAreGathered(t *testing.T) {
	t.Parallel()
	batches := make(chan int, 1000)
	w := watch.New(watch.Config{Judge: judge(signing.Verified),
		Record: func(_ context.Context, list []*apiclient.Exchange) error { batches <- len(list); return nil }})
	w.Take(exchange(0))
	if n := <-batches; n != 1 {
		t.Errorf("%d were recorded first", n)
	}
	began := time.Now()
	for i := range 200 {
		w.Take(exchange(i))
		time.Sleep(time.Millisecond)
	}
	took := time.Since(began)
	if c := w.Close(time.Minute); c.Passed != 201 || c.Unsaved > 0 {
		t.Errorf("%+v", c)
	}
	if most := int(took/(20*time.Millisecond)) + 2; len(batches) > most {
		t.Errorf("%d batches in %v, more than %d", len(batches), took, most)
	}
}

// What fails is explained before it is told; where more fails than can be
// explained, it is told all the same.
func TestFailingOnesAreExplained(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	var mu sync.Mutex
	var explained, told int
	w := watch.New(watch.Config{
		Judge: judge(signing.Mismatch),
		Explain: func(context.Context, apiclient.Exchange) (diagnose.Report, error) {
			<-release
			return diagnose.Report{Verdict: signing.Mismatch}, nil
		},
		Tell: func(s watch.Seen) {
			mu.Lock()
			defer mu.Unlock()
			if told++; s.Report != nil {
				explained++
			}
		},
	})
	const n = 500
	for i := range n {
		w.Take(exchange(i))
	}
	time.AfterFunc(50*time.Millisecond, func() { close(release) })
	c := w.Close(time.Minute)
	if c.Failed != n || told != n || explained == 0 || int64(n-explained) != c.Unexplained {
		t.Errorf("%+v, %d told, %d explained", c, told, explained)
	}
}

func TestWhatIsNotRecordedIsSaid(t *testing.T) {
	t.Parallel()
	full := errors.New("the disk is full")
	w := watch.New(watch.Config{
		Judge:  judge(signing.Verified),
		Record: func(context.Context, []*apiclient.Exchange) error { return full },
		Tell: func(s watch.Seen) {
			if !errors.Is(s.Unsaved, full) {
				t.Errorf("%v", s.Unsaved)
			}
		},
	})
	w.Take(exchange(1))
	if c := w.Close(time.Minute); c.Unsaved != 1 {
		t.Errorf("%+v", c)
	}
}
