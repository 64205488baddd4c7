package tui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/signing"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// guide is the line above the status line: what is wrong with the
// configuration, else the next step for a newcomer. It is there only while it
// has something to say.
type guide struct {
	fault  string // why the configuration cannot be used as it is now
	done   []string
	banner string // as it is drawn; "": there is none
}

// step is one thing that a newcomer is shown, once.
type step struct {
	name string
	due  func(*App) bool
	says func(*App) string
}

// experienced is the number of runs from which nobody is a newcomer.
const experienced = 25

// steps lead from the first send to the first explained fault and back. The
// first that is neither done nor too early is shown.
var steps = []step{
	{"send", func(a *App) bool { return a.services != nil }, func(a *App) string {
		where := "to the built-in Super App: nothing leaves this machine"
		if p := a.services.Client.Profile(); p.Name != "sandbox" {
			where = "to " + p.BaseURL
		}
		return a.keyName(keymap.Send) + " signs this request and sends it " + where
	}},
	{"break", func(a *App) bool { return a.sandboxed() && a.verified() }, func(a *App) string {
		return "It verifies, both ways. Now break it: " + a.keyName(keymap.FocusHeaders) + " goes to the headers, where " +
			a.keyName(keymap.HeadersOmit) + " leaves one out; then " + a.keyName(keymap.Send)
	}},
	{"diagnose", func(a *App) bool { return a.unexplained() }, func(a *App) string {
		return a.keyName(keymap.Diagnose) + " says why a signature is refused, and proves it"
	}},
	{"mend", func(a *App) bool { return a.sandboxed() && a.desk.shown != nil && !a.verified() }, func(a *App) string {
		return a.keyName(keymap.Cancel) + " leaves the diagnosis, " + a.keyName(keymap.HeadersReset) + " in the headers takes back what was changed there, " +
			a.keyName(keymap.Send) + " sends again"
	}},
	{"more", func(a *App) bool { return a.verified() }, func(a *App) string {
		return a.keyName(keymap.Palette) + " runs anything by its name, " + a.keyName(keymap.Help) + " shows the keys of each place, " +
			a.keyName(keymap.HintsOff) + " ends these hints"
	}},
}

func (a *App) sandboxed() bool {
	return a.services != nil && a.services.Client.Profile().Name == "sandbox"
}

// verified reports whether the exchange on the screen verifies both ways.
func (a *App) verified() bool {
	e := a.desk.shown
	return e != nil && e.SentVerdict.Status == signing.Verified && e.Received.Status == signing.Verified &&
		!slices.ContainsFunc(e.Findings, func(f apiclient.Finding) bool { return f.Severity == apiclient.Problem })
}

// keyName names the key of an action, or how to do it without one.
func (a *App) keyName(id keymap.ID) string { return a.keys.KeyName(id) }

// learned notes that a person has done a step.
func (a *App) learned(name string) tea.Cmd {
	if slices.Contains(a.guide.done, name) {
		return nil
	}
	a.guide.done = append(a.guide.done, name)
	return a.keepGuide()
}

// endHints shows no step any more, for good.
func (a *App) endHints() tea.Cmd {
	for _, s := range steps {
		if !slices.Contains(a.guide.done, s.name) {
			a.guide.done = append(a.guide.done, s.name)
		}
	}
	return a.keepGuide()
}

func (a *App) keepGuide() tea.Cmd {
	keep, done := a.config.KeepHints, slices.Clone(a.guide.done)
	if keep == nil {
		return nil
	}
	return func() tea.Msg {
		if err := keep(done); err != nil {
			return ui.Told{Text: "That these hints were seen cannot be kept: " + sentence(err), Bad: true}
		}
		return nil
	}
}

// learnFrom notes the steps that the exchange on the screen shows to be done.
func (a *App) learnFrom() tea.Cmd {
	cmds := []tea.Cmd{a.learned("send")}
	if !a.verified() {
		cmds = append(cmds, a.learned("break"))
	} else if slices.Contains(a.guide.done, "diagnose") {
		cmds = append(cmds, a.learned("mend"))
	}
	return tea.Batch(cmds...)
}

// hint is the next step's text.
func (a *App) hint() string {
	if !a.config.Hints || a.desk.recorded >= experienced || a.flight != nil {
		return ""
	}
	for _, s := range steps {
		if !slices.Contains(a.guide.done, s.name) {
			if s.due(a) {
				return s.says(a)
			}
			return ""
		}
	}
	return ""
}

// hintRows is the height from which there is room for hints.
const hintRows = 18

// refreshGuide works out what the line says; where it comes or goes, the panes
// are arranged anew.
func (a *App) refreshGuide() {
	text := a.guide.fault
	if text == "" && a.layout.height >= hintRows {
		text = a.hint()
	}
	was := a.guide.banner
	a.guide.banner = text
	if (text == "") != (was == "") {
		a.rearrange()
	}
}

func (a *App) bannerLine(w int) string {
	style, sign := a.theme.Info, "➜ "
	if a.guide.fault != "" {
		style, sign = a.theme.Bad, "✗ "
	}
	return ui.Fit(" "+style.Render(sign+ui.Safe(a.guide.banner)), w)
}

// rearrange places everything anew on the same screen.
func (a *App) rearrange() { a.arrange(a.layout.width, a.layout.height) }
