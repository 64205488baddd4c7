package tui

import (
	"bytes"
	"fmt"
	"testing"

	"countersign/tui/box"
	"countersign/tui/ui/viewer"
)

// A large stage is searched whole, though what is far away is counted beside
// Update.
func TestLargeSheetIsSearchedWhole(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30)
	text := append(bytes.Repeat([]byte("nothing here\n"), 200_000), "the needle stands at the end\n"...)
	x.app.open(box.NewSheet(x.app.theme, box.Text{Title: "Large", Bytes: text}))
	x.Key("/")
	x.Type("needle")
	x.shows(t, "the needle stands at the end", "1 of 1")
	x.Key("enter", "esc")
	x.lacks(t, "1 of 1")
}

// n and N go through all matches of a large sheet.
func TestLargeSheetGoesThroughItsMatches(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30)
	var text bytes.Buffer
	for i := range 200_000 {
		if i%90_000 == 0 {
			fmt.Fprintf(&text, "needle %d\n", i)
		}
		text.WriteString("nothing here\n")
	}
	x.app.open(box.NewSheet(x.app.theme, box.Text{Title: "Large", Bytes: text.Bytes()}))
	x.Key("/")
	x.Type("needle")
	x.Key("enter", "n")
	x.shows(t, "needle 90000", "2 of 3")
	x.Key("n")
	x.shows(t, "needle 180000", "3 of 3")
	x.Key("N", "N")
	x.shows(t, "1 of 3")
}

// The search goes on in the other look: the number is that of what is shown.
func TestSheetSearchesWhatIsShown(t *testing.T) {
	t.Parallel()
	x := explore(t, 100, 30)
	x.app.open(box.NewSheet(x.app.theme, box.Text{Title: "Both", Bytes: []byte("needle\nneedle\n"), Copy: []byte("a needle"), Mode: viewer.Text}))
	x.Key("/")
	x.Type("needle")
	x.Key("enter")
	x.shows(t, "1 of 2")
	x.Key("h")
	x.shows(t, "1 of 1")
	x.Key("h")
	x.shows(t, "1 of 2")
}
