package tui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/tui/box"
	"countersign/tui/diagnosis"
	"countersign/tui/endpoints"
	"countersign/tui/guide"
	"countersign/tui/headers"
	"countersign/tui/keymap"
	"countersign/tui/layout"
	"countersign/tui/runs"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// open opens a box over the panes, in place of another.
func (a *App) open(b box.Box) {
	a.box = b
	b.Resize(a.layout.Width, a.layout.Height)
}

// ask asks for a line of text.
func (a *App) ask(title, text string, done func(string) (tea.Cmd, error)) tea.Cmd {
	a.open(box.NewPrompt(a.theme, title, text, done))
	return nil
}

// confirm asks a question; yes is done upon a yes.
func (a *App) confirm(question, why string, yes func() tea.Cmd) {
	a.open(box.NewConfirm(a.theme, question, why, yes))
}

// givesWay reports whether the palette may open in a box's place: a question
// must be answered, and what is typed is text.
func givesWay(b box.Box) bool {
	switch b.(type) {
	case *box.Confirm, *box.Jump:
		return false
	}
	return !b.Typing()
}

// boxKey returns a key to the box. ctrl+c means the same everywhere.
func (a *App) boxKey(msg tea.KeyMsg) tea.Cmd {
	current := a.box
	switch {
	case msg.String() == "ctrl+c":
		a.box = nil
		return a.interrupt()
	case msg.Type == tea.KeyRunes && len(msg.Runes) > 1 && !msg.Alt && !msg.Paste && !current.Typing():
		return a.eachRune(msg)
	case a.keys.Has(keymap.Palette, msg.String()) && givesWay(current):
		a.box = nil
		return a.openPalette()
	}
	cmd, done := current.Key(msg)
	a.closeIf(done, current)
	return cmd
}

// boxMouse returns the mouse to the box; a click beside it leaves it, as esc does.
func (a *App) boxMouse(msg tea.MouseMsg) tea.Cmd {
	if msg.Action != tea.MouseActionPress || msg.Button != tea.MouseButtonLeft {
		return a.box.Wheel(ui.Turned(msg))
	}
	current := a.box
	x, y, inside := current.Inside(msg.X, msg.Y)
	if !inside {
		cmd, done := current.Key(tea.KeyMsg{Type: tea.KeyEsc})
		a.closeIf(done, current)
		return cmd
	}
	cmd, done := current.Click(x, y)
	a.closeIf(done, current)
	return cmd
}

// closeIf closes a box that is done, unless it has opened another in its place.
func (a *App) closeIf(done bool, b box.Box) {
	if done && a.box == b {
		a.box = nil
	}
}

func (a *App) openPalette() tea.Cmd {
	a.open(box.NewPalette(a.theme, a.commands()))
	return a.learned(guide.More)
}

// commands are what the palette offers: the actions, those of the focused pane
// first, then what stands in traffic, endpoints, profiles and texts.
func (a *App) commands() []box.Command {
	var all []box.Command
	seen := map[keymap.Scope]bool{keymap.Lists: true, keymap.Sheet: true}
	for _, s := range append([]keymap.Scope{a.scope(), a.focus, keymap.Global}, keymap.Scopes...) {
		if seen[s] || layout.Covers(s) && a.focus != s {
			continue
		}
		seen[s] = true
		for _, action := range a.keys.In(s) {
			if action.ID == keymap.Palette || action.ID == keymap.HelpAnywhere || action.Text {
				continue
			}
			name := action.Long
			if s != keymap.Global {
				name = layout.Title(s) + ": " + name
			}
			all = append(all, box.Command{
				Name: name, Word: action.Short, Keys: action.Key(), Refused: a.refuses(action),
				Run: func() tea.Cmd { return a.do(action) },
			})
		}
	}
	all = append(all, a.traffic.Commands()...)
	for _, e := range a.config.Catalog.Endpoints() {
		name := "Open " + e.ID
		if e.Summary != "" {
			name += "  " + e.Summary
		}
		all = append(all, box.Command{Name: name, Word: e.Name, Run: func() tea.Cmd {
			a.panes.endpoints.Mark(e.ID)
			return ui.Emit(endpoints.Chosen{Endpoint: e})
		}})
	}
	all = append(all, a.requestCommands()...)
	if a.cannotSwitch() == "" {
		for _, q := range a.config.Profiles {
			name := "Use profile " + q.Name + "  " + box.Host(q.BaseURL)
			use := func() tea.Cmd { return ui.Emit(chosenProfile{q.Name}) }
			all = append(all, box.Command{Name: name, Word: q.Name, Run: use})
		}
	}
	if a.config.Topics == nil {
		return all
	}
	for _, t := range a.config.Topics(a.keys) {
		all = append(all, box.Command{Name: "Help: " + t.Title, Word: "help " + t.Name, Run: func() tea.Cmd {
			return a.openText(box.Text{Title: t.Title, What: "the text", Bytes: []byte(t.Text), Prose: true})
		}})
	}
	return all
}

func (a *App) openText(t box.Text) tea.Cmd {
	a.open(box.NewSheet(a.theme, t))
	return nil
}

func (a *App) openHelp() tea.Cmd {
	var all []box.Section
	section := func(name string, s keymap.Scope) {
		made := box.Section{Name: name}
		for _, action := range a.keys.In(s) {
			row := box.Row{Keys: action.AllKeys(), Long: action.Long}
			if !action.Text {
				row.Refused = a.refuses(action)
			}
			made.Rows = append(made.Rows, row)
		}
		all = append(all, made)
	}
	if tab := a.scope(); tab != a.focus {
		section(layout.Title(tab), tab)
	}
	section(layout.Title(a.focus), a.focus)
	if a.focus == keymap.Runs {
		signs := box.Section{Name: "Signs in the list"}
		for _, sign := range runs.Signs() {
			signs.Rows = append(signs.Rows, box.Row{Keys: sign[0], Long: sign[1]})
		}
		all = append(all, signs)
	}
	section("Everywhere", keymap.Global)
	section("Boxes and lists over the screen", keymap.Lists)
	section("Texts over the screen", keymap.Sheet)
	a.open(box.NewHelp(a.theme, all))
	return a.learned(guide.More)
}

// places are what can be jumped to: panes, their tabs, the rows of their lists.
func (a *App) places() []ui.Target {
	focus := func(x, y int, s keymap.Scope, then func() tea.Cmd) ui.Target {
		return ui.Target{X: x, Y: y, Go: func() tea.Cmd { a.setFocus(s); return then() }}
	}
	nothing := func() tea.Cmd { return nil }
	var all []ui.Target
	for scope, r := range a.layout.Panes {
		all = append(all, focus(r.X+2, r.Y, scope, nothing))
		if pane, ok := a.panes.get(scope).(ui.Jumped); ok {
			for _, t := range pane.Targets() {
				all = append(all, focus(r.X+1+t.X, r.Y+1+t.Y, scope, t.Go))
			}
		}
	}
	if a.layout.Shape == layout.Single {
		for _, c := range layout.Strip(a.focus, a.layout.Width) {
			all = append(all, focus(c.X, layout.HeadRows, c.Scope, nothing))
		}
	}
	return all
}

func (a *App) openProfiles() {
	var inUse apiclient.Profile
	if a.services != nil {
		inUse = a.services.Client.Profile()
	}
	choose := func(name string) tea.Cmd { return ui.Emit(chosenProfile{name}) }
	a.open(box.NewProfiles(a.theme, a.config.Profiles, inUse, a.config.file(), choose))
}

func (a *App) openTamper(msg headers.TamperAsked) {
	var profile apiclient.Profile
	if a.services != nil {
		profile = a.services.Client.Profile()
	}
	send, _ := a.keys.Get(keymap.Send)
	a.open(box.NewTamper(a.theme, profile, msg.Chosen, msg.Done, func() tea.Cmd { return a.do(send) }))
}

// noFaults says why the other side cannot be made to misbehave.
func (a *App) noFaults() string {
	if a.services == nil || a.services.Faulty == nil {
		return "Only the built-in Super App misbehaves: choose the profile sandbox"
	}
	return ""
}

func (a *App) openFaults() tea.Cmd {
	faulty := a.services.Faulty
	done := func(chosen []string) tea.Cmd {
		switch err := faulty.SetFaults(chosen...); {
		case err != nil:
			a.status.Set(hint.Sentence(err), status.Bad)
		case len(chosen) == 0:
			a.status.Set("The built-in Super App behaves", status.Neutral)
		default:
			a.status.Set("The built-in Super App misbehaves: "+strings.Join(chosen, ", "), status.Warn)
		}
		return nil
	}
	send, _ := a.keys.Get(keymap.Send)
	a.open(box.NewFaults(a.theme, a.services.Faults, faulty.ActiveFaults(), done, func() tea.Cmd { return a.do(send) }))
	return nil
}

func (a *App) openFilter() tea.Cmd {
	b := box.NewFilter(a.theme, a.panes.runs)
	a.open(b)
	return b.Count(a.services.History)
}

// notify has things said that must not be missed.
func (a *App) notify(notices []string) { a.banner.notices = append(a.banner.notices, notices...) }

// showNotices says them once nothing is typed or asked: the next keys are meant
// for something else.
func (a *App) showNotices() {
	_, typing := a.typist()
	if len(a.banner.notices) == 0 || a.box != nil || typing || len(a.pending.waiting) > 0 {
		return
	}
	a.open(box.NewNotice(a.theme, a.banner.notices))
	a.banner.notices = nil
}

func (a *App) openPaste(msg diagnosis.TellAsked) {
	title := "What the other side says it signed"
	if msg.Side == apiclient.RequestSide {
		title = "The string that the other side built"
	}
	a.open(box.NewPaste(a.theme, title, "The string, its SHA-256 or length, the Signature header, or the error text "+
		"from its log. Empty takes it back.", "compares", msg.Told, a.panes.diagnosis.Tell))
}
