package importing

import (
	"cmp"
	"context"
	"net/url"
	"path"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/requests"
)

var openAPIMark = lazyregexp.New(`(?m)^["']?(?:openapi|swagger)["']?\s*:|^\{\s*"(?:openapi|swagger)"\s*:|^ {1,4}"(?:openapi|swagger)"\s*:\s*"[23]`)

// isOpenAPI reports whether a text is an OpenAPI document.
func isOpenAPI(data []byte) bool { return openAPIMark.Match(data[:min(len(data), 1<<16)]) }

// openAPI plans a request for each operation of a document: its example.
func (p *planner) openAPI(ctx context.Context, s Source) error {
	var all catalog.Catalog
	var files catalog.Files
	if s.Read != nil {
		files = func(name string, _ int) ([]byte, error) { return s.Read(name) }
	}
	if err := all.Load(ctx, s.Name, s.Data, files); err != nil {
		return err
	}
	for _, fault := range all.Faults() {
		p.note("%s", hint.Sentence(fault))
	}
	found, unknown := false, false
	for _, e := range all.Endpoints() {
		if e.Source != s.Name || e.Direction != catalog.Outbound || !p.wanted(e.ID, e.Method, e.Path, e.Summary) {
			continue
		}
		found = true
		if known, err := p.Catalog.Lookup(e.ID); err != nil || known.ID != e.ID || known.Path != e.Path {
			unknown = true
		}
		if err := p.operation(s, e); err != nil {
			p.note("%s: the operation %s is left out: %s", s.Name, e.ID, hint.Sentence(err))
		}
	}
	if unknown {
		p.plan.Catalogs = append(p.plan.Catalogs, s.Name)
	}
	if !found && p.Match == "" {
		return &hint.Error{Says: "it has no operation that is sent to the platform", Fix: "give a document with paths"}
	}
	return nil
}

func (p *planner) operation(s Source, e catalog.Endpoint) error {
	c := requests.Content{Name: title(cmp.Or(e.OperationID, e.ID)), Method: e.Method, Target: e.Path, Body: e.Example,
		Directives: []requests.Setting{{Name: "endpoint", Value: e.ID}}}
	head, query := "", url.Values{}
	for _, param := range e.Parameters {
		if !param.Required {
			continue
		}
		name := variableName(param.Name)
		value := param.Example
		if value == "" && len(param.Enum) > 0 {
			value = param.Enum[0]
		}
		if strings.ContainsAny(value, "\r\n") || value == "" {
			value = ""
			p.note("%s: %s has no example of the parameter %s: give @%s a value in its file", s.Name, e.ID,
				param.Name, name)
		}
		switch param.In {
		case catalog.InPath:
			c.Target = strings.ReplaceAll(c.Target, "{"+param.Name+"}", "{{"+name+"}}")
		case catalog.InQuery:
			query.Set(param.Name, "{{"+name+"}}")
		case catalog.InHeader:
			if apiclient.MadeForEach(p.Profile.HeaderNames.Protocol(param.Name)) {
				continue
			}
			c.Header = append(c.Header, apiclient.Field{Name: param.Name, Value: "{{" + name + "}}"})
		}
		head += "@" + name + " = " + value + "\n"
	}
	if len(query) > 0 {
		c.Target += "?" + strings.NewReplacer("%7B", "{", "%7D", "}").Replace(query.Encode())
	}
	if len(c.Body) > 0 {
		media := e.Media
		if media == "" {
			media = "application/json"
		}
		c.Header = append(c.Header, apiclient.Field{Name: "Content-Type", Value: media})
	}
	steps := strings.Split(e.ID, "/")
	folder := path.Join(fileNames(s.Folders), fileNames(steps[:len(steps)-1]))
	text, bodies, err := p.written(folder, c)
	if err != nil {
		return err
	}
	if head != "" {
		text = append([]byte(head+"\n"), text...)
	}
	p.place(File{Source: s.Name, Text: text, Bodies: bodies,
		Requests: []Request{{Name: c.Name, Method: c.Method, Target: c.Target, Endpoint: e.ID}}},
		path.Join(folder, fileName(steps[len(steps)-1], "operation")))
	return nil
}
