package catalog

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"countersign/apiclient/jsontext"
)

// The faults of JSON that people make, in words. Each is told where it was made,
// not where the reader noticed it.

// readText finds the values of a JSON text, or its first fault.
func readText(body []byte) (text, *Violation) {
	t := jsontext.ParseJSON(body)
	f := &fault{Tree: t, open: -1}
	bad := notUTF8(body)
	switch {
	case f.notBegun():
	case t.Fault == nil && bad < 0:
		return text{t, map[int]int{}}, nil
	case t.Fault == nil || bad >= 0 && bad <= t.Fault.Offset:
		f.say(bad, notText, body[bad])
	default:
		f.explain()
	}
	f.Line, f.Column = place(body, f.Offset)
	return text{}, &f.Violation
}

const notText = "the byte 0x%02X is not UTF-8; is the text GBK or Latin-1?"

// notUTF8 returns the offset of the first byte that is not UTF-8, or -1.
func notUTF8(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	at := 0
	for r, n := utf8.DecodeRune(b); r != utf8.RuneError || n != 1; r, n = utf8.DecodeRune(b[at:]) {
		at += n
	}
	return at
}

// fault is a place where a text stops being JSON, on its way to a Violation.
type fault struct {
	*jsontext.Tree
	at    int           // offset
	wants jsontext.Kind // what belongs there, as jsontext.Fault has it; the closing bracket for a comma
	open  int           // the innermost object or array that is not closed; -1: none
	Violation
}

func (f *fault) say(offset int, format string, args ...any) bool {
	f.Offset, f.Message = offset, fmt.Sprintf(format, args...)
	return true
}

// notBegun looks at what a body begins with that is not JSON at all.
func (f *fault) notBegun() bool {
	switch b := f.Doc; {
	case len(b) == 0:
		return f.say(0, "the body is empty; a JSON object is expected")
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return f.say(0, "a byte order mark stands before the JSON; save the text as UTF-8 without it")
	case wide(b):
		return f.say(0, "the text is UTF-16 or UTF-32; JSON is UTF-8")
	case b[0] == '<':
		return f.say(0, "this is XML or HTML, not JSON")
	case jsontext.SkipSpace(b, 0) == len(b):
		return f.say(len(b), "the body has nothing but white space; a JSON object is expected")
	}
	return false
}

// wide reports whether a text is UTF-16 or UTF-32: it has their byte order mark,
// or every other byte of its beginning is NUL, and not all are.
func wide(b []byte) bool {
	for _, mark := range []string{"\xff\xfe", "\xfe\xff", "\x00\x00\xfe\xff"} {
		if bytes.HasPrefix(b, []byte(mark)) {
			return true
		}
	}
	var nul, other [2]bool // at even and at odd places
	for i, c := range b[:min(len(b), 48)] {
		nul[i%2] = nul[i%2] || c == 0
		other[i%2] = other[i%2] || c != 0
	}
	return nul[0] && !other[0] && other[1] || nul[1] && !other[1] && other[0]
}

func (f *fault) explain() {
	f.at, f.wants = f.Fault.Offset, f.Fault.Wants
	for n, node := range f.Nodes {
		if !node.Whole && node.Kind != jsontext.String {
			f.open = n
		}
	}
	before := len(bytes.TrimRight(f.Doc[:f.at], " \t\r\n")) - 1
	comma := before >= 0 && f.Doc[before] == ','
	switch {
	case f.wants == jsontext.WantsShallower:
		f.say(f.at, "the body %s", strings.TrimPrefix(f.Fault.Says, "the text "))
	case f.wants == jsontext.WantsRest:
		f.inString()
	case f.at == len(f.Doc):
		f.ends()
	case f.wants == jsontext.WantsValue && (f.Doc[f.at] == '-' || isName(f.Doc[f.at])):
		f.word()
	case comma && f.Doc[f.at] == ',':
		f.say(f.at, "two commas follow each other; a value is missing or a comma is one too many")
	case comma && strings.IndexByte("}]", f.Doc[f.at]) >= 0:
		f.say(before, "the comma before %c is one too many", f.Doc[f.at])
	default:
		f.misplaced()
	}
}

// ends says what is missing where the text ends.
func (f *fault) ends() {
	name := short(string(f.Fault.Name.Of(f.Doc)))
	switch {
	case f.wants == jsontext.WantsColon:
		f.say(f.at, "the text ends after the name %s; a colon and a value are missing", name)
	case name != "":
		f.say(f.at, "the text ends where a value is expected after the name %s", name)
	default:
		open := f.Nodes[f.open]
		line, column := place(f.Doc, open.From)
		f.say(f.at, "the text ends, but the %c of line %d, column %d is not closed", open.Kind, line, column)
	}
}

// inString says what is wrong inside of a string.
func (f *fault) inString() {
	open := f.Fault.Name.From
	if f.Fault.Name.Kind == jsontext.None {
		open = f.Nodes[len(f.Nodes)-1].From
	}
	rest := f.Doc[f.at:]
	if len(rest) == 0 || string(rest) == `\` {
		f.say(open, "the string that starts here is not closed: %s", short(string(f.Doc[open:])))
		return
	}
	switch c := rest[0]; {
	case c == '\\' && rest[1] == 'u':
		f.say(f.at, `\u needs four hexadecimal digits after it`)
	case c == '\\':
		r, _ := utf8.DecodeRune(rest[1:])
		f.say(f.at, `JSON has no escape \%s; a backslash itself is written \\`, printable(r))
	case c == 0:
		f.say(f.at, `a NUL byte stands in a string; write \u0000 if it is meant`)
	case c == '\t':
		f.say(f.at, `a tab stands in a string; write \t`)
	case c != '\n' && c != '\r':
		f.say(f.at, `the control character U+%04X stands in a string; write \u%04x`, c, c)
	default:
		// Where the next line looks like JSON of its own, the quote before the break was forgotten.
		next := bytes.TrimLeft(rest[:min(len(rest), 256)], " \t\r\n")
		if len(next) == 0 || bytes.IndexByte([]byte(`"{}[],`), next[0]) >= 0 {
			f.say(open, "the string that starts here is not closed on its line: %s", short(string(f.Doc[open:f.at])))
			return
		}
		f.say(f.at, `a line break stands in a string; write \n`)
	}
}

// numberFaults are the ways to write a number wrong; the group is what is shown.
var numberFaults = []struct{ form, says string }{
	{`^(-)(?:\D|$)`, "a number has no digits after its minus sign"},
	{`^(-?0\d+)`, "the number {number} starts with a zero; write it without, or as a string in double quotes"},
	{`^(-?\d+\.)(?:\D|$)`, "the number {number} has no digits after its point"},
	{`^(-?\d+(?:\.\d+)?[eE][-+]?)(?:\D|$)`, "the number {number} has no digits in its exponent"},
}

// complete is a word or a number of JSON that something else follows.
const complete = `^(?:(true|false|null)[^\w$]|(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)[^\w$.])`

// meantWords are what other languages have for the words of JSON.
var meantWords = map[string]string{
	"True": "true", "TRUE": "true", "False": "false", "FALSE": "false",
	"None": "null", "nil": "null", "NULL": "null", "Null": "null", "undefined": "null",
}

// word says what is wrong with a number or a word that stands for a value.
func (f *fault) word() {
	all := jsontext.Next(f.Doc, f.at).Of(f.Doc)
	for _, number := range numberFaults {
		if m := regexp.MustCompile(number.form).FindSubmatch(all); m != nil {
			f.say(f.at, "%s", strings.Replace(number.says, "{number}", short(string(m[1])), 1))
			return
		}
	}
	if good := regexp.MustCompile(complete).FindSubmatch(all); good != nil {
		f.at, f.wants = f.at+len(good[1])+len(good[2]), jsontext.WantsComma // what follows is wrong
		f.misplaced()
		return
	}
	switch word := f.run(); {
	case all[0] == '-' || all[0] <= '9' && all[0] != '$':
		f.say(f.at, "%s is no number; text needs double quotes", short(string(regexp.MustCompile(`^[\w$.+-]*`).Find(all))))
	case meantWords[word] != "":
		f.say(f.at, "JSON has no %s; write %s", word, meantWords[word])
	case word == "NaN" || word == "Infinity":
		f.say(f.at, "JSON has no %s", word)
	default:
		f.say(f.at, "the text %s needs double quotes", short(word))
	}
}

// misplacedFaults say what is wrong with a character that stands where something
// else belongs. The first line that fits counts.
var misplacedFaults = []struct {
	wants string // kinds, as jsontext.Fault has them, or the bracket that may close; "": any
	chars string // any of them; a is any letter, digit or underscore; "": any character
	says  string
}{
	{"t", "}],", "a value is missing{after}, before {char}"},
	{"\"", "a", "the name {word} needs double quotes"},
	{"\"", ",", "a name and a value are missing before the comma"},
	{"\"", "]", "the { of line {line} ends in ], not in }"},
	{"\"", ":", "a name is missing before the colon"},
	{"\"", "{[", "a name in double quotes is expected before {char}"},
	{":", "=", "a colon is expected after the name {name}, not ="},
	{":", ",}]", "the name {name} has no value"},
	{":", `"{[-a`, "a colon is missing after the name {name}"},
	{"}]", "}]", "the {open} of line {line} ends in {char}, not in {close}"},
	{"]", ":", "a list has no names; names and values belong in { }"},
	{"}", ":", "a colon stands where a comma or } is expected"},
	{"}]", ";", "values are parted by a comma, not by a semicolon"},
	{"}]", `"{[-a`, "a comma is missing before {rest}"},
	{"\x00", "}]", "one {char} too many"},
	{"\x00", ",", "a comma follows the end of the JSON text"},
	{"\x00", "\x00", "a NUL byte follows the end of the JSON text"},
	{"\x00", "{[", "a second JSON text follows the first; a body is one"},
	{"\x00", "", "{rest} follows the end of the JSON text"},
	{"", "\x00", "a NUL byte stands where {wanted} is expected"},
	{"", "\ufeff", "a byte order mark stands where {wanted} is expected"},
	{"", "'", "JSON strings need double quotes, not single ones"},
	{"", "“”„«»‘’`", "JSON strings need straight double quotes, not {char}"},
	{"", "#", "JSON has no comments"},
	{"", "+.", "a number starts with a digit or a minus sign, not with {char}"},
	{"", "", "{wanted} is expected, not {char}"},
}

// wantedWords are what belongs at a fault.
var wantedWords = map[jsontext.Kind]string{
	jsontext.WantsValue: "a value", jsontext.WantsName: "a name in double quotes", jsontext.WantsColon: "a colon",
	jsontext.ObjectEnd: "a comma or }", jsontext.ArrayEnd: "a comma or ]",
}

func (f *fault) misplaced() {
	if bytes.HasPrefix(f.Doc[f.at:], []byte("{{")) && f.wants == jsontext.WantsValue {
		f.at, f.wants = f.at+1, jsontext.WantsName // a variable, which is read as an object in an object
	}
	opened, closes, line := jsontext.None, jsontext.None, 0
	if f.open >= 0 {
		opened = f.Nodes[f.open].Kind
		closes = opened + (jsontext.ObjectEnd - jsontext.Object)
		line, _ = place(f.Doc, f.Nodes[f.open].From)
	}
	if f.wants == jsontext.WantsComma {
		f.wants = closes
	}
	r, size := utf8.DecodeRune(f.Doc[f.at:])
	invisible := unicode.IsSpace(r) || !unicode.IsPrint(r)
	class := r
	switch rest := f.Doc[f.at:]; {
	case r == utf8.RuneError && size == 1:
		f.say(f.at, notText, rest[0])
		return
	case isName(rest[0]):
		class = 'a'
	case bytes.HasPrefix(rest, []byte("//")), bytes.HasPrefix(rest, []byte("/*")):
		class = '#'
	}
	name := short(string(f.Fault.Name.Of(f.Doc)))
	for _, row := range misplacedFaults {
		switch {
		case row.wants != "" && strings.IndexByte(row.wants, byte(f.wants)) < 0:
		case row.chars != "" && !strings.ContainsRune(row.chars, class):
		case row.wants+row.chars == "" && invisible:
			f.say(f.at, "the invisible character U+%04X stands where %s is expected", r, wantedWords[f.wants])
			return
		default:
			f.say(f.at, "%s", strings.NewReplacer("{char}", string(r), "{word}", short(f.run()), "{rest}", short(f.upToLineEnd()),
				"{name}", name, "{after}", strings.TrimSuffix(" after the name "+name, " after the name "),
				"{line}", strconv.Itoa(line), "{open}", string(rune(opened)), "{close}", string(rune(closes)),
				"{wanted}", wantedWords[f.wants]).Replace(row.says))
			return
		}
	}
}

// isName reports whether c is a letter, a digit, an underscore or a dollar sign.
func isName(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// run is the letters, digits and underscores at the fault.
func (f *fault) run() string {
	end := f.at
	for end < len(f.Doc) && isName(f.Doc[end]) {
		end++
	}
	return string(f.Doc[f.at:end])
}

// upToLineEnd is what stands at the fault: a string without what follows it, a
// word, or the rest of the line.
func (f *fault) upToLineEnd() string {
	line, _, _ := bytes.Cut(f.Doc[f.at:min(len(f.Doc), f.at+256)], []byte("\n"))
	if token := jsontext.Next(line, 0); token.Kind == jsontext.String {
		line = token.Of(line)
	} else if word := f.run(); word != "" {
		line = []byte(word)
	}
	return strings.TrimRight(string(line), " \t\r,")
}

// short shortens a piece of the text for a message and makes it harmless.
func short(s string) string {
	const most = 40
	var b strings.Builder
	count := 0
	for _, r := range s {
		if count++; count > most {
			b.WriteString("…")
			break
		}
		b.WriteString(printable(r))
	}
	return b.String()
}

// printable writes a character so that it cannot disturb a screen.
func printable(r rune) string {
	if unicode.IsPrint(r) {
		return string(r)
	}
	if r == utf8.RuneError {
		return "\ufffd"
	}
	return fmt.Sprintf("U+%04X", r)
}

// place turns an offset into a line and a column in bytes, both from 1.
func place(body []byte, offset int) (line, column int) {
	before := body[:max(0, min(offset, len(body)))]
	return bytes.Count(before, []byte{'\n'}) + 1, len(before) - bytes.LastIndexByte(before, '\n')
}
