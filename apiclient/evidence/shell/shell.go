// Package shell splits what people type into commands and words, by the quoting
// of POSIX shells, of Windows' cmd and of PowerShell. Nothing is run: what a
// word takes from elsewhere than the text is said to be unknown. Slips that
// leave one possible meaning are read as meant, with a note.
package shell

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"countersign/apiclient/hint"
)

// Word is one word of a command, its quotes read.
type Word struct {
	Text string
	// Unknown is the first part of the word whose value is not known, such as
	// $TOKEN; it stands in Text as it is written. "" where all is known.
	Unknown string
	// Table is a table of PowerShell, @{name = value}, in its order; nil for
	// other values.
	Table []Pair
	// Splat says that the table's members stand for parameters.
	Splat bool
	// At is where the word begins in the text; of cmd, in the line that cmd makes
	// of it.
	At int
}

// Pair is a member of a table.
type Pair struct {
	Name  string
	Value Word
}

// Command is one command as a shell would start it.
type Command struct {
	Words []Word
	Stdin *Input // what it reads from its standard input; nil: nothing that is in the text

	output string // the file that it writes
}

// Input is what a command reads.
type Input struct {
	Data    []byte
	Unknown string // where it comes from, if Data is not known
}

// Script is what a text has.
type Script struct {
	Commands []Command // in their order, those in $( … ) before the one around them
	Notes    []string  // what was read otherwise than a shell would
	// Err is why the rest of the text could not be read; the commands before it
	// are there.
	Err error
	// Fault is what is probably wrong with the quotes; nil: nothing seems so.
	Fault error
	// Files are those that the text itself writes.
	Files map[string]*Input

	repairs int // words that were read as they are meant
	grown   int // bytes that variables were replaced by
}

// maxGrown is how many bytes the variables of a text may be replaced by.
const maxGrown = 32 << 20

// grow counts bytes that stand for a variable.
func (s *Script) grow(n int) bool {
	if s.grown += n; s.grown > maxGrown && s.Err == nil {
		s.Err = hint.Errorf("give the commands with their values put in",
			"the variables of the text make more than %d bytes of it", maxGrown)
	}
	return s.Err == nil
}

// Files opens a file that a command reads; nil opens none.
type Files func(name string) ([]byte, error)

// Read splits a text by the rules of a shell.
func Read(d Dialect, text string, files Files) Script {
	out := Script{Files: map[string]*Input{}}
	switch d {
	case CMD:
		readCMD(text, files, &out)
	case PowerShell:
		readPowerShell(text, files, &out)
	default:
		readPOSIX(text, files, &out)
	}
	if out.Err != nil && out.Fault != nil {
		out.Err = out.Fault
	}
	return out
}

// note says something once.
func (s *Script) note(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(s.Notes, text) && len(s.Notes) < 20 {
		s.Notes = append(s.Notes, text)
	}
}

// open reads a file that a command names, or one that the text has written.
func (s *Script) open(name string, files Files) *Input {
	if in := s.Files[name]; in != nil {
		return in
	}
	if files == nil {
		return &Input{Unknown: fmt.Sprintf("the file %q", name)}
	}
	data, err := files(name)
	if err != nil {
		return &Input{Unknown: fmt.Sprintf("the file %q (%v)", name, err)}
	}
	return &Input{Data: data}
}

// place says where in a text an offset is.
func place(text string, at int) string {
	before := text[:min(at, len(text))]
	line := strings.Count(before, "\n")
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	return fmt.Sprintf("line %d, column %d", line+1, column+1)
}

// unclosed is the error for a quote without an end.
func unclosed(text, quote string, at int) error {
	fix := "copy the whole command"
	if quote == "'" {
		fix += `; a ' inside '…' is written '\''`
	}
	return hint.Errorf(fix, "the command has a %s that is not closed: it opens in %s", quote, place(text, at))
}

// maxRepairs is how many words of a text are read as they are meant.
const maxRepairs = 16

// meant reads a quoted word that a quote inside it ends too early, where what is
// meant is certain: it is JSON that is whole only so, and the closing quote
// stands behind it. It returns the text and the length of the word with its
// quotes; 0 where nothing is certain, or certain would not be.
func (s *Script) meant(text string, at int, certain func(body string) bool) (body string, length int) {
	src := text[at:]
	inside := src[1:]
	var whole json.RawMessage
	d := json.NewDecoder(strings.NewReader(inside))
	if s.repairs >= maxRepairs || !isBody(inside) || d.Decode(&whole) != nil {
		return "", 0
	}
	end := int(d.InputOffset())
	end += len(inside[end:]) - len(strings.TrimLeft(inside[end:], " \t\r\n"))
	if end >= len(inside) || inside[end] != src[0] || !certain(inside[:end]) {
		return "", 0
	}
	if after := inside[end+1:]; after != "" && strings.IndexByte(" \t\r\n|;&)>", after[0]) < 0 {
		return "", 0
	}
	s.repairs++
	s.repaired(text, at)
	return inside[:end], end + 2
}

// repaired notes that a word was read as it is meant.
func (s *Script) repaired(text string, at int) {
	quote := text[at : at+1]
	inner := at + 1 + strings.Index(text[at+1:], quote)
	way := map[string]string{"'": `'\''`, `"`: `\"`}[quote]
	s.note("the quoting is at fault: the %s in %s ends the quoted text for the shell; the JSON around it is read "+
		"as it is meant (write it %s)", quote, place(text, inner), way)
}

// suspect notes where a quoted text that begins as JSON ends in its middle, with
// a letter behind the quote: it is at.
func (s *Script) suspect(text string, at int) {
	end := strings.IndexByte(text[at+1:], text[at])
	if after := at + end + 2; s.Fault == nil && end >= 0 && after < len(text) && isNameByte(text[after], 1) {
		way := map[byte]string{'\'': `'\''`, '"': `\"`}[text[at]]
		s.Fault = hint.Errorf(fmt.Sprintf("write a %[1]c inside %[1]c…%[1]c as %[2]s, or give the body as a file", text[at], way),
			"the quoting of the command is at fault: the %c in %s ends the quoted text that begins in %s",
			text[at], place(text, at+end+1), place(text, at))
	}
}

// isJSON reports whether a text is a whole object or array.
func isJSON(s string) bool { return isBody(s) && json.Valid([]byte(s)) }

// isBody reports whether a text begins as an object or array does.
func isBody(s string) bool {
	s = strings.TrimLeft(s, " \t\r\n")
	return s != "" && (s[0] == '{' || s[0] == '[')
}
