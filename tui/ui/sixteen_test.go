package ui

import (
	"strings"
	"testing"

	"github.com/muesli/termenv"
)

// With 16 colours the terminal chooses what each looks like. Bright black is
// the background in some schemes for dark terminals, and white in those for
// light ones: nothing that must be seen is drawn in them.
func TestSixteenColoursAreSeen(t *testing.T) {
	t.Parallel()
	for name, unseen := range map[string][]string{ThemeDark: {"[30m", "[90m", ";30m", ";90m"}, ThemeLight: {"[37m", "[97m", ";37m", ";97m"}} {
		theme := NewTheme(name, termenv.ANSI)
		for what, style := range map[string]Style{
			"border": theme.Border, "text": theme.Text, "muted": theme.Muted, "faint": theme.Faint, "line number": theme.LineNumber,
			"placeholder": theme.Placeholder, "punctuation": theme.JSONPunct, "help": theme.Help,
		} {
			for _, code := range unseen {
				if got := style.Render("x"); strings.Contains(got, code) {
					t.Errorf("%s: the %s is %q", name, what, got)
				}
			}
		}
	}
}
