package export

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/wire"
)

// raw writes the messages as they were on the wire, the answer behind the request.
func (j *job) raw() ([]byte, error) {
	b := append(bytes.Clone(j.e.Request.HeadBytes()), j.e.Request.Body...)
	if j.e.Response == nil {
		return b, nil
	}
	if rest := len(j.e.Request.Body) > 0 && !j.e.Request.Has("Content-Length"); rest || chunked(&j.e.Request) {
		j.notes = append(j.notes, "the request has no Content-Length: where its body ends and the answer begins "+
			"cannot be told from the text")
	}
	return append(append(b, j.e.Response.HeadBytes()...), j.e.Response.Body...), nil
}

func chunked(m *apiclient.Message) bool { return m.Has("Transfer-Encoding") }

// json writes what --json prints, which is read back as it is.
func (j *job) json() ([]byte, error) {
	var b bytes.Buffer
	if err := j.e.WriteJSON(&b); err != nil {
		return nil, err
	}
	says := j.says()
	if says == "" {
		return b.Bytes(), nil
	}
	note, err := json.Marshal(says)
	rest, ok := bytes.CutPrefix(b.Bytes(), []byte("{"))
	if err != nil || !ok {
		return b.Bytes(), err
	}
	return append([]byte("{\n  \"note\": "+string(note)+","), rest...), nil
}

// httpFile writes a request file: what is ours stands in comments.
func (j *job) httpFile() ([]byte, error) {
	body := j.e.Request.Body
	if bytes.IndexByte(body, 0) >= 0 || !utf8.Valid(body) || bytes.HasSuffix(body, []byte("\n")) ||
		bytes.HasSuffix(body, []byte("\r")) ||
		bytes.Contains(append([]byte("\n"), body...), []byte("\n###")) {
		return nil, cannot("a request file", "its body ends in a line break, has a line that begins with ###, or is not UTF-8")
	}
	var b strings.Builder
	name := cmp.Or(j.e.Endpoint, wire.PathOf(j.e.Request.Target()))
	fmt.Fprintf(&b, "### %s\n", strings.Join(strings.Fields(name), " "))
	for _, n := range j.names() {
		fmt.Fprintf(&b, "# %s is secret and not in this file: it is taken from the environment\n", n)
	}
	if j.e.Endpoint != "" {
		fmt.Fprintf(&b, "# @endpoint %s\n", j.e.Endpoint)
	}
	if j.e.Profile != "" {
		fmt.Fprintf(&b, "# @profile %s\n", j.e.Profile)
	}
	for _, t := range j.e.Tampered {
		fmt.Fprintf(&b, "# @tamper %s\n", t)
	}
	if !j.m.Reveals() {
		b.WriteString("# time and signature are made when it is sent\n")
	}
	env := func(name string) string { return "{{env." + name + "}}" }
	fmt.Fprintf(&b, "%s %s\n", method(&j.e), j.fill(j.e.URL, env))
	for _, f := range j.e.Request.Header {
		if !j.m.Reveals() && (unneeded[strings.ToLower(f.Name)] || j.made(f.Name)) {
			continue
		}
		fmt.Fprintf(&b, "%s: %s\n", f.Name, j.fill(wire.Unfold(f.Value), env))
	}
	b.WriteString("\n" + j.fill(string(body), env) + "\n")
	return []byte(b.String()), nil
}

// made reports whether a header is made for each request: its time and signature.
func (j *job) made(name string) bool {
	names := j.Profile.HeaderNames
	return names.IsSignature(name) || strings.EqualFold(names.Of(apiclient.HeaderRequestTime), name)
}

// object is one of JSON.
type object = map[string]any

// pairs are fields as a form has them, with the names of its members.
func pairs(name string, fields []apiclient.Field) []object {
	list := []object{}
	for _, f := range fields {
		list = append(list, object{name: f.Name, "value": f.Value})
	}
	return list
}

// har writes an HTTP archive 1.2: http://www.softwareishard.com/blog/har-12-spec/
func (j *job) har() ([]byte, error) {
	e := &j.e
	t := e.Timing
	known := t.DNS + t.Connect + t.TLS + t.Write + t.FirstByte
	request := object{"method": method(e), "url": e.URL, "httpVersion": version(e.Request.Line), "cookies": []object{},
		"headers": pairs("name", e.Request.Header), "queryString": pairs("name", query(e.URL)),
		"headersSize": len(e.Request.HeadBytes()), "bodySize": len(e.Request.Body)}
	if len(e.Request.Body) > 0 {
		body := harText(&e.Request)
		delete(body, "size") // only a response has it
		request["postData"] = body
	}
	response := object{"status": 0, "statusText": "", "httpVersion": "unknown", "cookies": []object{}, "headers": []object{},
		"content": object{"size": 0, "mimeType": "x-unknown", "text": ""}, "redirectURL": "", "headersSize": -1, "bodySize": -1}
	if m := e.Response; m != nil {
		response = object{"status": m.Status(), "statusText": statusText(m), "httpVersion": version(m.Line), "cookies": []object{},
			"headers": pairs("name", m.Header), "content": harText(m), "redirectURL": m.Get("Location"),
			"headersSize": len(m.HeadBytes()), "bodySize": len(m.Body)}
	}
	entry := object{"startedDateTime": e.StartedAt.Format("2006-01-02T15:04:05.000Z07:00"), "time": millis(max(t.Total, known)),
		"request": request, "response": response, "cache": object{},
		"timings": object{"dns": millis(t.DNS), "connect": millis(t.Connect + t.TLS), "send": millis(t.Write),
			"wait": millis(t.FirstByte), "receive": millis(max(0, t.Total-known-t.Sign)), "ssl": millis(t.TLS)}}
	log := object{"version": "1.2", "creator": object{"name": "countersign", "version": "1"}, "entries": []object{entry}}
	if says := j.says(); says != "" {
		log["comment"] = says
	}
	return indented(object{"log": log})
}

// indented writes JSON without the escapes of HTML.
func indented(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(v)
	return b.Bytes(), err
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// version returns the protocol of a request or status line.
func version(line string) string {
	for word := range strings.FieldsSeq(line) {
		if strings.HasPrefix(word, "HTTP/") {
			return word
		}
	}
	return "HTTP/1.1"
}

// statusText is what stands behind the status of a response.
func statusText(m *apiclient.Message) string {
	_, text, _ := strings.Cut(strings.TrimPrefix(m.Line, version(m.Line)+" "), " ")
	return text
}

// query takes the query of a URL apart, as far as it can be read.
func query(address string) (list []apiclient.Field) {
	_, text, _ := strings.Cut(address, "?")
	for part := range strings.SplitSeq(text, "&") {
		name, value, _ := strings.Cut(part, "=")
		if part != "" {
			list = append(list, apiclient.Field{Name: unescaped(name), Value: unescaped(value)})
		}
	}
	return list
}

func unescaped(s string) string {
	if text, err := url.QueryUnescape(s); err == nil && utf8.ValidString(text) {
		return text
	}
	return s
}

// harText is a body, with its bytes before the content coding was undone in a member of
// ours.
func harText(m *apiclient.Message) object {
	content := m.Content()
	body := object{"size": len(content), "mimeType": cmp.Or(m.Get("Content-Type"), "x-unknown"), "text": string(content)}
	if !utf8.Valid(content) {
		body["text"], body["encoding"] = base64.StdEncoding.EncodeToString(content), "base64"
	}
	if m.Decoded != nil {
		body["_codedBase64"] = m.Body
	}
	return body
}

// markdown writes an exchange for people: what was sent and received, how the
// signatures stand, and the diagnosis where there is one.
func (j *job) markdown() ([]byte, error) {
	e := &j.e
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n%s\n\n", diagnose.Inline(method(e)+" "+e.Request.Path()),
		diagnose.Inline(apiclient.Summary(*e)))
	if says := j.says(); says != "" {
		fmt.Fprintf(&b, "_%s._\n\n", says)
	}
	b.WriteString("| | |\n|---|---|\n")
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "| %s | %s |\n", name, diagnose.Cell(value))
		}
	}
	row("run", e.ID)
	row("at", when(e.StartedAt))
	row("to", e.URL)
	row("from", e.Remote)
	row("key", e.SentKey)
	if len(e.Sent.Canonical) > 0 {
		row("SHA-256 of the signed string", fmt.Sprintf("`%x`", e.Sent.Digest))
	}
	b.WriteString("\nRequest:\n\n")
	diagnose.Fence(&b, append([]byte(head(&e.Request)), e.Request.Content()...))
	if e.Response != nil {
		b.WriteString("Response:\n\n")
		diagnose.Fence(&b, append([]byte(head(e.Response)), e.Response.Content()...))
	}
	if j.Report != nil {
		b.WriteString(j.Report.Markdown())
	} else if len(e.Sent.Canonical) > 0 {
		fmt.Fprintf(&b, "Signed string, %d bytes:\n\n", len(j.Exchange.Sent.Canonical))
		diagnose.Fence(&b, e.Sent.Canonical)
	}
	return []byte(b.String()), nil
}

func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

// head is a head with line feeds alone, for people.
func head(m *apiclient.Message) string {
	var b strings.Builder
	b.WriteString(m.Line + "\n")
	for _, f := range m.Header {
		fmt.Fprintf(&b, "%s: %s\n", f.Name, wire.Unfold(f.Value))
	}
	return b.String() + "\n"
}
