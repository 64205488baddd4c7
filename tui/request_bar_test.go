package tui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/box"
	"countersign/tui/keymap"
)

func TestFindAndReplace(t *testing.T) {
	t.Parallel()
	x := writing(t, 140, 40, `{"value":"Value","b":"other value"}`)
	x.Key("ctrl+home", "ctrl+f")
	x.Type("value")
	x.shows(t, "1 of 3", "enter next")
	x.Key("enter", "enter", "enter")
	x.shows(t, "1 of 3")
	x.Key("up")
	x.shows(t, "3 of 3")
	x.Key("esc")
	x.shows(t, "5 B selected")
	x.Key("alt+r")
	x.shows(t, "alt+a all", "3 of 3")
	x.Key("down")
	x.Type("q")
	x.Key("enter")
	x.is(t, `{"value":"Value","b":"other q"}`)
	x.Key("alt+a")
	x.is(t, `{"q":"q","b":"other q"}`)
	x.shows(t, "2 places were replaced")
	x.Key("esc", "esc", "ctrl+z", "ctrl+z")
	x.is(t, `{"value":"Value","b":"other value"}`)
	x.Key("esc", "/")
	x.Type("nowhere")
	x.shows(t, "not in the body")
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

// The find bar obeys the keys that a person set.
func TestFindBarObeysSetKeys(t *testing.T) {
	t.Parallel()
	keys, err := Keys().With(map[keymap.ID][]string{"request.find": {"/", "f7"}, "request.replace": {"f6"}})
	if err != nil {
		t.Fatal(err)
	}
	x := explore(t, 140, 40, func(x *world) { x.config.Keys = keys })
	x.setBody("one two one two one")
	x.Key("e", "ctrl+home", "f7")
	x.Type("one")
	x.Key("f7")
	x.shows(t, "2 of 3")
	x.Key("f6")
	x.shows(t, "replace ")
}

// While a text is replaced tab goes between its two lines, as in any form;
// nothing that was typed is lost.
func TestTabGoesBetweenFindAndReplace(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("R")
	x.Type("USD")
	x.Key("tab")
	x.Type("EUR")
	x.Key("shift+tab", "tab", "alt+a")
	x.shows(t, "2 places were replaced", `"currency": "EUR"`)
	x.Key("esc", "tab")
	x.shows(t, "override") // the headers have the focus
}

// The keys of a bar are named whole, or left out.
func TestKeysOfTheBarAreNotCut(t *testing.T) {
	t.Parallel()
	for _, w := range []int{140, 100, 80, 60, 40} {
		x := explore(t, w, 24)
		x.Key("/")
		x.Type("currency")
		for _, line := range strings.Split(x.Screen(), "\n") {
			if strings.Contains(line, "find currency") && strings.Contains(line, "…") {
				t.Errorf("%d columns: %s", w, line)
			}
		}
	}
}

// What they signed is one thing: what is pasted next takes its place.
func TestToldIsReplaced(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("ctrl+r", "d")
	x.Paste("one")
	x.Key("enter")
	x.Paste("two")
	if got := string(x.app.box.(*box.Paste).Editor.Bytes()); got != "two" {
		t.Errorf("it is %q", got)
	}
}

// Replacing starts without what replaced the last time; what is found is that
// of the search, or the selection.
func TestReplaceStartsEmpty(t *testing.T) {
	t.Parallel()
	x := writing(t, 140, 40, "one two one")
	x.Key("ctrl+home", "alt+r")
	x.Type("one")
	x.Key("down")
	x.Type("three")
	x.Key("esc", "esc", "e", "alt+r")
	x.lacks(t, "three")
	x.Key("esc", "ctrl+home", "ctrl+shift+right", "alt+r", "down", "enter")
	x.is(t, " two one")
}

// From a search to replacing: the text to find stays, the other field is empty.
func TestReplaceFromFind(t *testing.T) {
	t.Parallel()
	x := writing(t, 140, 40, "one two one")
	x.Key("ctrl+home", "alt+r")
	x.Type("one")
	x.Key("down")
	x.Type("three")
	x.Key("ctrl+f", "alt+r")
	x.shows(t, "find    one")
	x.lacks(t, "three")
}
