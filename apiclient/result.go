package apiclient

import (
	"bytes"
	"encoding/json"
)

var bom = []byte("\xef\xbb\xbf")

// parseResult reads the "result" object of a body (the protocol, section 2).
// It is lenient: a byte order mark, other members, wrong types and damage
// after the object do not matter. Where the object occurs more than once the
// last one counts, as in most parsers; times says how often it was met.
func parseResult(body []byte) (r Result, times int) {
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, bom)))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return r, 0
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return r, times
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return r, times
		}
		if key == "result" {
			times++
			r = readResult(value)
		}
	}
	return r, times
}

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
