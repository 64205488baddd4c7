// Package watch takes exchanges as they pass, judges them, has them recorded and
// explains those that fail, and never holds up who hands them over. Traffic comes
// first: what cannot be kept up with is counted.
package watch

import (
	"context"
	"runtime"
	"sync"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
)

// Config says what is done with an exchange. Only Judge is needed.
type Config struct {
	// Judge verifies both signatures of an exchange, and fills in what follows from it.
	Judge func(*apiclient.Exchange)
	// Record keeps exchanges, all or none; nil: nothing is kept.
	Record func(context.Context, []*apiclient.Exchange) error
	// Explain says why the signature of an exchange does not verify; nil: nobody asks.
	Explain Explainer
	// Tell is called with each exchange, from one goroutine: the ones that fail once
	// they are explained.
	Tell func(Seen)
}

// Explainer says why the signature of an exchange does not verify.
type Explainer func(context.Context, apiclient.Exchange) (diagnose.Report, error)

// Seen is an exchange with what became of it.
type Seen struct {
	apiclient.Exchange
	Report  *diagnose.Report // nil: it verifies, or there was no time to explain it
	Unsaved error            // why it is not recorded; nil: it is, or was not to be
}

// Counts are how many passed.
type Counts struct {
	Passed, Failed int64 // exchanges; those of which a signature that is due does not verify
	Unsaved        int64 // not recorded
	Unexplained    int64 // failed, and nobody had the time to say why
}

// Bounds of what waits, in exchanges and in bytes of their bodies.
const (
	maxWaiting   = 10_000
	maxBytes     = 256 << 20
	maxBatch     = 256
	maxToExplain = 64
)

// pace is how far batches that are not full are apart: to record a few at a time costs
// half as much again for each. What comes alone is taken at once.
const pace = 25 * time.Millisecond

// Watch does the work in the background. Make one with New.
type Watch struct {
	config Config

	mu      sync.Mutex
	waiting []*apiclient.Exchange
	bytes   int
	busy    int       // of the batches at work
	took    time.Time // the last batch
	counts  Counts
	closed  bool
	wake    chan struct{}

	explain chan Seen
	tell    chan Seen
	done    sync.WaitGroup

	searching context.Context // of explanations
	give      context.CancelFunc
}

// New starts the work.
func New(c Config) *Watch {
	w := &Watch{config: c, wake: make(chan struct{}, 1), explain: make(chan Seen, maxToExplain), tell: make(chan Seen, maxBatch)}
	w.searching, w.give = context.WithCancel(context.Background())
	var told sync.WaitGroup
	told.Go(func() {
		for s := range w.tell {
			if c.Tell != nil {
				c.Tell(s)
			}
		}
	})
	var explained sync.WaitGroup
	explained.Go(w.explainAll)
	w.done.Go(func() {
		w.recordAll()
		close(w.explain)
		explained.Wait()
		close(w.tell)
		told.Wait()
	})
	return w
}

// Take hands over an exchange. It never waits.
func (w *Watch) Take(e apiclient.Exchange) {
	size := sizeOf(&e)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.counts.Passed++
	if w.closed || len(w.waiting) >= maxWaiting || w.bytes+size > maxBytes && len(w.waiting) > 0 {
		w.counts.Unsaved++
		return
	}
	taken := e // what has no room costs no memory
	w.waiting, w.bytes = append(w.waiting, &taken), w.bytes+size
	w.nudge()
}

func (w *Watch) nudge() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// Counts returns how many passed so far.
func (w *Watch) Counts() Counts {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.counts
}

// Waiting returns how many were taken and are not yet judged and recorded.
func (w *Watch) Waiting() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.waiting) + w.busy
}

// Close waits until all that was taken is judged, recorded and told. What is not
// explained by the end of grace stays so.
func (w *Watch) Close(grace time.Duration) Counts {
	w.mu.Lock()
	w.closed = true
	w.nudge()
	w.mu.Unlock()
	timer := time.AfterFunc(grace, w.give)
	w.done.Wait()
	timer.Stop()
	w.give()
	return w.Counts()
}

func sizeOf(e *apiclient.Exchange) int {
	n := 4 << 10 // of the heads, about
	n += len(e.Request.Body)
	if e.Response != nil {
		n += len(e.Response.Body)
	}
	return n
}

// next returns what waits, a batch at most; nil once all is done.
func (w *Watch) next() []*apiclient.Exchange {
	for {
		w.mu.Lock()
		n, rest, closed := min(len(w.waiting), maxBatch), pace-time.Since(w.took), w.closed
		if n == maxBatch || n > 0 && (closed || rest <= 0) {
			batch := w.waiting[:n:n]
			w.waiting, w.busy, w.took = w.waiting[n:], w.busy+n, time.Now()
			for _, e := range batch {
				w.bytes -= sizeOf(e)
			}
			w.mu.Unlock()
			return batch
		}
		w.mu.Unlock()
		switch {
		case n > 0:
			time.Sleep(rest)
		case closed:
			return nil
		default:
			<-w.wake
		}
	}
}

// recordAll judges a batch while the one before is recorded.
func (w *Watch) recordAll() {
	judged := make(chan []*apiclient.Exchange)
	go func() {
		defer close(judged)
		for batch := w.next(); batch != nil; batch = w.next() {
			w.judgeAll(batch)
			judged <- batch
		}
	}()
	for batch := range judged {
		var failed error
		if w.config.Record != nil {
			failed = w.config.Record(context.Background(), batch)
		}
		w.mu.Lock()
		w.busy -= len(batch)
		if failed != nil {
			w.counts.Unsaved += int64(len(batch))
		}
		w.mu.Unlock()
		for _, e := range batch {
			w.pass(Seen{Exchange: *e, Unsaved: failed})
		}
	}
}

// judgeAll judges a batch on half of the cores: the others move bytes.
func (w *Watch) judgeAll(batch []*apiclient.Exchange) {
	var workers sync.WaitGroup
	n := max(1, runtime.GOMAXPROCS(0)/2)
	for k := range n {
		workers.Go(func() {
			for i := k; i < len(batch); i += n {
				w.config.Judge(batch[i])
			}
		})
	}
	workers.Wait()
}

// pass tells an exchange at once, or has it explained first.
func (w *Watch) pass(s Seen) {
	if !failing(&s.Exchange) {
		w.tell <- s
		return
	}
	w.mu.Lock()
	w.counts.Failed++
	w.mu.Unlock()
	if w.config.Explain != nil {
		select {
		case w.explain <- s:
			return
		default: // one after the other fails: the first ones show why
			w.unexplained()
		}
	}
	w.tell <- s
}

func (w *Watch) unexplained() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.counts.Unexplained++
}

// failing reports whether a signature that is due does not verify.
func failing(e *apiclient.Exchange) bool {
	sides := e.Sides()
	return sides.Request.Failed() || sides.Response.Failed()
}

func (w *Watch) explainAll() {
	for s := range w.explain {
		report, err := diagnose.Report{}, w.searching.Err()
		if err == nil {
			report, err = w.config.Explain(w.searching, s.Exchange)
		}
		if err == nil {
			s.Report = &report
		} else {
			w.unexplained()
		}
		w.tell <- s
	}
}
