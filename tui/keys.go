package tui

import (
	"slices"
	"time"
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

// do runs an action, or says why it is not possible now.
func (a *App) do(action keymap.Action) tea.Cmd {
	if why := a.refuses(action); why != "" {
		if a.loading() && action.ID != keymap.Cancel {
			a.wait(action)
			return nil
		}
		if action.ID != keymap.Cancel || !a.status.stays { // esc once too often takes no outcome away
			a.say(why, warn)
		}
		return nil
	}
	if !a.status.stays {
		a.hush()
	}
	if action.Scope != keymap.Global {
		pane := action.Scope.Pane()
		if pane != a.focus {
			a.setFocus(pane) // from the palette
		}
		return a.panes.get(pane).Act(action.ID)
	}
	return a.doGlobal(action.ID)
}

// doGlobal runs an action that works everywhere.
func (a *App) doGlobal(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.Send:
		return a.askToSend()
	case keymap.Cancel:
		return a.cancel()
	case keymap.Interrupt:
		return a.interrupt()
	case keymap.Quit:
		return a.quit()
	case keymap.Palette:
		a.open(newPalette(a))
		return a.learned("more")
	case keymap.Help, keymap.HelpAnywhere:
		a.open(newHelp(a))
		return a.learned("more")
	case keymap.Profiles:
		a.open(newProfiles(a))
	case keymap.NextTheme:
		return a.nextTheme()
	case keymap.HintsOff:
		return a.endHints()
	case keymap.Zoom:
		a.zoomed = !a.zoomed
		a.arrange(a.layout.width, a.layout.height)
	case keymap.Mouse:
		return a.toggleMouse()
	case keymap.PanesBack:
		a.pointer.dividers = dividers{}
		a.rearrange()
	case keymap.Jump:
		a.open(newJump(a))
	case keymap.Next, keymap.Previous:
		if a.focus == keymap.Compare {
			return a.panes.compare.Act(id)
		}
		if a.focus == keymap.Request {
			if cmd, within := a.panes.request.StepWithin(id); within {
				return cmd
			}
		}
		a.stepFocus(map[keymap.ID]int{keymap.Next: 1, keymap.Previous: -1}[id])
	case keymap.CopyCurl:
		return a.copyCurl()
	case keymap.Diagnose:
		return a.diagnose()
	default:
		if s, ok := focusActions[id]; ok {
			a.setFocus(s)
			return nil
		}
		return a.panes.get(a.focus).Act(id)
	}
	return nil
}

var focusActions = map[keymap.ID]keymap.Scope{
	keymap.FocusEndpoints: keymap.Endpoints, keymap.FocusRequest: keymap.Request,
	keymap.FocusHeaders: keymap.Headers, keymap.FocusSignature: keymap.Signature,
	keymap.FocusResponse: keymap.Response, keymap.FocusRuns: keymap.Runs,
}

// hidden are the actions on what the diagnosis covers.
var hidden = map[keymap.ID]bool{
	keymap.Send: true, keymap.CopyCurl: true, keymap.Next: true, keymap.Previous: true, keymap.Zoom: true,
}

// refuses says why an action is not possible now; "" where it is. The footer
// leaves refused actions out, the palette shows them with the reason.
func (a *App) refuses(action keymap.Action) string {
	if why, mine := a.refusesShell(action.ID); mine {
		return why
	}
	if action.Scope == keymap.Compare || (a.focus == keymap.Compare && action.Scope != keymap.Compare) {
		return a.refusesComparison(action)
	}
	if action.Scope == keymap.Diagnosis || action.ID == keymap.Diagnose || (a.focus == keymap.Diagnosis && hidden[action.ID]) {
		return a.refusesDiagnosis(action)
	}
	switch action.ID {
	case keymap.Send:
		switch {
		case a.loadErr != nil:
			return "Nothing can be sent: " + a.loadErr.Error()
		case a.services == nil:
			return "Still starting: a moment"
		case a.flight != nil:
			return a.theme.Words("A request is under way: {cancel} cancels it")
		case a.panes.request.Rewriting() != "":
			return a.theme.Words("Waiting for the body (" + a.panes.request.Rewriting() + "): {cancel} stops it, and it stays as it was")
		}
		return ""
	case keymap.Cancel:
		if a.flight == nil && a.panes.request.Rewriting() == "" && !a.leavable() {
			return a.theme.Words("Nothing is running or open: {quit} quits")
		}
		return ""
	case keymap.CopyCurl:
		switch {
		case a.loading():
			return "Still starting: a moment"
		case a.desk.live() && a.desk.previewErr != nil:
			return "The request cannot be signed: " + a.desk.previewErr.Error()
		case a.desk.live() && a.desk.preview != nil && a.desk.previewed != a.desk.revision:
			return "The request is being signed: a moment"
		case a.desk.request() == nil:
			return "There is no signed request yet"
		}
		return ""
	case keymap.RunsAgain, keymap.RunsExact:
		if a.flight != nil {
			return a.theme.Words("A request is under way: {cancel} cancels it")
		}
	}
	if action.Text {
		return a.theme.Words("It works while the body is edited: {request.edit}")
	}
	scope := action.Scope.Pane()
	if scope == keymap.Global {
		if action.ID != keymap.Copy {
			return ""
		}
		scope = a.focus
	}
	return a.panes.get(scope).Refuses(action.ID)
}

// backIsDraft reports whether esc goes from a saved run to the draft, as there
// is nothing else to leave.
func (a *App) backIsDraft() bool {
	return a.panes.request.SavedRun() && !a.zoomed && a.panes.get(a.focus).Refuses(keymap.Cancel) != ""
}

// leavable reports whether esc has something to leave.
func (a *App) leavable() bool {
	if a.zoomed || a.panes.request.SavedRun() {
		return true
	}
	return a.panes.get(a.focus).Refuses(keymap.Cancel) == ""
}

// cancel is esc: it stops what runs, else leaves what is open, and never quits.
func (a *App) cancel() tea.Cmd {
	switch {
	case a.flight != nil:
		a.flight.cancel()
		a.say("Cancelling…", neutral)
		return nil
	case a.panes.request.Rewriting() != "":
		return a.panes.request.Act(keymap.Cancel)
	case a.panes.get(a.focus).Refuses(keymap.Cancel) == "":
		return a.panes.get(a.focus).Act(keymap.Cancel)
	case a.zoomed:
		a.zoomed = false
		a.arrange(a.layout.width, a.layout.height)
	case a.panes.request.SavedRun():
		return a.backToDraft()
	}
	return nil
}

// interrupt is ctrl+c: it stops what runs; pressed again soon, it quits.
func (a *App) interrupt() tea.Cmd {
	now := a.config.Now()
	if now.Sub(a.desk.interrupted) < 2*time.Second {
		return a.leave()
	}
	a.desk.interrupted = now
	if a.flight != nil {
		a.flight.cancel()
		a.say("Cancelling… ctrl+c again quits", neutral)
		return nil
	}
	if a.study.cancel != nil {
		a.study.cancel()
		a.say("The search is stopped; ctrl+c again quits", neutral)
		return nil
	}
	a.say("ctrl+c again quits", neutral)
	return nil
}

// quit closes what covers the screen; where nothing does it leaves. It asks
// first while a request is under way, which may be a payment. What was typed is
// kept.
func (a *App) quit() tea.Cmd {
	switch {
	case a.focus == keymap.Diagnosis:
		a.setFocus(a.study.from)
		return nil
	case a.focus == keymap.Compare:
		a.setFocus(a.pair.from)
		return nil
	case a.zoomed && a.layout.shape != single: // there it makes no difference
		a.zoomed = false
		a.rearrange()
		return nil
	}
	if a.flight != nil {
		a.open(newConfirm(a, "A request is under way. Quit all the same?",
			"It may already have reached the other side. The run stays in the history, marked as outcome unknown.", func() tea.Msg { return leaving{} }))
		return nil
	}
	return a.leave()
}
