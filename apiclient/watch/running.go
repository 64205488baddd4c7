package watch

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/google/uuid"

	"countersign/apiclient"
	"countersign/apiclient/capture"
	"countersign/apiclient/catalog"
)

// ShutdownLimit is how long exchanges in flight may take once Stop is called, and
// ExplainLimit how long what failed last is still explained after that.
const (
	ShutdownLimit = 10 * time.Second
	ExplainLimit  = 5 * time.Second
)

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
}

// Running is a proxy or a callback address that is up.
type Running struct {
	watch *Watch
	end   context.CancelFunc
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
	r := &Running{watch: w, end: end, done: make(chan struct{})}
	var failed error
	go func() {
		defer close(r.done)
		failed = proxy.Serve(ctx, t.Listener, ShutdownLimit)
	}()
	r.stop = sync.OnceValues(func() (Counts, error) {
		end()
		<-r.done
		return w.Close(ExplainLimit), failed
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

// Stop takes no more connections, lets what is in flight end, for ShutdownLimit at
// most, and waits until all is recorded and told.
func (r *Running) Stop() (Counts, error) { return r.stop() }
