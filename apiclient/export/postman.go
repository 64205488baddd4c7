package export

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"countersign/apiclient"
)

// A collection of Postman, v2.1:
// https://schema.getpostman.com/json/collection/v2.1.0/collection.json
type (
	postmanCollection struct {
		Info struct {
			Name        string `json:"name"`
			Description string `json:"description,omitempty"`
			Schema      string `json:"schema"`
		} `json:"info"`
		Item     []postmanItem     `json:"item"`
		Variable []postmanVariable `json:"variable"`
	}
	postmanItem struct {
		Name     string          `json:"name"`
		Event    []postmanEvent  `json:"event"`
		Request  postmanRequest  `json:"request"`
		Response []postmanAnswer `json:"response"`
		// the body goes out as it is, and so does the URL
		Behaviour map[string]bool `json:"protocolProfileBehavior"`
	}
	postmanEvent struct {
		Listen string `json:"listen"`
		Script struct {
			Type string   `json:"type"`
			Exec []string `json:"exec"`
		} `json:"script"`
	}
	postmanRequest struct {
		Method string          `json:"method"`
		Header []postmanHeader `json:"header"`
		Body   *postmanBody    `json:"body,omitempty"`
		URL    string          `json:"url"`
	}
	postmanHeader struct {
		Key   string `json:"key"`
		Value string `json:"value"`
	}
	postmanBody struct {
		Mode string `json:"mode"`
		Raw  string `json:"raw"`
	}
	postmanVariable struct {
		Key   string `json:"key"`
		Value string `json:"value"`
		Type  string `json:"type"`
	}
	postmanAnswer struct {
		Name     string          `json:"name"`
		Original postmanRequest  `json:"originalRequest"`
		Status   string          `json:"status"`
		Code     int             `json:"code"`
		Header   []postmanHeader `json:"header"`
		Body     string          `json:"body"`
	}
)

// postman writes a collection of one request, whose script signs it where the key
// is there, and of its answer.
func (j *job) postman() ([]byte, error) {
	e := &j.e
	if !utf8.Valid(e.Request.Body) {
		return nil, cannot("a Postman collection", "its body is not UTF-8")
	}
	if bytes.Contains(e.Request.Body, []byte("{{")) {
		j.notes = append(j.notes, "the body has {{, which Postman takes for the beginning of a variable")
	}
	l := languages()["node"]
	l.env, l.text, l.bytes, l.between = "pm.variables.get(%q)", "%s", "%s", " + "
	script, err := j.program(l, "postman")
	if err != nil {
		return nil, err
	}
	variable := func(name string) string { return "{{" + name + "}}" }
	var c postmanCollection
	name := strings.Map(plainASCII, method(e)+" "+e.Request.Path())
	c.Info.Name, c.Info.Schema = "countersign: "+name,
		"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
	c.Info.Description = strings.TrimSpace("Set the variable private_key to have the request signed again. " + j.says())
	c.Variable = []postmanVariable{}
	for _, v := range j.vars {
		c.Variable = append(c.Variable, postmanVariable{Key: v.Name, Type: "secret"})
	}
	request := postmanRequest{Method: method(e), URL: j.fill(e.URL, variable), Header: []postmanHeader{}}
	for _, f := range e.Request.Header {
		if !unneeded[strings.ToLower(f.Name)] || strings.EqualFold(f.Name, "Host") && f.Value != hostAt(e.URL) {
			request.Header = append(request.Header, postmanHeader{f.Name, j.fill(f.Value, variable)})
		}
	}
	if len(e.Request.Body) > 0 {
		request.Body = &postmanBody{"raw", j.fill(string(e.Request.Body), variable)}
	}
	item := postmanItem{Name: name, Request: request, Response: []postmanAnswer{}, Event: make([]postmanEvent, 1),
		Behaviour: map[string]bool{"disableUrlEncoding": true, "disableBodyPruning": true, "followRedirects": false}}
	item.Event[0].Listen, item.Event[0].Script.Type = "prerequest", "text/javascript"
	item.Event[0].Script.Exec = strings.Split(strings.TrimRight(string(script), "\n"), "\n")
	if m := e.Response; m != nil && m.Status() > 0 {
		if answer, ok := postmanAnswerOf(m, request); ok {
			item.Response = append(item.Response, answer)
			if m.Decoded != nil && !bytes.Equal(m.Decoded, m.Body) {
				j.notes = append(j.notes, fmt.Sprintf("the answer's body is in the collection as it reads, without its content coding (%s): "+
					"its signature may cover the coded bytes, which har and json keep", m.Get("Content-Encoding")))
			}
		} else {
			j.notes = append(j.notes, "the answer's body is not UTF-8, and not in the collection")
		}
	}
	c.Item = []postmanItem{item}
	return indented(c)
}

func postmanAnswerOf(m *apiclient.Message, request postmanRequest) (postmanAnswer, bool) {
	if !utf8.Valid(m.Content()) {
		return postmanAnswer{}, false
	}
	_, status, _ := strings.Cut(strings.TrimPrefix(m.Line, version(m.Line)+" "), " ")
	answer := postmanAnswer{Name: m.Line, Original: request, Code: m.Status(), Status: status,
		Body: string(m.Content())}
	for _, f := range m.Header {
		answer.Header = append(answer.Header, postmanHeader{f.Name, f.Value})
	}
	return answer, true
}
