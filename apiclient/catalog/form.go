package catalog

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"

	"countersign/apiclient/jsontext"
)

const formMedia = "application/x-www-form-urlencoded"

// formOf writes an example, which is JSON, as a form: name=value&name=value. Items of
// an array repeat its name, objects stand as JSON (OpenAPI, encoding of a form).
// Variables stay as they are. An example that is a text is one already.
func formOf(example []byte) []byte {
	t, fault := readText(example)
	switch {
	case fault != nil || len(t.Nodes) == 0:
		return nil
	case t.Nodes[0].Kind == jsontext.String:
		return []byte(t.str(0))
	case t.Nodes[0].Kind != jsontext.Object:
		return nil
	}
	var pairs []string
	for _, i := range t.Children(0) {
		values := []int{i}
		if t.Nodes[i].Kind == jsontext.Array {
			values = t.Children(i)
		}
		for _, v := range values {
			pairs = append(pairs, formEscape(t.name(i))+"="+formEscape(t.formText(v)))
		}
	}
	return []byte(strings.Join(pairs, "&"))
}

// formText is a value as it stands in a form.
func (t text) formText(i int) string {
	switch t.Nodes[i].Kind {
	case jsontext.String:
		return t.str(i)
	case jsontext.Object, jsontext.Array:
		var out bytes.Buffer
		if json.Compact(&out, t.Raw(i)) == nil {
			return out.String()
		}
	}
	return string(t.Raw(i))
}

// formEscape encodes a name or value, but for the variables in it.
func formEscape(s string) string {
	var out strings.Builder
	for s != "" {
		from := strings.Index(s, "{{")
		length := strings.Index(s[max(0, from):], "}}")
		if from < 0 || length < 0 {
			return out.String() + url.QueryEscape(s)
		}
		out.WriteString(url.QueryEscape(s[:from]) + s[from:from+length+2])
		s = s[from+length+2:]
	}
	return out.String()
}
