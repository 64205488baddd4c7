package probe

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient/jsontext"
)

// What cannot be had with a body.
const (
	notObject  = "the body is not a JSON object"
	notTwo     = "the body has fewer than two members"
	notEscaped = "the body has no letter in a string"
)

// member is one member of an object, byte for byte.
type member struct {
	name  string
	value json.RawMessage
}

// membersOf reads the members of an object; nil where the body is none.
func membersOf(body []byte) (list []member) {
	if !json.Valid(body) {
		return nil
	}
	for name, value := range jsontext.Members(body) {
		if name.Kind == jsontext.String {
			list = append(list, member{jsontext.Text(name.Of(body)), value.Of(body)})
		}
	}
	return list
}

func object(list []member) []byte { return spelled(list, ",", ":") }

func spelled(list []member, comma, colon string) []byte {
	var parts [][]byte
	for _, m := range list {
		parts = append(parts, slices.Concat(jsontext.Quote(m.name), []byte(colon), m.value))
	}
	return slices.Concat([]byte("{"), bytes.Join(parts, []byte(comma)), []byte("}"))
}

// changed changes one character: a digit of the amount where there is one, else
// the last digit or letter of all. The body stays JSON.
func changed(body []byte) []byte {
	at := -1
	if i := bytes.Index(body, []byte(`mount"`)); i >= 0 {
		if j := bytes.IndexAny(body[i:], "123456789"); j >= 0 {
			at = i + j
		}
	}
	for i := len(body) - 1; at < 0 && i >= 0; i-- {
		if c := body[i]; c >= '1' && c <= '9' || c >= 'a' && c <= 'y' && !inLiteral(body, i) {
			at = i
		}
	}
	if at < 0 {
		return append(bytes.Clone(body), ' ')
	}
	out := bytes.Clone(body)
	if out[at]++; out[at] == '9'+1 {
		out[at] = '1'
	}
	return out
}

// inLiteral reports whether a letter stands outside of a string, as in true, or
// behind a backslash.
func inLiteral(body []byte, at int) bool {
	inside := false
	for i := 0; i < at; i++ {
		switch {
		case body[i] == '\\' && inside:
			i++
			if i == at {
				return true
			}
		case body[i] == '"':
			inside = !inside
		}
	}
	return !inside
}

func pretty(body []byte) ([]byte, string) {
	var b bytes.Buffer
	if json.Indent(&b, body, "", "    ") != nil || len(body) < 3 {
		return body, notObject
	}
	return b.Bytes(), same(body, b.Bytes())
}

// spaced is what Python's json.dumps writes.
func spaced(body []byte) ([]byte, string) {
	list := membersOf(body)
	if list == nil {
		return body, notObject
	}
	text := spelled(list, ", ", ": ")
	return text, same(body, text)
}

func same(a, b []byte) string {
	if bytes.Equal(a, b) {
		return "the body is written so already"
	}
	return ""
}

// reordered has the first member last.
func reordered(body []byte) ([]byte, string) {
	list := membersOf(body)
	if len(list) < 2 {
		return body, notTwo
	}
	return object(append(list[1:], list[0])), ""
}

// escaped writes the first letter of a string as \u00XX, and slashes as \/.
func escaped(body []byte) ([]byte, string) {
	for i := 1; i < len(body); i++ {
		if c := body[i]; body[i-1] == '"' && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') && !inLiteral(body, i) {
			out := append(bytes.Clone(body[:i]), fmt.Sprintf(`\u%04x`, c)...)
			return append(out, bytes.ReplaceAll(body[i+1:], []byte("/"), []byte(`\/`))...), ""
		}
	}
	return body, notEscaped
}

// doubled has one member twice: first with another value, then with the right one,
// which wins in most parsers and stands in the place of both.
func doubled(body []byte) ([]byte, string) {
	list := membersOf(body)
	if list == nil {
		return body, notObject
	}
	if len(list) == 0 {
		return []byte(`{"status":"a","status":"b"}`), ""
	}
	at := 0
	for i, m := range list {
		if strings.Contains(strings.ToLower(m.name), "amount") {
			at = i
		}
	}
	return object(slices.Insert(list, at, member{list[at].name, changed(list[at].value)})), ""
}

// with has one member more.
func with(body []byte, name, value string) ([]byte, string) {
	list := membersOf(body)
	if list == nil {
		return body, notObject
	}
	return object(append(list, member{name, jsontext.Quote(value)})), ""
}
