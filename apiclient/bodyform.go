package apiclient

import (
	"bytes"
	"errors"

	"countersign/apiclient/xmltext"
)

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
