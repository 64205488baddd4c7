package tui

import (
	"context"
	"errors"
	"io"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/keymap"
	"countersign/tui/ui"
)

// ErrTerminalNeeded is in the chain of an error of Config.Switch: the
// profile's keys can only be loaded where the terminal is free, because a pass
// phrase is asked for or another program asks.
var ErrTerminalNeeded = errors.New("the terminal is needed")

type (
	// chosenProfile is a profile that a person chose.
	chosenProfile struct{ name string }
	// switched are the services of another profile.
	switched struct {
		name     string
		services *Services
		kept     keptBefore // drafts that were left with this profile
		again    bool       // it was the profile in use
		onTerm   bool       // the terminal was free
		unasked  bool       // the configuration changed; nobody asked for it
		began    loads      // when it was asked for
		err      error
	}
)

// switchTo loads another profile's keys, with the screen given up where they
// need it. What was typed stays.
func (a *App) switchTo(name string, onTerminal bool) tea.Cmd {
	a.say("Loading the keys of "+name+"…", neutral)
	return a.loadProfile(switched{name: name, onTerm: onTerminal})
}

// loads counts what is loaded of profiles, so that a late one is not used.
type loads struct{ asked, unasked, used int }

// late reports that a profile came after a newer choice, or after the
// configuration had changed once more.
func (a *App) late(msg switched) bool {
	now := a.desk.loads
	if msg.unasked {
		return msg.began.unasked != now.unasked || msg.began.used != now.used
	}
	return msg.began.asked != now.asked
}

func (a *App) loadProfile(done switched) tea.Cmd {
	if done.unasked {
		a.desk.loads.unasked++
	} else {
		a.desk.loads.asked++
	}
	done.began = a.desk.loads
	load, observe := a.config.Switch, a.config.post.progress
	name, onTerminal := done.name, done.onTerm
	done.again = a.services != nil && a.services.Client.Profile().Name == name
	work := func() error {
		ctx := context.Background()
		if done.services, done.err = load(ctx, name, onTerminal, observe); done.err != nil {
			return done.err
		}
		var err error
		if done.kept.drafts, done.kept.place, err = done.services.History.Drafts(ctx, name); err != nil {
			done.services.Notices = append(done.services.Notices, sentence(err))
		}
		return nil
	}
	if !onTerminal {
		return func() tea.Msg {
			_ = work()
			return done
		}
	}
	return tea.Exec(offScreen{work}, func(err error) tea.Msg {
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

// takeServices works with another profile from now on.
func (a *App) takeServices(msg switched) tea.Cmd {
	switch {
	case a.late(msg):
		return nil
	case errors.Is(msg.err, ErrTerminalNeeded) && msg.unasked:
		a.sum("The profile "+msg.name+" has changed, and its key needs the terminal: "+a.keyName(keymap.Profiles)+" chooses it again", warn)
		return nil
	case errors.Is(msg.err, ErrTerminalNeeded) && !msg.onTerm:
		return a.switchTo(msg.name, true)
	case msg.err != nil:
		stays := ""
		if a.services != nil {
			stays = "; " + a.services.Client.Profile().Name + " stays in use"
		}
		text := "The profile " + msg.name + " cannot be used" + stays + ": " + sentence(msg.err)
		a.sum(text, bad)
		if ui.Width(ui.Safe(text)) > a.layout.width-3 { // the status line would cut the reason off
			a.notify([]string{text})
		}
		return nil
	}
	a.desk.loads.used++
	keep := a.keep(false) // with the profile that they were typed for
	a.services, a.loadErr = msg.services, nil
	var moved tea.Cmd
	if !msg.again {
		moved = a.moveIn(msg.kept)
	}
	p := a.services.Client.Profile()
	a.panes.request.SetBase(p.BaseURL)
	a.panes.response.SetProfile(p.Name)
	a.panes.request.SetTriggers(a.services.Triggers)
	a.panes.headers.SetProfile(p)
	a.panes.signature.SetProfile(p)
	a.panes.runs.Attach(a.services.History)
	text := "Requests go to " + p.BaseURL + " as " + p.Name + " now"
	if msg.again {
		text = "The profile " + p.Name + " was loaded again"
	}
	a.say(text, neutral)
	a.notify(a.services.Notices)
	a.desk.previewing = false
	return tea.Batch(keep, moved, a.draftChanged(), a.panes.runs.Refresh())
}
