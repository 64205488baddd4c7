package tui

import (
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/probe/probetest"
	"countersign/apiclient/sandbox"
	"countersign/history"
)

// merchant makes the other side a merchant's own server of callbacks.
func merchant(x *world) {
	x.profile.PlatformKey, x.profile.PlatformKeyName = testKey(x.t, "server2048"), "superapp.pem"
	x.handler = &probetest.Merchant{Key: testKey(x.t, "client2048"), Platform: &testKey(x.t, "server2048").PublicKey,
		ClientID: sandbox.ClientID, Mistake: "ignores-time"}
}

// openCallback opens the endpoint that the Super App calls.
func (x *world) openCallback() {
	x.Key("1", "/")
	x.Type("notify")
	x.Key("enter")
}

// answer types over what a prompt offers.
func (x *world) answer(text string) {
	x.Key("ctrl+u")
	x.Type(text)
	x.Key("enter")
}

// last is the newest run.
func (x *world) last(t *testing.T) apiclient.Exchange {
	t.Helper()
	runs, err := x.history.List(t.Context(), history.Query{Limit: 1})
	if err != nil || len(runs) == 0 {
		t.Fatalf("%v: %d runs", err, len(runs))
	}
	e, err := x.history.Get(t.Context(), runs[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// A callback goes to the merchant's own server, whose URL is asked for once.
func TestSendCallback(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, merchant, func(x *world) { x.config.Hints = true })
	x.openCallback()
	x.shows(t, "callback to your server: t names it", "sends it to your server")
	x.Key("ctrl+r")
	x.shows(t, "URL of your server", "http://127.0.0.1:3000/payments/notify")
	x.answer("ftp://here")
	x.shows(t, "does not start with https:// or http://")
	x.answer("http://127.0.0.1:8000/n?a=1")
	x.shows(t, "callback to http://127.0.0.1:8000/n?a=1", "200 · S SUCCESS · request verified · response verified")
	e := x.last(t)
	if e.Origin != apiclient.FromNotify || e.Endpoint != "v2/payments/notifyPayment" || e.URL != "http://127.0.0.1:8000/n?a=1" {
		t.Errorf("%s %s %s", e.Origin, e.Endpoint, e.URL)
	}
	// Another callback goes there too, and is not asked about.
	x.Key("1", "esc", "end", "enter", "ctrl+r")
	x.lacks(t, "URL of your server:")
	if e := x.last(t); e.Endpoint != "v1/payments/notifyPayment" || e.URL != "http://127.0.0.1:8000/n?a=1" {
		t.Errorf("%s %s", e.Endpoint, e.URL)
	}
	// It is changed with the key of the path.
	x.Key("2", "t")
	x.shows(t, "URL of your server: where the callback goes")
	x.answer("http://127.0.0.1:8000/other")
	x.shows(t, "callback to http://127.0.0.1:8000/other")

	// A saved one is a callback again: with a new signature, and byte for byte.
	x.Key("6", "end", "r")
	x.shows(t, "callback to …", "00/n?a=1", "response verified")
	x.Key("6", "R")
	x.shows(t, "response verified")
	if e := x.last(t); e.Origin != apiclient.FromNotify || !e.SentVerdict.OK() || !e.Received.OK() {
		t.Errorf("%s %s %s", e.Origin, e.SentVerdict.Status, e.Received.Status)
	}
}

// The URL is kept with the draft, for the next explorer.
func TestCallbackURLIsKept(t *testing.T) {
	t.Parallel()
	first := explore(t, 140, 40, merchant)
	first.openCallback()
	first.Key("t")
	first.answer("http://127.0.0.1:8000/kept")
	if err := first.app.flush(); err != nil {
		t.Fatal(err)
	}
	second := explore(t, 140, 40, merchant, func(x *world) { x.history = first.history })
	second.openCallback()
	second.shows(t, "callback to http://127.0.0.1:8000/kept")
	second.Key("1", "esc", "end", "enter")
	second.shows(t, "callback to http://127.0.0.1:8000/kept")
}

// Beyond this machine it asks; without the key it says what is missing.
func TestCallbackAsks(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, merchant)
	x.openCallback()
	x.Key("t")
	x.answer("http://merchant.test/n")
	x.Key("ctrl+r")
	x.shows(t, "Send a callback to merchant.test?", "which is not this machine", "superapp.pem")
	x.Key("n")
	if x.runs(t) != 0 {
		t.Error("it was sent")
	}
	x.Key("ctrl+r", "y")
	x.shows(t, "response verified")

	x = explore(t, 140, 40, merchant, func(x *world) { x.profile.PlatformKey = nil })
	x.openCallback()
	x.Key("ctrl+r")
	x.shows(t, "has no platform_key")
	if x.runs(t) != 0 {
		t.Error("it was sent")
	}
}

// What the Super App would tell of a payment is filled in from it.
func TestCallbackFollowsPayment(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, func(x *world) { x.profile.PlatformKey = testKey(x.t, "server2048") })
	x.Key("ctrl+r", "5")
	paid := x.last(t)
	x.Key("a")
	x.shows(t, "send its notification")
	x.Key("end", "enter")
	x.shows(t, "callback…", "send its notification: filled in")
	id := string(paid.Response.Body)
	id = id[strings.Index(id, `"paymentId":"`)+len(`"paymentId":"`):]
	x.shows(t, id[:strings.IndexByte(id, '"')])
}

// A callback fits on small screens.
func TestCallbackOnSmallScreens(t *testing.T) {
	t.Parallel()
	x := explore(t, 80, 24, merchant)
	x.openCallback()
	x.Key("2", "t")
	x.answer("http://127.0.0.1:8000/a/very/long/path/that/does/not/fit/in/the/title/of/the/pane/payments/notify")
	x.shows(t, "callback to …", "payments/notify")
}
