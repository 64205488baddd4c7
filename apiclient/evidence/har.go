package evidence

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/wire"
)

type harEntry struct {
	Started json.RawMessage `json:"startedDateTime"`
	Time    json.RawMessage `json:"time"`
	Request struct {
		Method   string      `json:"method"`
		URL      string      `json:"url"`
		BodySize *float64    `json:"bodySize"`
		Headers  []harHeader `json:"headers"`
		PostData *harText    `json:"postData"`
		Body     *harText    `json:"body"` // of API clients whose requests have the form of HAR for the rest
	} `json:"request"`
	Response *struct {
		Status     int         `json:"status"`
		StatusText string      `json:"statusText"`
		Headers    []harHeader `json:"headers"`
		Content    harText     `json:"content"`
	} `json:"response"`
}

// harText is a body, of the request or the response.
type harText struct {
	Text     *string         `json:"text"`
	Encoding string          `json:"encoding"` // of requests it is not in the standard, but met
	Size     float64         `json:"size"`
	Params   json.RawMessage `json:"params"`
	MimeType string          `json:"mimeType"`
	// Coded are the bytes before the content coding was undone, as our own export has
	// them.
	Coded *[]byte `json:"_codedBase64"`
}

type harHeader struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// readEntries reads entries of a HAR.
func (r Reader) readEntries(entries []json.RawMessage) (Evidence, error) {
	l := items{r: r, kind: HAR}
	for _, raw := range entries {
		l.add(r.readEntry(raw))
	}
	return l.evidence()
}

func (r Reader) readEntry(raw json.RawMessage) (apiclient.Exchange, []string, error) {
	const fix = "export it again, with content"
	var entry harEntry
	if err := json.Unmarshal(raw, &entry); err != nil {
		return apiclient.Exchange{}, nil, hint.Errorf(fix, "%s", inWords(err))
	}
	if wire.CheckMethod(entry.Request.Method) != nil || entry.Request.URL == "" {
		return apiclient.Exchange{}, nil, hint.Errorf(fix, "it has no method or no URL")
	}
	request, notes := entry.request()
	x := r.fromRequest(request)
	var millis float64
	_ = json.Unmarshal(entry.Started, &x.StartedAt) // a time that no clock wrote takes nothing from the messages
	_ = json.Unmarshal(entry.Time, &millis)
	x.Timing.Total = time.Duration(millis * float64(time.Millisecond))
	if entry.Response != nil && entry.Response.Status != 0 {
		answer, more := entry.response()
		x.Response, x.Outcome, notes = &answer, apiclient.Answered, append(notes, more...)
	}
	return x, notes, nil
}

func (h *harEntry) request() (m apiclient.Message, notes []string) {
	m = apiclient.Message{Line: h.Request.Method + " " + h.Request.URL + " HTTP/1.1", Header: harFields(h.Request.Headers)}
	size, p := -1, cmp.Or(h.Request.PostData, h.Request.Body)
	if h.Request.BodySize != nil {
		size = int(*h.Request.BodySize)
	}
	if p != nil && p.Text != nil {
		m.Body, notes = p.body("request", size)
		if p.Coded != nil {
			m.Body, m.Decoded = *p.Coded, m.Body
		}
	}
	if p != nil && len(m.Body) == 0 && strings.HasPrefix(strings.ToLower(cmp.Or(p.MimeType, m.Get("Content-Type"))), formType) {
		m.Body, notes = p.form(size, notes)
	}
	unsaid := h.Request.BodySize != nil && size < 0 && p == nil && m.Get("Content-Length") == ""
	if length := m.Get("Content-Length"); len(m.Body) == 0 && (size > 0 || length != "" && length != "0" ||
		p != nil && len(p.Params) > 2 || unsaid && expectsBody(&m)) {
		notes = append(notes, "the HAR does not have the request's body (postData): export it with content")
		m.Partial = true
	}
	return m, notes
}

func (h *harEntry) response() (m apiclient.Message, notes []string) {
	r := h.Response
	m = apiclient.Message{Line: strings.TrimSpace(fmt.Sprintf("HTTP/1.1 %d %s", r.Status, r.StatusText)),
		Header: harFields(r.Headers), Body: []byte{}}
	if r.Content.Text != nil {
		m.Body, notes = r.Content.body("response", int(r.Content.Size))
	}
	if coded := r.Content.Coded; coded != nil && r.Content.Text != nil {
		m.Body, m.Decoded = *coded, m.Body
	} else if coding := m.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		notes = append(notes, fmt.Sprintf("a HAR keeps bodies without their %s coding: the signature is checked over the "+
			"decoded body", coding))
	}
	if length := m.Get("Content-Length"); len(m.Body) == 0 && h.Request.Method != "HEAD" &&
		(r.Content.Size != 0 && r.Content.Text == nil || r.Content.Size > 0 || length != "" && length != "0") {
		notes = append(notes, "the HAR does not have the response's body: export it with content")
		m.Partial = true
	}
	return m, notes
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

// body is the text as bytes; size is what the HAR says that they are, or not
// above 0. What is said of the text and is not so is told.
func (h *harText) body(side string, size int) (body []byte, notes []string) {
	text, encoding := *h.Text, strings.ToLower(h.Encoding)
	decode := map[string]func(string) ([]byte, bool){"base64": anyBase64, "base64url": anyBase64, "hex": hexText,
		"binary": latin1, "latin1": latin1, "iso-8859-1": latin1}[encoding]
	if decode != nil {
		body, ok := decode(text)
		if ok && (size <= 0 || size != len(text) || size == len(body)) {
			return body, nil
		}
		return []byte(text), []string{fmt.Sprintf("the text of the %s is marked as %s and is not: it is taken as text",
			side, cmp.Or(encoding, "encoded"))}
	}
	if size > 0 && size != len(text) {
		if bytes, ok := latin1(text); ok && len(bytes) == size {
			return bytes, []string{fmt.Sprintf("the text of the %s has a character for each of its %d bytes: it is taken as "+
				"these bytes", side, size)}
		}
	}
	return []byte(text), nil
}

// formType is how the media type of a form begins.
const formType = "application/x-www-form-urlencoded"

// form builds a form of the params that the HAR has in place of its text: they are
// as they were sent, or decoded; then the size tells how they were encoded.
func (h *harText) form(size int, notes []string) ([]byte, []string) {
	var params []harHeader
	if json.Unmarshal(h.Params, &params) != nil || len(params) == 0 {
		return nil, notes
	}
	as := func(escape func(string) string) []byte {
		var pairs []string
		for _, p := range params {
			pairs = append(pairs, escape(p.Name)+"="+escape(p.Value))
		}
		return []byte(strings.Join(pairs, "&"))
	}
	sent := as(func(s string) string { return s })
	plus := as(url.QueryEscape)
	percent := as(func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") })
	body := plus
	if _, err := url.ParseQuery(string(sent)); err == nil && isFormText(sent) && (len(sent) == size || len(plus) != size) {
		body = sent
	} else if len(percent) == size && len(plus) != size {
		body = percent
	}
	return body, append(notes, "the HAR has the form's parameters and not its text: the body is made of them again")
}

// isFormText reports whether a text has only what stands in an encoded form.
func isFormText(text []byte) bool {
	for _, c := range text {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			return false
		}
	}
	return true
}

// anyBase64 reads base64 with the alphabet of files or of URLs, padded or not,
// on one line or several.
func anyBase64(text string) ([]byte, bool) {
	text = strings.NewReplacer("\r", "", "\n", "", " ", "", "-", "+", "_", "/").Replace(text)
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	return b, err == nil
}

func hexText(text string) ([]byte, bool) {
	b, err := hex.DecodeString(text)
	return b, err == nil
}

// latin1 takes each character as one byte.
func latin1(text string) ([]byte, bool) {
	b := make([]byte, 0, len(text))
	for i, r := range text {
		if r > 0xff || r == utf8.RuneError && text[i] != 0xef {
			return nil, false
		}
		b = append(b, byte(r))
	}
	return b, true
}
