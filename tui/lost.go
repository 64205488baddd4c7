package tui

import (
	"context"
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/english"
	"countersign/history"
)

// lost are the exchanges whose record could not be completed, as on a full
// disk: only the explorer has them. They are recorded once there is room.
type lost struct {
	exchanges []apiclient.Exchange
	trying    bool // they are being recorded once more
	given     bool // the person leaves without them
}

type (
	// retried says which of the lost were recorded after all.
	retried struct {
		ids   []string
		err   error // of the last that was not
		leave bool  // the person wants to leave
	}
	// givenUp is the answer of who leaves without them.
	givenUp struct{}
)

// notRecorded gives what is said of an exchange whose record could not be
// completed.
func notRecorded(e apiclient.Exchange) (f apiclient.Finding, not bool) {
	i := slices.IndexFunc(e.Findings, func(f apiclient.Finding) bool { return f.Cause == "not_recorded" })
	if i < 0 {
		return f, false
	}
	return e.Findings[i], true
}

// unmarked is e without that.
func unmarked(e apiclient.Exchange) apiclient.Exchange {
	f, not := notRecorded(e)
	if not && e.Err == f.Says {
		e.Err, e.Hint = "", ""
	}
	e.Findings = slices.DeleteFunc(slices.Clone(e.Findings), func(f apiclient.Finding) bool { return f.Cause == "not_recorded" })
	if len(e.Findings) == 0 {
		e.Findings = nil
	}
	return e
}

func (msg retried) handle(a *App) tea.Cmd { return a.retried(msg) }

func (givenUp) handle(a *App) tea.Cmd {
	a.lost.given = true
	return a.leave()
}

// account keeps an exchange that could not be recorded. After one that could,
// there may be room for the others.
func (a *App) account(e apiclient.Exchange) tea.Cmd {
	if _, not := notRecorded(e); not {
		a.lost.exchanges = append(a.lost.exchanges, e)
		return nil
	}
	if len(a.lost.exchanges) == 0 {
		return nil
	}
	return a.retry(false)
}

// retry records the lost ones once more.
func (a *App) retry(leave bool) tea.Cmd {
	if a.lost.trying {
		return nil
	}
	a.lost.trying = true
	h, list := a.services.History, slices.Clone(a.lost.exchanges)
	return func() tea.Msg {
		ids, err := recordAgain(h, list)
		return retried{ids, err, leave}
	}
}

func recordAgain(h *history.Store, list []apiclient.Exchange) (ids []string, err error) {
	for _, e := range list {
		e = unmarked(e)
		if wrong := h.Complete(context.Background(), &e); wrong != nil {
			err = wrong
			continue
		}
		ids = append(ids, e.ID)
	}
	return ids, err
}

func (a *App) retried(msg retried) tea.Cmd {
	a.lost.trying = false
	for _, id := range msg.ids {
		i := slices.IndexFunc(a.lost.exchanges, func(e apiclient.Exchange) bool { return e.ID == id })
		e := unmarked(a.lost.exchanges[i])
		a.lost.exchanges = slices.Delete(a.lost.exchanges, i, i+1)
		a.restate(e)
	}
	switch n := len(a.lost.exchanges); {
	case !msg.leave:
	case n == 0:
		return tea.Batch(a.look(false), a.leave())
	default:
		a.confirm(fmt.Sprintf("Quit and lose %d %s?", n, english.Plural(n, "answer")),
			fmt.Sprintf("Not in the history, still not: %v. There the %s stay, marked as outcome unknown.", msg.err, english.Plural(n, "run")), givenUp{})
	}
	return a.look(false)
}

// restate shows what is now said of an exchange, where it is the one on the
// screen.
func (a *App) restate(e apiclient.Exchange) {
	if a.desk.shown == nil || a.desk.shown.ID != e.ID {
		return
	}
	a.desk.shown = &e
	a.status.SetOutcome("", &e)
	a.panes.response.Restate(&e)
	a.tellPanes()
}

// recordLost tries the lost once more before leaving; false where there are
// none, or the person leaves without them.
func (a *App) recordLost() (tea.Cmd, bool) {
	if a.lost.given || a.services == nil || len(a.lost.exchanges) == 0 {
		return nil, false
	}
	return a.retry(true), true
}

// rescueLost tries them once more where the program ends without asking: by a
// signal, or with its terminal.
func (a *App) rescueLost() error {
	if a.lost.given || a.services == nil || len(a.lost.exchanges) == 0 {
		return nil
	}
	_, err := recordAgain(a.services.History, a.lost.exchanges)
	return err
}
