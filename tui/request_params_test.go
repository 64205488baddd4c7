package tui

import (
	"fmt"
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/tui/headers"
)

// A newcomer is told to fill in what is missing before being told to send.
func TestTheGuideNamesMissingParameters(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, withParameters, func(x *world) { x.config.Hints = true })
	x.Key("1", "/")
	x.Type("close")
	x.Key("enter", "2")
	x.shows(t, "➜ p in the request fills in linkId, reason; then ctrl+r signs and sends it to the built-in Super App")
}

// Parameters of the path are asked for above the body, and without them nothing is
// sent; what is typed is encoded, with its variables expanded, and signed as it is sent.
func TestParameters(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, withParameters)
	x.Key("1", "/")
	x.Type("close")
	x.Key("enter", "2")
	x.shows(t, "linkId* = needs a value · p (The link to close)", "reason* = needs a value · p (one of sold, expired)",
		"notify  = none (query: boolean)", "the parameters linkId, reason of the path have no value")
	x.lacks(t, "Ready: ctrl+r")
	x.Key("ctrl+r")
	x.shows(t, "Not sent: no value yet for linkId, reason of the path: press p in the request", "0 runs")
	x.Key("p")
	x.Type("a/b {{now}}")
	x.Key("enter")
	x.Type("sold")
	x.Key("down")
	x.Type("true")
	x.Key("esc")
	x.lacks(t, "needs a value", "has no value")
	d, err := x.app.services.Expand(t.Context(), x.app.desk.Draft())
	if err != nil {
		t.Fatal(err)
	}
	e, err := x.app.services.Client.Preview(d)
	if err != nil {
		t.Fatal(err)
	}
	const want = "POST /miniprogram/api/v2/links/a%2Fb%201795435391199/close/sold?notify=true HTTP/1.1"
	if e.Request.Line != want || !strings.Contains(string(e.Sent.Canonical), "/links/a%2Fb%201795435391199/close/sold?notify=true\n") {
		t.Errorf("%s, signed %s", e.Request.Line, e.Sent.Canonical)
	}
	x.Key("ctrl+r")
	x.shows(t, "1 run")

	// They stay with the draft, and x takes them back.
	k, edited := x.app.panes.request.Keep("v2/links/{linkId}/close/{reason}")
	if !edited || fmt.Sprint(k.Draft.Params) != "[{linkId a/b {{now}}} {notify true} {reason sold}]" {
		t.Errorf("%v %v", edited, k.Draft.Params)
	}
	other := explore(t, 140, 40, withParameters)
	endpoint, _ := other.app.config.Catalog.ByID(k.Key)
	if !other.app.panes.request.Restore(k, endpoint) || !other.app.panes.request.Reopen(k.Key) {
		t.Fatal("not restored")
	}
	other.Key("2")
	other.shows(t, "linkId* = a/b {{now}}", "reason* = sold", "notify  = true")
	other.Key("x")
	other.shows(t, "linkId* = needs a value")
	for _, size := range [][2]int{{60, 20}, {80, 24}, {40, 12}} {
		other.Resize(size[0], size[1])
		other.Key("p", "a", "down", "b", "esc", "]", "]", "[")
	}
}

// Headers that an interface requires are asked for like the path's parameters, but
// for those that go with every request; one that was set by hand counts.
func TestHeaderParameters(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, withParameters)
	x.Key("1", "/")
	x.Type("open")
	x.Key("enter", "2")
	x.shows(t, "X-Region* = needs a value · p (header: one of ID, TH)", "X-Trace   = none (header: string)")
	x.lacks(t, "Client-Id* =", "Request-Time* =")
	x.Key("p")
	x.Type("TH")
	x.Key("enter")
	x.lacks(t, "needs a value")
	x.shows(t, "X-Region* = TH")
	d := x.app.desk.Draft()
	if fmt.Sprint(d.Header, d.Params) != "[{X-Region TH}] []" {
		t.Errorf("header %v, params %v", d.Header, d.Params)
	}
	x.Key("3")
	x.shows(t, "X-Region", "TH")

	// One that is set among the headers wins, and is said.
	x.app.panes.headers.SetChanges(headers.Changes{Set: []apiclient.Field{{Name: "x-region", Value: "ID"}}})
	x.Run(x.app.desk.Changed())
	if d := x.app.desk.Draft(); fmt.Sprint(d.Header) != "[{x-region ID}]" {
		t.Errorf("header %v", d.Header)
	}
	x.Key("2", "x")
	x.shows(t, "X-Region* = set in the headers")
	if k, edited := x.app.panes.request.Keep("v2/links/open"); edited || len(k.Draft.Params) > 0 {
		t.Errorf("%v %v", edited, k.Draft.Params)
	}
}

func TestFormsAndNoBody(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, withParameters)
	x.Key("1", "/")
	x.Type("issue")
	x.Key("enter", "2")
	x.shows(t, "1 grant=grant", "application/x-www-form-urlencoded")
	x.lacks(t, "not JSON")
	x.Key("]")
	x.shows(t, "The body is application/x-www-form-urlencoded, not")
	x.Key("[")
	x.Key("1", "/")
	x.Type("links/list")
	x.Key("enter")
	x.shows(t, "GET /miniprogram/api/v2/links/list")
	x.lacks(t, "Content-Type")
}
