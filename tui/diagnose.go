package tui

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/diagnose"
	"countersign/apiclient/signing"
	"countersign/tui/diagnosis"
	"countersign/tui/keymap"
	"countersign/tui/runs"
)

// study is the diagnosis that is open, or that was open last.
type study struct {
	exchange *apiclient.Exchange
	side     apiclient.Side
	told     []byte // what the other side says that it signed; nil where nothing
	effort   int    // which of diagnosis.Budgets
	from     keymap.Scope

	seq    int    // grows with each search: a late answer is dropped
	cancel func() // nil where no search runs
	since  time.Time
	frame  int // of the spinner
}

// Messages of a search.
type (
	searched struct {
		seq  int
		news diagnose.Progress
	}
	diagnosed struct {
		seq     int
		reading *diagnosis.Reading
		err     error
	}
)

// unverified reports which side of an exchange decides on its verdict, and
// whether there is something to explain: a signature that does not verify, or
// that the other side refused.
func unverified(e *apiclient.Exchange) (apiclient.Side, bool) {
	if e == nil {
		return "", false
	}
	sides := e.Sides()
	bad := e.Response != nil && sides.Response.Status != signing.Verified ||
		sides.Request.Status != "" && sides.Request.Status != signing.Verified
	return sides.Decides(), bad
}

// subject is the exchange that a diagnosis is about: the one that was sent or
// loaded, unless it verifies and the draft that is on the screen does not.
func (d *desk) subject() *apiclient.Exchange {
	if _, bad := unverified(d.shown); bad {
		return d.shown
	}
	if _, bad := unverified(d.request()); bad {
		return d.request()
	}
	return d.shown
}

// unexplained reports whether there is something to explain where the focus
// is: the footer then offers it.
func (a *App) unexplained() bool {
	if a.focus == keymap.Runs {
		return a.panes.runs.Unverified()
	}
	_, bad := unverified(a.desk.subject())
	return bad
}

// explains is the way to learn more about an outcome, at the end of a status.
const explains = " · {diagnose} explains"

// outcome sums up an exchange for the status line, with the way to learn more.
func outcome(e apiclient.Exchange) string {
	text := apiclient.Summary(e)
	if _, bad := unverified(&e); bad {
		text += explains
	}
	return text
}

// cannotDiagnose returns why there is nothing to diagnose.
func (a *App) cannotDiagnose() string {
	switch {
	case a.focus == keymap.Diagnosis:
		return a.theme.Words("This is the diagnosis: {cancel} leaves it")
	case a.focus == keymap.Compare:
		return a.coveredRequest()
	case a.loadErr != nil:
		return "Nothing can be diagnosed: " + a.loadErr.Error()
	case a.services == nil:
		return "Still starting: a moment"
	case a.flight != nil:
		return a.underWay()
	case a.services.Evidence == nil:
		return "There is no evidence here to diagnose with"
	case a.focus == keymap.Runs:
		return a.here().Refuses(keymap.Diagnose)
	}
	switch e := a.desk.subject(); {
	case e == nil:
		return a.theme.Words("Nothing is sent yet: {send} signs and sends this request")
	case len(e.Request.Header) == 0 && e.Response == nil:
		return "Nothing was signed: " + e.Err
	}
	return ""
}

// diagnose is the action d: for the exchange on the desk, or in the list of
// runs for the run under the cursor, which is laid on the desk first.
func (a *App) diagnose() tea.Cmd {
	if a.focus == keymap.Runs {
		return tea.Batch(a.learned("diagnose"), a.here().Act(keymap.Diagnose))
	}
	return tea.Batch(a.learned("diagnose"), a.openDiagnosis(a.desk.subject()))
}

// openDiagnosis turns to the side that decides. What is known of it already is
// shown again.
func (a *App) openDiagnosis(e *apiclient.Exchange) tea.Cmd {
	side := e.Sides().Decides()
	a.study.from = a.focus
	a.setFocus(keymap.Diagnosis)
	if e == a.study.exchange && side == a.study.side && a.panes.diagnosis.Known() {
		return nil
	}
	return a.examine(e, side)
}

// examine begins the diagnosis of one signature.
func (a *App) examine(e *apiclient.Exchange, side apiclient.Side) tea.Cmd {
	a.stopSearch()
	a.study.exchange, a.study.side, a.study.told, a.study.effort = e, side, nil, 0
	a.panes.diagnosis.Open(e, side, e == a.desk.shown)
	return a.search()
}

// search puts a search under way; one that runs gives way to it.
func (a *App) search() tea.Cmd {
	a.stopSearch()
	s := &a.study
	ctx, cancel := context.WithCancel(context.Background())
	s.seq++
	s.cancel, s.since = cancel, a.config.Now()
	a.panes.diagnosis.Search(s.effort, s.told)
	services, post := a.services, a.config.post
	e, side, told, budget, seq := *s.exchange, s.side, s.told, diagnosis.Budgets[s.effort], s.seq
	work := func() tea.Msg {
		defer cancel()
		evidence, err := services.Evidence(ctx, e, side)
		if err != nil {
			return diagnosed{seq: seq, err: err}
		}
		evidence.Told = told
		report := services.diagnose(ctx, evidence, diagnose.Options{
			Budget:   budget,
			Progress: func(news diagnose.Progress) { post.put(searched{seq, news}) },
		})
		return diagnosed{seq: seq, reading: diagnosis.Read(report)}
	}
	return tea.Batch(work, a.nextTick())
}

func (s *Services) diagnose(ctx context.Context, e diagnose.Evidence, o diagnose.Options) diagnose.Report {
	if s.Diagnose != nil {
		return s.Diagnose(ctx, e, o)
	}
	return diagnose.Diagnose(ctx, e, o)
}

// stopSearch ends a search of which no answer is wanted any more.
func (a *App) stopSearch() {
	if a.study.cancel != nil {
		a.study.cancel()
		a.study.cancel = nil
		a.study.seq++
		a.panes.diagnosis.Halt()
	}
}

// diagnosisNews handles what concerns the diagnosis.
func (a *App) diagnosisNews(msg tea.Msg) (tea.Cmd, bool) {
	s, pane := &a.study, a.panes.diagnosis
	switch msg := msg.(type) {
	case searched:
		if msg.seq == s.seq && s.cancel != nil {
			pane.Advance(msg.news)
		}
	case diagnosed:
		a.concludeSearch(msg)
	case runs.WhyAsked:
		return a.fetch(msg.ID, toDiagnose), true
	case diagnosis.Stopped:
		// The search answers with what it knows by now.
		if s.cancel != nil {
			s.cancel()
		}
	case diagnosis.Left:
		a.setFocus(s.from)
	case diagnosis.SideAsked:
		return a.examine(s.exchange, msg.Side), true
	case diagnosis.MoreAsked:
		if s.effort < len(diagnosis.Budgets)-1 {
			s.effort++
		}
		return a.search(), true
	case diagnosis.TellAsked:
		a.open(newPasteBox(a, msg.Told))
	case told:
		s.told = msg.text
		if !pane.Proven() {
			s.effort = 0 // what was told is compared at once: nobody waits for a long search again
		}
		return a.search(), true
	default:
		return nil, false
	}
	return nil, true
}

func (a *App) concludeSearch(msg diagnosed) {
	if msg.seq != a.study.seq {
		return
	}
	a.study.cancel = nil
	if msg.err != nil {
		a.panes.diagnosis.Fail(msg.err)
		return
	}
	a.panes.diagnosis.Show(msg.reading)
}

// tickStudy moves the spinner of a search.
func (a *App) tickStudy(t time.Time) {
	a.study.frame++
	a.panes.diagnosis.Tick(spin.Frames[a.study.frame%len(spin.Frames)], t.Sub(a.study.since))
}
