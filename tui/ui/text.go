package ui

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"countersign/tui/ui/glyph"
)

const ellipsis = "…" // one cell

// Width returns the cells that a text takes; escape sequences take none. Half of
// the time of a frame is spent here: what the explorer itself writes is
// counted without a look at grapheme clusters.
func Width(s string) int {
	n := 0
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c >= 0x20 && c < 0x7f:
			n++
			i++
		case c == 0x1b:
			size := styleLen(s[i:])
			if size == 0 {
				return ansi.StringWidth(s)
			}
			i += size
		default:
			r, size := utf8.DecodeRuneInString(s[i:])
			if !narrow(r) {
				return ansi.StringWidth(s)
			}
			n++
			i += size
		}
	}
	return n
}

// styleLen returns the length of the SGR sequence at the beginning of s; 0 where
// there is none.
func styleLen(s string) int {
	if len(s) < 3 || s[1] != '[' {
		return 0
	}
	for i := 2; i < len(s); i++ {
		switch c := s[i]; {
		case c == 'm':
			return i + 1
		case c >= '0' && c <= '9' || c == ';' || c == ':':
		default:
			return 0
		}
	}
	return 0
}

// narrow reports characters of one cell each that join with no neighbour of
// their kind: Latin letters, punctuation, arrows, symbols for controls, and
// boxes.
func narrow(r rune) bool {
	return r >= 0x2500 && r < 0x25f0 || r >= 0xae && r < 0x300 || r > 0xa0 && r < 0xad || r >= 0x2010 && r < 0x2028 ||
		r >= 0x2190 && r < 0x2194 || r >= 0x2400 && r < 0x2427 || r == '✓' || r == '✗'
}

// Safe makes a text from anywhere fit to be drawn: what a terminal would execute,
// hide or draw at a width of its choice becomes a visible symbol. Controls
// are drawn as ␀…␛ and ␡, other code points as ‹U+202E›, bytes that are no
// UTF-8 as ‹FF›. The result has no control characters, so no escape
// sequences, and one width on every terminal. Tabs and line ends are symbols
// too: split and expand before.
func Safe(s string) string {
	if plainASCII(s) {
		return s
	}
	return SafeBytes([]byte(s))
}

// SafeBytes is Safe for bytes.
func SafeBytes(b []byte) string {
	var out strings.Builder
	out.Grow(len(b))
	for len(b) > 0 {
		g := glyph.Next(b)
		if g.Text == "" {
			out.Write(b[:g.Bytes])
		} else {
			out.WriteString(g.Text)
		}
		b = b[g.Bytes:]
	}
	return out.String()
}

// Canonical draws bytes that were signed, so that nothing of them is left to
// guess: LF as ␊, CR as ␍, tab as ␉, and the space as · where showSpace is set.
func Canonical(b []byte, showSpace bool) string {
	s := SafeBytes(b)
	if showSpace {
		s = strings.ReplaceAll(s, " ", "·")
	}
	return s
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

// SafeUpTo is Safe for a text of any length: an ellipsis stands for what comes
// behind its first n bytes.
func SafeUpTo(s string, n int) string {
	if len(s) > n {
		for n > 0 && !utf8.RuneStart(s[n]) {
			n--
		}
		s = s[:n] + ellipsis
	}
	return Safe(s)
}

// Truncate cuts a text to at most w cells; where something is lost, it ends in
// an ellipsis. Styles stay whole and wide characters are never cut in half.
func Truncate(s string, w int) string {
	if w <= 0 {
		return ""
	}
	if Width(s) <= w {
		return s
	}
	return ansi.Truncate(s, w, ellipsis)
}

// TruncateLeft keeps the end of a text: …rest.
func TruncateLeft(s string, w int) string {
	if w <= 0 {
		return ""
	}
	all := Width(s)
	if all <= w {
		return s
	}
	return dropCells(s, all-w+1, ellipsis)
}

// TruncateMiddle keeps both ends of a text, the beginning a little longer: 2188…0042.
func TruncateMiddle(s string, w int) string {
	all := Width(s)
	if all <= w || w < 3 {
		return Truncate(s, w)
	}
	right := (w - 1) / 2
	return ansi.Truncate(s, w-right, ellipsis) + dropCells(s, all-right, "")
}

// FirstFit returns the first text that fits in w cells; "" where none does.
func FirstFit(w int, texts ...string) string {
	for _, text := range texts {
		if Width(text) <= w {
			return text
		}
	}
	return ""
}

// Pad fills a text with spaces to at least w cells.
func Pad(s string, w int) string {
	if n := w - Width(s); n > 0 {
		return s + strings.Repeat(" ", n)
	}
	return s
}

// Fit cuts or fills a text to exactly w cells.
func Fit(s string, w int) string {
	if n := w - Width(s); n >= 0 {
		return s + Spaces(n)
	}
	return Pad(Truncate(s, w), w)
}

// Cells returns the cells [from, to) of a text: always exactly to-from of them.
// Half of a wide character is a blank, and what is missing at the end is too.
func Cells(s string, from, to int) string {
	if to <= from {
		return ""
	}
	var out strings.Builder
	at := 0
	var state byte
	for len(s) > 0 {
		seq, w, n, next := ansi.GraphemeWidth.DecodeSequenceInString(s, state, nil)
		state, s = next, s[n:]
		switch {
		case w == 0, at >= from && at+w <= to:
			out.WriteString(seq)
		case at < to && at+w > from:
			out.WriteString(Spaces(min(at+w, to) - max(at, from)))
		}
		at += w
	}
	if missing := to - max(at, from); missing > 0 {
		out.WriteString(Spaces(missing))
	}
	return out.String()
}

// dropCells puts a mark in place of the first n cells of a text. Escape sequences
// stay. A wide character of which half would go goes: ansi.TruncateLeft keeps it,
// and so a cell too many.
func dropCells(s string, n int, mark string) string {
	var out strings.Builder
	var state byte
	for at := 0; len(s) > 0 && at < n; {
		seq, w, size, next := ansi.GraphemeWidth.DecodeSequenceInString(s, state, nil)
		if w == 0 {
			out.WriteString(seq)
		}
		state, s, at = next, s[size:], at+w
	}
	return out.String() + mark + s
}

// Span is a piece of a line in one style.
type Span struct {
	Text  string
	Style Style
}

// On returns a text as a piece of a line in the style.
func (s Style) On(text string) Span { return Span{text, s} }

// Row draws pieces, which must be safe, as a row of w cells of a list. The chosen
// row has one style, so that it stands out.
func (t *Theme) Row(chosen bool, w int, pieces ...Span) string {
	var out strings.Builder
	for _, p := range pieces {
		if chosen {
			p.Style = Style{}
		}
		out.WriteString(p.Style.Render(p.Text))
	}
	row := Fit(out.String(), w)
	if chosen {
		row = t.Selection.Render(row)
	}
	return row
}

// Render draws spans as one line of exactly w cells. The texts are made safe.
func Render(spans []Span, w int) string {
	var out strings.Builder
	room := w
	for i, s := range spans {
		if room <= 0 {
			break
		}
		text := Safe(s.Text)
		n := Width(text)
		more := false
		for _, later := range spans[i+1:] {
			more = more || later.Text != ""
		}
		if n > room || n == room && more {
			text = Truncate(text+" ", room)
			n = Width(text)
		}
		if text != "" {
			out.WriteString(s.Style.Render(text))
		}
		room -= n
	}
	if room > 0 {
		out.WriteString(strings.Repeat(" ", room))
	}
	return out.String()
}

const manySpaces = "                                                                "

// Spaces returns n spaces.
func Spaces(n int) string {
	if n <= len(manySpaces) {
		return manySpaces[:max(0, n)]
	}
	return strings.Repeat(" ", n)
}
