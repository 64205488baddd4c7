package tui

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/history"
)

// every is how often the history is asked whether another program wrote to it.
const every = 2 * time.Second

type (
	watchDue struct{}
	// stirred is what the watch noticed.
	stirred struct {
		config  *reloaded // nil: nothing
		history bool
	}
	// watched is how the history stands.
	watched struct {
		version int64
		count   int
		notices []history.Notice
		again   bool
		err     error
	}
)

func (watchDue) handle(a *App) tea.Cmd {
	if a.services == nil {
		return tea.Batch(a.watch(), a.reload())
	}
	return tea.Batch(a.look(true), a.reload())
}

func (msg stirred) handle(a *App) tea.Cmd { return a.hear(msg) }

func (msg watched) handle(a *App) tea.Cmd { return a.refresh(msg) }

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
	for _, n := range msg.notices {
		a.notify([]string{string(n)})
	}
	if msg.again {
		cmds = append(cmds, a.watch())
	}
	return tea.Batch(cmds...)
}
