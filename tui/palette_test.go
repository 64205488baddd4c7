package tui

import "testing"

// What only has the letters of the typed word somewhere hides nothing that is
// called so, and is found where nothing is.
func TestPaletteFindsWhatIsCalledSo(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30)
	x.Key("ctrl+p")
	x.Type("theme")
	x.shows(t, "Change the colours")
	x.lacks(t, "notifyPayment")
	for range "theme" {
		x.Key("backspace")
	}
	x.Type("again run") // the words in any order
	x.shows(t, "Send this run's request again")
	x.lacks(t, "curl")
	for range "again run" {
		x.Key("backspace")
	}
	x.Type("ntfypy")
	x.shows(t, "notifyPayment")
}
