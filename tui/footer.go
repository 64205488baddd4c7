package tui

import (
	"strings"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// footer offers what works here and now, as far as it fits. Help always does.
func (a *App) footer(w int) string {
	if a.overlay != nil {
		return ui.Fit(" "+a.theme.Muted.Render(a.overlay.keys()), w)
	}
	_, typing := a.typist()
	type cell struct {
		text string
		help bool
	}
	var cells []cell
	reserved := 0 // for help, until it is drawn
	for _, action := range a.keys.Footer(a.scope(), typing) {
		if a.refuses(action) != "" || (action.ID == keymap.HelpAnywhere && !typing) {
			continue
		}
		if action.ID == keymap.Diagnose && !a.unexplained() {
			continue // possible, but there is nothing to explain
		}
		word := a.footerWord(action)
		c := cell{
			" " + a.theme.Key.Render(action.Key()) + " " + a.theme.Muted.Render(word) + "  ",
			action.ID == keymap.Help || action.ID == keymap.HelpAnywhere,
		}
		if c.help {
			reserved = ui.Width(c.text)
		}
		cells = append(cells, c)
	}
	var b strings.Builder
	used := 0
	for _, c := range cells {
		if c.help {
			reserved = 0
		}
		if used+ui.Width(c.text)-2 > w-reserved {
			continue
		}
		b.WriteString(c.text)
		used += ui.Width(c.text)
	}
	return ui.Fit(strings.TrimRight(b.String(), " "), w)
}

// footerWord says what an action does here.
func (a *App) footerWord(action keymap.Action) string {
	switch {
	case action.ID == keymap.Cancel && a.flight != nil:
		return "cancel"
	case action.ID == keymap.Cancel && a.focus == keymap.Diagnosis && a.panes.diagnosis.Searching():
		return "stop"
	case action.ID == keymap.Cancel:
		return "back"
	case action.ID == keymap.Copy && a.focus == keymap.Diagnosis:
		return "copy report"
	}
	return action.Short
}
