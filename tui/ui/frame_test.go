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
		tuitest.Must(t, c.o.Title, got, c.want)
	}
}

// A frame is exact at any size, with any content, in any colours.
func TestFrameExact(t *testing.T) {
	t.Parallel()
	r := tuitest.Seeded(9)
	themes := []*Theme{plainTheme(), colourTheme(), NewTheme(ThemeLight, termenv.ANSI256), NewTheme(ThemeHighContrast, termenv.ANSI)}
	text := func(n int) string { return SafeBytes(tuitest.Jumble(r, r.IntN(n))) }
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
			tuitest.Must(t, "nothing", view, "")
			continue
		}
		tuitest.Exact(t, view, o.Width, o.Height)
		if t.Failed() {
			t.Fatalf("%+v %q", o, body)
		}
	}
}
