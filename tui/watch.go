package tui

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/workspace"
	"countersign/history"
	"countersign/tui/desk"
)

// every is how often the history is asked whether another program wrote to it.
const every = 2 * time.Second

type (
	watchDue struct{}
	// changed is what the watch noticed.
	changed struct {
		config  *reloaded           // nil: nothing
		files   *workspace.Snapshot // nil: nothing
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

// historyState is what the history is known to hold.
type historyState struct {
	count   int   // of runs
	version int64 // of the list of runs on the screen
}

func (watchDue) handle(a *App) tea.Cmd {
	if a.services == nil {
		return tea.Batch(a.watch(), a.reload())
	}
	return tea.Batch(a.checkHistory(true), a.reload())
}

// watch keeps the list of runs, the request files and the configuration live: it
// looks every two seconds, and is heard of only where one of them changed. So an explorer that
// nobody touches draws nothing.
func (a *App) watch() tea.Cmd {
	s, version, reload := a.services, a.recorded.version, a.config.Reload
	files, catalog := a.files.Space, a.config.Catalog
	return a.config.After(every, func(time.Time) tea.Msg {
		if s == nil {
			return watchDue{}
		}
		for {
			ctx := context.Background()
			var msg changed
			if reload != nil {
				if settings, err := reload(ctx); settings != nil || err != nil {
					msg.config = &reloaded{settings: settings, err: err}
				}
			}
			if files != nil {
				if snapshot, is := files.Look(ctx, catalog); is {
					msg.files = snapshot
				}
			}
			v, err := s.History.Version(ctx)
			msg.history = err != nil || v != version
			if msg.config != nil || msg.files != nil || msg.history {
				return msg
			}
			time.Sleep(every)
		}
	})
}

// handle takes what the watch noticed, and has it go on.
func (msg changed) handle(a *App) tea.Cmd {
	var cmds []tea.Cmd
	if msg.config != nil {
		cmds = append(cmds, msg.config.handle(a))
	}
	if msg.files != nil {
		cmds = append(cmds, a.takeFiles(msg.files))
	}
	if msg.history {
		return tea.Batch(append(cmds, a.checkHistory(true))...)
	}
	return tea.Batch(append(cmds, a.watch())...)
}

// checkHistory asks the history for its version and count; again says whether the
// watch goes on after it.
func (a *App) checkHistory(again bool) tea.Cmd {
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

// handle shows what the history has come to hold.
func (msg watched) handle(a *App) tea.Cmd {
	var cmds []tea.Cmd
	if msg.err == nil {
		a.recorded.count = msg.count
		if msg.version != a.recorded.version {
			a.recorded.version = msg.version
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

// ended follows an exchange that was sent.
func (a *App) ended(msg desk.Ended) tea.Cmd {
	cmds := []tea.Cmd{a.keepUnrecorded(msg.Exchange), a.checkHistory(false)}
	if msg.Shown {
		return tea.Batch(append(cmds, a.learnFrom())...)
	}
	return tea.Batch(append(cmds, a.panes.runs.Refresh())...)
}
