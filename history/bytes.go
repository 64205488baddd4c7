package history

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"countersign/apiclient"
)

// The parts of an exchange that are blobs of their own.
const (
	requestBody = iota
	requestDecoded
	responseBody
	responseDecoded
	partCount
)

// parts are the bodies of an exchange; nil where there is none.
type parts [partCount][]byte

func partsOf(e *apiclient.Exchange) parts {
	p := parts{requestBody: e.Request.Body, requestDecoded: e.Request.Decoded}
	if e.Response != nil {
		p[responseBody], p[responseDecoded] = e.Response.Body, e.Response.Decoded
	}
	return p
}

// key is where part n of run seq stands in the table of bodies.
func key(seq int64, n int) int64 { return partCount*seq + int64(n) }

// text is a string in JSON that keeps bytes that are no UTF-8, as a header
// field from the wire may have: those are {"base64": "…"}.
type text string

type textBytes struct {
	Base64 []byte `json:"base64"`
}

// MarshalJSON implements json.Marshaler.
func (t text) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(t)) {
		return json.Marshal(string(t))
	}
	return json.Marshal(textBytes{[]byte(t)})
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '{' {
		var b textBytes
		if err := json.Unmarshal(data, &b); err != nil {
			return err
		}
		*t = text(b.Base64)
		return nil
	}
	return json.Unmarshal(data, (*string)(t))
}

// digest is a SHA-256 as hex.
type digest [32]byte

// MarshalText implements encoding.TextMarshaler.
func (d digest) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, d[:]), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *digest) UnmarshalText(s []byte) error {
	if len(s) != hex.EncodedLen(len(d)) {
		return fmt.Errorf("a digest has %d hex digits, not %d", hex.EncodedLen(len(d)), len(s))
	}
	_, err := hex.Decode(d[:], s)
	return err
}

// quote is a byte string that may quote a whole body. A signed string is a
// short head and the body, so without this a body would be kept three times.
// nil is nil, and empty is empty.
type quote []piece

// piece is bytes of its own, or a part of the exchange.
type piece struct {
	Text text `json:"text,omitzero"`
	Part *int `json:"part,omitzero"`
}

// quoteFrom is the size in bytes from which quoting a body saves space.
const quoteFrom = 64

func quoteOf(b []byte, bodies parts) quote {
	if b == nil {
		return nil
	}
	part, at := -1, 0
	for n, body := range bodies {
		if len(body) < quoteFrom || part >= 0 && len(body) <= len(bodies[part]) {
			continue
		}
		if i := indexOf(b, body); i >= 0 {
			part, at = n, i
		}
	}
	q := quote{}
	add := func(b []byte) {
		if len(b) > 0 {
			q = append(q, piece{Text: text(b)})
		}
	}
	if part < 0 {
		add(b)
		return q
	}
	add(b[:at])
	q = append(q, piece{Part: &part})
	add(b[at+len(bodies[part]):])
	return q
}

// indexOf is bytes.Index, with the place where a body nearly always is tried first.
func indexOf(b, body []byte) int {
	if bytes.HasSuffix(b, body) {
		return len(b) - len(body)
	}
	return bytes.Index(b, body)
}

func (q quote) bytes(bodies parts) []byte {
	if q == nil {
		return nil
	}
	size := 0
	for _, p := range q {
		size += len(p.in(bodies))
	}
	out := make([]byte, 0, size)
	for _, p := range q {
		out = append(out, p.in(bodies)...)
	}
	return out
}

func (p piece) in(bodies parts) []byte {
	if p.Part == nil {
		return []byte(p.Text)
	}
	if *p.Part < 0 || *p.Part >= partCount {
		return nil
	}
	return bodies[*p.Part]
}
