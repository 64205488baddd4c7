package apiclient

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"countersign/apiclient/wire"
)

// phase is where an exchange stands, for the words of a timeout.
type phase string

const (
	stageConnect  phase = "connecting to"
	stageToProxy  phase = "connecting to the proxy"
	stageProxy    phase = "talking to the proxy"
	stageProxyTLS phase = "negotiating TLS with the proxy"
	stageTLS      phase = "negotiating TLS with"
	stageSend     phase = "sending the request to"
	stageWait     phase = "waiting for the answer of"
	stageReceive  phase = "receiving the answer of"
)

// progressNames are the phases as Progress names them.
var progressNames = map[phase]string{
	stageConnect: "connecting", stageToProxy: "connecting", stageProxy: "connecting", stageProxyTLS: "connecting",
	stageTLS:  "connecting",
	stageSend: "sending", stageWait: "waiting", stageReceive: "receiving",
}

// stage is the current phase; the writer and the reader both advance it.
type stage struct {
	mu      sync.Mutex
	id      string
	observe func(Progress)
	phase   phase
	with    string // the host or proxy in question
	bytes   int64
}

func (s *stage) set(p phase, with string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.phase, s.with = p, with
	s.report()
}

// advance goes from one phase to the next unless it has been left already.
func (s *stage) advance(from, to phase) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.phase == from {
		s.phase = to
		s.report()
	}
}

func (s *stage) received(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.phase = stageReceive
	s.bytes += int64(n)
	s.report()
}

func (s *stage) report() {
	if s.observe != nil {
		s.observe(Progress{ID: s.id, Phase: progressNames[s.phase], Bytes: s.bytes})
	}
}

func (s *stage) now() (phase, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.phase, s.with
}

// transmit sends the request on a connection of its own, which d is opening,
// and reads the answer into e. It gives the buffer of a large body (see
// wire.Response), else nil. A fresh connection leaves no doubt whether a request was sent twice,
// and makes the timing honest.
func (c *Client) transmit(parent context.Context, e *Exchange, d *dialing) (buffer []byte) {
	ctx, cancel := context.WithTimeout(parent, c.timeout())
	defer cancel()
	s := &stage{id: e.ID, observe: c.options.Observe}
	conn, err := c.connect(ctx, e, d, s)
	if err == nil {
		buffer, err = c.converse(ctx, e, conn, s)
	}
	if e.Response != nil {
		e.Outcome = Answered
	}
	if err != nil {
		e.fail(c.explain(parent, ctx, err, s, e))
	}
	return buffer
}

func (c *Client) maxResponse() int64 { return cmp.Or(c.profile.MaxResponse, DefaultMaxResponse) }

func (c *Client) timeout() time.Duration { return cmp.Or(c.profile.Timeout, DefaultTimeout) }

// written is how the writing of a request ended.
type written struct {
	err error
	at  time.Time
}

// converse writes and reads at the same time: a server may answer, and close,
// before it has read a large body.
func (c *Client) converse(ctx context.Context, e *Exchange, conn *line, s *stage) (buffer []byte, err error) {
	stop := context.AfterFunc(ctx, func() { _ = conn.raw.Close() })
	defer stop()
	s.set(stageSend, c.peer())
	begun := c.options.Now()
	e.BytesSent = true
	done := make(chan written, 1)
	write := func() {
		n, err := c.writeRequest(conn, e)
		if err == nil {
			s.advance(stageSend, stageWait)
		}
		if _, secure := conn.Conn.(*tls.Conn); err != nil && n == 0 && !secure {
			err = &nothingSent{err}
		}
		done <- written{err, c.options.Now()}
	}
	if len(e.Request.Body) <= fitsAtOnce {
		write()
	} else {
		go write()
	}
	answer, firstByte, err := c.receive(conn, e.Request.Method(), s)
	var w written
	select {
	case w = <-done:
		conn.close(w.err == nil && err == nil)
	default:
		_ = conn.raw.Close()
		w = <-done
		w.at = firstByte
	}
	var nothing *nothingSent
	e.BytesSent = !errors.As(w.err, &nothing)
	e.Timing.Write, e.Timing.FirstByte = split(begun, w.at, firstByte)
	if answer.Line != "" || len(answer.Body) > 0 {
		e.Response = &answer.Message
		e.Findings = append(e.Findings, transportFindings(answer, w.err)...)
		if answer.Status() == 407 && err == nil {
			err = c.refusedByProxy(answer.Line)
		}
		return answer.Buffer, err
	}
	if w.err != nil && !errors.Is(w.err, net.ErrClosed) && ctx.Err() == nil {
		return nil, w.err // it came first: what the reader met is its consequence
	}
	return nil, err
}

// nothingSent is a write error before the first byte.
type nothingSent struct{ error }

func (e *nothingSent) Unwrap() error { return e.error }

// split divides the time from begun to the first byte of the answer.
func split(begun, sent, first time.Time) (write, wait time.Duration) {
	if first.IsZero() {
		return sent.Sub(begun), 0
	}
	if sent.After(first) {
		sent = first
	}
	return sent.Sub(begun), first.Sub(sent)
}

// fitsAtOnce is the size of a body that the socket's buffer takes whole, so that
// writing it cannot block.
const fitsAtOnce = 4 << 10

// oneWrite is the size up to which head and body are copied together, so that
// they leave in one packet.
const oneWrite = 64 << 10

// writeRequest writes the request as it is recorded, and the proxy's login,
// which is not.
func (c *Client) writeRequest(conn *line, e *Exchange) (int64, error) {
	head := e.Request.HeadBytes()
	if login := c.proxyLogin(); login != nil && c.absoluteForm() {
		withLogin := Message{Line: e.Request.Line, Header: append(slices.Clone(e.Request.Header), login...)}
		head = withLogin.HeadBytes()
	}
	parts := net.Buffers{head, e.Request.Body}
	if len(e.Request.Body) <= oneWrite {
		parts = net.Buffers{append(slices.Clip(head), e.Request.Body...)}
	}
	return parts.WriteTo(conn.Conn)
}

// receive reads the answer.
func (c *Client) receive(conn net.Conn, method string, s *stage) (wire.Response, time.Time, error) {
	br := bufio.NewReaderSize(&meter{conn, s}, 8<<10)
	if _, err := br.Peek(1); err != nil {
		return wire.Response{}, time.Time{}, &wire.Error{Kind: wire.NoAnswer, Err: err}
	}
	first := c.options.Now()
	answer, err := wire.ReadResponse(br, method, c.maxResponse())
	return answer, first, err
}

// meter reports what arrives.
type meter struct {
	net.Conn
	stage *stage
}

func (m *meter) Read(b []byte) (int, error) {
	n, err := m.Conn.Read(b)
	if n > 0 {
		m.stage.received(n)
	}
	return n, err
}

// close says goodbye to TLS where there is somebody to hear it, and closes.
func (l *line) close(polite bool) {
	if polite {
		_ = l.Conn.Close()
	}
	_ = l.raw.Close()
}

// transportFindings are what only the transport can know about an answer.
func transportFindings(answer wire.Response, writeErr error) []Finding {
	var findings []Finding
	note := func(s Severity, cause, hint, format string, args ...any) {
		findings = append(findings,
			Finding{Side: ResponseSide, Cause: cause, Severity: s, Says: fmt.Sprintf(format, args...), Hint: hint})
	}
	for _, interim := range answer.Interim {
		note(Note, "interim_response", "", "An interim response came first and was passed over: %s", interim)
	}
	if writeErr != nil {
		note(Warn, "answered_early", "The server may not have read the whole body: see what its answer says.",
			"The server answered before the whole request was sent.")
	}
	if answer.Extra > 0 {
		note(Warn, "bytes_after_body", "Content-Length counts bytes, not characters: the server announces too few.",
			"At least %d more bytes follow the announced end of the body; they are not part of it.", answer.Extra)
	}
	return findings
}

// transportCauses are the causes that Verify cannot find again.
var transportCauses = map[string]bool{"interim_response": true, "answered_early": true, "bytes_after_body": true,
	notRecorded: true, RecordedInPart: true, PathMapped: true, Resigned: true,
	AcceptedUnverified: true, AcceptedWrong: true}

// Causes of findings of who passed an exchange on.
const (
	RecordedInPart = "recorded_in_part"       // a body was too long to be kept whole
	PathMapped     = "path_mapped_by_capture" // the request would verify, had its path not been mapped on the way
	Resigned       = "resigned_by_capture"    // the request is what was signed on the way
	// a notification that does not verify was answered with S
	AcceptedUnverified = "unverified_accepted"
	// one that verifies, and is late or for another client, was answered with S
	AcceptedWrong = "wrong_accepted"
)
