package tui

import (
	"bytes"
	"strings"
	"testing"

	"countersign/apiclient"
)

// What is shown expanded is what was signed and sent, each time: with the same
// identifiers, in the body, the path and the headers.
func TestExpandedIsWhatIsSent(t *testing.T) {
	t.Parallel()
	x := explore(t, 200, 50)
	x.app.panes.request.SetBody([]byte("{\n\"paymentRequestId\":\"{{uuid}}\",\n\"n\":\"{{uuid}}\"\n}"))
	if _, err := x.app.panes.request.SetTarget("/v2/payments/pay?id={{uuid}}"); err != nil {
		t.Fatal(err)
	}
	c := x.app.panes.headers.Changes()
	c.Set = append(c.Set, apiclient.Field{Name: "Trace", Value: "{{uuid}}"})
	x.app.panes.headers.SetChanges(c)
	x.Run(x.app.draftChanged())
	x.Key("2", "v", "z")
	seen := map[string]bool{}
	for range 3 {
		before := x.app.desk.request()
		x.Key("ctrl+r")
		sent := x.newest(t).Request
		if x.app.desk.live() {
			t.Fatal("what was sent is not shown")
		}
		if seen[string(sent.Body)] {
			t.Errorf("%s was sent twice", sent.Body)
		}
		if len(seen) == 0 && (!bytes.Equal(before.Request.Body, sent.Body) || before.Request.Line != sent.Line || before.Request.Get("Trace") != sent.Get("Trace")) {
			t.Errorf("shown was %s %s, sent %s %s", before.Request.Line, before.Request.Body, sent.Line, sent.Body)
		}
		seen[string(sent.Body)] = true
		for part := range strings.SplitSeq(string(sent.Body), "\n") {
			x.shows(t, part)
		}
		x.Key("y")
		if x.copied != string(sent.Body) {
			t.Errorf("copied is %s, sent was %s", x.copied, sent.Body)
		}
		x.Key("Y")
		if !strings.Contains(x.copied, string(sent.Body)) || !strings.Contains(x.copied, sent.Get("Trace")) {
			t.Errorf("the command %s is not what was sent: %s", x.copied, sent.Body)
		}
	}
}
