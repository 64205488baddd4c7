package evidence

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/signing"
	"countersign/apiclient/wire"
)

type harLog struct {
	Entries []harEntry `json:"entries"`
}

type harEntry struct {
	Started time.Time `json:"startedDateTime"`
	Time    float64   `json:"time"`
	Request struct {
		Method   string      `json:"method"`
		URL      string      `json:"url"`
		BodySize int         `json:"bodySize"`
		Headers  []harHeader `json:"headers"`
		PostData *struct {
			Text     string `json:"text"`
			Encoding string `json:"encoding"` // not in the standard, but met
			Params   []any  `json:"params"`
		} `json:"postData"`
	} `json:"request"`
	Response *struct {
		Status     int         `json:"status"`
		StatusText string      `json:"statusText"`
		Headers    []harHeader `json:"headers"`
		Content    struct {
			Text     string `json:"text"`
			Encoding string `json:"encoding"`
			Size     int    `json:"size"`
		} `json:"content"`
	} `json:"response"`
}

type harHeader struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// readHAR reads the entries that have a Signature header anywhere, or all
// entries where none has: pages load much that is not signed.
func (r Reader) readHAR(raw json.RawMessage) (Evidence, error) {
	var log harLog
	if err := json.Unmarshal(raw, &log); err != nil {
		return Evidence{}, &hint.Error{Says: "this JSON is not a HAR: log: " + inWords(err),
			Fix: "export it again from the browser or proxy", Err: err}
	}
	e, rest := Evidence{Kind: HAR}, Evidence{Kind: HAR}
	for i, entry := range log.Entries {
		x, notes, err := entry.exchange(r)
		if err != nil {
			return Evidence{}, &hint.Error{Says: fmt.Sprintf("entry %d of the HAR: %v", i+1, err),
				Fix: "export it again, with content", Err: err}
		}
		if name := r.Names.Of(signing.HeaderName); !x.Request.Has(name) && (x.Response == nil || !x.Response.Has(name)) {
			if len(rest.Exchanges) <= maxExchanges {
				rest.Exchanges, rest.Notes = append(rest.Exchanges, x), append(rest.Notes, notes...)
			}
			continue
		}
		if len(e.Exchanges) == maxExchanges {
			return Evidence{}, tooMany(HAR)
		}
		e.Exchanges, e.Notes = append(e.Exchanges, x), append(e.Notes, notes...)
	}
	if len(e.Exchanges) == 0 {
		e = rest
	}
	switch {
	case len(e.Exchanges) > maxExchanges:
		return Evidence{}, tooMany(HAR)
	case len(e.Exchanges) == 0:
		return Evidence{}, &hint.Error{Says: "the HAR has no entries", Fix: "record the request, then export again"}
	}
	return e, nil
}

func (h harEntry) exchange(reader Reader) (apiclient.Exchange, []string, error) {
	var notes []string
	m := apiclient.Message{Line: h.Request.Method + " " + h.Request.URL + " HTTP/1.1",
		Header: harFields(h.Request.Headers)}
	if wire.CheckMethod(h.Request.Method) != nil || h.Request.URL == "" {
		return apiclient.Exchange{}, nil, &hint.Error{Says: "it has no method or no URL"}
	}
	if p := h.Request.PostData; p != nil {
		body, err := harBody(p.Text, p.Encoding)
		if err != nil {
			return apiclient.Exchange{}, nil, err
		}
		m.Body = body
	}
	if length := m.Get("Content-Length"); len(m.Body) == 0 &&
		(h.Request.BodySize > 0 || length != "" && length != "0" || h.Request.PostData != nil &&
			len(h.Request.PostData.Params) > 0) {
		notes = append(notes, "the HAR does not have the request's body (postData): export it with content")
		m.Partial = true
	}
	e := reader.fromRequest(m)
	e.StartedAt, e.Timing.Total = h.Started, time.Duration(h.Time*float64(time.Millisecond))
	r := h.Response
	if r == nil || r.Status == 0 {
		return e, notes, nil
	}
	answer := apiclient.Message{Line: strings.TrimSpace(fmt.Sprintf("HTTP/1.1 %d %s", r.Status, r.StatusText)),
		Header: harFields(r.Headers)}
	body, err := harBody(r.Content.Text, r.Content.Encoding)
	if err != nil {
		return apiclient.Exchange{}, nil, err
	}
	answer.Body = body
	if coding := answer.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		notes = append(notes, fmt.Sprintf("a HAR keeps bodies without their %s coding: the signature is checked over the "+
			"decoded body", coding))
	}
	if length := answer.Get("Content-Length"); len(body) == 0 && (r.Content.Size > 0 || length != "" && length != "0") {
		notes = append(notes, "the HAR does not have the response's body: export it with content")
		answer.Partial = true
	}
	e.Response, e.Outcome = &answer, apiclient.Answered
	return e, notes, nil
}

// harFields leaves out the pseudo headers of HTTP/2.
func harFields(headers []harHeader) []apiclient.Field {
	var fields []apiclient.Field
	for _, h := range headers {
		if !strings.HasPrefix(h.Name, ":") {
			fields = append(fields, apiclient.Field{Name: h.Name, Value: h.Value})
		}
	}
	return fields
}

func harBody(text, encoding string) ([]byte, error) {
	if !strings.EqualFold(encoding, "base64") {
		return []byte(text), nil
	}
	return base64.StdEncoding.DecodeString(text)
}
