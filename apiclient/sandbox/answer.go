package sandbox

import (
	"bytes"
	"encoding/json"
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
	if err != nil {
		return nil, err
	}
	err = writeMembers(&b, ",", a.members)
	b.WriteByte('}')
	return b.Bytes(), err
}

// membersBody writes members as an object.
func membersBody(members []member) ([]byte, error) {
	b := bytes.NewBufferString("{")
	err := writeMembers(b, "", members)
	b.WriteByte('}')
	return b.Bytes(), err
}

func writeMembers(b *bytes.Buffer, separator string, members []member) error {
	for _, m := range members {
		b.WriteString(separator)
		separator = ","
		if err := writeJSON(b, m.name); err != nil {
			return err
		}
		b.WriteByte(':')
		if err := writeJSON(b, m.value); err != nil {
			return err
		}
	}
	return nil
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
