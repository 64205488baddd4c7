package export

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"countersign/apiclient"
)

// postman writes a collection of Postman, v2.1, of one request, whose script signs it
// where the key is there, and of its answer:
// https://schema.getpostman.com/json/collection/v2.1.0/collection.json
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
	variables := []object{}
	for _, v := range j.vars {
		variables = append(variables, object{"key": v.Name, "value": "", "type": "secret"})
	}
	var header []apiclient.Field
	for _, f := range e.Request.Header {
		if !unneeded[strings.ToLower(f.Name)] || strings.EqualFold(f.Name, "Host") && f.Value != hostAt(e.URL) {
			header = append(header, apiclient.Field{Name: f.Name, Value: j.fill(f.Value, variable)})
		}
	}
	request := object{"method": method(e), "url": j.fill(e.URL, variable), "header": pairs("key", header)}
	if len(e.Request.Body) > 0 {
		request["body"] = object{"mode": "raw", "raw": j.fill(string(e.Request.Body), variable)}
	}
	name := strings.Map(plainASCII, method(e)+" "+e.Request.Path())
	sign := object{"type": "text/javascript", "exec": strings.Split(strings.TrimRight(string(script), "\n"), "\n")}
	item := object{"name": name, "request": request, "response": j.postmanAnswers(request),
		"event": []object{{"listen": "prerequest", "script": sign}},
		// the body goes out as it is, and so does the URL
		"protocolProfileBehavior": object{"disableUrlEncoding": true, "disableBodyPruning": true, "followRedirects": false}}
	return indented(object{
		"info": object{"name": "countersign: " + name,
			"description": strings.TrimSpace("Set the variable private_key to have the request signed again. " + j.says()),
			"schema":      "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
		"item": []object{item}, "variable": variables,
	})
}

// postmanAnswers is the answer to a request, where there is one that can be in it.
func (j *job) postmanAnswers(request object) []object {
	m := j.e.Response
	if m == nil || m.Status() == 0 {
		return []object{}
	}
	if !utf8.Valid(m.Content()) {
		j.notes = append(j.notes, "the answer's body is not UTF-8, and not in the collection")
		return []object{}
	}
	if m.Decoded != nil && !bytes.Equal(m.Decoded, m.Body) {
		j.notes = append(j.notes, fmt.Sprintf("the answer's body is in the collection as it reads, without its content coding (%s): "+
			"its signature may cover the coded bytes, which har and json keep", m.Get("Content-Encoding")))
	}
	return []object{{"name": m.Line, "originalRequest": request, "status": statusText(m), "code": m.Status(),
		"header": pairs("key", m.Header), "body": string(m.Content())}}
}
