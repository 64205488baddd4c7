package evidence

import (
	"bytes"
	"fmt"
	"strings"

	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
)

var (
	fileVariable = lazyregexp.New(`(?m)^[ \t]*@([\w.-]+)[ \t]*=[ \t]*(.*?)[ \t\r]*$`)
	requestLine  = lazyregexp.New(`^(?:(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|TRACE|CONNECT)[ \t]+)?` +
		`((?:https?://|/|\{\{|[\w.-]+(?::\d+)?/)\S.*?|https?://\S+)(?:[ \t]+HTTP/\d(?:\.\d)?)?[ \t\r]*$`)
	partLine = lazyregexp.New(`(?m)^###`)
	// what Hurl expects of the answer
	expectedAnswer = lazyregexp.New(`(?m)^HTTP(?:/\d(?:\.\d)?)?[ \t]+(?:\d{3}|\*)[ \t\r]*$`)
	headerLine     = lazyregexp.New("^[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t]*:")
)

// isHTTPFile reports whether a text is a file of requests, as the HTTP clients
// of editors read: it has ### lines, variables, comments before the request, or
// a request line without a version.
func isHTTPFile(text []byte) bool {
	if i := bytes.IndexByte(text, 0); i >= 0 {
		return false
	}
	head := string(text[:min(len(text), 1<<18)])
	if startsMessage(text) {
		blank := strings.Index(strings.ReplaceAll(head, "\r", ""), "\n\n")
		length := blank > 0 && strings.Contains(strings.ToLower(head[:min(blank, len(head))]), "\ncontent-length:")
		return blank > 0 && partLine.MatchString(head) && !length
	}
	for line := range strings.Lines(head) {
		switch line = strings.TrimSpace(line); {
		case strings.HasPrefix(line, "HTTP/"):
			return false
		case line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "//") || fileVariable.MatchString(line):
		case requestLine.MatchString(line):
			if url := requestLine.FindStringSubmatch(line)[2]; strings.Contains(url, " ") && !strings.Contains(url, "{{") {
				return false // a line of a log
			}
			method, _, _ := strings.Cut(line, " ")
			return method == strings.ToUpper(method) || strings.HasPrefix(line, "http") && strings.Contains(head, "\n")
		default:
			return false
		}
	}
	return false
}

// readHTTPFile reads the requests of a file.
func (r Reader) readHTTPFile(text []byte) (Evidence, error) {
	vars := map[string]string{}
	var requests []*request
	var failed []error
	for i, part := range parts(string(text)) {
		for _, m := range fileVariable.FindAllStringSubmatch(part, -1) {
			vars[m[1]] = m[2]
		}
		q, err := r.httpPart(part, vars)
		if err != nil {
			failed = append(failed, fmt.Errorf("part %d of the file: %w", i+1, err))
		} else if q != nil {
			requests = append(requests, q)
		}
	}
	if len(requests)+len(failed) == 0 {
		return Evidence{}, unread(HTTPFile, "no part of it has a request line")
	}
	return r.gathered(HTTPFile, requests, failed)
}

// parts are the texts between the lines that begin with ###.
func parts(text string) []string {
	var all []string
	from := 0
	for _, at := range partLine.FindAllStringIndex(text, -1) {
		all = append(all, text[from:at[0]])
		from = at[0]
		if n := strings.IndexByte(text[from:], '\n'); n >= 0 {
			from += n + 1
		} else {
			from = len(text)
		}
	}
	return append(all, text[from:])
}

// httpPart reads one part; nil where it has no request.
func (r Reader) httpPart(part string, vars map[string]string) (*request, error) {
	q := &request{reader: r, kind: HTTPFile}
	rest, script := part, false
	for rest != "" && q.url == "" {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		trimmed := strings.TrimSpace(line)
		switch {
		case script || strings.HasPrefix(trimmed, "< {%"):
			script = !strings.Contains(trimmed, "%}")
		case trimmed == "" || trimmed[0] == '#' || strings.HasPrefix(trimmed, "//") || trimmed[0] == '@' || trimmed[0] == '<':
		default:
			m := requestLine.FindStringSubmatch(trimmed)
			if m == nil {
				return nil, &hint.Error{Says: fmt.Sprintf("%q is no request line", clip(trimmed)),
					Fix: "write it as POST https://host/path"}
			}
			q.method, q.url = m[1], m[2]
		}
	}
	if q.url == "" {
		return nil, nil
	}
	if q.method == "" {
		q.method = "GET"
	}
	rest = q.headLines(rest)
	var err error
	if q.url, err = fill(q.url, "the URL", vars); err != nil {
		return nil, err
	}
	if q.url[0] == '/' && q.get("Host") == "" && vars["host"] != "" {
		q.url = strings.TrimSuffix(vars["host"], "/") + q.url
	}
	if err := q.fillHeaders(vars); err != nil {
		return nil, err
	}
	return q, q.httpBody(rest, vars)
}

// headLines reads the rest of the URL and the headers, and returns what stands
// behind the blank line.
func (r *request) headLines(rest string) string {
	for rest != "" {
		line, after, _ := strings.Cut(rest, "\n")
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "":
			return after
		case trimmed[0] == '#' || strings.HasPrefix(trimmed, "//"):
		case len(r.fields) == 0 && (trimmed[0] == '?' || trimmed[0] == '&') && line[0] != trimmed[0]:
			r.url += trimmed
		case headerLine.MatchString(trimmed):
			name, value, _ := strings.Cut(trimmed, ":")
			r.add(name, value)
		default: // the body, without a blank line before it
			return rest
		}
		rest = after
	}
	return ""
}

// httpBody reads the body: line ends behind its last character are not part of
// it, nor are the scripts for the answer.
func (r *request) httpBody(text string, vars map[string]string) error {
	for _, mark := range []string{"\n> {%", "\n>> ", "\n> ./", "\n<> "} {
		if i := strings.Index("\n"+text, mark); i >= 0 {
			text = text[:max(0, i-1)]
		}
	}
	if at := expectedAnswer.FindStringIndex(text); at != nil {
		text = text[:at[0]]
	}
	text = strings.TrimRight(text, "\r\n")
	if strings.TrimSpace(text) == "" {
		return nil
	}
	r.hasBody = true
	name, isFile := strings.CutPrefix(strings.TrimSpace(text), "<")
	filled := strings.HasPrefix(name, "@")
	if isFile && !strings.Contains(name, "\n") && (filled || strings.HasPrefix(name, " ")) {
		name = strings.TrimPrefix(name, "@")
		if words := strings.Fields(name); filled && len(words) > 1 { // <@latin1 FILE
			name = words[len(words)-1]
		}
		data, err := r.file(strings.TrimSpace(name))
		if err == nil && filled {
			var whole string
			whole, err = fill(string(data), "the body", vars)
			data = []byte(whole)
		}
		r.body = data
		return err
	}
	whole, err := fill(text, "the body", vars)
	r.body = []byte(whole)
	return err
}
