package apiclient

import (
	"bytes"
	"encoding/json"

	"countersign/apiclient/jsontext"
)

var bom = []byte("\xef\xbb\xbf")

// isJSON reports a JSON document, with a byte order mark or without.
func isJSON(body []byte) bool { return json.Valid(bytes.TrimPrefix(body, bom)) }

// parseResult reads the "result" object of a body (the protocol, section 2).
// It is lenient: a byte order mark, other members, wrong types and damage
// after the object do not matter. Where the object occurs more than once the
// last one counts, as in most parsers; times says how often it was met.
func parseResult(body []byte) (r Result, times int) {
	b := bytes.TrimPrefix(body, bom)
	for name, value := range jsontext.Members(b) {
		raw, isResult := value.Of(b), jsontext.Text(name.Of(b)) == "result"
		if !json.Valid(name.Of(b)) || (isResult || len(raw) <= checkedValue) && !json.Valid(raw) {
			break
		}
		if isResult {
			times++
			r = readResult(raw)
		}
	}
	return r, times
}

// checkedValue is the size in bytes up to which a member before the result is
// checked too. That a larger one is damaged is found when the whole body is
// checked: to do so twice takes a second for some bodies.
const checkedValue = 64 << 10

func readResult(value json.RawMessage) Result {
	var members map[string]json.RawMessage
	if json.Unmarshal(value, &members) != nil {
		return Result{}
	}
	return Result{
		Status:  looseText(members["resultStatus"]),
		Code:    looseText(members["resultCode"]),
		Message: looseText(members["resultMessage"]),
	}
}

// looseText is a string's value, or whatever else stands there as it is
// written.
func looseText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil || raw == nil {
		return s
	}
	return string(raw)
}
