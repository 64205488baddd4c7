package diagnose

import (
	"bytes"
	"fmt"
	"slices"

	"countersign/apiclient"
	"countersign/apiclient/diagnose/habits"
	"countersign/apiclient/diagnose/search"
	"countersign/apiclient/diagnose/variant"
	"countersign/apiclient/signing"
)

// partNames are the placeholders whose values vary.
var partNames = map[string]search.Part{
	"method": search.Method, "uri": search.Target, "path": search.Target, "client_id": search.Client,
	"time": search.Time, "body": search.Body,
}

// textOf returns the place of a part of a content, but for the body.
func textOf(c *signing.Content, p search.Part) *string {
	return [...]*string{search.Method: &c.Method, search.Target: &c.Target, search.Client: &c.ClientID, search.Time: &c.Time}[p]
}

// valueOf returns what a content has in a part.
func valueOf(c signing.Content, p search.Part) []byte {
	if p == search.Body {
		return c.Body
	}
	return []byte(*textOf(&c, p))
}

// withValue returns a content with another value in a part.
func withValue(c signing.Content, p search.Part, value []byte) signing.Content {
	if p == search.Body {
		c.Body = value
	} else {
		*textOf(&c, p) = string(value)
	}
	return c
}

// takeApart reads the values of a string that a template made. Where it is not
// plain where one ends, ours guide.
func takeApart(t signing.Template, s []byte, ours signing.Content) (signing.Content, bool) {
	theirs, rest := ours, s
	parts := t.Parts()
	for i, part := range parts {
		p, ok := partNames[part.Name]
		if !ok { // a literal, or a value that does not vary
			behind, ok := bytes.CutPrefix(rest, part.Of(ours))
			if !ok {
				return theirs, false
			}
			rest = behind
			continue
		}
		n := len(rest)
		if i < len(parts)-1 {
			next, body := parts[i+1].Literal, i+2 < len(parts) && parts[i+2].Name == "body"
			if n = valueLength(rest, valueOf(ours, p), []byte(next), body, ours.Body); n < 0 {
				return theirs, false
			}
		}
		theirs, rest = withValue(theirs, p, bytes.Clone(rest[:n])), rest[n:]
	}
	return theirs, len(rest) == 0 && bytes.Equal(t.Canonical(theirs), s)
}

// valueLength returns the length of the value at the beginning of rest, before the
// literal next; -1 where there is no end of it.
func valueLength(rest, ours, next []byte, beforeBody bool, body []byte) int {
	if bytes.HasPrefix(rest, ours) && bytes.HasPrefix(rest[len(ours):], next) {
		return len(ours)
	}
	if len(next) == 0 {
		return -1
	}
	if beforeBody {
		if front, ok := bytes.CutSuffix(rest, body); ok && len(body) > 0 && bytes.HasSuffix(front, next) {
			return len(front) - len(next)
		}
		// A time may have a fraction: it ends at the last literal before the body.
		at := bytes.IndexByte(rest, '{')
		if at <= 0 {
			at = len(rest)
		}
		return bytes.LastIndex(rest[:at], next)
	}
	return bytes.Index(rest, next)
}

// takenApart makes an exchange of a bare string that is built by the usual
// rule, so that its parts can vary.
func (e *Evidence) takenApart() (Evidence, bool) {
	if e.hasExchange() {
		return Evidence{}, false
	}
	c, ok := takeApart(signing.Template{}, e.Content, signing.Content{})
	if !ok {
		return Evidence{}, false
	}
	whole := *e
	whole.Content, whole.Side, whole.Rule = nil, apiclient.RequestSide, apiclient.Rule{}
	whole.Exchange = apiclient.Exchange{Request: apiclient.Message{
		Line:   c.Method + " " + c.Target + " HTTP/1.1",
		Header: []apiclient.Field{{Name: "Client-Id", Value: c.ClientID}, {Name: "Request-Time", Value: c.Time}},
		Body:   c.Body,
	}}
	whole.Exchange.SignedAs = c.Target
	if !bytes.Equal(whole.Canonical(), e.Content) {
		return Evidence{}, false
	}
	return whole, true
}

// byParts says which parts of their string differ from ours, where the rule's
// template takes it apart; else that it differs at all.
func (e *Evidence) byParts(theirs []byte) found {
	ours := e.Canonical()
	f := found{content: theirs}
	if c, ok := e.apart(theirs); ok {
		f.rule = c
		for _, part := range partOrder {
			s, x := valueOf(c, part), valueOf(e.values(), part)
			if !bytes.Equal(s, x) {
				f.changes = append(f.changes, partOther(part, s, x))
			}
		}
	}
	if len(f.changes) == 0 {
		h := habit{"content_differs", fmt.Sprintf("The signed string differs from the rule's from byte %d on.", differAt(theirs, ours)), ""}
		f.changes = explain(search.None, theirs, ours, []variant.Change{variant.Change(h)}, nil)
	}
	return f
}

// partOther says that a part differs, where no habit does.
func partOther(part search.Part, theirs, ours []byte) explained {
	h := map[search.Part]habit{
		search.Method: {"method_other", "Another method was signed.", ""},
		search.Target: {"path_characters_differ", "Another path or query was signed.", ""},
		search.Client: {"client_id_other", "Another client id was signed.", ""},
		search.Time:   {"time_differs_from_header", "Another time was signed.", ""},
		search.Body:   {"body_differs", "Another body was signed.", ""},
	}[part]
	change := variant.Change(h)
	if c, ok := habits.TimeDiffers(string(theirs), string(ours)); ok && part == search.Time {
		change = c
	}
	return explain(part, theirs, ours, []variant.Change{change}, nil)[0]
}

// apart explains each part of a string that is known, where the rule's template
// made it. It does so alone where each change is a habit: any number of them.
func (h *hunt) apart() (found, bool) {
	var best found
	for _, theirs := range h.target.known {
		c, ok := h.e.apart(theirs)
		if !ok {
			continue
		}
		f, all := h.habitsOf(c, theirs)
		if all {
			return f, true
		}
		if best.content == nil {
			best = f
		}
	}
	h.partly = best
	return found{}, false
}

// habitsOf looks up what each part became; all is false where one of them is no
// habit that is known.
func (h *hunt) habitsOf(c signing.Content, theirs []byte) (f found, all bool) {
	f, all = found{content: theirs, rule: c}, true
	for _, part := range partOrder {
		value, ours := valueOf(c, part), h.parts[part][0].Bytes
		if bytes.Equal(value, ours) {
			continue
		}
		i := slices.IndexFunc(h.parts[part], func(v variant.Variant) bool { return bytes.Equal(v.Bytes, value) })
		if i < 0 {
			f.changes = append(f.changes, partOther(part, value, ours))
			all = false
			continue
		}
		v := h.parts[part][i]
		f.changes = append(f.changes, explain(part, value, ours, v.Changes, v.Also)...)
	}
	return f, all && len(f.changes) > 0
}

// apart takes a string apart by the rule's template.
func (e *Evidence) apart(theirs []byte) (signing.Content, bool) {
	if !e.hasExchange() {
		return signing.Content{}, false
	}
	return takeApart(e.template(), theirs, e.values())
}
