package tui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/hint"
	"countersign/apiclient/signing"
	"countersign/tui/guide"
	"countersign/tui/ui"
)

// banner is what stands above the status line: what is wrong with the
// configuration, or why nothing can be sent, else the next step for a newcomer; and
// where capture and listen are. It is there only while it has something to say.
type banner struct {
	fault string // why the configuration cannot be used as it is now
	guide guide.Guide
	text  string   // what is said; "": nothing
	lines []string // the same as it is drawn
	posts []string // where capture and listen are, and how many passed; as they are drawn

	notices []string // to be shown once nothing is typed or asked
}

// experienced is the number of runs from which nobody is a newcomer.
const experienced = 25

// facts are what the next step for a newcomer depends on.
func (a *App) facts() guide.Facts {
	_, typing := a.typist()
	tamper, e := a.panes.headers.Changes().Tamper, a.desk.Shown()
	f := guide.Facts{
		Ready: a.services != nil, Focus: a.focus, Typing: typing, Sent: e != nil, Unexplained: a.unexplained(),
		Tampers: len(tamper), Changed: a.panes.headers.Changed(), Missing: a.desk.Missing(),
	}
	if a.services != nil {
		p := a.services.Client.Profile()
		f.Sandboxed, f.BaseURL = p.Name == "sandbox" && !a.panes.request.Callback(), a.desk.Destination()
		f.Misbehaves = a.services.Faulty != nil && len(a.services.Faulty.ActiveFaults()) > 0
	}
	if e != nil {
		f.Signed = e.SentVerdict.Status == signing.Verified && e.Received.Status == signing.Verified
		problem := func(f apiclient.Finding) bool { return f.Severity == apiclient.Problem }
		f.Verified = f.Signed && !slices.ContainsFunc(e.Findings, problem)
		f.Same = slices.Equal(e.Tampered, tamper)
	}
	return f
}

// learned notes that a person has done a step.
func (a *App) learned(step string) tea.Cmd { return a.keepGuide(a.banner.guide.Learn(step)) }

// learnFrom notes the steps that the exchange on the screen shows to be done.
func (a *App) learnFrom() tea.Cmd { return a.keepGuide(a.banner.guide.LearnFrom(a.facts())) }

// endHints shows no step any more, for good.
func (a *App) endHints() tea.Cmd {
	a.banner.guide.LearnAll()
	return a.keepGuide(true)
}

// keepGuide has the steps that are done remembered, where one is new.
func (a *App) keepGuide(learned bool) tea.Cmd {
	keep, done := a.config.KeepHints, a.banner.guide.Done()
	if keep == nil || !learned {
		return nil
	}
	return func() tea.Msg {
		_ = keep(done) // else they are shown once more: not worth a message next to what may have failed with it
		return nil
	}
}

// hint is the next step's text.
func (a *App) hint() string {
	if !a.config.Hints || a.recorded.count >= experienced || a.desk.Flight.Running() {
		return ""
	}
	return a.theme.Words(a.banner.guide.Next(a.facts()))
}

// hintRows is the height from which there is room for hints.
const hintRows = 18

// refreshBanner works out what the line says; where it comes or goes, the panes
// are arranged again.
func (a *App) refreshBanner() {
	a.showNotices()
	text := a.banner.fault
	if text == "" && a.loadErr != nil {
		text = hint.Sentence(a.loadErr)
	}
	if text == "" && a.layout.Height >= hintRows {
		text = a.hint()
	}
	was := len(a.banner.lines) + len(a.banner.posts)
	a.banner.text = text
	a.layBanner(a.layout.Width)
	if len(a.banner.lines)+len(a.banner.posts) != was {
		a.rearrange()
	}
}

// bannerRows bounds the banner: a narrow screen needs more than one row.
const bannerRows = 3

// layBanner breaks the banner into lines of a screen's width.
func (a *App) layBanner(w int) {
	a.banner.lines, a.banner.posts = nil, nil
	if w > 0 {
		a.banner.posts = a.traffic.Lines(w)
	}
	if a.banner.text == "" || w <= 0 {
		return
	}
	words := ui.Words(ui.Safe(a.banner.text), max(1, w-4))
	a.banner.lines = ui.AtMost(words, bannerRows, max(1, w-4))
}

func (a *App) bannerLines(w int) []string {
	style, sign := a.theme.Info, "➜ "
	if a.banner.fault != "" || a.loadErr != nil {
		style, sign = a.theme.Bad, "✗ "
	}
	rows := make([]string, len(a.banner.lines))
	for i, l := range a.banner.lines {
		rows[i] = ui.Fit(" "+style.Render(sign+l), w)
		sign = "  "
	}
	return append(rows, a.banner.posts...)
}

// rearrange places everything again on the same screen.
func (a *App) rearrange() { a.arrange(a.layout.Width, a.layout.Height) }
