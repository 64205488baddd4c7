package evidence

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"countersign/apiclient/lazyregexp"
	"countersign/apiclient/wire"
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

var (
	// packetLine is what tcpdump and ngrep print before the text of a packet.
	packetLine = lazyregexp.New(`(?m)^(?:(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\.\d+ (?:\S+ +(?:In|Out) +)?IP6? \S+ > \S+: .*` +
		`|T (?:[\d/]+ [\d:.]+ )?\S+:\d+ -> \S+:\d+ \[\w+\].*)$`)
	// packetStart is where a message begins, perhaps behind the characters of the
	// headers of IP and TCP; a dot stands for a carriage return.
	packetStart = lazyregexp.New(`(?m)([A-Z]{3,7} (?:/|https?://)\S* HTTP/\d\.\d|HTTP/\d\.\d [1-5]\d\d[^\r\n.]*)\.?\r?$`)
	packetEnd   = lazyregexp.New(`(?m)\s*(?:^#+\s*)?\z`)
)

// packets returns the messages in the packets of a text, as text.
func packets(text []byte) []part {
	var parts []part
	heads := packetLine.FindAllSubmatchIndex(text, 4*maxExchanges)
	for i, head := range heads {
		end := len(text)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		packet := text[head[1]:end]
		at := packetStart.FindIndex(packet)
		if at == nil {
			continue
		}
		packet = packet[at[0]:]
		packet = packet[:packetEnd.FindIndex(packet)[0]]
		parts = append(parts, splitMessages(undotted(packet))...)
	}
	return parts
}

// undotted takes the dot for a carriage return from the end of each line of a
// head.
func undotted(packet []byte) []byte {
	if line := bytes.TrimRight(firstLine(packet), "\r\n"); !bytes.HasSuffix(line, []byte{'.'}) {
		return packet
	}
	var out []byte
	for len(packet) > 0 {
		line := firstLine(packet)
		packet = packet[len(line):]
		bare := bytes.TrimSuffix(bytes.TrimRight(line, "\r\n"), []byte{'.'})
		out = append(append(out, bare...), '\n')
		if len(bare) == 0 {
			break
		}
	}
	return append(out, packet...)
}

func isPackets(text []byte) bool {
	at := packetLine.FindIndex(text)
	return at != nil && packetStart.Match(text[at[1]:]) && len(packets(text)) > 0
}

// readPackets reads what tcpdump -A and ngrep print.
func (r Reader) readPackets(text []byte) (Evidence, error) {
	parts := packets(text)
	dotted(parts, "print them with tcpdump -X, or follow the stream in Wireshark")
	return r.pairs(Stream, parts)
}
