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
	ID         string         `json:"_id"`
	Parent     string         `json:"parentId"`
	Type       string         `json:"_type"`
	Method     string         `json:"method"`
	URL        string         `json:"url"`
	Name       string         `json:"name"`
	Data       map[string]any `json:"data"`
	Headers    []insomniaPair `json:"headers"`
	Parameters []insomniaPair `json:"parameters"`
	Body       struct {
		MimeType string         `json:"mimeType"`
		Text     string         `json:"text"`
		Params   []insomniaPair `json:"params"`
	} `json:"body"`
}

type insomniaPair struct {
	Name     string `json:"name"`
	Value    string `json:"value"`
	Disabled bool   `json:"disabled"`
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
				vars[k], vars["_."+k] = fmt.Sprint(v), fmt.Sprint(v)
				known = append(known, Variable{Name: k, Value: fmt.Sprint(v)})
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
	q.url = joined(q.url, pairsText(one.Parameters))
	for _, h := range one.Headers {
		if !h.Disabled && h.Name != "" {
			q.add(h.Name, h.Value)
		}
	}
	body := one.Body.Text
	switch {
	case strings.HasPrefix(one.Body.MimeType, "multipart/"):
		q.partial = true
		q.note("the request sends a form in parts, whose bytes have a random boundary: its body is not in the export")
	case one.Body.MimeType == "application/x-www-form-urlencoded":
		body = pairsText(one.Body.Params)
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
		text += p.Value
	}
	return []byte(text)
}

func pairsText(pairs []insomniaPair) string {
	var texts []string
	for _, p := range pairs {
		if !p.Disabled {
			texts = append(texts, postmanEscape(p.Name)+"="+postmanEscape(p.Value))
		}
	}
	return strings.Join(texts, "&")
}
