package response

import (
	"context"
	"strings"
	"testing"

	"github.com/muesli/termenv"

	"countersign/apiclient"
	"countersign/apiclient/expect"
	"countersign/apiclient/redact"
	"countersign/tui/tuitest"
	"countersign/tui/ui"
	"countersign/tui/ui/viewer"
)

// What becomes of a value holds on the answer that has it.
func TestExpressionOfAValue(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		mode              viewer.Mode
		body, path, value string
		want              string
	}{
		{viewer.JSON, `{"a":{"b":"x \"y\""}}`, "a.b", `"x \"y\""`, `.body.a.b == "x \"y\""`},
		{viewer.JSON, `{"n":12345678901234567890.50}`, "n", `12345678901234567890.50`, `.body.n == 12345678901234567890.50`},
		{viewer.JSON, `[{"odd name":null}]`, `[0]["odd name"]`, `null`, `.body[0]["odd name"] == null`},
		{viewer.JSON, `{"l":[1,[2]]}`, "l", `[1,[2]]`, `.body.l | length == 2`},
		{viewer.JSON, `{"o":{"x":1}}`, "o", `{"x":1}`, `.body.o | type == "object"`},
		{viewer.JSON, `{"o":{"accessToken":"T-1"}}`, "o.accessToken", `"T-1"`, `.body.o.accessToken != null`},
		{viewer.JSON, `true`, ".", `true`, `.body == true`},
		{viewer.XML, `<r><a>x &amp; y</a></r>`, "a", `<a>x &amp; y</a>`, `.body.a == "x & y"`},
	} {
		got, why := expression([]byte(tt.value), tt.path, tt.mode, redact.Redactor{})
		if got != tt.want || why != "" {
			t.Errorf("%s of %s: %q %q, want %q", tt.path, tt.body, got, why, tt.want)
			continue
		}
		x, err := expect.Compile(got)
		if err != nil {
			t.Errorf("%s: %v", got, err)
			continue
		}
		media := "application/json"
		if tt.mode == viewer.XML {
			media = "application/xml"
		}
		e := &apiclient.Exchange{Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: []byte(tt.body),
			Header: []apiclient.Field{{Name: "Content-Type", Value: media}}}}
		if r := x.Check(context.Background(), expect.Value(e, nil)); !r.Holds {
			t.Errorf("%s does not hold on %s: %s", got, tt.body, r)
		}
	}
	if _, why := expression([]byte(`"`+strings.Repeat("x", 2*longestExpected)+`"`), "a", viewer.JSON, redact.Redactor{}); why == "" {
		t.Error("a very long value became an expectation")
	}
}

// Failed expectations say why, in as many rows as there is room for, and never
// break the pane.
func TestFailedExpectationsAreSaid(t *testing.T) {
	t.Parallel()
	for w := 1; w < 90; w += 3 {
		p := New(ui.NewTheme(ui.ThemeDark, termenv.Ascii))
		p.Show(&apiclient.Exchange{Response: &apiclient.Message{Line: "HTTP/1.1 200 OK", Body: []byte(`{"a":1}`)}})
		p.SetExpectations([]expect.Result{{Expression: ".body.a == 2", Gave: "false", Parts: []expect.Part{{Path: ".body.a", Value: "1\x1b[31m漢字"}}},
			{Expression: ".status", Holds: true}})
		for _, h := range []int{1, 5, 20} {
			p.Resize(w, h)
			tuitest.Exact(t, p.View(), w, h)
		}
		if w > 60 {
			tuitest.Shows(t, p.View(), "✗ 1 of 2 expectations failed: .body.a == 2: gave false;")
		}
	}
}
