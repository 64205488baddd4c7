package apiclient

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"
	"unicode/utf8"

	"countersign/apiclient/jsonstream"
)

// The JSON form of an Exchange is the one of the command line: send --json and
// history show --json print it, and every command that takes evidence reads
// it. The history keeps it too, see AppendRecord. It keeps every byte. A string that
// came from the network and is not UTF-8 is written as {"base64": "…"}; a body or
// signed string that is not UTF-8 is in bodyBase64 or canonicalBase64 in place of body
// or canonical. Durations are milliseconds.

type exchangeJSON struct {
	ID         string        `json:"id,omitempty"`
	Origin     Origin        `json:"origin"`
	Profile    Text          `json:"profile"`
	Endpoint   Text          `json:"endpoint"`
	URL        Text          `json:"url"`
	ClientID   Text          `json:"clientId"`
	MerchantID Text          `json:"merchantId,omitempty"`
	StartedAt  time.Time     `json:"startedAt"`
	Timing     timingJSON    `json:"timing"`
	Remote     Text          `json:"remote,omitempty"`
	Outcome    Outcome       `json:"outcome"`
	BytesSent  bool          `json:"bytesSent"`
	Masked     bool          `json:"masked,omitempty"`
	Request    *messageJSON  `json:"request"`
	Sent       sentJSON      `json:"sent"`
	Response   *messageJSON  `json:"response"`
	Received   *verdictJSON  `json:"received"`
	Result     resultJSON    `json:"result"`
	Findings   []findingJSON `json:"findings"`
	Error      Text          `json:"error"`
	Hint       Text          `json:"hint,omitempty"`
}

type timingJSON struct {
	DNS       float64 `json:"dnsMs"`
	Connect   float64 `json:"connectMs"`
	TLS       float64 `json:"tlsMs"`
	Sign      float64 `json:"signMs"`
	Write     float64 `json:"writeMs"`
	FirstByte float64 `json:"firstByteMs"`
	Total     float64 `json:"totalMs"`
}

type messageJSON struct {
	Line       Text      `json:"line"`
	Headers    [][2]Text `json:"headers"`
	HeadBase64 *[]byte   `json:"headBase64,omitempty"` // only where line and headers cannot give the head's bytes back
	Body       *string   `json:"body,omitempty"`
	BodyBase64 *[]byte   `json:"bodyBase64,omitempty"`
	Decoded    *string   `json:"decoded,omitempty"`
	Decoded64  *[]byte   `json:"decodedBase64,omitempty"`
	Trailers   [][2]Text `json:"trailers,omitempty"` // fields behind a chunked body
	Partial    bool      `json:"partial,omitempty"`
}

type resultJSON struct {
	Status  Text `json:"status"`
	Code    Text `json:"code"`
	Message Text `json:"message"`
}

type findingJSON struct {
	Side     Side     `json:"side,omitempty"`
	Field    Text     `json:"field"`
	Cause    string   `json:"cause"`
	Severity Severity `json:"severity"`
	Says     Text     `json:"says"`
	Hint     Text     `json:"hint,omitempty"`
}

// Text is a string in JSON that need not be UTF-8: then it is {"base64": "…"}.
type Text string

// MarshalJSON implements json.Marshaler.
func (t Text) MarshalJSON() ([]byte, error) {
	return appendText(make([]byte, 0, len(t)+2), string(t)), nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *Text) UnmarshalJSON(b []byte) error {
	if last := len(b) - 1; last > 0 && b[0] == '"' && bytes.IndexByte(b, '\\') < 0 && utf8.Valid(b) { // as nearly all are
		*t = Text(b[1:last])
		return nil
	}
	if len(b) > 0 && b[0] == '{' {
		var wrapped struct {
			Base64 []byte `json:"base64"`
		}
		err := json.Unmarshal(b, &wrapped)
		*t = Text(wrapped.Base64)
		return err
	}
	return json.Unmarshal(b, (*string)(t))
}

// marshal is json.Marshal without its escapes for HTML.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'}), nil
}

// MarshalJSON writes the exchange as the command line prints it.
func (e Exchange) MarshalJSON() ([]byte, error) { return e.appendJSON(nil, place{}) }

// WriteJSON writes what MarshalJSON gives, indented and with a line feed at the
// end. Large bodies and signed strings are not copied: an exchange holds 32 MB
// up to four times.
func (e Exchange) WriteJSON(w io.Writer) error {
	values := jsonstream.New()
	b, err := e.appendJSON(nil, place{stream: values})
	if err != nil {
		return err
	}
	return values.Write(w, json.RawMessage(b))
}

func (e *Exchange) appendJSON(b []byte, p place) ([]byte, error) {
	w := jsonWriter{b: b, place: p}
	err := w.exchange(e)
	return w.b, err
}

// UnmarshalJSON reads what MarshalJSON writes. Members that are missing are
// zero; a message needs a line.
func (e *Exchange) UnmarshalJSON(b []byte) error {
	var j exchangeJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	return j.into(e, nil)
}

// into puts everything into e. beside are the bodies beside a record; nil: it is none.
func (j *exchangeJSON) into(e *Exchange, beside *Bodies) error {
	*e = Exchange{
		ID: j.ID, Origin: j.Origin, Profile: string(j.Profile), Endpoint: string(j.Endpoint), URL: string(j.URL),
		ClientID:   string(j.ClientID),
		MerchantID: string(j.MerchantID), StartedAt: j.StartedAt, Timing: j.Timing.timing(), Remote: string(j.Remote),
		Outcome: j.Outcome, BytesSent: j.BytesSent, Masked: j.Masked,
		Result: Result{string(j.Result.Status), string(j.Result.Code), string(j.Result.Message)},
		Err:    string(j.Error), Hint: string(j.Hint),
	}
	if j.Request != nil {
		e.Request = j.Request.message()
	}
	if j.Response != nil {
		m := j.Response.message()
		e.Response = &m
	}
	var bodies *Bodies
	if beside != nil {
		e.take(beside)
		all := e.Bodies()
		bodies = &all
	}
	for _, f := range j.Findings {
		e.Findings = append(e.Findings, Finding{f.Side, string(f.Field), f.Cause, f.Severity, string(f.Says), string(f.Hint)})
	}
	if err := j.Sent.into(e, bodies); err != nil {
		return fmt.Errorf("sent: %w", err)
	}
	if j.Received != nil {
		var err error
		if e.Received, err = j.Received.verdict(bodies); err != nil {
			return fmt.Errorf("received: %w", err)
		}
	}
	return nil
}

func toMillis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func fromMillis(ms float64) time.Duration {
	return time.Duration(math.Round(ms * float64(time.Millisecond)))
}

func (j timingJSON) timing() Timing {
	return Timing{
		DNS: fromMillis(j.DNS), Connect: fromMillis(j.Connect), TLS: fromMillis(j.TLS), Sign: fromMillis(j.Sign),
		Write: fromMillis(j.Write), FirstByte: fromMillis(j.FirstByte), Total: fromMillis(j.Total),
	}
}

func fieldsFromJSON(list [][2]Text) []Field {
	var fields []Field
	for _, f := range list {
		fields = append(fields, Field{Name: string(f[0]), Value: string(f[1])})
	}
	return fields
}

func bytesFromJSON(s *string, b64 *[]byte) []byte {
	switch {
	case b64 != nil:
		return *b64
	case s != nil:
		return []byte(*s)
	}
	return nil
}

func (j *messageJSON) message() Message {
	m := Message{
		Line: string(j.Line), Header: fieldsFromJSON(j.Headers), Trailer: fieldsFromJSON(j.Trailers), Partial: j.Partial,
		Body: bytesFromJSON(j.Body, j.BodyBase64), Decoded: bytesFromJSON(j.Decoded, j.Decoded64),
	}
	if j.HeadBase64 != nil {
		m.Head = *j.HeadBase64
	}
	return m
}
