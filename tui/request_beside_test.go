package tui

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"countersign/apiclient"
)

func TestExpandedBeside(t *testing.T) {
	t.Parallel()
	x := writing(t, 160, 40, `{"a":"{{profile.client_id}}"}`)
	x.Key("esc", "esc", "z", "v")
	x.shows(t, "as written", "expanded, as signed", `"{{profile.client_id}}"`, `"2188487325442931042"`)
	x.Key("e", "end")
	x.Type("z")
	x.shows(t, `}z`, `"2188487325442931042"}z`)
	x.Key("esc", "esc", "z")
	x = writing(t, 70, 20, `{"a":"{{profile.client_id}}"}`)
	x.Key("esc", "esc", "v")
	x.lacks(t, `"{{profile.client_id}}"`)
	x.shows(t, `"2188487325442931042"`)
}

// Where there is no room beside the body, the expanded one stands below it, and
// one goes on typing above it.
func TestExpandedBelow(t *testing.T) {
	t.Parallel()
	x := writing(t, 140, 40, `{"a":"{{profile.client_id}}"}`)
	x.Key("alt+v")
	x.shows(t, `"{{profile.client_id}}"`, "── expanded, as signed", `"2188487325442931042"}`, "editing 1:")
	x.Key("end")
	x.Type("z")
	x.shows(t, `}"}z`, `"2188487325442931042"}z`)
	rows := strings.Split(x.Screen(), "\n")
	above, below := -1, -1
	for y, row := range rows {
		if strings.Contains(row, `}"}z`) {
			above = y
		}
		if below < 0 && strings.Contains(row, `2"}z`) {
			below = y
		}
	}
	if above < 0 || below <= above {
		t.Fatalf("the expanded body is in row %d, the body in %d:\n%s", below, above, x.Screen())
	}
	// A click below is none on the text that is typed.
	x.Click(40, below)
	x.Type("y")
	x.shows(t, `}"}zy`)
	x.Click(34, above)
	x.Type("x")
	x.lacks(t, `}"}zyx`)
	x.Key("alt+v")
	x.lacks(t, "expanded, as signed")
}

// In a low pane it takes the place of the body, as before.
func TestExpandedInPlaceOfALowBody(t *testing.T) {
	t.Parallel()
	x := writing(t, 100, 30, `{"a":"{{profile.client_id}}"}`)
	x.Key("esc", "esc", "v")
	x.shows(t, "expanded, as signed", `"2188487325442931042"`)
	x.lacks(t, "{{profile.client_id}}")
}

// Both show the same place.
func TestExpandedBelowFollows(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("z", "v", "z") // wide, and narrow again
	x.shows(t, ` 2   "productCode": "CASHIER_PAYMENT"`)
	if n := strings.Count(x.Screen(), `"productCode": "CASHIER_PAYMENT",`); n != 2 {
		t.Errorf("the line is %d times on the screen:\n%s", n, x.Screen())
	}
	x.Key("e", "alt+v")
	x.Key("alt+v", "ctrl+end")
	if n := strings.Count(x.Screen(), `"extendInfo"`); n < 2 {
		t.Errorf("the end is %d times on the screen:\n%s", n, x.Screen())
	}
}

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
	x.Run(x.app.desk.Changed())
	x.Key("2", "v", "z")
	seen := map[string]bool{}
	for range 3 {
		before := x.app.desk.Signed()
		x.Key("ctrl+r")
		sent := x.newest(t).Request
		if x.app.desk.Live() {
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
		x.Key("Y", "enter")
		if !strings.Contains(x.copied, string(sent.Body)) || !strings.Contains(x.copied, sent.Get("Trace")) {
			t.Errorf("the command %s is not what was sent: %s", x.copied, sent.Body)
		}
	}
}

// {{last.…}} is the last answer that has the value: the expanded text shows it.
func TestTheExpandedTextLooksBackForAValue(t *testing.T) {
	t.Parallel()
	bodies := []string{
		`{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"ok"},"paymentId":"2026-THE-ID"}`,
		`{"result":{"resultCode":"PROCESS_FAIL","resultStatus":"F","resultMessage":"no"}}`,
	}
	x := explore(t, 140, 40, func(x *world) {
		n := 0
		x.handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(bodies[min(n, 1)]))
			n++
		})
	})
	x.Key("ctrl+r", "ctrl+r")
	x.shows(t, "F PROCESS_FAIL")
	endpoint, _ := x.app.panes.request.Endpoint()
	x.app.panes.request.SetBody([]byte(`{"paymentId":"{{last.` + endpoint.ID + `.paymentId}}"}`))
	x.Run(x.app.desk.Changed())
	x.Key("2", "v")
	x.shows(t, "expanded, as signed", `{"paymentId":"2026-THE-ID"}`)
}
