package evidence

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
)

// postmanItem is a folder, a request with its answers, or one of them alone.
type postmanItem struct {
	Name     string
	Item     []json.RawMessage
	Request  json.RawMessage
	Response []json.RawMessage
	Variable []pair
	Values   []pair // of an environment
	Event    []postmanEvent
	Auth     *postmanAuth
}

type postmanRequest struct {
	Method string
	URL    json.RawMessage
	Header json.RawMessage
	Auth   *postmanAuth
	Body   *struct {
		Mode       string
		Raw        string
		URLEncoded []pair
		GraphQL    json.RawMessage
		File       struct {
			Src     string
			Content string
		}
		Disabled bool
	}
}

type postmanAnswer struct {
	Name            string
	OriginalRequest json.RawMessage
	Status          string
	Code            int
	Header          json.RawMessage
	Body            *string
}

var postmanMark = lazyregexp.New(`getpostman\.com/json/collection|"_postman_id"|"originalRequest"|` +
	`"item"\s*:\s*\[\s*\{|"header"\s*:\s*\[\s*(?:\]|\{\s*"key")`)

// ownLine is in the JSON of this program.
var ownLine = lazyregexp.New(`"line"\s*:\s*"[A-Z]+ `)

// isPostman reports whether a JSON text is a collection of Postman, a folder, an
// item or a request of one.
func isPostman(text []byte) bool {
	head := text[:min(len(text), 4096)]
	return text[0] == '{' && !bytes.Contains(head, []byte(`"log"`)) && !ownLine.Match(head) && postmanMark.Match(text)
}

// postman reads collections.
type postman struct {
	reader    Reader
	requests  []*request
	exchanges []apiclient.Exchange // of saved answers
	notes     []string
	failed    []error
	variables []Variable
}

// postmanAround is what an item has from the collection and the folders it is in.
type postmanAround struct {
	name    string // of the folders, joined
	folders []string
	vars    map[string]string
	scripts []Script
	auth    *postmanAuth
	depth   int
}

// readPostman reads the requests of a collection, in its folders too, and the
// answers that are saved with them.
func (r Reader) readPostman(text []byte) (Evidence, error) {
	var wrapped struct{ Collection json.RawMessage }
	if json.Unmarshal(text, &wrapped) == nil && len(wrapped.Collection) > 0 && wrapped.Collection[0] == '{' {
		text = wrapped.Collection // as Postman's own API answers
	}
	p := &postman{reader: r}
	p.item(text, postmanAround{vars: map[string]string{}})
	e, err := r.gathered(Postman, p.requests, p.failed)
	e.variables = p.variables
	if len(p.requests)+len(p.failed) == 0 && len(p.exchanges) == 0 {
		return Evidence{}, unread(Postman, "it has no request")
	}
	if r.written {
		return e, err
	}
	var signed []apiclient.Exchange
	for _, x := range p.exchanges {
		if r.isSigned(x) {
			signed = append(signed, x)
		}
	}
	if err != nil && len(signed) == 0 {
		return Evidence{}, err
	}
	if len(e.Exchanges) > 0 && !r.isSigned(e.Exchanges[0]) && len(signed) > 0 {
		e.Exchanges = nil
	}
	e.Kind = Postman
	for _, x := range signed {
		e.Exchanges = withAnswer(e.Exchanges, x)
	}
	if len(e.Exchanges) > maxExchanges {
		return Evidence{}, tooMany(Postman)
	}
	e.Notes = append(e.Notes, p.notes...)
	return e, nil
}

// withAnswer adds a saved answer to the request that it came to, or, where that was
// changed since, as an exchange of its own.
func withAnswer(list []apiclient.Exchange, x apiclient.Exchange) []apiclient.Exchange {
	for i := range list {
		if q := &list[i]; q.Response == nil && q.Request.Line == x.Request.Line &&
			slices.Equal(q.Request.Header, x.Request.Header) && bytes.Equal(q.Request.Body, x.Request.Body) {
			q.Response, q.Outcome = x.Response, x.Outcome
			return list
		}
	}
	return append(list, x)
}

// item reads one item.
func (p *postman) item(text json.RawMessage, in postmanAround) {
	var it postmanItem
	if err := json.Unmarshal(text, &it); err != nil || in.depth > 50 {
		p.failed = append(p.failed, &hint.Error{Says: fmt.Sprintf("the item %q of the Postman collection cannot be read: %s",
			in.name, inWords(err)), Fix: "export it again", Err: err})
		return
	}
	vars := in.vars
	if len(it.Variable)+len(it.Values) > 0 {
		vars = map[string]string{}
		for k, v := range in.vars {
			vars[k] = v
		}
		for _, v := range append(it.Variable, it.Values...) {
			if !v.off() {
				vars[v.variable()] = string(v.Value)
			}
		}
		p.variables = append(p.variables, variablesOf(append(it.Variable, it.Values...))...)
	}
	name := strings.TrimPrefix(in.name+"/"+it.Name, "/")
	inside := postmanAround{name: name, folders: in.folders, vars: vars, auth: in.auth, depth: in.depth + 1,
		scripts: append(slices.Clip(in.scripts), postmanScripts(it.Event, name, it.Item != nil)...)}
	if it.Auth != nil {
		inside.auth = it.Auth
	}
	if it.Name != "" {
		inside.folders = append(slices.Clip(in.folders), it.Name)
	}
	for _, inner := range it.Item {
		p.item(inner, inside)
	}
	source := it.Request
	if source == nil && it.Item == nil && in.depth == 0 {
		source = text // a request alone
	}
	if source == nil {
		return
	}
	q, err := p.request(source, vars)
	if err != nil {
		p.failed = append(p.failed, fmt.Errorf("the item %q of the Postman collection: %w", name, err))
		return
	}
	if p.reader.written {
		q.written = Written{Folders: in.folders, Name: it.Name, Scripts: inside.scripts}
		q.authorize(source, inside.auth)
	}
	p.requests = append(p.requests, q)
	if p.reader.written {
		return // answers are no requests
	}
	for _, answer := range it.Response {
		p.answer(answer, source, vars)
	}
}

// answer reads a saved answer with the request that it came to.
func (p *postman) answer(text, source json.RawMessage, vars map[string]string) {
	var a postmanAnswer
	if err := json.Unmarshal(text, &a); err != nil || a.Code == 0 {
		return
	}
	if a.OriginalRequest != nil {
		source = a.OriginalRequest
	}
	q, err := p.request(source, vars)
	if err != nil {
		return
	}
	e, err := q.exchange()
	if err != nil {
		return
	}
	var head request
	head.postmanHeaders(a.Header)
	m := apiclient.Message{Line: strings.TrimSpace(fmt.Sprintf("HTTP/1.1 %d %s", a.Code, a.Status)), Header: head.fields}
	if a.Body != nil {
		m.Body = []byte(*a.Body)
	} else {
		m.Partial = true
	}
	e.Response, e.Outcome = &m, apiclient.Answered
	if p.reader.isSigned(e) {
		p.exchanges = append(p.exchanges, e)
	}
}

// postmanHeaders adds headers that are pairs, or lines of a text.
func (r *request) postmanHeaders(raw json.RawMessage) {
	var pairs []pair
	var text string
	if json.Unmarshal(raw, &pairs) != nil && json.Unmarshal(raw, &text) == nil {
		for line := range strings.Lines(text) {
			if name, value, ok := strings.Cut(line, ":"); ok && !strings.HasPrefix(line, "//") {
				pairs = append(pairs, pair{Key: name, Value: scalar(value)})
			}
		}
	}
	r.addAll(pairs)
}

func (p *postman) request(text json.RawMessage, vars map[string]string) (*request, error) {
	q := &request{reader: p.reader, kind: Postman}
	var address string
	if json.Unmarshal(text, &address) == nil { // a request may be its address alone
		q.url = address
	}
	var m postmanRequest
	if err := json.Unmarshal(text, &m); err != nil && address == "" {
		return nil, &hint.Error{Says: "its request cannot be read: " + inWords(err), Fix: "export it again", Err: err}
	}
	if q.method = strings.ToUpper(m.Method); q.method == "" {
		q.method = "GET"
	}
	if address == "" {
		q.url = postmanURL(m.URL, p.reader.written)
	}
	q.postmanHeaders(m.Header)
	if m.Body == nil || m.Body.Disabled {
		return q, q.fillAll(vars)
	}
	var body string
	switch m.Body.Mode {
	case "raw":
		body = m.Body.Raw
	case "urlencoded":
		body = formOf(m.Body.URLEncoded)
		q.formType()
	case "file":
		if body = m.Body.File.Content; body == "" {
			data, err := q.file(m.Body.File.Src)
			if err == nil {
				err = q.fillAll(vars)
			}
			q.body, q.hasBody = data, true
			return q, err
		}
	case "formdata":
		q.partial = true
		q.note("the item sends a form in parts, whose bytes have a random boundary: its body is not in the collection")
	case "graphql":
		q.partial = true
		q.note("the item sends GraphQL, whose bytes Postman makes: its body is not in the collection")
	}
	q.body, q.hasBody = []byte(body), body != ""
	return q, q.fillAll(vars)
}

// pathVariable is a variable of a path that has no value.
var pathVariable = lazyregexp.New(`/:([A-Za-z_][\w-]*)([/?]|$)`)

// postmanURL is the text of a URL, which may be in parts. What has no value in its
// path becomes a variable where it is asked for.
func postmanURL(raw json.RawMessage, variable bool) string {
	var text string
	if json.Unmarshal(raw, &text) == nil && !variable {
		return text
	}
	var parts struct {
		Raw      string
		Protocol string
		Host     json.RawMessage
		Path     json.RawMessage
		Variable []pair
	}
	_ = json.Unmarshal(raw, &parts) // what is missing is no URL, which is said
	if text = cmp.Or(text, parts.Raw); text == "" {
		text = joinParts(parts.Host, ".") + "/" + joinParts(parts.Path, "/")
		if parts.Protocol != "" {
			text = parts.Protocol + "://" + text
		}
	}
	for _, v := range parts.Variable { // /pay/:id
		if v.Value != "" && v.Key != "" {
			text = regexp.MustCompile(`/:`+regexp.QuoteMeta(v.Key)+`\b`).ReplaceAllLiteralString(text, "/"+string(v.Value))
		}
	}
	if variable {
		text = pathVariable.ReplaceAllString(text, "/{{$1}}$2")
	}
	return text
}

func joinParts(raw json.RawMessage, sep string) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var parts []string
	_ = json.Unmarshal(raw, &parts) // as above
	return strings.Join(parts, sep)
}
