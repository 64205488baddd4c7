// Package quiet keeps the program from asking the terminal for its background
// colour before it has begun.
//
// Bubble Tea asks in a package init and waits 5 seconds for the answer, in every
// subcommand, on terminals that never give one. Go initialises packages that are
// ready in the order of their import paths: this one needs only Lip Gloss and
// sorts before github.com/..., so it runs first and leaves nothing to ask.
// The explorer decides dark or light by itself, see ui.DetectDark.
package quiet

import "github.com/charmbracelet/lipgloss"

func init() {
	lipgloss.SetHasDarkBackground(true)
}
