package tui

import (
	"testing"

	"countersign/apiclient/catalog"
)

// unlisted opens the form on a body of an endpoint that no schema describes.
func unlisted(t *testing.T, w, h int, body string) *world {
	t.Helper()
	x := explore(t, w, h)
	x.app.panes.request.Open(catalog.Endpoint{ID: "own", Method: "POST", Path: "/own", Example: []byte(body)})
	x.Run(x.app.draftChanged())
	x.Key("2", "]")
	return x
}

// Where there is no field, a person can add one of his own; nothing that was
// there is lost by it.
func TestAFirstFieldOfOnesOwn(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"{}":                     `{"own": ""}`,
		"":                       "{\n  \"own\": \"\"\n}",
		"\xef\xbb\xbf{\r\n}\r\n": "\xef\xbb\xbf{\r\n  \"own\": \"\"\r\n}\r\n",
		"\xef\xbb\xbf":           "\xef\xbb\xbf{\n  \"own\": \"\"\n}",
	} {
		x := unlisted(t, 140, 40, body)
		x.Key("a")
		x.shows(t, "a new field", "The name of the new field")
		x.Type("own")
		x.bodyIs(t, body)
		x.Key("enter")
		x.bodyIs(t, want)
		x.Key("enter")
		x.Type("v")
		x.Key("enter", "u", "u")
		x.bodyIs(t, body)
	}
	x := unlisted(t, 140, 40, "[]")
	x.Key("a")
	x.bodyIs(t, `[""]`)
	x.Key("u", "a", "esc")
	for body, says := range map[string]string{`"text"`: "one value", "no JSON": "not JSON", "{": "not JSON"} {
		x := unlisted(t, 140, 40, body)
		x.Key("a")
		x.shows(t, says)
		x.bodyIs(t, body)
	}
	small := unlisted(t, 60, 14, "{}")
	small.Key("a", "x")
	small.shows(t, "a new field", "x")
}

// A body that is no JSON is not lost to the first field that is added, and a
// byte order mark does not make it one.
func TestTheFormKeepsWhatItCannotRead(t *testing.T) {
	t.Parallel()
	x := form(t, 140, 40, "no JSON at all")
	x.to(t, "/paymentRequestId")
	x.Key("enter")
	x.bodyIs(t, "no JSON at all")
	x.shows(t, "not JSON")
	x = form(t, 140, 40, "\xef\xbb\xbf{\r\n \"paymentRequestId\": \"x\"\r\n}")
	x.to(t, "/paymentRequestId")
	x.Key("enter", "ctrl+u")
	x.Type("y")
	x.Key("enter")
	x.bodyIs(t, "\xef\xbb\xbf{\r\n \"paymentRequestId\": \"y\"\r\n}")
}
