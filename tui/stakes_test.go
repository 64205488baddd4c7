package tui

import "testing"

// A profile that asks says how much money it is about, and what is wrong.
func TestQuestionNamesAmountAndFaults(t *testing.T) {
	t.Parallel()
	asks := func(x *world) { x.profile.Confirm = true }
	x := explore(t, 140, 40, asks)
	x.Key("ctrl+r")
	x.shows(t, "paymentAmount USD 100.00, sent as 10000")
	x.lacks(t, "fault")
	x.Key("n")

	x.app.panes.request.SetBody([]byte(`{"paymentAmount":{"currency":"JPY","value":"500"},"paymentRequestId":1}`))
	x.Run(x.app.draftChanged())
	x.Key("ctrl+r")
	x.shows(t, "paymentAmount JPY 500, sent as 500", "faults: ", "more)")
	if n := x.runs(t); n != 0 {
		t.Errorf("%d runs: it was sent", n)
	}
	x.Key("n")

	x.app.panes.request.SetBody([]byte(`{"paymentAmount":{"currency":"U\\u001b[2J","value":"1\\n2"}}`))
	x.Run(x.app.draftChanged())
	x.Key("ctrl+r", "y")
	if n := x.runs(t); n != 1 {
		t.Errorf("%d runs after yes", n)
	}

	// The very bytes of a run are asked about alike.
	x.Key("6", "R")
	x.shows(t, "Send the same bytes again", "sent as")
}

// The question stays answerable on a small screen.
func TestQuestionFitsASmallScreen(t *testing.T) {
	t.Parallel()
	x := explore(t, 60, 20, func(x *world) { x.profile.Confirm = true })
	x.Key("ctrl+r")
	x.shows(t, "paymentAmount USD 100.00", "y yes", "n no")
}
