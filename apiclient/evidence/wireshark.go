package evidence

import (
	"bytes"
	"strings"

	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/wire"
)

// What Wireshark writes besides text and hex: a followed stream in YAML, and the
// tree of a packet's details.
var (
	yamlPackets = lazyregexp.New(`(?m)^packets:[ \t\r]*$`)
	yamlPeer    = lazyregexp.New(`^\s*peer:\s*(\d+)`)
	yamlData    = lazyregexp.New(`^\s*data:\s*!!binary\s*\|`)
	yamlBase64  = lazyregexp.New(`^\s+([A-Za-z0-9+/]+=*)\s*$`)
	detailStart = lazyregexp.New(`(?m)^[ \t]+(?:[A-Z]{3,7} \S+ HTTP/[\d.]+|HTTP/[\d.]+ \d{3}[^\n]{0,60})\\r\\n[ \t\r]*$`)
)

func isStreamYAML(text []byte) bool {
	return yamlPackets.Match(text) && bytes.Contains(text, []byte("!!binary |"))
}

func (r Reader) readStreamYAML(text []byte) (Evidence, error) {
	var all sides
	var encoded strings.Builder
	peer, inData := "", false
	flush := func() {
		if data, ok := anyBase64(encoded.String()); ok {
			all.add(peer, data)
		}
		encoded.Reset()
	}
	for line := range strings.Lines(string(text)) {
		if m := yamlBase64.FindStringSubmatch(line); inData && m != nil {
			encoded.WriteString(m[1])
			continue
		}
		flush()
		if inData = yamlData.MatchString(line); inData {
			continue
		}
		if m := yamlPeer.FindStringSubmatch(line); m != nil {
			peer = m[1]
		}
	}
	flush()
	return r.pairs(Stream, all.parts())
}

func isPacketDetails(text []byte) bool { return detailStart.Match(text) }

// readPacketDetails reads the heads that the details of packets have line by line,
// each with \r\n written out. They have no bodies.
func (r Reader) readPacketDetails(text []byte) (Evidence, error) {
	var head bytes.Buffer
	var parts []part
	flush := func() {
		if m, err := wire.ParseMessage(append(head.Bytes(), "\r\n"...)); err == nil {
			parts = append(parts, part{message: m, bodyless: true, notes: []string{"the details of a packet do not have the " +
				"body as it is: follow the HTTP stream in Wireshark, and save that"}})
		}
		head.Reset()
	}
	for line := range bytes.Lines(text) {
		bare, ok := bytes.CutSuffix(bytes.TrimSpace(line), []byte(`\r\n`))
		switch {
		case detailStart.Match(bytes.TrimRight(line, "\r\n")):
			head.Reset()
			head.WriteString(string(bare) + "\r\n")
		case head.Len() > 0 && ok && len(bare) == 0:
			flush()
		case head.Len() > 0 && ok:
			head.WriteString(string(bare) + "\r\n")
		}
	}
	return r.pairs(Stream, parts)
}
