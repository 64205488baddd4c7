package evidence

import (
	"bytes"

	"countersign/apiclient/lazyregexp"
)

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
