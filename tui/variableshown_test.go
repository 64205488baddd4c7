package tui

import (
	"strconv"
	"strings"
	"testing"
)

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
		x.Run(x.app.draftChanged())
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
