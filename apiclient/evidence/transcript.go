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

// Transcript is what curl -v, -i and wget -d print.
const Transcript Kind = "transcript of curl or wget"

// transcript reads line by line what stands in it besides the two messages.
type transcript struct {
	r     Reader
	text  []byte // what is not yet read
	other []byte // what stood before the next request: the command, perhaps
	head  []byte // of the message that is being read
	sent  bool   // its direction
	parts []part
	notes []string
}

var (
	verboseRequest = lazyregexp.New(`(?:^|\s)(> )[A-Z]+ \S+ HTTP/[\d.]+\s*$`)
	// curlTalk is what curl says besides: its marks, sizes, the meter.
	curlTalk = lazyregexp.New(`^(?:\*  ?\S|\* +|[{}] \[\d+ bytes data\]|\r? *% Total|\r? +Dload|\r? {0,2}\d+ +[\d.]+[kMG]? ` +
		`|== Info|Note: Unnecessary)`)
	curlEnd  = lazyregexp.New(`(?:^|.)(\* (?:Connection #\d+ to host \S+ left intact|Closing connection.*|Connection #\d+ to \S+ left.*))\r?$`)
	curlWord = lazyregexp.New(`(?m)(?:^|[\s/\\])(curl(?:\.exe)?) `)
	// shellPrompt is what a terminal shows behind an answer.
	shellPrompt = lazyregexp.New(`^\r?\n[^\s{}"]{0,80}[$#%❯➜>] ?[^\n]*\n?$`)
	wgetBody    = lazyregexp.New(`^\[(?:POST|BODY) data: `)
	wgetMarks   = lazyregexp.New(`^---(?:request|response) (?:begin|end)---`)
)

func verboseAnchor(line []byte) int {
	if !bytes.Contains(line, []byte("HTTP/")) {
		return -1
	}
	if at := verboseRequest.FindSubmatchIndex(bytes.TrimRight(line, "\r\n")); at != nil {
		return at[2]
	}
	return -1
}

// isTranscript knows the request of curl -v, that of wget -d, and a curl command
// with an answer below it.
func isTranscript(text []byte) bool {
	if firstPrefix(text, verboseAnchor) != nil {
		return true
	}
	curl := bytes.Contains(text, []byte("curl "))
	for line := range bytes.Lines(text) {
		switch {
		case bytes.HasPrefix(line, []byte("---request begin---")), bytes.HasPrefix(line, []byte("< HTTP/")):
			return true
		case curl && bytes.HasPrefix(line, []byte("HTTP/")) && wire.StartsMessage(line):
			return true
		}
	}
	return false
}

func (r Reader) readTranscript(text []byte) (Evidence, error) {
	t := transcript{r: r, text: unprefixed(text, verboseAnchor)}
	for len(t.text) > 0 && len(t.parts) <= 2*maxExchanges {
		t.step()
	}
	t.endHead()
	if len(t.parts) == 0 {
		return Evidence{}, &hint.Error{Says: "this looks like the output of curl or wget, and there is no message in it",
			Fix: "run curl -v again and give all that it prints, with the command"}
	}
	return r.pairs(Transcript, t.parts, t.notes...)
}

// step reads one line.
func (t *transcript) step() {
	line := firstLine(t.text)
	t.text = t.text[len(line):]
	content := bytes.TrimRight(line, "\r\n")
	switch mark := content[:min(len(content), 2)]; {
	case string(mark) == "> " || string(mark) == ">":
		t.headLine(content[len(mark):], true)
	case string(mark) == "< " || string(mark) == "<":
		t.headLine(content[len(mark):], false)
	case strings.HasPrefix(string(mark), "|"):
		t.bodyLine(bytes.TrimPrefix(content[1:], []byte{' '}))
	case len(t.head) > 0 && !curlTalk.Match(content):
		t.headLine(content, t.sent) // libcurl prints a mark on the first line alone
	case wgetMarks.Match(content), curlTalk.Match(content):
	case wire.StartsMessage(content):
		t.headLine(content, !bytes.HasPrefix(content, []byte("HTTP/")))
	case wgetBody.Match(content):
		t.dataOf(append(wgetBody.ReplaceAll(content, nil), line[len(content):]...))
	default:
		t.other = append(t.other, line...)
	}
}

// headLine takes a line of a head; an empty one ends it.
func (t *transcript) headLine(line []byte, sent bool) {
	if len(t.head) > 0 && t.sent != sent {
		t.endHead()
	}
	if len(bytes.TrimSpace(line)) == 0 {
		t.endHead()
		return
	}
	t.sent = sent
	t.head = append(append(t.head, bytes.TrimRight(line, "\r")...), "\r\n"...)
}

// endHead makes a message of the head, and looks for its body.
func (t *transcript) endHead() {
	if len(t.head) == 0 {
		return
	}
	m, err := wire.ParseMessage(append(t.head, "\r\n"...))
	t.head = nil
	p := part{message: m, err: err, bodyless: true}
	p.message.Partial = false
	if n := len(t.parts); err == nil && n > 0 && t.repeats(t.parts[n-1].message, m) {
		t.parts = t.parts[:n-1] // -i prints the head once more, before the body
	}
	switch {
	case err != nil:
	case t.sent:
		t.command(&p)
	default:
		t.body(&p)
	}
	t.other = nil
	t.parts = append(t.parts, p)
}

// bodyLine takes a line of the request's body, as Insomnia prints it.
func (t *transcript) bodyLine(line []byte) {
	t.endHead()
	if n := len(t.parts); n > 0 && !t.parts[n-1].message.IsResponse() {
		p := &t.parts[n-1]
		if p.bodyless = false; len(p.message.Body) > 0 {
			p.message.Body = append(p.message.Body, '\n')
		}
		p.message.Body = append(p.message.Body, line...)
	}
}

// repeats reports whether a message is an answer whose head stood there already.
func (t *transcript) repeats(before, m wire.Message) bool {
	return m.IsResponse() && before.IsResponse() && m.Line == before.Line && len(before.Body) == 0 &&
		m.Get("Signature") == before.Get("Signature") && len(m.Header) == len(before.Header)
}

// command takes the body of the command that stands above a request.
func (t *transcript) command(p *part) {
	if e, ok := t.commandAbove(); ok {
		p.message.Body, p.bodyless = e.Exchanges[0].Request.Body, false
		t.notes = append(t.notes, e.Notes...)
	}
}

func (t *transcript) commandAbove() (Evidence, bool) {
	at := curlWord.FindSubmatchIndex(t.other)
	if at == nil {
		return Evidence{}, false
	}
	r := t.r
	r.Entry = 0
	var err error
	for _, from := range []int{bytes.LastIndexByte(t.other[:at[2]], '\n') + 1, at[2], 0} {
		e, fault := r.Read(t.other[from:])
		if fault == nil && len(e.Exchanges) == 1 && e.Kind != Raw {
			return e, true
		}
		if err == nil || from == at[2] {
			err = fault
		}
	}
	if err != nil {
		t.notes = append(t.notes, fmt.Sprintf("the command above cannot be read: %v", err))
	}
	return Evidence{}, false
}

// body takes the body of an answer, which stands behind what curl says.
func (t *transcript) body(p *part) {
	m := &p.message
	if len(t.parts) == 0 {
		if e, ok := t.commandAbove(); ok { // curl -i does not print the request
			t.parts = append(t.parts, part{message: e.Exchanges[0].Request})
			t.notes = append(t.notes, e.Notes...)
		}
	}
	rest := t.text
	for len(rest) > 0 && (curlTalk.Match(firstLine(rest)) || wgetMarks.Match(rest) || len(bytes.TrimSpace(firstLine(rest))) == 0) {
		rest = rest[len(firstLine(rest)):]
	}
	if len(rest) == 0 || wire.StartsMessage(firstLine(rest)) || rest[0] == '<' && bytes.HasPrefix(rest, []byte("< ")) {
		return
	}
	n, err := strconv.Atoi(m.Get("Content-Length"))
	if at := bytes.Index(rest[:min(len(rest), maxWgetTalk)], []byte("\nSaving to: ")); at >= 0 {
		rest = rest[at+1:]
		rest = rest[len(firstLine(rest)):] // wget says some lines before the body that it prints
		if err != nil || len(rest) < n || n > 0 && rest[0] != '{' && rest[0] != '[' {
			return
		}
	}
	switch {
	case err == nil && n <= len(rest) && endsThere(rest[n:]):
		m.Body, t.text = bytes.Clone(rest[:n]), rest[n:]
	default:
		m.Body, t.text = bodyUntilTalk(rest)
		m.Partial = err == nil && len(m.Body) < n
	}
	p.bodyless = len(m.Body) == 0
}

// maxWgetTalk is how much wget says before the body that it prints, in bytes.
const maxWgetTalk = 2 << 10

// endsThere reports whether a body may end before rest.
func endsThere(rest []byte) bool {
	line := bytes.TrimRight(firstLine(rest), "\r\n")
	return len(line) == 0 || curlTalk.Match(line) || line[0] == '$' || line[0] == '%'
}

// bodyUntilTalk is a body without framing: up to what curl says next, or the end,
// without the line break that the terminal put there.
func bodyUntilTalk(rest []byte) (body, after []byte) {
	if n := jsonEnd(rest); n > 0 && shellPrompt.Match(rest[n:]) {
		return bytes.Clone(rest[:n]), rest[n:]
	}
	for at := 0; at < len(rest); {
		line := firstLine(rest[at:])
		if end := curlEnd.FindSubmatchIndex(bytes.TrimRight(line, "\n")); end != nil {
			return bytes.Clone(rest[:at+end[2]]), rest[at+end[2]:]
		}
		if at > 0 && verboseAnchor(line) == 0 {
			return trimBreak(rest[:at]), rest[at:]
		}
		at += len(line)
	}
	return trimBreak(rest), nil
}

func trimBreak(body []byte) []byte {
	return bytes.Clone(bytes.TrimSuffix(bytes.TrimSuffix(body, []byte{'\n'}), []byte{'\r'}))
}

// dataOf takes the body that wget prints behind a request.
func (t *transcript) dataOf(start []byte) {
	if len(t.parts) == 0 {
		return
	}
	p := &t.parts[len(t.parts)-1]
	n, err := strconv.Atoi(p.message.Get("Content-Length"))
	data := append(start, t.text...)
	if err == nil && !p.message.IsResponse() && n < len(data) && data[n] == ']' {
		p.message.Body, p.bodyless = bytes.Clone(data[:n]), false
		t.text = data[n+1:]
	}
}
