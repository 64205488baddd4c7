package status

import (
	"strings"
	"testing"

	"github.com/muesli/termenv"

	"countersign/tui/ui"
)

// A narrow line says less around what cannot be had elsewhere: the name of a file
// that was written.
func TestNarrowLineKeepsWhatMatters(t *testing.T) {
	t.Parallel()
	theme := ui.NewTheme(ui.ThemeDark, termenv.Ascii)
	page := "Evidence page with secrets masked: evidence-20261130-113316-request.html · open it in a browser"
	for _, c := range []struct {
		text  string
		width int
		want  string
	}{
		{page, 140, page},
		{page, 80, "Evidence page with secrets masked: evidence-20261130-113316-request.html"},
		{page, 60, "Evidence page: evidence-20261130-113316-request.html"},
		{"Theme light, from now on: until theme under [ui] changes in /home/m/.config/countersign/config.toml", 60,
			"Theme light, from now on"},
	} {
		var l Line
		l.Set(c.text, Neutral)
		if got := strings.TrimSpace(l.View(theme, c.width, true)); got != c.want {
			t.Errorf("%d columns: %q, want %q", c.width, got, c.want)
		}
	}
}
