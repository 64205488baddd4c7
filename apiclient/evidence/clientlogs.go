package evidence

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/wire"
)

// ArrowLog is what the interceptors of OkHttp and the loggers of Feign print.
const ArrowLog Kind = "log of OkHttp or Feign"

var (
	arrowRequest = lazyregexp.New(`(?i)-{2,3}> (?:HTTP )?([A-Z]+) (\S+)(?: (HTTP/[\d.]+|h2|spdy\S*))?((?: \([^)]*\))?)\s*$`)
	arrowAnswer  = lazyregexp.New(`<-{2,3} (?:HTTP/[\d.]+ )?(\d{3})\b(.*)$`)
	arrowEnd     = lazyregexp.New(`^(?:-{2,3}>|<-{2,3}) END\b(.*)$`)
	byteBody     = lazyregexp.New(`(\d+)-byte\b`)
)

func arrowAnchor(line []byte) int {
	if len(line) > maxAnchored || !bytes.Contains(line, []byte("--> ")) {
		return -1
	}
	line = bytes.TrimRight(line, "\r\n")
	if at := arrowRequest.FindIndex(line); at != nil && !bytes.Contains(line[at[0]:], []byte("> END ")) {
		return at[0]
	}
	return -1
}

// isArrowLog knows the arrow before a request.
func isArrowLog(text []byte) bool {
	return bytes.Contains(text, []byte("--> ")) && firstPrefix(text, arrowAnchor) != nil
}

func (r Reader) readArrowLog(text []byte) (Evidence, error) {
	text = unprefixed(text, arrowAnchor)
	var parts []part
	var body []string
	open, inBody, headers := false, false, false // of the last message
	begin := func(p part) { parts, open, inBody, body = append(parts, p), true, false, nil }
	for line := range strings.SplitSeq(string(text), "\n") {
		line = strings.TrimSuffix(line, "\r")
		var end, request, answer []string
		if strings.HasPrefix(line, "--") || strings.HasPrefix(line, "<--") {
			end, request = arrowEnd.FindStringSubmatch(line), arrowRequest.FindStringSubmatch(line)
			answer = arrowAnswer.FindStringSubmatch(line)
		}
		switch {
		case end != nil:
			if open && inBody && !strings.Contains(end[1], "omitted") {
				parts[len(parts)-1].arrowBody(body, end[1])
			}
			open = false
		case strings.HasPrefix(line, "-") && request != nil:
			begin(requestOf(request[1], request[2]))
		case strings.HasPrefix(line, "<-") && answer != nil:
			begin(head("HTTP/1.1 " + answer[1] + arrowReason(answer[2])))
		case !open:
		case inBody:
			body = append(body, line)
		case line == "":
			inBody = true
		default:
			headers = parts[len(parts)-1].field(line) || headers
		}
		if len(parts) > 2*maxExchanges {
			break
		}
	}
	if !headers {
		return Evidence{}, &hint.Error{Says: "this log of OkHttp has no headers: it was written at level BASIC",
			Fix: "log at HttpLoggingInterceptor.Level.BODY (for Feign: Logger.Level.FULL), and repeat the call"}
	}
	return r.pairs(ArrowLog, parts)
}

// arrowReason is the reason phrase before the URL and the time.
func arrowReason(rest string) string {
	rest = strings.TrimSpace(rest)
	if i := strings.IndexAny(rest, "(/"); i >= 0 {
		rest = rest[:i]
	}
	var words []string
	for _, w := range strings.Fields(rest) {
		if !strings.HasSuffix(w, ":") {
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		return ""
	}
	return " " + strings.Join(words, " ")
}

// arrowBody takes the lines of a body; end is what stands after END, such as (92-byte body).
func (p *part) arrowBody(lines []string, end string) {
	body := strings.Join(lines, "\n")
	if size := byteBody.FindStringSubmatch(end); size != nil {
		n, _ := strconv.Atoi(size[1])
		if joined := strings.Join(lines, ""); len(body) != n && len(joined) == n {
			body = joined // logcat cuts long lines
		}
		if p.message.Partial = len(body) < n; len(body) != n {
			p.notes = []string{fmt.Sprintf("the log says that a body had %d bytes, and prints %d", n, len(body))}
		}
	}
	p.message.Body, p.bodyless = []byte(body), false
}

// numbered is a line of Jersey's and Karate's log: the number of the exchange,
// its direction, and a line of the head.
var (
	numbered      = lazyregexp.New(`^(?:.{0,80}[ :])?(\d{1,6}) ([><]) ?(.*)$`)
	numberedStart = lazyregexp.New(`(?m)^(?:.{0,80}[ :])?\d{1,6} > (?:GET|POST|PUT|PATCH|DELETE) (?:https?:/)?/\S+\s*$`)
	numberedNote  = lazyregexp.New(`^\d{1,6} \* |^.{0,40}\d\d:\d\d:\d\d`)
)

func isNumbered(text []byte) bool { return numberedStart.Match(text) }

// readNumbered reads the log of JAX-RS clients (Jersey, Karate): the body stands
// below the head, without marks.
func (r Reader) readNumbered(text []byte) (Evidence, error) {
	var parts []part
	for len(text) > 0 {
		line := firstLine(text)
		text = text[len(line):]
		m := numbered.FindSubmatch(bytes.TrimRight(line, "\r\n"))
		n := len(parts)
		switch {
		case m == nil && n > 0 && !numberedNote.Match(line):
			parts[n-1].message.Body = append(parts[n-1].message.Body, line...)
		case m == nil:
		case numberedStart.Match(line):
			parts = append(parts, head(string(m[3])+" HTTP/1.1"))
		case n > 0 && m[2][0] == '<' && !parts[n-1].message.IsResponse():
			parts = append(parts, head("HTTP/1.1 "+string(m[3])))
		case n > 0:
			parts[n-1].field(string(m[3]))
		}
	}
	for i := range parts {
		m := &parts[i].message
		m.Body = bytes.TrimRight(m.Body, "\r\n")
	}
	return r.pairs(Stream, parts, "the lines of this log end the bodies: line breaks at their ends would be lost")
}

// What the logger of Faraday prints: the line of the request, its header with the
// values as Ruby inspects them, the body; then the status, and so on. Ruby's Logger
// puts severity, time and side before each of the three.
var (
	rubyPrefix = lazyregexp.New(`^(?:[DIWEF], \[[^\]]*\] +[A-Z]+ -- [^:]*: )?(?:\[[^\]]*\] )*(?:(request|response): )?`)
	rubyStart  = lazyregexp.New(`^(GET|POST|PUT|PATCH|DELETE) (https?://\S+|/\S+)$`)
	rubyStatus = lazyregexp.New(`^Status (\d{3})$`)
	rubyField  = lazyregexp.New(`^([!#$%&'*+.^_|~0-9A-Za-z-]+): (".*"|nil)$`)
)

// isRubyLog knows a request line, and a header with its value in quotes below it.
func isRubyLog(text []byte) bool {
	started := false
	for line := range bytes.Lines(text) {
		if !started && (len(line) > maxAnchored || !bytes.Contains(line, []byte(" /")) && !bytes.Contains(line, []byte(" http"))) {
			continue
		}
		content, _ := rubyLine(string(bytes.TrimRight(line, "\r\n")))
		if started && rubyField.MatchString(content) {
			return true
		}
		started = rubyStart.MatchString(content)
	}
	return false
}

// rubyLine cuts off what a logger puts before a line, and reports whether it did.
func rubyLine(line string) (content string, cut bool) {
	at := rubyPrefix.FindStringIndex(line)
	return line[at[1]:], at[1] > 0
}

func (r Reader) readRubyLog(text []byte) (Evidence, error) {
	var parts []part
	inBody, prefixed := false, false
	for raw := range bytes.Lines(text) {
		line := string(bytes.TrimRight(raw, "\r\n"))
		content, cut := rubyLine(line)
		var message *wire.Message
		if len(parts) > 0 {
			message = &parts[len(parts)-1].message
		}
		start, status := rubyStart.FindStringSubmatch(content), rubyStatus.FindStringSubmatch(content)
		field := rubyField.FindStringSubmatch(content)
		switch {
		case start != nil && (cut || !prefixed):
			prefixed, inBody = cut, false
			parts = append(parts, requestOf(start[1], start[2]))
		case message == nil:
		case status != nil && (cut || !prefixed):
			inBody = false
			parts = append(parts, head("HTTP/1.1 "+status[1]+" "))
		case !inBody && field != nil:
			message.Header = append(message.Header, wire.Field{Name: field[1], Value: rubyValue(field[2])})
		case !inBody && (cut || !prefixed):
			inBody = true
			message.Body = []byte(content)
		case inBody:
			message.Body = append(append(message.Body, '\n'), line...)
		}
	}
	for i := range parts { // of another line of the log, or of one that ended the text
		m := &parts[i].message
		if n, err := strconv.Atoi(m.Get("Content-Length")); err != nil || n != len(m.Body) {
			m.Body = bytes.TrimRight(m.Body, "\r\n")
		}
	}
	return r.pairs(Stream, parts)
}

// rubyValue is what inspect printed.
func rubyValue(s string) string {
	if s == "nil" {
		return ""
	}
	s = strings.ReplaceAll(s, `\#`, "#")
	if plain, err := strconv.Unquote(s); err == nil {
		return plain
	}
	return s[1 : len(s)-1]
}

// FilterLog is what Spring's CommonsRequestLoggingFilter prints.
const FilterLog Kind = "log of Spring's request filter"

var (
	filterLine  = lazyregexp.New(`\[([A-Z]{3,7}) ([^,\s]+)(?:, [a-z]+=[^,\]]*)*, headers=\[(.*?)\](?:, payload=(.*))?\]\s*$`)
	filterField = lazyregexp.New(`([\w-]+):"([^"]*)"`)
)

const filterNote = "Spring's filter prints headers without their order, and of a body only its first maxPayloadLength characters"

// filterRequests reads the requests: of those that are printed before and after
// they were handled, the one with the payload.
func filterRequests(text []byte) []part {
	var parts []part
	for line := range bytes.Lines(text) {
		m := filterLine.FindSubmatch(bytes.TrimRight(line, "\r\n"))
		if m == nil || len(parts) > maxExchanges {
			continue
		}
		p := requestOf(string(m[1]), string(m[2]))
		p.message.Body, p.bodyless = bytes.Clone(m[4]), len(m[4]) == 0
		for _, f := range filterField.FindAllSubmatch(m[3], -1) {
			p.message.Header = append(p.message.Header, wire.Field{Name: string(f[1]), Value: string(f[2])})
		}
		if n := len(parts); n > 0 && parts[n-1].message.Line == p.message.Line && parts[n-1].bodyless &&
			p.message.Get("Signature") == parts[n-1].message.Get("Signature") {
			parts[n-1] = p
			continue
		}
		parts = append(parts, p)
	}
	return parts
}
