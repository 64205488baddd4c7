package tui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/signing"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// guide is what stands above the status line: what is wrong with the
// configuration, or why nothing can be sent, else the next step for a newcomer. It is there only while it
// has something to say.
type guide struct {
	fault  string // why the configuration cannot be used as it is now
	done   []string
	banner string   // what is said; "": nothing
	lines  []string // the banner as it is drawn

	notices []string // to be shown once nothing is typed or asked
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
	{"break", func(a *App) bool { return a.sandboxed() && a.signed() }, func(a *App) string {
		_, typing := a.typist()
		switch {
		case a.tampers() > 0 && slices.Equal(a.desk.shown.Tampered, a.panes.headers.Changes().Tamper):
			return a.theme.Words("This fault leaves the signature right: {focus.headers}, then {headers.reset} takes it back and {headers.tamper} chooses another, such as path signed without prefix")
		case a.tampers() > 0:
			return a.theme.Words("The request is tampered with on purpose: {send} sends it so, to the built-in Super App")
		case typing:
			return a.theme.Words("It verifies, both ways. Now break it: {cancel}, then {focus.headers} goes to the headers, where {headers.tamper} tampers with the request")
		case a.focus == keymap.Headers:
			return a.theme.Words("{headers.tamper} lists ways to make the request wrong: {lists.tick} chooses the first (path signed without prefix), {send} sends it")
		}
		return a.theme.Words("It verifies, both ways. Now break it: {focus.headers} goes to the headers, where {headers.tamper} tampers with the request")
	}},
	{"diagnose", func(a *App) bool { return a.unexplained() }, func(a *App) string {
		return a.keyName(keymap.Diagnose) + " says why a signature is refused, and proves it"
	}},
	{"mend", func(a *App) bool { return a.sandboxed() && a.desk.shown != nil && !a.verified() }, func(a *App) string {
		changed := a.tampers() > 0 || a.panes.headers.Changed()
		switch {
		case a.focus == keymap.Diagnosis:
			return a.theme.Words("{cancel} leaves the diagnosis; then {headers.reset} in the headers takes the fault back, and {send} sends again")
		case changed && a.focus != keymap.Headers:
			return a.theme.Words("{focus.headers} goes to the headers, where {headers.reset} takes the fault back; then {send} sends again")
		case changed:
			return a.theme.Words("{headers.reset} takes back what was tampered with; then {send} sends again")
		}
		return a.theme.Words("{send} sends the request again, as it should be")
	}},
	{"more", func(a *App) bool { return a.verified() }, func(a *App) string {
		return a.keyName(keymap.Palette) + " runs anything by its name, " + a.keyName(keymap.Help) + " shows the keys of each place, " +
			a.keyName(keymap.HintsOff) + " ends these hints"
	}},
}

func (a *App) sandboxed() bool {
	return a.services != nil && a.services.Client.Profile().Name == "sandbox"
}

// signed reports whether both signatures of the exchange on the screen verify.
func (a *App) signed() bool {
	e := a.desk.shown
	return e != nil && e.SentVerdict.Status == signing.Verified && e.Received.Status == signing.Verified
}

// verified reports whether the exchange on the screen verifies both ways, and
// nothing else is wrong with it.
func (a *App) verified() bool {
	e := a.desk.shown
	return a.signed() &&
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
		_ = keep(done) // else they are shown once more: no news beside what may have failed with it
		return nil
	}
}

// learnFrom notes the steps that the exchange on the screen shows to be done.
func (a *App) learnFrom() tea.Cmd {
	cmds := []tea.Cmd{a.learned("send")}
	if !a.signed() {
		cmds = append(cmds, a.learned("break"))
	} else if a.verified() && slices.Contains(a.guide.done, "diagnose") {
		cmds = append(cmds, a.learned("mend"))
	}
	return tea.Batch(cmds...)
}

// hint is the next step's text.
func (a *App) hint() string {
	if !a.config.Hints || a.desk.recorded >= experienced || a.flight.job.Running() {
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
	a.showNotices()
	text := a.guide.fault
	if text == "" && a.loadErr != nil {
		text = hint.Sentence(a.loadErr)
	}
	if text == "" && a.layout.Height >= hintRows {
		text = a.hint()
	}
	was := len(a.guide.lines)
	a.guide.banner = text
	a.layBanner(a.layout.Width)
	if len(a.guide.lines) != was {
		a.rearrange()
	}
}

// bannerRows bounds the banner: a narrow screen needs more than one row.
const bannerRows = 3

// layBanner breaks the banner into lines of a screen's width.
func (a *App) layBanner(w int) {
	a.guide.lines = nil
	if a.guide.banner == "" || w <= 0 {
		return
	}
	words := ui.Words(ui.Safe(a.guide.banner), max(1, w-4))
	a.guide.lines = ui.AtMost(words, bannerRows, max(1, w-4))
}

func (a *App) bannerLines(w int) []string {
	style, sign := a.theme.Info, "➜ "
	if a.guide.fault != "" || a.loadErr != nil {
		style, sign = a.theme.Bad, "✗ "
	}
	rows := make([]string, len(a.guide.lines))
	for i, l := range a.guide.lines {
		rows[i] = ui.Fit(" "+style.Render(sign+l), w)
		sign = "  "
	}
	return rows
}

// tampers is how many ways the request at hand is tampered in, on purpose.
func (a *App) tampers() int { return len(a.panes.headers.Changes().Tamper) }

// rearrange places everything anew on the same screen.
func (a *App) rearrange() { a.arrange(a.layout.Width, a.layout.Height) }
