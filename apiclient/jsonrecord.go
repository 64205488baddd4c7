package apiclient

import "encoding/json"

// Records of earlier builds are the JSON form without the bodies, all of which are
// beside it. They are only read.

// quoteJSON stands in such a record for a signed string with a body in it.
type quoteJSON struct {
	Before Text `json:"before,omitempty"`
	Body   int  `json:"body"` // which of Bodies
	After  Text `json:"after,omitempty"`
}

func (e *Exchange) readJSONRecord(record []byte, bodies *Bodies) error {
	var j exchangeJSON
	if err := json.Unmarshal(record, &j); err != nil {
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

func (q *quoteJSON) bytes(bodies *Bodies) []byte {
	if bodies == nil || q.Body < 0 || q.Body >= len(bodies) {
		return nil
	}
	body := bodies[q.Body]
	b := append(make([]byte, 0, len(q.Before)+len(body)+len(q.After)), q.Before...)
	return append(append(b, body...), q.After...)
}
