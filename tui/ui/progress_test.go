package ui

import (
	"testing"

	"github.com/charmbracelet/x/ansi"

	"countersign/tui/tuitest"
)

// The rule is exact and heavier as more is done, in any colours.
func TestProgress(t *testing.T) {
	t.Parallel()
	for part, want := range map[float64]string{-1: "────────", 0: "────────", 0.25: "━━──────", 0.5: "━━━━────", 1: "━━━━━━━━", 2: "━━━━━━━━"} {
		for _, theme := range []*Theme{plainTheme(), colourTheme()} {
			tuitest.Must(t, "rule", ansi.Strip(Progress(theme, part, 8)), want)
		}
	}
	tuitest.Must(t, "without colours", Progress(plainTheme(), 0.5, 4), "━━──")
	tuitest.Must(t, "no room", Progress(plainTheme(), 0.5, 0), "")
}
