package apiclient

import (
	"bytes"
	"fmt"
	"mime"
	"net/url"
	"slices"
	"strings"

	"countersign/apiclient/lazyregexp"
)

// Param is the value of a parameter of a request's target: text, not yet encoded.
type Param struct{ Name, Value string }

// MediaForm is the media type of a form.
const MediaForm = "application/x-www-form-urlencoded"

// jsonMedia is what goes out where a draft does not say another media type.
const jsonMedia = "application/json; charset=UTF-8"

// braces are the places of parameters in a path; doubled ones are no place.
var braces = lazyregexp.New(`\{+([^{}/?#]+)\}+`)

// ParamNames returns the names of the parameters that a path has places for:
// linkId of /v2/links/{linkId}/close.
func ParamNames(target string) []string {
	path, _, _ := strings.Cut(target, "?")
	var names []string
	for _, m := range braces.FindAllStringSubmatch(path, -1) {
		if m[0] == "{"+m[1]+"}" && !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}

// MissingParams is the error for parameters of the path that have no value: a
// path is never sent with its braces.
type MissingParams struct{ Names []string }

func (e *MissingParams) Error() string {
	names := strings.Join(e.Names, ", ")
	if len(e.Names) == 1 {
		return fmt.Sprintf("the parameter %s of the path has no value", names)
	}
	return fmt.Sprintf("the parameters %s of the path have no value", names)
}

// Hint says what to do.
func (e *MissingParams) Hint() string {
	return "give " + strings.Join(e.Names, ", ") + " a value: a path is not sent with its braces"
}

// Filled returns the target with its parameters: those that the path has a place
// for are percent-encoded into it, each as one segment (RFC 3986, section 3.3), and
// the others go into the query.
func (d Draft) Filled() (string, error) {
	path, query, hasQuery := strings.Cut(d.Target, "?")
	var missing []string
	for _, name := range ParamNames(path) {
		i := slices.IndexFunc(d.Params, func(p Param) bool { return p.Name == name && p.Value != "" })
		if i < 0 {
			missing = append(missing, name)
			continue
		}
		value := d.Params[i].Value
		if value == "." || value == ".." {
			return "", problemf("give another value: servers take it as a step in the path, also percent-encoded",
				"the parameter %s is %q", name, value)
		}
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
	}
	if missing != nil {
		return "", &MissingParams{missing}
	}
	inPath := ParamNames(d.Target)
	for _, p := range d.Params {
		if slices.Contains(inPath, p.Name) {
			continue
		}
		if query != "" {
			query += "&"
		}
		query, hasQuery = query+queryEscape(p.Name)+"="+queryEscape(p.Value), true
	}
	if hasQuery {
		path += "?" + query
	}
	return path, nil
}

// isForm reports whether a message says that its body is a form, and it is one.
func isForm(m *Message) bool {
	media, _, err := mime.ParseMediaType(m.Get("Content-Type"))
	if err != nil || media != MediaForm {
		return false
	}
	_, err = url.ParseQuery(string(m.Content()))
	return err == nil
}

// queryEscape encodes a space as %20, which every server reads as one.
func queryEscape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// IsForm reports whether the draft's body goes out as a form.
func (d Draft) IsForm() bool {
	media := d.Media
	if i := firstOf(d.Header, "Content-Type"); i >= 0 {
		media = d.Header[i].Value
	}
	of, _, err := mime.ParseMediaType(media)
	return err == nil && of == MediaForm
}

// SetFormField returns a form with the field of a name replaced, the first of
// several, or added at the end. The bytes of all others stay as they are.
func SetFormField(form []byte, name, value string) []byte {
	field := []byte(queryEscape(name) + "=" + queryEscape(value))
	if len(bytes.TrimSpace(form)) == 0 {
		return field
	}
	fields := bytes.Split(form, []byte("&"))
	i := slices.IndexFunc(fields, func(f []byte) bool {
		key, _, _ := bytes.Cut(f, []byte("="))
		plain, err := url.QueryUnescape(string(key))
		return err == nil && plain == name
	})
	if i < 0 {
		return bytes.Join(append(fields, field), []byte("&"))
	}
	fields[i] = field
	return bytes.Join(fields, []byte("&"))
}

// SendsHeader reports whether a request that is made of the draft has a header of
// that name.
func (c *Client) SendsHeader(d Draft, name string) bool {
	h := &headerList{}
	c.standardHeader(h, d.Method, c.options.Now(), d)
	h.apply(c.profile.Header)
	h.apply(d.Header)
	h.omit(d.Omit)
	return firstOf(h.fields, name) >= 0
}
