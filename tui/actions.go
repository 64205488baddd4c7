package tui

import (
	"slices"
	"sync"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/box"
	"countersign/tui/keymap"
	"countersign/tui/layout"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// Keys is the table of all actions with the keys that they have by themselves:
// for the configuration and for help. What they do is bound to no explorer.
var Keys = sync.OnceValue(func() *keymap.Table {
	t, err := keymap.New((&App{}).actions()...)
	if err != nil {
		panic(err) // a test holds the table free of conflicts
	}
	return t
})

// actions are those of all panes and of everywhere, in the order of help.
func (a *App) actions() keymap.Actions {
	var all keymap.Actions
	for _, s := range layout.All {
		all = append(all, a.panes.get(s).Actions()...)
	}
	return slices.Concat(all, keymap.Boxes, a.globalActions())
}

// globalActions are those that work everywhere.
func (a *App) globalActions() keymap.Actions {
	on := keymap.On
	focus := func(id keymap.ID, key string, s keymap.Scope, where string) keymap.Action {
		return keymap.Action{ID: id, Keys: on(key), Long: "Go to the " + where, Do: ui.Just(func() { a.setFocus(s) })}
	}
	return keymap.In(keymap.Global, keymap.Actions{
		{ID: keymap.Send, Keys: on("ctrl+r"), Short: "send", Footer: 10, Always: true, Long: "Sign the request and send it",
			Do: func() tea.Cmd { return a.desk.Send() }, Cannot: a.cannotSend},
		{ID: keymap.Save, Keys: on("ctrl+s"), Short: "save", Footer: 16, Always: true,
			Long: "Save the request in its file, or in one that is asked for",
			Do:   func() tea.Cmd { return a.desk.Save() }, Cannot: a.cannotSave},
		{ID: "paste", Keys: on("V"), Long: "Paste a request: a curl command, a HAR, a call of fetch, a raw message; it becomes a draft",
			Do: a.askPaste, Cannot: a.canPaste},
		{ID: "files.last-run", Keys: on("L"), Long: "Show the last run of a request file again",
			Do: func() tea.Cmd { return a.files.Run.Show() }, Cannot: func() string { return a.files.Run.CannotShow() }},
		{ID: keymap.Cancel, Keys: on("esc"), Short: "cancel", Now: a.cancelWord, Footer: 11, Always: true,
			Long: "Stop what is running; else leave what is open", Do: a.cancel, Cannot: a.nothingToCancel},
		{ID: keymap.Diagnose, Keys: on("d"), Short: "diagnose", Footer: 12, Long: "Explain why a signature does not match",
			Do: a.diagnose, Cannot: a.cannotDiagnose},
		{ID: keymap.Copy, Keys: on("y"), Short: "copy", Now: a.copyWord, Footer: 30, Long: "Copy what is under the cursor",
			Do:     func() tea.Cmd { return a.paneActions().Act(keymap.Copy) },
			Cannot: func() string { return a.paneActions().Refuses(keymap.Copy) }},
		{ID: keymap.Export, Keys: on("Y"), Short: "copy as",
			Long: "Copy or save the request as it is shown, and its answer: curl, HAR, Postman, Markdown, a program that signs",
			Do:   a.openFormats, Cannot: a.cannotExport},
		{ID: keymap.Mask, Keys: on("M"), Long: "Mask tokens and personal data on the screen, or show them again", Do: a.toggleMask},
		{ID: keymap.Palette, Keys: on("ctrl+p", ":"), Short: "commands", Footer: 40, Always: true, Long: "Run anything by its name",
			Do: a.openPalette},
		{ID: keymap.Help, Keys: on("?"), Short: "help", Footer: 41, Long: "Show all keys", Do: a.openHelp},
		{ID: keymap.HelpAnywhere, Keys: on("f1"), Short: "help", Footer: 44, Always: true, Long: "Show all keys, while typing too",
			Do: a.openHelp},
		{ID: keymap.Next, Keys: on("tab"), Short: "next", Footer: 42, Always: true, Long: "Go to the next pane",
			Do: a.step(keymap.Next, 1), Cannot: a.notCovered},
		{ID: keymap.Previous, Keys: on("shift+tab"), Always: true, Long: "Go to the previous pane",
			Do: a.step(keymap.Previous, -1), Cannot: a.notCovered},
		focus("focus.endpoints", "1", keymap.Endpoints, "endpoints"),
		focus("focus.request", "2", keymap.Request, "request"),
		focus("focus.headers", "3", keymap.Headers, "headers"),
		focus("focus.signature", "4", keymap.Signature, "signature"),
		focus("focus.response", "5", keymap.Response, "response"),
		focus("focus.runs", "6", keymap.Runs, "runs"),
		{ID: keymap.Zoom, Keys: on("z"), Short: "zoom", Footer: 43, Long: "Give this pane the whole screen, or take it back",
			Do: ui.Just(a.zoom), Cannot: a.coveredRequest},
		{ID: keymap.Profiles, Keys: on("P"), Short: "profile", Footer: 45, Long: "Choose the profile: where requests go, and as whom",
			Do: ui.Just(a.openProfiles), Cannot: a.cannotSwitch},
		{ID: keymap.Faults, Keys: on("B"), Long: "Let the built-in Super App misbehave: signature, wire, result codes",
			Do: a.openFaults, Cannot: a.noFaults},
		{ID: "theme", Keys: on("T"), Short: "theme", Long: "Change the colours: dark, light, high contrast", Do: a.nextTheme},
		{ID: keymap.HintsOff, Keys: on("H"), Short: "hints off", Long: "End the hints for newcomers", Do: a.endHints, Cannot: a.noHints},
		{ID: "jump", Keys: on("'"), Short: "jump", Footer: 46, Long: "Jump to anything on the screen by the letters shown on it",
			Do: ui.Just(func() { a.open(box.NewJump(a.theme, a.places)) })},
		{ID: "panes-back", Keys: on("0"), Short: "panes", Long: "Put the dividers back where they were",
			Do: ui.Just(a.resetDividers), Cannot: a.noDividerMoved},
		{ID: keymap.Mouse, Keys: on("m"), Long: "Free the mouse for selecting text, or take it back", Do: a.toggleMouse},
		{ID: keymap.Quit, Keys: on("q"), Long: "Close what covers the screen; else quit", Do: a.quit},
		{ID: keymap.Interrupt, Keys: on("ctrl+c"), Always: true, Long: "Stop what is running; twice: quit", Do: a.interrupt},
	})
}

// paneActions are the actions of the focused pane.
func (a *App) paneActions() keymap.Actions { return a.local[a.focus] }

// do runs an action, or says why it is not possible now.
func (a *App) do(action keymap.Action) tea.Cmd {
	if why := a.refuses(action); why != "" {
		if a.Loading() && action.ID != keymap.Cancel {
			a.postpone(action)
			return nil
		}
		if action.ID != keymap.Cancel || !a.status.Stays() { // esc once too often takes no outcome away
			a.status.Set(why, status.Warn)
		}
		return nil
	}
	if !a.status.Stays() {
		a.status.Clear(a.desk.Shown(), a.desk.Live())
	}
	if pane := action.Scope.Pane(); pane != keymap.Global && pane != a.focus {
		a.setFocus(pane) // from the palette
	}
	return action.Do()
}

// refuses returns why an action is not possible now; "" where it is. The footer
// leaves refused actions out, the palette shows them with the reason.
func (a *App) refuses(action keymap.Action) string {
	pane := action.Scope.Pane()
	switch {
	case pane == keymap.Diagnosis && a.focus != pane:
		return a.theme.Words("The diagnosis is not open: {diagnose} opens it")
	case pane == keymap.Compare && a.focus != pane:
		return a.theme.Words("No comparison is open: {runs.compare} in the runs opens one, {signature.compare} in the " +
			"signature")
	case a.focus == keymap.Compare && pane != keymap.Global && pane != a.focus:
		return a.theme.Words("{cancel} leaves the comparison first")
	case action.Sends && a.desk.Flight.Running():
		return a.desk.UnderWay()
	}
	return action.Refuses()
}

var coverNames = map[keymap.Scope]string{keymap.Diagnosis: "diagnosis", keymap.Compare: "comparison"}

// coveredRequest returns that what an action is about is covered; "" where it is
// on the screen.
func (a *App) coveredRequest() string {
	if layout.Covers(a.focus) {
		return a.theme.Words("The request is not on the screen: {cancel} leaves the " + coverNames[a.focus] + " first")
	}
	return ""
}

// notCovered returns why one cannot go to another pane: the diagnosis has no
// other beside it.
func (a *App) notCovered() string {
	if a.focus == keymap.Diagnosis {
		return a.theme.Words("{cancel} leaves the diagnosis first")
	}
	return ""
}

// cannotSend returns why the request cannot be sent now; "" where it can.
func (a *App) cannotSend() string {
	switch {
	case layout.Covers(a.focus):
		return a.coveredRequest()
	case a.loadErr != nil:
		return "Nothing can be sent: " + a.loadErr.Error()
	case a.services == nil:
		return "Still starting: a moment"
	}
	return a.desk.CannotSend()
}

// cannotSave returns why the draft cannot be saved in a file.
func (a *App) cannotSave() string {
	switch {
	case a.files.Space == nil:
		return `There is no folder of request files: set requests = "requests" in ` + a.config.file() +
			`, or start with countersign DIR`
	case a.services == nil:
		return "Still starting: a moment"
	}
	return a.coveredRequest()
}

func (a *App) cannotExport() string {
	switch {
	case layout.Covers(a.focus):
		return a.coveredRequest()
	case a.Loading():
		return "Still starting: a moment"
	}
	return a.desk.CannotSign()
}

func (a *App) cannotSwitch() string {
	if a.config.Switch == nil || len(a.config.Profiles) == 0 {
		return "There is only this profile"
	}
	return a.desk.UnderWay()
}

func (a *App) noHints() string {
	if a.hint() == "" {
		return "There are no hints"
	}
	return ""
}

func (a *App) noDividerMoved() string {
	if !a.pointer.dividers.Moved() {
		return "No divider was moved: the mouse drags them"
	}
	return ""
}

func (a *App) resetDividers() {
	a.pointer.dividers = layout.Dividers{}
	a.rearrange()
}

// step goes to the next pane or the one before, unless the focused pane has
// something nearer to go to.
func (a *App) step(id keymap.ID, by int) func() tea.Cmd {
	return func() tea.Cmd {
		if own, ok := a.paneActions().Get(id); ok && own.Refuses() == "" {
			return own.Do()
		}
		a.stepFocus(by)
		return nil
	}
}

func (a *App) zoom() {
	a.zoomed = !a.zoomed
	a.rearrange()
}

// cancelWord is what esc does now.
func (a *App) cancelWord() string {
	own, _ := a.paneActions().Get(keymap.Cancel)
	switch {
	case a.desk.Flight.Running():
		return "cancel"
	case a.panes.request.Rewriting() != "":
		return "stop"
	case own.Now != nil:
		return own.Now()
	case a.backIsDraft():
		return "to the draft"
	}
	return "back"
}

func (a *App) copyWord() string {
	if own, _ := a.paneActions().Get(keymap.Copy); own.Short != "" {
		return own.Short
	}
	return "copy"
}

// canLeave reports whether esc has something to leave in the focused pane.
func (a *App) canLeave() bool {
	own, ok := a.paneActions().Get(keymap.Cancel)
	return ok && own.Refuses() == ""
}

// backIsDraft reports whether esc goes from a saved run to the draft, as there
// is nothing else to leave.
func (a *App) backIsDraft() bool {
	return a.panes.request.SavedRun() && !a.zoomed && !a.canLeave()
}

func (a *App) nothingToCancel() string {
	r := a.panes.request
	if a.desk.Flight.Running() || r.Rewriting() != "" || a.zoomed || r.SavedRun() || a.canLeave() {
		return ""
	}
	return a.theme.Words("Nothing is running or open: {quit} quits")
}

// cancel is esc: it stops what runs, else leaves what is open, and never quits.
func (a *App) cancel() tea.Cmd {
	switch {
	case a.desk.Flight.Running():
		a.desk.Flight.Cancel()
		a.status.Set("Cancelling…", status.Neutral)
		return nil
	case a.panes.request.Rewriting() != "":
		return a.panes.request.Actions().Act(keymap.Cancel)
	case a.canLeave():
		return a.paneActions().Act(keymap.Cancel)
	case a.zoomed:
		a.zoomed = false
		a.arrange(a.layout.Width, a.layout.Height)
	case a.panes.request.SavedRun():
		return a.back()
	}
	return nil
}
