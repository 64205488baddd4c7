package tui

import (
	"net/http"
	"strings"
	"testing"

	"countersign/apiclient/jsontext"
)

func bodyValue(t *testing.T, x *world, pointer string) string {
	t.Helper()
	path, err := jsontext.ParsePath(pointer)
	if err != nil {
		t.Fatal(err)
	}
	v, _ := jsontext.Get(x.app.draft().Body, path)
	return string(v)
}

// From a payment to its inquiry: filled in, not sent, and a draft of its own.
func TestFollowUp(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "5")
	x.shows(t, "approve it as the buyer · inquire this payment")
	x.lacks(t, "refund it") // nobody has paid yet
	sent := x.app.desk.shown
	x.Key("a")
	x.shows(t, "What next", "v2/payments/inquiryPayment")
	x.lacks(t, "its notification", "v1/payments/refund")
	x.Key("down", "enter")
	x.shows(t, "inquire this payment 12:03:11", "ctrl+r sends it")
	if n := x.runs(t); n != 1 {
		t.Fatalf("%d runs: it was sent by itself", n)
	}
	id, _ := jsontext.Get(sent.Response.Body, jsontext.Path{"paymentId"})
	if got := bodyValue(t, x, "/paymentId"); got != string(id) || got == "" {
		t.Errorf("paymentId is %s, want %s", got, id)
	}
	x.Key("ctrl+r")
	x.shows(t, "200 · S SUCCESS")
	if x.app.desk.shown.Endpoint != "v2/payments/inquiryPayment" {
		t.Errorf("it went to %s", x.app.desk.shown.Endpoint)
	}
}

// The endpoint's own draft, edited before, is left alone.
func TestFollowUpKeepsDrafts(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	e, err := x.config.Catalog.Lookup("v2/payments/inquiryPayment")
	if err != nil {
		t.Fatal(err)
	}
	x.app.openDraft(func() { x.app.panes.request.Open(e) })
	x.Key("2", "e")
	x.Type("Z")
	x.Key("esc", "1", "home", "enter", "ctrl+r", "5", "a", "down", "enter")
	if body := string(x.app.draft().Body); strings.HasPrefix(body, "Z") {
		t.Errorf("it opened the edited draft: %.20q", body)
	}
	x.app.openDraft(func() { x.app.panes.request.Open(e) })
	if body := string(x.app.draft().Body); !strings.HasPrefix(body, "Z{") {
		t.Errorf("the edited draft is gone: %.20q", body)
	}
}

// After U, and after no answer at all, the inquiry comes first.
func TestUnknownOutcomeInquiresFirst(t *testing.T) {
	t.Parallel()
	for name, option := range map[string]func(*world){
		"U":           answering(200, nil, `{"result":{"resultStatus":"U","resultCode":"UNKNOWN_EXCEPTION"}}`),
		"bad gateway": answering(502, nil, `<html>`),
		"lost": func(x *world) {
			x.handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				conn, _, err := w.(http.Hijacker).Hijack()
				if err == nil {
					_ = conn.Close()
				}
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			x := explore(t, 140, 40, option)
			x.Key("ctrl+r", "5")
			x.shows(t, "inquire this payment first: the outcome is unkn")
			id := bodyOf(x, "paymentRequestId")
			x.Key("a")
			if got := bodyValue(t, x, "/paymentRequestId"); got != id || len(got) < 10 {
				t.Errorf("paymentRequestId is %s, want %s", got, id)
			}
			if n := x.runs(t); n != 1 {
				t.Errorf("%d runs: it was sent by itself", n)
			}
		})
	}
}

func bodyOf(x *world, name string) string {
	v, _ := jsontext.Get(x.app.desk.shown.Request.Body, jsontext.Path{name})
	return string(v)
}

// A payment that the buyer has not approved is neither refunded nor notified of;
// approved by a key, it is a success, and can be.
func TestApproveAsTheBuyer(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("5", "A")
	x.shows(t, "Nothing waits for the buyer")
	x.Key("ctrl+r", "a", "down", "enter", "ctrl+r", "5")
	x.shows(t, `"PROCESSING"`)
	x.Key("a")
	x.shows(t, "Nothing can follow: paymentStatus is PROCESSING, not SUCCESS")

	x = explore(t, 140, 40)
	x.Key("ctrl+r", "5")
	x.shows(t, "A approve")
	x.Key("A")
	x.shows(t, "Paid. The merchant learns it from inquiryPayment · a opens what comes next")
	x.lacks(t, "approve it as the buyer")
	if n := x.runs(t); n != 1 {
		t.Errorf("%d runs: approving is no request", n)
	}
	x.Key("a", "ctrl+r", "5")
	x.shows(t, `"SUCCESS"`, "refund it")
	x.Key("a", "ctrl+r")
	x.shows(t, "200 · S SUCCESS")
	if got := x.app.desk.shown.Endpoint; got != "v1/payments/refund" {
		t.Errorf("it went to %s", got)
	}
}

// From the list it is done as by its key.
func TestApproveFromTheList(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "5", "a")
	x.shows(t, "It is done at once")
	x.Key("enter")
	x.shows(t, "Paid.")
	if x.app.box != nil {
		t.Errorf("a %T is open", x.app.box)
	}
}

// What was offered before another profile came into use is not done any more.
func TestApproveAfterAnotherProfile(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "5")
	x.app.services.Buyer = nil
	x.Key("A")
	x.shows(t, "Nothing was approved")
}
