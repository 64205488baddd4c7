package apiclient

import (
	"bytes"
	"encoding/json"
)

var bom = []byte("\xef\xbb\xbf")

// isJSON reports whether a body is JSON but for a byte order mark.
func isJSON(body []byte) bool { return json.Valid(bytes.TrimPrefix(body, bom)) }

// parseResult reads the "result" object of a body (the protocol, section 2).
// It is lenient: a byte order mark, other members, wrong types and damage
// after the object do not matter. Where the object occurs more than once the
// last one counts, as in most parsers; times says how often it was met.
// valid is what isJSON says of the body.
func parseResult(body []byte, valid bool) (r Result, times int) {
	body = bytes.TrimPrefix(body, bom)
	if !valid {
		return parseDamaged(body)
	}
	value, times := member(body, "result")
	if times == 0 {
		return Result{}, 0
	}
	return readResult(value), times
}

// parseDamaged reads what is there before the damage. It buffers each member,
// which costs several times the size of the body.
func parseDamaged(body []byte) (r Result, times int) {
	dec := json.NewDecoder(bytes.NewReader(body))
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
