package evidence

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
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
