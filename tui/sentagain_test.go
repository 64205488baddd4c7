package tui

import (
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/export"
	"countersign/history"
)

// newest gives the newest run of the history.
func (x *world) newest(t *testing.T) apiclient.Exchange {
	t.Helper()
	runs, err := x.history.List(context.Background(), history.Query{Limit: 1})
	if err != nil || len(runs) == 0 {
		t.Fatal(runs, err)
	}
	e, err := x.history.Get(context.Background(), runs[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// What a run was sent with is no template: braces in it, which another client
// may have written, are not replaced when it is sent again.
func TestARunSentAgainKeepsItsBraces(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"memo":"{{env.HOME}}"}`, `{"memo":"{{nothing.known}}"}`, `{"memo":"\\{{uuid}}", "n":"{{"}`} {
		x := explore(t, 140, 40, func(x *world) {
			e := &apiclient.Exchange{
				ID: "018aaaaa-0000-7000-8000-000000000001", Profile: "sandbox", Endpoint: "v2/payments/pay", Origin: apiclient.FromFile,
				URL:      "http://superapp.test/miniprogram/api/v2/payments/pay?q={{now}}",
				Request:  apiclient.Message{Line: "POST /miniprogram/api/v2/payments/pay?q={{now}} HTTP/1.1", Body: []byte(body)},
				Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: []byte(`{}`)}, Outcome: apiclient.Answered, StartedAt: noon,
			}
			if err := x.history.Complete(context.Background(), e); err != nil {
				t.Fatal(err)
			}
		})
		x.Key("6", "r")
		e := x.newest(t)
		if e.Origin != apiclient.FromExplorer || string(e.Request.Body) != body {
			t.Errorf("%s was sent again as %s (%s)\n%s", body, e.Request.Body, e.Origin, x.Screen())
		}
		if want := "/miniprogram/api/v2/payments/pay?q={{now}}"; e.Request.Target() != want {
			t.Errorf("the target is %s", e.Request.Target())
		}
	}
}

// A question names where the request goes. Where another profile has come into
// use meanwhile, yes is no answer to it.
func TestYesToAnotherProfileSendsNothing(t *testing.T) {
	t.Parallel()
	for name, asks := range map[string]func(*world){
		"a run of another profile": func(x *world) {
			x.Key("6", "r")
			x.shows(t, "profile staging · ", "to sandbox")
			x.lacks(t, "{diagnose}")
			x.Send(chosenProfile{"production"}) // its keys were still being loaded
		},
		"its very bytes": func(x *world) {
			x.Key("6", "R")
			x.shows(t, "profile staging · ", "to sandbox")
			x.lacks(t, "{diagnose}")
			x.Send(chosenProfile{"production"})
		},
		"a draft": func(x *world) {
			x.Send(chosenProfile{"production"})
			x.Key("ctrl+r")
			x.shows(t, "Send POST /v2/payments/pay to production?")
			x.Send(chosenProfile{"sandbox"})
		},
	} {
		x := explore(t, 140, 40, elsewhere, func(x *world) {
			e := &apiclient.Exchange{
				ID: "018aaaaa-0000-7000-8000-000000000001", Profile: "staging", Endpoint: "v2/payments/pay", Origin: apiclient.FromCLI,
				URL:      "https://staging.example.com/api/v2/payments/pay",
				Request:  apiclient.Message{Line: "POST /api/v2/payments/pay HTTP/1.1", Body: []byte("{}")},
				Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: []byte(`{}`)}, Outcome: apiclient.Answered, StartedAt: noon,
			}
			if err := x.history.Complete(context.Background(), e); err != nil {
				t.Fatal(err)
			}
		})
		asks(x)
		x.Key("y")
		if n := x.runs(t); n != 1 {
			t.Errorf("%s: it was sent to another than was asked about, %s", name, x.newest(t).URL)
		}
		x.shows(t, "Nothing was sent: another profile")
	}
}

// What curl makes of the command is the request that was signed: it must not
// read a file, add a header, or leave one out.
func TestCurlSendsWhatWasSigned(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl here")
	}
	for name, e := range map[string]apiclient.Exchange{
		"a body like a file's name": {Request: apiclient.Message{Body: []byte("@/etc/hostname"), Header: []apiclient.Field{{Name: "Content-Type", Value: "x/y"}}}},
		"no Content-Type":           {Request: apiclient.Message{Body: []byte("{}\r\n")}},
		"a header without value":    {Request: apiclient.Message{Body: []byte("{}"), Header: []apiclient.Field{{Name: "Content-Type", Value: "x/y"}, {Name: "Merchant-Id"}}}},
		"quotes and controls":       {Request: apiclient.Message{Body: []byte("it's\x01 \xff\\n\n"), Header: []apiclient.Field{{Name: "Content-Type", Value: "x/'y"}}}},
		"no body, no agent":         {Request: apiclient.Message{Header: []apiclient.Field{{Name: "User-Agent", Value: "me"}, {Name: "Accept", Value: "a"}}}},
	} {
		type got struct {
			header http.Header
			body   string
		}
		arrived := make(chan got, 1)
		address := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			arrived <- got{r.Header, string(body)}
		}))
		e.URL, e.Request.Line = "http://"+address+"/x", "POST /x HTTP/1.1"
		command := exec.Command("bash", "-c", export.Curl(e))
		command.Env = append(os.Environ(), "no_proxy=*")
		if out, err := command.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s\n%s", name, err, export.Curl(e), out)
			continue
		}
		g := <-arrived
		if g.body != string(e.Request.Body) {
			t.Errorf("%s: the body is %q", name, g.body)
		}
		for _, f := range e.Request.Header {
			if values, ok := g.header[http.CanonicalHeaderKey(f.Name)]; !ok || values[0] != f.Value {
				t.Errorf("%s: %s is %q", name, f.Name, values)
			}
		}
		for _, field := range []string{"Content-Type", "Accept", "User-Agent"} {
			if _, there := g.header[field]; there && !e.Request.Has(field) {
				t.Errorf("%s: %s was added: %q", name, field, g.header[field])
			}
		}
	}
}
