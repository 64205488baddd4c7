// Package capture stands between a client and a server: it moves their bytes
// unchanged in both directions and hands each exchange that ended to an observer.
// It knows neither keys nor signatures, and nothing of who observes.
package capture

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/hint"
)

// Config says what a proxy stands before, and what it tells.
type Config struct {
	Upstream *url.URL    // scheme and host, and a path to put before each target; not looked at where Reply is set
	Mapping  Mapping     // of the targets; zero: none
	TLS      *tls.Config // to the upstream; nil: verified with the system's roots

	// Reply answers a request that is there whole; nil: the upstream does.
	Reply func(*apiclient.Exchange) Reply

	// Resign returns the header that goes on in place of the one that came, of a
	// request that is there whole; nil: requests go on as they come.
	Resign func(*apiclient.Exchange) []apiclient.Field

	// Whole is asked for where a body is too long to be kept: it is given all of its
	// bytes as they pass, the kept ones too. The head is in the exchange by then. Nil:
	// nobody wants them.
	Whole func(*apiclient.Exchange, apiclient.Side) Whole

	// Observe is called with each exchange that ended, from the goroutine that moves
	// the bytes of its connection: it must not wait. Origin is that of the config.
	Observe func(apiclient.Exchange)

	// Unspoken is called with why a client never came to a request, with a hint: it
	// insists on HTTP/2, say, or speaks no TLS. Nil: nobody is told.
	Unspoken func(error)
	Origin   apiclient.Origin
	Profile  string
	NewID    func() string

	MaxBody int64            // bytes of each body that the exchange keeps; 0: DefaultMaxBody
	Limits  Limits           // zero: DefaultLimits
	Now     func() time.Time // nil: time.Now
}

// Whole sees all of a body that is kept in part.
type Whole interface {
	io.Writer
	// Done is called once all was written, or not at all where the body was cut off.
	Done(e *apiclient.Exchange)
}

// DefaultMaxBody is how much of a body is kept where nothing else is said. The
// rest passes, and the message is marked as partial.
const DefaultMaxBody = 32 << 20

// Limits bound what one client or the upstream may hold.
type Limits struct {
	Connections int           // clients at once; more wait to be accepted
	Head        time.Duration // from the first byte of a head to its end
	Idle        time.Duration // without a byte of a body, or of an answer
	KeepAlive   time.Duration // between two requests of a client
	Dial        time.Duration // to the upstream, TLS included
}

// DefaultLimits are far above what an honest client or server needs.
var DefaultLimits = Limits{Connections: 1000, Head: 20 * time.Second, Idle: 2 * time.Minute, KeepAlive: 2 * time.Minute,
	Dial: 15 * time.Second}

// Mapping changes what the upstream is asked for: the path, and the Host header.
// Everything else of a request stays as it came.
type Mapping struct {
	StripPrefix string // taken off the path, where it is there
	AddPrefix   string // put before the path
	Path        string // in place of every path; the query stays
	Host        string // "": that of the upstream
}

// Target returns what the upstream is asked for in place of a target.
func (m Mapping) Target(target string) string {
	if m.Path != "" {
		_, query, has := strings.Cut(target, "?")
		if has {
			query = "?" + query
		}
		return m.Path + query
	}
	if rest, ok := strings.CutPrefix(target, m.StripPrefix); ok && m.StripPrefix != "" {
		if target = rest; !strings.HasPrefix(target, "/") {
			target = "/" + target
		}
	}
	return strings.TrimSuffix(m.AddPrefix, "/") + target
}

// Proxy serves connections. Make one with New.
type Proxy struct {
	config Config
	secure *tls.Config

	mu      sync.Mutex
	open    map[*relay]bool
	closing bool
	ending  chan struct{} // closed when no grace is left
	running sync.WaitGroup
}

// New checks the configuration.
func New(c Config) (*Proxy, error) {
	u := c.Upstream
	if c.Reply != nil {
		u = &url.URL{Scheme: "http", Host: "localhost"}
		c.Upstream = u
	}
	if u == nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.User != nil {
		return nil, hint.Errorf("give scheme, host and if need be a path: https://superapp.example.com",
			"the upstream %q is no address to send requests to", fmt.Sprint(u))
	}
	own := *u
	u, c.Upstream = &own, &own
	c.Limits, c.MaxBody = cmp.Or(c.Limits, DefaultLimits), cmp.Or(c.MaxBody, DefaultMaxBody)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Mapping.Path != "" {
		u.Path = ""
	}
	c.Mapping.AddPrefix = strings.TrimSuffix(u.Path, "/") + c.Mapping.AddPrefix
	p := &Proxy{config: c, open: map[*relay]bool{}, ending: make(chan struct{})}
	if u.Scheme == "https" {
		p.secure = c.TLS.Clone()
		if p.secure == nil {
			p.secure = &tls.Config{MinVersion: tls.VersionTLS12}
		}
		p.secure.ServerName = cmp.Or(p.secure.ServerName, u.Hostname())
		p.secure.NextProtos = []string{"http/1.1"}
	}
	return p, nil
}

// Serve takes connections from l until it is closed, or ctx is done. Then what is
// in flight goes on for grace at most, and Serve returns.
func (p *Proxy) Serve(ctx context.Context, l net.Listener, grace time.Duration) error {
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	room := make(chan struct{}, p.config.Limits.Connections)
	var failed error
	for pause := time.Duration(0); ; {
		room <- struct{}{}
		conn, err := l.Accept()
		if err != nil {
			<-room
			if temporary(err) { // out of descriptors: connections will end
				pause = min(pause+10*time.Millisecond, time.Second)
				time.Sleep(pause)
				continue
			}
			if !errors.Is(err, net.ErrClosed) {
				failed = err
			}
			break
		}
		pause = 0
		r := newRelay(p, conn)
		p.add(r)
		p.running.Go(func() {
			defer func() { <-room }()
			defer p.remove(r)
			r.run()
		})
	}
	p.drain(grace)
	return failed
}

func temporary(err error) bool {
	var e interface{ Temporary() bool }
	return errors.As(err, &e) && e.Temporary() && !errors.Is(err, net.ErrClosed)
}

func (p *Proxy) add(r *relay) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open[r] = true
	if p.closing {
		r.finish()
	}
}

func (p *Proxy) remove(r *relay) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, r)
}

// drain ends connections: those between two requests at once, the others when
// their exchange has ended, or after grace.
func (p *Proxy) drain(grace time.Duration) {
	p.each(true, (*relay).finish)
	done := make(chan struct{})
	go func() { p.running.Wait(); close(done) }()
	select {
	case <-done:
		return
	case <-time.After(grace):
	}
	close(p.ending)
	p.each(true, (*relay).abort)
	<-done
}

func (p *Proxy) each(closing bool, do func(*relay)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closing = closing
	for r := range p.open {
		do(r)
	}
}
