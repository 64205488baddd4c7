package tui

import (
	"cmp"
	"context"
	"errors"
	"io"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/hint"
	"countersign/tui/desk"
	"countersign/tui/keymap"
	"countersign/tui/services"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// loaded is what the explorer works with.
type loaded struct {
	services *Services
	recorded historyState
	begin    desk.Beginning
	err      error
}

// load makes the services and signs the first draft with them.
func (a *App) load() tea.Cmd {
	load, observe, begin := a.config.Load, a.desk.Flight.Observe, a.desk.Begin()
	return func() tea.Msg {
		ctx := context.Background()
		s, err := load(ctx, observe)
		if err != nil {
			return loaded{err: err}
		}
		signed := begin(s)
		version, err := s.History.Version(ctx)
		n, countErr := s.History.Count(ctx)
		if err = cmp.Or(err, countErr); err != nil {
			s.Notices = append(s.Notices, hint.Sentence(err))
		}
		return loaded{services: s, recorded: historyState{n, version}, begin: signed(s.Left(ctx))}
	}
}

// Loading implements terminal.Model: it reports whether the services are still
// being made.
func (a *App) Loading() bool { return a.services == nil && a.loadErr == nil }

// handle starts the work once everything is loaded.
func (msg loaded) handle(a *App) tea.Cmd {
	if a.services != nil {
		return nil // another profile was chosen meanwhile, and is there
	}
	if msg.err != nil {
		a.loadErr = msg.err
		a.status.Set("Nothing can be sent yet: the reason stands above", status.Bad)
		a.panes.runs.Fail("The history is opened when this is fixed.")
		a.panes.signature.Show(nil, nil, true, msg.err)
		return nil
	}
	a.recorded = msg.recorded
	cmd, returned := a.desk.Start(msg.services, msg.begin)
	if returned {
		a.markOpen()
	}
	a.attach(msg.services)
	return tea.Batch(cmd, a.panes.runs.Refresh(), a.openFirst())
}

type (
	// chosenProfile is a profile that a person chose.
	chosenProfile struct{ name string }
	// switched are the services of another profile.
	switched struct {
		name     string
		services *Services
		left     services.Left // with this profile
		again    bool          // it was the profile in use
		onTerm   bool          // the terminal was free
		unasked  bool          // the configuration changed; nobody asked for it
		began    loads         // when it was asked for
		err      error
	}
)

func (msg chosenProfile) handle(a *App) tea.Cmd { return a.switchTo(msg.name, false) }

// switchTo loads another profile's keys, with the screen given up where they
// need it. What was typed stays.
func (a *App) switchTo(name string, onTerminal bool) tea.Cmd {
	a.status.Set("Loading the keys of "+name+"…", status.Neutral)
	return a.loadProfile(switched{name: name, onTerm: onTerminal})
}

// loads counts what is loaded of profiles, so that a late one is not used.
type loads struct{ asked, unasked, used int }

// late reports that a profile came after a newer choice, or after the
// configuration had changed once more.
func (now loads) late(msg switched) bool {
	if msg.unasked {
		return msg.began.unasked != now.unasked || msg.began.used != now.used
	}
	return msg.began.asked != now.asked
}

func (a *App) loadProfile(done switched) tea.Cmd {
	if done.unasked {
		a.loads.unasked++
	} else {
		a.loads.asked++
	}
	done.began = a.loads
	load, observe := a.config.Switch, a.desk.Flight.Observe
	name, onTerminal := done.name, done.onTerm
	done.again = a.services != nil && a.services.Client.Profile().Name == name
	work := func() error {
		ctx := context.Background()
		if done.services, done.err = load(ctx, name, onTerminal, observe); done.err != nil {
			return done.err
		}
		done.left = done.services.Left(ctx)
		return nil
	}
	if !onTerminal {
		return func() tea.Msg {
			_ = work()
			return done
		}
	}
	return a.config.Exec(offScreen{work}, func(err error) tea.Msg {
		done.err = err
		return done
	})
}

// offScreen is work that needs the terminal for itself.
type offScreen struct{ work func() error }

func (o offScreen) Run() error          { return o.work() }
func (o offScreen) SetStdin(io.Reader)  {}
func (o offScreen) SetStdout(io.Writer) {}
func (o offScreen) SetStderr(io.Writer) {}

// attach works with services that have come, as the desk does already.
func (a *App) attach(s *Services) {
	a.services, a.loadErr = s, nil
	a.panes.runs.Attach(s.History)
	a.panes.diagnosis.Attach(s.Examine)
	a.traffic.Attach(s.Traffic)
	a.notify(s.Notices)
}

// handle works with another profile from now on.
func (msg switched) handle(a *App) tea.Cmd {
	switch {
	case a.loads.late(msg):
		return nil
	case errors.Is(msg.err, services.ErrTerminalNeeded) && msg.unasked:
		a.status.Keep("The profile "+msg.name+" has changed, and its key needs the terminal: "+
			a.keys.KeyName(keymap.Profiles)+" chooses it again", status.Warn)
		return nil
	case errors.Is(msg.err, services.ErrTerminalNeeded) && !msg.onTerm:
		return a.switchTo(msg.name, true)
	case msg.err != nil:
		stays := ""
		if a.services != nil {
			stays = "; " + a.services.Client.Profile().Name + " stays in use"
		}
		text := "The profile " + msg.name + " cannot be used" + stays + ": " + hint.Sentence(msg.err)
		a.status.Keep(text, status.Bad)
		if ui.Width(ui.Safe(text)) > a.layout.Width-3 { // the status line would cut the reason off
			a.notify([]string{text})
		}
		return nil
	}
	a.loads.used++
	left := &msg.left
	if msg.again {
		left = nil
	}
	cmd := a.desk.Switch(msg.services, left)
	a.attach(msg.services)
	p := a.services.Client.Profile()
	text := "Requests go to " + p.BaseURL + " as " + p.Name + " now"
	if msg.again {
		text = "The profile " + p.Name + " was loaded again"
	}
	a.status.Set(text, status.Neutral)
	return tea.Batch(cmd, a.panes.runs.Refresh())
}
