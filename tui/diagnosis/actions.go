package diagnosis

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// Actions are what can be done in the diagnosis.
func (p *Pane) Actions() keymap.Actions {
	on := keymap.On
	return keymap.In(keymap.Diagnosis, keymap.Actions{
		{ID: "diagnosis.tell", Keys: on("p"), Short: "paste their string", Footer: 15,
			Long: "Compare with what the other side says it signed: string, digest, header or error",
			Do:   func() tea.Cmd { return ui.Emit(TellAsked{Told: p.told, Side: p.side}) }},
		{ID: "diagnosis.hex", Keys: on("h"), Short: "hex", Footer: 16, Long: "Show the difference as hex, or as text again",
			Do: ui.Just(p.toggleHex), Cannot: p.noDifference},
		{ID: "diagnosis.more", Keys: on("+", "="), Short: "more time", Footer: 17,
			Long: "Search on with ten times the time; the third time without end, every millisecond of 24 hours too",
			Do:   p.searchOn, Cannot: p.cannotSearchOn},
		{ID: "diagnosis.side", Keys: on("s"), Short: "other side", Footer: 18,
			Long: "Go to the other signature of this exchange: request or response", Do: p.turnSide, Cannot: p.noOtherSide},
		{ID: "diagnosis.page", Keys: on("e"), Short: "evidence page", Footer: 19,
			Long: "Write the report as one HTML file that proves itself in any browser, secrets masked", Do: p.askPage, Cannot: p.noReport},
		{ID: "diagnosis.copy-string", Keys: on("Y"), Short: "copy string", Footer: 31,
			Long: "Copy the string that was really signed, byte for byte", Do: p.copySigned, Cannot: p.noSigned},
		{ID: keymap.Copy, Short: "copy report", Do: func() tea.Cmd { return ui.CopyText("report", p.ticket()) }, Cannot: p.noReport},
		{ID: keymap.Cancel, Now: func() string { return keymap.Either(p.Searching(), "stop", "back") }, Do: p.cancel},
	}, ui.Scrolls(keymap.Diagnosis, "Scroll", p.move))
}

func (p *Pane) askPage() tea.Cmd {
	return ui.Emit(PageAsked{Exchange: p.exchange, Side: p.side, Told: p.told, Report: p.report})
}

func (p *Pane) move(m ui.Move) tea.Cmd {
	p.scrollTo(p.top + m.Rows(p.room()))
	return nil
}

func (p *Pane) noReport() string {
	if p.reading == nil {
		return "There is no report yet"
	}
	return ""
}

func (p *Pane) noDifference() string {
	switch {
	case p.reading == nil:
		return p.noReport()
	case !p.reading.pair.single():
		return ""
	case p.Proven():
		return "There is no difference to show: what was signed is what the rule requires"
	}
	return "There is no difference to show: the string that was signed is not known"
}

func (p *Pane) noSigned() string {
	if p.reading != nil && !p.Proven() {
		return "The string that was signed is not known"
	}
	return p.noReport()
}

func (p *Pane) noOtherSide() string {
	if p.side == apiclient.RequestSide && (p.exchange == nil || p.exchange.Response == nil) {
		return "There is no response to look at"
	}
	return ""
}

// cannotSearchOn returns why more time would find nothing more.
func (p *Pane) cannotSearchOn() string {
	last := p.effort == len(Budgets)-1
	switch {
	case last && p.Searching():
		return p.theme.Words("It searches without end already: {cancel} stops it")
	case p.Searching():
		return ""
	case p.reading == nil:
		return "There is no report yet"
	case p.reading.Report.Comparison != nil && p.reading.Report.Comparison.Ended == diagnose.OutOfTime && !last:
		return ""
	case p.reading.Report.Verdict == signing.Verified:
		return "It verifies: there is nothing to search for"
	case p.Proven():
		return "The string that was signed is found: there is nothing more to search for"
	case p.reading.Report.Ended == diagnose.NotSearched:
		return "There was nothing to search for"
	case last && p.reading.Report.Ended == diagnose.Exhausted:
		return p.theme.Words("Everything that is known was tried: {diagnosis.tell} compares with what the other side says")
	}
	return ""
}

func (p *Pane) cancel() tea.Cmd {
	if p.Searching() {
		p.Stop()
		return nil
	}
	return ui.Emit(Left{})
}

// searchOn searches with the next of Budgets.
func (p *Pane) searchOn() tea.Cmd {
	p.effort = min(p.effort+1, len(Budgets)-1)
	return p.search()
}

func (p *Pane) turnSide() tea.Cmd {
	other := apiclient.RequestSide
	if p.side == other {
		other = apiclient.ResponseSide
	}
	return p.Open(p.exchange, other, p.sent)
}

func (p *Pane) copySigned() tea.Cmd {
	return ui.CopyText("string that was signed", string(p.report.Signed))
}

func (p *Pane) toggleHex() {
	p.hex = !p.hex
	p.build()
	p.scrollTo(p.stringsAt())
}

// ticket is the report for a ticket; a request that was tampered on purpose says
// so first.
func (p *Pane) ticket() string {
	masked, m := maskedReport(p.report, p.exchange, p.redactor)
	text := masked.Markdown()
	if says := m.Says(); says != "" {
		text += "_" + says + "._\n"
	}
	if len(p.exchange.Tampered) > 0 {
		text = "> This request was tampered with on purpose: " + apiclient.TamperTitles(p.exchange.Tampered) + ".\n\n" + text
	}
	return text
}
