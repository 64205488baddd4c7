package wire

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// ReadHead reads the head of one message from a connection: of a request, of an
// answer, or of an interim answer. Empty lines before it are passed over, as RFC
// 9112, section 2.2, wants of servers. Whatever is wrong, the message has what
// arrived, and the error is an *Error; NoAnswer means that the connection ended
// before the first byte.
func ReadHead(br *bufio.Reader) (Message, error) {
	for {
		b, err := br.Peek(1)
		if err != nil {
			return Message{}, &Error{Kind: NoAnswer, Err: err}
		}
		if b[0] != '\r' && b[0] != '\n' {
			break
		}
		_, _ = br.Discard(1) // it is there
	}
	raw, err := readLines(br, MaxHead, false)
	m := parseHead(raw)
	if err != nil {
		m.Partial = true
		return m, err
	}
	if m.Method() != "" && isToken(m.Method()) && strings.Contains(m.Line, " HTTP/1.") || m.Status() != 0 {
		return m, nil
	}
	return m, &Error{Kind: NotHTTP, Got: int64(len(raw))}
}

// Framing is how a receiver tells where a body ends.
type Framing struct {
	Kind   FramingKind
	Length int64 // of ByLength
}

// FramingKind names a framing.
type FramingKind string

// Kinds of framing.
const (
	NoBody   FramingKind = "none"
	ByLength FramingKind = "length"
	Chunked  FramingKind = "chunked"
	ByClose  FramingKind = "close" // the connection's end
)

// FramingOf returns how the body behind a head ends. method is that of the request
// where m is the answer to it. A head that two readers may understand differently
// (both a length and a coding, two lengths, a coding that is not known) is an
// error of kind BadLength, since a request could hide behind another.
func FramingOf(m *Message, method string) (Framing, error) {
	lengths, codings := m.Values("Content-Length"), m.Values("Transfer-Encoding")
	length, ok := contentLength(lengths)
	bad, twice := &Error{Kind: BadLength}, &Error{Kind: BadFraming}
	if slices.ContainsFunc(m.Header, hidesFraming) {
		return Framing{}, twice
	}
	switch {
	case m.IsResponse() && method == "HEAD" || m.withoutBody():
		return Framing{Kind: NoBody}, nil
	case len(codings) > 0 && (len(lengths) > 0 || !m.IsResponse() && !m.chunked()):
		return Framing{}, twice
	case m.chunked():
		return Framing{Kind: Chunked}, nil
	case len(lengths) > 0 && !ok:
		return Framing{}, bad
	case len(lengths) > 0:
		return Framing{Kind: ByLength, Length: length}, nil
	case len(codings) > 0 || m.IsResponse():
		return Framing{Kind: ByClose}, nil
	}
	return Framing{Kind: NoBody}, nil
}

// hidesFraming reports whether a field says where the body ends to some readers and
// not to others: Transfer-Encoding with a space before the colon (RFC 9112, 5.1).
func hidesFraming(f Field) bool {
	name := strings.TrimFunc(f.Name, func(r rune) bool { return r <= ' ' })
	return name != f.Name && (strings.EqualFold(name, "Transfer-Encoding") || strings.EqualFold(name, "Content-Length"))
}

// Relay moves a body from a connection to w, byte for byte as it is coded on the
// wire, and gives its bytes without the transfer coding to seen, and the fields of
// its trailer back. It writes what has arrived at once. Errors of reading are an
// *Error; those of w and seen come as they are.
func (f Framing) Relay(w io.Writer, br *bufio.Reader, seen io.Writer) (trailer []Field, err error) {
	switch f.Kind {
	case ByLength:
		return nil, relayBytes(w, br, seen, f.Length)
	case ByClose:
		err := relayBytes(w, br, seen, -1)
		var e *Error
		if errors.As(err, &e) && errors.Is(e.Err, io.EOF) {
			err = nil
		}
		return nil, err
	case Chunked:
		return relayChunks(w, br, seen)
	}
	return nil, nil
}

// relayBytes moves n bytes, or all up to the end where n is negative.
func relayBytes(w io.Writer, br *bufio.Reader, seen io.Writer, n int64) error {
	for moved := int64(0); n < 0 || moved < n; {
		if _, err := br.Peek(1); err != nil {
			return &Error{Kind: BodyCut, Got: moved, Want: max(n, 0), Err: err}
		}
		b, _ := br.Peek(br.Buffered())
		if n >= 0 && int64(len(b)) > n-moved {
			b = b[:n-moved]
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
		if _, err := seen.Write(b); err != nil {
			return err
		}
		moved += int64(len(b))
		_, _ = br.Discard(len(b)) // they are there
	}
	return nil
}

// maxChunkLine bounds a chunk's size with its extensions, in bytes.
const maxChunkLine = 4 << 10

func relayChunks(w io.Writer, br *bufio.Reader, seen io.Writer) (trailer []Field, err error) {
	got := int64(0)
	bad := func(err error) error { return &Error{Kind: BadChunk, Got: got, Err: err} }
	for {
		line, err := readShortLine(br)
		if err != nil {
			return nil, bad(err)
		}
		size, _, _ := strings.Cut(strings.TrimRight(string(line), "\r\n"), ";")
		n, err := strconv.ParseInt(strings.TrimRight(size, " \t"), 16, 63)
		if err != nil || n < 0 {
			return nil, bad(fmt.Errorf("%q is no size of a chunk", clip(size)))
		}
		if _, err := w.Write(line); err != nil {
			return nil, err
		}
		if n == 0 {
			break
		}
		if err := relayBytes(w, br, seen, n); err != nil {
			return nil, err
		}
		got += n
		end, err := readShortLine(br)
		switch {
		case err != nil:
			return nil, bad(err)
		case len(bytes.TrimRight(end, "\r\n")) > 0:
			return nil, bad(errors.New("a chunk is longer than its size says"))
		}
		if _, err := w.Write(end); err != nil {
			return nil, err
		}
	}
	raw, err := readLines(br, MaxHead, true)
	if err != nil {
		return parseFields(string(raw), lineEnd(raw)), &Error{Kind: TrailerCut, Got: int64(len(raw)), Err: err}
	}
	_, err = w.Write(raw)
	return parseFields(string(raw), lineEnd(raw)), err
}

func readShortLine(br *bufio.Reader) ([]byte, error) {
	line, err := br.ReadSlice('\n')
	if len(line) > maxChunkLine {
		return nil, bufio.ErrBufferFull
	}
	return line, err
}
