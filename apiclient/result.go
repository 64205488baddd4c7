package apiclient

import (
	"bytes"
	"encoding/json"
	"errors"

	"countersign/apiclient/jsontext"
	"countersign/apiclient/xmltext"
)

var bom = []byte("\xef\xbb\xbf")

// isJSON reports a JSON document, with a byte order mark or without.
func isJSON(body []byte) bool { return json.Valid(bytes.TrimPrefix(body, bom)) }

// parseResult reads the "result" object of a body (the protocol, section 2).
// It is lenient: a byte order mark, other members, wrong types and damage
// after the object do not matter. Where the object occurs more than once the
// last one counts, as in most parsers; times says how often it was met.
func parseResult(body []byte) (r Result, times int) {
	b := bytes.TrimPrefix(body, bom)
	for name, value := range jsontext.Members(b) {
		raw, isResult := value.Of(b), jsontext.Text(name.Of(b)) == "result"
		if !json.Valid(name.Of(b)) || (isResult || len(raw) <= checkedValue) && !json.Valid(raw) {
			break
		}
		if isResult {
			times++
			r = readResult(raw)
		}
	}
	return r, times
}

// checkedValue is the size in bytes up to which a member before the result is
// checked too. That a larger one is damaged is found when the whole body is
// checked: to do so twice takes a second for some bodies.
const checkedValue = 64 << 10

func readResult(value json.RawMessage) Result {
	var members map[string]json.RawMessage
	if json.Unmarshal(value, &members) != nil {
		return Result{}
	}
	return Result{
		Status:  looseText(members["resultStatus"]),
		Code:    looseText(members["resultCode"]),
		Message: looseText(members["resultMessage"]),
	}
}

// looseText is a string's value, or whatever else stands there as it is
// written.
func looseText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil || raw == nil {
		return s
	}
	return string(raw)
}

// bodyForm is what the body of a message is written in.
type bodyForm struct {
	json     bool           // well formed
	markup   xmltext.Form   // by its looks
	fault    *xmltext.Error // why XML is not well formed
	encoding string         // of XML that is not UTF-8
}

func formOf(m *Message) bodyForm {
	body, contentType := m.Content(), m.Get("Content-Type")
	text, encoding, ok := xmltext.Read(body, contentType)
	if !ok {
		return bodyForm{json: isJSON(body), markup: xmltext.Sniff(body, contentType)}
	}
	f := bodyForm{markup: xmltext.XML, encoding: encoding}
	errors.As(xmltext.Check(text), &f.fault)
	return f
}

// xml reports well formed XML.
func (f bodyForm) xml() bool { return f.markup == xmltext.XML && f.fault == nil }

// resultOf reads the result of a message's body, be it JSON or XML, and how
// often it occurs.
func resultOf(m *Message) (r Result, times int) {
	if text, _, ok := xmltext.Read(m.Content(), m.Get("Content-Type")); ok {
		return xmlResult(text)
	}
	return parseResult(m.Content())
}

// xmlResult reads the result element below the root, whatever that is called,
// or the root itself where it is the result. It is as lenient as parseResult:
// damage behind the element does not matter.
func xmlResult(b []byte) (r Result, times int) {
	var open []xmltext.Token
	for at := 0; at < len(b); {
		t := xmltext.Next(b, at)
		at = t.To
		switch t.Kind {
		case xmltext.Open:
			if len(open) == xmltext.MaxDepth {
				return r, times
			}
			open = append(open, t)
		case xmltext.Empty:
			if len(open) == 1 && isResult(b, t) {
				r, times = Result{}, times+1
			}
		case xmltext.Close:
			n := len(open) - 1
			if n < 0 || !bytes.Equal(open[n].Name(b), t.Name(b)) {
				return r, times
			}
			if isResult(b, open[n]) && (n == 1 || n == 0 && times == 0) {
				r, times = elementsOf(b[open[n].To:t.From]), times+1
			}
			open = open[:n]
		}
	}
	return r, times
}

func isResult(b []byte, t xmltext.Token) bool { return string(xmltext.Local(t.Name(b))) == "result" }

// elementsOf reads the members of a result. Blanks around a text are those of
// a layout.
func elementsOf(b []byte) Result {
	var r Result
	members := map[string]*string{"resultStatus": &r.Status, "resultCode": &r.Code, "resultMessage": &r.Message}
	var outer xmltext.Token
	depth := 0
	for at := 0; at < len(b); {
		t := xmltext.Next(b, at)
		at = t.To
		switch t.Kind {
		case xmltext.Open:
			if depth == 0 {
				outer = t
			}
			depth++
		case xmltext.Close:
			if depth--; depth != 0 {
				continue
			}
			if into := members[string(xmltext.Local(outer.Name(b)))]; into != nil {
				*into = string(bytes.TrimSpace(xmltext.TextOf(b[outer.To:t.From])))
			}
		}
	}
	return r
}

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
