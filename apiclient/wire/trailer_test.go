package wire

import (
	"bufio"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"countersign/apiclient/hint"
)

const chunkedOK = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"

func TestTrailers(t *testing.T) {
	t.Parallel()
	signed := []Field{{"Signature", "signature=x"}, {"X-Sum", "1"}}
	for _, c := range []struct {
		name, head, behind string // behind the last chunk's line
		trailer            []Field
		kind               Kind // from the network
	}{
		{name: "none", behind: "\r\n"},
		{name: "two fields", behind: "Signature: signature=x\r\nX-Sum: 1\r\n\r\n", trailer: signed},
		{name: "line feeds alone", behind: "Signature: signature=x\nX-Sum: 1\n\n", trailer: signed},
		{name: "a folded value", behind: "Signature: a,\r\n b\r\n\r\n", trailer: []Field{{"Signature", "a,\r\n b"}}},
		{name: "the connection ends, and nothing is due", behind: ""},
		{name: "the connection ends, and something was announced", head: "Trailer: Signature\r\n", kind: TrailerCut},
		{name: "the connection ends inside it", behind: "Signature: signature=x\r\nX-Sum: 1", trailer: signed, kind: TrailerCut},
	} {
		message := chunkedOK + c.head + "\r\n2\r\n{}\r\n0\r\n" + c.behind
		r, err := read(t, "POST", message, 100)
		var e *Error
		if kind := Kind(""); errors.As(err, &e) && e.Kind != c.kind || err == nil && c.kind != kind {
			t.Errorf("%s: %v, want %q", c.name, err, c.kind)
		}
		saved, err := ParseMessage([]byte(message))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		for from, m := range map[string]Message{"network": r.Message, "file": saved} {
			if string(m.Body) != "{}" || m.Partial || !slices.Equal(m.Trailer, c.trailer) || m.Has("Signature") {
				t.Errorf("%s, %s: %q, partial %v, %q", c.name, from, m.Body, m.Partial, m.Trailer)
			}
		}
	}
	if m := (Message{Header: []Field{{"Trailer", "X-Sum, signature"}}, Trailer: signed}); !m.Announces("Signature") || m.Announces("X-Sum, signature") ||
		!slices.Equal(m.TrailerValues("x-sum"), []string{"1"}) {
		t.Error("a trailer is read by names in any case")
	}
}

// A trailer has the limits of a head, from the network and in a file.
func TestTrailersAreBounded(t *testing.T) {
	t.Parallel()
	start := chunkedOK + "\r\n2\r\n{}\r\n0\r\n"
	for name, endless := range map[string]string{"lines": "A: b\r\n", "bytes": "A: " + strings.Repeat("b", 10_000) + "\r\n"} {
		sent := &counted{Reader: io.MultiReader(strings.NewReader(start), repeat(endless))}
		r, err := ReadResponse(bufio.NewReader(sent), "POST", 100)
		var e *Error
		if !errors.As(err, &e) || e.Kind != TrailerLong || string(r.Body) != "{}" || r.Partial {
			t.Errorf("%s: %v, body %q", name, err, r.Body)
		}
		if len(r.Trailer) > MaxLines+1 || sent.n > MaxHead+64<<10 {
			t.Errorf("%s: %d fields, %d bytes were read", name, len(r.Trailer), sent.n)
		}
	}
	for _, file := range []string{strings.Repeat("A: b\r\n", MaxLines+1), "A: " + strings.Repeat("b", MaxHead)} {
		if _, err := ParseMessage([]byte(start + file)); hint.Of(err) == "" || !strings.Contains(err.Error(), "the trailer") {
			t.Errorf("a file: %v", err)
		}
	}
	if err := CheckHead(Message{Line: "HTTP/1.1 200 OK", Trailer: make([]Field, MaxLines)}); err == nil {
		t.Error("CheckHead does not count the trailer")
	}
}

// counted counts what is read.
type counted struct {
	io.Reader
	n int
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n += n
	return n, err
}
