package apiclient

import (
	"errors"
	"time"

	"countersign/apiclient/signing"
)

// A record is the form in which the history keeps an exchange: the fields of the
// JSON form in a fixed order, without their names. It is a third as long, and that is
// most of what recording thousands of exchanges a second costs. A text is written by its
// number where it is one of the usual ones, and as the end of a text before it where it
// is that: the value in a Signature header stands twice in a verdict. A signed string
// refers to the body in it. Small bodies stand in the record, the others beside it.
//
// Both directions are one description, coder.exchange, so that they cannot differ. It
// writes nothing to an exchange that it records. A field that is new goes to the end, to
// be read only where a record goes on.

// recordForm is the first byte of a record. Those of earlier builds are JSON and
// begin with a brace.
const recordForm = 1

var errRecord = errors.New("it is not a record of this program")

// AppendRecord appends the record. Bodies longer than inside bytes do not stand in it:
// they are returned, and are needed to read it.
func (e *Exchange) AppendRecord(b []byte, inside int) (record []byte, beside Bodies, err error) {
	c := coder{b: append(b, recordForm), inside: inside, whole: e.Bodies()}
	c.exchange(e)
	return c.b, c.beside, c.err
}

// ReadRecord reads what AppendRecord appended, with the bodies that were beside it. It
// keeps both.
func (e *Exchange) ReadRecord(record []byte, beside *Bodies) error {
	*e = Exchange{}
	if len(record) > 0 && record[0] == '{' {
		return e.readJSONRecord(record, beside)
	}
	if len(record) == 0 || record[0] != recordForm {
		return errRecord
	}
	c := coder{b: record[1:], reading: true, beside: *beside}
	if c.exchange(e); len(c.b) > 0 {
		c.fail()
	}
	if r := e.Response; r != nil {
		r.Body = shared(r.Body, e.Received.Canonical)
	}
	return c.err
}

func (c *coder) exchange(e *Exchange) {
	text(c, &e.ID)
	text(c, &e.Origin)
	text(c, &e.Profile)
	text(c, &e.Endpoint)
	text(c, &e.URL)
	text(c, &e.ClientID)
	text(c, &e.MerchantID)
	c.started(e)
	t := &e.Timing
	for _, d := range []*time.Duration{&t.DNS, &t.Connect, &t.TLS, &t.Sign, &t.Write, &t.FirstByte, &t.Total} {
		number(c, d)
	}
	text(c, &e.Remote)
	text(c, &e.Outcome)
	c.flag(&e.BytesSent)
	c.flag(&e.Masked)
	c.message(&e.Request, 0)
	optional(c, &e.Response, func(m *Message) { c.message(m, 2) })
	c.sent(e)
	if e.Response != nil {
		c.verdict(&e.Received)
	}
	text(c, &e.Result.Status)
	text(c, &e.Result.Code)
	text(c, &e.Result.Message)
	list(c, &e.Findings, func(f *Finding) {
		text(c, &f.Side)
		text(c, &f.Field)
		text(c, &f.Cause)
		text(c, &f.Severity)
		text(c, &f.Says)
		text(c, &f.Hint)
	})
	text(c, &e.Err)
	text(c, &e.Hint)
}

func (c *coder) started(e *Exchange) {
	var at []byte
	if !c.reading {
		at, c.err = e.StartedAt.AppendText(nil)
	}
	if c.bytes(&at); c.reading && c.err == nil {
		c.err = e.StartedAt.UnmarshalText(at)
	}
}

func (c *coder) message(m *Message, first int) {
	text(c, &m.Line)
	list(c, &m.Header, c.field)
	c.bytes(&m.Head)
	c.body(&m.Body, first)
	c.body(&m.Decoded, first+1)
	list(c, &m.Trailer, c.field)
	c.flag(&m.Partial)
}

func (c *coder) field(f *Field) {
	text(c, &f.Name)
	text(c, &f.Value)
}

func (c *coder) sent(e *Exchange) {
	p := &e.Sent
	c.signed(&p.Canonical)
	c.digest(&p.Digest)
	c.bytes(&p.Signature)
	text(c, &p.Value)
	text(c, &p.Header)
	text(c, &p.KeyVersion)
	text(c, &e.SentKey)
	text(c, &e.SignedAs)
	c.texts(&e.Tampered)
	c.verdict(&e.SentVerdict)
}

// verdict leaves out the zero Verdict: nothing was verified.
func (c *coder) verdict(v *signing.Verdict) {
	there := v.Status != ""
	if c.flag(&there); !there {
		return
	}
	text(c, &v.Status)
	text(c, &v.Reason)
	text(c, &v.Hint)
	text(c, &v.Key)
	c.signed(&v.Canonical)
	c.digest(&v.Digest)
	text(c, &v.Header.Algorithm)
	text(c, &v.Header.KeyVersion)
	c.flag(&v.Header.HasKeyVersion)
	text(c, &v.Header.Value)
	list(c, &v.Header.Pairs, func(p *signing.Pair) {
		text(c, &p.Key)
		text(c, &p.Value)
	})
	list(c, &v.Header.Warnings, c.warning)
	text(c, &v.Encoding)
	c.bytes(&v.Signature)
	optional(c, &v.Recovered, c.recovered)
	optional(c, &v.Repaired, func(r *signing.Reading) {
		c.texts(&r.Causes)
		text(c, &r.Says)
		text(c, &r.Fix)
		c.bytes(&r.Signature)
	})
	list(c, &v.Warnings, c.warning)
	c.flag(&v.NoKey)
}

func (c *coder) recovered(r *signing.Recovered) {
	text(c, &r.Key)
	number(c, &r.Hash)
	text(c, &r.Padding)
	c.bytes(&r.Digest)
	c.bytes(&r.Raw)
	optional(c, &r.PSS, func(p *signing.PSSBlock) {
		number(c, &p.Hash)
		number(c, &p.MGF)
		c.bytes(&p.H)
		c.bytes(&p.Salt)
		c.flag(&p.Certain)
	})
	optional(c, &r.Fault, c.warning)
}

func (c *coder) warning(w *signing.Warning) {
	text(c, &w.Cause)
	text(c, &w.Says)
}
