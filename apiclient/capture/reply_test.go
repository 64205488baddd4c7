package capture_test

import (
	"io"
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
	list := seen.wait(t, 3)
	if string(list[1].Request.Body) != "okay" || list[0].Outcome != apiclient.Answered || list[2].Outcome != apiclient.Lost {
		t.Errorf("%+v", list)
	}
}
