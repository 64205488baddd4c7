package sandbox

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
)

// asXML writes an answer's JSON as XML on one line: members are elements below
// <response>, an array is its element repeated.
func asXML(body []byte) ([]byte, error) {
	out := bytes.NewBufferString(xml.Header)
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	err := writeXML(out, dec, "response")
	return out.Bytes(), err
}

// writeXML writes the next value of a decoder as an element.
func writeXML(out *bytes.Buffer, dec *json.Decoder, name string) error {
	t, err := dec.Token()
	if err != nil {
		return err
	}
	if t == json.Delim('[') {
		for dec.More() {
			if err := writeXML(out, dec, name); err != nil {
				return err
			}
		}
		_, err = dec.Token()
		return err
	}
	fmt.Fprintf(out, "<%s>", name)
	if t == json.Delim('{') {
		for dec.More() {
			key, err := dec.Token()
			if err != nil {
				return err
			}
			if err := writeXML(out, dec, key.(string)); err != nil {
				return err
			}
		}
		_, err = dec.Token()
	} else if t != nil {
		err = xml.EscapeText(out, fmt.Append(nil, t))
	}
	fmt.Fprintf(out, "</%s>", name)
	return err
}
