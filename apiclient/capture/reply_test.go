package capture_test

import (
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"countersign/apiclient"
	"countersign/apiclient/capture"
)

func TestReply(t *testing.T) {
	t.Parallel()
	address, seen := proxy(t, "http://unused.test", func(c *capture.Config) {
		c.Origin = apiclient.FromListen
		c.Reply = func(e *apiclient.Exchange) capture.Reply {
			if e.Request.Path() == "/silent" {
				return capture.Reply{Silent: true}
			}
			return capture.Reply{Message: apiclient.Message{Line: "HTTP/1.1 200 OK",
				Header: []apiclient.Field{{Name: "content-LENGTH", Value: "2"}}, Body: e.Request.Body[:2]}}
		}
	})
	client := &http.Client{Transport: &http.Transport{}}
	for range 2 {
		answer, err := client.Post("http://"+address+"/hooks", "text/plain", strings.NewReader("okay"))
		if err != nil {
			t.Fatal(err)
		}
		if b, _ := io.ReadAll(answer.Body); string(b) != "ok" {
			t.Errorf("%q", b)
		}
		_ = answer.Body.Close()
	}
	if answer := send(t, address, "nonsense\r\n\r\n"); !strings.Contains(answer, "\n\r\ncountersign listen: the request cannot be read") {
		t.Errorf("%q", answer)
	}
	if _, err := client.Post("http://"+address+"/silent", "text/plain", strings.NewReader("okay")); err == nil {
		t.Error("it is answered")
	}
	outcomes := map[string]apiclient.Outcome{} // they end on connections of their own, in any order
	for _, e := range seen.wait(t, 4) {
		outcomes[e.Request.Line] = e.Outcome
		if body := string(e.Request.Body); body != "okay" && e.Request.Line != "nonsense" {
			t.Errorf("%s has the body %q", e.Request.Line, body)
		}
	}
	if want := map[string]apiclient.Outcome{"POST /hooks HTTP/1.1": apiclient.Answered, "nonsense": apiclient.Failed,
		"POST /silent HTTP/1.1": apiclient.Lost}; !maps.Equal(outcomes, want) {
		t.Errorf("%v, want %v", outcomes, want)
	}
}
