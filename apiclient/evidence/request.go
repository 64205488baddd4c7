package evidence

import (
	"fmt"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/evidence/shell"
	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/signing"
	"countersign/apiclient/wire"
)

// request is what a command or a file of a client would send.
type request struct {
	reader  Reader
	kind    Kind
	method  string // "": GET, or POST with a body
	url     string
	fields  []apiclient.Field
	body    []byte
	hasBody bool
	notes   []string
	stdin   *shell.Input            // what is piped into it
	files   map[string]*shell.Input // that the text itself writes
	partial bool                    // the body is not in the text
	fault   error                   // what is probably wrong with the quotes of the text

	written Written // what only a Collection has: name, folders, scripts
}

func (r *request) note(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(r.notes, text) {
		r.notes = append(r.notes, text)
	}
}

// get returns the first header with a name.
func (r *request) get(name string) string { return apiclient.Message{Header: r.fields}.Get(name) }

// add adds a header.
func (r *request) add(name, value string) {
	r.fields = append(r.fields, apiclient.Field{Name: strings.TrimSpace(name), Value: strings.TrimSpace(value)})
}

// unknown is the error for a part whose value is not in the text.
func (r *request) unknown(part, source string) error {
	return &hint.Error{
		Says: fmt.Sprintf("the %s has a shell expansion in %s (%s), whose value is not known", r.kind, part, source),
		Fix:  "put the value itself into the command, or set it in a line before: NAME='value'"}
}

// needs checks that the value of a part is known.
func (r *request) needs(part string, v shell.Word) error {
	if v.Unknown != "" {
		return r.unknown(part, v.Unknown)
	}
	return nil
}

// isSigned reports whether a header is one that signatures need.
func (r *request) isSigned(name string) bool {
	names := r.reader.Names
	for _, signed := range []string{signing.HeaderName, apiclient.HeaderClientID, apiclient.HeaderMerchantID,
		apiclient.HeaderRequestTime} {
		if strings.EqualFold(strings.TrimSpace(name), names.Of(signed)) {
			return true
		}
	}
	return false
}

// known checks that the value of a header is known, where the signature needs
// it; of another it is noted.
func (r *request) known(name, unknown string) error {
	switch {
	case unknown == "":
		return nil
	case r.isSigned(name):
		return r.unknown("the header "+name, unknown)
	}
	r.note("the value of %s is not known: the header %s is as it is written", unknown, name)
	return nil
}

// file reads a file that a command names; "-" is what is piped into it.
func (r *request) file(name string) ([]byte, error) {
	in := r.files[name]
	if name == "-" {
		in = r.stdin
	}
	if in != nil && in.Unknown == "" {
		return in.Data, nil
	}
	if in != nil {
		return nil, &hint.Error{Says: fmt.Sprintf("the %s takes its body from %s, which is not at hand", r.kind, in.Unknown),
			Fix: "put the body into the command, or give the raw HTTP message"}
	}
	if name == "-" || r.reader.ReadFile == nil {
		return nil, &hint.Error{Says: fmt.Sprintf("the %s takes its body from %q, which is not at hand", r.kind, name),
			Fix: "give the raw HTTP message, or put the body into the command"}
	}
	data, err := r.reader.ReadFile(name)
	if err != nil {
		return nil, &hint.Error{Says: fmt.Sprintf("the %s takes its body from a file: %v", r.kind, err),
			Fix: "run this where the file is, or put the body into the command", Err: err}
	}
	return data, nil
}

// verb is the method, which clients choose by the body where none is named.
func (r *request) verb() string {
	switch {
	case r.method != "":
		return r.method
	case r.hasBody:
		return "POST"
	}
	return "GET"
}

// exchange returns the exchange around the request.
func (r *request) exchange() (apiclient.Exchange, error) {
	if r.url == "" {
		return apiclient.Exchange{}, &hint.Error{Says: fmt.Sprintf("the %s has no URL", r.kind), Fix: "copy the whole of it"}
	}
	target := r.url
	if !strings.Contains(target, "://") && !strings.HasPrefix(target, "/") {
		target = "http://" + target
	}
	target, _, _ = strings.Cut(target, "#")
	method := r.verb()
	if err := wire.CheckMethod(method); err != nil {
		return apiclient.Exchange{}, fmt.Errorf("the %s: %w", r.kind, err)
	}
	m := apiclient.Message{Line: method + " " + target + " HTTP/1.1", Header: r.fields, Body: r.body, Partial: r.partial}
	if strings.ContainsAny(m.Line, "\r\n") {
		return apiclient.Exchange{}, &hint.Error{Says: fmt.Sprintf("the %s has a line end inside its URL or method", r.kind),
			Fix: "copy the whole command, with its quotes"}
	}
	return r.reader.fromRequest(m), nil
}

// gathered makes evidence of several requests: of those that carry a signature,
// where any does. What cannot be read is told with the others, and is an error
// where there is nothing else.
func (r Reader) gathered(kind Kind, requests []*request, failed []error) (Evidence, error) {
	signed, plain := Evidence{Kind: kind}, Evidence{Kind: kind}
	for _, q := range requests {
		e, err := q.exchange()
		if err != nil {
			failed = append(failed, err)
			continue
		}
		to := &plain
		if r.signed(e) {
			to = &signed
		}
		if len(to.Exchanges) == maxExchanges {
			return Evidence{}, tooMany(kind)
		}
		to.Kind, to.Exchanges = q.kind, append(to.Exchanges, e)
		if r.written {
			to.written = append(to.written, q.asWritten())
			continue
		}
		for _, n := range q.notes {
			if !slices.Contains(to.Notes, n) {
				to.Notes = append(to.Notes, n)
			}
		}
	}
	if len(signed.Exchanges) == 0 {
		if signed = plain; len(failed) > 0 {
			return Evidence{}, failed[0]
		}
	}
	for i, err := range failed {
		if i == maxFaults {
			signed.Notes = append(signed.Notes, fmt.Sprintf("and %d more requests cannot be read", len(failed)-i))
			break
		}
		signed.Notes = append(signed.Notes, "a request was left out: "+err.Error())
	}
	return signed, nil
}

// asWritten returns the request for a collection.
func (r *request) asWritten() Written {
	w := r.written
	w.Method, w.URL, w.Header, w.Body, w.Partial, w.Notes = r.verb(), r.url, r.fields, r.body, r.partial, r.notes
	w.Plain = !templates[r.kind]
	return w
}

// isSigned reports whether a message of e has a signature where the platform
// puts it.
func (r Reader) isSigned(e apiclient.Exchange) bool {
	name := r.Names.Of(signing.HeaderName)
	return e.Request.Has(name) || e.Response != nil && e.Response.Has(name)
}

// joined adds a query to a URL.
func joined(target, query string) string {
	target, fragment, _ := strings.Cut(target, "#")
	if fragment != "" {
		fragment = "#" + fragment
	}
	switch {
	case query == "":
		return target + fragment
	case strings.HasSuffix(target, "?") || strings.HasSuffix(target, "&"):
		return target + query + fragment
	case strings.Contains(target, "?"):
		return target + "&" + query + fragment
	}
	return target + "?" + query + fragment
}

// withoutLineEnds is what curl -d makes of a file.
var withoutLineEnds = strings.NewReplacer("\r", "", "\n", "", "\x00", "")

// placeholder is a variable of the clients of APIs.
var placeholder = lazyregexp.New(`\{\{[ \t]*([^{}]*?)[ \t]*\}\}`)

// fillAll puts the values of variables into all parts of a request, unless they
// are to stay.
func (r *request) fillAll(vars map[string]string) (err error) {
	if r.reader.written {
		return nil
	}
	if r.url, err = fill(r.url, "the URL", vars); err != nil {
		return err
	}
	if err = r.fillHeaders(vars); err != nil {
		return err
	}
	whole, err := fill(string(r.body), "the body", vars)
	r.body = []byte(whole)
	return err
}

// fillHeaders puts them into the headers: one whose value is not known is an
// error where the signature needs the header.
func (r *request) fillHeaders(vars map[string]string) error {
	for i, f := range r.fields {
		value, err := fill(f.Value, "the header "+f.Name, vars)
		if err != nil && r.isSigned(f.Name) {
			return err
		} else if err != nil {
			r.note("%v: it is as it is written", err)
			continue
		}
		r.fields[i].Value = value
	}
	return nil
}

// maxFilled is how many bytes variables may be replaced by.
const maxFilled = 16 << 20

// fill puts the values of the file's own variables in.
func fill(text, part string, vars map[string]string) (string, error) {
	if !strings.Contains(text, "{{") {
		return text, nil
	}
	grown := 0
	for range 10 { // a value may have variables of its own
		before := text
		text = placeholder.ReplaceAllStringFunc(text, func(s string) string {
			value, ok := vars[strings.TrimSpace(strings.Trim(s, "{}"))]
			if grown += len(value); !ok || grown > maxFilled {
				return s
			}
			return value
		})
		if text == before {
			break
		}
	}
	if unknown := placeholder.FindString(text); unknown != "" {
		return text, &hint.Error{Says: fmt.Sprintf("%s has the variable %s, whose value is not known", part, clip(unknown)),
			Fix: "put the value in, or set it in the text itself"}
	}
	return text, nil
}
