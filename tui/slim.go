package tui

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// What a frame is made of says each colour again for each word, and fills with
// blanks: more than half of its bytes change nothing. A terminal takes a
// millisecond and more for each four thousand, so they are left out.

// leap is the least number of blanks that is jumped over on an empty row: the
// jump has as many bytes.
const leap = 6

// slimmer writes rows that look the same in fewer bytes.
type slimmer struct {
	out  *bytes.Buffer
	have string // the style that the terminal is in: the parameters of SGR; "" is the plain one
	want string // the style of what comes next
}

// row writes a row, from its first column on and in the plain style. blank says
// that there is nothing yet where it is written.
func (s *slimmer) row(row string, blank bool) {
	s.want = ""
	for len(row) > 0 {
		switch c := row[0]; c {
		case '\x1b':
			n := s.escape(row)
			row = row[n:]
		case ' ':
			n := len(row) - len(strings.TrimLeft(row, " "))
			row = row[n:]
			s.blanks(n, blank, len(row) == 0)
		default:
			n := strings.IndexAny(row, "\x1b ")
			if n < 0 {
				n = len(row)
			}
			s.dress()
			s.out.WriteString(row[:n])
			row = row[n:]
		}
	}
	s.want = ""
	s.dress()
}

// escape takes the sequence at the start of a text and gives its length. A style
// is noted; anything else is passed on.
func (s *slimmer) escape(text string) int {
	if end := strings.IndexFunc(text[1:], func(r rune) bool { return r >= 0x40 && r != '[' }) + 1; end > 1 && text[1] == '[' && text[end] == 'm' {
		switch p := text[2:end]; {
		case p == "" || p == "0":
			s.want = ""
		case strings.HasPrefix(p, "0;"):
			s.want = p[2:]
		case s.want == "":
			s.want = p
		default:
			s.want += joint(s.want, p) + p
		}
		return end + 1
	}
	sequence, _, n, _ := ansi.DecodeSequence(text, ansi.NormalState, nil)
	s.dress()
	s.out.WriteString(sequence)
	return n
}

// parameters is how many of them each terminal takes in one sequence.
const parameters = 16

// joint is what stands between the parameters of two styles: they are one
// sequence where that is not too long.
func joint(style, more string) string {
	last := style[strings.LastIndexByte(style, '[')+1:]
	if strings.Count(last, ";")+strings.Count(more, ";")+2 > parameters {
		return "m\x1b["
	}
	return ";"
}

// blanks writes n blanks; last says that the row ends with them.
func (s *slimmer) blanks(n int, blank, last bool) {
	plain := !seenOnBlanks(s.want)
	if !plain || seenOnBlanks(s.have) {
		s.dress()
	}
	switch {
	case blank && plain && last:
	case blank && plain && n >= leap:
		s.out.WriteString("\x1b[" + strconv.Itoa(n) + "C")
	default:
		for range n {
			s.out.WriteByte(' ')
		}
	}
}

// dress puts the terminal into the style that is wanted.
func (s *slimmer) dress() {
	switch more, grows := strings.CutPrefix(s.want, s.have+";"); {
	case s.want == s.have:
		return
	case s.want == "":
		s.out.WriteString("\x1b[m")
	case s.have == "":
		s.out.WriteString("\x1b[" + s.want + "m")
	case grows:
		s.out.WriteString("\x1b[" + more + "m")
	default:
		s.out.WriteString("\x1b[0;" + s.want + "m")
	}
	s.have = s.want
}

// seenOnBlanks reports whether a style is more than bold, faint, italic and the
// colour of the letters.
func seenOnBlanks(style string) bool {
	if strings.Contains(style, "m") {
		return true // of several sequences: none that is drawn here is so long
	}
	for style != "" {
		var p string
		p, style, _ = strings.Cut(style, ";")
		n, err := strconv.Atoi(p)
		switch {
		case err != nil:
			return true
		case n == 38:
			kind, rest, _ := strings.Cut(style, ";")
			skip := map[string]int{"5": 1, "2": 3}[kind]
			if skip == 0 {
				return true
			}
			for range skip {
				_, rest, _ = strings.Cut(rest, ";")
			}
			style = rest
		case n >= 1 && n <= 3, n == 22, n == 23, n >= 30 && n <= 37, n == 39, n >= 90 && n <= 97:
		default:
			return true
		}
	}
	return false
}
