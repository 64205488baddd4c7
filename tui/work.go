package tui

import (
	"cmp"
	"context"
	"reflect"
	"time"

	"github.com/charmbracelet/bubbles/spinner"
	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/apiclient/hint"
	"countersign/apiclient/variables"
	"countersign/history"
	"countersign/tui/request"
	"countersign/tui/ui"
)

// Messages of the root's own commands, named for what has happened.
type (
	loaded struct {
		services *Services
		count    int
		version  int64     // of the history
		preview  previewed // of the draft that is open at the start
		kept     keptBefore
		err      error
	}
	previewed struct {
		revision int
		body     []byte              // expanded
		faults   []catalog.Violation // what the schema says of it
		exchange apiclient.Exchange
		err      error

		expansion variables.Expansion
		marks     []ui.Mark // the faults, at their places in the body as it is written
	}
	progressed apiclient.Progress
	ticked     time.Time
	finished   struct {
		seq, revision int
		key           string // of the draft that was sent
		exchange      apiclient.Exchange
		expansion     variables.Expansion // of the body that was sent
	}
	fetched struct {
		seq      int // a run that was overtaken is not shown, and never sent
		exchange apiclient.Exchange
		purpose  purpose
		err      error
	}
	watchDue struct{}
	stirred  struct { // what the watch noticed
		config  *reloaded // nil: nothing
		history bool
	}
	watched struct {
		version int64
		count   int
		notices []history.Notice
		again   bool
		err     error
	}
	copied struct {
		text string
		tone tone
	}
	// confirmed is the answer to what askToSend asks, and what it asked about.
	confirmed struct {
		services *Services
		key      string // of the draft
		draft    apiclient.Draft
	}
)

// purpose is what a run is fetched for. Only toSend and toResend ever send.
type purpose int

const (
	toShow purpose = iota
	toSend
	toDiagnose
	toResend
)

func (p purpose) sends() bool { return p == toSend || p == toResend }

// load makes the services and signs the first draft with them, so that the
// first full frame already shows what would be signed. What the schema says of
// it comes a moment later: to read a schema takes longer than to sign.
func (a *App) load() tea.Cmd {
	load, post, c := a.config.Load, a.config.post, a.config.Catalog
	d, revision := a.draft(), a.desk.revision
	return func() tea.Msg {
		ctx := context.Background()
		s, err := load(ctx, post.progress)
		if err != nil {
			return loaded{err: err}
		}
		signed := make(chan previewed, 1)
		go func() { signed <- s.preview(d, catalog.Endpoint{}, false, revision) }() // mostly it is the one
		version, err := s.History.Version(ctx)
		n, countErr := s.History.Count(ctx)
		if err = cmp.Or(err, countErr); err != nil {
			s.Notices = append(s.Notices, sentence(err))
		}
		var k keptBefore
		if k.drafts, k.place, err = s.History.Drafts(ctx, s.Client.Profile().Name); err != nil {
			s.Notices = append(s.Notices, sentence(err))
		}
		preview := <-signed
		if first := k.first(c, d); !reflect.DeepEqual(first, d) {
			preview = s.preview(first, catalog.Endpoint{}, false, revision)
		}
		return loaded{services: s, count: n, version: version, preview: preview, kept: k}
	}
}

// loading reports whether the services are still being made.
func (a *App) loading() bool { return a.services == nil && a.loadErr == nil }

// preview signs the draft as it stands and sends nothing.
func (a *App) preview(d apiclient.Draft, revision int) tea.Cmd {
	s := a.services
	endpoint, known := a.panes.request.Endpoint()
	return func() tea.Msg { return s.preview(d, endpoint, known, revision) }
}

func (s *Services) preview(d apiclient.Draft, endpoint catalog.Endpoint, known bool, revision int) previewed {
	text := d.Body
	d, x, err := s.trace(context.Background(), d)
	p := previewed{revision: revision, body: x.Text, expansion: x, err: err}
	if known {
		p.faults = endpoint.Check(x.Text)
	}
	p.marks = request.Find(text, x, p.faults)
	if x.Err != nil {
		p.faults = nil // they may be those of what stands for a missing value
	}
	if p.err != nil {
		return p
	}
	p.exchange, p.err = s.Client.Preview(d)
	return p
}

func (s *Services) trace(ctx context.Context, d apiclient.Draft) (apiclient.Draft, variables.Expansion, error) {
	if s.Trace != nil {
		return s.Trace(ctx, d)
	}
	out, err := s.Expand(ctx, d)
	if err != nil {
		out = d
	}
	return out, variables.Expansion{Text: out.Body, Err: err}, err
}

// send puts the draft in flight.
func (a *App) send(d apiclient.Draft, revision int) tea.Cmd {
	ctx, cancel := context.WithCancel(context.Background())
	now := a.config.Now()
	a.desk.sends++
	seq := a.desk.sends
	a.flight = &flight{seq: seq, cancel: cancel, since: now, now: now, endpoint: d.Endpoint}
	s, key := a.services, a.panes.request.Key()
	work := func() tea.Msg {
		defer cancel()
		d, x, err := s.trace(ctx, d)
		if err != nil {
			return finished{seq: seq, revision: revision, key: key, exchange: apiclient.Exchange{
				Endpoint: d.Endpoint, StartedAt: now, Outcome: apiclient.Failed, Err: "not sent: " + err.Error(), Hint: hint.Of(err),
			}}
		}
		e := s.Client.Send(ctx, d, apiclient.FromExplorer)
		s.Renew()
		return finished{seq: seq, revision: revision, key: key, exchange: e, expansion: x}
	}
	return tea.Batch(work, a.nextTick())
}

// spin is the spinner: its frames and the time between two of them. The one
// tick is the root's, so that a test can do without it.
var spin = spinner.MiniDot

func (a *App) nextTick() tea.Cmd {
	if a.ticks {
		return nil
	}
	a.ticks = true
	return a.config.After(spin.FPS, func(t time.Time) tea.Msg { return ticked(t) })
}

// tick moves the spinner while something is in flight or searched for.
func (a *App) tick(t time.Time) tea.Cmd {
	a.ticks = false
	if a.flight == nil && a.study.cancel == nil && a.pair.cancel == nil {
		return nil
	}
	if a.flight != nil {
		a.flight.now = t
		a.flight.frame++
		a.panes.response.Wait(a.flight.words(a.theme.Words("{cancel} cancels")))
	}
	if a.study.cancel != nil {
		a.tickStudy(t)
	}
	if a.pair.cancel != nil {
		a.tickPair(t)
	}
	return a.nextTick()
}

func (a *App) fetch(id string, why purpose) tea.Cmd {
	a.desk.opened++
	services, seq := a.services, a.desk.opened
	return func() tea.Msg {
		ctx := context.Background()
		e, err := services.History.Get(ctx, id)
		if err == nil && services.Recheck != nil {
			services.Recheck(ctx, &e)
		}
		return fetched{seq: seq, exchange: e, purpose: why, err: err}
	}
}
