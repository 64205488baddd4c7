package evidence

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
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
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var b strings.Builder
	if err := pythonValue(d, &b); err != nil {
		return "", err
	}
	if _, err := d.Token(); err != io.EOF { //nolint:errorlint // Token returns it bare
		return "", fmt.Errorf("something stands behind the value")
	}
	return b.String(), nil
}

func pythonValue(d *json.Decoder, b *strings.Builder) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	switch v := t.(type) {
	case json.Delim:
		b.WriteString(v.String())
		for first := true; d.More(); first = false {
			if !first {
				b.WriteString(", ")
			}
			if v == '{' {
				name, err := d.Token()
				if err != nil {
					return err
				}
				text, _ := name.(string)
				b.WriteString(pythonString(text) + ": ")
			}
			if err := pythonValue(d, b); err != nil {
				return err
			}
		}
		end, err := d.Token()
		if err != nil {
			return err
		}
		fmt.Fprint(b, end)
	case string:
		b.WriteString(pythonString(v))
	case json.Number:
		b.WriteString(pythonNumber(v.String()))
	case nil:
		b.WriteString("null")
	default:
		fmt.Fprint(b, v)
	}
	return nil
}
