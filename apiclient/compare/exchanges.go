package compare

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/english"
	"countersign/apiclient/redact"
)

// Group is which of an exchange's things a part belongs to.
type Group string

// Groups, in the order in which they are shown.
const (
	Request   Group = "request"   // line and body
	Headers   Group = "headers"   // of the request
	Canonical Group = "canonical" // the strings that were signed and checked
	Response  Group = "response"  // line, headers and body
)

// Groups lists all groups in order.
var Groups = []Group{Request, Headers, Canonical, Response}

// Part is one thing of two exchanges, side by side.
type Part struct {
	Group Group
	Name  string // "request line", "response body"
	Note  string // what else there is to know of it; "" where nothing
	*Diff
}

// Exchanges lays two exchanges side by side: all parts of all groups, those
// that neither has left out. The error is that of ctx.
func Exchanges(ctx context.Context, a, b *apiclient.Exchange) ([]Part, error) {
	x := exchanges{}
	x.part(Request, "request line", "", []byte(a.Request.Line), []byte(b.Request.Line))
	x.part(Request, "request body", encoded("request", &a.Request, &b.Request), a.Request.Content(), b.Request.Content())
	x.header(Headers, "request headers", &a.Request, &b.Request)
	x.canonical("string that was signed", a.Sent.Canonical, b.Sent.Canonical, a.Request.Get, b.Request.Get, "Request-Time")
	ra, rb := a.Response, b.Response
	if ra == nil && rb == nil {
		return x.compare(ctx)
	}
	note := missing("one", a) + missing("the other", b)
	if ra == nil {
		ra = &apiclient.Message{}
	}
	if rb == nil {
		rb = &apiclient.Message{}
	}
	x.canonical("string that the response's signature is checked against", a.Received.Canonical, b.Received.Canonical, ra.Get, rb.Get, "Response-Time")
	x.part(Response, "response line", note, []byte(ra.Line), []byte(rb.Line))
	x.header(Response, "response headers", ra, rb)
	x.part(Response, "response body", encoded("response", ra, rb), ra.Content(), rb.Content())
	return x.compare(ctx)
}

// missing says that an exchange has no response.
func missing(which string, e *apiclient.Exchange) string {
	switch {
	case e.Response != nil:
		return ""
	case e.Err != "":
		return fmt.Sprintf("%s has no response: %s. ", which, e.Err)
	}
	return which + " has no response. "
}

// encoded says that bodies are compared as they are without their coding.
func encoded(side string, a, b *apiclient.Message) string {
	if a.Decoded == nil && b.Decoded == nil {
		return ""
	}
	return "compared without its Content-Encoding; the bytes on the wire are those of the " + side + " as received"
}

// exchanges are the parts that are to be compared, as they are collected.
type exchanges struct{ parts []pending }

type pending struct {
	Part
	a, b             []byte
	cut              func([]byte) Cut
	alwaysA, alwaysB []Range
}

func (x *exchanges) part(g Group, name, note string, a, b []byte) {
	x.always(g, name, note, a, b, Pieces, nil, nil)
}

func (x *exchanges) always(g Group, name, note string, a, b []byte, cut func([]byte) Cut, alwaysA, alwaysB []Range) {
	if len(a) == 0 && len(b) == 0 && note == "" {
		return
	}
	x.parts = append(x.parts, pending{Part{Group: g, Name: name, Note: strings.TrimSpace(note)}, a, b, cut, alwaysA, alwaysB})
}

// smallPart is the size of both sides in bytes up to which a part gets all the
// time there is: it needs next to none of it, but on a busy machine that takes
// longer.
const smallPart = 256 << 10

// compare compares the parts, the large ones each with a share of the time after
// its size.
func (x *exchanges) compare(ctx context.Context) ([]Part, error) {
	large := 0
	for _, p := range x.parts {
		if n := len(p.a) + len(p.b); n > smallPart {
			large += n
		}
	}
	var parts []Part
	for _, p := range x.parts {
		budget := Budget
		if n := len(p.a) + len(p.b); n > smallPart {
			budget = time.Duration(float64(Budget) * float64(n) / float64(large))
		}
		d, err := compare(ctx, p.a, p.b, p.cut, p.alwaysA, p.alwaysB, budget)
		if err != nil {
			return parts, err
		}
		p.Diff = d
		parts = append(parts, p.Part)
	}
	return parts, ctx.Err()
}

// madeAnew are the headers that differ whenever a request is sent again.
var madeAnew = map[string]bool{
	"request-time": true, "response-time": true, "signature": true, "date": true, "traceid": true, "request-id": true,
}

// header compares header fields, a line for each; a message of which the head
// is no HTTP is compared as it came.
func (x *exchanges) header(g Group, name string, a, b *apiclient.Message) {
	ta, ra := headerText(a)
	tb, rb := headerText(b)
	x.always(g, name, "", ta, tb, Lines, ra, rb)
}

func headerText(m *apiclient.Message) (text []byte, always []Range) {
	if m.Line == "" && len(m.Header) == 0 {
		return m.Head, nil
	}
	var b bytes.Buffer
	for _, f := range m.Header {
		b.WriteString(f.Name + ": ")
		from := b.Len()
		b.WriteString(redact.Header(f.Name, f.Value)) // what differs is still seen to differ
		if madeAnew[strings.ToLower(f.Name)] {
			always = append(always, Range{from, b.Len()})
		}
		b.WriteByte('\n')
	}
	return b.Bytes(), always
}

// canonical compares strings that were signed; the time in them differs always.
func (x *exchanges) canonical(name string, a, b []byte, getA, getB func(string) string, field string) {
	x.always(Canonical, name, "", a, b, Pieces, timeIn(a, getA(field)), timeIn(b, getB(field)))
}

// timeIn finds the time in the head of a signed string.
func timeIn(canonical []byte, time string) []Range {
	const head = 8 << 10 // a target and a client id are not longer
	i := bytes.Index(canonical[:min(len(canonical), head)], []byte(time))
	if time == "" || i < 0 {
		return nil
	}
	return []Range{{i, i + len(time)}}
}

// Summary says in words how a part differs: "the same", "2 differences, 1 more
// as always; the first at byte 62 of A and 62 of B".
func (p Part) Summary() string {
	differ, always := p.Count()
	if differ+always == 0 {
		return "the same"
	}
	text := fmt.Sprintf("%d %s", differ, english.Plural(differ, "difference"))
	switch {
	case differ == 0:
		text = "differs as always"
	case always > 0:
		text += fmt.Sprintf(" and %d as always", always)
	}
	if first, ok := p.First(differ > 0); ok {
		text += fmt.Sprintf(" · first at byte %s", offsets(first))
	}
	if p.Rough {
		text += " · too much differs to mark it all"
	}
	return text
}

// Swapped gives parts with A and B exchanged.
func Swapped(parts []Part) []Part {
	out := make([]Part, len(parts))
	for i, p := range parts {
		d := &Diff{A: p.B, B: p.A, CutA: p.CutB, CutB: p.CutA, Rough: p.Rough, Chunks: make([]Chunk, len(p.Chunks))}
		for j, c := range p.Chunks {
			s := Chunk{A0: c.B0, A1: c.B1, B0: c.A0, B1: c.A1, Same: c.Same, Always: c.Always}
			for _, e := range c.Edits {
				s.Edits = append(s.Edits, Edit{A: e.B, B: e.A, Always: e.Always})
			}
			d.Chunks[j] = s
		}
		out[i] = Part{Group: p.Group, Name: p.Name, Note: p.Note, Diff: d}
	}
	return out
}

func offsets(e Edit) string {
	if e.A.From == e.B.From {
		return fmt.Sprint(e.A.From)
	}
	return fmt.Sprintf("%d | %d", e.A.From, e.B.From)
}
