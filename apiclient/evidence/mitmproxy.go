package evidence

import (
	"bytes"
	"strconv"
	"strings"

	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/wire"
)

// Flows is what mitmdump prints with --flow-detail 2 to 4.
const Flows Kind = "output of mitmdump"

var (
	flowRequest = lazyregexp.New(`^(?:\S+: )?([A-Z]{3,7} https?://\S+)(?: HTTP/[\d.]+)?\s*$`)
	flowAnswer  = lazyregexp.New(`^ << (?:HTTP/[\d.]+ )?(\d{3}\b.*?)(?: \S+b)?\s*$`)
)

const flowIndent = "    "

// isFlows knows a request and its first header, four spaces in.
func isFlows(text []byte) bool {
	for len(text) > 0 {
		line := firstLine(text)
		text = text[len(line):]
		if flowRequest.Match(line) && bytes.HasPrefix(text, []byte(flowIndent)) &&
			isHeader(strings.TrimRight(string(firstLine(text)[len(flowIndent):]), "\r\n")) {
			return true
		}
	}
	return false
}

func (r Reader) readFlows(text []byte) (Evidence, error) {
	var parts []part
	var body []string
	inBody := false
	finish := func() {
		if n := len(parts); n > 0 {
			parts[n-1].printedBody(body)
		}
		body, inBody = nil, false
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\r\n")
		request, answer := flowRequest.FindStringSubmatch(line), flowAnswer.FindStringSubmatch(line)
		indented := strings.HasPrefix(line, flowIndent)
		switch {
		case request != nil:
			finish()
			parts = append(parts, part{message: wire.Message{Line: request[1] + " HTTP/1.1"}})
		case answer != nil && len(parts) > 0:
			finish()
			parts = append(parts, part{message: wire.Message{Line: "HTTP/1.1 " + answer[1]}})
		case len(parts) == 0:
		case line == "":
			inBody = true
		case inBody && indented:
			body = append(body, line[len(flowIndent):])
		case indented:
			parts[len(parts)-1].field(line[len(flowIndent):])
		}
	}
	finish()
	return r.pairs(Flows, parts)
}

// printedBody takes a body whose length is that of the message. Others are shown
// in a form of mitmproxy's own.
func (p *part) printedBody(lines []string) {
	body := strings.Join(lines, "\n")
	if p.bodyless = p.message.Get("Content-Length") != strconv.Itoa(len(body)); !p.bodyless {
		p.message.Body = []byte(body)
		return
	}
	if len(body) > 0 {
		p.notes = append(p.notes, "mitmproxy prints bodies in a form of its own, not as they were sent: export the flow as "+
			"HAR or as raw")
	}
}
