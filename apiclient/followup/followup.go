// Package followup makes, of an exchange and the links of its endpoint, the
// requests that may follow it: "query this payment", "refund it". It is pure:
// it sends nothing.
package followup

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/jsontext"
	"countersign/apiclient/variables"
)

// Step is a request that may follow an exchange, filled in from it.
type Step struct {
	Says     string            // what it does: "refund it"
	Endpoint catalog.Endpoint  // where it goes
	Target   string            // its path, with parameters and query filled in
	Header   []apiclient.Field // parameters that are headers
	Body     []byte            // the endpoint's example with the exchange's values in it; all other bytes stay
	Missing  string            // why it cannot follow this exchange; "" where it can
	Buyer    bool              // no request: the buyer agrees, where the other side is the built-in Super App; After makes none
	Urgent   bool              // the outcome is not known: this should come before anything else
}

// After lists what may follow an exchange, in the order of the links. Steps that
// lack a value, or a condition of their link, come last, with the reason. Where
// the outcome is not known, only the links that say they serve for that are left:
// they are urgent. Callbacks are left out: the Super App sends those, not we.
func After(c *catalog.Catalog, endpoint catalog.Endpoint, e *apiclient.Exchange) []Step {
	status := statusOf(e)
	if len(endpoint.Links) > 0 {
		e = readable(e)
	}
	unknown := status == "U" || status == noAnswer
	var steps, lacking []Step
	for _, l := range endpoint.Links {
		after := l.After
		if after == nil {
			after = []string{"S", "A"}
		}
		target, known := c.Follow(endpoint, l)
		if !known || target.Direction == catalog.Callback || !slices.Contains(after, status) {
			continue
		}
		s := fill(l, target, e)
		if why := unmet(l.When, e); why != "" {
			s.Missing = why
		}
		if s.Missing != "" {
			lacking = append(lacking, s)
			continue
		}
		s.Urgent = unknown
		steps = append(steps, s)
	}
	return append(steps, lacking...)
}

// readable has an answer in XML read once, as the JSON that it says.
func readable(e *apiclient.Exchange) *apiclient.Exchange {
	if e.Response == nil {
		return e
	}
	values := apiclient.ValuesOf(e.Response)
	if !values.FromXML {
		return e
	}
	exchange, answer := *e, *e.Response
	answer.Decoded = values.JSON
	exchange.Response = &answer
	return &exchange
}

const noAnswer = "none"

// statusOf is the resultStatus that counts: an answer that cannot be read, or
// none where the request may have arrived, is like no answer. What never left
// has no status at all.
func statusOf(e *apiclient.Exchange) string {
	switch {
	case e.Response == nil && !e.BytesSent && e.Outcome != apiclient.Unknown:
		return ""
	case e.Response == nil:
		return noAnswer
	case e.Result.Status != "":
		return strings.TrimSpace(e.Result.Status)
	case e.Response.Status() >= 400 && e.Response.Status() < 500:
		return "F" // refused before it was looked at
	}
	return noAnswer
}

// unmet says which condition of a link an exchange does not meet; "" where it
// meets all.
func unmet(when []catalog.Condition, e *apiclient.Exchange) string {
	for _, c := range when {
		value, ok := evaluate(c.Expression, e)
		if !ok {
			return "the exchange has no " + c.Expression
		}
		if is := plain(value); !slices.Contains(c.Values, is) {
			name := c.Expression[strings.LastIndexAny(c.Expression, "/.")+1:]
			return fmt.Sprintf("%s is %.40s, not %s", name, is, strings.Join(c.Values, " or "))
		}
	}
	return ""
}

// fill puts the values of an exchange into the example of the endpoint that a
// link leads to. A value that the exchange lacks is left out where the example
// has none either; where it has one, that would be another's, so the step
// cannot be made.
func fill(l catalog.Link, target catalog.Endpoint, e *apiclient.Exchange) Step {
	s := Step{Says: l.Description, Endpoint: target, Target: target.Path, Body: target.Example}
	found := 0
	for _, v := range l.Body {
		path, err := pathOf(v.Pointer)
		if err != nil {
			s.Missing = fmt.Sprintf("the link %s has a wrong pointer %q", l.Name, v.Pointer)
			return s
		}
		value, fromExchange, ok := jsonOf(v, e)
		if !ok {
			if _, inExample := jsontext.Get(s.Body, path); inExample && len(path) > 0 {
				s.Missing = "the exchange has no " + v.Expression
			}
			continue
		}
		if fromExchange {
			found++
		}
		if len(path) == 0 {
			s.Body = value
			continue
		}
		if s.Body, err = jsontext.Set(s.Body, jsontext.Edit{Path: path, Value: value}); err != nil {
			s.Missing = fmt.Sprintf("the example of %s does not take %s: %v", target.ID, v.Pointer, err)
			s.Body = target.Example
			return s
		}
	}
	for _, v := range l.Parameters {
		text, fromExchange, ok := textOf(v, e)
		if !ok {
			s.Missing = "the exchange has no " + v.Expression
			continue
		}
		if fromExchange {
			found++
		}
		if fromExchange {
			s.parameter(v.Pointer, text, string(variables.Literal([]byte(text))))
		} else {
			s.parameter(v.Pointer, text, text)
		}
	}
	if s.Missing == "" && found == 0 && len(l.Body)+len(l.Parameters) > 0 {
		s.Missing = "the exchange has none of its values"
	}
	return s
}

func pathOf(pointer string) (jsontext.Path, error) {
	if pointer == "" {
		return nil, nil
	}
	return jsontext.ParsePath(pointer)
}

// jsonOf is a value as JSON; fromExchange says whether the exchange gave it.
// ok is false where the exchange does not have it.
func jsonOf(v catalog.LinkValue, e *apiclient.Exchange) (value []byte, fromExchange, ok bool) {
	switch {
	case v.Expression == "" && v.Literal != nil:
		return v.Literal, false, true
	case strings.HasPrefix(v.Expression, "$"):
		value, ok = evaluate(v.Expression, e)
		return inert(value), true, ok
	}
	text, fromExchange, ok := textOf(v, e)
	if fromExchange {
		return inert(jsontext.Quote(text)), true, ok
	}
	return jsontext.Quote(text), false, ok
}

// inert takes the meaning from {{…}} in what the other side sent: as a variable
// it would be replaced when the request is sent, and could carry an environment
// variable out. In JSON two braces meet inside strings only, where \u007b is
// the same character.
func inert(value []byte) []byte {
	var out []byte
	for i, c := range value {
		if c == '{' && i+1 < len(value) && value[i+1] == '{' {
			out = append(out, `\u007b`...)
			continue
		}
		out = append(out, c)
	}
	return out
}

// textOf is a value as text: a string without its quotes.
func textOf(v catalog.LinkValue, e *apiclient.Exchange) (text string, fromExchange, ok bool) {
	if v.Expression == "" {
		return plain(v.Literal), false, true
	}
	if strings.HasPrefix(v.Expression, "$") {
		value, ok := evaluate(v.Expression, e)
		return plain(value), true, ok
	}
	var b strings.Builder
	rest := v.Expression
	for {
		before, after, open := strings.Cut(rest, "{$")
		b.WriteString(before)
		if !open {
			return b.String(), fromExchange, true
		}
		expression, tail, closed := strings.Cut(after, "}")
		if !closed {
			b.WriteString("{$" + after)
			return b.String(), fromExchange, true
		}
		value, ok := evaluate("$"+expression, e)
		if !ok {
			return "", true, false
		}
		b.WriteString(plain(value))
		rest, fromExchange = tail, true
	}
}

func plain(value []byte) string {
	var s string
	if json.Unmarshal(value, &s) == nil {
		return s
	}
	return string(value)
}

// parameter puts a value in the place that its name says: a {name} of the path,
// the query, where braces are percent-encoded, or a header, where inHeader is
// how it is written.
func (s *Step) parameter(name, value, inHeader string) {
	in, bare, ok := strings.Cut(name, ".")
	if !ok || in != "path" && in != "query" && in != "header" {
		in, bare = "query", name
		if strings.Contains(s.Target, "{"+name+"}") {
			in = "path"
		}
	}
	switch in {
	case "header":
		s.Header = append(s.Header, apiclient.Field{Name: bare, Value: inHeader})
	case "path":
		s.Target = strings.ReplaceAll(s.Target, "{"+bare+"}", escape(value))
	default:
		separator := "?"
		if strings.Contains(s.Target, "?") {
			separator = "&"
		}
		s.Target += separator + escape(bare) + "=" + escape(value)
	}
}

// escape percent-encodes all that is not unreserved (RFC 3986), so that it
// stands in a path and in a query.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// evaluate returns the JSON that a runtime expression of OpenAPI stands for; ok is
// false where the exchange does not have it, or has null or an empty text.
func evaluate(expression string, e *apiclient.Exchange) (value []byte, ok bool) {
	switch expression {
	case "$url":
		return jsontext.Quote(e.URL), e.URL != ""
	case "$method":
		return jsontext.Quote(e.Request.Method()), e.Request.Line != ""
	case "$statusCode":
		if e.Response == nil || e.Response.Status() == 0 {
			return nil, false
		}
		return fmt.Append(nil, e.Response.Status()), true
	}
	m := &e.Request
	source, found := strings.CutPrefix(expression, "$request.")
	if !found {
		if source, found = strings.CutPrefix(expression, "$response."); !found || e.Response == nil {
			return nil, false
		}
		m = e.Response
	}
	if name, is := strings.CutPrefix(source, "header."); is {
		return jsontext.Quote(m.Get(name)), m.Get(name) != ""
	}
	if name, is := strings.CutPrefix(source, "query."); is {
		return queryOf(m.Path(), name)
	}
	if source != "body" && !strings.HasPrefix(source, "body#") {
		return nil, false
	}
	return fromBody(m.Content(), strings.TrimPrefix(strings.TrimPrefix(source, "body"), "#"))
}

func fromBody(body []byte, pointer string) ([]byte, bool) {
	if pointer == "" {
		return bytes.TrimSpace(body), json.Valid(body)
	}
	path, err := jsontext.ParsePath(pointer)
	if err != nil {
		return nil, false
	}
	value, ok := jsontext.Get(body, path)
	if !ok || bytes.Equal(value, []byte("null")) || bytes.Equal(value, []byte(`""`)) {
		return nil, false
	}
	return value, true
}

func queryOf(target, name string) ([]byte, bool) {
	_, query, _ := strings.Cut(target, "?")
	for pair := range strings.SplitSeq(query, "&") {
		if key, value, has := strings.Cut(pair, "="); has && key == name {
			return jsontext.Quote(value), value != ""
		}
	}
	return nil, false
}
