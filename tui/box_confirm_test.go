package tui

import (
	"fmt"
	"testing"

	"countersign/history"
)

// Notices that are longer than the screen scroll, and say so.
func TestLongNoticesScroll(t *testing.T) {
	t.Parallel()
	x := explore(t, 80, 20)
	var notices []history.Notice
	for i := range 20 {
		notices = append(notices, history.Notice(fmt.Sprintf("thing %d to know", i)))
	}
	x.Send(watched{version: 1, notices: notices})
	x.shows(t, "thing 0 to", "1–15 of 39", "enter closes")
	x.lacks(t, "thing 19 to")
	x.Key("pgdown", "pgdown", "pgdown")
	x.shows(t, "thing 19 to", "25–39 of 39", "enter closes")
	x.Key("home")
	x.shows(t, "thing 0 to")
	x.Key("enter")
	x.lacks(t, "thing 0 to")
}
