package signing

import (
	"strings"
)

// DefaultTemplate is the content rule of the protocol, section 3.
const DefaultTemplate = "{method} {uri}\n{client_id}.{time}.{body}"

// Template is a content rule: literal text and placeholders. The zero value is
// DefaultTemplate.
type Template struct{ parts []part }

// part is a literal or a placeholder, never both.
type part struct{ literal, name string }

// placeholders are the names that a template may use, in the order in which
// messages list them.
var placeholders = []string{"method", "uri", "path", "query", "client_id", "merchant_id", "request_id", "time", "body"}

// Part is a piece of a content rule: literal text, or the name of a
// placeholder.
type Part struct{ Literal, Name string }

// Of returns the bytes that the piece is in the string of c.
func (p Part) Of(c Content) []byte {
	switch p.Name {
	case "":
		return []byte(p.Literal)
	case "body":
		return c.Body
	}
	return []byte(c.field(p.Name))
}

// Parts takes the rule apart, in order.
func (t Template) Parts() []Part {
	if t.parts == nil {
		return []Part{{Name: "method"}, {Literal: " "}, {Name: "uri"}, {Literal: "\n"}, {Name: "client_id"},
			{Literal: "."}, {Name: "time"}, {Literal: "."}, {Name: "body"}}
	}
	list := make([]Part, len(t.parts))
	for i, p := range t.parts {
		list[i] = Part{p.literal, p.name}
	}
	return list
}

// Canonical returns the bytes that are signed for c by the default rule.
func (c Content) Canonical() []byte { return Template{}.Canonical(c) }

// Canonical returns the bytes that this template signs for c, in one allocation.
func (t Template) Canonical(c Content) []byte {
	return t.AppendCanonical(make([]byte, 0, t.size(c)), c)
}

// AppendCanonical appends the bytes that this template signs for c to dst.
func (t Template) AppendCanonical(dst []byte, c Content) []byte {
	if t.parts == nil {
		dst = append(append(append(dst, c.Method...), ' '), c.Target...)
		dst = append(append(append(dst, '\n'), c.ClientID...), '.')
		dst = append(append(append(dst, c.Time...), '.'), c.Body...)
		return dst
	}
	for _, p := range t.parts {
		switch p.name {
		case "":
			dst = append(dst, p.literal...)
		case "body":
			dst = append(dst, c.Body...)
		default:
			dst = append(dst, c.field(p.name)...)
		}
	}
	return dst
}

// Head returns what Canonical writes before the body. ok is false where the body
// is not the last thing in it, or stands there more than once.
func (t Template) Head(c Content) (head []byte, ok bool) {
	if t.parts != nil {
		last := len(t.parts) - 1
		for i, p := range t.parts {
			if (p.name == "body") != (i == last) {
				return nil, false
			}
		}
	}
	c.Body = nil
	return t.Canonical(c), true
}

func (t Template) size(c Content) int {
	if t.parts == nil {
		return len(c.Method) + len(c.Target) + len(c.ClientID) + len(c.Time) + len(c.Body) + len(" \n..")
	}
	n := 0
	for _, p := range t.parts {
		switch p.name {
		case "":
			n += len(p.literal)
		case "body":
			n += len(c.Body)
		default:
			n += len(c.field(p.name))
		}
	}
	return n
}

// field returns the value of any placeholder but body.
func (c Content) field(name string) string {
	switch name {
	case "method":
		return c.Method
	case "uri":
		return c.Target
	case "path":
		path, _, _ := strings.Cut(c.Target, "?")
		return path
	case "query":
		_, query, _ := strings.Cut(c.Target, "?")
		return query
	case "client_id":
		return c.ClientID
	case "merchant_id":
		return c.MerchantID
	case "request_id":
		return c.RequestID
	case "time":
		return c.Time
	}
	panic("signing: placeholder without a value: " + name)
}

// String writes the template as ParseTemplate reads it.
func (t Template) String() string {
	if t.parts == nil {
		return DefaultTemplate
	}
	var b strings.Builder
	for _, p := range t.parts {
		if p.name != "" {
			b.WriteString("{" + p.name + "}")
			continue
		}
		b.WriteString(literalEscaper.Replace(p.literal))
	}
	return b.String()
}

var literalEscaper = strings.NewReplacer("{", "{{", "}", "}}")
