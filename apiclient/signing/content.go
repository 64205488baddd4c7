package signing

import "strings"

// DefaultTemplate is the content rule of the protocol, section 3.
const DefaultTemplate = "{method} {uri}\n{client_id}.{time}.{body}"

// Template is a content rule: literal text and placeholders. The zero value is
// DefaultTemplate.
type Template struct{ parts []Part }

// Part is a piece of a content rule: literal text, or the name of a placeholder,
// never both.
type Part struct{ Literal, Name string }

var defaultParts = []Part{{Name: "method"}, {Literal: " "}, {Name: "uri"}, {Literal: "\n"}, {Name: "client_id"},
	{Literal: "."}, {Name: "time"}, {Literal: "."}, {Name: "body"}}

// placeholders are the names that a template may use, in the order in which
// messages list them.
var placeholders = []string{"method", "uri", "path", "query", "client_id", "merchant_id", "request_id", "time", "body"}

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

// Parts takes the rule apart, in order: read them only.
func (t Template) Parts() []Part {
	if t.parts == nil {
		return defaultParts
	}
	return t.parts
}

// Canonical returns the bytes that are signed for c by the default rule.
func (c Content) Canonical() []byte { return Template{}.Canonical(c) }

// Canonical returns the bytes that this template signs for c.
func (t Template) Canonical(c Content) []byte {
	size := len(c.Method+c.Target+c.ClientID+c.MerchantID+c.RequestID+c.Time) + len(c.Body)
	for _, p := range t.Parts() {
		size += len(p.Literal)
	}
	b := make([]byte, 0, size) // all there is, as each placeholder stands there once as a rule
	for _, p := range t.Parts() {
		switch p.Name {
		case "":
			b = append(b, p.Literal...)
		case "body":
			b = append(b, c.Body...)
		default:
			b = append(b, c.field(p.Name)...)
		}
	}
	return b
}

// Head returns what Canonical writes before the body. ok is false where the body
// is not the last thing in it, or stands there more than once.
func (t Template) Head(c Content) (head []byte, ok bool) {
	parts := t.Parts()
	for i, p := range parts {
		if (p.Name == "body") != (i == len(parts)-1) {
			return nil, false
		}
	}
	c.Body = nil
	return t.Canonical(c), true
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
	var b strings.Builder
	for _, p := range t.Parts() {
		if p.Name != "" {
			b.WriteString("{" + p.Name + "}")
		}
		b.WriteString(literalEscaper.Replace(p.Literal))
	}
	return b.String()
}

var literalEscaper = strings.NewReplacer("{", "{{", "}", "}}")
