package shell

import (
	"strings"

	"countersign/apiclient/lazyregexp"
)

// Dialect is a way to write commands.
type Dialect string

// Dialects.
const (
	POSIX      Dialect = "POSIX shell" // bash, zsh, dash
	CMD        Dialect = "cmd"
	PowerShell Dialect = "PowerShell"
)

// marks are what only one dialect has, the surest first.
var marks = []struct {
	dialect Dialect
	mark    *lazyregexp.Regexp
}{
	{CMD, lazyregexp.New(`(?im)^[^\n'"]{0,80}\bfor /[a-z]\b|[ \t]\^"|\^\\\^"|"[{\[][ \t]*""\w`)},
	{PowerShell, promptLine},
	{PowerShell, lazyregexp.New(`(?im)(^|[=|({;&]) *(Invoke-(WebRequest|RestMethod)|iwr|irm)[ \t]`)},
	{PowerShell, lazyregexp.New("[ \t]`[ \t]*\r?\n")},
	{PowerShell, lazyregexp.New(`(?i)[= ]@\{|[= (]@["']\r?\n|(?m)^\s*\$\w+ *=`)},
	{POSIX, lazyregexp.New(`\\[ \t]*\r?\n`)},
	{CMD, lazyregexp.New(`\^[ \t]*\r?\n`)},
	{POSIX, lazyregexp.New(`[ \t=]'[^']`)},
	{CMD, lazyregexp.New(`(?im)^[ \t]*"?[a-z]:\\[^>\n"]*(>|\.exe\b|\\curl\b)`)},
	{CMD, lazyregexp.New(`(?im)^[ \t]*(@?echo off|@?set "?[a-z_]+=|rem |@curl |call )`)},
	{CMD, lazyregexp.New(`(?im)^[ \t]*"?[\w\\.]*curl\.exe\b`)},
}

// promptLine is the prompt of PowerShell before a command.
var promptLine = lazyregexp.New(`(?im)^[ \t]*PS[^>\n]*> *\S`)

// Prompted reports whether a text has the prompt of PowerShell.
func Prompted(text string) bool { return promptLine.MatchString(text[:min(len(text), 1<<16)]) }

// Guess tells by looking which shell a text is written for.
func Guess(text string) Dialect {
	text = text[:min(len(text), 1<<16)]
	for _, m := range marks {
		if m.mark.MatchString(text) {
			return m.dialect
		}
	}
	return POSIX
}

// spaces are the characters that a wiki puts where spaces were, and such as have
// no width at all.
var spaces = []string{"\u00a0", "\u2007", "\u202f", "\u3000", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u2009",
	"\u2002", "\u2003"}

// wikiSpace returns how long the character is that s begins with, if it is one
// of spaces.
func wikiSpace(s string) int {
	if s == "" || s[0] < 0xC2 {
		return 0
	}
	for _, c := range spaces {
		if strings.HasPrefix(s, c) {
			return len(c)
		}
	}
	return 0
}

// curly are quotes of typography, with the plain one that they stand for.
var curly = map[string]byte{"“": '"', "”": '"', "„": '"', "‘": '\'', "’": '\'', "‚": '\''}

// curlyQuote returns the plain quote that a typographic one stands for, and how
// long it is; 0 where s begins with none.
func curlyQuote(s string) (plain byte, length int) {
	if len(s) < 3 || s[0] != 0xE2 || s[1] != 0x80 {
		return 0, 0
	}
	return curly[s[:3]], 3
}

// dashes makes the dash that a word begins with, by typography, the one or two
// of an option.
func (s *Script) dashes(word string) string {
	rest, ok := strings.CutPrefix(word, "–")
	if !ok {
		if rest, ok = strings.CutPrefix(word, "—"); !ok {
			return word
		}
	}
	s.note("typographic dashes were read as - and --: a shell does not know them")
	rest = strings.TrimLeft(rest, "-–")
	if len(rest) < 2 || !isLower(rest[1]) {
		return "-" + rest
	}
	return "--" + rest
}

func isLower(c byte) bool { return c >= 'a' && c <= 'z' }

const (
	noteLineEnds = `every line ends in CR LF, those behind a \ too, which no POSIX shell can read: they were read as the LF ` +
		"that the command had before it was saved"
	noteSpaces = "no-break spaces, or spaces without width, stand between words (U+00A0, U+200B …): they were read " +
		"as spaces, which a shell does not do"
	noteQuotes = "typographic quotes (“ ” ‘ ’) were read as plain ones, which a POSIX shell or cmd does not do"
	noteJoins  = "a line begins with an option, and the line before it does not say that the command goes on: " +
		"they were read as one command"
	noteBlanks = "blanks follow the character that joins two lines: the lines were read as joined, which a shell does not do"
)
