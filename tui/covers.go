package tui

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	parts "countersign/apiclient/compare"
	"countersign/apiclient/diagnose"
	"countersign/tui/compare"
	"countersign/tui/guide"
	"countersign/tui/keymap"
	"countersign/tui/layout"
	"countersign/tui/status"
)

// subject is the exchange that a diagnosis is about: the one that was sent or
// loaded, unless it verifies and the draft that is on the screen does not.
func (d *desk) subject() *apiclient.Exchange {
	if _, bad := status.Unverified(d.shown); bad {
		return d.shown
	}
	if _, bad := status.Unverified(d.request()); bad {
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
	_, bad := status.Unverified(a.desk.subject())
	return bad
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
	case a.flight.job.Running():
		return a.underWay()
	case a.services.Evidence == nil:
		return "There is no evidence here to diagnose with"
	case a.focus == keymap.Runs:
		return a.paneActions().Refuses(keymap.Diagnose)
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
		return tea.Batch(a.learned(guide.Diagnose), a.paneActions().Act(keymap.Diagnose))
	}
	return tea.Batch(a.learned(guide.Diagnose), a.openDiagnosis(a.desk.subject()))
}

// openDiagnosis turns to the side that decides.
func (a *App) openDiagnosis(e *apiclient.Exchange) tea.Cmd {
	a.cover(keymap.Diagnosis)
	return tea.Batch(a.panes.diagnosis.Open(e, e.Sides().Decides(), e == a.desk.shown), a.nextTick())
}

// openComparison has two sides compared; a group is shown first.
func (a *App) openComparison(g parts.Group, load compare.Load) tea.Cmd {
	a.cover(keymap.Compare)
	return tea.Batch(a.panes.compare.Open(g, load), a.nextTick())
}

// compareStrings compares the strings that are on the screen with others.
func (a *App) compareStrings() tea.Cmd {
	e := a.desk.request()
	if e == nil || a.services == nil {
		return nil
	}
	return a.openComparison(parts.Canonical, compare.Shown(a.services.History, e, !a.desk.live(), a.panes.runs.Marked()))
}

// cover opens a pane over all others.
func (a *App) cover(s keymap.Scope) {
	if !layout.Covers(a.focus) {
		a.left = a.focus
	}
	a.setFocus(s)
}

// examine gathers what is known around a signature, and explains it.
func (s *Services) examine(
	ctx context.Context, e apiclient.Exchange, side apiclient.Side, told []byte, o diagnose.Options,
) (diagnose.Report, error) {
	evidence, err := s.Evidence(ctx, e, side)
	if err != nil {
		return diagnose.Report{}, err
	}
	evidence.Told = told
	if s.Diagnose != nil {
		return s.Diagnose(ctx, evidence, o), nil
	}
	return diagnose.Diagnose(ctx, evidence, o), nil
}
