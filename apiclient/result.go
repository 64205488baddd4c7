package apiclient

import (
	"bytes"
	"encoding/json"
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
	i := skipBlanks(b, 0)
	if i >= len(b) || b[i] != '{' {
		return r, 0
	}
	for i = skipBlanks(b, i+1); i < len(b) && b[i] == '"'; {
		end := endOfValue(b, i)
		var key string
		if json.Unmarshal(b[i:end], &key) != nil {
			return r, times
		}
		if i = skipBlanks(b, end); i >= len(b) || b[i] != ':' {
			return r, times
		}
		i = skipBlanks(b, i+1)
		end = endOfValue(b, i)
		if key == "result" {
			if !json.Valid(b[i:end]) {
				return r, times
			}
			times++
			r = readResult(b[i:end])
		} else if end-i <= checkedValue && !json.Valid(b[i:end]) {
			return r, times
		}
		if i = skipBlanks(b, end); i >= len(b) || b[i] != ',' {
			return r, times
		}
		i = skipBlanks(b, i+1)
	}
	return r, times
}

// checkedValue is the size in bytes up to which a member before the result is
// checked too. That a larger one is damaged is found when the whole body is
// checked: to do so twice takes a second for some bodies.
const checkedValue = 64 << 10

func skipBlanks(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\r' || b[i] == '\n') {
		i++
	}
	return i
}

// endOfValue gives the end of the JSON value that begins at an offset, or of b
// where it does not end.
func endOfValue(b []byte, i int) int {
	depth := 0
	for i < len(b) {
		switch b[i] {
		case '"':
			i = endOfString(b, i+1)
		case '{', '[':
			depth++
			i++
		case '}', ']':
			depth--
			if depth < 0 {
				return i // of what is around it
			}
			i++
		case ',', ':', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
			i++
			continue
		default:
			i++
			continue // until the end of a number or a word
		}
		if depth == 0 {
			return i
		}
	}
	return len(b)
}

// endOfString gives the offset after the quote that closes a string.
func endOfString(b []byte, i int) int {
	for i < len(b) {
		q := bytes.IndexByte(b[i:], '"')
		if q < 0 {
			return len(b)
		}
		end := i + q
		slashes := 0
		for k := end - 1; k >= i && b[k] == '\\'; k-- {
			slashes++
		}
		if slashes%2 == 0 {
			return end + 1
		}
		i = end + 1
	}
	return len(b)
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
