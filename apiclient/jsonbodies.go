package apiclient

import (
	"bytes"
	"encoding/json"

	"countersign/apiclient/jsonstream"
)

// Bodies are the bytes of an exchange that a store keeps beside its JSON form:
// of the request, of the request decoded, of the response, of the response
// decoded. nil: there is none.
type Bodies [4][]byte

// Bodies returns the bodies of the exchange. They are not copied.
func (e *Exchange) Bodies() Bodies {
	b := Bodies{e.Request.Body, e.Request.Decoded}
	if e.Response != nil {
		b[2], b[3] = e.Response.Body, e.Response.Decoded
	}
	return b
}

// AppendWithout appends the JSON form without these bodies. A signed string is a
// short head and the body, so it refers to the body that is in it.
func (e *Exchange) AppendWithout(b []byte, bodies *Bodies) ([]byte, error) {
	return e.appendJSON(b, place{bodies: bodies})
}

// UnmarshalWith reads what AppendWithout appended, with the same bodies.
func (e *Exchange) UnmarshalWith(data []byte, bodies *Bodies) error {
	var j exchangeJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	if err := j.into(e, bodies); err != nil {
		return err
	}
	e.Request.Body, e.Request.Decoded = bodies[0], bodies[1]
	if r := e.Response; r != nil {
		r.Body, r.Decoded = shared(bodies[2], e.Received.Canonical), bodies[3]
	}
	return nil
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
	stream *jsonstream.Values // nil: into the JSON
	bodies *Bodies            // nil: they are not kept beside it
}

// quoteJSON is a signed string with a body in it that is kept beside the JSON.
type quoteJSON struct {
	Before Text `json:"before,omitempty"`
	Body   int  `json:"body"` // which of Bodies
	After  Text `json:"after,omitempty"`
}

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

func (q *quoteJSON) bytes(bodies *Bodies) []byte {
	if bodies == nil || q.Body < 0 || q.Body >= len(bodies) {
		return nil
	}
	body := bodies[q.Body]
	b := append(make([]byte, 0, len(q.Before)+len(body)+len(q.After)), q.Before...)
	return append(append(b, body...), q.After...)
}
