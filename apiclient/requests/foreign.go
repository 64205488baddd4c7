package requests

import (
	"maps"
	"slices"
	"strings"

	"countersign/apiclient/lazyregexp"
)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// What stands behind "# @" before a request line.
var (
	// what this program does
	ours = set(`name endpoint profile expect expect-schema set tamper no-sign`)
	// what other tools do, and this one does anyway, or has nothing to do for
	harmless = set(`no-redirect no-cookie-jar no-log note title description tag no-auto-encoding verbose debug keepStreaming
		no-response-view noResponseView use-os-credentials lang accept grpc-reflection`)
	// what other tools do; a name in neither list is taken for a slip where it is near to one of ours
	others = set(`prompt import ref forceRef loop sleep timeout connection-timeout connectionTimeout disabled save openWith extension
		jwt noRejectUnauthorized no-reject-unauthorized responseRef language no-client-cert injectVariables ratelimit ratelimits
		stdin-cmd stdin-cmd-pre env-stdin-cmd env-stdin-cmd-pre env-json-key env-header-key file-to-variable curl-global
		curl-connect-timeout curl-data-urlencode jq delay attach-cookie-jar oauth2 auth no-proxy template http-version script secret`)
)

func ourNames() []string { return slices.Sorted(maps.Keys(ours)) }

// foreignMethods begin requests that are not plain HTTP.
var foreignMethods = set("GRAPHQL GRPC WEBSOCKET WS WSS SSE EVENTSOURCE MQTT AMQP RABBIT RSOCKET STOMP SOCKETIO")

// foreignLine is a kind of line, or block of lines, that other tools act on.
type foreignLine struct {
	lead   string             // how it begins
	begins *lazyregexp.Regexp // of the line without the white space around it
	ends   string             // what the last line of the block holds; "": it is one line
	says   string
	tail   bool // it ends a body
}

// foreignLines are told apart in this order.
var foreignLines = []foreignLine{
	{">", lazyregexp.New(`^>\s*\{%`), "%}", "a script for the answer", true},
	{">", lazyregexp.New(`^>\s+\S+\.(?:m?[jt]s|lua|http|py)$`), "", "a script for the answer", true},
	{">", lazyregexp.New(`^>>!?\s+\S`), "", "a file that the answer is written to", true},
	{"<", lazyregexp.New(`^<>\s+\S`), "", "an answer of before", true},
	{"?", lazyregexp.New(`^\?\?\s`), "", "an assertion (??)", true},
	{"{{", lazyregexp.New(`^\{\{[@+^]?[A-Za-z]*$`), "}}", "a script", true},
	{"<", lazyregexp.New(`^<\s*\{%`), "%}", "a script before the request", false},
	{"<", lazyregexp.New(`^<\s+\S+\.(?:m?[jt]s|lua|py)$`), "", "a script before the request", false},
	{"import", lazyregexp.New(`^import\s+\S`), "", "an import", false},
	{"run", lazyregexp.New(`^run\s+\S`), "", "a run of other requests", false},
}

// is reports whether a line is of the kind.
func (k foreignLine) is(line string) bool {
	return strings.HasPrefix(line, k.lead) && k.begins.MatchString(line)
}

// isTail reports whether a line is for the answer, and so ends the body. Only
// white space at its end may stand around it.
func isTail(line string) bool {
	if line == "" || !strings.ContainsRune("><?{", rune(line[0])) {
		return false
	}
	line = strings.TrimRight(line, " \t\r")
	for _, k := range foreignLines {
		if k.tail && k.is(line) {
			return true
		}
	}
	return false
}

// foreign takes a line, or a block of lines, that is another tool's, and notes it.
// It reports whether there was one.
func (p *parser) foreign(trimmed string) bool {
	if trimmed == "" {
		return false
	}
	for _, k := range foreignLines {
		if !k.is(trimmed) {
			continue
		}
		p.note(p.line, "%s", k.says)
		p.next()
		if k.ends == "" || strings.Contains(trimmed[1:], k.ends) {
			return true
		}
		for {
			text, ok := p.peek()
			if !ok {
				return true
			}
			p.next()
			if strings.Contains(text, k.ends) {
				return true
			}
		}
	}
	return false
}
