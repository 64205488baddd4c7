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
		j.notes = append(j.notes, "the request has no Content-Length: where its body ends and the answer begins cannot be told from the text")
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

// HTTP archive 1.2: http://www.softwareishard.com/blog/har-12-spec/
type (
	harLog struct {
		Log struct {
			Version string     `json:"version"`
			Creator harCreator `json:"creator"`
			Entries []harEntry `json:"entries"`
			Comment string     `json:"comment,omitempty"`
		} `json:"log"`
	}
	harCreator struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	harEntry struct {
		Started  string      `json:"startedDateTime"`
		Time     float64     `json:"time"`
		Request  harRequest  `json:"request"`
		Response harResponse `json:"response"`
		Cache    struct{}    `json:"cache"`
		Timings  harTimings  `json:"timings"`
	}
	harRequest struct {
		Method   string    `json:"method"`
		URL      string    `json:"url"`
		Version  string    `json:"httpVersion"`
		Cookies  []harPair `json:"cookies"`
		Headers  []harPair `json:"headers"`
		Query    []harPair `json:"queryString"`
		PostData *harBody  `json:"postData,omitempty"`
		Head     int       `json:"headersSize"`
		Body     int       `json:"bodySize"`
	}
	harResponse struct {
		Status   int       `json:"status"`
		Text     string    `json:"statusText"`
		Version  string    `json:"httpVersion"`
		Cookies  []harPair `json:"cookies"`
		Headers  []harPair `json:"headers"`
		Content  harBody   `json:"content"`
		Redirect string    `json:"redirectURL"`
		Head     int       `json:"headersSize"`
		Body     int       `json:"bodySize"`
	}
	harPair struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	// harBody has its bytes before the content coding was undone in a member of ours.
	harBody struct {
		Size     *int    `json:"size,omitempty"`
		Mime     string  `json:"mimeType"`
		Text     string  `json:"text"`
		Encoding string  `json:"encoding,omitempty"`
		Coded    *[]byte `json:"_codedBase64,omitempty"`
	}
	harTimings struct {
		DNS     float64 `json:"dns"`
		Connect float64 `json:"connect"`
		Send    float64 `json:"send"`
		Wait    float64 `json:"wait"`
		Receive float64 `json:"receive"`
		SSL     float64 `json:"ssl"`
	}
)

func (j *job) har() ([]byte, error) {
	e := &j.e
	var h harLog
	h.Log.Version, h.Log.Creator, h.Log.Comment = "1.2", harCreator{"countersign", "1"}, j.says()
	t := e.Timing
	known := t.DNS + t.Connect + t.TLS + t.Write + t.FirstByte
	entry := harEntry{
		Started: e.StartedAt.Format("2006-01-02T15:04:05.000Z07:00"), Time: millis(max(t.Total, known)),
		Request: harRequest{Method: method(e), URL: e.URL, Version: version(e.Request.Line), Cookies: []harPair{},
			Headers: harPairs(e.Request.Header), Query: query(e.URL), Head: len(e.Request.HeadBytes()),
			Body: len(e.Request.Body)},
		Response: harResponse{Version: "unknown", Cookies: []harPair{}, Headers: []harPair{}, Head: -1, Body: -1,
			Content: harBody{Size: new(int), Mime: "x-unknown"}},
		Timings: harTimings{millis(t.DNS), millis(t.Connect + t.TLS), millis(t.Write), millis(t.FirstByte),
			millis(max(0, t.Total-known-t.Sign)), millis(t.TLS)},
	}
	if len(e.Request.Body) > 0 {
		body := harText(&e.Request)
		body.Size = nil // only a response has it
		entry.Request.PostData = &body
	}
	if m := e.Response; m != nil {
		status := m.Status()
		_, text, _ := strings.Cut(strings.TrimPrefix(m.Line, version(m.Line)+" "), " ")
		entry.Response = harResponse{Status: status, Text: text, Version: version(m.Line), Cookies: []harPair{},
			Headers: harPairs(m.Header), Content: harText(m), Redirect: m.Get("Location"), Head: len(m.HeadBytes()),
			Body: len(m.Body)}
	}
	h.Log.Entries = []harEntry{entry}
	return indented(h)
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

func harPairs(fields []apiclient.Field) []harPair {
	list := []harPair{}
	for _, f := range fields {
		list = append(list, harPair{f.Name, f.Value})
	}
	return list
}

// query takes the query of a URL apart, as far as it can be read.
func query(address string) []harPair {
	list := []harPair{}
	_, text, _ := strings.Cut(address, "?")
	for part := range strings.SplitSeq(text, "&") {
		name, value, _ := strings.Cut(part, "=")
		if part == "" {
			continue
		}
		list = append(list, harPair{unescaped(name), unescaped(value)})
	}
	return list
}

func unescaped(s string) string {
	if text, err := url.QueryUnescape(s); err == nil && utf8.ValidString(text) {
		return text
	}
	return s
}

func harText(m *apiclient.Message) harBody {
	content := m.Content()
	size := len(content)
	body := harBody{Size: &size, Mime: cmp.Or(m.Get("Content-Type"), "x-unknown"), Text: string(content)}
	if !utf8.Valid(content) {
		body.Text, body.Encoding = base64.StdEncoding.EncodeToString(content), "base64"
	}
	if m.Decoded != nil {
		body.Coded = &m.Body
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
