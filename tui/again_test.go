package tui

import (
	"slices"
	"testing"

	"countersign/apiclient"
)

// A run that is sent again keeps what its headers had of their own, what was
// left out, and what was tampered.
func TestARunSentAgainKeepsItsHeadersAndTampers(t *testing.T) {
	t.Parallel()
	trace := apiclient.Field{Name: "X-Trace", Value: "a{{b}}"}
	x := explore(t, 140, 40)
	d := x.app.draft()
	d.Header, d.Omit, d.Tamper = []apiclient.Field{trace}, []string{"Merchant-Id"}, []string{"wrong_key", "body_changed_in_transit"}
	first := x.app.services.Client.Send(t.Context(), d, apiclient.FromCLI)
	if first.Response == nil {
		t.Fatal(first.Err)
	}
	x.Send(changed{history: true})
	x.Key("6", "g", "enter")
	if x.app.desk.live() {
		t.Errorf("the run is shown as something that would be sent\n%s", x.Screen())
	}
	x.shows(t, "Tampered on purpose")
	x.Key("6", "r")
	again := x.newest(t)
	if again.ID == first.ID {
		t.Fatal("it was not sent again")
	}
	if !slices.Contains(again.Request.Header, trace) || again.Request.Has("Merchant-Id") {
		t.Errorf("the headers are %v", again.Request.Header)
	}
	if again.Sent.Value == "" || !slices.Equal(again.Tampered, first.Tampered) || string(again.Request.Body) != string(first.Request.Body) {
		t.Errorf("it was tampered by %v, then by %v; the body is %q", first.Tampered, again.Tampered, again.Request.Body)
	}
	x.Key("3", "u", "ctrl+r")
	if mended := x.newest(t); len(mended.Tampered) > 0 || !mended.Request.Has("Merchant-Id") {
		t.Errorf("undone, it still is tampered by %v", mended.Tampered)
	}
}

// An ordinary run has nothing on purpose.
func TestAnOrdinaryRunIsOpenedUnchanged(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "6", "g", "enter")
	if c := x.app.panes.headers.Changes(); c.Count() > 0 {
		t.Errorf("opened with %+v", c)
	}
}
