package catalog

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The faults that people make, in words. Each is told where it was made, not
// where the reader noticed it.

// notValue says why no value starts here.
func (s *scanner) notValue(key int) bool {
	word := s.wordHere()
	fixes := map[string]string{
		"True": "true", "TRUE": "true", "False": "false", "FALSE": "false",
		"None": "null", "nil": "null", "NULL": "null", "Null": "null", "undefined": "null",
	}
	switch c := s.body[s.at]; {
	case c == '}' || c == ']' || c == ',':
		return s.fail(s.at, "a value is missing%s, before %c", s.after(key), c)
	case word != "" && fixes[word] != "":
		return s.fail(s.at, "JSON has no %s; write %s", word, fixes[word])
	case word == "NaN" || word == "Infinity":
		return s.fail(s.at, "JSON has no %s", word)
	case word != "":
		return s.fail(s.at, "the text %s needs double quotes", short(word))
	}
	return s.oddCharacter("a value")
}

// after says which name a value belongs to.
func (s *scanner) after(key int) string {
	if key < 0 {
		return ""
	}
	return " after the name " + short(strconv.Quote(unquote(s.body[key:])))
}

// notName says why no name starts here.
func (s *scanner) notName(open int) bool {
	c := s.body[s.at]
	switch {
	case s.isName(s.at):
		return s.fail(s.at, "the name %s needs double quotes", short(s.wordHere()))
	case c == ',':
		return s.fail(s.at, "a name and a value are missing before the comma")
	case c == ']':
		line, _ := place(s.body, open)
		return s.fail(s.at, "the { of line %d ends in ], not in }", line)
	case c == ':':
		return s.fail(s.at, "a name is missing before the colon")
	case c == '{' || c == '[':
		return s.fail(s.at, "a name in double quotes is expected before %c", c)
	}
	return s.oddCharacter("a name in double quotes")
}

// notColon says what stands after a name in place of a colon.
func (s *scanner) notColon(name string) bool {
	switch c := s.body[s.at]; {
	case c == '=':
		return s.fail(s.at, "a colon is expected after the name %s, not =", short(name))
	case c == ',' || c == '}' || c == ']':
		return s.fail(s.at, "the name %s has no value", short(name))
	case s.startsValue():
		return s.fail(s.at, "a colon is missing after the name %s", short(name))
	}
	return s.oddCharacter("a colon")
}

// notSeparator says what stands after a value in place of a comma or the end.
func (s *scanner) notSeparator(end byte, open int) bool {
	switch c := s.body[s.at]; {
	case c == '}' || c == ']':
		line, _ := place(s.body, open)
		return s.fail(s.at, "the %c of line %d ends in %c, not in %c", s.body[open], line, c, end)
	case c == ':' && end == ']':
		return s.fail(s.at, "a list has no names; names and values belong in { }")
	case c == ':':
		return s.fail(s.at, "a colon stands where a comma or } is expected")
	case c == ';':
		return s.fail(s.at, "values are parted by a comma, not by a semicolon")
	case s.startsValue() || s.isName(s.at):
		return s.fail(s.at, "a comma is missing before %s", short(s.upToLineEnd()))
	}
	return s.oddCharacter(fmt.Sprintf("a comma or %c", end))
}

// trailing says what follows the JSON text.
func (s *scanner) trailing() {
	switch c := s.body[s.at]; {
	case c == '}' || c == ']':
		s.fail(s.at, "one %c too many", c)
	case c == ',':
		s.fail(s.at, "a comma follows the end of the JSON text")
	case c == 0:
		s.fail(s.at, "a NUL byte follows the end of the JSON text")
	case c == '{' || c == '[':
		s.fail(s.at, "a second JSON text follows the first; a body is one")
	default:
		s.fail(s.at, "%s follows the end of the JSON text", short(s.upToLineEnd()))
	}
}

// unclosed says which bracket was never closed.
func (s *scanner) unclosed(open int) bool {
	line, column := place(s.body, open)
	return s.fail(s.at, "the text ends, but the %c of line %d, column %d is not closed", s.body[open], line, column)
}

// oddCharacter says what is wrong with a character that fits nowhere.
func (s *scanner) oddCharacter(expected string) bool {
	r, n := utf8.DecodeRune(s.body[s.at:])
	rest := s.body[s.at:]
	switch {
	case r == 0:
		return s.fail(s.at, "a NUL byte stands where %s is expected", expected)
	case r == utf8.RuneError && n == 1:
		return s.fail(s.at, "the byte 0x%02X is not UTF-8; is the text GBK or Latin-1?", s.body[s.at])
	case r == '\ufeff':
		return s.fail(s.at, "a byte order mark stands where %s is expected", expected)
	case r == '\'':
		return s.fail(s.at, "JSON strings need double quotes, not single ones")
	case strings.ContainsRune("“”„«»‘’`", r):
		return s.fail(s.at, "JSON strings need straight double quotes, not %c", r)
	case bytes.HasPrefix(rest, []byte("//")), bytes.HasPrefix(rest, []byte("/*")), r == '#':
		return s.fail(s.at, "JSON has no comments")
	case r == '+' || r == '.':
		return s.fail(s.at, "a number starts with a digit or a minus sign, not with %c", r)
	case unicode.IsSpace(r) || !unicode.IsPrint(r):
		return s.fail(s.at, "the invisible character U+%04X stands where %s is expected", r, expected)
	}
	return s.fail(s.at, "%s is expected, not %c", expected, r)
}

func (s *scanner) startsValue() bool {
	c := s.body[s.at]
	return strings.IndexByte(`"{[-`, c) >= 0 || s.isName(s.at)
}

// wordHere is the run of letters, digits and underscores at the reader.
func (s *scanner) wordHere() string {
	end := s.at
	for s.isName(end) {
		end++
	}
	return string(s.body[s.at:end])
}

// upToLineEnd is what stands at the reader: a string without what follows it,
// or the rest of the line.
func (s *scanner) upToLineEnd() string {
	line, _, _ := bytes.Cut(s.body[s.at:min(len(s.body), s.at+256)], []byte("\n"))
	if len(line) > 1 && line[0] == '"' {
		if i := bytes.IndexByte(line[1:], '"'); i >= 0 {
			line = line[:i+2]
		}
	} else if word := s.wordHere(); word != "" {
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
