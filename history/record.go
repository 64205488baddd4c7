package history

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"time"

	"countersign/apiclient"
)

// record is an exchange without its bodies, as JSON in the file. Its names are
// a file format of their own: they do not follow the fields of apiclient, and
// changing one is another schemaVersion. Everything comes back as it was, nil and empty
// told apart; a test fills each field of an Exchange by reflection, so that a
// new one cannot be forgotten here.
type record struct {
	ID          text      `json:"id"`
	Profile     text      `json:"profile,omitzero"`
	Endpoint    text      `json:"endpoint,omitzero"`
	Origin      text      `json:"origin,omitzero"`
	URL         text      `json:"url,omitzero"`
	ClientID    text      `json:"client_id,omitzero"`
	MerchantID  text      `json:"merchant_id,omitzero"`
	Request     head      `json:"request"`
	Sent        proof     `json:"sent"`
	SentKey     text      `json:"sent_key,omitzero"`
	SentVerdict verdict   `json:"sent_verdict"`
	SignedAs    text      `json:"signed_as,omitzero"`
	Tampered    []text    `json:"tampered,omitzero"`
	Response    *head     `json:"response,omitzero"`
	Received    verdict   `json:"received"`
	Result      result    `json:"result,omitzero"`
	Findings    []finding `json:"findings,omitzero"`
	StartedAt   time.Time `json:"started_at"`
	Timing      timing    `json:"timing,omitzero"`
	Remote      text      `json:"remote,omitzero"`
	Outcome     text      `json:"outcome"`
	BytesSent   bool      `json:"bytes_sent,omitzero"`
	Err         text      `json:"err,omitzero"`
	Hint        text      `json:"hint,omitzero"`
}

type head struct {
	Line    text    `json:"line"`
	Header  []field `json:"header,omitzero"`
	Raw     quote   `json:"raw,omitzero"` // the head's bytes, where line and header do not make them
	Trailer []field `json:"trailer,omitzero"`
	Partial bool    `json:"partial,omitzero"`
}

type field [2]text

type result struct {
	Status  text `json:"status,omitzero"`
	Code    text `json:"code,omitzero"`
	Message text `json:"message,omitzero"`
}

type finding struct {
	Side     text `json:"side,omitzero"`
	Field    text `json:"field,omitzero"`
	Cause    text `json:"cause,omitzero"`
	Severity text `json:"severity,omitzero"`
	Says     text `json:"says,omitzero"`
	Hint     text `json:"hint,omitzero"`
}

// timing is in nanoseconds.
type timing struct {
	DNS       time.Duration `json:"dns,omitzero"`
	Connect   time.Duration `json:"connect,omitzero"`
	TLS       time.Duration `json:"tls,omitzero"`
	Sign      time.Duration `json:"sign,omitzero"`
	Write     time.Duration `json:"write,omitzero"`
	FirstByte time.Duration `json:"first_byte,omitzero"`
	Total     time.Duration `json:"total,omitzero"`
}

// encode gives the record of e; the bodies are kept beside it.
func encode(e *apiclient.Exchange, bodies parts) ([]byte, error) {
	r := record{
		ID: text(e.ID), Profile: text(e.Profile), Endpoint: text(e.Endpoint), Origin: text(e.Origin),
		URL: text(e.URL), ClientID: text(e.ClientID), MerchantID: text(e.MerchantID),
		Request: headOf(e.Request), Sent: proofOf(e.Sent, bodies), SentKey: text(e.SentKey),
		SentVerdict: verdictOf(e.SentVerdict, bodies), SignedAs: text(e.SignedAs),
		Tampered: each(e.Tampered, func(s string) text { return text(s) }),
		Received: verdictOf(e.Received, bodies),
		Result:   result{text(e.Result.Status), text(e.Result.Code), text(e.Result.Message)},
		Findings: each(e.Findings, func(f apiclient.Finding) finding {
			return finding{text(f.Side), text(f.Field), text(f.Cause), text(f.Severity), text(f.Says), text(f.Hint)}
		}),
		StartedAt: e.StartedAt, Timing: timing(e.Timing), Remote: text(e.Remote), Outcome: text(e.Outcome),
		BytesSent: e.BytesSent, Err: text(e.Err), Hint: text(e.Hint),
	}
	if e.Response != nil {
		h := headOf(*e.Response)
		r.Response = &h
	}
	return json.Marshal(r)
}

// checksum is Castagnoli's CRC-32 of a record and of the bodies beside it,
// nil and empty told apart. It finds what was changed in the file since: the
// verdicts in a record are about these bytes and no others.
func checksum(record []byte, bodies parts) int64 {
	sum := crc32.Checksum(record, castagnoli)
	for _, body := range bodies {
		size := int64(-1)
		if body != nil {
			size = int64(len(body))
		}
		sum = crc32.Update(sum, castagnoli, binary.LittleEndian.AppendUint64(nil, uint64(size)))
		sum = crc32.Update(sum, castagnoli, body)
	}
	return int64(sum)
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// decode is the inverse of encode.
func decode(data []byte, bodies parts) (apiclient.Exchange, error) {
	var r record
	if err := json.Unmarshal(data, &r); err != nil {
		return apiclient.Exchange{}, fmt.Errorf("the record cannot be read: %w", err)
	}
	e := apiclient.Exchange{
		ID: string(r.ID), Profile: string(r.Profile), Endpoint: string(r.Endpoint), Origin: apiclient.Origin(r.Origin),
		URL: string(r.URL), ClientID: string(r.ClientID), MerchantID: string(r.MerchantID),
		Request: r.Request.message(bodies[requestBody], bodies[requestDecoded]),
		Sent:    r.Sent.proof(bodies), SentKey: string(r.SentKey),
		SentVerdict: r.SentVerdict.verdict(bodies), SignedAs: string(r.SignedAs),
		Tampered: each(r.Tampered, func(t text) string { return string(t) }),
		Received: r.Received.verdict(bodies),
		Result:   apiclient.Result{Status: string(r.Result.Status), Code: string(r.Result.Code), Message: string(r.Result.Message)},
		Findings: each(r.Findings, func(f finding) apiclient.Finding {
			return apiclient.Finding{Side: apiclient.Side(f.Side), Field: string(f.Field), Cause: string(f.Cause),
				Severity: apiclient.Severity(f.Severity), Says: string(f.Says), Hint: string(f.Hint)}
		}),
		StartedAt: r.StartedAt, Timing: apiclient.Timing(r.Timing), Remote: string(r.Remote),
		Outcome: apiclient.Outcome(r.Outcome), BytesSent: r.BytesSent, Err: string(r.Err), Hint: string(r.Hint),
	}
	if r.Response != nil {
		m := r.Response.message(shared(bodies[responseBody], e.Received.Canonical), bodies[responseDecoded])
		e.Response = &m
	}
	return e, nil
}

// shareFrom is the size in bytes from which a body is not kept beside the
// signed string that holds it.
const shareFrom = 1 << 20

// shared gives a large body as the end of the signed string, where it is that.
func shared(body, canonical []byte) []byte {
	if len(body) < shareFrom || !bytes.HasSuffix(canonical, body) {
		return body
	}
	return canonical[len(canonical)-len(body) : len(canonical) : len(canonical)]
}

// each maps a slice and keeps nil and empty apart.
func each[A, B any](in []A, f func(A) B) []B {
	if in == nil {
		return nil
	}
	out := make([]B, len(in))
	for i, a := range in {
		out[i] = f(a)
	}
	return out
}

func headOf(m apiclient.Message) head {
	toField := func(f apiclient.Field) field { return field{text(f.Name), text(f.Value)} }
	return head{Line: text(m.Line), Raw: quoteOf(m.Head, parts{}), Partial: m.Partial, Header: each(m.Header, toField), Trailer: each(m.Trailer, toField)}
}

func (h head) message(body, decoded []byte) apiclient.Message {
	fromField := func(f field) apiclient.Field { return apiclient.Field{Name: string(f[0]), Value: string(f[1])} }
	return apiclient.Message{
		Line: string(h.Line), Header: each(h.Header, fromField), Trailer: each(h.Trailer, fromField), Head: h.Raw.bytes(parts{}),
		Body: body, Decoded: decoded, Partial: h.Partial,
	}
}
