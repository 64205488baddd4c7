package apiclient

import (
	"countersign/apiclient/jsontext"
	"countersign/apiclient/xmltext"
)

// Values is the body of a message as JSON, for values to be read out of it: as
// it is, or what its XML says, so that the same path leads to a value in both.
// It is never what is sent, signed or shown.
type Values struct {
	JSON    []byte // need not be valid: a body may be anything
	FromXML bool
}

// ValuesOf reads the body of a message. Its work is linear, and twice that of
// reading JSON where it is XML.
func ValuesOf(m *Message) Values {
	body := m.Content()
	if text, _, ok := xmltext.Read(body, m.Get("Content-Type")); ok {
		if read, ok := xmltext.JSON(text); ok {
			return Values{JSON: read, FromXML: true}
		}
	}
	return Values{JSON: body}
}

// Get returns the JSON of the value at path; ok is false where there is none.
// An element of XML that is alone is also the first of a list: XML does not
// tell the two apart.
func (v Values) Get(path jsontext.Path) (value []byte, ok bool) {
	value, ok = jsontext.Get(v.JSON, path)
	if ok || !v.FromXML {
		return value, ok
	}
	var there jsontext.Path
	for _, step := range path {
		there = append(there, step)
		if _, ok := jsontext.Get(v.JSON, there); ok {
			continue
		}
		if there = there[:len(there)-1]; step != "0" || len(there) == 0 {
			return nil, false
		}
	}
	return jsontext.Get(v.JSON, there)
}
