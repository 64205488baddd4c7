package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"countersign/apiclient/lazyregexp"
)

// brunoJSONMark is in what Bruno exports: an item with its type and its body's mode.
var brunoJSONMark = lazyregexp.New(`"type"\s*:\s*"(?:http|http-request|graphql|folder)"`)

// isBrunoJSON reports whether a JSON text is a collection that Bruno exported.
func isBrunoJSON(text []byte) bool {
	return text[0] == '{' && bytes.Contains(text, []byte(`"items"`)) && bytes.Contains(text, []byte(`"request"`)) &&
		brunoJSONMark.Match(text)
}

// brunoItem is a collection, a folder or a request.
type brunoItem struct {
	Name    string
	Items   []brunoItem
	Request *struct {
		URL, Method string
		Headers     []pair
		Body        map[string]json.RawMessage // mode, and the body by that name
	}
}

func (r Reader) readBrunoJSON(text []byte) (Evidence, error) {
	var whole brunoItem
	if err := json.Unmarshal(text, &whole); err != nil {
		return Evidence{}, unread(Bruno, inWords(err))
	}
	var list []*request
	var failed []error
	var walk func(items []brunoItem, folders []string)
	walk = func(items []brunoItem, folders []string) {
		for _, it := range items {
			if len(folders) < maxWraps*4 {
				walk(it.Items, append(folders[:len(folders):len(folders)], it.Name))
			}
			if it.Request == nil {
				continue
			}
			q, err := r.brunoRequest(it)
			if err != nil {
				failed = append(failed, fmt.Errorf("the request %q of the Bruno collection: %w", it.Name, err))
				continue
			}
			q.written = Written{Name: it.Name, Folders: folders}
			list = append(list, q)
		}
	}
	walk(whole.Items, nil)
	if len(list)+len(failed) == 0 {
		return Evidence{}, unread(Bruno, "it has no request")
	}
	return r.gathered(Bruno, list, failed)
}

func (r Reader) brunoRequest(it brunoItem) (*request, error) {
	q := &request{reader: r, kind: Bruno, method: strings.ToUpper(it.Request.Method), url: it.Request.URL}
	q.addAll(it.Request.Headers)
	var mode, body string
	_ = json.Unmarshal(it.Request.Body["mode"], &mode) // without a mode there is no body
	if _ = json.Unmarshal(it.Request.Body[mode], &body); body != "" {
		q.body, q.hasBody = []byte(body), true
	} else if mode != "" && mode != "none" {
		q.partial = true
		q.note("the request sends a form of Bruno's (%s), whose bytes are not in the collection", mode)
	}
	return q, q.fillAll(nil)
}
