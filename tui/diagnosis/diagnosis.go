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
	// PageAsked asks for the evidence page of an exchange.
	PageAsked struct {
		Exchange *apiclient.Exchange
		Side     apiclient.Side
		Told     []byte
		Report   *diagnose.Report // nil: there is none yet
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
	latest   *atomic.Pointer[diagnose.Progress] // of the job; shown at its next tick
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
	latest := &atomic.Pointer[diagnose.Progress]{}
	p.latest, p.progress, p.err = latest, diagnose.Progress{}, nil
	p.build()
	examine, e, side, told, read := p.examine, *p.exchange, p.side, p.told, p.reader()
	o := diagnose.Options{Budget: Budgets[p.effort], Progress: func(n diagnose.Progress) { latest.Store(&n) }}
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
func maskedReport(
	r *diagnose.Report, e *apiclient.Exchange, redactor redact.Redactor,
) (diagnose.Report, *redact.Masker) {
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
	if n := p.latest.Load(); n != nil {
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

// PageOf returns what asks for the evidence page of an exchange: with the report on
// it, where there is one.
func (p *Pane) PageOf(e *apiclient.Exchange) PageAsked {
	if r := p.ReportOn(e); r != nil {
		return PageAsked{Exchange: e, Side: p.side, Told: p.told, Report: r}
	}
	return PageAsked{Exchange: e, Side: e.Sides().Decides()}
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
	return fmt.Sprintf("%s–%s of %s", ui.Thousands(p.top+1), ui.Thousands(min(p.all, p.top+room)), ui.Thousands(p.all))
}

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

// Click does nothing: there is nothing to point at.
func (p *Pane) Click(_, _ int) tea.Cmd { return nil }

// Wheel scrolls.
func (p *Pane) Wheel(lines int) tea.Cmd {
	p.scrollTo(p.top + lines)
	return nil
}

func (p *Pane) scrollTo(row int) { p.top = max(0, min(row, p.all-p.room())) }
