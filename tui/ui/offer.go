package ui

import (
	"slices"
	"strings"

	"countersign/tui/keymap"
)

// Offer is an action in the footer.
type Offer struct {
	Action keymap.Action
	Text   string
	X, W   int // where it stands, in cells
}

// NewOffer names an action with its key.
func NewOffer(t *Theme, action keymap.Action, typing bool) Offer {
	text := " " + t.Key.Render(action.KeyWhile(typing)) + " " + t.Muted.Render(action.Word()) + "  "
	return Offer{Action: action, Text: text, W: Width(text)}
}

// FitOffers leaves out what does not fit into a width; for those of kept there is
// always room.
func FitOffers(all []Offer, w int, kept ...keymap.ID) []Offer {
	reserved := 0 // for the kept, until they are placed
	for _, o := range all {
		if slices.Contains(kept, o.Action.ID) {
			reserved = o.W
		}
	}
	fit := all[:0]
	used := 0
	for _, o := range all {
		if slices.Contains(kept, o.Action.ID) {
			reserved = 0
		}
		if used+o.W-2 > w-reserved {
			continue
		}
		o.X = used
		used += o.W
		fit = append(fit, o)
	}
	return fit
}

// FewerKeys leaves out what does not fit of the keys of a box: from behind, but
// for the last, which leaves it.
func FewerKeys(keys string, w int) string {
	const between = " · "
	parts := strings.Split(keys, between)
	for n := len(parts); n > 2 && Width(strings.Join(parts, between)) > w; n-- {
		parts = slices.Delete(parts, n-2, n-1)
	}
	return strings.Join(parts, between)
}
