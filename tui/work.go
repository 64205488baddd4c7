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
	"countersign/apiclient/diagnose"
	"countersign/apiclient/variables"
	"countersign/history"
	"countersign/tui/request"
	"countersign/tui/ui"
)

// Config is what the explorer needs from its surroundings.
type Config struct {
	// Load makes the services; observe is called while an answer arrives. It
	// runs outside Update, once.
	Load func(ctx context.Context, observe func(apiclient.Progress)) (*Services, error)
	// Switch makes the services of another profile. Where it needs the terminal
	// and does not have it, its error has ErrTerminalNeeded in its chain. Nil:
	// there is no other profile.
	Switch func(ctx context.Context, profile string, onTerminal bool, observe func(apiclient.Progress)) (*Services, error)
	Settings
	// Reload reads the configuration where it has changed since it was read
	// last: nil where it has not. It is asked every two seconds. Nil: it never
	// changes.
	Reload    func(ctx context.Context) (*Settings, error)
	HintsSeen []string                  // what a newcomer was shown before
	KeepHints func(seen []string) error // remembers it; nil: it is not remembered
	Now       func() time.Time
	Copy      func(text string) error // puts text on the clipboard
	Editor    []string                // $EDITOR split into words; nil where none is set

	// After makes the command of a timer; nil means tea.Tick.
	After func(d time.Duration, msg func(time.Time) tea.Msg) tea.Cmd

	post  *postbox
	drawn <-chan struct{} // closed once a frame is on the screen; nil: there is none
}

// Services are what the explorer works with.
type Services struct {
	Client  *apiclient.Client
	History *history.Store
	// Expand replaces the variables of a request: in its body, its path and its
	// headers. Values that are made up, such as {{uuid}}, stay the same until
	// Renew.
	Expand func(ctx context.Context, d apiclient.Draft) (apiclient.Draft, error)
	Renew  func()
	// Trace is Expand for what shows the request: it says where each variable of
	// the body went, and goes on after one without a value. Nil: the explorer
	// knows only what Expand says.
	Trace func(ctx context.Context, d apiclient.Draft) (apiclient.Draft, variables.Expansion, error)
	// Variables lists the variables that there are, or what one such as
	// "last.payments/pay" holds. Nil: none are offered.
	Variables func(ctx context.Context, of string) ([]variables.Known, error)
	// Evidence gathers what is known around one signature of an exchange. Nil:
	// nothing can be diagnosed.
	Evidence func(ctx context.Context, e apiclient.Exchange, side apiclient.Side) (diagnose.Evidence, error)
	// Diagnose explains a signature; nil means diagnose.Diagnose.
	Diagnose func(ctx context.Context, e diagnose.Evidence, o diagnose.Options) diagnose.Report
	Notices  []string // worth saying at the start: a weak key, a damaged history set aside
}

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
		ended         <-chan apiclient.Exchange // when its record is completed; nil: it is
	}
	runRecorded struct{ exchange apiclient.Exchange }
	fetched     struct {
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
	confirmed struct{}
)

// purpose is what a run is fetched for. Only toSend and toResend ever send.
type purpose int

const (
	toShow purpose = iota
	toSend
	toDiagnose
	toResend
)

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

// afterFrame has a command wait for the first frame: what it finds is seen a
// moment later, the frame a moment sooner.
func (a *App) afterFrame(cmd tea.Cmd) tea.Cmd {
	drawn := a.config.drawn
	if drawn == nil || cmd == nil {
		return cmd
	}
	return func() tea.Msg {
		<-drawn
		return cmd()
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
	d, x, err := s.trace(d)
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

func (s *Services) trace(d apiclient.Draft) (apiclient.Draft, variables.Expansion, error) {
	if s.Trace != nil {
		return s.Trace(context.Background(), d)
	}
	out, err := s.Expand(context.Background(), d)
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
		d, err := s.Expand(ctx, d)
		if err != nil {
			cancel()
			e := apiclient.Exchange{Endpoint: d.Endpoint, StartedAt: now, Outcome: apiclient.Failed, Err: "not sent: " + err.Error()}
			if h, ok := err.(interface{ Hint() string }); ok {
				e.Hint = h.Hint()
			}
			return finished{seq: seq, revision: revision, key: key, exchange: e}
		}
		e, ended := soon(func(show func(apiclient.Exchange)) apiclient.Exchange {
			defer cancel()
			return s.Client.SendShowing(ctx, d, apiclient.FromExplorer, show)
		})
		s.Renew()
		return finished{seq: seq, revision: revision, key: key, exchange: e, ended: ended}
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
	h := a.services.History
	return func() tea.Msg {
		e, err := h.Get(context.Background(), id)
		return fetched{exchange: e, purpose: why, err: err}
	}
}

// every is how often the history is asked whether another program wrote to it.
const every = 2 * time.Second

// watch keeps the list of runs and the configuration live: it looks every two
// seconds, and is heard of only where one of them changed. So an explorer that
// nobody touches draws nothing.
func (a *App) watch() tea.Cmd {
	s, version, reload := a.services, a.desk.historyVersion, a.config.Reload
	return a.config.After(every, func(time.Time) tea.Msg {
		if s == nil {
			return watchDue{}
		}
		for {
			ctx := context.Background()
			var news stirred
			if reload != nil {
				if settings, err := reload(ctx); settings != nil || err != nil {
					news.config = &reloaded{settings, err}
				}
			}
			v, err := s.History.Version(ctx)
			news.history = err != nil || v != version
			if news.config != nil || news.history {
				return news
			}
			time.Sleep(every)
		}
	})
}

// hear takes what the watch noticed, and has it go on.
func (a *App) hear(news stirred) tea.Cmd {
	var cmds []tea.Cmd
	if news.config != nil {
		cmds = append(cmds, a.takeSettings(*news.config))
	}
	if news.history {
		return tea.Batch(append(cmds, a.look(true))...)
	}
	return tea.Batch(append(cmds, a.watch())...)
}

// look asks the history for its version and count; again says whether the
// watch goes on after it.
func (a *App) look(again bool) tea.Cmd {
	h := a.services.History
	return func() tea.Msg {
		ctx := context.Background()
		v, err := h.Version(ctx)
		if err != nil {
			return watched{again: again, err: err}
		}
		n, err := h.Count(ctx)
		return watched{version: v, count: n, notices: h.Notices(), again: again, err: err}
	}
}

// refresh shows what the history has come to hold.
func (a *App) refresh(msg watched) tea.Cmd {
	var cmds []tea.Cmd
	if msg.err == nil {
		a.desk.recorded = msg.count
		if msg.version != a.desk.historyVersion {
			a.desk.historyVersion = msg.version
			cmds = append(cmds, a.panes.runs.Refresh())
		}
	}
	if len(msg.notices) > 0 && a.overlay == nil {
		var texts []string
		for _, n := range msg.notices {
			texts = append(texts, string(n))
		}
		a.open(newNotice(a, texts))
	}
	if msg.again {
		cmds = append(cmds, a.watch())
	}
	return tea.Batch(cmds...)
}
