package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	parts "countersign/apiclient/compare"
	"countersign/tui/compare"
	"countersign/tui/guide"
	"countersign/tui/keymap"
	"countersign/tui/layout"
	"countersign/tui/status"
)

// unexplained reports whether there is something to explain where the focus
// is: the footer then offers it.
func (a *App) unexplained() bool {
	if a.focus == keymap.Runs {
		return a.panes.runs.Unverified()
	}
	_, bad := status.Unverified(a.desk.Subject())
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
	case a.desk.Flight.Running():
		return a.desk.UnderWay()
	case a.services.Evidence == nil:
		return "There is no evidence here to diagnose with"
	case a.focus == keymap.Runs:
		return a.paneActions().Refuses(keymap.Diagnose)
	}
	switch e := a.desk.Subject(); {
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
	return tea.Batch(a.learned(guide.Diagnose), a.openDiagnosis(a.desk.Subject()))
}

// openDiagnosis turns to the side that decides.
func (a *App) openDiagnosis(e *apiclient.Exchange) tea.Cmd {
	a.cover(keymap.Diagnosis)
	return a.panes.diagnosis.Open(e, e.Sides().Decides(), e == a.desk.Shown())
}

// openComparison has two sides compared; a group is shown first.
func (a *App) openComparison(g parts.Group, load compare.Load) tea.Cmd {
	a.cover(keymap.Compare)
	return a.panes.compare.Open(g, load)
}

// compareStrings compares the strings that are on the screen with others.
func (a *App) compareStrings() tea.Cmd {
	e := a.desk.Signed()
	if e == nil || a.services == nil {
		return nil
	}
	return a.openComparison(parts.Canonical, compare.Shown(a.services.History, e, !a.desk.Live(), a.panes.runs.Marked()))
}

// cover opens a pane over all others.
func (a *App) cover(s keymap.Scope) {
	if !layout.Covers(a.focus) {
		a.left = a.focus
	}
	a.setFocus(s)
}
