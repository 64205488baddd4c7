package apiclient

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"unicode/utf8"
)

// Text is a string in JSON that need not be UTF-8: then it is {"base64": "…"}.
type Text string

// MarshalJSON implements json.Marshaler.
func (t Text) MarshalJSON() ([]byte, error) {
	return appendText(make([]byte, 0, len(t)+2), string(t)), nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *Text) UnmarshalJSON(b []byte) error {
	if s, ok := plainString(b); ok {
		*t = Text(s)
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

// plainString returns the inside of a string without escapes, as nearly all are.
func plainString(raw []byte) (s []byte, ok bool) {
	last := len(raw) - 1
	if last < 1 || raw[0] != '"' || bytes.IndexByte(raw, '\\') >= 0 || !utf8.Valid(raw) {
		return nil, false
	}
	return raw[1:last], true
}

// appendText appends s as Text stands in JSON.
func appendText(b []byte, s string) []byte {
	start := len(b)
	b = append(b, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			return appendWide(b[:start], s)
		case c >= ' ' && c != '"' && c != '\\':
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		if short := shortEscapes[c]; short != 0 {
			b = append(b, '\\', short)
		} else {
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(append(b, s[from:]...), '"')
}

const hexDigits = "0123456789abcdef"

var shortEscapes = ['\\' + 1]byte{'"': '"', '\\': '\\', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't'}

// appendWide appends a string that is not ASCII.
func appendWide(b []byte, s string) []byte {
	if !utf8.ValidString(s) {
		b = base64.StdEncoding.AppendEncode(append(b, `{"base64":"`...), []byte(s))
		return append(b, `"}`...)
	}
	out := bytes.NewBuffer(b)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string has no error
	return bytes.TrimSuffix(out.Bytes(), []byte{'\n'})
}
