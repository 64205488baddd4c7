package redact

import (
	"bytes"
	"net/url"

	"countersign/apiclient/jsontext"
	"countersign/apiclient/xmltext"
)

// pairSpans returns the secret values of name=value, as in a query, a form, a
// cookie or a log, and of whole lines Name: value.
func (r *Redactor) pairSpans(b []byte, embedded int) []span {
	var list []span
	checked := 0 // up to here nothing is encoded
	for i := 0; i < len(b); i++ {
		if b[i] != '=' && b[i] != ':' {
			continue
		}
		from := i
		for from > 0 && i-from <= maxName && nameByte(b[from-1]) {
			from--
		}
		if from == i {
			continue
		}
		name, ends := string(b[from:i]), "&;,\r\n \t\"'<>)]}"
		secret := b[i] == '=' && secretMember(name)
		if b[i] == ':' && (from == 0 || b[from-1] == '\n') && r.Secret(name) {
			secret, ends = true, "\r\n" // a line of a head
		}
		value := i + 1
		if !secret && b[i] == '=' && value >= checked && embedded < maxEmbedded {
			var size int
			secret, size = r.encoded(b[value:], embedded+1)
			checked = value + size
		}
		if !secret {
			continue
		}
		for b[i] == ':' && value < len(b) && b[value] == ' ' {
			value++
		}
		if b[i] == ':' {
			scheme, _ := schemeOf(name, string(line(b[value:])))
			value += len(scheme)
		}
		if value < len(b) && b[i] == '=' && (b[value] == '"' || b[value] == '\'') {
			ends, value = string(b[value]), value+1
		}
		end := bytes.IndexAny(b[value:], ends)
		if end < 0 {
			end = len(b) - value
		}
		list = append(list, span{value, value + end, jsontext.String, name})
		i = max(i, value+end-1)
	}
	return list
}

// encoded reports whether a text stands percent-encoded in a value, with something
// secret in it, and how long the value is.
func (r *Redactor) encoded(b []byte, embedded int) (secret bool, size int) {
	if size = bytes.IndexAny(b, "& \r\n\t\"'<>"); size < 0 {
		size = len(b)
	}
	text, err := url.QueryUnescape(string(b[:size]))
	secret = err == nil && len(text) < size && len(r.textSpans([]byte(text), embedded)) > 0
	return secret, size
}

func line(b []byte) []byte {
	l, _, _ := bytes.Cut(b, []byte{'\n'})
	return l
}

func nameByte(c byte) bool {
	return c == '_' || c == '-' || c == '.' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

// element is an XML element that is open.
type element struct {
	name   string
	states []state
	secret string // the name under which all in it is masked; "" where not all is
}

// xmlSpans returns the secret texts and attributes of the XML in a text. A path of
// the configuration begins at the outermost element or in it: as JSON the one
// around everything has no name.
func (r *Redactor) xmlSpans(b []byte) []span {
	var list []span
	stack := []element{{states: r.start()}}
	for at := bytes.IndexByte(b, '<'); at < len(b); {
		t := xmltext.Next(b, at)
		at = t.To
		top := &stack[len(stack)-1]
		switch t.Kind {
		case xmltext.Open, xmltext.Empty:
			name := string(xmltext.Local(t.Name(b)))
			states, hit := r.follow(top.states, name, byName)
			if len(stack) == 1 {
				states = append(states, top.states...)
			}
			e := element{name, states, nameIf(top.secret != "" || hit || secretMember(name), name)}
			list = append(list, r.attributeSpans(b, t, e)...)
			if t.Kind == xmltext.Open && len(stack) < maxOpen {
				stack = append(stack, e)
			}
		case xmltext.Close:
			name := string(xmltext.Local(t.Name(b)))
			for n := len(stack) - 1; n > max(0, len(stack)-maxUnclosed); n-- {
				if stack[n].name == name {
					stack = stack[:n]
					break
				}
			}
		case xmltext.Text:
			if text := bytes.TrimSpace(b[t.From:t.To]); top.secret != "" && len(text) > 0 {
				from := t.From + bytes.Index(b[t.From:t.To], text)
				list = append(list, span{from, from + len(text), jsontext.String, top.secret})
			}
		case xmltext.CData:
			if from := t.From + len("<![CDATA["); top.secret != "" {
				list = append(list, span{from, t.To - len("]]>"), jsontext.String, top.secret})
			}
		}
	}
	return list
}

// maxOpen bounds what is open at once: further elements, objects and arrays belong
// to the innermost. maxUnclosed is how many elements one tag may close.
const (
	maxOpen     = 1000
	maxUnclosed = 8
)

func (r *Redactor) attributeSpans(b []byte, t xmltext.Token, e element) []span {
	var list []span
	from := t.From + 1 + len(t.Name(b))
	inside := b[from:t.To]
	xmltext.Attributes(inside, func(name, value []byte) bool {
		_, hit := r.follow(e.states, string(name), byName)
		if secret := e.secret != "" || hit || secretMember(string(name)); secret && len(value) > 0 {
			at := from + cap(inside) - cap(value) // value is a part of inside
			list = append(list, span{at, at + len(value), jsontext.String, string(name)})
		}
		return true
	})
	return list
}
