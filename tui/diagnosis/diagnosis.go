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

// Actions are what can be done in the diagnosis.
func (p *Pane) Actions() keymap.Actions {
	on := keymap.On
	return keymap.In(keymap.Diagnosis, keymap.Actions{
		{ID: "diagnosis.tell", Keys: on("p"), Short: "paste their string", Footer: 15,
			Long: "Compare with what the other side says it signed: string, digest, header or error",
			Do:   func() tea.Cmd { return ui.Emit(TellAsked{Told: p.told}) }},
		{ID: "diagnosis.hex", Keys: on("h"), Short: "hex", Footer: 16, Long: "Show the difference as hex, or as text again",
			Do: ui.Just(p.toggleHex), Cannot: p.noDifference},
		{ID: "diagnosis.more", Keys: on("+", "="), Short: "more time", Footer: 17,
			Long: "Search on with ten times the time; the third time without end, every millisecond of 24 hours too",
			Do:   func() tea.Cmd { return ui.Emit(MoreAsked{}) }, Cannot: p.cannotSearchOn},
		{ID: "diagnosis.side", Keys: on("s"), Short: "other side", Footer: 18,
			Long: "Go to the other signature of this exchange: request or response", Do: p.turnSide, Cannot: p.noOtherSide},
		{ID: "diagnosis.copy-string", Keys: on("Y"), Short: "copy string", Footer: 31,
			Long: "Copy the string that was really signed, byte for byte", Do: p.copySigned, Cannot: p.noSigned},
		{ID: keymap.Copy, Short: "copy report", Do: func() tea.Cmd { return ui.CopyText("report", p.report()) }, Cannot: p.noReport},
		{ID: keymap.Cancel, Now: p.cancelWord, Do: p.cancel},
	}, ui.Scrolls(keymap.Diagnosis, "Scroll", func(m ui.Move) tea.Cmd { p.scrollTo(p.top + m.Rows(p.room())); return nil }))
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
		return "There is no difference to show: what was signed is what the rule gives"
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
		return p.theme.Words("Everything that is known was tried: {diagnosis.tell} compares with what the other side says")
	}
	return ""
}

func (p *Pane) cancel() tea.Cmd {
	if p.searching {
		return ui.Emit(Stopped{})
	}
	return ui.Emit(Left{})
}

func (p *Pane) cancelWord() string {
	if p.searching {
		return "stop"
	}
	return "back"
}

func (p *Pane) turnSide() tea.Cmd {
	if p.side == apiclient.RequestSide {
		return ui.Emit(SideAsked{Side: apiclient.ResponseSide})
	}
	return ui.Emit(SideAsked{Side: apiclient.RequestSide})
}

func (p *Pane) copySigned() tea.Cmd {
	return ui.CopyText("string that was signed", string(p.reading.Report.Signed))
}

func (p *Pane) toggleHex() {
	p.hex = !p.hex
	p.build()
	p.scrollTo(p.stringsAt())
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
