package sandbox

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"countersign/apiclient"
)

// net/http sorts header fields, respells their names and turns away targets
// that are no URL before any handler sees them. The signature covers the
// target as it was sent, so each connection is read through a rawConn. It alone
// parses the stream: it notes every head as it was on the wire, decides where
// each body ends, and hands net/http a head with a target that it accepts and
// one plain length, and the chunks written again. What can be read in two ways
// is refused, so no request hides behind another.

// head is the first part of a request as it was on the wire.
type head struct {
	line   string
	target string
	fields []apiclient.Field
	fault  string // why this is no request that can be answered otherwise; "" where it is one
	large  bool   // the fault is its size
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

// rawConn is a connection whose requests are parsed here. Read is never called
// by two goroutines at once, as net/http guarantees; heads are taken by the
// handler's.
type rawConn struct {
	net.Conn
	in      *bufio.Reader
	part    []byte // what has arrived of a head or of a line of chunked coding
	pending []byte // ready for net/http
	state   func(*rawConn, []byte) (int, error)
	left    int64 // bytes of the body or chunk that are still to come
	lines   int   // of the head, or of the trailer

	mu    sync.Mutex
	heads []head
}

const (
	maxFields    = 200     // header lines; a trailer may have as many
	maxChunkLine = 4 << 10 // bytes of a chunk's size with its extensions, or of a line of the trailer
)

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
	if err == nil {
		c.lines++
	}
	return err == nil, err
}

// readHead collects a head; it is handed on only when it is whole.
func (c *rawConn) readHead(_ []byte) (int, error) {
	for {
		whole, err := c.line()
		if len(c.part) > maxHead || c.lines > maxFields+2 {
			h := parseHead(c.part)
			h.fields = h.fields[:min(len(h.fields), maxFields)]
			h.large = true
			h.fault = fmt.Sprintf("The head of the request is larger than %d kB or has more than %d lines.", maxHead>>10,
				maxFields)
			c.refuse(h)
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
	length, chunked, fault := framing(h)
	if fault != "" {
		h.fault = fault
		c.refuse(h)
		return 0, nil
	}
	c.note(h)
	c.left, c.lines = length, 0
	state, plain := (*rawConn).readBody, fmt.Sprintf("Content-Length: %d\r\n", length)
	switch {
	case chunked:
		state, plain = (*rawConn).readChunkSize, "Transfer-Encoding: chunked\r\n"
	case length == 0:
		state = (*rawConn).readHead
	}
	c.pass(plainHead(h, plain), state)
	return 0, nil
}

func (c *rawConn) note(h head) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heads = append(c.heads, h)
}

// pass hands text to net/http and goes on in another state.
func (c *rawConn) pass(text []byte, state func(*rawConn, []byte) (int, error)) {
	c.pending = append(c.pending[:0], text...)
	c.part = c.part[:0]
	c.state = state
}

// refuse hands on a stand-in for what cannot be answered otherwise, which the
// handler refuses in its turn, and reads no more.
func (c *rawConn) refuse(h head) {
	c.note(h)
	c.pass([]byte("POST "+standIn+" HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"), (*rawConn).end)
}

// end is the state behind the last request.
func (c *rawConn) end(_ []byte) (int, error) { return 0, io.EOF }

// framing says how the body after h ends, or why that cannot be told.
func framing(h head) (length int64, chunked bool, fault string) {
	var lengths, codings []string
	for _, f := range h.fields {
		switch name := f.Name; {
		case name != strings.TrimSpace(name):
			return 0, false, fmt.Sprintf("The header name %q has a space in it.", f.Name)
		case strings.EqualFold(name, "Transfer-Encoding"):
			codings = append(codings, f.Value)
		case strings.EqualFold(name, "Content-Length"):
			lengths = append(lengths, f.Value)
		}
	}
	switch {
	case len(lengths) > 0 && len(codings) > 0:
		return 0, false, "The request has both Content-Length and Transfer-Encoding: its end can be read in two ways."
	case len(codings) > 0 && (len(codings) > 1 || !strings.EqualFold(codings[0], "chunked")):
		return 0, false, fmt.Sprintf("Transfer-Encoding is %q; only chunked is understood.",
			clip(strings.Join(codings, ", "), 40))
	case len(codings) > 0:
		return 0, true, ""
	case len(lengths) == 0:
		return 0, false, ""
	}
	for _, value := range lengths {
		if value != lengths[0] {
			return 0, false, "The request has two different Content-Length headers: its end can be read in two ways."
		}
	}
	if strings.Trim(lengths[0], "0123456789") == "" {
		if n, err := strconv.ParseInt(lengths[0], 10, 63); err == nil {
			return n, false, ""
		}
	}
	return 0, false, fmt.Sprintf("Content-Length is %q, which is not a number of bytes.", clip(lengths[0], 40))
}

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

var errChunks = errors.New("the chunked coding of the body is malformed")

// codingLine collects a line of the chunked coding without its line end.
func (c *rawConn) codingLine() (line string, whole bool, err error) {
	whole, err = c.line()
	if len(c.part) > maxChunkLine || c.lines > maxFields && c.left < 0 {
		return "", false, errChunks
	}
	line, crlf := strings.CutSuffix(string(c.part), "\r\n")
	if whole && !crlf {
		return "", false, errChunks
	}
	return line, whole, err
}

func (c *rawConn) readChunkSize(_ []byte) (int, error) {
	line, whole, err := c.codingLine()
	if !whole {
		return 0, err
	}
	c.lines = 0
	size, _, _ := strings.Cut(line, ";")
	size = strings.TrimRight(size, " \t")
	n, err := strconv.ParseUint(size, 16, 62)
	switch {
	case err != nil:
		return 0, errChunks
	case n == 0:
		c.left = -1
		c.pass(nil, (*rawConn).readTrailer)
	default:
		c.left = int64(n) //nolint:gosec // 62 bits
		c.pass(fmt.Appendf(nil, "%x\r\n", n), (*rawConn).readChunk)
	}
	return 0, nil
}

func (c *rawConn) readChunk(p []byte) (int, error) {
	n, err := c.readLeft(p)
	if c.left == 0 {
		c.state = (*rawConn).readChunkEnd
	}
	return n, err
}

func (c *rawConn) readChunkEnd(_ []byte) (int, error) {
	line, whole, err := c.codingLine()
	switch {
	case !whole:
		return 0, err
	case line != "":
		return 0, errChunks
	}
	c.pass([]byte("\r\n"), (*rawConn).readChunkSize)
	return 0, nil
}

// readTrailer drops the trailer: nothing in it is part of a signed request.
func (c *rawConn) readTrailer(_ []byte) (int, error) {
	line, whole, err := c.codingLine()
	if !whole {
		return 0, err
	}
	c.part = c.part[:0]
	if line == "" {
		c.left, c.lines = 0, 0
		c.pass([]byte("0\r\n\r\n"), (*rawConn).readHead)
	}
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

// standIn is the target that net/http is given where it would not accept the
// real one.
const standIn = "/unreadable-target"

func isFraming(name string) bool {
	return slices.ContainsFunc([]string{"Content-Length", "Transfer-Encoding", "Trailer"},
		func(s string) bool { return strings.EqualFold(s, name) })
}

// plainHead writes the head for net/http: the line with a target that it
// accepts, all fields but those of the framing, and that as it was understood.
func plainHead(h head, framing string) []byte {
	line := h.line
	if _, err := url.ParseRequestURI(h.target); err != nil || strings.Contains(h.target, " ") {
		if _, _, ok := http.ParseHTTPVersion(line[strings.LastIndex(line, " ")+1:]); ok {
			line = strings.Replace(line, " "+h.target+" ", " "+standIn+" ", 1)
		}
	}
	size := len(line) + len(framing) + len("\r\n\r\n")
	for _, f := range h.fields {
		size += len(f.Name) + len(f.Value) + len(": \r\n")
	}
	b := append(append(make([]byte, 0, size), line...), "\r\n"...)
	for _, f := range h.fields {
		if !isFraming(f.Name) {
			b = append(append(append(append(b, f.Name...), ": "...), f.Value...), "\r\n"...)
		}
	}
	return append(append(b, framing...), "\r\n"...)
}
