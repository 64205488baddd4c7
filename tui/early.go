package tui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
)

// early is what a person asked for before the explorer was ready to do it: keys
// (tea.KeyMsg) and actions (keymap.Action), in order. It is done once it can be.
type early struct {
	waiting []tea.Msg
	due     bool // the next one is on its way
}

// earlyDue says that it is time for the next one.
type earlyDue struct{}

const (
	// mostEarly bounds what is kept.
	mostEarly = 64
	// earlyPace is the time between two of them: what the first one leads to
	// comes before the second, as when a person types.
	earlyPace = 10 * time.Millisecond
)

// ready reports whether everything is loaded, or cannot be, and the size of the
// screen is known.
func (a *App) ready() bool { return !a.loading() && a.layout.width > 0 }

// press takes a key press. What comes after something that waits, waits too.
// ctrl+c never does; esc takes back what waits.
func (a *App) press(msg tea.KeyMsg) tea.Cmd {
	waits := &a.early.waiting
	switch {
	case msg.String() == "ctrl+c":
		*waits = nil
	case a.loading() && a.asked() && !msg.Paste && a.keys.Leaves(msg.String()):
		*waits = nil
		a.say("Taken back: nothing will be done by itself", neutral)
		return nil
	case len(*waits) > 0 || a.layout.width == 0:
		a.wait(msg)
		return nil
	}
	return a.key(msg)
}

// asked reports whether an action waits.
func (a *App) asked() bool {
	for _, w := range a.early.waiting {
		if _, is := w.(keymap.Action); is {
			return true
		}
	}
	return false
}

// wait keeps a key or an action for later.
func (a *App) wait(what tea.Msg) {
	if len(a.early.waiting) >= mostEarly {
		a.say("Still starting: this key was dropped, too many wait already", warn)
		return
	}
	a.early.waiting = append(a.early.waiting, what)
	if a.asked() {
		a.say(a.theme.Words("Starting… what you asked for is done as soon as it can be; {cancel} takes it back"), neutral)
	}
}

// catchUp has the next of what waits done after a command, if it can be done.
func (a *App) catchUp(cmd tea.Cmd) tea.Cmd {
	if len(a.early.waiting) == 0 || a.early.due || !a.ready() {
		return cmd
	}
	a.early.due = true
	return tea.Batch(cmd, a.config.After(earlyPace, func(time.Time) tea.Msg { return earlyDue{} }))
}

// earlyNews does the next of what waits.
func (a *App) earlyNews(msg tea.Msg) (tea.Cmd, bool) {
	if _, is := msg.(earlyDue); !is {
		return nil, false
	}
	a.early.due = false
	if len(a.early.waiting) == 0 {
		return nil, true
	}
	next := a.early.waiting[0]
	a.early.waiting = a.early.waiting[1:]
	var cmd tea.Cmd
	switch next := next.(type) {
	case keymap.Action:
		cmd = a.do(next)
	case tea.KeyMsg:
		cmd = a.key(next)
	}
	if _, asks := a.overlay.(*confirmBox); asks {
		a.early.waiting = nil // a question must be seen before it is answered
	}
	return cmd, true
}
