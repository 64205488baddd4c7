package tui

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"countersign/apiclient"
)

// keptRun puts a run of a body, a header and a query into the history.
func (x *world) keptRun(t *testing.T, n int, body []byte, memo, query string) {
	t.Helper()
	target := "/miniprogram/api/v2/payments/pay" + query
	e := &apiclient.Exchange{
		ID: fmt.Sprintf("018aaaaa-0000-7000-8000-%012d", n), Profile: "sandbox", Endpoint: "v2/payments/pay", Origin: apiclient.FromFile,
		URL:      "http://superapp.test" + target,
		Request:  apiclient.Message{Line: "POST " + target + " HTTP/1.1", Header: []apiclient.Field{{Name: "Memo", Value: memo}}, Body: body},
		Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: []byte(`{}`)}, Outcome: apiclient.Answered, StartedAt: noon,
	}
	if err := x.history.Complete(context.Background(), e); err != nil {
		t.Fatal(err)
	}
}

// oddBodies are bodies that no template is, some of them random.
func oddBodies() [][]byte {
	list := [][]byte{
		nil, []byte(`{"a":"\{{x}}"}`), []byte(`{"a":"\\\{{env.HOME}}`), []byte(`{"a":"{\{{{{x}}"}`), []byte(`{{'\{{'}}`), []byte(`{{{{`), []byte(`{a:\{{uuid}}}`),
		[]byte("\xef\xbb\xbf{\"a\":\"{{\r\n\x00\xff\"} "), []byte(`{"e":"{\"a\":\"\{{now}}\"}"} `),
	}
	random, pieces := rand.New(rand.NewPCG(3, 4)), []string{"{", "{{", `\`, `\`, `"`, "}}", "'", "now", "[", ",", "\r\n", "\n", "\r", "\xff", "\x00", " ", "\t", "é"}
	for range 10 { // more of them are tried by FuzzLiteralIsExact
		text := []string{"", `{"a":"`, `["{\"`}[random.IntN(3)]
		for range random.IntN(30) {
			text += pieces[random.IntN(len(pieces))]
		}
		list = append(list, []byte(text))
	}
	return list
}

// A run that is sent again has the very bytes that it had, whatever they are:
// nothing of it is a template.
func TestARunSentAgainHasItsBytes(t *testing.T) {
	t.Parallel()
	for i, body := range oddBodies() {
		memo := fmt.Sprintf(`%d {{now}} \{{x \\{{`, i)
		x := explore(t, 140, 40, func(x *world) { x.keptRun(t, 1, body, memo, `?q=\{{x}}{{now}}`) })
		x.Key("6", "r")
		e := x.newest(t)
		if e.Origin != apiclient.FromExplorer || !bytes.Equal(e.Request.Body, body) {
			t.Errorf("%q was sent again as %q (%s)\n%s", body, e.Request.Body, e.Origin, x.Screen())
		}
		if got := e.Request.Get("Memo"); got != memo {
			t.Errorf("the header %q was sent again as %q", memo, got)
		}
		if want := `/miniprogram/api/v2/payments/pay?q=\{{x}}{{now}}`; e.Request.Target() != want {
			t.Errorf("the target is %s", e.Request.Target())
		}
	}
}

// Nor does it become one by an edit somewhere else, or by being kept for
// another day; a variable that is typed into it is one.
func TestAnEditedRunKeepsTheRestOfItsBytes(t *testing.T) {
	t.Parallel()
	for _, body := range oddBodies() {
		x := explore(t, 140, 40, func(x *world) { x.keptRun(t, 1, body, "{{now}}", "") })
		x.Key("6", "enter", "2", "e", "ctrl+home")
		x.Type(" {{now}}")
		if x.app.panes.request.Key() == "" || !x.app.panes.request.Edited() {
			t.Fatalf("%q is not open\n%s", body, x.Screen())
		}
		if err := x.app.flush(); err != nil {
			t.Fatal(err)
		}
		y := explore(t, 140, 40, func(y *world) { y.history = x.history })
		y.Key("ctrl+r")
		e := y.newest(t)
		if want := append([]byte(fmt.Sprintf(" %d", noon.UnixMilli())), body...); !bytes.Equal(e.Request.Body, want) {
			t.Errorf("%q was sent as %q\n%s", want, e.Request.Body, y.Screen())
		}
		if got := e.Request.Get("Memo"); got != "{{now}}" {
			t.Errorf("the header is %q", got)
		}
	}
}
