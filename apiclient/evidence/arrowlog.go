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

// arrowMessage is a message of the log while its lines are read.
type arrowMessage struct {
	line   string
	header []wire.Field
	body   []string
	inBody bool
}

func (r Reader) readArrowLog(text []byte) (Evidence, error) {
	text = unprefixed(text, arrowAnchor)
	var parts []part
	var m *arrowMessage
	headers := false
	flush := func(end string, ended bool) {
		if m != nil {
			headers = headers || len(m.header) > 0
			parts = append(parts, m.part(end, ended))
		}
		m = nil
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		line = strings.TrimSuffix(line, "\r")
		var end, request, answer []string
		if strings.HasPrefix(line, "--") || strings.HasPrefix(line, "<--") {
			end, request = arrowEnd.FindStringSubmatch(line), arrowRequest.FindStringSubmatch(line)
			answer = arrowAnswer.FindStringSubmatch(line)
		}
		switch {
		case end != nil:
			flush(end[1], true)
		case strings.HasPrefix(line, "-") && request != nil:
			flush("", false)
			m = &arrowMessage{line: request[1] + " " + request[2] + " HTTP/1.1"}
		case strings.HasPrefix(line, "<-") && answer != nil:
			flush("", false)
			m = &arrowMessage{line: "HTTP/1.1 " + answer[1] + arrowReason(answer[2])}
		case m == nil:
		case m.inBody:
			m.body = append(m.body, line)
		case line == "":
			m.inBody = true
		default:
			name, value, ok := strings.Cut(line, ":")
			if ok && wire.CheckMethod(name) == nil {
				m.header = append(m.header, wire.Field{Name: name, Value: strings.TrimSpace(value)})
			}
		}
		if len(parts) > 2*maxExchanges {
			break
		}
	}
	flush("", false)
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

// part makes a message; end is what stands after END, such as (92-byte body).
func (m *arrowMessage) part(end string, ended bool) part {
	p := part{message: wire.Message{Line: m.line, Header: m.header}, bodyless: true}
	if !m.inBody || !ended || strings.Contains(end, "omitted") {
		return p
	}
	body := strings.Join(m.body, "\n")
	if size := byteBody.FindStringSubmatch(end); size != nil {
		n, _ := strconv.Atoi(size[1])
		if joined := strings.Join(m.body, ""); len(body) != n && len(joined) == n {
			body = joined // logcat cuts long lines
		}
		if p.message.Partial = len(body) < n; len(body) != n {
			p.notes = []string{fmt.Sprintf("the log says that a body had %d bytes, and prints %d", n, len(body))}
		}
	}
	p.message.Body, p.bodyless = []byte(body), false
	return p
}
