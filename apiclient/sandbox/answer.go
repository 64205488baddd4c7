package sandbox

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"unicode/utf8"

	"countersign/apiclient"
	"countersign/apiclient/signing"
)

// answer is a result with whatever else its body holds, in order.
type answer struct {
	http    int
	result  apiclient.Result
	members []member
	xml     bool // its body is XML
}

type member struct {
	name  string
	value any
}

func (a *answer) add(name string, value any) { a.members = append(a.members, member{name, value}) }

// succeed is an answer with S SUCCESS.
func succeed() answer {
	return answer{http: http.StatusOK, result: apiclient.Result{Status: "S", Code: "SUCCESS", Message: "success"}}
}

// statuses of the codes that are not F.
var statuses = map[string]string{
	"SUCCESS": "S", "ACCEPT": "A", "PAYMENT_IN_PROCESS": "U", "REFUND_IN_PROCESS": "U", "UNKNOWN_EXCEPTION": "U",
}

// refuse is an answer with any other code, and the status that goes with it.
func refuse(code, message string) answer {
	status := statuses[code]
	if status == "" {
		status = "F"
	}
	return answer{http: http.StatusOK,
		result: apiclient.Result{Status: status, Code: code, Message: clip(message, maxMessage)}}
}

const maxMessage = 256 // characters of resultMessage (the protocol, section 2)

// clip shortens s to n characters, with an ellipsis where it was longer.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	runes := []rune(s)
	return string(runes[:n-1]) + "…"
}

// body writes the answer as JSON: result first, then the members in order.
func (a answer) body() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(`{"result":`)
	err := writeJSON(&b, struct {
		Code    string `json:"resultCode"`
		Status  string `json:"resultStatus"`
		Message string `json:"resultMessage"`
	}{a.result.Code, a.result.Status, a.result.Message})
	for _, m := range a.members {
		if err != nil {
			return nil, err
		}
		b.WriteString(`,"` + m.name + `":`)
		err = writeJSON(&b, m.value)
	}
	b.WriteByte('}')
	return b.Bytes(), err
}

// writeJSON encodes v without a line end and without escaping <, > and &: a
// canonical string in an answer should look like itself.
func writeJSON(b *bytes.Buffer, v any) error {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1)
	return nil
}

// send writes the answer, signed where the client is known, and returns it as
// it was sent.
func (s *Sandbox) send(w http.ResponseWriter, q *request, a answer) apiclient.Message {
	body, err := a.body()
	media := "application/json"
	if a.xml && err == nil {
		media = "application/xml"
		body, err = asXML(body)
	}
	if err != nil {
		panic(err) // an answer holds nothing but strings and structs of them
	}
	now := s.config.Now()
	h := w.Header()
	h.Set("Content-Type", media+"; charset=UTF-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Date", now.UTC().Format(http.TimeFormat))
	if a.result.Code == "METHOD_NOT_SUPPORTED" {
		h.Set("Allow", http.MethodPost)
	}
	if q.partial {
		h.Set("Connection", "close")
	}
	h[q.spelling("Response-Time")] = []string{strconv.FormatInt(now.UnixMilli(), 10)}
	if q.known {
		h[q.spelling("Client-Id")] = []string{s.config.ClientID}
		e := q.exchange()
		e.Response = &apiclient.Message{Header: sortedFields(h), Body: body}
		proof, err := signing.Sign(s.config.Key, s.rule.Canonical(&e, apiclient.ResponseSide),
			signing.Style{KeyVersion: s.config.KeyVersion})
		if err != nil {
			panic(err) // a key that New accepted signs; net/http closes the connection
		}
		h[q.spelling("Signature")] = []string{proof.Header}
	}
	w.WriteHeader(a.http)
	if q.method == http.MethodHead {
		body = nil
	}
	if _, err := w.Write(body); err != nil {
		s.config.Log.Info("the client left before its answer", "target", q.target, "error", err)
	}
	return apiclient.Message{
		Line:   "HTTP/1.1 " + strconv.Itoa(a.http) + " " + http.StatusText(a.http),
		Header: sortedFields(h),
		Body:   body,
	}
}
