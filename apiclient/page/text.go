package page

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"countersign/apiclient/diagnose"
)

// piece is a stretch of text that is drawn in one way. Every byte is legible.
type piece struct {
	Class string // "", "cut" for what is left out, "sign" for a character that cannot be seen
	Text  string
	Title string // what a sign stands for: "line feed, 0A"
}

// stretch is pieces that are equal in both strings, or not.
type stretch struct {
	Differs bool
	Empty   bool // the other string has something here, and this one nothing
	Pieces  []piece
}

// Bounds of what is shown of a text, in bytes.
const (
	maxShown  = 16 << 10 // of a text without differences
	maxEqual  = 2 << 10  // of a stretch between two differences
	maxDiffer = 8 << 10  // of one difference
	maxSpans  = 400      // differences
)

// plain shows a text without differences.
func plain(b []byte) []stretch {
	if len(b) == 0 {
		return nil
	}
	return []stretch{{Pieces: cut(b, maxShown, false)}}
}

// marked shows one of two strings with what differs in the other marked.
func marked(spans []diagnose.Span, signed bool) []stretch {
	most, equal := maxShown, 0
	for _, s := range spans {
		if s.Same {
			equal++
		}
	}
	if equal > 2 {
		most = maxEqual
	}
	var list []stretch
	for i, s := range spans {
		if i == maxSpans {
			return append(list, stretch{Pieces: []piece{{Class: "cut", Text: "… more differences …"}}})
		}
		b := s.Expected
		if signed {
			b = s.Signed
		}
		if s.Same {
			list = append(list, stretch{Pieces: cut(b, most, false)})
		} else {
			list = append(list, stretch{Differs: true, Empty: len(b) == 0, Pieces: cut(b, maxDiffer, true)})
		}
	}
	return list
}

// cut shows at most so many bytes of b: its beginning, how much is left out, and
// its end.
func cut(b []byte, most int, blanks bool) []piece {
	if len(b) <= most+most/8 {
		return draw(b, blanks)
	}
	from, to := most*3/4, len(b)-most/4
	for from > 0 && !utf8.RuneStart(b[from]) {
		from--
	}
	for to < len(b) && !utf8.RuneStart(b[to]) {
		to++
	}
	list := draw(b[:from], blanks)
	list = append(list, piece{Class: "cut", Text: fmt.Sprintf("… %s left out …", size(to-from))})
	return append(list, draw(b[to:], blanks)...)
}

// signs are characters that would not be seen, in characters that every font has.
var signs = map[rune][2]string{
	'\n': {"↵\n", "line feed, 0A"}, '\r': {"[CR]", "carriage return, 0D"}, '\t': {"[TAB]", "tab, 09"},
	0: {"[NUL]", "NUL, 00"}, 0x1b: {"[ESC]", "escape, 1B"}, 0x7f: {"[DEL]", "delete, 7F"},
	0xa0: {"[NBSP]", "no-break space, U+00A0"}, 0xfeff: {"[BOM]", "byte order mark, U+FEFF"},
}

// draw makes pieces of bytes. Blanks are drawn too where they may be what
// differs.
func draw(b []byte, blanks bool) []piece {
	var list []piece
	start := 0
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		text, title := signOf(r, n, b[i], blanks)
		if text != "" {
			if i > start {
				list = append(list, piece{Text: string(b[start:i])})
			}
			list = append(list, piece{"sign", text, title})
			start = i + n
		}
		i += n
	}
	if start < len(b) {
		list = append(list, piece{Text: string(b[start:])})
	}
	return list
}

// signOf returns how a character is drawn that cannot be seen; "" where it can.
func signOf(r rune, n int, first byte, blanks bool) (text, title string) {
	if sign, ok := signs[r]; ok {
		return sign[0], sign[1]
	}
	switch {
	case r == utf8.RuneError && n == 1:
		return fmt.Sprintf(`\x%02X`, first), "a byte that is not UTF-8"
	case r == ' ' && blanks:
		return "·", "blank, 20"
	case r < ' ':
		return fmt.Sprintf("[%02X]", r), fmt.Sprintf("control character %02X", r)
	case r > 0x7f && !unicode.IsGraphic(r), r > 0x7f && unicode.Is(unicode.Zs, r), blanks && unicode.Is(unicode.M, r):
		return fmt.Sprintf("[U+%04X]", r), "a character that cannot be seen alone"
	}
	return "", ""
}

// legible is a short text on one line.
func legible(s string) string {
	var b strings.Builder
	for _, p := range draw([]byte(s), false) {
		b.WriteString(strings.TrimSuffix(p.Text, "\n"))
	}
	return b.String()
}

func size(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if n == 1 {
		return "1 byte"
	}
	return s + " bytes"
}
