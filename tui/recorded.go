package tui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
)

// soon starts an exchange and gives it as soon as it can be shown. Where its
// record is still to be completed, ended gives it once more when that is done.
func soon(send func(show func(apiclient.Exchange)) apiclient.Exchange) (e apiclient.Exchange, ended <-chan apiclient.Exchange) {
	shown, done := make(chan apiclient.Exchange, 1), make(chan apiclient.Exchange, 1)
	go func() { done <- send(func(e apiclient.Exchange) { shown <- e }) }()
	select {
	case e = <-shown:
		return e, done
	case e = <-done:
		return e, nil
	}
}

func untilRecorded(ended <-chan apiclient.Exchange) tea.Cmd {
	return func() tea.Msg { return runRecorded{<-ended} }
}

// recordNews handles the end of a record whose exchange is on the screen. That
// it failed is said: the exchange is as it was.
func (a *App) recordNews(msg tea.Msg) (tea.Cmd, bool) {
	done, ok := msg.(runRecorded)
	if !ok {
		return nil, false
	}
	e := done.exchange
	lost := slices.ContainsFunc(e.Findings, func(f apiclient.Finding) bool { return f.Cause == "not_recorded" })
	if lost && a.desk.shown != nil && a.desk.shown.ID == e.ID {
		a.desk.shown = &e
		a.sum(outcome(e), toneOf(e))
		a.tellPanes()
		return tea.Batch(a.panes.response.Show(&e), a.look(false)), true
	}
	if lost {
		a.say(e.Err, bad)
	}
	return a.look(false), true
}
