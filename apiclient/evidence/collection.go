package evidence

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/lazyregexp"
)

// Collection is what a file holds to be sent again, as it is written there: the
// variables stay in it, and nothing is left out for having no signature.
type Collection struct {
	Kind      Kind
	Requests  []Written
	Variables []Variable
	// Environment says that the variables are for what the requests of other
	// collections are sent to; there are no requests then.
	Environment bool
	Name        string // of an environment
	Notes       []string
}

// Written is a request of a collection.
type Written struct {
	Folders     []string // that it stands in, from the outermost
	Name        string   // "" where it has none
	Method, URL string
	Header      []apiclient.Field
	Body        []byte
	Partial     bool     // the body is not in the file
	Plain       bool     // braces in it are no variables
	Scripts     []Script // of the request, and of what it stands in
	Notes       []string
}

// Script is a program that a client runs around a request.
type Script struct {
	Of    string // "the folder Payments", "the collection"; "": the request's own
	After bool   // it looks at the answer
	Text  string
}

// Variable is a variable of a collection or an environment.
type Variable struct {
	Name, Value string
	Secret      bool // the client hides its value
}

// templates are the kinds whose braces are variables.
var templates = map[Kind]bool{Postman: true, Insomnia: true, Bruno: true, HTTPFile: true}

// Collection reads what can be sent again: everything that Read reads, and
// environments too. Of a request file it says only that it is one.
func (r Reader) Collection(data []byte) (Collection, error) {
	r.written, r.Entry = true, 0
	if c, ok := environment(bytes.TrimLeft(data, " \t\r\n\ufeff")); ok {
		return c, nil
	}
	e, err := r.read(data)
	if err != nil {
		return Collection{}, err
	}
	c := Collection{Kind: e.Kind, Requests: e.written, Variables: e.variables, Notes: slices.Compact(e.Notes)}
	if len(e.written) != len(e.Exchanges) {
		c.Requests = nil
		for _, x := range e.Exchanges {
			if x.Request.Line != "" {
				c.Requests = append(c.Requests, Written{Method: x.Request.Method(), URL: x.URL, Header: x.Request.Header,
					Body: x.Request.Body, Partial: x.Request.Partial, Plain: !templates[e.Kind]})
			}
		}
	}
	if len(c.Requests) == 0 && c.Kind != HTTPFile {
		return Collection{}, unread(e.Kind, "it has an answer, and no request")
	}
	return c, nil
}

// pair is a name and a value as the files of API clients have them.
type pair struct {
	Key, Name, ID string
	Value         scalar
	Type          string // "secret"
	Disabled      bool
	Enabled       *bool
}

// scalar is a value as a text, whatever it is in JSON; null is none.
type scalar string

// UnmarshalJSON takes a string, or another value as it is written.
func (s *scalar) UnmarshalJSON(raw []byte) error {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		text = string(raw)
	}
	*s = scalar(text)
	return nil
}

func (p pair) name() string { return cmp.Or(p.Key, p.Name) }

// variable is the name of one: an ID is that of old collections, and of other pairs it
// is none.
func (p pair) variable() string { return cmp.Or(p.Key, p.Name, p.ID) }

func (p pair) off() bool { return p.Disabled || p.Enabled != nil && !*p.Enabled }

// formOf writes pairs as a form or a query.
func formOf(pairs []pair) string {
	var texts []string
	for _, p := range pairs {
		if !p.off() {
			texts = append(texts, formEscape(p.name())+"="+formEscape(string(p.Value)))
		}
	}
	return strings.Join(texts, "&")
}

// formEscape escapes what has no variables.
func formEscape(s string) string {
	if strings.Contains(s, "{{") {
		return s
	}
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

// addAll adds headers.
func (r *request) addAll(pairs []pair) {
	for _, p := range pairs {
		if !p.off() && p.name() != "" {
			r.add(p.name(), string(p.Value))
		}
	}
}

// variablesOf are the pairs that set one.
func variablesOf(pairs []pair) (all []Variable) {
	for _, p := range pairs {
		if p.variable() != "" && !p.off() {
			all = append(all, Variable{Name: p.variable(), Value: string(p.Value), Secret: p.Type == "secret"})
		}
	}
	return all
}

// formType adds the header that clients make up for a form.
func (r *request) formType() {
	if r.reader.written && r.get("Content-Type") == "" {
		r.add("Content-Type", apiclient.MediaForm)
	}
}

var brunoEnvironment = lazyregexp.New(`(?m)^vars(?::secret)? [{\[][ \t\r]*$`)

// environment reads an environment of Postman or Bruno.
func environment(text []byte) (Collection, bool) {
	switch {
	case len(text) == 0:
	case text[0] == '{' && bytes.Contains(text, []byte(`"values"`)) && !bytes.Contains(text, []byte(`"item"`)):
		var env struct {
			Name   string
			Values []pair
		}
		if json.Unmarshal(text, &env) == nil && len(env.Values) > 0 && env.Values[0].Key != "" {
			return Collection{Kind: Postman, Environment: true, Name: env.Name, Variables: variablesOf(env.Values)}, true
		}
	case brunoEnvironment.Match(text[:min(len(text), 1<<16)]) && !isBruno(text) && !isJSON(text):
		return Collection{Kind: Bruno, Environment: true, Variables: brunoVariables(text)}, true
	}
	return Collection{}, false
}

// brunoVariables reads the variables of an environment, secret ones without value.
func brunoVariables(text []byte) []Variable {
	var all []Variable
	secret, inside := false, false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		switch {
		case brunoEnvironment.MatchString(line):
			inside, secret = true, strings.HasSuffix(line, "[")
		case line == "}" || line == "]":
			inside = false
		case inside && line != "" && line[0] != '~':
			name, value, _ := strings.Cut(strings.TrimSuffix(line, ","), ":")
			all = append(all, Variable{Name: strings.TrimSpace(name), Value: strings.TrimSpace(value), Secret: secret})
		}
	}
	return all
}
