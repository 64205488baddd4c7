package apiclient

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"time"

	"countersign/apiclient/signing"
)

// A record is the form in which the history keeps an exchange: the fields of the
// JSON form in a fixed order, without their names. It is half as long, which is what
// recording thousands of exchanges a second costs. A text is written by its number where
// it is one of the usual ones, and as a part of a text before it where it is one: the
// value of a Signature header occurs three times in a verdict. A signed string refers
// to the body in it. Small bodies stand in the record, the others beside it.
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

// coder writes an exchange, or reads it: each method takes the place of a value, which
// it appends to b, or fills from the start of b.
type coder struct {
	b       []byte
	reading bool
	err     error

	long          []string // the texts so far that later ones may be part of
	inside        int      // bytes of a body that stands in the record, at most
	whole, beside Bodies   // all bodies; those that do not stand in the record
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

// body is one of the bodies: none, beside the record, or so many bytes in it.
func (c *coder) body(b *[]byte, n int) {
	const none, beside, here = 0, 1, 2
	kind := uint64(none)
	switch {
	case c.reading || *b == nil:
	case len(*b) > c.inside:
		kind, c.beside[n] = beside, *b
	default:
		kind = here + uint64(len(*b))
	}
	switch kind = c.number(kind); kind {
	case none:
	case beside:
		if c.reading {
			*b = c.beside[n]
		}
	default:
		c.fill(b, kind-here)
	}
	c.whole[n] = *b
}

// signed is a signed string: none, its bytes, or what stands before and behind a body
// in it.
func (c *coder) signed(b *[]byte) {
	const none, plain, quoting = 0, 1, 2
	kind := uint64(none)
	var before, after []byte
	if !c.reading && len(*b) > 0 {
		kind = plain
		if n, x, y, ok := c.whole.quote(*b); ok {
			kind, before, after = quoting+uint64(n), x, y
		}
	}
	switch kind = c.number(kind); kind {
	case none:
	case plain:
		c.bytes(b)
	default:
		c.bytes(&before)
		c.bytes(&after)
		if n := kind - quoting; !c.reading {
			return
		} else if n >= uint64(len(c.whole)) {
			c.fail()
		} else {
			*b = bytes.Join([][]byte{before, c.whole[n], after}, nil)
		}
	}
}

func (c *coder) digest(d *[32]byte) {
	there := *d != [32]byte{}
	if c.flag(&there); !there {
		return
	}
	b := d[:]
	if c.fill(&b, uint64(len(d))); c.reading {
		copy(d[:], b)
	}
}

// longText is the length in bytes from which a text is looked for in the ones before.
const longText = 32

// text is a string: one of usualTexts, a part of a text before, or its bytes.
func text[T ~string](c *coder, s *T) {
	const plain, part, usual = 0, 1, 2
	kind, which, from := uint64(plain), 0, 0
	if !c.reading {
		if n, ok := usualNumbers()[string(*s)]; ok {
			kind = usual + uint64(n)
		} else if which, from = c.find(string(*s)); which >= 0 {
			kind = part
		}
	}
	switch kind = c.number(kind); kind {
	case plain:
		if n := c.number(uint64(len(*s))); c.reading {
			*s = T(c.next(n))
		} else {
			c.b = append(c.b, *s...)
		}
		if len(*s) >= longText {
			c.long = append(c.long, string(*s))
		}
	case part:
		n, start, size := c.number(uint64(which)), c.number(uint64(from)), c.number(uint64(len(*s)))
		if !c.reading {
			return
		} else if n >= uint64(len(c.long)) || start > uint64(len(c.long[n])) || size > uint64(len(c.long[n]))-start {
			c.fail()
		} else {
			*s = T(c.long[n][start : start+size])
		}
	default:
		if n := kind - usual; !c.reading {
			return
		} else if n >= uint64(len(usualTexts)) {
			c.fail()
		} else {
			*s = T(usualTexts[n])
		}
	}
}

// find returns in which long text s is, and from where on; -1: in none. Mostly it is the
// end of one.
func (c *coder) find(s string) (which, from int) {
	if len(s) < longText {
		return -1, 0
	}
	for n, long := range c.long {
		if strings.HasSuffix(long, s) {
			return n, len(long) - len(s)
		}
	}
	for n, long := range c.long {
		if from := strings.Index(long, s); from >= 0 {
			return n, from
		}
	}
	return -1, 0
}

func (c *coder) texts(l *[]string) { list(c, l, func(s *string) { text(c, s) }) }

// list is a list: 0 for nil, else its length and one.
func list[T any](c *coder, l *[]T, each func(*T)) {
	n := uint64(0)
	if *l != nil {
		n = uint64(len(*l)) + 1
	}
	if n = c.number(n); c.reading && n > 0 {
		if n-1 > uint64(len(c.b)) { // each takes a byte at least
			c.fail()
			return
		}
		*l = make([]T, n-1)
	}
	for i := range *l {
		each(&(*l)[i])
	}
}

// optional is what may be nil.
func optional[T any](c *coder, p **T, do func(*T)) {
	there := *p != nil
	if c.flag(&there); !there {
		return
	}
	if c.reading {
		*p = new(T)
	}
	do(*p)
}

// bytes is a slice that may be nil, which is not an empty one.
func (c *coder) bytes(b *[]byte) {
	n := uint64(0)
	if *b != nil {
		n = uint64(len(*b)) + 1
	}
	if n = c.number(n); n > 0 {
		c.fill(b, n-1)
	}
}

// fill is n bytes, those of b.
func (c *coder) fill(b *[]byte, n uint64) {
	if c.reading {
		*b = c.next(n)
	} else {
		c.b = append(c.b, *b...)
	}
}

// next takes n bytes from what is to be read.
func (c *coder) next(n uint64) []byte {
	if n > uint64(len(c.b)) {
		c.fail()
		return nil
	}
	b := c.b[:n:n]
	c.b = c.b[n:]
	return b
}

func (c *coder) flag(f *bool) {
	n := uint64(0)
	if *f {
		n = 1
	}
	if n = c.number(n); c.reading {
		*f = n == 1
	}
}

func number[T ~uint | ~int64](c *coder, n *T) {
	if v := c.number(uint64(*n)); c.reading {
		*n = T(v)
	}
}

// number returns n, or what is read.
func (c *coder) number(n uint64) uint64 {
	if !c.reading {
		c.b = binary.AppendUvarint(c.b, n)
		return n
	}
	n, size := binary.Uvarint(c.b)
	if size <= 0 {
		c.fail()
		return 0
	}
	c.b = c.b[size:]
	return n
}

// fail ends the reading: what follows is zero.
func (c *coder) fail() {
	if c.err == nil {
		c.err = errRecord
	}
	c.b = nil
}
