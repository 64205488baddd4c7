package watch

import (
	"cmp"
	"context"
	"net"
	"sync"
	"time"

	"github.com/google/uuid"

	"countersign/apiclient"
	"countersign/apiclient/capture"
	"countersign/apiclient/catalog"
)

// ShutdownLimit is how long Stop takes at most, as a container that is told to
// stop is killed 10 seconds later: exchanges in flight have nine tenths of it, and what
// failed last is explained for half of the rest at least.
const ShutdownLimit = 10 * time.Second

// Traffic is what a proxy or a callback address works with. Record, Explain and
// Tell are those of Config.
type Traffic struct {
	Client   *apiclient.Client // of the profile
	Catalog  *catalog.Catalog
	Capture  capture.Config // what it stands before, or how it answers
	Listener net.Listener

	Record  func(context.Context, []*apiclient.Exchange) error
	Explain Explainer
	Tell    func(Seen)
	Grace   time.Duration // in place of ShutdownLimit; 0: that
}

// Running is a proxy or a callback address that is up.
type Running struct {
	watch *Watch
	done  chan struct{}
	stop  func() (Counts, error)
}

// Start serves until Stop. The listener is closed then, or where there is an error.
func Start(t Traffic) (*Running, error) {
	w := New(Config{Judge: Judge(t.Client, t.Catalog), Record: t.Record, Explain: t.Explain, Tell: t.Tell})
	c := t.Capture
	c.Observe, c.Profile = w.Take, t.Client.Profile().Name
	c.NewID = func() string { return uuid.Must(uuid.NewV7()).String() }
	proxy, err := capture.New(c)
	if err != nil {
		_ = t.Listener.Close()
		w.Close(0)
		return nil, err
	}
	ctx, end := context.WithCancel(context.Background())
	r := &Running{watch: w, done: make(chan struct{})}
	grace := cmp.Or(t.Grace, ShutdownLimit)
	var failed error
	go func() {
		defer close(r.done)
		failed = proxy.Serve(ctx, t.Listener, grace*9/10)
	}()
	r.stop = sync.OnceValues(func() (Counts, error) {
		explained := time.Now().Add(grace * 19 / 20)
		end()
		<-r.done
		return w.Close(time.Until(explained)), failed
	})
	return r, nil
}

// Counts returns how many passed so far.
func (r *Running) Counts() Counts { return r.watch.Counts() }

// Waiting returns how many passed and are not yet recorded.
func (r *Running) Waiting() int { return r.watch.Waiting() }

// Done is closed when nothing is served any more: after Stop, or by a fault that
// Stop returns.
func (r *Running) Done() <-chan struct{} { return r.done }

// Stop takes no more connections, lets what is in flight end, and waits until all is
// recorded and told: for ShutdownLimit in all, at most.
func (r *Running) Stop() (Counts, error) { return r.stop() }
