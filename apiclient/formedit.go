package apiclient

import (
	"bytes"
	"mime"
	"net/url"
	"slices"
)

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
