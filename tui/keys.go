package tui

import (
	"slices"
	"time"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/box"
	"countersign/tui/diagnosis"
	"countersign/tui/keymap"
	"countersign/tui/layout"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// key takes a key press to its one owner: the overlay, an always-on action,
// the pane that is typing, then the tables of the pane and of everywhere.
func (a *App) key(msg tea.KeyMsg) tea.Cmd {
	if a.layout.Shape == layout.TooSmall && msg.String() != "ctrl+c" {
		return nil // what cannot be seen must not be answered
	}
	if a.box != nil {
		return a.boxKey(msg)
	}
	typist, typing := a.typist()
	// A paste is text, never a shortcut.
	if msg.Paste {
		if typing {
			if a.focus == keymap.Request && slices.Contains(msg.Runes, utf8.RuneError) {
				a.status.Set(a.theme.Words("The paste holds �, which bytes that are no UTF-8 become: "+
					"{request.editor} opens the body byte for byte"), status.Warn)
			}
			return typist.Type(msg)
		}
		if a.focus == keymap.Diagnosis {
			a.openPaste(diagnosis.TellAsked{Side: a.panes.diagnosis.Side()}) // in place of the earlier text
			return a.boxKey(msg)
		}
		if why := a.canPaste(); why != "" {
			a.status.Set(why, status.Warn)
			return nil
		}
		return a.takePaste(string(msg.Runes))
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
// tab where that has its own keys.
func (a *App) scope() keymap.Scope {
	if tab, ok := a.panes.get(a.focus).(interface{ Tab() keymap.Scope }); ok {
		return tab.Tab()
	}
	return a.focus
}

// pending is what a person asked for before the explorer was ready to do it: keys
// (tea.KeyMsg) and actions (keymap.Action), in order. It is done once it can be.
type pending struct {
	waiting []tea.Msg
	due     bool // the next one is on its way
}

// pendingDue says that it is time for the next one.
type pendingDue struct{}

const (
	// mostPending bounds what is kept.
	mostPending = 64
	// pendingPace is the time between two of them: what the first one leads to
	// comes before the second, as when a person types.
	pendingPace = 10 * time.Millisecond
)

// ready reports whether everything is loaded, or cannot be, and the size of the
// screen is known.
func (a *App) ready() bool { return !a.Loading() && a.layout.Width > 0 }

// press takes a key press. What comes after something that waits, waits too.
// ctrl+c never does; esc takes back what waits.
func (a *App) press(msg tea.KeyMsg) tea.Cmd {
	waits := &a.pending.waiting
	switch {
	case msg.String() == "ctrl+c":
		*waits = nil
	case a.Loading() && a.actionWaits() && !msg.Paste && a.keys.Leaves(msg.String()):
		*waits = nil
		a.status.Set("Taken back: nothing will be done by itself", status.Neutral)
		return nil
	case len(*waits) > 0 || a.layout.Width == 0:
		a.postpone(msg)
		return nil
	}
	return a.key(msg)
}

// actionWaits reports whether an action waits.
func (a *App) actionWaits() bool {
	for _, w := range a.pending.waiting {
		if _, is := w.(keymap.Action); is {
			return true
		}
	}
	return false
}

// postpone keeps a key or an action for later.
func (a *App) postpone(what tea.Msg) {
	if len(a.pending.waiting) >= mostPending {
		a.status.Set("Still starting: this key was dropped, too many wait already", status.Warn)
		return
	}
	a.pending.waiting = append(a.pending.waiting, what)
	if a.actionWaits() {
		a.status.Set(a.theme.Words("Starting… what you asked for is done as soon as it can be; {cancel} takes it back"),
			status.Neutral)
	}
}

// resume has the next of what waits done after a command, if it can be done.
func (a *App) resume(cmd tea.Cmd) tea.Cmd {
	if len(a.pending.waiting) == 0 || a.pending.due || !a.ready() {
		return cmd
	}
	a.pending.due = true
	return tea.Batch(cmd, a.config.After(pendingPace, func(time.Time) tea.Msg { return pendingDue{} }))
}

// handle does the next of what waits.
func (pendingDue) handle(a *App) (cmd tea.Cmd) {
	a.pending.due = false
	if len(a.pending.waiting) == 0 {
		return nil
	}
	next := a.pending.waiting[0]
	a.pending.waiting = a.pending.waiting[1:]
	switch next := next.(type) {
	case keymap.Action:
		cmd = a.do(next)
	case tea.KeyMsg:
		cmd = a.key(next)
	}
	if _, asks := a.box.(*box.Confirm); asks {
		a.pending.waiting = nil // a question must be seen before it is answered
	}
	return cmd
}
