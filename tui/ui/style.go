package ui

import (
	"strings"

	"github.com/charmbracelet/lipgloss"
)

// Style is how a text looks: its colours, bold, underlined, reversed. Lip Gloss
// works each of them out again for each text; this one is taken apart once into
// what goes before and after a text, for a frame draws hundreds of short ones.
// The zero Style changes nothing.
type Style struct {
	ends
	look lipgloss.Style
}

// paint is what goes before and after a text to give it a style.
type ends struct{ open, close string }

func newStyle(look lipgloss.Style) Style {
	open, end, _ := strings.Cut(look.Render("x"), "x")
	return Style{ends{open, end}, look}
}

// Render returns a text its style, each line of it apart. Nothing in it is
// changed, and nothing stays nothing.
func (s Style) Render(text string) string {
	if text == "" || s.open == "" {
		return text
	}
	if strings.IndexByte(text, '\n') >= 0 {
		text = strings.ReplaceAll(text, "\n", s.close+"\n"+s.open)
	}
	return s.open + text + s.close
}

// Bold is the style with or without bold.
func (s Style) Bold(on bool) Style { return newStyle(s.look.Bold(on)) }

// Underline is the style with or without a line below, blanks too.
func (s Style) Underline(on bool) Style { return newStyle(s.look.Underline(on)) }

// Reverse is the style with its two colours exchanged, or not.
func (s Style) Reverse(on bool) Style { return newStyle(s.look.Reverse(on)) }

// Italic is the style with or without slanted letters.
func (s Style) Italic(on bool) Style { return newStyle(s.look.Italic(on)) }

func (s Style) foreground(c lipgloss.TerminalColor) Style { return newStyle(s.look.Foreground(c)) }
func (s Style) background(c lipgloss.TerminalColor) Style { return newStyle(s.look.Background(c)) }
