// Package diagnosis is the pane that says why a signature does not match: what
// is certain, the causes with their proof, and what was signed beside what the
// rule gives, byte for byte.
package diagnosis

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/redact"
	"countersign/apiclient/signing"
	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// What the pane asks the root for.
type (
	// TellAsked asks for what the other side says that it signed, for Tell; Told is
	// what it said so far.
	TellAsked struct {
		Told []byte
		Side apiclient.Side
	}
	// PageAsked asks for the evidence page of a report.
	PageAsked struct {
		Exchange *apiclient.Exchange
		Side     apiclient.Side
		Told     []byte
		Report   diagnose.Report
	}
	// Left closes the pane.
	Left struct{}
)

// Examine finds out why a signature of an exchange does not match. told is what
// the other side says that it signed, nil where that is nothing.
type Examine func(ctx context.Context, e apiclient.Exchange, side apiclient.Side, told []byte,
	o diagnose.Options) (diagnose.Report, error)

// examined is the answer of a search.
type examined struct {
	seq int
	read
	err error
}

// read is a report, made ready to be drawn.
type read struct {
	report  *diagnose.Report
	masked  bool
	reading *Reading
}

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

	examine  Examine
	redactor redact.Redactor
	masked   bool // what is secret is masked on the screen too, not only in copies
	now      func() time.Time
	job      ui.Job
	news     *atomic.Pointer[diagnose.Progress] // of the job; shown at its next tick
	progress diagnose.Progress

	report  *diagnose.Report // as it is; nil before the first
	reading *Reading         // the report as it is shown; nil until it is ready
	err     error            // why there is none

	hex  bool
	doc  []block
	all  int // rows of doc
	top  int
	w, h int
}

// New makes an empty pane.
func New(theme *ui.Theme, now func() time.Time) *Pane { return &Pane{theme: theme, now: now} }

// Attach returns the pane what searches.
func (p *Pane) Attach(examine Examine) { p.examine = examine }

// Open turns to one signature of an exchange. What is known of it already is
// shown again, else a search begins.
func (p *Pane) Open(e *apiclient.Exchange, side apiclient.Side, sent bool) tea.Cmd {
	if e == p.exchange && side == p.side && (p.report != nil || p.err != nil) {
		return nil
	}
	p.turnTo(e, side, sent)
	return p.search()
}

// turnTo turns to one signature; nothing is known of it yet.
func (p *Pane) turnTo(e *apiclient.Exchange, side apiclient.Side, sent bool) {
	p.job.Drop()
	*p = Pane{theme: p.theme, now: p.now, examine: p.examine, job: p.job, exchange: e, side: side, sent: sent, hex: p.hex,
		redactor: p.redactor, masked: p.masked, w: p.w, h: p.h}
	p.build()
}

// Tell takes what the other side says that it signed; nil takes it back. It is
// compared at once: nobody waits for a long search again.
func (p *Pane) Tell(told []byte) tea.Cmd {
	p.told = told
	if !p.Proven() {
		p.effort = 0
	}
	return p.search()
}

// search puts a search under way; one that runs gives way to it. What was found
// before stays until the new report comes.
func (p *Pane) search() tea.Cmd {
	ctx, seq := p.job.Start(p.now())
	news := &atomic.Pointer[diagnose.Progress]{}
	p.news, p.progress, p.err = news, diagnose.Progress{}, nil
	p.build()
	examine, e, side, told, read := p.examine, *p.exchange, p.side, p.told, p.reader()
	o := diagnose.Options{Budget: Budgets[p.effort], Progress: func(n diagnose.Progress) { news.Store(&n) }}
	return func() tea.Msg {
		report, err := examine(ctx, e, side, told, o)
		if err != nil {
			return examined{seq: seq, err: err}
		}
		return examined{seq: seq, read: read(&report)}
	}
}

// reader makes reports ready to be drawn; that takes time with large strings.
func (p *Pane) reader() func(*diagnose.Report) read {
	e, redactor, masked := p.exchange, p.redactor, p.masked
	return func(r *diagnose.Report) read {
		shown := *r
		if masked {
			shown, _ = maskedReport(r, e, redactor)
		}
		return read{r, masked, Read(shown)}
	}
}

// readAgain makes the report ready to be drawn as it is wanted now.
func (p *Pane) readAgain() tea.Cmd {
	p.reading = nil
	p.build()
	if p.report == nil {
		return nil
	}
	report, reader := p.report, p.reader()
	return func() tea.Msg { return reader(report) }
}

// maskedReport masks what is secret in a report on an exchange.
func maskedReport(r *diagnose.Report, e *apiclient.Exchange, redactor redact.Redactor) (diagnose.Report, *redact.Masker) {
	m := redactor.Masker()
	m.Learn(e)
	return r.Masked(func(b []byte) []byte { return m.Signed(b, e.Request.Body) }), m
}

// Update takes the answer of a search, and a report that is ready.
func (p *Pane) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case examined:
		if !p.job.Ends(msg.seq) {
			return nil
		}
		p.err, p.top = msg.err, 0
		if msg.err == nil {
			p.report, p.reading = msg.report, msg.reading
			if msg.masked != p.masked { // that changed meanwhile
				return p.readAgain()
			}
		}
		p.build()
	case read:
		if msg.report == p.report && msg.masked == p.masked {
			p.reading = msg.reading
			p.build()
		}
	}
	return nil
}

// Tick turns the spinner, and shows how far the search is.
func (p *Pane) Tick(now time.Time) {
	p.job.Tick(now)
	if n := p.news.Load(); n != nil {
		p.progress = *n
	}
}

// SetMasking sets what is masked in the report that is copied, and whether it is on
// the screen too.
func (p *Pane) SetMasking(r redact.Redactor, onScreen bool) tea.Cmd {
	again := onScreen || p.masked
	if p.redactor, p.masked = r, onScreen; !again {
		return nil
	}
	return p.readAgain()
}

// mask masks a text of the exchange, where that is wanted.
func (p *Pane) mask(s string) string {
	if !p.masked {
		return s
	}
	m := p.redactor.Masker()
	m.Learn(p.exchange)
	return m.Text(s)
}

// ReportOn returns the report on an exchange; nil where it is not of that one.
func (p *Pane) ReportOn(e *apiclient.Exchange) *diagnose.Report {
	if p.report == nil || p.exchange == nil || p.exchange.ID != e.ID || e.ID == "" {
		return nil
	}
	return p.report
}

// Exchange is the one that is looked at.
func (p *Pane) Exchange() *apiclient.Exchange { return p.exchange }

// Side is the side that is looked at.
func (p *Pane) Side() apiclient.Side { return p.side }

// Searching reports whether a search runs.
func (p *Pane) Searching() bool { return p.job.Running() }

// Stop ends the search; what is known by then is shown.
func (p *Pane) Stop() { p.job.Cancel() }

// Leave drops the search: nobody waits for it any more.
func (p *Pane) Leave() { p.job.Drop() }

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

// Proven reports whether the string that was signed is found.
func (p *Pane) Proven() bool { return p.reading != nil && p.reading.Report.Proven() }

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
		{ID: keymap.Cancel, Now: p.cancelWord, Do: p.cancel},
	}, ui.Scrolls(keymap.Diagnosis, "Scroll", p.move))
}

func (p *Pane) askPage() tea.Cmd {
	return ui.Emit(PageAsked{Exchange: p.exchange, Side: p.side, Told: p.told, Report: *p.report})
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

func (p *Pane) cancelWord() string {
	if p.Searching() {
		return "stop"
	}
	return "back"
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

// Click does nothing: there is nothing to point at.
func (p *Pane) Click(_, _ int) tea.Cmd { return nil }

// Wheel scrolls.
func (p *Pane) Wheel(lines int) tea.Cmd {
	p.scrollTo(p.top + lines)
	return nil
}

func (p *Pane) scrollTo(row int) { p.top = max(0, min(row, p.all-p.room())) }

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
