package evidence

import (
	"encoding/json"
	"fmt"
	"strings"

	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
)

var insomniaMark = lazyregexp.New(`"__export_format"\s*:|"_type"\s*:\s*"export"`)

// isInsomnia reports whether a JSON text is an export of Insomnia, version 4.
func isInsomnia(text []byte) bool {
	return text[0] == '{' && insomniaMark.Match(text[:min(len(text), 4096)])
}

// insomniaResource is a request or an environment.
type insomniaResource struct {
	ID     string `json:"_id"`
	Parent string `json:"parentId"`
	Type   string `json:"_type"`

	Method, URL, Name   string
	Data                map[string]scalar
	Headers, Parameters []pair
	Body                struct {
		MimeType, Text string
		Params         []pair
	}
}

// readInsomnia reads the requests of an export.
func (r Reader) readInsomnia(text []byte) (Evidence, error) {
	var export struct {
		Resources []json.RawMessage `json:"resources"`
	}
	if err := json.Unmarshal(text, &export); err != nil {
		return Evidence{}, &hint.Error{Says: "the Insomnia export cannot be read: " + inWords(err),
			Fix: "export it again", Err: err}
	}
	var list []insomniaResource
	var failed []error
	vars := map[string]string{}
	var known []Variable
	groups := map[string]insomniaResource{}
	for i, raw := range export.Resources {
		var one insomniaResource
		if err := json.Unmarshal(raw, &one); err != nil {
			failed = append(failed, fmt.Errorf("resource %d of the Insomnia export: %s", i+1, inWords(err)))
			continue
		}
		if one.Type == "environment" {
			for k, v := range one.Data {
				vars[k], vars["_."+k] = string(v), string(v)
				known = append(known, Variable{Name: k, Value: string(v)})
			}
		}
		if one.Type == "request_group" {
			groups[one.ID] = one
		}
		list = append(list, one)
	}
	var requests []*request
	for _, one := range list {
		if one.Type != "request" {
			continue
		}
		q, err := r.insomnia(one, vars)
		if err != nil {
			failed = append(failed, fmt.Errorf("the request %q of the Insomnia export: %w", one.Name, err))
			continue
		}
		q.written = Written{Name: one.Name}
		if r.written && insomniaTag.Match(raws(one)) {
			q.note("it has a tag of Insomnia, {%% … %%}, which stays as it is written and is not run")
		}
		for g, ok := groups[one.Parent]; ok && len(q.written.Folders) < 50; g, ok = groups[g.Parent] {
			q.written.Folders = append([]string{g.Name}, q.written.Folders...)
		}
		requests = append(requests, q)
	}
	if len(requests)+len(failed) == 0 {
		return Evidence{}, unread(Insomnia, "it has no request")
	}
	e, err := r.gathered(Insomnia, requests, failed)
	e.variables = known
	return e, err
}

func (r Reader) insomnia(one insomniaResource, vars map[string]string) (*request, error) {
	q := &request{reader: r, kind: Insomnia, method: strings.ToUpper(one.Method), url: one.URL}
	q.url = joined(q.url, formOf(one.Parameters))
	q.addAll(one.Headers)
	body := one.Body.Text
	switch {
	case strings.HasPrefix(one.Body.MimeType, "multipart/"):
		q.partial = true
		q.note("the request sends a form in parts, whose bytes have a random boundary: its body is not in the export")
	case one.Body.MimeType == formType:
		body = formOf(one.Body.Params)
	}
	q.body, q.hasBody = []byte(body), body != ""
	return q, q.fillAll(vars)
}

// insomniaTag is a call of a function in a text.
var insomniaTag = lazyregexp.New(`\{%.*?%\}`)

// raws is all of a request that may have tags.
func raws(one insomniaResource) []byte {
	text := one.URL + one.Body.Text
	for _, p := range append(append(one.Headers, one.Parameters...), one.Body.Params...) {
		text += string(p.Value)
	}
	return []byte(text)
}
