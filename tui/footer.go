package tui

import (
	"slices"
	"strings"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// offer is an action in the footer.
type offer struct {
	action keymap.Action
	text   string
	x, w   int
}

// footer offers what works here and now, as far as it fits. Help always does.
func (a *App) footer(w int) string {
	if a.overlay != nil {
		return ui.Fit(" "+a.theme.Muted.Render(fewerKeys(a.overlay.keys(), w-1)), w)
	}
	var b strings.Builder
	for _, o := range a.offers(w) {
		b.WriteString(o.text)
	}
	return ui.Fit(strings.TrimRight(b.String(), " "), w)
}

// fewerKeys leaves out what does not fit of the keys of a box: from behind, but
// for the last, which leaves it.
func fewerKeys(keys string, w int) string {
	const between = " · "
	parts := strings.Split(keys, between)
	for n := len(parts); n > 2 && ui.Width(strings.Join(parts, between)) > w; n-- {
		parts = slices.Delete(parts, n-2, n-1)
	}
	return strings.Join(parts, between)
}

func (a *App) offers(w int) []offer {
	_, typing := a.typist()
	isHelp := func(id keymap.ID) bool { return id == keymap.Help || id == keymap.HelpAnywhere }
	var all []offer
	reserved := 0 // for help, until it is drawn
	for _, action := range a.keys.Footer(a.scope(), typing) {
		if action.ID == keymap.Next && covers(a.focus) {
			continue // it has another name here
		}
		if action.Key() == "" || a.refuses(action) != "" || (action.ID == keymap.HelpAnywhere && !typing) {
			continue
		}
		if action.ID == keymap.Diagnose && !a.unexplained() {
			continue // possible, but there is nothing to explain
		}
		o := offer{action: action, text: " " + a.theme.Key.Render(action.KeyWhile(typing)) + " " + a.theme.Muted.Render(action.Word()) + "  "}
		o.w = ui.Width(o.text)
		if isHelp(action.ID) {
			reserved = o.w
		}
		all = append(all, o)
	}
	fit := all[:0]
	used := 0
	for _, o := range all {
		if isHelp(o.action.ID) {
			reserved = 0
		}
		if used+o.w-2 > w-reserved {
			continue
		}
		o.x = used
		used += o.w
		fit = append(fit, o)
	}
	return fit
}

// edgeAction is what a click on the first or the last row of the screen means:
// the profile above, an offer of the footer below.
func (a *App) edgeAction(x, y int) (keymap.Action, bool) {
	if y == 0 && a.layout.shape != tooSmall {
		return a.keys.Get(keymap.Profiles)
	}
	if y == a.layout.height-1 && a.layout.shape != tooSmall {
		for _, o := range a.offers(a.layout.width) {
			if x > o.x && x < o.x+o.w-1 && !o.action.Text {
				return o.action, true
			}
		}
	}
	return keymap.Action{}, false
}
