// Package diagnosis is the pane that says why a signature does not match: what
// is certain, the causes with their proof, and what was signed beside what the
// rule gives, byte for byte.
package diagnosis

import (
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// What the pane asks the root for.
type (
	// TellAsked asks for what the other side says that it signed; Told is what it
	// said so far.
	TellAsked struct{ Told []byte }
	// MoreAsked asks to search on with the next of Budgets.
	MoreAsked struct{}
	// SideAsked asks for the diagnosis of the other message.
	SideAsked struct{ Side apiclient.Side }
	// Stopped asks to end the search and show what is known by then.
	Stopped struct{}
	// Left closes the pane.
	Left struct{}
)

// Budgets are how long a search may take, one after the other as a person asks
// for more: the last has no end.
var Budgets = []time.Duration{diagnose.DefaultBudget, 10 * diagnose.DefaultBudget, 100 * diagnose.DefaultBudget, -1}

// Pane is the diagnosis pane.
type Pane struct {
	theme    *ui.Theme
	exchange *apiclient.Exchange
	side     apiclient.Side
	sent     bool // else the exchange is the draft as it would be sent
	told     []byte
	effort   int // which of Budgets the search has

	searching bool
	progress  diagnose.Progress
	frame     string // of the spinner
	elapsed   time.Duration

	reading *Reading // nil before the first report
	err     error    // why there is none

	hex  bool
	doc  []block
	all  int // rows of doc
	top  int
	w, h int
}

// New makes an empty pane.
func New(theme *ui.Theme) *Pane { return &Pane{theme: theme} }

// Open turns to one signature of an exchange; nothing is known of it yet.
func (p *Pane) Open(e *apiclient.Exchange, side apiclient.Side, sent bool) {
	*p = Pane{theme: p.theme, exchange: e, side: side, sent: sent, hex: p.hex, w: p.w, h: p.h}
	p.build()
}

// Search shows that a search runs: with which of Budgets, and what the other
// side told. What was found before stays until the new report comes.
func (p *Pane) Search(effort int, told []byte) {
	p.searching, p.effort, p.told = true, effort, told
	p.progress, p.elapsed, p.err = diagnose.Progress{}, 0, nil
	p.build()
}

// Advance tells how far the search is.
func (p *Pane) Advance(news diagnose.Progress) { p.progress = news }

// Tick moves the spinner.
func (p *Pane) Tick(frame string, elapsed time.Duration) { p.frame, p.elapsed = frame, elapsed }

// Show ends the search with what was found.
func (p *Pane) Show(r *Reading) {
	p.searching, p.reading, p.err = false, r, nil
	p.top = 0
	p.build()
}

// Fail ends the search with why it could not be done.
func (p *Pane) Fail(err error) {
	p.searching, p.err = false, err
	p.top = 0
	p.build()
}

// Update ignores all messages: the pane has no commands of its own.
func (p *Pane) Update(tea.Msg) tea.Cmd { return nil }

// Title names the signature that is looked at.
func (p *Pane) Title() string {
	switch {
	case p.exchange == nil:
		return "Diagnosis"
	case !p.sent:
		return fmt.Sprintf("Diagnosis  draft, not sent · %s", p.side)
	}
	return fmt.Sprintf("Diagnosis  run %s · %s", p.exchange.StartedAt.Local().Format("15:04:05"), p.side)
}

// TitleRight says where in the report one is.
func (p *Pane) TitleRight() string {
	room := p.room()
	if p.all <= room || room <= 0 {
		return ""
	}
	return fmt.Sprintf("%s–%s of %s", count(int64(p.top+1)), count(int64(min(p.all, p.top+room))), count(int64(p.all)))
}

// Scope is the pane's place in the table of actions.
func (p *Pane) Scope() keymap.Scope { return keymap.Diagnosis }

// Searching reports whether a search runs.
func (p *Pane) Searching() bool { return p.searching }

// Proven reports whether the string that was signed is found.
func (p *Pane) Proven() bool { return p.reading != nil && p.reading.Report.Proven() }

// Halt ends the search without an answer: nobody waits for it any more.
func (p *Pane) Halt() { p.searching = false }

// Known reports whether there is something to show of this signature: a
// report, or why there is none.
func (p *Pane) Known() bool { return p.reading != nil || p.err != nil }

// Resize sets the size that View draws.
func (p *Pane) Resize(w, h int) {
	if w != p.w || h != p.h {
		p.w, p.h = w, h
		p.build()
	}
}

// mark is the style of what differs: as it was signed, and as the rule has it.
func (p *Pane) mark(left bool) ui.Style {
	if left {
		return p.theme.DiffRemoved
	}
	return p.theme.DiffAdded
}

// name is the style in which a side is named: that of its marks, but quieter
// where there are no colours.
func (p *Pane) name(left bool) ui.Style {
	if left {
		return p.theme.Bad
	}
	return p.theme.Good
}

// Refuses says why an action is not possible now.
func (p *Pane) Refuses(id keymap.ID) string {
	switch id {
	case keymap.DiagnosisSide:
		if p.side == apiclient.RequestSide && (p.exchange == nil || p.exchange.Response == nil) {
			return "There is no response to look at"
		}
	case keymap.DiagnosisMore:
		return p.refusesMore()
	case keymap.DiagnosisHex, keymap.DiagnosisString, keymap.Copy:
		if p.reading == nil {
			return "There is no report yet"
		}
		switch {
		case id == keymap.DiagnosisHex && p.reading.pair.single() && p.Proven():
			return "There is no difference to show: what was signed is what the rule gives"
		case id == keymap.DiagnosisHex && p.reading.pair.single():
			return "There is no difference to show: the string that was signed is not known"
		case id == keymap.DiagnosisString && !p.reading.Report.Proven():
			return "The string that was signed is not known"
		}
	}
	return ""
}

func (p *Pane) refusesMore() string {
	last := p.effort == len(Budgets)-1
	switch {
	case last && p.searching:
		return p.theme.Words("It searches without end already: {cancel} stops it")
	case p.searching:
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
		return "Everything that is known was tried: p compares with what the other side says"
	}
	return ""
}

// Act does an action.
func (p *Pane) Act(id keymap.ID) tea.Cmd {
	switch id {
	case keymap.Cancel:
		if p.searching {
			return ui.Emit(Stopped{})
		}
		return ui.Emit(Left{})
	case keymap.DiagnosisTell:
		return ui.Emit(TellAsked{Told: p.told})
	case keymap.DiagnosisMore:
		return ui.Emit(MoreAsked{})
	case keymap.DiagnosisSide:
		other := apiclient.RequestSide
		if p.side == apiclient.RequestSide {
			other = apiclient.ResponseSide
		}
		return ui.Emit(SideAsked{Side: other})
	case keymap.Copy:
		return ui.CopyText("report", p.report())
	case keymap.DiagnosisString:
		return ui.CopyText("string that was signed", string(p.reading.Report.Signed))
	case keymap.DiagnosisHex:
		p.hex = !p.hex
		p.build()
		p.scrollTo(p.stringsAt())
	case keymap.DiagnosisUp:
		p.scrollTo(p.top - 1)
	case keymap.DiagnosisDown:
		p.scrollTo(p.top + 1)
	case keymap.DiagnosisPageUp:
		p.scrollTo(p.top - max(1, p.room()-1))
	case keymap.DiagnosisPageDn:
		p.scrollTo(p.top + max(1, p.room()-1))
	case keymap.DiagnosisTop:
		p.scrollTo(0)
	case keymap.DiagnosisBottom:
		p.scrollTo(p.all)
	}
	return nil
}

// Click does nothing: there is nothing to point at.
func (p *Pane) Click(_, _ int) tea.Cmd { return nil }

// Wheel scrolls.
func (p *Pane) Wheel(lines int) tea.Cmd {
	p.scrollTo(p.top + lines)
	return nil
}

func (p *Pane) scrollTo(row int) { p.top = max(0, min(row, p.all-p.room())) }

// report is the report for a ticket; a request that was tampered on purpose says
// so first.
func (p *Pane) report() string {
	text := p.reading.Report.Markdown()
	if len(p.exchange.Tampered) > 0 {
		text = "> This request was tampered with on purpose: " + apiclient.TamperTitles(p.exchange.Tampered) + ".\n\n" + text
	}
	return text
}
