package ui

import (
	"strings"

	"github.com/charmbracelet/bubbles/progress"
	"github.com/muesli/termenv"
)

// Progress draws a rule of w cells of which a part, from 0 to 1, is done: heavy
// where it is, so that it is seen without colours too.
func Progress(t *Theme, part float64, w int) string {
	bar := progress.New(progress.WithWidth(max(0, w)), progress.WithoutPercentage(), progress.WithFillCharacters('━', '─'),
		progress.WithColorProfile(termenv.Ascii)) // the theme colours it
	drawn := bar.ViewAs(part)
	done := strings.Count(drawn, "━") * len("━")
	return t.Info.Render(drawn[:done]) + t.Border.Render(drawn[done:])
}
