package evidence

import (
	"bytes"
	"slices"
	"strings"

	"countersign/apiclient"
	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/signing"
	"countersign/apiclient/wire"
)

// Escaped is a message in a string of a log or a program.
const Escaped Kind = "escaped message"

// escapedStart is the first line of a message with the escapes of its line end.
var escapedStart = lazyregexp.New(`(?:[A-Z]{3,7} [^\s"'\\]+ HTTP/[\d.]+|HTTP/[\d.]+ \d{3}[^"'\\\n]{0,60})(\\+)r?\\*n`)

func isEscaped(text []byte) bool { return escapedStart.Match(text) }

// isEscapedLog knows one in a log.
func isEscapedLog(text []byte) bool { return logClock.Match(text) && isEscaped(text) }

// readEscaped reads messages that stand in quotes with their line ends escaped.
func (r Reader) readEscaped(text []byte) (Evidence, error) {
	var parts []part
	for len(parts) <= 2*maxExchanges {
		at := escapedStart.FindSubmatchIndex(text)
		if at == nil {
			break
		}
		raw, rest := unescapedText(text, at[0], at[3]-at[2])
		parts = append(parts, splitMessages(raw)...)
		text = rest
	}
	return r.pairs(Escaped, parts)
}

// unescapedText returns what stands in quotes from start on, whose escapes have so
// many backslashes, and what follows it. Without a quote it goes to the end of
// the line.
func unescapedText(text []byte, start, backslashes int) (raw, rest []byte) {
	rest = text[start:]
	line := bytes.TrimRight(firstLine(rest), "\r\n")
	end := len(line)
	if quote := quoteAround(text, start, backslashes); quote != 0 {
		if n := closing(line, quote, backslashes); n >= 0 {
			end = n
		}
	}
	raw = line[:end]
	if end == len(line) {
		if head, body, ok := cutEscapedHead(raw); ok && !bytes.HasPrefix(body, []byte(`{\"`)) {
			return append(cEscapes(string(head)), body...), rest[end:] // only the line ends are escaped
		}
	}
	for level := backslashes; level > 0; level /= 2 {
		raw = cEscapes(string(raw))
	}
	return raw, rest[end:]
}

// quoteAround is the quote that a place stands in: the one right before it, or the
// double quote that is open in its line, as in "message": "sent POST …".
func quoteAround(text []byte, start, backslashes int) byte {
	if start == 0 {
		return 0
	}
	if strings.IndexByte("\"'`", text[start-1]) >= 0 {
		return text[start-1]
	}
	line := text[bytes.LastIndexByte(text[:start], '\n')+1 : start]
	open := false
	for {
		n := closing(line, '"', backslashes)
		if n < 0 {
			break
		}
		open, line = !open, line[n+backslashes:]
	}
	if open {
		return '"'
	}
	return 0
}

// cutEscapedHead cuts behind the blank line of a head with escaped line ends.
func cutEscapedHead(raw []byte) (head, body []byte, ok bool) {
	for _, blank := range []string{`\r\n\r\n`, `\n\n`} {
		if at := bytes.Index(raw, []byte(blank)); at >= 0 {
			return raw[:at+len(blank)], raw[at+len(blank):], true
		}
	}
	return nil, nil, false
}

// closing is the place where a string ends whose line ends are escaped with so
// many backslashes: at a quote with one less before it, those that are escaped
// themselves not counted; -1 where there is none.
func closing(s []byte, quote byte, backslashes int) int {
	run := 0
	for i, c := range s {
		switch {
		case c == '\\':
			run++
			continue
		case c == quote && run%(2*backslashes) == backslashes-1:
			return i - (backslashes - 1)
		}
		run = 0
	}
	return -1
}

// SignedString is a log with the string that was signed and its signature.
const SignedString Kind = "log of a signed string"

var (
	signedStart = lazyregexp.New(`(GET|POST|PUT|PATCH|DELETE) (/[^\s"'\\]*|https?://[^\s"'\\]+)(\r?\n|\\+r?\\*n)` +
		`([^\s."'\\]{1,64})\.([0-9][0-9T:+\-Z]{8,40}?(?:\.\d{1,9}(?:Z|[+-]\d\d:?\d\d))?)\.`)
	signatureHeader = lazyregexp.New(`(?i)algorithm ?= ?\w+, ?(?:keyVersion ?= ?\w+, ?)?signature ?= ?[A-Za-z0-9+/%_=-]+`)
	signatureNear   = lazyregexp.New(`(?i)(?:signature|signed[ _]?value|\bsign\b|\bsig\b)[^A-Za-z0-9+/%]{1,12}([A-Za-z0-9+/%_=-]{86,})`)
)

func isSignedString(text []byte) bool {
	return signedStart.Match(text) && (signatureHeader.Match(text) || signatureNear.Match(text))
}

// readSignedString makes requests of signed strings and the signatures that
// stand nearest to them, behind them if possible.
func (r Reader) readSignedString(text []byte) (Evidence, error) {
	var parts []part
	starts := signedStart.FindAllSubmatchIndex(text, maxExchanges+1)
	for i, at := range starts {
		from, to := 0, len(text)
		if i > 0 {
			from = starts[i-1][1]
		}
		if i+1 < len(starts) {
			to = starts[i+1][0]
		}
		content := signedContent(text[:to], at)
		m := signedStart.FindSubmatchIndex(content)
		if m == nil {
			continue
		}
		group := func(n int) string { return string(content[m[2*n]:m[2*n+1]]) }
		message := wire.Message{Line: group(1) + " " + group(2) + " HTTP/1.1", Header: []wire.Field{
			{Name: r.Names.Of(apiclient.HeaderClientID), Value: group(4)},
			{Name: r.Names.Of(apiclient.HeaderRequestTime), Value: group(5)},
		}, Body: content[m[1]:]}
		if s := signatureBy(text[at[1]:to], text[from:at[0]]); s != "" {
			message.Header = append(message.Header, wire.Field{Name: r.Names.Of(signing.HeaderName), Value: s})
		}
		parts = append(parts, part{message: message})
	}
	return r.pairs(SignedString, parts, "read from a signed string in a log: its client and time are taken for those that "+
		"were sent, and the other headers are not in it")
}

// signedContent is the signed string that begins at a match of signedStart.
func signedContent(text []byte, at []int) []byte {
	start := at[0]
	quoted := start > 0 && strings.IndexByte("\"'`", text[start-1]) >= 0
	breaks := text[at[6]:at[7]]
	backslashes := len(breaks) - len(bytes.TrimLeft(breaks, "\\"))
	if backslashes > 0 && quoted {
		content, _ := unescapedText(text, start, backslashes)
		return content
	}
	head, body := text[start:at[1]], text[at[1]:]
	if n := jsonEnd(body); n > 0 {
		body = body[:n]
	} else if body = bytes.TrimRight(firstLine(body), "\r\n"); quoted {
		body, _, _ = bytes.Cut(body, text[start-1:start])
	}
	for level := backslashes; level > 0; level /= 2 {
		head = cEscapes(string(head))
	}
	return slices.Concat(head, body)
}

// jsonEnd is the length of the JSON object or list that s begins with; 0 where
// it begins with none, or it has no end.
func jsonEnd(s []byte) int {
	if len(s) == 0 || s[0] != '{' && s[0] != '[' {
		return 0
	}
	return closes(s, "{[", "}]", `"`) + 1
}

// signatureBy is the first signature behind a string, else the last before it.
func signatureBy(after, before []byte) string {
	find := func(text []byte, last bool) string {
		for _, form := range []*lazyregexp.Regexp{signatureHeader, signatureNear} {
			all := form.FindAllSubmatch(text, -1)
			if len(all) == 0 {
				continue
			}
			found := all[0]
			if last {
				found = all[len(all)-1]
			}
			if len(found) == 1 {
				return string(found[0])
			}
			return "algorithm=RSA256, signature=" + string(found[1])
		}
		return ""
	}
	if s := find(after, false); s != "" {
		return s
	}
	return find(before, true)
}
