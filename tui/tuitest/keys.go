package tuitest

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// Key presses keys by the names that Bubble Tea gives them: "ctrl+r", "enter",
// "alt+b", "?".
func (d *Driver) Key(names ...string) {
	d.t.Helper()
	for _, name := range names {
		k, ok := KeyOf(name)
		if !ok {
			d.t.Fatalf("there is no key %q", name)
		}
		d.Send(k)
	}
}

// Type types a text, one key for each character; a line end is the enter key.
func (d *Driver) Type(text string) {
	d.t.Helper()
	for _, r := range text {
		switch r {
		case '\n':
			d.Send(tea.KeyMsg{Type: tea.KeyEnter})
		case '\t':
			d.Send(tea.KeyMsg{Type: tea.KeyTab})
		case ' ':
			d.Send(tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}})
		default:
			d.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
		}
	}
}

// Paste pastes a text as a terminal with bracketed paste does.
func (d *Driver) Paste(text string) {
	d.t.Helper()
	d.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text), Paste: true})
}

// Click presses and releases the left button at a cell, counted from 0.
func (d *Driver) Click(x, y int) {
	d.t.Helper()
	d.Send(tea.MouseMsg{X: x, Y: y, Action: tea.MouseActionPress, Button: tea.MouseButtonLeft},
		tea.MouseMsg{X: x, Y: y, Action: tea.MouseActionRelease, Button: tea.MouseButtonLeft})
}

// Wheel turns the wheel over a cell; down is positive.
func (d *Driver) Wheel(x, y, turns int) {
	d.t.Helper()
	button := tea.MouseButtonWheelDown
	if turns < 0 {
		button, turns = tea.MouseButtonWheelUp, -turns
	}
	for range turns {
		d.Send(tea.MouseMsg{X: x, Y: y, Action: tea.MouseActionPress, Button: button})
	}
}

var named = func() map[string]tea.KeyMsg {
	keys := map[string]tea.KeyMsg{}
	for t := tea.KeyType(-200); t < 200; t++ {
		k := tea.KeyMsg{Type: t}
		if t == tea.KeySpace {
			k.Runes = []rune{' '}
		}
		if name := k.String(); name != "" && t != tea.KeyRunes {
			keys[name] = k
		}
	}
	keys["space"] = tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}}
	return keys
}()

// KeyOf returns the key with one of Bubble Tea's names, or a character.
func KeyOf(name string) (tea.KeyMsg, bool) {
	if k, ok := named[name]; ok {
		return k, true
	}
	if rest, ok := strings.CutPrefix(name, "alt+"); ok {
		k, found := KeyOf(rest)
		k.Alt = true
		return k, found
	}
	if r := []rune(name); len(r) == 1 {
		return tea.KeyMsg{Type: tea.KeyRunes, Runes: r}, true
	}
	return tea.KeyMsg{}, false
}
