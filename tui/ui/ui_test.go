package ui

import (
	"strings"

	"github.com/muesli/termenv"
)

// plainTheme draws nothing but text, bold, underline and reverse.
func plainTheme() *Theme { return NewTheme(ThemeDark, termenv.Ascii) }

func colourTheme() *Theme { return NewTheme(ThemeDark, termenv.TrueColor) }

func hasCursor(view string) bool { return strings.Contains(view, "\x1b[7m") }
