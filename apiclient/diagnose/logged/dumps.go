package logged

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// cell is one notation of the bytes in a dump. read appends those of a word, in the
// order of memory, and reports whether it is such a cell.
type cell struct {
	how  string
	read func(to []byte, word string) ([]byte, bool)
}

// cells are all that are known: of hexdump, xxd, od, and of arrays in source
// code.
var cells = []cell{
	{"a dump in hexadecimal", hexCell},
	{"a dump in hexadecimal words, low byte first", wordCell(4, 16)},
	{"a dump in octal", octalCell},
	{"a dump in octal words, low byte first", wordCell(6, 8)},
	{"a list of numbers", numberCell},
}

var unpunctuated = strings.NewReplacer("0x", "", "0X", "", `\x`, "", ",", "", ":", "", "-", "", ";", "")

func hexCell(to []byte, w string) ([]byte, bool) {
	if strings.ContainsAny(w, `xX\,:-;`) {
		w = unpunctuated.Replace(w)
	}
	if w == "" || len(w)%2 != 0 {
		return to, false
	}
	for i := 0; i < len(w); i += 2 {
		high, low := unhex(w[i]), unhex(w[i+1])
		if high < 0 || low < 0 {
			return to, false
		}
		to = append(to, byte(high<<4|low)) //nolint:gosec // below 256
	}
	return to, true
}

// octalCell reads a byte of three digits.
func octalCell(to []byte, w string) ([]byte, bool) {
	if len(w) != 3 {
		return to, false
	}
	n, err := strconv.ParseUint(w, 8, 8)
	return append(to, byte(n)), err == nil
}

// wordCell reads 16 bits of so many digits, low byte first.
func wordCell(digits, base int) func(to []byte, w string) ([]byte, bool) {
	return func(to []byte, w string) ([]byte, bool) {
		if len(w) != digits {
			return to, false
		}
		n, err := strconv.ParseUint(w, base, 16)
		return append(to, byte(n), byte(n>>8)), err == nil //nolint:gosec // both halves of 16 bits
	}
}

// numberCell reads a byte in decimal, also as Java has it, below 0.
func numberCell(to []byte, w string) ([]byte, bool) {
	w = strings.Trim(w, ",;[](){}")
	if w == "" || w[0] != '-' && w[0] != '+' && (w[0] < '0' || w[0] > '9') {
		return to, false
	}
	n, err := strconv.ParseInt(w, 10, 16)
	return append(to, byte(n)), err == nil && n >= -128 && n < 256 //nolint:gosec // a byte, with a sign or without
}

// Bounds of a dump.
const (
	shortestDump = 12  // bytes: fewer are an id or a digest's beginning
	longestRow   = 500 // characters of a row that has text beside its bytes
)

// dumps are those that look like a text, in whatever charset.
func dumps(text []byte, made func([]byte, string)) {
	Dumps(text, func(b []byte, how string) {
		if mostlyText(b) {
			made(b, how)
		}
	})
}

// Dumps calls made for the bytes of lines in which a tool printed them, with what
// stands beside them in such lines. Several notations may fit the same lines.
func Dumps(text []byte, made func(b []byte, how string)) {
	lines := string(text)
	var d dump
	for _, c := range cells {
		d.collect(lines, c.row, func(b []byte) { made(b, c.how) })
	}
	d.collect(lines, charRow, func(b []byte) { made(b, "a dump of characters, as od -c prints it") })
}

// dump is what was read of one that goes on.
type dump struct {
	bytes   []byte
	rows    int
	offsets bool  // each row begins with its place
	twice   bool  // each row stands there in two notations
	bases   []int // in which the places may be written

	words []word // of the row, kept from row to row for their room
	row   []byte // its bytes
	sizes []int  // how many bytes there are up to each word
}

// word is one of a row, and where it ends.
type word struct {
	text string
	end  int
}

// collect reads rows that follow each other. row returns the bytes of one, or
// false where it is none.
func (d *dump) collect(text string, row func(line string, d *dump) ([]byte, bool), made func([]byte)) {
	flush := func() {
		if b := bytes.TrimSuffix(d.bytes, []byte{0}); len(b) >= shortestDump {
			made(b)
		}
		*d = dump{words: d.words, row: d.row, sizes: d.sizes, bases: []int{16, 8, 10}}
	}
	flush()
	last, starred := 0, false // bytes of the last row; a * stands for rows like it
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \t\r\n")
		place, _, _ := strings.Cut(strings.TrimLeft(line, " \t"), " ")
		switch {
		case d.offsets && line == "*":
			starred = true
			continue
		case d.offsets && (strings.HasPrefix(line, " ") && !offset(place) || line == "" && d.twice):
			d.twice = true // the row before it in another notation
			continue
		case starred && !d.repeat(last, place):
			d.bytes = nil // it is not whole
		}
		starred = false
		b, ok := row(line, d)
		if !ok {
			flush()
			continue
		}
		if d.offsets && len(b) > 0 {
			rows := (len(d.bytes) + charsInRow - 1) / charsInRow // blanks at the end of a row get lost
			other := func(base int) bool { at := placeOf(place, base); return at != len(d.bytes) && at != rows*charsInRow }
			if fit := slices.DeleteFunc(slices.Clone(d.bases), other); len(fit) > 0 {
				d.bases = fit
			}
		}
		d.bytes, last = append(d.bytes, b...), len(b)
		d.rows++
	}
	flush()
}

// repeat repeats the last row, of so many bytes, up to a place, and reports whether
// that is within bounds.
func (d *dump) repeat(size int, place string) bool {
	missing := placeOf(place, d.bases[0]) - len(d.bytes)
	if size == 0 {
		return true // blanks that got lost
	}
	if missing < 0 || len(d.bytes)+missing > MaxText {
		return false
	}
	d.bytes = append(d.bytes, bytes.Repeat(d.bytes[len(d.bytes)-size:], missing/size+1)[:missing]...)
	return true
}

// placeOf reads where a row begins; -1 where that is no number of the base.
func placeOf(s string, base int) int {
	n, err := strconv.ParseUint(strings.TrimPrefix(strings.TrimSuffix(s, ":"), "0x"), base, 31)
	if err != nil {
		return -1
	}
	return int(n) //nolint:gosec // 31 bits fit
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
	d.part(line)
	for k := 0; k < len(d.words); {
		b, read, ok := c.cells(line, d.words[k:], d)
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
// the first that is none of these. What it returns is good until the next row.
func (c cell) cells(line string, words []word, d *dump) (row []byte, read int, ok bool) {
	if d.rows == 0 {
		d.offsets = len(words) > 1 && offset(words[0].text)
	}
	if d.offsets {
		words, read = words[1:], 1
	}
	d.row, d.sizes = d.row[:0], d.sizes[:0]
	for _, w := range words {
		if d.row, ok = c.read(d.row, w.text); !ok {
			break
		}
		d.sizes = append(d.sizes, len(d.row))
	}
	// The text may itself look like cells: the longest row that its own text
	// stands beside is it.
	if len(line) <= longestRow {
		for k := min(len(d.sizes), len(words)-1); k > 0; k-- {
			if b := d.row[:d.sizes[k-1]]; besides(line[words[k-1].end:], b) {
				return b, read, true
			}
		}
	}
	n := 0
	if len(d.sizes) > 0 {
		n = d.sizes[len(d.sizes)-1]
	}
	return d.row[:n], read + len(d.sizes), len(d.sizes) == len(words)
}

// part parts a line at its blanks.
func (d *dump) part(line string) {
	d.words = d.words[:0]
	at := 0
	for w := range strings.FieldsSeq(line) {
		at += strings.Index(line[at:], w) + len(w)
		d.words = append(d.words, word{w, at})
	}
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
	if line == "" && (!d.offsets || word == "") {
		return nil, false
	}
	lost := (charsInRow - len(d.bytes)%charsInRow) % charsInRow
	if len(d.bases) == 1 && d.offsets {
		lost = placeOf(word, d.bases[0]) - len(d.bytes)
	}
	if lost < 0 || len(d.bytes)+lost > MaxText {
		return nil, false
	}
	var out []byte
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
			var ok bool
			if out, ok = octalCell(out, s); !ok {
				return nil, false
			}
		}
	}
	if line != "" || len(out) > charsInRow {
		return nil, false
	}
	d.bytes = append(d.bytes, bytes.Repeat([]byte(" "), lost)...)
	return out, true
}
