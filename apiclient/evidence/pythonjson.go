package evidence

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"

	"countersign/apiclient/jsontext"
)

// pythonString writes a JSON string as Python's json.dumps does: in ASCII.
func pythonString(s string) string {
	short := map[rune]string{'"': `\"`, '\\': `\\`, '\n': `\n`, '\r': `\r`, '\t': `\t`, '\b': `\b`, '\f': `\f`}
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		switch text, ok := short[c]; {
		case ok:
			b.WriteString(text)
		case c >= ' ' && c < 0x7f:
			b.WriteRune(c)
		case c > 0xffff:
			high, low := utf16.EncodeRune(c)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// pythonNumber writes a number as Python does after it has read it: integers
// digit by digit, others as the shortest that is the same double.
func pythonNumber(s string) string {
	if !strings.ContainsAny(s, ".eE") {
		return s
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	if size := math.Abs(f); size != 0 && (size < 1e-4 || size >= 1e16) {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

// pythonJSON writes a JSON text as Python's json.dumps(json.loads(s)) does.
func pythonJSON(s string) (string, error) {
	var whole json.RawMessage
	if err := json.Unmarshal([]byte(s), &whole); err != nil {
		return "", err
	}
	var b strings.Builder
	for t := jsontext.Next(whole, 0); t.Kind != jsontext.None; t = jsontext.Next(whole, t.To) {
		switch raw := string(t.Of(whole)); t.Kind {
		case jsontext.Comma, jsontext.Colon:
			b.WriteString(raw + " ")
		case jsontext.String:
			var text string
			_ = json.Unmarshal([]byte(raw), &text) // all of it can be read
			b.WriteString(pythonString(text))
		case jsontext.Number:
			b.WriteString(pythonNumber(raw))
		default:
			b.WriteString(raw)
		}
	}
	return b.String(), nil
}
