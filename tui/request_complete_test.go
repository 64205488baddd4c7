package tui

import (
	"strconv"
	"strings"
	"testing"
)

func TestVariableUnderTheCursor(t *testing.T) {
	t.Parallel()
	x := writing(t, 140, 40, `["{{profile.client_id}}", "{{env.NOPE_X}}"]`)
	x.Key("ctrl+home", "right", "right", "right")
	x.shows(t, "{{profile.client_id}} is 2188487325442931042")
	x.Key("end", "left", "left", "left")
	x.shows(t, "{{env.NOPE_X}} has no value")
}

func TestVariablesAreOffered(t *testing.T) {
	t.Setenv("CS_TEST_NAME", "shown here")
	t.Setenv("CS_TEST_TOKEN", "hide me")
	x := form(t, 240, 40, "")
	x.to(t, "/salesCode")
	x.Key("enter", "ctrl+u")
	x.Type("{{")
	x.shows(t, "uuid", "now_iso", "a new UUID")
	x.Type("env.CS_TEST")
	x.shows(t, "shown here", "set, secret")
	x.lacks(t, "hide me")
	x.Key("enter")
	x.shows(t, "{{env.CS_TEST_NAME}}")
	x.Key("enter")
	x.shows(t, "{{env.CS_TEST_NAME}}\"", "→ shown here")
	// The same in the text.
	x = explore(t, 140, 40)
	x.Key("e")
	x.Type("{{cl")
	x.shows(t, "profile.client_id")
	x.Key("enter")
	if !strings.HasPrefix(x.body(), "{{profile.client_id}}{") {
		t.Errorf("body %.40q", x.body())
	}
	x.Type("{{")
	x.shows(t, "esc closes")
	x.Key("esc")
	x.lacks(t, "esc closes")
	x.shows(t, "editing 1:24")
	x.Type("n")
	x.lacks(t, "esc closes")
}

func TestVariablesOfTheLastAnswer(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "e")
	x.Type("{{last")
	x.shows(t, "last.v2/payments/pay.")
	x.Key("enter")
	x.shows(t, "last.v2/payments/pay.paymentId", "A")
	x.Type("paymentI")
	x.Key("enter")
	if !strings.HasPrefix(x.body(), "{{last.v2/payments/pay.paymentId}}{") {
		t.Errorf("body %.60q", x.body())
	}
	body := string(x.app.desk.Signed().Request.Body)
	if strings.HasPrefix(body, "{{") || len(body) < 30 {
		t.Errorf("signed %.60q", body)
	}
}

// Variables have values in the path and in the headers too, or it is said
// where one has none.
func TestVariablesEverywhere(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("t", "end")
	x.Type("?id={{uuid}}")
	x.Key("enter", "3", "a")
	x.Type("traceId: t-{{profile.name}}")
	x.Key("enter", "ctrl+r")
	line := x.app.desk.Shown().Request.Line
	if !strings.Contains(line, "?id=019aaaaa-") {
		t.Errorf("sent %s", line)
	}
	if got := x.app.desk.Shown().Request.Get("traceId"); got != "t-sandbox" {
		t.Errorf("traceId: %q", got)
	}
	x.shows(t, "request verified · response verified")
	x.Key("3", "a")
	x.Type("X-Odd: {{env.NOT_SET_AT_ALL}}")
	x.Key("enter")
	x.shows(t, "the header X-Odd", "env.NOT_SET_AT_ALL")
}

// Tab chooses the variable that is offered, as it completes a word elsewhere.
func TestTabChoosesAVariable(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("e", "ctrl+a", "backspace")
	x.Type(`"{{uui`)
	x.shows(t, "variables")
	x.Key("tab")
	x.shows(t, `"{{uuid}}`, "editing")
}

// A backslash that is a character of a string does not take the meaning from
// the variable behind it, and what stands for braces is shown as that.
func TestTheVariableBehindABackslashIsShown(t *testing.T) {
	t.Parallel()
	now := strconv.FormatInt(noon.UnixMilli(), 10)
	for text, says := range map[string]string{
		`{"a":"C:\\{{now}}"}`:      "{{now}} is NOW",
		`{"a":"C:\\\\{{now}}"}`:    "{{now}} is NOW",
		`{"a":"C:\\\{{now}}"}`:     "",
		`{"a":"C:{{'\{{'}} b"}`:    `is \{{`,
		`{"a":"{{now}} \{{now}}"}`: "",
	} {
		says = strings.Replace(says, "NOW", now, 1)
		x := explore(t, 140, 40)
		x.app.panes.request.SetBody([]byte(text))
		x.Run(x.app.desk.Changed())
		x.Key("2", "e", "ctrl+end", "left", "left", "left", "left", "left")
		if says == "" {
			x.lacks(t, "is "+now)
			continue
		}
		x.shows(t, says)
	}
}

// Braces behind a backslash that is escaped itself offer variables.
func TestVariablesAreOfferedBehindABackslash(t *testing.T) {
	t.Parallel()
	for text, offers := range map[string]bool{`C:\\{{no`: true, `C:\{{no`: false, `{{no`: true, `\\\{{no`: false} {
		x := explore(t, 140, 40)
		x.app.panes.request.SetBody([]byte(`{"a":""}`))
		x.Key("2", "e", "ctrl+end", "left", "left")
		x.Type(text)
		if got := strings.Contains(x.Screen(), "variables ·"); got != offers {
			t.Errorf("behind %s variables are offered: %v", text, got)
		}
	}
}
