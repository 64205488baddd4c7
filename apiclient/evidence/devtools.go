package evidence

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/wire"
)

// HeaderList is what browsers copy: headers with the pseudo-headers of HTTP/2,
// or the panel of the developer tools.
const HeaderList Kind = "list of HTTP/2 headers"

// known are the names of the developer tools and the pseudo-headers for what is
// in the first line of a message.
var known = map[string]string{
	":method": "method", ":path": "path", ":authority": "host", ":scheme": "scheme", ":status": "status",
	"request url": "url", "request method": "method", "status code": "status",
	"url": "url", "method": "method", "status": "status",
	"scheme": "scheme", "host": "host", "filename": "path",
	"uri": "url", "requesturi": "url", "request uri": "url", "statuscode": "status", "response": "status",
}

var (
	pseudoLine = lazyregexp.New(`(?m)^[ \t"'\[{]*(:(?:method|path|authority|status))["']?(?:[:,\]]|\s*$)`)
	panelLine  = lazyregexp.New(`(?mi)^\s*(?:Request URL|Request Method)\s*:?\s*(?:\S+\s*)?$`)
	// targetLine is a request line without a version, as consoles show it.
	targetLine   = lazyregexp.New(`(?m)^\W*(?:[Rr]equest\W+)?([A-Z]{3,7}) (?:(https?://\S+)| (/\S*)  HTTP/[\d.]+)\s*$`)
	listedURL    = lazyregexp.New(`(?mi)^\W*(?:request )?ur[li]\s*: *https?://\S+\s*$`)
	listedMethod = lazyregexp.New(`(?mi)^\W*(?:request )?method\s*: *[A-Z]{3,7}\s*$`)
	statusOnly   = lazyregexp.New(`^([1-5]\d\d)(?: [A-Za-z ]+)?$`)
	section      = lazyregexp.New(`(?mi)^\W*(general|(?:request|response)\s+headers|headers|(?:request|response)(?: body| payload| text| data)?|payload|data|body|post data|no cookies|` +
		`view (?:source|parsed|decoded)|raw|query string parameters|provisional headers are shown)(?: *\([^)]*\))? *:?\W*$`)
)

// isHeaderList knows a pseudo-header, or the panel's lines.
func isHeaderList(text []byte) bool {
	head := text[:min(len(text), 64<<10)]
	return pseudoLine.Match(head) || panelLine.Match(head) || section.Match(head) && targetLine.Match(head) ||
		bytes.Contains(head, []byte("*** Request ***")) || ktorStart.Match(head) ||
		listedURL.Match(head) && listedMethod.Match(head)
}

// headerList is the lists while their lines are read.
type headerList struct {
	first  map[string]string // method, path, …
	sides  [2][]wire.Field   // of the request, of the response
	bodies [2][]byte
	side   int
	titled bool // a title of headers or of a body was there
	listed bool // URL and method stand in lines of their own, among others
}

// listAnchor is where in a line of a log a list begins: dio's, of Flutter.
func listAnchor(line []byte) int {
	if at := bytes.Index(line, []byte("*** Request ***")); at >= 0 {
		return at
	}
	if at := ktorStart.FindSubmatchIndex(bytes.TrimRight(line, "\r\n")); at != nil {
		return at[2]
	}
	return -1
}

// ktorStart is the first line that Ktor logs of a request.
var ktorStart = lazyregexp.New(`(?m)(?:^|\s)(REQUEST: https?://\S+)[ \t\r]*$`)

// ktorLines are the lines of Ktor's log as the developer tools would write them.
var ktorLines = []struct {
	line *lazyregexp.Regexp
	as   string
}{
	{lazyregexp.New(`^REQUEST: (https?://\S+)$`), "Request URL: $1\nRequest Headers"},
	{lazyregexp.New(`^METHOD: (?:HttpMethod\(value=)?([A-Z]+)\)?$`), "Request Method: $1"},
	{lazyregexp.New(`^RESPONSE: (\d{3}\b.*)$`), "Status Code: $1\nResponse Headers"},
	{lazyregexp.New(`^(?:(?:COMMON|CONTENT) HEADERS|FROM: .*|BODY Content-Type: .*)$`), ""},
	{lazyregexp.New(`^-> ([\w-]+: .*)$`), "$1"},
	{lazyregexp.New(`^BODY START$`), "payload"},
	{lazyregexp.New(`^BODY END$`), "----------"},
}

// asPanel writes the log of Ktor as the panel of the developer tools.
func asPanel(text []byte) []byte {
	if !ktorStart.Match(text) {
		return text
	}
	var out []byte
	side, body := "request ", false
	for line := range bytes.Lines(text) {
		bare := bytes.TrimRight(line, "\r\n")
		known := false
		for _, k := range ktorLines {
			if body && !bytes.HasPrefix(bare, []byte("BODY END")) || !k.line.Match(bare) {
				continue
			}
			known = true
			if bytes.HasPrefix(bare, []byte("RESPONSE")) {
				side = "response "
			}
			as := k.line.ReplaceAll(bare, []byte(k.as))
			if body = k.as == "payload"; body {
				as = append([]byte(side), as...)
			}
			if len(as) > 0 {
				out = append(append(out, as...), '\n')
			}
			break
		}
		if !known {
			out = append(out, line...)
		}
	}
	return out
}

func (r Reader) readHeaderList(text []byte) (Evidence, error) {
	l := headerList{first: map[string]string{}}
	text = asPanel(unprefixed(text, listAnchor))
	l.listed = listedURL.Match(text[:min(len(text), 64<<10)])
	for len(text) > 0 {
		line := firstLine(text)
		text = text[len(line):]
		s := strings.TrimRight(string(line), " \t\r\n")
		title, target := section.FindStringSubmatch(s), targetLine.FindStringSubmatch(s)
		switch {
		case target != nil && l.first["url"]+l.first["path"] == "":
			l.first["method"], l.first["url"] = target[1], target[2]+target[3]
		case statusOnly.MatchString(s) && l.first["status"] == "":
			l.first["status"] = s
		case title != nil && !strings.HasPrefix(s, ":"):
			text = l.section(strings.ToLower(title[1]), text)
		case s == "":
			text = l.blank(text)
		case isRule(s):
		default:
			text = l.field(s, text)
		}
	}
	parts, err := l.parts()
	if err != nil {
		return Evidence{}, err
	}
	return r.pairs(HeaderList, parts)
}

// bodyTitles are the words above a body.
var bodyTitles = []string{"payload", "body", "data", "text"}

// section turns to the side that a title names. What stands below the title of a
// body is the body.
func (l *headerList) section(title string, text []byte) []byte {
	l.titled = title != "general"
	switch {
	case strings.HasPrefix(title, "response"):
		l.side = 1
	case strings.HasPrefix(title, "request"), strings.Contains(title, "payload"):
		l.side = 0
	}
	if names := strings.Fields(title); slices.Contains(bodyTitles, names[len(names)-1]) ||
		title == "response" && len(l.sides[1]) > 0 {
		return l.body(text)
	}
	return text
}

// blank is an empty line: before another header or title it means nothing, else
// it is the one before the body.
func (l *headerList) blank(text []byte) []byte {
	next := strings.TrimRight(string(firstLine(text)), "\r\n")
	if len(l.first)+len(l.sides[l.side]) == 0 || l.listed && !l.titled || next == "" || section.MatchString(next) || isHeader(next) ||
		strings.HasPrefix(next, ":") {
		return text
	}
	return l.body(text)
}

// isRule knows a line that is drawn between two parts.
func isRule(s string) bool { return len(s) >= 3 && strings.Trim(s, "-=~*") == "" }

func isHeader(line string) bool { _, ok := fieldIn(line); return ok }

// body takes a body, up to the next list.
func (l *headerList) body(text []byte) []byte {
	at := 0
	for at < len(text) {
		line := firstLine(text[at:])
		s := strings.TrimSpace(string(line))
		if section.MatchString(s) || pseudoLine.Match(line) || len(s) >= 10 && isRule(s) {
			break
		}
		at += len(line)
	}
	body := bytes.TrimRight(text[:at], "\r\n")
	length := wire.Message{Header: l.sides[l.side]}.Get("Content-Length")
	if n, err := strconv.Atoi(length); err == nil && n > len(body) && n <= at {
		body = text[:n] // its last line breaks are its own
	}
	l.bodies[l.side] = append(l.bodies[l.side], body...)
	return text[at:]
}

// field takes one header; its value may stand in the next line, as Chrome copies
// them.
func (l *headerList) field(line string, text []byte) []byte {
	trimmed := strings.Trim(strings.TrimSpace(line), `"',[]{}`)
	pseudo := strings.HasPrefix(trimmed, ":")
	name, value, ok := strings.Cut(strings.TrimPrefix(trimmed, ":"), ":")
	if !ok {
		name, value, ok = strings.Cut(strings.TrimPrefix(trimmed, ":"), "\t")
	}
	if pseudo {
		name = ":" + name
	}
	bare := strings.TrimSpace(name)
	if !ok && known[strings.ToLower(bare)] == "" && wire.CheckMethod(strings.TrimPrefix(bare, ":")) != nil {
		return text // a line of text
	}
	if !ok || strings.TrimSpace(value) == "" {
		next := firstLine(text)
		value, text = string(next), text[len(next):]
	}
	name, value = strings.Trim(name, `"' `), strings.TrimRight(strings.Trim(value, " \t\r\n"), ",")
	if strings.HasPrefix(value, `"`) {
		value = strings.Trim(value, `"`)
	}
	if what := known[strings.ToLower(name)]; what != "" && (pseudo || strings.Contains(name, " ") ||
		!l.titled || len(l.sides[l.side]) == 0) {
		if what == "status" && !statusOnly.MatchString(value) {
			return text // the state of a call, such as Complete
		}
		l.first[what] = value
		if what == "host" && !pseudo {
			l.sides[0] = append(l.sides[0], wire.Field{Name: name, Value: value})
		}
		if what == "status" && pseudo {
			l.side = 1
		} else if pseudo {
			l.side = 0
		}
		return text
	}
	if wire.CheckMethod(name) == nil && (l.titled || !l.listed || pseudoLine.MatchString(line)) {
		l.sides[l.side] = append(l.sides[l.side], wire.Field{Name: name, Value: value})
	}
	return text
}

func (l *headerList) parts() ([]part, error) {
	target := l.first["url"]
	if target == "" {
		if target = l.first["path"]; target != "" && l.first["host"] != "" {
			target = "https://" + l.first["host"] + target
		}
	}
	if target == "" {
		return nil, &hint.Error{Says: "these are headers without a :path or a URL, and the signed string starts with " +
			"method and path", Fix: "copy the request as cURL in the browser, or give all its headers and its body"}
	}
	if len(l.sides[0])+len(l.sides[1]) == 0 {
		return nil, &hint.Error{Says: "this has the URL of a request and none of its headers, so the signature is not in it",
			Fix: "copy the request with its headers and its body"}
	}
	method := l.first["method"]
	if method == "" {
		method = "POST"
	}
	request := part{message: wire.Message{Line: strings.ToUpper(method) + " " + target + " HTTP/2", Header: l.sides[0],
		Body: l.bodies[0]}, bodyless: true}
	parts := []part{request}
	if status, _, _ := strings.Cut(l.first["status"], " "); status != "" && len(l.sides[1]) > 0 {
		parts = append(parts, part{message: wire.Message{Line: "HTTP/2 " + status, Header: l.sides[1], Body: l.bodies[1]},
			bodyless: true})
	}
	return parts, nil
}
