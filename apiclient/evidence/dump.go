package evidence

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strconv"
	"strings"

	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/wire"
)

// Dump is an object that a program printed.
const Dump Kind = "printed object"

// lineBefore is a request line before an object, as Postman's console prints it.
var lineBefore = lazyregexp.New(`(?m)^\W*([A-Z]{3,7}) (https?://\S+?):?\s*\{`)

// isDump knows a text with the names that the objects of HTTP libraries have.
func isDump(text []byte) bool {
	low := bytes.ToLower(text)
	return (bytes.Contains(low, []byte("header")) || bytes.Contains(text, []byte("HTTP_"))) && bytes.ContainsAny(text, "{(") &&
		(bytes.Contains(low, []byte("method")) || lineBefore.Match(text))
}

// isConsole knows what Postman's console prints.
func isConsole(text []byte) bool { return lineBefore.Match(text) && hasRequest(text) }

// hasRequest reports whether a printed object has a request.
func hasRequest(text []byte) bool {
	if !isDump(text) {
		return false
	}
	for _, v := range dumpedValues(string(text)) {
		if parts, _ := v.exchanges(0); len(parts) > 0 {
			return true
		}
	}
	return false
}

func (r Reader) readDump(text []byte) (Evidence, error) {
	var parts []part
	lost := false
	for _, v := range dumpedValues(string(text)) {
		found, cut := v.exchanges(0)
		if len(found) == 0 { // an answer on a line of its own
			if answer, ok := v.response(); ok {
				found = []part{answer}
			}
		}
		if n := len(parts); n > 0 && len(found) == 0 && parts[n-1].bodyless && len(parts[n-1].notes) == 0 && compact(v.source) {
			parts[n-1].message.Body, parts[n-1].bodyless = []byte(v.source), false // it was printed behind the headers
		}
		parts, lost = append(parts, found...), lost || cut
	}
	switch {
	case len(parts) > 0:
		return r.pairs(Dump, parts)
	case lost:
		return Evidence{}, &hint.Error{Says: "this is a printed object that is not whole: its headers or what holds them are " +
			"only [Object]", Fix: `print it with console.log(util.inspect(x, {depth: null, maxStringLength: null}))`}
	}
	return Evidence{}, &hint.Error{Says: "this is a printed object without a request in it (method, url, headers, body)",
		Fix: "give the raw message, or a curl command"}
}

// dumpedValues reads all values that a text has, one after the other: objects of
// any printer, and lines of JSON.
func dumpedValues(s string) []value {
	if v, ok := phpValue(s); ok {
		return []value{v}
	}
	var list []value
	p := dumpParser{s: s, steps: 4*len(s) + 100}
	for p.steps > 0 && len(list) <= maxExchanges {
		i := strings.IndexAny(s[p.at:], "{[(")
		if i < 0 {
			break
		}
		p.at += i
		start := p.at
		v, ok := p.value(0)
		if ok && v.kind >= listValue && len(v.members) > 0 {
			if m := lineBefore.FindStringSubmatch(s[strings.LastIndexByte(s[:start], '\n')+1 : start+1]); m != nil { // Postman
				v.members = append(v.members, printedMember{"method", value{kind: stringValue, text: m[1]}},
					printedMember{"url", value{kind: stringValue, text: m[2]}})
			}
			list = append(list, v)
		} else {
			p.at = start + 1
		}
	}
	return list
}

// The names that libraries and logs give to the parts of a message.
var (
	methodNames = []string{"method", "httpmethod", "requestmethod", "verb"}
	urlNames    = []string{"url", "uri", "requesturl", "requesturi", "fullurl", "rawurl", "href", "originalurl", "requestpath",
		"rawpath", "path", "target", "endpoint", "pathinfo", "scriptname"}
	headerNames = []string{"requestheaders", "headers", "multivalueheaders", "header", "httpheaders", "reqheaders"}
	bodyNames   = []string{"rawbody", "bodyraw", "requestbody", "body", "data", "postdata", "payload", "content", "reqbody",
		"rawmodedata"}
	statusNames = []string{"statuscode", "status", "responsestatus", "httpstatus", "code"}
	answerNames = []string{"responsebody", "data", "body", "content", "text", "resbody"}
)

// exchanges finds the messages in v: requests, each with its answer where there
// is one. lost says that something may be where the printer left a part out.
func (v *value) exchanges(depth int) (parts []part, lost bool) {
	if depth > maxDumpDepth || v.kind < listValue {
		return nil, v.lost
	}
	if request, ok := v.request(); ok {
		answer := v.get("response", "res", "resp")
		if answer == nil && v.get("responseheaders") != nil {
			answer = v
		}
		return append(parts, answered(request, answer)...), false
	}
	for _, name := range []string{"config", "request", "req", "httprequest"} {
		if inner := v.get(name); inner != nil {
			if request, ok := inner.request(); ok {
				answer := v.get("response", "res", "resp", "httpresponse")
				if answer == nil || answer.kind != objectValue {
					answer = v
				}
				return append(parts, answered(request, answer)...), false
			}
		}
	}
	lost = v.lost
	for i := range v.members {
		found, cut := v.members[i].exchanges(depth + 1)
		parts, lost = append(parts, found...), lost || cut
	}
	return parts, lost
}

func answered(request part, answer *value) []part {
	if answer != nil && answer.kind == objectValue {
		if response, ok := answer.response(); ok {
			return []part{request, response}
		}
	}
	return []part{request}
}

// request makes a request of an object with its parts.
func (v *value) request() (part, bool) {
	method, url, headers, inner := v.get(methodNames...), v.get(urlNames...), v.get(headerNames...), v.get("request")
	body := v.get(bodyNames...)
	if headers == nil && inner != nil { // Charles
		headers, body = inner.get(headerNames...), inner.get(bodyNames...)
	}
	if context := v.get("requestcontext"); method == nil && context != nil { // of an API gateway's event
		if inner := context.get("http"); inner != nil {
			method = inner.get(methodNames...)
		}
	}
	if headers == nil {
		headers = v.environ()
	}
	if url != nil && url.kind == objectValue { // URL of Node
		url = url.get("href")
	}
	verb := ""
	if method != nil {
		verb = strings.ToUpper(strings.TrimPrefix(method.text, ":")) // a symbol of Ruby
	}
	if v.kind != objectValue || url == nil || headers == nil || url.kind > stringValue ||
		wire.CheckMethod(verb) != nil || url.text == "" {
		return part{}, false
	}
	fields, ok := headers.fields()
	if !ok {
		return part{}, false
	}
	target := url.text
	if base := v.get("baseurl"); base != nil && base.kind == stringValue && !strings.Contains(target, "://") {
		target = strings.TrimSuffix(base.text, "/") + "/" + strings.TrimPrefix(target, "/")
	}
	if query := v.get("rawquerystring"); query != nil && query.text != "" && !query.none() {
		target += "?" + query.text
	}
	p := part{message: wire.Message{Line: verb + " " + target + " HTTP/1.1", Header: fields}}
	p.take(body, v.get("isbase64encoded"))
	return p, true
}

// environ returns the headers that CGI, WSGI and PHP's $_SERVER hold as variables:
// HTTP_CLIENT_ID for Client-Id. Their spelling is lost.
func (v *value) environ() *value {
	out := value{kind: objectValue}
	for i := range v.members {
		m := v.members[i]
		name, ok := strings.CutPrefix(m.name, "HTTP_")
		if !ok && m.name != "CONTENT_TYPE" && m.name != "CONTENT_LENGTH" {
			continue
		}
		words := strings.Split(strings.ToLower(cmp.Or(name, m.name)), "_")
		for i, w := range words {
			if w != "" {
				words[i] = strings.ToUpper(w[:1]) + w[1:]
			}
		}
		m.name = strings.Join(words, "-")
		out.members = append(out.members, m)
	}
	if len(out.members) < 2 {
		return nil
	}
	return &out
}

// response makes an answer of an object with its parts.
func (v *value) response() (part, bool) {
	status, headers := v.get(statusNames...), v.get(append([]string{"responseheaders"}, headerNames[1:]...)...)
	if status == nil && v.get("responseheaders") != nil {
		status = &value{text: "200"} // the log does not tell it
	}
	if status == nil || headers == nil {
		return part{}, false
	}
	code, _, _ := strings.Cut(status.text, " ")
	fields, ok := headers.fields()
	if n, err := strconv.Atoi(code); err != nil || n < 100 || n > 999 || !ok {
		return part{}, false
	}
	p := part{message: wire.Message{Line: "HTTP/1.1 " + code, Header: fields}}
	p.take(v.get(answerNames...), v.get("isbase64encoded"))
	return p, true
}

// take makes the body of a member.
func (p *part) take(body, base64 *value) {
	m := &p.message
	switch {
	case body == nil:
		p.bodyless = true
	case body.lost:
		p.bodyless = true
		p.notes = append(p.notes, "the body is not whole in what was printed: print it as text, such as data.toString()")
	case body.none():
		m.Body = []byte{}
	case body.kind == stringValue || body.kind == bytesValue:
		m.Body = []byte(body.text)
		if base64 != nil && base64.text == "true" {
			if decoded, ok := anyBase64(body.text); ok {
				m.Body = decoded
			}
		}
	default:
		if text := body.get("text", "string"); text != nil && text.kind == stringValue {
			m.Body = []byte(text.text)
			return
		}
		if m.Body, p.bodyless = body.buffer(); !p.bodyless {
			return
		}
		if compact(body.source) {
			m.Body, p.bodyless = []byte(body.source), false
			p.notes = append(p.notes, "the body stands as JSON inside of JSON: it is taken as it stands there")
			return
		}
		p.notes = append(p.notes, "the body was printed as an object, not as the text that was sent: print the text")
	}
}

// compact reports JSON in one line without spaces between its tokens, as it is
// sent and as no printer lays it out.
func compact(source string) bool {
	var b bytes.Buffer
	return json.Compact(&b, []byte(source)) == nil && b.String() == source
}

// buffer is the bytes of {type: 'Buffer', data: [1, 2]}.
func (v *value) buffer() (b []byte, missing bool) {
	list := v.get("data")
	if kind := v.get("type"); kind == nil || kind.text != "Buffer" || list == nil || list.lost {
		return nil, true
	}
	for i := range list.members {
		n, err := strconv.ParseUint(list.members[i].text, 10, 8)
		if err != nil {
			return nil, true
		}
		b = append(b, byte(n))
	}
	return b, false
}

// fields makes header fields of an object, of pairs, of {name, value}, or of the
// text of a head.
func (v *value) fields() (fields []wire.Field, ok bool) {
	add := func(name string, v *value) {
		if v.kind == listValue {
			for i := range v.members {
				fields = append(fields, wire.Field{Name: name, Value: v.members[i].text})
			}
			return
		}
		if v.kind <= bytesValue && !v.none() && !v.lost {
			fields = append(fields, wire.Field{Name: name, Value: v.text})
		}
	}
	switch {
	case v.kind == stringValue && strings.Contains(v.text, ":"):
		for line := range strings.Lines(v.text) {
			if f, ok := fieldIn(line); ok {
				fields = append(fields, f)
			}
		}
		return fields, len(fields) > 0
	case v.kind == objectValue && v.get("headers") != nil:
		return v.get("headers").fields()
	case v.kind == objectValue:
		for i := range v.members {
			if m := &v.members[i]; wire.CheckMethod(m.name) == nil && m.kind != objectValue {
				add(m.name, &m.value)
			}
		}
		return fields, !v.lost
	case v.kind != listValue || v.lost:
		return nil, false
	}
	for i := range v.members {
		m := &v.members[i]
		name, text := m.get("name", "key"), m.get("value")
		switch {
		case name != nil && text != nil:
			add(name.text, text)
		case m.kind >= listValue && len(m.members) == 2 && m.members[0].name == "": // {"Client-Id", "C"} of Elixir too
			add(m.members[0].text, &m.members[1].value)
		case m.kind == stringValue && strings.Contains(m.text, ": "):
			f, _ := fieldIn(m.text)
			fields = append(fields, f)
		case m.kind == stringValue && i%2 == 0 && i+1 < len(v.members): // rawHeaders of Node
			add(m.text, &v.members[i+1].value)
		}
	}
	return fields, len(fields) > 0 || len(v.members) == 0
}
