package evidence

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"countersign/apiclient/diagnose/logged"
	"countersign/apiclient/hint"
	"countersign/apiclient/lazyregexp"
)

// HexDump is bytes as curl --trace, Wireshark, tcpdump -X, xxd and Netty print them.
const HexDump Kind = "hex dump"

var (
	dumpLine = lazyregexp.New(`^([ \t]*)\|?(?:0x)?([0-9a-fA-F]{4,8})[:|]? (.*)$`)
	// dumpOffset finds where a row of a dump begins, or where a dump ends.
	dumpOffset = lazyregexp.New(`^[ \t]*\|?(?:0x)?([0-9a-fA-F]{4,8})(?:[:|]? |$)`)
	traceMark  = lazyregexp.New(`(=>|<=) (?:Send|Recv) (header|data|SSL data),? (\d+) bytes`)
	rawHex     = lazyregexp.New(`^(\t?)((?:[0-9a-f]{2}){4,})$`)
)

// dumpSection is the lines of what was sent at once.
type dumpSection struct {
	side string // the direction, as the dump marks it
	size int    // as curl says it; -1 where the dump does not
	rows []dumpRow
	data []byte // of a line without offsets
}

type dumpRow struct {
	at    string // its offset, as it is printed
	text  string
	times int // how often it stands there, with the * behind it
}

// offset reads where the row begins; 0 where that is no number of the base.
func (r dumpRow) offset(base int) int {
	n, _ := strconv.ParseUint(r.at, base, 31)
	return int(n) //nolint:gosec // 31 bits fit
}

// bytesInRow is how many bytes hexdump and xxd print in a row.
const bytesInRow = 16

// isHexDump knows a mark of curl's trace, and bytes that begin a message.
func isHexDump(text []byte) bool {
	if bytes.Contains(text, []byte(" bytes")) && traceMark.Match(text) {
		return true
	}
	all, _ := dumpedSides(text)
	return slices.ContainsFunc(all.said, isMessage)
}

func (r Reader) readHexDump(text []byte) (Evidence, error) {
	all, ascii := dumpedSides(text)
	parts := all.parts()
	if len(parts) == 0 {
		return Evidence{}, &hint.Error{Says: "this is a hex dump without a message in it",
			Fix: "follow the TCP stream in Wireshark and save it as raw; TLS has to be decrypted first"}
	}
	if ascii {
		dotted(parts, "use curl --trace in place of --trace-ascii")
	}
	return r.pairs(HexDump, parts)
}

// dumpedSides returns what the sides sent, and whether some of it was printed as
// characters alone.
func dumpedSides(text []byte) (all sides, ascii bool) {
	for _, s := range dumpSections(text) {
		data, side := s.data, s.side
		switch {
		case data != nil:
		case s.size >= 0:
			var chars bool
			data, chars = s.traced()
			ascii = ascii || chars
		default:
			for _, row := range s.rows {
				data = append(data, bytes.Repeat(hexBytes(row.text), row.times)...)
			}
			if payload, from, ok := tcpPayload(data); ok {
				data, side = payload, from
			}
		}
		all.add(side, data)
	}
	return all, ascii
}

// dumpSections takes the lines of a dump apart.
func dumpSections(text []byte) []*dumpSection {
	var list []*dumpSection
	var current *dumpSection
	base, repeat := offsetBase(text), false
	for raw := range bytes.Lines(text) {
		line := string(bytes.TrimRight(raw, "\r\n"))
		if m := traceMark.FindStringSubmatch(line); m != nil {
			size, _ := strconv.Atoi(m[3])
			current = &dumpSection{side: m[1], size: size}
			if m[2] != "SSL data" {
				list = append(list, current)
			}
			continue
		}
		if m := rawHex.FindStringSubmatch(line); m != nil && (current == nil || current.size < 0) {
			data, _ := hex.DecodeString(m[2])
			list, current = append(list, &dumpSection{side: "raw" + m[1], size: -1, data: data}), nil
			continue
		}
		if line == "*" {
			repeat = true
			continue
		}
		m := dumpLine.FindStringSubmatch(line)
		if repeat && !current.repeatTo(line, base) {
			return nil
		}
		repeat = false
		if m == nil {
			if current != nil && current.size >= 0 {
				current = nil // curl's next remark
			}
			continue
		}
		row := dumpRow{m[2], m[3], 1}
		if current == nil || current.size < 0 && (row.offset(16) == 0 || current.side != m[1]) {
			current = &dumpSection{side: m[1], size: -1}
			list = append(list, current)
		}
		current.rows = append(current.rows, row)
	}
	return list
}

// repeatTo repeats the last row up to the offset that a line begins with, and reports
// whether that is within bounds.
func (s *dumpSection) repeatTo(line string, base int) bool {
	m := dumpOffset.FindStringSubmatch(line)
	if m == nil || s == nil || len(s.rows) == 0 {
		return true
	}
	last := &s.rows[len(s.rows)-1]
	size := dumpRow{at: m[1]}.offset(base) - last.offset(base)
	last.times = max(1, (size+bytesInRow-1)/bytesInRow)
	return size <= maxRepeated
}

// traced is what a section of curl's trace has: bytes, or characters with dots,
// where lines end with the line ends that were sent.
func (s *dumpSection) traced() (data []byte, chars bool) {
	for _, row := range s.rows {
		data = append(data, hexBytes(row.text)...)
	}
	if len(data) == s.size && len(s.rows) == (s.size+15)/16 {
		return data, false
	}
	data = nil
	for i, row := range s.rows {
		next := s.size
		if i+1 < len(s.rows) {
			next = s.rows[i+1].offset(16)
		}
		room := max(0, next-row.offset(16))
		data = append(data, row.text[:min(len(row.text), room)]...)
		if room-len(row.text) == 2 {
			data = append(data, "\r\n"...)
		}
	}
	return data, true
}

// hexBytes reads the bytes of a line of a dump, before its column of characters:
// one or two bytes a group, a space between groups, two in the middle.
func hexBytes(s string) []byte {
	var out []byte
	for i := 0; i < len(s) && len(out) < 16; {
		spaces := 0
		for i < len(s) && s[i] == ' ' {
			i, spaces = i+1, spaces+1
		}
		if len(out) > 0 && spaces > 1 && (spaces > 2 || len(out) != 8) {
			break
		}
		start := i
		for i+1 < len(s) && i < start+4 && isHexDigit(s[i]) && isHexDigit(s[i+1]) {
			i += 2
		}
		if i == start || i < len(s) && s[i] != ' ' {
			break
		}
		b, _ := hex.DecodeString(s[start:i])
		out = append(out, b...)
	}
	return out
}

func isHexDigit(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }

// tcpPayload is what a TCP packet over IPv4 carries, with its ports as the
// direction. What is no packet begins with no such header.
func tcpPayload(packet []byte) (data []byte, side string, ok bool) {
	const ethernet, tcp = 14, 6
	if len(packet) > ethernet+40 && packet[12] == 8 && packet[13] == 0 && packet[ethernet] == 0x45 {
		packet = packet[ethernet:]
	}
	if len(packet) < 40 || packet[0]>>4 != 4 || packet[9] != tcp {
		return nil, "", false
	}
	head, total := int(packet[0]&15)*4, int(packet[2])<<8|int(packet[3])
	if head < 20 || len(packet) < head+20 || total > len(packet) {
		return nil, "", false
	}
	segment := packet[head:max(head, total)]
	if len(segment) < 20 {
		return nil, "", false
	}
	start := int(segment[12]>>4) * 4
	return segment[min(start, len(segment)):], hex.EncodeToString(segment[:4]), true
}

var (
	octalLine = lazyregexp.New(`^([0-9a-fA-F]{5,8})(?:[ \t](.*))?$`)
	hexFields = lazyregexp.New(`^(?:\s*[0-9a-f]{2})+\s*$`)
)

// octalDump returns the messages that od and hexdump print with offsets, or od -An
// and xxd -p without them.
func octalDump(text []byte) (parts []part) {
	first := bytes.TrimRight(firstLine(text), "\r\n")
	if !octalLine.Match(first) && !hexFields.Match(first) {
		return nil
	}
	logged.Dumps(text, func(b []byte, _ string) {
		if parts == nil && isMessage(b) {
			parts = splitMessages(b)
		}
	})
	return parts
}

// offsetBase is the base of the offsets of a dump with 16 bytes a row: what the
// second row shows.
func offsetBase(text []byte) int {
	for raw := range bytes.Lines(text) {
		m := octalLine.FindSubmatch(bytes.TrimRight(raw, "\r\n"))
		if m == nil {
			continue
		}
		switch strings.TrimLeft(string(m[1]), "0") {
		case "10":
			return 16
		case "16":
			return 10
		case "20":
			return 8
		}
	}
	return 16
}

// maxRepeated bounds the bytes for which a dump has a *: rows like the one before it.
const maxRepeated = 16 << 20
