package sandbox

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"countersign/apiclient"
)

// net/http sorts header fields, respells their names and turns away targets
// that are no URL before any handler sees them. The signature covers the
// target as it was sent, so each connection is read through a rawConn: it
// notes every head as it was on the wire, and gives net/http a stand-in
// target where net/http would give up on the real one.

// head is the first part of a request as it was on the wire.
type head struct {
	line   string
	target string
	fields []apiclient.Field
}

type rawHeadKey struct{}

// rawHead returns the head of r as received, if its connection noted it.
func rawHead(r *http.Request) (head, bool) {
	conn, ok := r.Context().Value(rawHeadKey{}).(*rawConn)
	if !ok {
		return head{}, false
	}
	return conn.next()
}

func withRawHeads(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, rawHeadKey{}, c)
}

type rawListener struct{ net.Listener }

func (l rawListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &rawConn{Conn: c, in: bufio.NewReader(c)}, nil
}

// rawConn follows the framing of HTTP/1.1 just far enough to know where each
// head begins. Read is never called by two goroutines at once, as net/http
// guarantees; heads are taken by the handler's.
type rawConn struct {
	net.Conn
	in      *bufio.Reader
	part    []byte // what has arrived of a head or of a line of chunked coding
	pending []byte // ready for net/http
	state   func(*rawConn, []byte) (int, error)
	left    int64 // bytes of the body or chunk that are still to come

	mu    sync.Mutex
	heads []head
}

func (c *rawConn) next() (head, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.heads) == 0 {
		return head{}, false
	}
	h := c.heads[0]
	c.heads = c.heads[1:]
	return h, true
}

func (c *rawConn) Read(p []byte) (int, error) {
	for {
		if len(c.pending) > 0 {
			n := copy(p, c.pending)
			c.pending = c.pending[n:]
			return n, nil
		}
		if c.state == nil {
			c.state = (*rawConn).readHead
		}
		n, err := c.state(c, p)
		if n > 0 || err != nil || len(p) == 0 {
			return n, err
		}
	}
}

// line adds to part up to the next LF. A read that is interrupted, as net/http
// does to its own, loses nothing.
func (c *rawConn) line() (whole bool, err error) {
	b, err := c.in.ReadSlice('\n')
	c.part = append(c.part, b...)
	if errors.Is(err, bufio.ErrBufferFull) {
		return false, nil
	}
	return err == nil, err
}

// readHead collects a head; it is handed on only when it is whole.
func (c *rawConn) readHead(_ []byte) (int, error) {
	for {
		whole, err := c.line()
		if len(c.part) > maxHead {
			// net/http has a limit too, and the words for it.
			c.passOn((*rawConn).readRest)
			return 0, nil
		}
		if err != nil {
			return 0, err
		}
		if !whole {
			continue
		}
		if len(bytes.TrimLeft(c.part, "\r\n")) == 0 {
			c.part = c.part[:0] // empty lines before a request are skipped (RFC 9112, section 2.2)
			continue
		}
		if bytes.HasSuffix(c.part, []byte("\n\r\n")) || bytes.HasSuffix(c.part, []byte("\n\n")) {
			break
		}
	}
	h := parseHead(c.part)
	c.part = withSafeTarget(c.part, h)
	c.passOn(c.framing(h))
	c.mu.Lock()
	c.heads = append(c.heads, h)
	c.mu.Unlock()
	return 0, nil
}

// passOn releases what was collected and goes on in another state.
func (c *rawConn) passOn(state func(*rawConn, []byte) (int, error)) {
	c.pending = append(c.pending[:0], c.part...)
	c.part = c.part[:0]
	c.state = state
}

// framing says how the body after h ends. What is contradictory is left to
// net/http, which refuses it.
func (c *rawConn) framing(h head) func(*rawConn, []byte) (int, error) {
	c.left = 0
	for _, f := range h.fields {
		switch strings.ToLower(f.Name) {
		case "transfer-encoding":
			if strings.EqualFold(f.Value, "chunked") {
				return (*rawConn).readChunkSize
			}
			return (*rawConn).readRest
		case "content-length":
			n, err := strconv.ParseInt(f.Value, 10, 63)
			if err != nil || n < 0 {
				return (*rawConn).readRest
			}
			c.left = n
		}
	}
	if c.left == 0 {
		return (*rawConn).readHead
	}
	return (*rawConn).readBody
}

// readRest passes everything through: from here on heads are not known.
func (c *rawConn) readRest(p []byte) (int, error) { return c.in.Read(p) }

func (c *rawConn) readBody(p []byte) (int, error) {
	n, err := c.readLeft(p)
	if c.left == 0 {
		c.state = (*rawConn).readHead
	}
	return n, err
}

func (c *rawConn) readLeft(p []byte) (int, error) {
	n, err := c.in.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, err
}

// codingLine collects a line of the chunked coding; one that is longer than a
// head may be is passed through, and what follows it.
func (c *rawConn) codingLine() (whole bool, err error) {
	whole, err = c.line()
	if err == nil && !whole && len(c.part) > maxHead {
		c.passOn((*rawConn).readRest)
	}
	return whole, err
}

func (c *rawConn) readChunkSize(_ []byte) (int, error) {
	if whole, err := c.codingLine(); !whole {
		return 0, err
	}
	size, _, _ := strings.Cut(strings.TrimSpace(string(c.part)), ";")
	n, err := strconv.ParseInt(strings.TrimSpace(size), 16, 62)
	switch {
	case err != nil || n < 0:
		c.passOn((*rawConn).readRest)
	case n == 0:
		c.passOn((*rawConn).readTrailer)
	default:
		c.left = n + int64(len("\r\n"))
		c.passOn((*rawConn).readChunk)
	}
	return 0, nil
}

func (c *rawConn) readChunk(p []byte) (int, error) {
	n, err := c.readLeft(p)
	if c.left == 0 {
		c.state = (*rawConn).readChunkSize
	}
	return n, err
}

func (c *rawConn) readTrailer(_ []byte) (int, error) {
	if whole, err := c.codingLine(); !whole {
		return 0, err
	}
	state := (*rawConn).readTrailer
	if len(bytes.TrimRight(c.part, "\r\n")) == 0 {
		state = (*rawConn).readHead
	}
	c.passOn(state)
	return 0, nil
}

// parseHead splits a head into its line and fields; folded lines are joined
// with a space.
func parseHead(raw []byte) head {
	lines := strings.Split(strings.TrimRight(string(raw), "\r\n"), "\n")
	h := head{line: strings.TrimRight(lines[0], "\r")}
	h.target = targetOf(h.line)
	for _, line := range lines[1:] {
		line = strings.TrimRight(line, "\r")
		if folded := strings.TrimLeft(line, " \t"); folded != line && len(h.fields) > 0 {
			last := &h.fields[len(h.fields)-1]
			last.Value = strings.TrimSpace(last.Value + " " + folded)
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		h.fields = append(h.fields, apiclient.Field{Name: name, Value: strings.TrimSpace(value)})
	}
	return h
}

// targetOf is what stands between the method and the HTTP version: a target
// with a space in it is wrong, but it is what was sent and perhaps signed.
func targetOf(line string) string {
	_, rest, _ := strings.Cut(line, " ")
	if i := strings.LastIndex(rest, " "); i >= 0 {
		return rest[:i]
	}
	return rest
}

// withSafeTarget replaces a target that net/http would not let through.
func withSafeTarget(raw []byte, h head) []byte {
	if _, err := url.ParseRequestURI(h.target); err == nil && !strings.Contains(h.target, " ") {
		return raw
	}
	if _, _, ok := http.ParseHTTPVersion(h.line[strings.LastIndex(h.line, " ")+1:]); !ok {
		return raw
	}
	return append([]byte(strings.Replace(h.line, " "+h.target+" ", " /unreadable-target ", 1)), raw[len(h.line):]...)
}
