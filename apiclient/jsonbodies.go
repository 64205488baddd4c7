package apiclient

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"

	"countersign/apiclient/jsonstream"
)

// Bodies are the bodies of an exchange: of the request, of the request decoded, of the
// response, of the response decoded. nil: there is none.
type Bodies [4][]byte

// Bodies returns the bodies of the exchange. They are not copied.
func (e *Exchange) Bodies() Bodies {
	b := Bodies{e.Request.Body, e.Request.Decoded}
	if e.Response != nil {
		b[2], b[3] = e.Response.Body, e.Response.Decoded
	}
	return b
}

// AppendRecord appends the JSON form as a store keeps it: bodies longer than inside bytes
// are not in it but returned, to be kept beside it. A signed string is a short head and
// the body, so it refers to the body that is in it.
func (e *Exchange) AppendRecord(b []byte, inside int) (record []byte, beside Bodies, err error) {
	all := e.Bodies()
	for n, body := range all {
		if len(body) > inside {
			beside[n] = body
		}
	}
	record, err = e.appendJSON(b, place{bodies: &all, beside: &beside})
	return record, beside, err
}

// ReadRecord reads what AppendRecord appended, with the bodies that were beside it.
func (e *Exchange) ReadRecord(record []byte, beside *Bodies) error {
	if !json.Valid(record) {
		return json.Unmarshal(record, new(any)) // which says where
	}
	if err := e.readJSON(record, beside); err != nil {
		return err
	}
	if r := e.Response; r != nil {
		r.Body = shared(r.Body, e.Received.Canonical)
	}
	return nil
}

// takeBodies puts the bodies that were beside a record where they belong.
func (c *codec) takeBodies(e *Exchange) {
	if c.beside == nil {
		return
	}
	into := []*[]byte{&e.Request.Body, &e.Request.Decoded}
	if e.Response != nil {
		into = append(into, &e.Response.Body, &e.Response.Decoded)
	}
	for n, body := range into {
		if c.beside[n] != nil {
			*body = c.beside[n]
		}
	}
	all := e.Bodies()
	c.bodies = &all
}

// shareFrom is the size in bytes from which a body is not kept in memory beside
// the signed string that ends in it.
const shareFrom = 1 << 20

func shared(body, canonical []byte) []byte {
	if len(body) < shareFrom || !bytes.HasSuffix(canonical, body) {
		return body
	}
	return canonical[len(canonical)-len(body) : len(canonical) : len(canonical)]
}

// place is where large values go: into the JSON, into a stream that writes them
// when the rest is made, or nowhere, as they are bodies that are kept beside it.
type place struct {
	stream         *jsonstream.Values // nil: into the JSON
	bodies, beside *Bodies            // of a record: all of them, once they are read, and those beside it; else nil
}

// inside reports whether body n of the exchange is to be in the JSON. One that is nil is
// left out of a record, which tells it from an empty one.
func (p place) inside(n int) bool { return p.bodies == nil || p.bodies[n] != nil && p.beside[n] == nil }

// quoteFrom is the size in bytes from which quoting a body saves space.
const quoteFrom = 64

// quote finds the largest of the bodies in b, and what stands around it.
func (p place) quote(b []byte) (body int, before, after []byte, ok bool) {
	if p.bodies == nil {
		return 0, nil, nil, false
	}
	for n, candidate := range p.bodies {
		if len(candidate) < quoteFrom || ok && len(candidate) <= len(p.bodies[body]) {
			continue
		}
		i := len(b) - len(candidate) // where a body nearly always is
		if !bytes.HasSuffix(b, candidate) {
			i = bytes.Index(b, candidate)
		}
		if i >= 0 {
			body, before, after, ok = n, b[:i], b[i+len(candidate):], true
		}
	}
	return body, before, after, ok
}

// canonical is a signed string: canonical, or canonicalBase64 where it is not UTF-8.
// Where it holds one of the bodies of a record, quoted stands in its place.
func (c *codec) canonical(b *[]byte) {
	if c.reads {
		if !c.readQuoted(b) {
			c.large("canonical", "canonicalBase64", b) // canonical may be {"base64": …}, as it once was written
		}
		if len(*b) == 0 {
			*b = nil
		}
		return
	}
	n, before, after, ok := c.quote(*b)
	if !ok {
		c.large("canonical", "canonicalBase64", b)
		return
	}
	c.open("quoted")
	c.around("before", before)
	c.name("body")
	c.b = append(strconv.AppendInt(c.b, int64(n), 10), ',')
	c.around("after", after)
	c.close()
}

func (c *codec) around(name string, part []byte) {
	s := string(part)
	some(c, name, &s)
}

func (c *codec) readQuoted(b *[]byte) bool {
	if !c.open("quoted") {
		return false
	}
	var before, after Text
	n := 0
	text(c, "before", &before)
	c.decode("body", &n)
	text(c, "after", &after)
	c.close()
	if c.bodies != nil && n >= 0 && n < len(c.bodies) {
		*b = slices.Concat([]byte(before), c.bodies[n], []byte(after))
	}
	return true
}
