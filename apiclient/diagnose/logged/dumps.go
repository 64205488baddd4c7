package logged

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// cell is one notation of the bytes in a dump. bytes reads what stands between
// two blanks; a row is given back in the order of memory.
type cell struct {
	how   string
	bytes func(word string) ([]byte, bool)
}

// cells are all that are known: of hexdump, xxd, od, and of arrays in source
// code.
var cells = []cell{
	{"a dump in hexadecimal", hexCell},
	{"a dump in hexadecimal words, low byte first", func(w string) ([]byte, bool) { return wordCell(w, 4, 16) }},
	{"a dump in octal", func(w string) ([]byte, bool) { return byteCell(w, 3, 8) }},
	{"a dump in octal words, low byte first", func(w string) ([]byte, bool) { return wordCell(w, 6, 8) }},
	{"a list of numbers", numberCell},
}

var unpunctuated = strings.NewReplacer("0x", "", "0X", "", `\x`, "", ",", "", ":", "", "-", "", ";", "")

func hexCell(w string) ([]byte, bool) {
	w = unpunctuated.Replace(w)
	out := make([]byte, 0, len(w)/2)
	for i := 0; i+1 < len(w); i += 2 {
		high, low := unhex(w[i]), unhex(w[i+1])
		if high < 0 || low < 0 {
			return nil, false
		}
		out = append(out, byte(high<<4|low)) //nolint:gosec // below 256
	}
	return out, len(w)%2 == 0 && len(w) > 0
}

func byteCell(w string, digits, base int) ([]byte, bool) {
	n, err := strconv.ParseUint(w, base, 8)
	return []byte{byte(n)}, err == nil && len(w) == digits
}

func wordCell(w string, digits, base int) ([]byte, bool) {
	n, err := strconv.ParseUint(w, base, 16)
	return []byte{byte(n), byte(n >> 8)}, err == nil && len(w) == digits //nolint:gosec // both halves of 16 bits
}

// numberCell reads a byte in decimal, also as Java has it, below 0.
func numberCell(w string) ([]byte, bool) {
	n, err := strconv.ParseInt(strings.Trim(w, ",;[](){}"), 10, 16)
	return []byte{byte(n)}, err == nil && n >= -128 && n < 256 //nolint:gosec // a byte, with a sign or without
}

// Bounds of a dump.
const (
	shortestDump = 12  // bytes: fewer are an id or a digest's beginning
	longestRow   = 500 // characters of a row that has text beside its bytes
)

// dumps are the bytes of lines in which a tool printed them, with what stands
// beside them in such lines.
func dumps(text []byte, made func([]byte, string)) {
	for _, c := range cells {
		collect(text, c.row, func(b []byte) { made(b, c.how) })
	}
	collect(text, charRow, func(b []byte) { made(b, "a dump of characters, as od -c prints it") })
}

// dump is what was read of one that goes on.
type dump struct {
	bytes   []byte
	rows    int
	offsets bool // each row begins with its place
}

// collect reads rows that follow each other. row returns the bytes of one, or
// false where it is none.
func collect(text []byte, row func(line string, d *dump) ([]byte, bool), made func([]byte)) {
	var d dump
	flush := func() {
		if b := bytes.TrimSuffix(d.bytes, []byte{0}); len(b) >= shortestDump && mostlyText(b) {
			made(b)
		}
		d = dump{}
	}
	for line := range bytes.Lines(text) {
		b, ok := row(strings.TrimRight(string(line), " \t\r\n"), &d)
		if !ok {
			flush()
			continue
		}
		d.bytes = append(d.bytes, b...)
		d.rows++
	}
	flush()
}

// mostlyText reports whether bytes look like a text, in whatever charset.
func mostlyText(b []byte) bool {
	n := 0
	for _, c := range b {
		if c >= ' ' && c != 0x7f || c == '\n' || c == '\r' || c == '\t' {
			n++
		}
	}
	return n*8 >= len(b)*7
}

// leastLabelled is how many bytes there must be behind a label for a row.
const leastLabelled = 8

// row reads one line of a dump. Words may stand in front of the first one.
func (c cell) row(line string, d *dump) ([]byte, bool) {
	words, ends := wordsOf(line)
	for k := 0; k < len(words); {
		b, read, ok := c.cells(line, words[k:], ends[k:], d)
		if ok && (k == 0 || len(b) >= leastLabelled) {
			return b, true
		}
		if d.rows > 0 {
			return nil, false
		}
		k += read + 1
	}
	return nil, false
}

// cells reads the words of a row: an offset or none, cells, and their text or
// none. An offset alone ends a dump. read is how many words there are in front of
// the first that is none of these.
func (c cell) cells(line string, words []string, ends []int, d *dump) (out []byte, read int, ok bool) {
	if d.rows == 0 {
		d.offsets = len(words) > 1 && offset(words[0])
	}
	if d.offsets {
		words, ends, read = words[1:], ends[1:], 1
	}
	var sizes []int
	for _, w := range words {
		b, ok := c.bytes(w)
		if !ok {
			break
		}
		out = append(out, b...)
		sizes = append(sizes, len(out))
	}
	// The text may itself look like cells: the longest row that its own text
	// stands beside is it.
	if len(line) <= longestRow {
		for k := min(len(sizes), len(words)-1); k > 0; k-- {
			if besides(line[ends[k-1]:], out[:sizes[k-1]]) {
				return out[:sizes[k-1]], read, true
			}
		}
	}
	return out, read + len(sizes), len(sizes) == len(words)
}

// wordsOf parts a line at its blanks, with the place where each word ends.
func wordsOf(line string) (words []string, ends []int) {
	at := 0
	for w := range strings.FieldsSeq(line) {
		at += strings.Index(line[at:], w) + len(w)
		words, ends = append(words, w), append(ends, at)
	}
	return words, ends
}

// offset reports whether the first word of a dump says where it begins: it ends
// in a colon, or is a number of four digits or more with zeros in front.
func offset(w string) bool {
	digits, colon := strings.CutSuffix(w, ":")
	digits = strings.TrimPrefix(digits, "0x")
	if len(digits) < 4 || strings.Trim(digits, "0123456789abcdefABCDEF") != "" {
		return false
	}
	return colon || strings.HasPrefix(digits, "00")
}

// besides reports whether a text is that of bytes, with any sign for those that
// cannot be printed, and a frame around it or none.
func besides(text string, b []byte) bool {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) == len(b)+2 &&
		slices.Contains([]string{"||", "><", "[]", "**"}, text[:1]+text[len(text)-1:]) {
		text = strings.TrimSpace(text[1 : len(text)-1])
	}
	b = bytes.Trim(b, " ")
	if len(b) == 0 || utf8.RuneCountInString(text) != len(b) {
		return false
	}
	shown := []rune(text)
	for i, r := range shown {
		if b[i] > ' ' && b[i] <= '~' && r != rune(b[i]) {
			return false
		}
	}
	return true
}

// charWidth is how many columns od -c and hexdump -c have for a byte, and
// charsInRow how many bytes they print in one row.
const charWidth, charsInRow = 4, 16

// charRow reads a row of od -c: an offset or none, then four columns for each
// byte. Blanks at the end of a row get lost; the next row shows that.
func charRow(line string, d *dump) ([]byte, bool) {
	word, _, _ := strings.Cut(line, " ")
	if d.rows == 0 {
		d.offsets = offset(word)
	}
	if d.offsets {
		line = line[len(word):]
	}
	if line == "" {
		return nil, d.offsets && word != ""
	}
	out := bytes.Repeat([]byte(" "), (charsInRow-len(d.bytes)%charsInRow)%charsInRow)
	lost := len(out)
	for ; len(line) >= charWidth; line = line[charWidth:] {
		if line[0] != ' ' {
			return nil, false
		}
		switch s := strings.TrimLeft(line[:charWidth], " "); {
		case s == "":
			out = append(out, ' ')
		case len(s) == 1:
			out = append(out, s[0])
		case s[0] == '\\' && len(s) == 2:
			out = append(out, unescapeBytes([]byte(s))...)
		default:
			b, ok := byteCell(s, 3, 8)
			if !ok {
				return nil, false
			}
			out = append(out, b...)
		}
	}
	return out, line == "" && len(out)-lost <= charsInRow
}
