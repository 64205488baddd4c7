package tui

import "testing"

// The path of a run is changed like that of an endpoint: it is not lost when
// the run is opened again, nor when the explorer is left.
func TestAChangedPathOfARunIsKept(t *testing.T) {
	t.Parallel()
	x := explore(t, 240, 50, func(x *world) { x.keptRun(t, 1, []byte(`{}`), "m", "") })
	x.Key("6", "enter", "2")
	if _, err := x.app.panes.request.SetTarget("/v2/payments/other"); err != nil {
		t.Fatal(err)
	}
	x.Run(x.app.markEdited())
	x.Key("1", "down", "down", "enter", "6", "enter", "2")
	if got := x.app.panes.request.Target(); got != "/v2/payments/other" {
		t.Errorf("opened again, its path is %s", got)
	}
	x.shows(t, "your copy")
	if err := x.app.flush(); err != nil {
		t.Fatal(err)
	}
	y := explore(t, 140, 40, func(y *world) { y.history = x.history })
	if got := y.app.panes.request.Target(); got != "/v2/payments/other" {
		t.Errorf("after a restart the path is %s", got)
	}
}
