package capture

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
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
	for asked := false; ; {
		r.client.reads.within(r.proxy.config.Limits.KeepAlive)
		b, err := r.client.in.Peek(1)
		if !asked && r.unspoken(b, err) || err != nil || !r.begin() {
			return
		}
		asked = true
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
	defer x.tunnel() // it may last, and the run is told before
	x.e.Timing.Total = c.Now().Sub(x.began)
	if c.Observe != nil && x.e.Request.Line != "" {
		c.Observe(x.e)
	}
	return goesOn
}

// passing is an exchange that is under way.
type passing struct {
	*relay
	e        apiclient.Exchange
	began    time.Time
	switched bool // to another protocol, by a 101
}

func (x *passing) pass() (goesOn bool) {
	x.client.reads.within(x.proxy.config.Limits.Head)
	m, err := wire.ReadHead(x.client.in)
	if m.Line == http2Preface {
		x.turnAway(errHTTP2, "505 HTTP Version Not Supported")
		return false
	}
	x.e.Request = m
	var framing wire.Framing
	if err == nil {
		framing, err = wire.FramingOf(&m, "")
	}
	if err != nil {
		x.refuse("400 Bad Request", "the request cannot be read: "+sayOf(err), "")
		return false
	}
	x.e.URL = x.proxy.urlOf(m.Target())
	if m.Method() == "CONNECT" {
		x.refuse("501 Not Implemented", "CONNECT asks for a tunnel", "send the requests themselves to this address: it is "+
			"no forward proxy")
		return false
	}
	if x.proxy.config.Reply != nil {
		x.client.reads.unbound()
		return x.answerHere(&m, framing)
	}
	from := x.client.in
	if x.proxy.config.Resign != nil {
		x.client.reads.unbound()
		if from = x.gather(framing); from == nil {
			return false
		}
		m.Header, m.Head = x.proxy.config.Resign(&x.e), nil
		x.e.Request.Header, x.e.Request.Head = m.Header, nil
	}
	if err := x.reach(); err != nil {
		x.refuse("502 Bad Gateway", "the upstream cannot be reached: "+err.Error(), "start the server there, or correct its address")
		return false
	}
	x.client.reads.unbound()
	x.server.reads.unbound()
	return x.talk(&m, framing, from)
}

// gather reads a request to its end, as its body is coded on the wire, so that it
// can be signed before it goes on; nil: that is not possible.
func (x *passing) gather(framing wire.Framing) *bufio.Reader {
	x.mayContinue()
	limit := x.proxy.config.MaxBody
	body := &recorder{limit: limit}
	raw := &bounded{room: limit + chunkRoom}
	_, err := framing.Relay(raw, x.client.in, body)
	x.e.Request.Body, x.e.Request.Partial = body.bytes, body.cut() || err != nil
	switch {
	case errors.Is(err, errTooLong) || err == nil && body.cut():
		x.refuse("413 Content Too Large", "the body is too long to be signed here", "sign it in your client")
		return nil
	case err != nil:
		x.fail(errors.New(notWhole(err)))
		return nil
	}
	return bufio.NewReader(&raw.Buffer)
}

// mayContinue answers a client that asks before it sends.
func (x *passing) mayContinue() {
	if x.e.Request.Has("Expect") {
		_, _ = io.WriteString(x.client.out, "HTTP/1.1 100 Continue\r\n\r\n")
		_ = x.client.out.Flush()
	}
}

// talk sends the request on and moves the answer back, both at once: a server may
// answer before it has read all. The body comes from the client, or from where it
// waits whole.
func (x *passing) talk(m *apiclient.Message, framing wire.Framing, from *bufio.Reader) (goesOn bool) {
	sent := make(chan error, 1)
	asked := &x.e
	isHere := framing.Kind == wire.NoBody || framing.Kind == wire.ByLength && framing.Length <= int64(from.Buffered())
	if !isHere { // the answer may be there before the request's end
		before := x.e
		asked = &before
	}
	body := x.record(apiclient.RequestSide, asked)
	var trailer []apiclient.Field
	send := func() {
		to := moveOn(x.client.reads, x.server.out)
		_, _ = to.Write(x.proxy.mapped(m))
		var err error
		trailer, err = framing.Relay(to, from, body)
		if left := to.end(); err == nil {
			err = left
		}
		if fromClient(err) {
			_ = x.server.Close() // the rest will not come: nobody is to wait for an answer
		}
		sent <- err
	}
	x.e.BytesSent, x.e.Outcome = true, apiclient.Lost
	if isHere {
		send()
	} else {
		go send()
	}
	answered := x.answer(m.Method())
	var err error
	select {
	case err = <-sent:
	default:
		// The answer is complete and the request is not, or not yet told to be. What comes
		// of it is not waited for long: the upstream has decided without it.
		x.client.reads.within(lateBody)
		err = <-sent
	}
	x.e.Request.Body, x.e.Request.Partial = body.bytes, body.cut() || err != nil
	x.e.Request.Trailer = trailer
	switch {
	case err == nil:
		body.done(&x.e)
	case fromClient(err):
		x.e.Err = notWhole(err) // what followed is its consequence
	case x.e.Response == nil:
		x.fail(err)
	}
	return answered && err == nil && keepsAlive(m) && keepsAlive(x.e.Response)
}

// notWhole says why a request did not arrive whole.
func notWhole(err error) string { return "the request did not arrive whole: " + sayOf(err) }

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
	to := moveOn(x.server.reads, x.client.out)
	defer func() { _ = to.end() }()
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
		_, _ = to.Write(m.HeadBytes())
		if code := m.Status(); code >= 100 && code < 200 && code != 101 {
			if to.flush() != nil {
				return false
			}
			continue
		}
		x.e.Response = &m
		body := x.record(apiclient.ResponseSide, &x.e)
		m.Trailer, err = framing.Relay(to, x.server.in, body)
		left := to.flush()
		m.Body, m.Partial = body.bytes, body.cut() || err != nil
		x.e.Outcome = apiclient.Answered
		if err == nil {
			body.done(&x.e)
		}
		if err != nil {
			x.fail(err)
		} else if left != nil {
			x.fail(errors.New("the client left before it had the whole answer"))
		}
		x.switched = err == nil && left == nil && m.Status() == 101
		return err == nil && left == nil && framing.Kind != wire.ByClose && !x.switched
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
	text := fmt.Sprintf("countersign %s: %s\n", x.proxy.config.Origin, says)
	if fix != "" {
		text += "hint: " + fix + "\n"
	}
	defer x.client.linger()
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
