package evidence

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"countersign/apiclient/lazyregexp"
)

// Wireshark's command line prints a stream with the length of each piece before
// it, those of the other side behind a tab.
var (
	followHead   = lazyregexp.New(`(?m)^Follow: (?:tcp|tls|http),(?:ascii|utf-?8)\s*$`)
	followLength = lazyregexp.New(`^(\t?)(\d{1,9})\r?$`)
)

func isFollowed(text []byte) bool { return followHead.Match(text[:min(len(text), 4096)]) }

func (r Reader) readFollowed(text []byte) (Evidence, error) {
	var all sides
	for len(text) > 0 {
		line := firstLine(text)
		text = text[len(line):]
		m := followLength.FindStringSubmatch(strings.TrimRight(string(line), "\n"))
		if m == nil {
			continue
		}
		n, _ := strconv.Atoi(m[2])
		n = min(n, len(text))
		all.add(m[1], text[:n])
		text = text[n:]
	}
	parts := all.parts()
	dotted(parts, "follow the stream with -z follow,tcp,raw or hex")
	return r.pairs(Stream, parts)
}

// dotted takes away bodies in which dots may stand for bytes that are not plain
// ASCII. fix says how to print them.
func dotted(parts []part, fix string) {
	for i := range parts {
		p := &parts[i]
		if m := &p.message; bytes.Contains(m.Body, []byte("..")) || len(m.Body) > 0 && !json.Valid(m.Body) {
			m.Body, p.bodyless = nil, true
			p.notes = append(p.notes, "a dot stands for each byte that is not plain ASCII, so the body cannot be told: "+fix)
		}
	}
}
