package capture

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/wire"
)

// relay is one client's connection, with the connection to the upstream that
// belongs to it. The requests of a client go to the upstream one after the other,
// as HTTP/1.1 answers them.
type relay struct {
	proxy  *Proxy
	client *side
	server *side // nil until the first request, and after the upstream hung up

	mu        sync.Mutex
	between   bool // no request has begun: the connection may be closed
	finishing bool
}

func newRelay(p *Proxy, conn net.Conn) *relay {
	return &relay{proxy: p, client: newSide(conn, p.config.Limits), between: true}
}

// finish ends the connection once nothing is in flight on it.
func (r *relay) finish() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finishing = true
	if r.between {
		_ = r.client.Close()
	}
}

// abort ends the connection now.
func (r *relay) abort() {
	_ = r.client.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.server != nil {
		_ = r.server.Close()
	}
}

// begin notes that a request has begun; end that it is over. Either reports
// whether the connection goes on.
func (r *relay) begin() bool { return r.set(false) }
func (r *relay) end() bool   { return r.set(true) }

func (r *relay) set(between bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.between = between
	return !r.finishing
}

// run moves exchanges until one end hangs up.
func (r *relay) run() {
	defer r.abort()
	for {
		r.client.reads.within(r.proxy.config.Limits.KeepAlive)
		if _, err := r.client.in.Peek(1); err != nil || !r.begin() {
			return
		}
		if !r.exchange() || !r.end() {
			return
		}
		if r.server != nil {
			r.server.await()
		}
	}
}

// exchange moves one request and its answer, and reports whether the connection
// can take another.
func (r *relay) exchange() bool {
	c := &r.proxy.config
	x := &passing{relay: r, began: c.Now()}
	x.e = apiclient.Exchange{Origin: c.Origin, Profile: c.Profile, StartedAt: x.began, Outcome: apiclient.Failed,
		Remote: r.client.RemoteAddr().String()}
	if c.NewID != nil {
		x.e.ID = c.NewID()
	}
	goesOn := x.pass()
	x.e.Timing.Total = c.Now().Sub(x.began)
	if c.Observe != nil && x.e.Request.Line != "" {
		c.Observe(x.e)
	}
	return goesOn
}

// passing is an exchange that is under way.
type passing struct {
	*relay
	e     apiclient.Exchange
	began time.Time
}

func (x *passing) pass() (goesOn bool) {
	x.client.reads.within(x.proxy.config.Limits.Head)
	m, err := wire.ReadHead(x.client.in)
	x.e.Request = m
	var framing wire.Framing
	if err == nil {
		framing, err = wire.FramingOf(&m, "")
	}
	if err != nil {
		x.refuse("400 Bad Request", "the request cannot be read: "+err.Error(), "")
		return false
	}
	x.e.URL = x.proxy.urlOf(m.Target())
	if m.Method() == "CONNECT" {
		x.refuse("501 Not Implemented", "CONNECT asks for a tunnel", "send the requests themselves to this address: it is "+
			"no forward proxy")
		return false
	}
	if x.proxy.config.Reply != nil {
		x.client.reads.anew()
		return x.answerHere(&m, framing)
	}
	if err := x.reach(); err != nil {
		x.refuse("502 Bad Gateway", "the upstream cannot be reached: "+err.Error(), "look at --upstream, and whether it runs")
		return false
	}
	x.client.reads.anew()
	x.server.reads.anew()
	return x.talk(&m, framing)
}

// talk sends the request on and moves the answer back, both at once: a server may
// answer before it has read all.
func (x *passing) talk(m *apiclient.Message, framing wire.Framing) (goesOn bool) {
	sent := make(chan error, 1)
	body := &recorder{limit: x.proxy.config.MaxBody}
	var trailer []apiclient.Field
	send := func() {
		to := &onward{from: x.client.in, to: x.server.out}
		_, _ = to.Write(x.proxy.mapped(m))
		var err error
		if trailer, err = framing.Relay(to, x.client.in, body); err == nil {
			err = to.flush()
		}
		if fromClient(err) {
			_ = x.server.Close() // the rest will not come: nobody is to wait for an answer
		}
		sent <- err
	}
	x.e.BytesSent, x.e.Outcome = true, apiclient.Lost
	if framing.Kind == wire.NoBody || framing.Kind == wire.ByLength && framing.Length <= int64(x.client.in.Buffered()) {
		send()
	} else {
		go send()
	}
	answered := x.answer(m.Method())
	var err error
	waited := false
	select {
	case err = <-sent:
	default:
		// The answer is complete and the request is not. What comes of it is not waited
		// for long: the upstream has decided without it.
		x.client.reads.within(lateBody)
		err, waited = <-sent, true
	}
	x.e.Request.Body, x.e.Request.Partial = body.bytes, body.cut() || err != nil
	x.e.Request.Trailer = trailer
	switch {
	case fromClient(err):
		x.e.Err = "the request did not arrive whole: " + err.Error() // what followed is its consequence
	case err != nil && x.e.Response == nil:
		x.fail(err)
	}
	return answered && err == nil && !waited && keepsAlive(m) && keepsAlive(x.e.Response)
}

// fromClient reports whether a request was not sent on because its sender failed.
func fromClient(err error) bool {
	var read *wire.Error
	return errors.As(err, &read)
}

// lateBody is how long the rest of a request may come after its answer.
const lateBody = 2 * time.Second

// answer moves the answer, interim ones too, and reports whether the upstream can
// be asked again.
func (x *passing) answer(method string) bool {
	<-x.server.first // what came instead of it, ReadHead says
	x.server.first = nil
	x.e.Timing.FirstByte = x.proxy.config.Now().Sub(x.began)
	for {
		m, err := wire.ReadHead(x.server.in)
		if err != nil {
			x.fail(err)
			x.say("502 Bad Gateway", "the upstream did not answer: "+err.Error(), "")
			return false
		}
		framing, err := wire.FramingOf(&m, method)
		if err != nil {
			x.fail(err)
			x.say("502 Bad Gateway", "the upstream's answer cannot be read: "+err.Error(), "")
			return false
		}
		to := &onward{from: x.server.in, to: x.client.out}
		_, _ = to.Write(m.HeadBytes())
		if code := m.Status(); code >= 100 && code < 200 && code != 101 {
			if to.flush() != nil {
				return false
			}
			continue
		}
		body := &recorder{limit: x.proxy.config.MaxBody}
		m.Trailer, err = framing.Relay(to, x.server.in, body)
		left := to.flush()
		m.Body, m.Partial = body.bytes, body.cut() || err != nil
		x.e.Response, x.e.Outcome = &m, apiclient.Answered
		if err != nil {
			x.fail(err)
		} else if left != nil {
			x.fail(errors.New("the client left before it had the whole answer"))
		}
		return err == nil && left == nil && framing.Kind != wire.ByClose && m.Status() != 101
	}
}

// fail notes why an exchange did not end as it should.
func (x *passing) fail(err error) {
	if x.e.Err == "" {
		x.e.Err = err.Error()
	}
}

// refuse answers a request that goes nowhere.
func (x *passing) refuse(status, says, fix string) {
	x.e.Err, x.e.Hint, x.e.Outcome = says, fix, apiclient.Failed
	x.say(status, says, fix)
}

// say answers in place of the upstream.
func (x *passing) say(status, says, fix string) {
	text := "countersign capture: " + says + "\n"
	if fix != "" {
		text += "hint: " + fix + "\n"
	}
	_ = x.client.SetWriteDeadline(time.Now().Add(time.Second))
	_, _ = fmt.Fprintf(x.client.out, "HTTP/1.1 %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\n"+
		"Connection: close\r\n\r\n%s", status, len(text), text)
	_ = x.client.out.Flush()
}

// keepsAlive reports whether the connection stays open behind a message.
func keepsAlive(m *apiclient.Message) bool {
	if m == nil {
		return false
	}
	for _, list := range m.Values("Connection") {
		for token := range strings.SplitSeq(list, ",") {
			switch strings.ToLower(strings.TrimSpace(token)) {
			case "close":
				return false
			case "keep-alive":
				return true
			}
		}
	}
	return !strings.Contains(m.Line, "HTTP/1.0")
}

// reach makes sure that there is a connection to the upstream. One that was idle
// is used again only where it is still open: a request is never sent twice.
func (x *passing) reach() error {
	if x.server != nil {
		select {
		case <-x.server.first:
			_ = x.server.Close()
		default:
			return nil
		}
	}
	limits := x.proxy.config.Limits
	ctx, cancel := context.WithTimeout(context.Background(), limits.Dial)
	defer cancel()
	conn, err := x.proxy.dial(ctx)
	if err != nil {
		return err
	}
	x.e.Timing.Connect = x.proxy.config.Now().Sub(x.began)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.server = newSide(conn, limits)
	x.server.await()
	return nil
}
