package tui

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// needles has three needles, far from each other.
func needles() []byte {
	var b bytes.Buffer
	for i := range 200_000 {
		if i%90_000 == 0 {
			fmt.Fprintf(&b, "a needle %d\n", i)
		}
		b.WriteString("nothing is here\n")
	}
	return b.Bytes()
}

// A large body is searched beside Update; all that a search does works
// meanwhile, and after it.
func TestFindInALargeBody(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.setBody(string(needles()))
	x.Key("e", "ctrl+home", "ctrl+f")
	x.Type("needle")
	x.shows(t, "1 of 3", "a needle 0")
	x.Key("enter")
	x.shows(t, "2 of 3", "a needle 90000")
	x.Key("down")
	x.shows(t, "3 of 3", "a needle 180000")
	x.Key("down")
	x.shows(t, "1 of 3")
	x.Key("up", "up")
	x.shows(t, "2 of 3")
	x.Key("alt+r", "down")
	x.Type("pin")
	x.Key("enter")
	x.shows(t, "2 of 2", "a needle 180000")
	if got := x.body(); strings.Count(got, "a pin 90000") != 1 || strings.Count(got, "needle") != 2 {
		t.Error("not the current match was replaced")
	}
	x.Key("alt+a")
	if got := x.body(); strings.Count(got, "a pin ") != 3 || strings.Contains(got, "needle") {
		t.Error("not all were replaced")
	}
	x.shows(t, "2 places were replaced")
	x.Key("esc", "ctrl+z", "ctrl+z")
	if x.body() != string(needles()) {
		t.Error("undo does not bring the body back")
	}
}

// Steps that are asked for before the matches are counted are made when they
// are; a count of a body that was edited since is dropped.
func TestFindBeforeItIsCounted(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.setBody(string(needles()))
	x.Key("e", "ctrl+home", "ctrl+f")
	late := x.now(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("needle")})
	x.shows(t, "counting…", "a needle 0")
	x.now(tea.KeyMsg{Type: tea.KeyDown})
	x.now(tea.KeyMsg{Type: tea.KeyDown})
	x.Run(late)
	x.shows(t, "3 of 3", "a needle 180000")

	x.Key("esc", "ctrl+home", "ctrl+f")
	late = x.now(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("needle")})
	x.Key("esc")
	x.app.panes.request.SetBody([]byte("one needle"))
	x.Run(late)
	x.Key("ctrl+f")
	x.Type("needle")
	x.shows(t, "1 of 1")
}

// now takes a message and gives what is to be done beside Update.
func (x *world) now(msg tea.Msg) tea.Cmd {
	_, cmd := x.app.Update(msg)
	return cmd
}
