package evidence

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/wire"
)

// Stream is several messages one after the other.
const Stream Kind = "stream of messages"

// part is one message of a text that may have several.
type part struct {
	message  wire.Message
	bodyless bool     // the form does not print the body, which is missing then, not empty
	notes    []string // what the form may have changed in it
	err      error
}

// splitMessages cuts a text into its messages by their framing.
func splitMessages(text []byte) []part {
	var parts []part
	for len(parts) <= 2*maxExchanges {
		if text = skipToStart(text); len(text) == 0 {
			break
		}
		raw, rest := wire.CutMessage(text)
		m, err := wire.ParseMessage(raw)
		if n := len(parts); err == nil && n > 0 && m.Status()/100 == 1 && len(m.Body) > 0 {
			parts[n-1].continued(m.Body) // the request goes on behind 100 Continue
			m.Body = nil
		}
		parts, text = append(parts, part{message: m, err: err}), rest
	}
	return parts
}

// sides joins what is said on a connection, up to where the other side speaks.
type sides struct {
	said [][]byte
	last string
}

func (s *sides) add(side string, data []byte) {
	switch n := len(s.said); {
	case len(data) == 0:
	case n > 0 && side == s.last:
		s.said[n-1] = append(s.said[n-1], data...)
	default:
		s.said, s.last = append(s.said, bytes.Clone(data)), side
	}
}

// parts returns the messages in it.
func (s *sides) parts() (parts []part) {
	for _, data := range s.said {
		parts = append(parts, splitMessages(data)...)
	}
	return parts
}

// head makes a message of its first line.
func head(line string) part { return part{message: wire.Message{Line: line}, bodyless: true} }

// request makes one of a method and a target.
func requestOf(method, target string) part { return head(method + " " + target + " HTTP/1.1") }

// field adds the header in a line, and reports whether there is one.
func (p *part) field(line string) bool {
	f, ok := fieldIn(line)
	if ok {
		p.message.Header = append(p.message.Header, f)
	}
	return ok
}

// fieldIn reads a line such as Name: value.
func fieldIn(line string) (wire.Field, bool) {
	name, value, ok := strings.Cut(line, ":")
	return wire.Field{Name: name, Value: strings.TrimSpace(value)}, ok && wire.CheckMethod(name) == nil
}

// continued takes the body of a request whose sender waited to be told to go on.
func (p *part) continued(body []byte) {
	if m := &p.message; !m.IsResponse() && len(m.Body) == 0 {
		m.Body = body
		n, err := strconv.Atoi(m.Get("Content-Length"))
		m.Partial = err == nil && len(body) < n
	}
}

// skipToStart leaves out lines up to one that starts a message.
func skipToStart(text []byte) []byte {
	for len(text) > 0 && !wire.StartsMessage(firstLine(text)) {
		text = text[len(firstLine(text)):]
	}
	return text
}

// firstLine is the first line of a text with its line end.
func firstLine(text []byte) []byte {
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		return text[:i+1]
	}
	return text
}

// pairs makes exchanges of messages in the order in which they were said: each
// answer is that to the oldest request without one.
func (r Reader) pairs(kind Kind, parts []part, notes ...string) (Evidence, error) {
	l := items{r: r, kind: kind}
	type open struct {
		request  part
		response *part
	}
	var list []open
	var orphans []part
	waiting := 0
	for _, p := range parts {
		switch m := p.message; {
		case p.err == nil && m.IsResponse():
			if code := m.Status(); code < 200 && code != 101 {
				continue // it says that the answer is still to come
			}
			if waiting == len(list) {
				orphans = append(orphans, p)
				continue
			}
			list[waiting].response = &p
			waiting++
		default:
			list = append(list, open{request: p})
		}
	}
	if len(list) == 0 {
		return Evidence{}, &hint.Error{Says: fmt.Sprintf("the %s has a response and not the request to it, and its "+
			"signed string starts with the request's method and path", kind), Fix: "give both, the request and the response"}
	}
	if len(list) == 1 && len(orphans) == 1 && list[0].response == nil {
		list[0].response = &orphans[0] // the members of an object may have any order
	}
	for _, o := range list {
		x, notes, err := r.pair(o.request, o.response)
		l.add(x, notes, err)
	}
	e, err := l.evidence()
	e.Notes = append(e.Notes, notes...)
	return e, err
}

func (r Reader) pair(request part, response *part) (apiclient.Exchange, []string, error) {
	if request.err != nil {
		return apiclient.Exchange{}, nil, fmt.Errorf("the request: %w", request.err)
	}
	notes := request.settle("request")
	x := r.fromRequest(request.message)
	if response == nil {
		return x, notes, nil
	}
	if response.err != nil {
		return apiclient.Exchange{}, nil, fmt.Errorf("the response: %w", response.err)
	}
	notes = append(notes, response.settle("response")...)
	answer := response.message
	if request.message.Method() == "HEAD" {
		answer.Partial = false // its Content-Length is of a body that must not come
	}
	x.Response, x.Outcome = &answer, apiclient.Answered
	return x, notes, nil
}

// settle marks a message whose body the form does not print, and returns the
// notes on it.
func (p *part) settle(side string) []string {
	m := &p.message
	if !p.bodyless || len(m.Body) > 0 || !expectsBody(m) {
		return p.notes
	}
	m.Partial = true
	if len(p.notes) > 0 {
		return p.notes // they say why
	}
	return append(p.notes, fmt.Sprintf("the evidence does not have the %s's body: it is missing, not empty, so the "+
		"%s cannot be judged", side, side))
}

// expectsBody reports whether a message without a body in the evidence may have
// had one.
func expectsBody(m *wire.Message) bool {
	if length := m.Get("Content-Length"); length != "" {
		return length != "0"
	}
	if m.IsResponse() {
		code := m.Status()
		return code >= 200 && code != 204 && code != 304
	}
	switch m.Method() {
	case "GET", "HEAD", "DELETE", "OPTIONS", "TRACE":
		return m.Has("Transfer-Encoding") || m.Has("Content-Type")
	}
	return true
}

// isMessage knows a text that begins with a request or status line.
func isMessage(text []byte) bool { return wire.StartsMessage(firstLine(text)) }

// isPlainMessage knows a message that is no request file of an editor, whose first
// request may begin as a message does.
func isPlainMessage(text []byte) bool {
	return isMessage(text) && !isHTTPFile(text) && !isSpelled(text)
}

// readMessages reads a raw message, all of whose bytes count, or several.
func (r Reader) readMessages(text []byte) (Evidence, error) {
	if plain, ok := unescapedHTML(text); ok {
		e, err := r.readMessages(plain)
		e.Notes = append(e.Notes, "a web page had put entities such as &quot; into the text: without them the "+
			"body has its Content-Length")
		return e, err
	}
	if plain, ok := rewrapped(text); ok {
		e, err := r.readMessages(plain)
		e.Notes = append(e.Notes, "lines of the head have no name, as a mail that wraps long lines leaves them: they were joined to "+
			"the header before them")
		return e, err
	}
	parts := splitMessages(text)
	if len(parts) > 1 {
		unformatted(parts)
		return r.pairs(Stream, parts)
	}
	return r.rawMessage(text)
}

// rawMessage reads one raw message. A line alone is none: it would be called
// unsigned although its headers are not there.
func (r Reader) rawMessage(data []byte) (Evidence, error) {
	e, err := r.Messages(data, nil)
	if err != nil {
		return Evidence{}, err
	}
	if len(e.Request.Header)+len(e.Request.Body) == 0 {
		return Evidence{}, &hint.Error{Says: "this is a request line without headers and body",
			Fix: "give the whole message: with its headers, a blank line, and its body"}
	}
	// Clients say Content-Length: 0 where a POST has no body: without it, only the head was copied.
	framed := e.Request.Has("Content-Length") || e.Request.Has("Transfer-Encoding")
	head := part{message: e.Request, bodyless: !framed && slices.Contains([]string{"POST", "PUT", "PATCH"}, e.Request.Method())}
	notes := head.settle("request")
	e.Request = head.message
	return Evidence{Kind: Raw, Exchanges: []apiclient.Exchange{e}, Notes: notes}, nil
}

// startInLine finds a request line that has something of a log before it.
var startInLine = lazyregexp.New(`(?:^|[\s"'|>\]:])([A-Z]{3,7} (?:/|https?://)\S* HTTP/[\d.]+)\s*$`)

func startAnchor(line []byte) int {
	if len(line) > maxAnchored || !bytes.Contains(line, []byte(" HTTP/")) {
		return -1
	}
	if at := startInLine.FindSubmatchIndex(bytes.TrimRight(line, "\r\n")); at != nil {
		return at[2]
	}
	return -1
}

// isLoggedMessage knows a raw message behind the lines or the marks of a log.
func isLoggedMessage(text []byte) bool {
	for line := range bytes.Lines(text) {
		if startAnchor(line) >= 0 {
			return true
		}
	}
	return false
}

// isPrefixedMessage knows a raw message whose first line has the mark of a log
// before it.
func isPrefixedMessage(text []byte) bool {
	prefix := bytes.TrimRight(firstPrefix(text, startAnchor), " ")
	return logClock.Match(prefix) || bytes.HasSuffix(prefix, []byte{'|'}) || bytes.HasSuffix(prefix, []byte("]:"))
}

// readLoggedMessages reads raw messages out of a text with other lines before
// them, or marks at the begin of each.
func (r Reader) readLoggedMessages(text []byte) (Evidence, error) {
	parts := splitMessages(unprefixed(text, startAnchor))
	unformatted(parts)
	if n := len(parts); n > 0 {
		if m := &parts[n-1].message; !m.Has("Content-Length") {
			m.Body = trimBreak(m.Body) // the log's, not the body's
		}
	}
	return r.pairs(Stream, parts)
}
