package evidence

import (
	"bytes"
	"strings"

	"countersign/apiclient/diagnose/logged"
	"countersign/apiclient/lazyregexp"
)

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
