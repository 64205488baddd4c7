package evidence

import (
	"cmp"
	"strings"

	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/wire"
)

// Spelled is a log that has the parts of a request one by one, its headers in
// brackets: what interceptors in Java and Python print.
const Spelled Kind = "log of a request's parts"

// spelledMap are the brackets around headers and the form of the pairs in them.
type spelledMap struct {
	open, end string

	pair *lazyregexp.Regexp // a name, and its value in the first group that has one
}

var spelledMaps = []spelledMap{
	// Python, JSON and Serilog: {'K': 'V'}, {"K": ["V"]}
	{"{", "}", lazyregexp.New(`["']([\w-]+)["']\s*(?::|=>)\s*\[?\s*(?:b?'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")`)},
	// CIMultiDict of aiohttp
	{"(", ")", lazyregexp.New(`["']([\w-]+)["']: (?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")`)},
	// the maps of Go: map[K:[V] L:[W]]
	{"[", "]", lazyregexp.New(`([\w-]+):\[([^\]]*)\]`)},
	// HttpHeaders of Spring: [K:"V", L:"W"]
	{"[", "]", lazyregexp.New(`([\w-]+):"([^"]*)"`)},
	// the maps of Java: {K=[V], L=[W]}, {K=V}
	{"{", "}", lazyregexp.New(`([\w-]+)=(?:\[([^\]]*)\]|([^,\[\]{}]*(?:, (?:keyVersion|signature)=[^,\[\]{}]*)*))(?:, |$)`)},
	{"[", "]", lazyregexp.New(`([\w-]+)(?:: |=)([^,\[\]]*(?:, (?:keyVersion|signature)=[^,\[\]]*)*)(?:, |$)`)},
}

var (
	spelledSignature = lazyregexp.New(`(?i)["']?\bsignature["']?\s*(?::|=>|=)\s*["'\[]*\s*["']?algorithm`)
	spelledMethod    = lazyregexp.New(`\b(GET|POST|PUT|PATCH|DELETE|HEAD)\b`)
	spelledURL       = lazyregexp.New(`\bhttps?://[^\s'"<>,;|)\]}]+`)
	spelledPath      = lazyregexp.New(`\b(?:GET|POST|PUT|PATCH|DELETE|HEAD) (/[^\s'"<>,;|)\]}]+)`)
	spelledStatus    = lazyregexp.New(`(?i)(?:status|response|\bcode)\b[^0-9{}\[\]]{0,40}?([1-5]\d\d)\b`)
	spelledBody      = lazyregexp.New(`(?i)\b(?:body|payload|data|content|entity)["']?[ \t]*(?:[:=]|=>)[ \t]*`)
	spelledGap       = lazyregexp.New(`(?i)^[\s,;>]*(?:[\w.]*\b(?:request )?body\s*\n\s*)?`) // between headers and a body without a label
	spelledEnd       = lazyregexp.New(`(?m)^.{0,120}={8,}|\r?\n`)
)

// spelledPart is one map of headers with the text around it.
type spelledPart struct {
	before, after string
	fields        []wire.Field
}

// isSpelled knows headers in brackets that are no part of a larger object, beside
// a method and a URL.
func isSpelled(text []byte) bool {
	if startsMessage(text) || !spelledSignature.Match(text) || isFetch(text) || foreignAs(text) != nil || clientLine.Match(text) {
		return false
	}
	list := spelledParts(string(text))
	return len(list) > 0 && list[0].url() != "" && spelledMethod.MatchString(list[0].around()) &&
		!hasRequest(text)
}

// url is the address next to the headers, before them if possible, or the path
// behind a method.
func (p *spelledPart) url() string {
	if u := cmp.Or(lastMatch(spelledURL, p.before), spelledURL.FindString(p.after)); u != "" {
		return u
	}
	if m := spelledPath.FindStringSubmatch(p.around()); m != nil {
		return m[1]
	}
	return ""
}

func (p *spelledPart) around() string { return p.before + "\n" + p.after }

// spelledParts finds the maps that have a signature.
func spelledParts(s string) []spelledPart {
	var list []spelledPart
	from := 0
	for _, at := range spelledSignature.FindAllStringIndex(s, 2*maxExchanges) {
		if at[0] < from {
			continue
		}
		fields, start, end := mapAround(s, from, at[0])
		if len(fields) == 0 || unclosed(s[from:start]) > 0 {
			continue
		}
		if n := len(list); n > 0 {
			list[n-1].after = s[from:start]
		}
		list = append(list, spelledPart{before: s[from:start], fields: fields})
		from = end
	}
	if n := len(list); n > 0 {
		list[n-1].after = s[from:]
	}
	return list
}

// unclosed is how many brackets a text opens and does not close.
func unclosed(s string) (n int) {
	for _, c := range []byte(s) {
		switch c {
		case '{', '[':
			n++
		case '}', ']':
			n--
		}
	}
	return n
}

// maxMap is how long a map of headers may be, in bytes.
const maxMap = 64 << 10

// mapAround reads the map of headers that a place is in.
func mapAround(s string, from, at int) (fields []wire.Field, start, end int) {
	from = max(from, at-maxMap)
	for _, m := range spelledMaps {
		start := openBracket(s[from:at], m.open[0], m.end[0])
		if start < 0 {
			continue
		}
		start += from
		end := closes(s[start:min(len(s), start+maxMap)], m.open, m.end, `"'`)
		if end < at-start {
			continue
		}
		fields, seen := []wire.Field(nil), false
		for _, g := range m.pair.FindAllStringSubmatch(s[start+1:start+end], -1) {
			value := strings.Join(g[2:], "")
			if wire.CheckMethod(g[1]) == nil {
				fields = append(fields, wire.Field{Name: g[1], Value: strings.TrimSpace(value)})
				seen = seen || strings.EqualFold(g[1], "Signature") && strings.Contains(value, "signature=")
			}
		}
		if seen && len(fields) > 1 {
			return fields, start, start + end + 1
		}
	}
	return nil, 0, 0
}

// openBracket is the place of the last bracket that a text opens and does not close;
// -1 where there is none.
func openBracket(s string, open, end byte) int {
	depth := 0
	for i := len(s) - 1; i >= 0; i-- {
		switch s[i] {
		case end:
			depth++
		case open:
			if depth--; depth < 0 {
				return i
			}
		}
	}
	return -1
}

// closes is where the bracket closes that s begins with, of those that open and end,
// quoted text aside; -1 where it does not.
func closes[T string | []byte](s T, open, end, quotes string) int {
	depth := 0
	var quote byte
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case strings.IndexByte(quotes, c) >= 0:
			quote = c
		case strings.IndexByte(open, c) >= 0:
			depth++
		case strings.IndexByte(end, c) >= 0:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

func (r Reader) readSpelled(text []byte) (Evidence, error) {
	var parts []part
	list := spelledParts(string(text))
	for i := range list {
		parts = append(parts, list[i].part())
	}
	return r.pairs(Spelled, parts)
}

// part makes the message: the method and the URL stand before the headers as a
// rule, the body behind them.
func (p *spelledPart) part() part {
	out := part{bodyless: true}
	after := p.after
	url := p.url()
	status := spelledStatus.FindStringSubmatch(p.before)
	if status != nil && lastMatch(spelledURL, p.before) == "" {
		out.message = wire.Message{Line: "HTTP/1.1 " + status[1], Header: p.fields}
	} else {
		method := lastMatch(spelledMethod, p.before)
		if method == "" {
			method = spelledMethod.FindString(after)
		}
		out.message = wire.Message{Line: strings.ToUpper(method) + " " + url + " HTTP/1.1", Header: p.fields}
	}
	body, ok := spelledBodyOf(after)
	if at := spelledBody.FindStringIndex(p.before); !ok && at != nil {
		body, ok = spelledValue(p.before[at[1]:], "\"'b")
	}
	if ok {
		out.message.Body, out.bodyless = body, false
	}
	return out
}

func lastMatch(form *lazyregexp.Regexp, s string) string {
	all := form.FindAllStringIndex(s, -1)
	if len(all) == 0 {
		return ""
	}
	at := all[len(all)-1]
	return s[at[0]:at[1]]
}

// spelledBodyOf finds a body: behind its label, or right behind the headers.
func spelledBodyOf(s string) ([]byte, bool) {
	if at := spelledBody.FindStringIndex(s); at != nil {
		return spelledValue(s[at[1]:], "")
	}
	return spelledValue(s[spelledGap.FindStringIndex(s)[1]:], "b")
}

// spelledValue reads JSON, or a string that begins with one of the marks; without
// marks what stands up to the end of the line.
func spelledValue(s, marks string) ([]byte, bool) {
	if n := jsonEnd([]byte(s)); n > 0 {
		return []byte(s[:n]), true
	}
	if s != "" && strings.IndexByte(cmp.Or(marks, "\"'b"), s[0]) >= 0 {
		p := dumpParser{s: s, steps: 100}
		if v, ok := p.value(0); ok && (v.kind == stringValue || v.kind == bytesValue) {
			return []byte(v.text), true
		}
	}
	if marks != "" {
		return nil, false
	}
	if at := spelledEnd.FindStringIndex(s); at != nil {
		s = s[:at[0]]
	}
	s = strings.TrimSpace(s)
	return []byte(s), s != ""
}
