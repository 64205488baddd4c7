package jsontext

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The faults of JSON that people make, in words. Each is told where it was made,
// not where the reader noticed it.

// explain says what is wrong with a text that shall be JSON alone; nil: nothing.
func (t *Tree) explain() *Fault {
	e := &explanation{Tree: t, open: -1}
	bad := InvalidUTF8(t.Doc)
	switch {
	case e.notBegun():
	case t.Fault == nil && bad == len(t.Doc):
		return nil
	case bad < len(t.Doc) && (t.Fault == nil || bad <= t.Fault.Offset):
		e.say(bad, notText, t.Doc[bad])
	default:
		e.of()
	}
	e.told.Line, e.told.Column = LineColumn(t.Doc, e.told.Offset)
	return &e.told
}

const notText = "the byte 0x%02X is not UTF-8; is the text GBK or Latin-1?"

// explanation is a fault in the making.
type explanation struct {
	*Tree
	at    int  // offset
	wants Kind // what belongs there, as Fault has it; the closing bracket for a comma
	open  int  // the innermost object or array that is not closed; -1: none
	told  Fault
}

func (e *explanation) say(offset int, format string, args ...any) bool {
	e.told.Offset, e.told.Says = offset, fmt.Sprintf(format, args...)
	return true
}

// notBegun looks at what a body begins with that is not JSON at all.
func (e *explanation) notBegun() bool {
	switch b := e.Doc; {
	case len(b) == 0:
		return e.say(0, "the body is empty; a JSON object is expected")
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return e.say(0, "a byte order mark stands before the JSON; save the text as UTF-8 without it")
	case wide(b):
		return e.say(0, "the text is UTF-16 or UTF-32; JSON is UTF-8")
	case b[0] == '<':
		return e.say(0, "this is XML or HTML, not JSON")
	case SkipSpace(b, 0) == len(b):
		return e.say(len(b), "the body has nothing but white space; a JSON object is expected")
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

func (e *explanation) of() {
	e.at, e.wants = e.Fault.Offset, e.Fault.wants
	for n, node := range e.Nodes {
		if !node.Whole && node.Kind != String {
			e.open = n
		}
	}
	before := len(bytes.TrimRight(e.Doc[:e.at], " \t\r\n")) - 1
	comma := before >= 0 && e.Doc[before] == ','
	switch {
	case e.wants == wantsShallower:
		e.say(e.at, "the body %s", strings.TrimPrefix(e.Fault.Says, "the text "))
	case e.wants == wantsRest:
		e.inString()
	case e.at == len(e.Doc):
		e.ends()
	case e.wants == wantsValue && (e.Doc[e.at] == '-' || nameByte(e.Doc[e.at])):
		e.word()
	case comma && e.Doc[e.at] == ',':
		e.say(e.at, "two commas follow each other; a value is missing or a comma is one too many")
	case comma && strings.IndexByte("}]", e.Doc[e.at]) >= 0:
		e.say(before, "the comma before %c is one too many", e.Doc[e.at])
	default:
		e.misplaced()
	}
}

// ends says what is missing where the text ends.
func (e *explanation) ends() {
	name := Short(string(e.Fault.name.Of(e.Doc)))
	switch {
	case e.wants == wantsColon:
		e.say(e.at, "the text ends after the name %s; a colon and a value are missing", name)
	case name != "":
		e.say(e.at, "the text ends where a value is expected after the name %s", name)
	default:
		open := e.Nodes[e.open]
		line, column := LineColumn(e.Doc, open.From)
		e.say(e.at, "the text ends, but the %c of line %d, column %d is not closed", open.Kind, line, column)
	}
}

// inString says what is wrong inside of a string.
func (e *explanation) inString() {
	open := e.Fault.name.From
	if e.Fault.name.Kind == None {
		open = e.Nodes[len(e.Nodes)-1].From
	}
	rest := e.Doc[e.at:]
	if len(rest) == 0 || string(rest) == `\` {
		e.say(open, "the string that starts here is not closed: %s", Short(string(e.Doc[open:])))
		return
	}
	switch c := rest[0]; {
	case c == '\\' && rest[1] == 'u':
		e.say(e.at, `\u needs four hexadecimal digits after it`)
	case c == '\\':
		r, _ := utf8.DecodeRune(rest[1:])
		e.say(e.at, `JSON has no escape \%s; a backslash itself is written \\`, printable(r))
	case c == 0:
		e.say(e.at, `a NUL byte stands in a string; write \u0000 if it is meant`)
	case c == '\t':
		e.say(e.at, `a tab stands in a string; write \t`)
	case c != '\n' && c != '\r':
		e.say(e.at, `the control character U+%04X stands in a string; write \u%04x`, c, c)
	default:
		// Where the next line looks like JSON of its own, the quote before the break was forgotten.
		next := bytes.TrimLeft(rest[:min(len(rest), 256)], " \t\r\n")
		if len(next) == 0 || bytes.IndexByte([]byte(`"{}[],`), next[0]) >= 0 {
			e.say(open, "the string that starts here is not closed on its line: %s", Short(string(e.Doc[open:e.at])))
			return
		}
		e.say(e.at, `a line break stands in a string; write \n`)
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
func (e *explanation) word() {
	all := Next(e.Doc, e.at).Of(e.Doc)
	for _, number := range numberFaults {
		if m := regexp.MustCompile(number.form).FindSubmatch(all); m != nil {
			e.say(e.at, "%s", strings.Replace(number.says, "{number}", Short(string(m[1])), 1))
			return
		}
	}
	if good := regexp.MustCompile(complete).FindSubmatch(all); good != nil {
		e.at, e.wants = e.at+len(good[1])+len(good[2]), wantsComma // what follows is wrong
		e.misplaced()
		return
	}
	switch word := e.run(); {
	case all[0] == '-' || all[0] <= '9' && all[0] != '$':
		e.say(e.at, "%s is not a number; text needs double quotes", Short(string(regexp.MustCompile(`^[\w$.+-]*`).Find(all))))
	case meantWords[word] != "":
		e.say(e.at, "JSON has no %s; write %s", word, meantWords[word])
	case word == "NaN" || word == "Infinity":
		e.say(e.at, "JSON has no %s", word)
	default:
		e.say(e.at, "the text %s needs double quotes", Short(word))
	}
}

// misplacedFaults say what is wrong with a character that stands where something
// else belongs. The first line that fits counts.
var misplacedFaults = []struct {
	wants string // kinds, as Fault has them, or the bracket that may close; "": any
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
var wantedWords = map[Kind]string{
	wantsValue: "a value", wantsName: "a name in double quotes", wantsColon: "a colon",
	ObjectEnd: "a comma or }", ArrayEnd: "a comma or ]",
}

func (e *explanation) misplaced() {
	if bytes.HasPrefix(e.Doc[e.at:], []byte("{{")) && e.wants == wantsValue {
		e.at, e.wants = e.at+1, wantsName // a variable, which is read as an object in an object
	}
	opened, closes, line := None, None, 0
	if e.open >= 0 {
		opened = e.Nodes[e.open].Kind
		closes = opened + (ObjectEnd - Object)
		line, _ = LineColumn(e.Doc, e.Nodes[e.open].From)
	}
	if e.wants == wantsComma {
		e.wants = closes
	}
	r, size := utf8.DecodeRune(e.Doc[e.at:])
	invisible := unicode.IsSpace(r) || !unicode.IsPrint(r)
	class := r
	switch rest := e.Doc[e.at:]; {
	case r == utf8.RuneError && size == 1:
		e.say(e.at, notText, rest[0])
		return
	case nameByte(rest[0]):
		class = 'a'
	case bytes.HasPrefix(rest, []byte("//")), bytes.HasPrefix(rest, []byte("/*")):
		class = '#'
	}
	name := Short(string(e.Fault.name.Of(e.Doc)))
	for _, row := range misplacedFaults {
		switch {
		case row.wants != "" && strings.IndexByte(row.wants, byte(e.wants)) < 0:
		case row.chars != "" && !strings.ContainsRune(row.chars, class):
		case row.wants+row.chars == "" && invisible:
			e.say(e.at, "the invisible character U+%04X stands where %s is expected", r, wantedWords[e.wants])
			return
		default:
			e.say(e.at, "%s", strings.NewReplacer("{char}", string(r),
				"{word}", Short(e.run()), "{rest}", Short(e.upToLineEnd()),
				"{name}", name, "{after}", strings.TrimSuffix(" after the name "+name, " after the name "),
				"{line}", strconv.Itoa(line), "{open}", string(rune(opened)), "{close}", string(rune(closes)),
				"{wanted}", wantedWords[e.wants]).Replace(row.says))
			return
		}
	}
}

// nameByte reports whether c is a letter, a digit, an underscore or a dollar sign.
func nameByte(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// run is the letters, digits and underscores at the fault.
func (e *explanation) run() string {
	end := e.at
	for end < len(e.Doc) && nameByte(e.Doc[end]) {
		end++
	}
	return string(e.Doc[e.at:end])
}

// upToLineEnd is what stands at the fault: a string without what follows it, a
// word, or the rest of the line.
func (e *explanation) upToLineEnd() string {
	line, _, _ := bytes.Cut(e.Doc[e.at:min(len(e.Doc), e.at+256)], []byte("\n"))
	if token := Next(line, 0); token.Kind == String {
		line = token.Of(line)
	} else if word := e.run(); word != "" {
		line = []byte(word)
	}
	return strings.TrimRight(string(line), " \t\r,")
}
