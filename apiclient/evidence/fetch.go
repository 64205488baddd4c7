package evidence

import (
	"fmt"
	"strings"

	"countersign/apiclient/evidence/jsliteral"
	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
)

var fetchCall = lazyregexp.New(`(?m)(?:^|[\s;(=.{&|>:])(?:fetch|(?:axios|got|ky|\$http|needle|http)` +
	`\.(?:get|post|put|patch|delete|head|options|request)|axios|got|ky|\$http|\$\.ajax|jQuery\.ajax|cy\.request|` +
	`(?:wx|my|uni|tt|swan|dd|ap|Taro)\.(?:request|httpRequest)|` +
	`\w+\.(?:open|setRequestHeader))\(`)

// nodeCall is a call of Node's own client, or of those whose names other languages
// have too.
var nodeCall = lazyregexp.New(`(?m)(?:^|[\s;({=])(?:(?:https?\.)?request\(|unirest\(|superagent\b)`)

// isFetch reports whether a text is JavaScript that sends a request.
func isFetch(text []byte) bool {
	head := text[:min(len(text), 1<<20)]
	return !startsMessage(text) && (fetchCall.Match(head) || nodeCall.Match(head) && foreignAs(text) == nil)
}

// fetchRequest is what a call in JavaScript would send.
type fetchRequest struct {
	request
	raw  bool // the body is sent as it is, where axios would write an object as JSON
	node bool // of Node's own client: its body is written to it
}

// readFetch reads the calls of fetch, axios, jQuery.ajax and XMLHttpRequest in a
// source in JavaScript.
func (r Reader) readFetch(text []byte) (Evidence, error) {
	var requests []*request
	var failed []error
	var open *fetchRequest // an XMLHttpRequest that is not sent yet
	for _, call := range jsliteral.Calls(string(text)) {
		q := &fetchRequest{request: request{reader: r, kind: Fetch}}
		read := sender(call.Name)
		switch object, method, _ := cutLast(call.Name, "."); {
		case read != nil && len(call.Args) > 0:
		case isNode(call.Name) && len(call.Args) > 0 && call.Args[0].Kind == jsliteral.Object:
			open = q
			if err := q.options(call.Name, call.Args[0]); err != nil {
				failed = append(failed, err)
			}
			continue
		case (method == "write" || method == "end") && open != nil && open.node && object != "" && object != "res":
			if err := open.write(call.Args); err != nil {
				failed = append(failed, err)
			}
			if method == "end" {
				requests, open = append(requests, &open.request), nil
			}
			continue
		case method == "open" && len(call.Args) > 1:
			open = q
			q.method = strings.ToUpper(call.Args[0].String())
			if err := q.setURL(call.Args[1]); err != nil {
				failed = append(failed, err)
			}
			continue
		case method == "setRequestHeader" && open != nil && len(call.Args) == 2:
			if err := open.headers(jsliteral.Value{Kind: jsliteral.Object,
				Members: []jsliteral.Member{{Name: call.Args[0].String(), Value: call.Args[1]}}}); err != nil {
				failed = append(failed, err)
			}
			continue
		case method == "send" && open != nil && object != "":
			q, open = open, nil
			read = func(q *fetchRequest, args []jsliteral.Value) error {
				if len(args) > 0 {
					return q.setBody(args[0])
				}
				return nil
			}
		default:
			continue
		}
		if err := read(q, call.Args); err != nil {
			failed = append(failed, err)
			continue
		}
		requests = append(requests, &q.request)
	}
	if len(requests)+len(failed) == 0 {
		return Evidence{}, &hint.Error{Says: "this is JavaScript, and its call of fetch or axios has no literal address",
			Fix: `give the call with its values, as a browser's "Copy as fetch" writes it, or the raw HTTP message`}
	}
	return r.gathered(Fetch, requests, failed)
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+len(sep):], true
}

// clientObjects are the names under which libraries are called, clientMethods
// their methods.
var (
	clientObjects = wordSet("axios http $http got ky needle api client instance")
	clientMethods = wordSet("get delete head options post put patch")
)

// senders are functions that take an address and options, or options with the address
// in them; rawSenders are those that send an object as a text.
var (
	rawSenders = wordSet("fetch window.fetch globalThis.fetch nodeFetch $.ajax jQuery.ajax")
	senders    = wordSet(`axios axios.request cy.request got ky $http request wx.request my.request uni.request tt.request swan.request
		ap.request dd.httpRequest my.httpRequest Taro.request`)
)

// sender returns how the arguments of a function that sends a request are read;
// nil for other functions.
func sender(name string) func(q *fetchRequest, args []jsliteral.Value) error {
	if senders[name] || rawSenders[name] {
		return func(q *fetchRequest, args []jsliteral.Value) error {
			q.raw = rawSenders[name]
			config := args[len(args)-1]
			if len(args) == 1 && strings.HasSuffix(strings.ToLower(name), "fetch") { // its address alone
				config = jsliteral.Value{Kind: jsliteral.Object}
			}
			for _, a := range args { // a callback may be the last
				if a.Kind == jsliteral.Object {
					config = a
				}
			}
			address := args[0]
			if address.Kind == jsliteral.Object {
				if address = config.Get("url"); address.Kind == jsliteral.Undefined {
					address = config.Get("uri")
				}
			}
			return q.config(address, config)
		}
	}
	object, method, _ := cutLast(name, ".")
	if !clientObjects[object] || !clientMethods[method] {
		return nil
	}
	return func(q *fetchRequest, args []jsliteral.Value) error {
		q.method = strings.ToUpper(method)
		rest := args[1:]
		if len(rest) > 0 && strings.HasPrefix(method, "p") && object != "got" && object != "ky" {
			if err := q.setBody(rest[0]); err != nil {
				return err
			}
			rest = rest[1:]
		}
		if len(rest) > 0 {
			return q.config(args[0], rest[0])
		}
		return q.setURL(args[0])
	}
}

// value is the error for a value that is not in the source.
func (q *fetchRequest) value(part string, v jsliteral.Value) error {
	if source := v.FirstUnknown(); source != "" {
		return &hint.Error{
			Says: fmt.Sprintf("the %s takes %s from %s, whose value is not known", q.kind, part, clip(source)),
			Fix:  "put the value itself into the source, or give the raw HTTP message"}
	}
	return nil
}

func (q *fetchRequest) setURL(v jsliteral.Value) error {
	q.url = v.String()
	return q.value("its URL", v)
}

// config reads what the calls take beside the address.
func (q *fetchRequest) config(address, v jsliteral.Value) error {
	if v.Kind == jsliteral.Unknown {
		return q.value("its options", v)
	}
	if base := v.Get("baseURL"); base.Kind == jsliteral.String && !strings.Contains(address.Text, "://") {
		address.Text = strings.TrimSuffix(base.Text, "/") + "/" + strings.TrimPrefix(address.Text, "/")
	}
	for _, name := range []string{"method", "type"} {
		if m := v.Get(name); m.Kind == jsliteral.String && q.method == "" {
			q.method = strings.ToUpper(m.Text)
		}
	}
	for _, name := range []string{"body", "data", "json"} {
		if b := v.Get(name); b.Kind != jsliteral.Undefined && b.Kind != jsliteral.Null {
			if err := q.setBody(b); err != nil {
				return err
			}
		}
	}
	for _, name := range []string{"headers", "header"} { // of a mini program: header
		if err := q.headers(v.Get(name)); err != nil {
			return err
		}
	}
	if q.method == "" {
		q.method = "GET"
	}
	if err := q.setURL(address); err != nil {
		return err
	}
	if params := v.Get("params"); params.Kind == jsliteral.Object {
		params.Form = true
		q.url = joined(q.url, params.String())
		q.note("the query is built of params: axios may write some characters otherwise")
	}
	return nil
}

func (q *fetchRequest) headers(v jsliteral.Value) error {
	if v.Kind == jsliteral.Unknown {
		return q.value("its headers", v)
	}
	for _, pair := range v.List {
		if len(pair.List) == 2 {
			v.Members = append(v.Members, jsliteral.Member{Name: pair.List[0].String(), Value: pair.List[1]})
		}
	}
	for _, m := range v.Members {
		if source := m.Value.FirstUnknown(); source != "" {
			if q.isSigned(m.Name) || m.Name == "..." {
				return q.value("the header "+m.Name, m.Value)
			}
			q.note("the value of %s is not known: the header %s is as it is written", clip(source), m.Name)
		}
		if !strings.HasPrefix(m.Name, ":") && m.Value.Kind != jsliteral.Undefined {
			q.add(m.Name, m.Value.String())
		}
	}
	return nil
}

// setBody sets what is sent: of an object, axios sends JSON, and fetch what
// String makes of it.
func (q *fetchRequest) setBody(v jsliteral.Value) error {
	if err := q.value("its body", v); err != nil {
		return err
	}
	if v.Kind == jsliteral.Null || v.Kind == jsliteral.Undefined {
		return nil
	}
	text := v.String()
	if json, ok := v.Stringify(""); ok && !q.raw && !v.Form && (v.Kind == jsliteral.Object || v.Kind == jsliteral.Array) {
		text = json
	}
	q.body, q.hasBody = []byte(jsliteral.UTF8(text)), true
	return nil
}

// isNode knows Node's own client, whose body is written to what it returns.
func isNode(name string) bool { return name == "http.request" || name == "https.request" }

// options reads the options of Node's own client: host, port and path are members
// of their own.
func (q *fetchRequest) options(name string, v jsliteral.Value) error {
	q.node, q.raw = true, true
	scheme, _, _ := strings.Cut(name, ".")
	if v.Get("protocol").Kind == jsliteral.String {
		scheme = strings.TrimSuffix(v.Get("protocol").Text, ":")
	}
	host := v.Get("hostname")
	if host.Kind == jsliteral.Undefined {
		host = v.Get("host")
	}
	port, path := v.Get("port"), v.Get("path")
	if path.Kind == jsliteral.Undefined {
		path = jsliteral.Value{Kind: jsliteral.String, Text: "/"}
	}
	address := jsliteral.Value{Kind: jsliteral.String, Text: scheme + "://" + host.String()}
	if p := port.String(); port.Kind != jsliteral.Undefined && port.Kind != jsliteral.Null && p != "443" && p != "80" {
		address.Text += ":" + p
	}
	address.Text += path.String()
	for _, part := range []jsliteral.Value{host, path} {
		if part.Kind == jsliteral.Unknown {
			address = part
		}
	}
	return q.config(address, v)
}

// write adds to the body what is written to the request.
func (q *fetchRequest) write(args []jsliteral.Value) error {
	if len(args) == 0 || args[0].FirstUnknown() != "" && strings.Contains(args[0].Text, "=>") {
		return nil
	}
	before := q.body
	if err := q.setBody(args[0]); err != nil {
		return err
	}
	q.body = append(before, q.body...)
	return nil
}
