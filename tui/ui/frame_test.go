package ui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"countersign/tui/tuitest"
)

func TestFrame(t *testing.T) {
	t.Parallel()
	theme := plainTheme()
	for _, c := range []struct {
		o    FrameOpts
		body string
		want string
	}{
		{FrameOpts{Title: "Request  POST /a", Width: 24, Height: 3}, "body", "╭ Request  POST /a ────╮\n│body                  │\n╰──────────────────────╯"},
		{FrameOpts{Title: "Runs", TitleRight: "1/9", Footer: "all", Width: 20, Height: 4}, "one\ntwo\nthree", "╭ Runs ─────── 1/9 ╮\n│one               │\n│two               │\n╰───────────── all ╯"},
		{FrameOpts{Title: "A long title", TitleRight: "gone", Width: 12, Height: 3}, "世界世界世界", "╭ A long … ╮\n│世界世界… │\n╰──────────╯"},
		{FrameOpts{Title: "two\nlines", Width: 14, Height: 3}, "", "╭ two lines ─╮\n│            │\n╰────────────╯"},
		{FrameOpts{Title: "t", Width: 3, Height: 3}, "x", "╭─╮\n│x│\n╰─╯"},
		{FrameOpts{Title: "t", Width: 2, Height: 2}, "xyz", "x…\n  "},
		{FrameOpts{Title: "t", Width: 0, Height: 5}, "xyz", ""},
	} {
		got := ansi.Strip(Frame(theme, c.o, c.body))
		must(t, c.o.Title, got, c.want)
	}
}

// A frame is exact at any size, with any content, in any colours.
func TestFrameExact(t *testing.T) {
	t.Parallel()
	r := seeded(9)
	themes := []*Theme{plainTheme(), colourTheme(), NewTheme(ThemeLight, termenv.ANSI256), NewTheme(ThemeHighContrast, termenv.ANSI)}
	text := func(n int) string { return SafeBytes(jumble(r, r.IntN(n))) }
	for range 400 {
		theme := themes[r.IntN(len(themes))]
		body := make([]string, r.IntN(12))
		for i := range body {
			body[i] = theme.Bad.Render(text(6)) + text(12)
		}
		o := FrameOpts{
			Title: text(4), TitleRight: theme.Muted.Render(text(3)), Footer: text(3), Focused: r.IntN(2) == 0,
			Width: r.IntN(60), Height: r.IntN(14),
		}
		view := Frame(theme, o, strings.Join(body, "\n"))
		if o.Width == 0 || o.Height == 0 {
			must(t, "nothing", view, "")
			continue
		}
		tuitest.Exact(t, view, o.Width, o.Height)
		if t.Failed() {
			t.Fatalf("%+v %q", o, body)
		}
	}
}

// Focus and selection can be told in every theme and colour profile.
func TestThemesShowFocus(t *testing.T) {
	t.Parallel()
	for _, name := range []string{ThemeDark, ThemeLight, ThemeHighContrast} {
		for _, profile := range []termenv.Profile{termenv.Ascii, termenv.ANSI, termenv.ANSI256, termenv.TrueColor} {
			theme := NewTheme(name, profile)
			must(t, "name", theme.Name, name)
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
				"tab":       {theme.Tab.Render("x"), theme.TabActive.Render("x")},
				"mark":      {theme.Text.Render("x"), theme.MarkBad.Render("x")},
				"diff":      {theme.DiffAdded.Render("x"), theme.DiffRemoved.Render("x")},
			} {
				if pair[0] == pair[1] {
					t.Errorf("%s, %s: %s looks the same: %q", name, profile.Name(), what, pair[0])
				}
			}
			coloured := strings.Contains(theme.Good.Render("x")+theme.Selection.Render("x")+theme.Match.Render("x"), ";5;") ||
				strings.Contains(theme.Match.Render("x"), "[4") && profile != termenv.Ascii || profile == termenv.ANSI || profile == termenv.TrueColor
			must(t, name+" "+profile.Name()+" is coloured", coloured, profile != termenv.Ascii)
		}
	}
	must(t, "an unknown name", NewTheme("mauve", termenv.TrueColor).Name, ThemeDark)
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
