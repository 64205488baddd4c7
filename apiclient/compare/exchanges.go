package compare

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/english"
	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/redact"
)

// Group is which of an exchange's things a part belongs to.
type Group string

// The groups, in the order in which they are shown.
const (
	Request   Group = "request"   // line and body
	Headers   Group = "headers"   // of the request
	Canonical Group = "canonical" // the strings that were signed and checked
	Response  Group = "response"  // line, headers and body
)

// Part is one thing of two exchanges, side by side.
type Part struct {
	Group Group
	Name  string // "request line", "response body"
	Note  string // what else there is to know of it; "" where nothing
	*Diff
}

// Exchanges lays two exchanges side by side: all parts of all groups, those
// that neither has left out. Of headers, what r says is secret is masked. The error
// is that of ctx.
func Exchanges(ctx context.Context, a, b *apiclient.Exchange, r redact.Redactor) ([]Part, error) {
	x := exchanges{redactor: r}
	x.part(Request, "request line", "", []byte(a.Request.Line), []byte(b.Request.Line))
	x.part(Request, "request body", encoded("request", &a.Request, &b.Request), a.Request.Content(), b.Request.Content())
	sentA, sentB := fresh{&a.Request, a, a.Sent.Canonical}, fresh{&b.Request, b, b.Sent.Canonical}
	x.header(Headers, "request headers", sentA, sentB)
	x.always(Canonical, "string that was signed", "", sentA.canonical, sentB.canonical, Pieces, sentA.signed(),
		sentB.signed())
	if a.Response == nil && b.Response == nil {
		return x.compare(ctx)
	}
	note := missing("one", a) + missing("the other", b)
	ra, rb := cmp.Or(a.Response, &apiclient.Message{}), cmp.Or(b.Response, &apiclient.Message{})
	gotA, gotB := fresh{ra, a, a.Received.Canonical}, fresh{rb, b, b.Received.Canonical}
	x.always(Canonical, "string that the response's signature is checked against", "", gotA.canonical, gotB.canonical,
		Pieces, gotA.signed(), gotB.signed())
	x.part(Response, "response line", note, []byte(ra.Line), []byte(rb.Line))
	x.header(Response, "response headers", gotA, gotB)
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
type exchanges struct {
	redactor redact.Redactor
	parts    []pending
}

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
	x.parts = append(x.parts, pending{Part{Group: g, Name: name, Note: strings.TrimSpace(note)}, a, b, cut, alwaysA,
		alwaysB})
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

// alwaysNew are the headers that differ whenever a request is sent again. Those
// that platforms call otherwise are known by what they hold: see fresh.
var alwaysNew = map[string]bool{
	"request-time": true, "response-time": true, "signature": true, "date": true, "traceid": true, "request-id": true,
}

// fresh finds in a message what is made for each sending.
type fresh struct {
	m         *apiclient.Message
	e         *apiclient.Exchange
	canonical []byte // the string that its signature covers
}

// front is the signed string without the body, as far as it is looked at.
func (f fresh) front() []byte {
	const most = 8 << 10 // a target and a client id are not longer
	front := bytes.TrimSuffix(f.canonical, f.m.Body)
	return front[:min(len(front), most)]
}

// isSigned reports whether a value stands in the signed string, and is neither an
// id of the client nor of the path: then it is the time, or the request's id.
func (f fresh) isSigned(front []byte, field apiclient.Field) bool {
	v := field.Value
	named := strings.EqualFold(field.Name, apiclient.HeaderRequestTime) ||
		strings.EqualFold(field.Name, apiclient.HeaderResponseTime)
	if v == "" || !named && (len(v) < 8 || v[0] == '/' || v == f.e.ClientID || v == f.e.MerchantID ||
		v == f.m.Get(apiclient.HeaderClientID)) {
		return false
	}
	return bytes.Contains(front, []byte(v))
}

// signed are the ranges of the signed string that differ always.
func (f fresh) signed() []Range {
	front := f.front()
	var list []Range
	for _, field := range f.m.Header {
		if f.isSigned(front, field) {
			at := bytes.Index(front, []byte(field.Value))
			list = append(list, Range{at, at + len(field.Value)})
		}
	}
	slices.SortFunc(list, func(a, b Range) int { return a.From - b.From })
	return slices.CompactFunc(list, func(a, b Range) bool { return a.From < b.To && b.From < a.To })
}

// header compares header fields, a line for each; a message of which the head
// is no HTTP is compared as it came.
func (x *exchanges) header(g Group, name string, a, b fresh) {
	mask := x.redactor.Masker() // of both: what differs is still seen to differ
	ta, ra := a.headerText(mask)
	tb, rb := b.headerText(mask)
	x.always(g, name, "", ta, tb, Lines, ra, rb)
}

func (f fresh) headerText(mask *redact.Masker) (text []byte, always []Range) {
	if f.m.Line == "" && len(f.m.Header) == 0 {
		return f.m.Head, nil
	}
	front := f.front()
	var b bytes.Buffer
	for _, field := range f.m.Header {
		b.WriteString(field.Name + ": ")
		from := b.Len()
		b.WriteString(mask.Header(field.Name, field.Value))
		if alwaysNew[strings.ToLower(field.Name)] || signature.MatchString(field.Value) || f.isSigned(front, field) {
			always = append(always, Range{from, b.Len()})
		}
		b.WriteByte('\n')
	}
	return b.Bytes(), always
}

// signature knows the value of a Signature header.
var signature = lazyregexp.New(`(?i)^\s*(?:algorithm|keyversion|signature)\s*=`)

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

// Swapped returns parts with A and B exchanged.
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
