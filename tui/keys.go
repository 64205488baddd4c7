package tui

import (
	"slices"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// key takes a key press to its one owner: the overlay, an always-on action,
// the pane that is typing, then the tables of the pane and of everywhere.
func (a *App) key(msg tea.KeyMsg) tea.Cmd {
	if a.layout.shape == tooSmall && msg.String() != "ctrl+c" {
		return nil // what cannot be seen must not be answered
	}
	if a.overlay != nil {
		return a.overlayKey(msg)
	}
	typist, typing := a.typist()
	// A paste is text, never a shortcut.
	if msg.Paste {
		if typing {
			if a.focus == keymap.Request && slices.Contains(msg.Runes, utf8.RuneError) {
				a.say(a.theme.Words("The paste holds �, which bytes that are no UTF-8 become: {request.editor} opens the body byte for byte"), warn)
			}
			return typist.Type(msg)
		}
		if a.focus == keymap.Diagnosis {
			a.open(newPasteBox(a, nil)) // in the place of what was told before
			return a.overlayKey(msg)
		}
		a.say(a.theme.Words("Pasted text goes into a text field: {request.edit} opens the body"), warn)
		return nil
	}
	// Two fast keys can arrive as one message: each counts.
	if !typing && msg.Type == tea.KeyRunes && len(msg.Runes) > 1 && !msg.Alt {
		return a.eachRune(msg)
	}
	if action, ok := a.keys.Lookup(a.scope(), msg.String(), typing); ok {
		return a.do(action)
	}
	if typing {
		return typist.Type(msg)
	}
	return nil
}

func (a *App) eachRune(msg tea.KeyMsg) tea.Cmd {
	var cmds []tea.Cmd
	for _, r := range msg.Runes {
		cmds = append(cmds, a.key(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}}))
	}
	return tea.Sequence(cmds...)
}

func (a *App) typist() (ui.Typist, bool) {
	t, ok := a.panes.get(a.focus).(ui.Typist)
	return t, ok && t.Typing()
}

// scope is where keys are looked up: that of the focused pane, or of its open
// tab where that has keys of its own.
func (a *App) scope() keymap.Scope {
	if tab, ok := a.panes.get(a.focus).(interface{ Tab() keymap.Scope }); ok {
		return tab.Tab()
	}
	return a.focus
}
