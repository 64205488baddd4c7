package sandbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"unicode/utf8"

	"countersign/apiclient"
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

// add adds a member and returns the answer.
func (a *answer) add(name string, value any) *answer {
	a.members = append(a.members, member{name, value})
	return a
}

// addText adds a text, shortened to what a message may have, unless it is empty.
func (a *answer) addText(name, text string) *answer {
	if text == "" {
		return a
	}
	return a.add(name, clip(text, maxMessage))
}

// succeed is an answer with S SUCCESS.
func succeed() *answer {
	return &answer{http: http.StatusOK, result: apiclient.Result{Status: "S", Code: "SUCCESS", Message: "success"}}
}

// statuses of the codes that are not F.
var statuses = map[string]string{
	"SUCCESS": "S", "ACCEPT": "A", "PAYMENT_IN_PROCESS": "U", "REFUND_IN_PROCESS": "U", "UNKNOWN_EXCEPTION": "U",
}

// refuse is an answer with any other code, and the status that goes with it.
func refuse(code, format string, args ...any) *answer {
	message := clip(fmt.Sprintf(format, args...), maxMessage)
	return &answer{http: http.StatusOK,
		result: apiclient.Result{Status: cmp.Or(statuses[code], "F"), Code: code, Message: message}}
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
func (a *answer) body() ([]byte, error) {
	result := struct {
		Code    string `json:"resultCode"`
		Status  string `json:"resultStatus"`
		Message string `json:"resultMessage"`
	}{a.result.Code, a.result.Status, a.result.Message}
	return object(append([]member{{"result", result}}, a.members...))
}

// object writes members as a JSON object.
func object(members []member) ([]byte, error) {
	b := bytes.NewBufferString("{")
	for i, m := range members {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := writeJSON(b, m.name); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := writeJSON(b, m.value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
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

// asXML writes an answer's JSON as XML on one line: members are elements below
// <response>, an array is its element repeated.
func asXML(body []byte) ([]byte, error) {
	out := bytes.NewBufferString(xml.Header)
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	err := writeXML(out, dec, "response")
	return out.Bytes(), err
}

// writeXML writes the next value of a decoder as an element.
func writeXML(out *bytes.Buffer, dec *json.Decoder, name string) error {
	t, err := dec.Token()
	if err != nil {
		return err
	}
	if t == json.Delim('[') {
		for dec.More() {
			if err := writeXML(out, dec, name); err != nil {
				return err
			}
		}
		_, err = dec.Token()
		return err
	}
	fmt.Fprintf(out, "<%s>", name)
	if t == json.Delim('{') {
		for dec.More() {
			key, err := dec.Token()
			if err != nil {
				return err
			}
			if err := writeXML(out, dec, key.(string)); err != nil {
				return err
			}
		}
		_, err = dec.Token()
	} else if t != nil {
		err = xml.EscapeText(out, fmt.Append(nil, t))
	}
	fmt.Fprintf(out, "</%s>", name)
	return err
}
