package tui

import (
	"bytes"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// ofLines is a body of JSON that is large enough to be rewritten beside Update.
func ofLines() string {
	return `{"items":[` + strings.Repeat(`{"id":"abc","n":1.0},`, 14_000) + `{}]}`
}

// rewrites are the keys that rewrite the body, the last of them given apart.
var rewrites = map[string]struct {
	before []string
	key    tea.KeyMsg
	waits  string
}{
	"format":  {nil, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'F'}}, "pretty-printing…"},
	"compact": {nil, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'C'}}, "compacting…"},
	"example": {nil, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'x'}}, "putting it back…"},
	"replace": {[]string{"R", "a", "b", "c", "down", "y"}, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{'a'}, Alt: true}, "replacing all…"},
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
			x.Run(x.app.draftChanged())
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
			changed := string(x.app.draft().Body)
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
			if x.runs(t) != 1 || !bytes.Equal(x.newest(t).Request.Body, x.app.desk.shown.Request.Body) {
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
			other := string(x.app.draft().Body)
			x.Run(late)
			x.is(t, other)
			x.Key("ctrl+r")
			if x.runs(t) != 1 {
				t.Errorf("another request could not be sent\n%s", x.Screen())
			}
		})
	}
}
