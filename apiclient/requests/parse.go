package requests

import (
	"bytes"
	"fmt"
	"strings"

	"countersign/apiclient/english"
	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
)

var (
	variableLine  = lazyregexp.New(`^[ \t]*@([\w.-]+)[ \t]*=[ \t]*(.*?)[ \t\r]*$`)
	directiveLine = lazyregexp.New(`^[ \t]*(?:#+|//+)[ \t]*@([A-Za-z][\w-]*)(?:=|[ \t]+|$)[ \t]*(.*?)[ \t\r]*$`)
	requestLine   = lazyregexp.New(`^[ \t]*(?:([A-Z]+)[ \t]+)?((?:[A-Za-z]+://\S|/|\{\{|[\w.-]+(?::\d+)?/).*?)` +
		`(?:[ \t]+HTTP/\d(?:\.\d)?)?[ \t\r]*$`)
	headerLine = lazyregexp.New("^[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:[ \t]*(.*?)[ \t\r]*$")
	bodyFile   = lazyregexp.New(`^<(?:(@)([A-Za-z0-9-]*))?[ \t]+(\S.*?)[ \t\r]*$`)
)

// Parse reads a file. What cannot be used is in Faults; all of the text is kept
// whatever it holds. name is how errors name it.
func Parse(name string, text []byte) *File {
	f := &File{Name: name, Text: text}
	if len(text) > MaxFile {
		f.fault(&Error{File: name, Says: fmt.Sprintf("it is larger than %d MB", MaxFile>>20),
			Fix: "put large bodies into files of their own: < ./pay.bin"})
		return f
	}
	p := parser{f: f, line: 1}
	if bytes.HasPrefix(text, []byte("\ufeff")) {
		p.at = len("\ufeff")
	}
	for {
		p.part()
		switch {
		case p.at >= len(text):
			f.nameTwice()
			return f
		case len(f.Requests) == maxRequests:
			f.Cut = true
			f.faultAt(p.at, "split the file", "it has more than %d requests", maxRequests)
			return f
		}
	}
}

func (f *File) fault(e *Error) {
	if len(f.Faults) < maxFaults {
		f.Faults = append(f.Faults, e)
	}
}

// faultAt keeps a fault. To find its line is work, so none is done for those that
// are not kept.
func (f *File) faultAt(at int, fix, format string, args ...any) {
	if len(f.Faults) < maxFaults {
		f.fault(f.errorAt(at, fix, format, args...))
	}
}

// nameTwice refuses a name that variables or --only could not tell apart.
func (f *File) nameTwice() {
	lines := map[string]int{}
	for _, r := range f.Requests {
		name := r.first("name")
		if before, ok := lines[name]; ok && name != "" {
			f.faultAt(r.line.From, "rename one of them", "the request %s has the # @name of that in line %d", name,
				before)
		}
		lines[name] = r.Line
	}
}

// parser goes over the lines of a file once.
type parser struct {
	f    *File
	at   int      // of the line that is next
	line int      // its number
	r    *Request // of the part; its line is empty until there is a request line
}

// next takes a line, without its line break.
func (p *parser) next() Span {
	line, _, _ := bytes.Cut(p.f.Text[p.at:], []byte{'\n'})
	s := Span{p.at, p.at + len(bytes.TrimRight(line, "\r"))}
	p.at = min(p.at+len(line)+1, len(p.f.Text))
	p.line++
	return s
}

// peek returns the line that is next, and whether the part goes on.
func (p *parser) peek() (string, bool) {
	if p.at >= len(p.f.Text) || bytes.HasPrefix(p.f.Text[p.at:], []byte("###")) {
		return "", false
	}
	line, _, _ := bytes.Cut(p.f.Text[p.at:], []byte{'\n'})
	return string(line), true
}

func (p *parser) note(line int, format string, args ...any) {
	if len(p.f.NotRun) < maxFaults {
		p.f.NotRun = append(p.f.NotRun, Note{line, fmt.Sprintf(format, args...)})
	}
}

// part reads from a ### line, or the beginning, to the next or the end.
func (p *parser) part() {
	r := &Request{Part: Span{From: p.at}}
	p.r = r
	if bytes.HasPrefix(p.f.Text[p.at:], []byte("###")) {
		s := p.next()
		r.Separator = s
		r.Title = strings.TrimSpace(strings.TrimLeft(string(s.Of(p.f.Text)), "#"))
	} else {
		r.Separator = Span{p.at, p.at}
	}
	r.headStart = p.at
	p.before()
	if r.Line > 0 {
		p.head()
		p.body()
	}
	p.rest()
	r.Part.To = p.at
	p.finish(r)
}

// finish adds the request of a part, if it has one.
func (p *parser) finish(r *Request) {
	f := p.f
	if r.Line == 0 {
		for _, d := range r.Directives {
			if d.Name == "profile" {
				f.Profile = d.Value
				continue
			}
			f.faultAt(d.At.From, "put it directly before a request line, in the same part",
				"# @%s stands before no request", d.Name)
		}
		return
	}
	r.Name = r.first("name")
	if r.Name == "" {
		r.Name = r.Title
	}
	f.Requests = append(f.Requests, r)
}

// before reads what stands before the request line, and that.
func (p *parser) before() {
	for {
		text, ok := p.peek()
		if !ok {
			return
		}
		line, at := p.line, p.at
		trimmed := strings.TrimSpace(text)
		switch {
		case trimmed == "":
			p.next()
		case strings.HasPrefix(trimmed, "#"), strings.HasPrefix(trimmed, "//"):
			p.comment(text)
		case trimmed[0] == '@' && variableLine.MatchString(text):
			s := p.next()
			m := variableLine.FindStringSubmatchIndex(text)
			p.f.Variables = append(p.f.Variables, Variable{text[m[2]:m[3]], text[m[4]:m[5]],
				Span{s.From + m[4], s.From + m[5]}})
		case p.foreign(trimmed):
		default:
			p.requestLine(text, line, at)
			return
		}
	}
}

// comment reads a comment line: one of ours, of others, or plain.
func (p *parser) comment(text string) Span {
	line := p.line
	s := p.next()
	var m []int
	if strings.ContainsRune(text, '@') {
		m = directiveLine.FindStringSubmatchIndex(text)
	}
	if m == nil {
		return s
	}
	name, value := text[m[2]:m[3]], text[m[4]:m[5]]
	d := Row{name, value, s, s.From + m[4]}
	switch {
	case ours[name]:
		p.r.Directives = append(p.r.Directives, d)
	case name == "disabled":
		p.r.Disabled = value != "false"
	case harmless[name]:
	default:
		if near := english.Nearest(name, ourNames()); near != "" && !others[name] {
			p.f.fault(&Error{File: p.f.Name, Line: line, Column: 1 + m[2],
				Says: fmt.Sprintf("# @%s is not known", name),
				Fix:  hint.Fix(fmt.Sprintf("did you mean # @%s?", near))})
			return s
		}
		p.note(line, "# @%s", name)
	}
	return s
}

// requestLine reads the line with method and target, and the lines that go on
// with the target.
func (p *parser) requestLine(text string, line, at int) {
	r := p.r
	s := p.next()
	m := requestLine.FindStringSubmatchIndex(text)
	if m == nil {
		p.f.faultAt(at, "write it as POST https://host/path or POST /path", "%q is no request line", clip(text))
		p.f.Faults[len(p.f.Faults)-1].NoRequest = true // of many faults the last: it counts like the others
		return
	}
	r.Line, r.Method, r.Target, r.target = line, "GET", text[m[4]:m[5]], s.From+m[4]
	if m[2] >= 0 {
		r.Method = text[m[2]:m[3]]
	}
	if foreignMethods[r.Method] {
		r.Foreign = r.Method
		p.note(line, "a request of the kind %s", r.Method)
	}
	r.line = s
	for {
		text, ok := p.peek()
		trimmed := strings.TrimSpace(text)
		indented := trimmed != "" && text[0] != trimmed[0]
		if !ok || !indented || !strings.ContainsRune("?&/", rune(trimmed[0])) {
			break
		}
		r.Target += strings.TrimSuffix(trimmed, httpVersion.FindString(trimmed))
		r.line.To = p.next().To
	}
	r.headEnd = r.line.To
}

// head reads the headers, up to the blank line behind them.
func (p *parser) head() {
	r := p.r
	for {
		text, ok := p.peek()
		trimmed := strings.TrimSpace(text)
		switch {
		case !ok || isTail(text):
			return
		case trimmed == "":
			p.next()
			r.separated = true
			return
		case strings.HasPrefix(trimmed, "#"), strings.HasPrefix(trimmed, "//"):
			r.headEnd = p.comment(text).To
			continue
		}
		m := headerLine.FindStringSubmatchIndex(text)
		if m == nil {
			p.f.faultAt(p.at, "write it as Name: value, or put a blank line before the body", "%q is no header",
				clip(text))
			return
		}
		s := p.next()
		h := Row{text[m[2]:m[3]], text[m[4]:m[5]], s, s.From + m[4]}
		r.Header = append(r.Header, h)
		r.headEnd = h.At.To
		if strings.EqualFold(h.Name, "X-Request-Type") && strings.EqualFold(h.Value, "graphql") {
			r.Foreign = "GRAPHQL"
			p.note(p.line-1, "a request of the kind GRAPHQL")
		}
	}
}

// rest reads what stands behind the body: nothing of it is run.
func (p *parser) rest() {
	for {
		text, ok := p.peek()
		if !ok {
			return
		}
		trimmed := strings.TrimSpace(text)
		if p.r.Line > 0 && p.foreign(trimmed) {
			continue
		}
		if p.r.Line > 0 && trimmed != "" && trimmed[0] != '#' && !strings.HasPrefix(trimmed, "//") {
			p.note(p.line, "text behind what is for the answer")
		}
		p.next()
	}
}

func clip(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}
