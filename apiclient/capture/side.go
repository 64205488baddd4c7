package capture

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"time"

	"countersign/apiclient"
)

// side is one end of a relay.
type side struct {
	net.Conn
	in    *bufio.Reader // of the connection, with its patience
	out   *bufio.Writer
	reads *patient
	first chan struct{} // closed, of the upstream: the first byte of an answer is there, or will not come
}

const bufferSize = 16 << 10 // bytes

func newSide(conn net.Conn, l Limits) *side {
	p := &patient{Conn: conn, idle: l.Idle}
	return &side{Conn: conn, reads: p, in: bufio.NewReaderSize(p, bufferSize), out: bufio.NewWriterSize(p, bufferSize)}
}

// patient is a connection that must give or take something within a time.
type patient struct {
	net.Conn
	idle time.Duration
	last atomic.Int64 // Unix nanoseconds after which no read waits; 0: none
	onto *onward      // where what is read goes; nil: nowhere yet
}

func (p *patient) Read(b []byte) (int, error) {
	if p.onto != nil {
		_ = p.onto.flush() // its error stays
	}
	until := time.Now().Add(p.idle)
	if last := p.last.Load(); last > 0 && last < until.UnixNano() {
		until = time.Unix(0, last)
	}
	if err := p.SetReadDeadline(until); err != nil {
		return 0, err
	}
	return p.Conn.Read(b)
}

func (p *patient) Write(b []byte) (int, error) {
	if err := p.SetWriteDeadline(time.Now().Add(p.idle)); err != nil {
		return 0, err
	}
	return p.Conn.Write(b)
}

// within bounds all reads from now on, the one that waits too.
func (p *patient) within(d time.Duration) {
	until := time.Now().Add(d)
	p.last.Store(until.UnixNano())
	_ = p.SetReadDeadline(until)
}

// unbound takes that bound away.
func (p *patient) unbound() {
	p.last.Store(0)
	_ = p.SetReadDeadline(time.Now().Add(p.idle))
}

// await waits for the first byte of the next answer. What comes before the next
// request is asked, or the end, shows that the connection cannot be used again.
func (s *side) await() {
	s.first = make(chan struct{})
	go func(in *bufio.Reader, first chan struct{}) {
		_, _ = in.Peek(1) // who reads next learns of its error
		close(first)
	}(s.in, s.first)
}

// Bounds of what is still read of a client that is refused.
const (
	lingerTime  = 500 * time.Millisecond
	lingerBytes = 4 << 20
)

// linger ends what is written and reads on for a moment: a connection that is closed
// with unread bytes is reset, and the client may lose the answer that says why.
func (s *side) linger() {
	if half, ok := s.Conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		s.reads.within(lingerTime)
		_, _ = io.CopyN(io.Discard, s.in, lingerBytes)
	}
}

// onward writes what was read from one end to the other. It is flushed before more
// is waited for, so that bytes are never held back. Where the other end fails, all is
// read all the same, to be seen.
type onward struct {
	from *patient
	to   *bufio.Writer
	err  error
}

func moveOn(from *patient, to *bufio.Writer) *onward {
	o := &onward{from: from, to: to}
	from.onto = o
	return o
}

func (o *onward) Write(p []byte) (int, error) {
	if o.err == nil {
		_, o.err = o.to.Write(p)
	}
	return len(p), nil
}

func (o *onward) flush() error {
	if o.err == nil {
		o.err = o.to.Flush()
	}
	return o.err
}

// end flushes what is left: what is read from now on goes elsewhere.
func (o *onward) end() error {
	o.from.onto = nil
	return o.flush()
}

// recorder keeps the front of a body.
type recorder struct {
	bytes []byte
	limit int64
	size  int64

	begin func() Whole // asked once the body is too long; nil: nobody is
	whole Whole
}

func (r *recorder) Write(p []byte) (int, error) {
	room := max(0, r.limit-int64(len(r.bytes)))
	r.size += int64(len(p))
	if r.size > r.limit && r.whole == nil && r.begin != nil {
		if r.whole = r.begin(); r.whole != nil {
			_, _ = r.whole.Write(r.bytes)
		}
		r.begin = nil
	}
	if r.whole != nil {
		_, _ = r.whole.Write(p)
	}
	r.bytes = append(r.bytes, p[:min(room, int64(len(p)))]...)
	return len(p), nil
}

func (r *recorder) cut() bool { return r.size > int64(len(r.bytes)) }

// record makes the recorder of the body of a side.
func (x *passing) record(side apiclient.Side, e *apiclient.Exchange) *recorder {
	c := &x.proxy.config
	r := &recorder{limit: c.MaxBody}
	if c.Whole != nil {
		r.begin = func() Whole { return c.Whole(e, side) }
	}
	return r
}

// done ends a body that came whole.
func (r *recorder) done(e *apiclient.Exchange) {
	if r.whole != nil {
		r.whole.Done(e)
	}
}

// bounded is a buffer that takes no more than there is room for.
type bounded struct {
	bytes.Buffer
	room int64
}

// chunkRoom is for the sizes of the chunks of a body, in bytes.
const chunkRoom = 1 << 20

var errTooLong = errors.New("it is too long to be kept")

func (b *bounded) Write(p []byte) (int, error) {
	if int64(b.Len()+len(p)) > b.room {
		return 0, errTooLong
	}
	return b.Buffer.Write(p)
}
