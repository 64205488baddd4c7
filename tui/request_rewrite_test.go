package tui

import (
	"bytes"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

func TestFormattingIsExplicitAndOneStep(t *testing.T) {
	t.Parallel()
	text := "{\"n\":1.50e+1,\"n\":{{now}},\"s\":\"\\u00e9 {{uuid}}\"}\n"
	x := writing(t, 140, 40, text)
	x.Key("alt+p")
	x.is(t, "{\n  \"n\": 1.50e+1,\n  \"n\": {{now}},\n  \"s\": \"\\u00e9 {{uuid}}\"\n}\n")
	x.Key("alt+l")
	x.is(t, strings.TrimSpace(text))
	x.Key("ctrl+z")
	x.is(t, "{\n  \"n\": 1.50e+1,\n  \"n\": {{now}},\n  \"s\": \"\\u00e9 {{uuid}}\"\n}\n")
	x.Key("ctrl+z", "ctrl+home", "right")
	x.Type(",")
	x.Key("alt+p")
	x.shows(t, "Only JSON can be pretty-printed: line 1, column 2")
	x.Key("ctrl+a")
	x.Paste("\ufeff{\r\n\t\"a\":[1]}\r\n")
	x.Key("esc", "esc", "F")
	if got := string(x.app.desk.Draft().Body); !strings.HasPrefix(got, "\ufeff{") || !strings.HasSuffix(got, "}\r\n") {
		t.Errorf("the byte order mark or the end is lost: %q", got)
	}
}

// A large body is rewritten beside Update: it can be stopped, nothing is sent
// that is about to be another, and what is typed meanwhile is not lost.
func TestALargeBodyIsRewrittenBesideUpdate(t *testing.T) {
	t.Parallel()
	body := " " + ofLines()
	for name, c := range rewrites {
		begin := func() (x *world, late tea.Cmd) {
			x = explore(t, 140, 40)
			x.app.panes.request.SetBody([]byte(body))
			x.Run(x.app.desk.Changed())
			x.Key("2")
			x.Key(c.before...)
			late = x.now(c.key)
			x.shows(t, c.waits, "esc stops it")
			x.is(t, body)
			return x, late
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x, late := begin()
			x.Run(late)
			changed := string(x.app.desk.Draft().Body)
			if changed == body {
				t.Errorf("nothing was changed\n%s", x.Screen())
			}
			x.lacks(t, c.waits)
			x.Key("esc", "esc", "ctrl+z")
			x.is(t, body)
			x.Key("ctrl+y")
			x.is(t, changed)
		})
		t.Run(name+" stopped", func(t *testing.T) {
			t.Parallel()
			x, late := begin()
			x.Key("esc")
			x.lacks(t, c.waits)
			x.shows(t, "Stopped: the body is as it was")
			x.Run(late)
			x.is(t, body)
		})
		t.Run(name+" not sent", func(t *testing.T) {
			t.Parallel()
			x, late := begin()
			x.Key("ctrl+r")
			x.shows(t, "Waiting for the body")
			if x.runs(t) != 0 {
				t.Error("the body of before was sent")
			}
			x.Run(late)
			x.Key("ctrl+r")
			if x.runs(t) != 1 || !bytes.Equal(x.newest(t).Request.Body, x.app.desk.Shown().Request.Body) {
				t.Error("it was not sent afterwards")
			}
		})
		t.Run(name+" typed meanwhile", func(t *testing.T) {
			t.Parallel()
			x, late := begin()
			x.app.panes.request.SetBody([]byte(body + "typed"))
			x.Run(late)
			x.is(t, body+"typed")
			x.shows(t, "edited meanwhile")
		})
		t.Run(name+" elsewhere meanwhile", func(t *testing.T) {
			t.Parallel()
			x, late := begin()
			x.Key("esc", "esc", "esc", "1", "down", "down", "enter")
			other := string(x.app.desk.Draft().Body)
			x.Run(late)
			x.is(t, other)
			x.Key("ctrl+r")
			if x.runs(t) != 1 {
				t.Errorf("another request could not be sent\n%s", x.Screen())
			}
		})
	}
}
