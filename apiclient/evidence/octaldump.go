package evidence

import (
	"bytes"
	"encoding/hex"
	"strconv"
	"strings"

	"countersign/apiclient/lazyregexp"
)

var (
	octalLine = lazyregexp.New(`^([0-9a-fA-F]{5,8})(?:[ \t](.*))?$`)
	hexFields = lazyregexp.New(`^(?:\s*[0-9a-f]{2})+\s*$`)
)

// cellReader reads the cells of a row of od or hexdump; ok is false where they are
// of another kind.
type cellReader func(row string) (data []byte, ok bool)

// cellReaders are the kinds of rows: -c, -tx1, -tx2, and od without options.
var cellReaders = []cellReader{
	charCells,
	func(row string) ([]byte, bool) { return numberCells(row, 2, 16) },
	func(row string) ([]byte, bool) { return numberCells(row, 4, 16) },
	func(row string) ([]byte, bool) { return numberCells(row, 6, 8) },
}

// octalDump returns the bytes that od and hexdump print with offsets, or od -An
// without them. Rows without an offset show the one before in another form.
func octalDump(text []byte) []byte {
	for _, read := range cellReaders {
		if data := dumpedBy(read, text); isMessage(data) {
			return data
		}
	}
	if hexFields.Match(bytes.TrimRight(firstLine(text), "\r\n")) { // od -An -tx1, xxd -p with blanks
		data, err := hex.DecodeString(strings.Join(strings.Fields(string(text)), ""))
		if err == nil && isMessage(data) {
			return data
		}
	}
	return nil
}

// dumpedBy returns the bytes of a dump whose rows are of one kind.
func dumpedBy(read cellReader, text []byte) []byte {
	var out, last []byte
	base, repeat := offsetBase(text), false
	for raw := range bytes.Lines(text) {
		line := string(bytes.TrimRight(raw, "\r\n"))
		m := octalLine.FindStringSubmatch(line)
		if m == nil {
			repeat = repeat || line == "*"
			continue
		}
		at, err := strconv.ParseUint(m[1], base, 31)
		if err != nil {
			return nil
		}
		offset := int(at) //nolint:gosec // 31 bits fit
		if repeat && len(last) > 0 && offset > len(out) {
			if offset-len(out) > maxRepeated {
				return nil
			}
			out = append(out, bytes.Repeat(last, (offset-len(out)+len(last)-1)/len(last))...)
		}
		repeat = false
		if m[2] == "" { // the offset of the end
			return out[:min(len(out), offset)]
		}
		row, ok := read(m[2])
		if !ok || offset != len(out) {
			return nil
		}
		out, last = append(out, row...), row
	}
	return out
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

// charEscapes are the names that od -c has for bytes.
var charEscapes = map[string]byte{`\0`: 0, `\a`: 7, `\b`: 8, `\t`: 9, `\n`: 10, `\v`: 11, `\f`: 12, `\r`: 13}

// charCells reads cells of four columns: a character at the end of each, an
// escape, or three octal digits.
func charCells(row string) ([]byte, bool) {
	// The blank before the first cell may have been the one behind the offset.
	if len(row)%4 == 3 {
		row = " " + row
	}
	var out []byte
	for i := 0; i < len(row); i += 4 {
		cell := row[i:min(i+4, len(row))]
		text := strings.TrimLeft(cell, " ")
		n, err := strconv.ParseUint(text, 8, 8)
		escape, isEscape := charEscapes[text]
		switch {
		case len(cell) < 4 || len(out) == 16:
			return out, strings.TrimSpace(row[i:]) == ""
		case len(text) == 3 && err == nil:
			out = append(out, byte(n))
		case isEscape:
			out = append(out, escape)
		case text == "":
			out = append(out, ' ')
		case len(text) == 1:
			out = append(out, text[0])
		default:
			return nil, false
		}
	}
	return out, true
}

// numberCells reads numbers of a width, in a base, with their low byte first.
func numberCells(row string, width, base int) ([]byte, bool) {
	var out []byte
	for _, cell := range strings.Fields(row) {
		n, err := strconv.ParseUint(cell, base, 16)
		if len(cell) != width || err != nil {
			return nil, false
		}
		if out = append(out, byte(n)); width > 2 { //nolint:gosec // the low byte is meant
			out = append(out, byte(n>>8)) //nolint:gosec // as above
		}
	}
	return out, true
}

// isOctalDump knows what od and hexdump print of a message.
func isOctalDump(text []byte) bool {
	first := bytes.TrimRight(firstLine(text), "\r\n")
	return (octalLine.Match(first) || hexFields.Match(first)) && octalDump(text) != nil
}

func (r Reader) readOctalDump(text []byte) (Evidence, error) {
	return r.pairs(HexDump, splitMessages(octalDump(text)))
}
