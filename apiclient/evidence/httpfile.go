package evidence

import (
	"bytes"
	"fmt"
	"strings"

	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/requests"
)

var (
	fileVariable = lazyregexp.New(`(?m)^[ \t]*@([\w.-]+)[ \t]*=[ \t]*(.*?)[ \t\r]*$`)
	requestLine  = lazyregexp.New(`^(?:(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|TRACE|CONNECT)[ \t]+)?` +
		`((?:https?://|/|\{\{|[\w.-]+(?::\d+)?/)\S.*?|https?://\S+)(?:[ \t]+HTTP/\d(?:\.\d)?)?[ \t\r]*$`)
	partLine = lazyregexp.New(`(?m)^###`)
	// a body that stands in a file of its own, and is all there is behind the headers
	fileBody = lazyregexp.New(`^\s*<@?(?:[\w-]+)?[ \t]+[^\s<>]+\s*(?:\n\s*[#>]|$)`)
	// scripts of other tools before a request
	scriptOpens = lazyregexp.New(`^<\s*\{%|^<\s+\S+\.(?:m?[jt]s|lua)$`)
	scriptFile  = lazyregexp.New(`\.(?:m?[jt]s|lua)$`)
	// what Hurl expects of the answer
	expectedAnswer = lazyregexp.New(`(?m)^HTTP(?:/\d(?:\.\d)?)?[ \t]+(?:\d{3}|\*)[ \t\r]*$`)
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
		return blank > 0 && !length && (hasParts(head) || fileBody.MatchString(head[blank:]))
	}
	script := false
	for line := range strings.Lines(head) {
		switch line = strings.TrimSpace(line); {
		case script || scriptOpens.MatchString(line):
			script = !strings.Contains(line, "%}") && !scriptFile.MatchString(line)
		case strings.HasPrefix(line, "HTTP/"):
			return false
		case line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "//") || fileVariable.MatchString(line):
		case requestLine.MatchString(line):
			if url := requestLine.FindStringSubmatch(line)[2]; strings.Contains(url, " ") && !strings.Contains(url, "{{") {
				return false // a line of a log
			}
			method, _, _ := strings.Cut(line, " ")
			return method == strings.ToUpper(method) || strings.HasPrefix(line, "http") && strings.Contains(strings.TrimSpace(head), "\n")
		default:
			return false
		}
	}
	return false
}

// hasParts reports whether a line with ### parts requests: behind it another one
// begins, or nothing. In a body it is a line like any other.
func hasParts(text string) bool {
	at := partLine.FindStringIndex(text)
	if at == nil {
		return false
	}
	for line := range strings.Lines(text[at[0]:]) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "//") || fileVariable.MatchString(line) {
			continue
		}
		return strings.HasPrefix(line, "<") || requestLine.MatchString(line)
	}
	return true
}

// readHTTPFile reads the requests of a file.
func (r Reader) readHTTPFile(text []byte) (Evidence, error) {
	if r.written {
		return Evidence{Kind: HTTPFile}, nil // the text itself is what is written
	}
	f := requests.Parse(string(HTTPFile), text)
	if f.Cut {
		return Evidence{}, tooMany(HTTPFile)
	}
	var list []*request
	var failed []error
	for _, e := range f.Faults {
		if e.NoRequest {
			failed = append(failed, e)
		}
	}
	vars, next := map[string]string{}, 0
	for _, in := range f.Requests {
		for ; next < len(f.Variables) && f.Variables[next].At.From < in.Part.To; next++ {
			vars[f.Variables[next].Name] = f.Variables[next].Value
		}
		q := &request{reader: r, kind: HTTPFile, method: in.Method, url: in.Target}
		for _, h := range in.Header {
			q.add(h.Name, h.Value)
		}
		if err := q.fillPart(f, in, vars); err != nil {
			failed = append(failed, fmt.Errorf("the request in line %d: %w", in.Line, err))
			continue
		}
		list = append(list, q)
	}
	if len(list)+len(failed) == 0 {
		return Evidence{}, unread(HTTPFile, "no part of it has a request line")
	}
	return r.gathered(HTTPFile, list, failed)
}

// fillPart puts variables and the body in.
func (r *request) fillPart(f *requests.File, in *requests.Request, vars map[string]string) error {
	var err error
	if r.url, err = fill(r.url, "the URL", vars); err != nil {
		return err
	}
	if r.url[0] == '/' && r.get("Host") == "" && vars["host"] != "" {
		r.url = strings.TrimSuffix(vars["host"], "/") + r.url
	}
	if err := r.fillHeaders(vars); err != nil {
		return err
	}
	text := in.Body.At.Of(f.Text)
	if in.Body.File != "" {
		if text, err = r.file(in.Body.File); err != nil || !in.Body.Filled {
			r.body, r.hasBody = text, true
			return err
		}
	} else if at := expectedAnswer.FindIndex(text); at != nil {
		text = bytes.TrimRight(text[:at[0]], "\r\n")
	}
	if len(text) == 0 {
		return nil
	}
	whole, err := fill(string(text), "the body", vars)
	r.body, r.hasBody = []byte(whole), true
	return err
}
