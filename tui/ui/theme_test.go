package ui

import (
	"strings"
	"testing"

	"github.com/muesli/termenv"

	"countersign/tui/tuitest"
)

// Focus and selection can be told in every theme and colour profile.
func TestThemesShowFocus(t *testing.T) {
	t.Parallel()
	for _, name := range []string{ThemeDark, ThemeLight, ThemeHighContrast} {
		for _, profile := range []termenv.Profile{termenv.Ascii, termenv.ANSI, termenv.ANSI256, termenv.TrueColor} {
			theme := NewTheme(name, profile)
			tuitest.Must(t, "name", theme.Name, name)
			for what, pair := range map[string][2]string{
				"border":    {theme.Border.Render("x"), theme.BorderFocused.Render("x")},
				"title":     {theme.Title.Render("x"), theme.TitleFocused.Render("x")},
				"selection": {theme.Text.Render("x"), theme.Selection.Render("x")},
				"blurred":   {theme.Selection.Render("x"), theme.SelectionBlurred.Render("x")},
				"row":       {theme.Text.Render("x"), theme.SelectionBlurred.Render("x")},
				"cursor":    {theme.Text.Render("x"), theme.Cursor.Render("x")},
				"match":     {theme.Text.Render("x"), theme.Match.Render("x")},
				"current":   {theme.Match.Render("x"), theme.MatchCurrent.Render("x")},
				"invisible": {theme.Text.Render("x"), theme.Invisible.Render("x")},
				"tab":       {theme.Muted.Render("x"), theme.TitleFocused.Render("x")},
				"mark":      {theme.Text.Render("x"), theme.MarkBad.Render("x")},
				"diff":      {theme.DiffAdded.Render("x"), theme.DiffRemoved.Render("x")},
			} {
				if pair[0] == pair[1] {
					t.Errorf("%s, %s: %s looks the same: %q", name, profile.Name(), what, pair[0])
				}
			}
			coloured := strings.Contains(theme.Good.Render("x")+theme.Selection.Render("x")+theme.Match.Render("x"), ";5;") ||
				strings.Contains(theme.Match.Render("x"), "[4") && profile != termenv.Ascii || profile == termenv.ANSI || profile == termenv.TrueColor
			tuitest.Must(t, name+" "+profile.Name()+" is coloured", coloured, profile != termenv.Ascii)
		}
	}
	tuitest.Must(t, "an unknown name", NewTheme("mauve", termenv.TrueColor).Name, ThemeDark)
}

// NO_COLOR means no colour at all, in any style.
func TestAsciiThemeHasNoColour(t *testing.T) {
	t.Parallel()
	for _, name := range []string{ThemeDark, ThemeLight, ThemeHighContrast} {
		theme := NewTheme(name, termenv.Ascii)
		for id, p := range theme.paints {
			for _, sgr := range strings.Split(strings.TrimSuffix(strings.TrimPrefix(p.open, "\x1b["), "m"), ";") {
				if sgr != "" && sgr != "1" && sgr != "4" && sgr != "7" {
					t.Errorf("style %d uses %q", id, p.open)
				}
			}
		}
	}
}

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
