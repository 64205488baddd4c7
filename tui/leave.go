package tui

import (
	"errors"
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/english"
	"countersign/tui/desk"
	"countersign/tui/layout"
	"countersign/tui/status"
	"countersign/tui/unrecorded"
)

// interrupt is ctrl+c: it stops what runs; pressed again soon, it quits.
func (a *App) interrupt() tea.Cmd {
	now := a.config.Now()
	if now.Sub(a.interrupted) < 2*time.Second {
		return a.leave()
	}
	a.interrupted = now
	if a.desk.Flight.Running() {
		a.desk.Flight.Cancel()
		a.status.Set("Cancelling… ctrl+c again quits", status.Neutral)
		return nil
	}
	if a.panes.diagnosis.Searching() {
		a.panes.diagnosis.Stop()
		a.status.Set("The search is stopped; ctrl+c again quits", status.Neutral)
		return nil
	}
	a.status.Set("ctrl+c again quits", status.Neutral)
	return nil
}

// quit closes what covers the screen; where nothing does it leaves. It asks
// first while a request is under way, which may be a payment. What was typed is
// kept.
func (a *App) quit() tea.Cmd {
	switch {
	case layout.Covers(a.focus):
		a.setFocus(a.left)
		return nil
	case a.zoomed && a.layout.Shape != layout.Single: // there it makes no difference
		a.zoomed = false
		a.rearrange()
		return nil
	}
	listening := a.traffic.Listening()
	switch {
	case a.desk.Flight.Running():
		a.confirm("A request is under way. Quit all the same?",
			"It may already have reached the other side. The run stays in the history, marked as outcome unknown.", a.leave)
		return nil
	case listening != "":
		a.confirm(listening+".\nQuit all the same?", "What is in flight is finished first, for 10 seconds at most.",
			a.leave)
		return nil
	}
	return a.leave()
}

// leave quits, once nothing listens any more, what is unrecorded is recorded and
// what was typed is kept.
func (a *App) leave() tea.Cmd {
	if cmd, some := a.traffic.StopAll(); some {
		return cmd
	}
	if a.unrecorded.Len() > 0 {
		return a.unrecorded.Retry(a.services.History, true)
	}
	return a.desk.Leave()
}

// leaveDrafts quits, but asks before what was typed is lost after all.
func (a *App) leaveDrafts(msg desk.Left) tea.Cmd {
	if msg.Lost == 0 {
		return tea.Quit
	}
	a.confirm(fmt.Sprintf("Quit and lose %d edited %s?", msg.Lost, english.Plural(msg.Lost, "request")),
		"They cannot be kept: "+msg.Err.Error(), func() tea.Cmd { return tea.Quit })
	return nil
}

// flush writes what is left after the program has ended without asking: by a
// signal, or with its terminal.
func (a *App) flush() error {
	a.traffic.Close()
	if a.services == nil {
		return nil
	}
	return errors.Join(a.unrecorded.Flush(a.services.History), a.desk.Flush())
}

// keepUnrecorded keeps an exchange that could not be recorded. After one that
// could, there may be room for the others.
func (a *App) keepUnrecorded(e apiclient.Exchange) tea.Cmd {
	if _, not := e.NotRecorded(); not {
		a.unrecorded.Add(e)
		return nil
	}
	if a.unrecorded.Len() == 0 {
		return nil
	}
	return a.unrecorded.Retry(a.services.History, false)
}

// takeRecorded shows what is now said of exchanges that are recorded after all,
// and leaves where that was waited for.
func (a *App) takeRecorded(msg unrecorded.Retried) tea.Cmd {
	for _, e := range a.unrecorded.Take(msg) {
		a.desk.Restate(e)
	}
	switch n := a.unrecorded.Len(); {
	case !msg.Leaving:
	case n == 0:
		return tea.Batch(a.checkHistory(false), a.leave())
	default:
		a.confirm(fmt.Sprintf("Quit and lose %d %s?", n, english.Plural(n, "answer")),
			fmt.Sprintf("Not in the history, still not: %v. There the %s stay, marked as outcome unknown.",
				msg.Err, english.Plural(n, "run")), func() tea.Cmd {
				a.unrecorded.GiveUp()
				return a.leave()
			})
	}
	return a.checkHistory(false)
}
