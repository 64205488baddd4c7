package requests

import (
	"bytes"
	"fmt"
	"strings"
)

// body reads the body, up to the end of the part or what is for the answer.
func (p *parser) body() {
	r, text := p.r, p.f.Text
	r.Body.start = p.at
	if !r.separated {
		r.Body.start = r.headEnd
	}
	from, start := p.at, p.line
	for {
		line, ok := p.peek()
		if !ok || isTail(line) {
			break
		}
		p.next()
	}
	end := from + len(bytes.TrimRight(text[from:p.at], "\r\n"))
	r.Body.At = Span{from, end}
	if end == from {
		r.Body.At = Span{r.Body.start, r.Body.start}
		return
	}
	body := string(text[from:end])
	p.misplaced(body, start)
	if strings.HasPrefix(body, "<") && !strings.Contains(body, "\n") {
		if m := bodyFile.FindStringSubmatch(body); m != nil {
			r.Body.File, r.Body.Filled = m[3], m[1] == "@"
			if m[2] != "" && !strings.EqualFold(m[2], "utf8") && !strings.EqualFold(m[2], "utf-8") {
				r.Foreign = "file in " + m[2]
				p.note(start, "a body file in the encoding %s", m[2])
			}
		}
		return
	}
	if !r.contentType("multipart/") {
		return
	}
	for i, line := range strings.Split(body, "\n") {
		if bodyFile.MatchString(line) {
			r.Foreign = "multipart body with files"
			p.note(start+i, "a file inside a multipart body")
			return
		}
	}
}

// contentType reports whether the request says that its body is of a type.
func (r *Request) contentType(prefix string) bool {
	for _, h := range r.Header {
		if strings.EqualFold(h.Name, "Content-Type") && strings.HasPrefix(strings.ToLower(h.Value), prefix) {
			return true
		}
	}
	return false
}

// misplaced refuses what looks like one of our directives and would go out with
// the body.
func (p *parser) misplaced(body string, line int) {
	if !strings.Contains(body, "@") {
		return
	}
	for i, text := range strings.Split(body, "\n") {
		if !strings.ContainsRune(text, '@') {
			continue
		}
		if m := directiveLine.FindStringSubmatch(text); m != nil && ours[m[1]] {
			p.f.fault(&Error{File: p.f.Name, Line: line + i, Column: 1,
				Says: fmt.Sprintf("# @%s stands in a body, and would be sent", m[1]),
				Fix:  "put it before the request line; a body that has such a line stands in a file: < ./pay.bin"})
		}
	}
}
