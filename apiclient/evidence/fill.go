package evidence

import (
	"fmt"
	"strings"

	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
)

// placeholder is a variable of the clients of APIs.
var placeholder = lazyregexp.New(`\{\{[ \t]*([^{}]*?)[ \t]*\}\}`)

// fillAll puts the values of variables into all parts of a request, unless they
// are to stay.
func (r *request) fillAll(vars map[string]string) (err error) {
	if r.reader.written {
		return nil
	}
	if r.url, err = fill(r.url, "the URL", vars); err != nil {
		return err
	}
	if err = r.fillHeaders(vars); err != nil {
		return err
	}
	whole, err := fill(string(r.body), "the body", vars)
	r.body = []byte(whole)
	return err
}

// fillHeaders puts them into the headers: one whose value is not known is an
// error where the signature needs the header.
func (r *request) fillHeaders(vars map[string]string) error {
	for i, f := range r.fields {
		value, err := fill(f.Value, "the header "+f.Name, vars)
		if err != nil && r.isSigned(f.Name) {
			return err
		} else if err != nil {
			r.note("%v: it is as it is written", err)
			continue
		}
		r.fields[i].Value = value
	}
	return nil
}

// maxFilled is how many bytes variables may be replaced by.
const maxFilled = 16 << 20

// fill puts the values of the file's own variables in.
func fill(text, part string, vars map[string]string) (string, error) {
	if !strings.Contains(text, "{{") {
		return text, nil
	}
	grown := 0
	for range 10 { // a value may have variables of its own
		before := text
		text = placeholder.ReplaceAllStringFunc(text, func(s string) string {
			value, ok := vars[strings.TrimSpace(strings.Trim(s, "{}"))]
			if grown += len(value); !ok || grown > maxFilled {
				return s
			}
			return value
		})
		if text == before {
			break
		}
	}
	if unknown := placeholder.FindString(text); unknown != "" {
		return text, &hint.Error{Says: fmt.Sprintf("%s has the variable %s, whose value is not known", part, clip(unknown)),
			Fix: "put the value in, or set it in the text itself"}
	}
	return text, nil
}
