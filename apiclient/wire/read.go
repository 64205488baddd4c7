package wire

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http/httputil"
	"strconv"
	"strings"
)

// Limits of a head. Signed APIs send a dozen lines of a few hundred bytes;
// web servers refuse heads of more than 8 to 64 KiB or 100 to 1,000 lines.
const (
	MaxHead  = 1 << 20 // bytes of all heads of one answer, interim responses and the trailer included
	MaxLines = 2000    // lines of one head or trailer, folded ones counted
)

// maxInterim is how many interim responses are skipped before an answer.
const maxInterim = 32

// Kind names what is wrong with an answer.
type Kind string

// Kinds of Error.
const (
	NoAnswer    Kind = "no-answer"     // the connection ended before the first byte
	NotHTTP     Kind = "not-http"      // the first bytes are no HTTP/1.x status line
	HeadTooLong Kind = "head-too-long" // the head is longer than MaxHead
	HeadLines   Kind = "head-lines"    // the head has more than MaxLines lines
	HeadCut     Kind = "head-cut"      // the connection ended inside the head
	BodyTooLong Kind = "body-too-long" // the body is longer than the limit
	BodyCut     Kind = "body-cut"      // the connection ended inside the body
	BadChunk    Kind = "bad-chunk"     // the chunked coding is invalid
	BadLength   Kind = "bad-length"    // Content-Length is no number, or there are several that differ
	BadFraming  Kind = "bad-framing"   // where the body ends can be read in two ways
	TrailerLong Kind = "trailer-long"  // the trailer has more than MaxLines lines, or with the heads more than MaxHead bytes
	TrailerCut  Kind = "trailer-cut"   // the connection ended inside the trailer; the body is whole
)

// Error is what is wrong with an answer. What arrived comes with it.
type Error struct {
	Kind Kind
	Got  int64 // bytes of the part in question that arrived; lines of HeadLines
	Want int64 // as many as were announced, or are allowed; 0 where unknown
	Err  error // what the connection said, if anything
}

func (e *Error) Error() string { return e.Of("the answer") }

// Of says what is wrong with what, "the answer" or "the request".
func (e *Error) Of(what string) string {
	switch e.Kind {
	case NoAnswer:
		return "the connection ended without " + strings.Replace(what, "the a", "an a", 1)
	case NotHTTP:
		return what + " is not HTTP/1.1"
	case HeadTooLong:
		return fmt.Sprintf("the header of %s is longer than %d bytes", what, e.Want)
	case HeadLines:
		return fmt.Sprintf("the header of %s has more than %d lines", what, e.Want)
	case HeadCut:
		return fmt.Sprintf("%s ended inside its header, after %d bytes", what, e.Got)
	case BodyTooLong:
		return fmt.Sprintf("the body of %s is longer than the limit of %d bytes", what, e.Want)
	case BodyCut:
		if e.Want > 0 {
			return fmt.Sprintf("the body of %s ended after %d of %d bytes", what, e.Got, e.Want)
		}
		return fmt.Sprintf("the body of %s broke off after %d bytes", what, e.Got)
	case BadChunk:
		return fmt.Sprintf("the chunked coding of the body is invalid after %d bytes", e.Got)
	case BadLength:
		return what + "'s Content-Length cannot be used"
	case BadFraming:
		return what + " can be read in two ways: Transfer-Encoding is not chunked alone, or stands beside Content-Length"
	case TrailerLong:
		return fmt.Sprintf("the trailer behind %s's body is longer than %d lines, or with the header than %d bytes",
			what, MaxLines, MaxHead)
	case TrailerCut:
		return fmt.Sprintf("%s ended inside the trailer behind its body, after %d bytes of it", what, e.Got)
	}
	return string(e.Kind)
}

func (e *Error) Unwrap() error { return e.Err }

// Response is an answer with what was noticed while it was read.
type Response struct {
	Message
	Interim []string // status lines of the 1xx responses before it
	Framing string   // what ended the body: "none", "length", "chunked", "close"
	Buffer  []byte   // of a large body: Room bytes that are free, then Body; else nil
	Extra   int      // bytes that had already arrived after the end that Content-Length announced
}

// ReadResponse reads the answer to a request with the given method. The body
// is cut at maxBody bytes. Whatever is wrong, the Response holds what arrived
// and the error is an *Error; a Response without Line and Body means that
// nothing did.
func ReadResponse(br *bufio.Reader, method string, maxBody int64) (Response, error) {
	var r Response
	room := MaxHead
	for {
		raw, err := readHead(br, room)
		r.Message = parseHead(raw)
		if err != nil {
			r.Partial = true
			return asGarbage(br, r, raw, err)
		}
		code := r.Status()
		if code == 0 {
			return asGarbage(br, r, raw, &Error{Kind: NotHTTP, Got: int64(len(raw))})
		}
		// 101 would hand the connection over: it is an answer, not an interim one.
		if code >= 200 || code == 101 || len(r.Interim) >= maxInterim {
			break
		}
		r.Interim = append(r.Interim, r.Line)
		room -= len(raw)
	}
	err := r.readBody(br, method, maxBody)
	if r.Framing == "chunked" && err == nil {
		err = r.readTrailer(br, room-len(r.HeadBytes()))
	}
	if r.Framing == "length" && err == nil {
		r.Extra = br.Buffered()
	}
	return r, err
}

// asGarbage keeps bytes that are no HTTP as a body without a head.
func asGarbage(br *bufio.Reader, r Response, raw []byte, err error) (Response, error) {
	var e *Error
	if !errors.As(err, &e) || e.Kind != NotHTTP {
		return r, err
	}
	rest, _ := br.Peek(br.Buffered())
	body := append(bytes.Clone(raw), rest...)
	e.Got = int64(len(body))
	return Response{Message: Message{Body: body, Partial: true}, Interim: r.Interim}, e
}

// readHead reads up to and with the blank line.
func readHead(br *bufio.Reader, room int) ([]byte, error) {
	if err := expectHTTP(br); err != nil {
		return nil, err
	}
	return readLines(br, room, false)
}

// readTrailer reads the fields behind a chunked body. A connection that ends
// where none of them is due is no fault: the body is whole without them.
func (r *Response) readTrailer(br *bufio.Reader, room int) error {
	raw, err := readLines(br, room, true)
	r.Trailer = parseFields(string(raw), lineEnd(raw))
	var e *Error
	switch {
	case !errors.As(err, &e):
		return err
	case e.Kind != HeadCut:
		e.Kind = TrailerLong
	case len(bytes.TrimSpace(raw)) == 0 && !r.Has("Trailer"):
		return nil
	default:
		e.Kind = TrailerCut
	}
	return e
}

// usualHead is more than most heads have, in bytes.
const usualHead = 4 << 10

// readLines reads up to and with the blank line, which the first line cannot be
// unless it is a trailer's.
func readLines(br *bufio.Reader, room int, trailer bool) ([]byte, error) {
	raw := make([]byte, 0, min(br.Buffered(), usualHead))
	for lines := 0; ; {
		part, err := br.ReadSlice('\n')
		if len(raw)+len(part) > room {
			raw = append(raw, part[:max(0, room-len(raw))]...)
			return raw, &Error{Kind: HeadTooLong, Got: int64(len(raw)), Want: MaxHead}
		}
		lineStart := len(raw) == 0 || raw[len(raw)-1] == '\n'
		raw = append(raw, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil:
			return raw, &Error{Kind: HeadCut, Got: int64(len(raw)), Err: err}
		}
		if lines++; lines > MaxLines {
			return raw, &Error{Kind: HeadLines, Got: int64(lines), Want: MaxLines}
		}
		if lineStart && (trailer || len(raw) > len(part)) && (len(part) == 1 || len(part) == 2 && part[0] == '\r') {
			return raw, nil
		}
	}
}

// expectHTTP looks at the first bytes only as far as they agree with "HTTP/",
// so that a server that greets with something else is told apart at once.
func expectHTTP(br *bufio.Reader) error {
	const start = "HTTP/"
	for n := 1; n <= len(start); n++ {
		got, err := br.Peek(n)
		if len(got) > 0 && string(got) != start[:len(got)] {
			return &Error{Kind: NotHTTP}
		}
		switch {
		case err != nil && len(got) == 0:
			return &Error{Kind: NoAnswer, Err: err}
		case err != nil:
			return &Error{Kind: NotHTTP, Err: err}
		}
	}
	return nil
}

func (r *Response) readBody(br *bufio.Reader, method string, limit int64) error {
	switch {
	case method == "HEAD", r.withoutBody(), method == "CONNECT" && r.Status() < 300:
		r.Framing, r.Body = "none", []byte{}
		return nil
	case r.chunked():
		r.Framing = "chunked"
		return r.fill(httputil.NewChunkedReader(br), limit, 0)
	case r.Has("Transfer-Encoding"): // the end of the connection is that of the body
	case r.Has("Content-Length"):
		length, ok := contentLength(r.Values("Content-Length"))
		if !ok {
			r.Framing = "close"
			if err := r.fill(br, limit, 0); err != nil {
				return err
			}
			return &Error{Kind: BadLength, Got: int64(len(r.Body))}
		}
		r.Framing = "length"
		return r.fill(io.LimitReader(br, length), limit, length)
	}
	r.Framing = "close"
	return r.fill(br, limit, 0)
}

// contentLength reads the values of Content-Length, which must agree.
func contentLength(values []string) (int64, bool) {
	first := ""
	for v := range strings.SplitSeq(strings.Join(values, ","), ",") {
		v = trimSpace(v)
		if first == "" {
			first = v
		}
		if v != first {
			return 0, false
		}
	}
	n, err := strconv.ParseUint(first, 10, 63)
	return int64(n), err == nil //nolint:gosec // 63 bits fit
}

// fill reads the body from src; want is its announced length, if any.
func (r *Response) fill(src io.Reader, limit, want int64) error {
	buffer, room, err := readBody(io.LimitReader(src, limit+1), limit, want)
	r.Body = buffer[room:]
	got := int64(len(r.Body))
	if room > 0 {
		r.Buffer = buffer[:room+int(min(got, limit))]
	}
	switch {
	case got > limit:
		r.Body, r.Partial = r.Body[:limit], true
		return &Error{Kind: BodyTooLong, Got: limit, Want: limit}
	case err == nil && got < want:
		err = io.ErrUnexpectedEOF
	}
	if err == nil {
		return nil
	}
	r.Partial = true
	kind := BodyCut
	if r.Framing == "chunked" && isChunkError(err) {
		kind = BadChunk
	}
	return &Error{Kind: kind, Got: got, Want: want, Err: err}
}

// isChunkError tells the chunk reader's own errors, which have no type, from
// those of the connection.
func isChunkError(err error) bool {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return false
	}
	var net interface{ Timeout() bool }
	return !errors.As(err, &net) && !errors.Is(err, io.ErrClosedPipe)
}
