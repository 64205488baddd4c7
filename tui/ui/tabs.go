package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// Tabs draws a row of tabs with the open one marked.
func Tabs(t *Theme, names []string, open int) string {
	var b strings.Builder
	for i, n := range names {
		if i > 0 {
			b.WriteString("  ")
		}
		if i == open {
			b.WriteString(t.TitleFocused.Render(n))
		} else {
			b.WriteString(t.Muted.Render(n))
		}
	}
	return b.String()
}

// TabAt finds the tab under a column of what Tabs draws.
func TabAt(names []string, x int) (int, bool) {
	at := 0
	for i, n := range names {
		if x >= at && x < at+Width(n) {
			return i, true
		}
		at += Width(n) + 2
	}
	return 0, false
}

// TabTargets are the tabs that Tabs draws in a row of a pane, to jump to.
func TabTargets(names []string, row int, open func(i int) tea.Cmd) []Target {
	list := make([]Target, len(names))
	at := 0
	for i, n := range names {
		list[i] = Target{X: at, Y: row, Go: func() tea.Cmd { return open(i) }}
		at += Width(n) + 2
	}
	return list
}
