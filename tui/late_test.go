package tui

import (
	"context"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/history"
	"countersign/tui/runs"
)

// loadedAs loads the services of a profile, and gives the message of it.
func (x *world) loadedAs(t *testing.T, name string) tea.Msg {
	t.Helper()
	s, err := x.app.config.Switch(context.Background(), name, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	return switched{name: name, services: s}
}

// Of two profiles that were chosen, the one chosen last is used, however long
// the keys of the other take.
func TestLateProfileIsNotUsed(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, elsewhere)
	_, slow := x.app.Update(chosenProfile{"production"})
	x.Send(chosenProfile{"sandbox"})
	x.Run(slow)
	if got := x.app.services.Client.Profile().Name; got != "sandbox" {
		t.Errorf("requests go to %s, which was chosen before", got)
	}
}

// A profile that was chosen while the first one was still loading stays chosen.
func TestLateStartDoesNotUndoAChoice(t *testing.T) {
	t.Parallel()
	x := newWorld(t, elsewhere)
	x.app = New(x.config)
	x.app.Update(tea.WindowSizeMsg{Width: 140, Height: 40})
	first := x.app.load()
	_, choice := x.app.Update(chosenProfile{"production"})
	x.app.Update(choice())
	if x.app.services == nil {
		t.Fatal("the profile was not loaded")
	}
	x.app.Update(first())
	if got := x.app.services.Client.Profile().Name; got != "production" {
		t.Errorf("requests go to %s, though production was chosen", got)
	}
}

// Of two runs that were asked for, the last one is shown.
func TestLateRunIsNotShown(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, recorded(t, 3))
	all, err := x.history.List(context.Background(), history.Query{})
	if err != nil {
		t.Fatal(err)
	}
	_, slow := x.app.Update(runs.Opened{ID: all[0].ID})
	x.Send(runs.Opened{ID: all[1].ID})
	x.Run(slow)
	if got := x.app.desk.shown.ID; got != all[1].ID {
		t.Errorf("the run %s came late and is shown", got)
	}
}

// A run that was to be sent again, but came after something else was opened,
// is not sent.
func TestLateRunIsNotSent(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, recorded(t, 3))
	all, err := x.history.List(context.Background(), history.Query{})
	if err != nil {
		t.Fatal(err)
	}
	_, slow := x.app.Update(runs.AgainAsked{ID: all[0].ID})
	x.Key("1", "down", "down", "enter")
	x.Run(slow)
	if n := x.runs(t); n != 3 {
		t.Errorf("it was sent: %d runs", n)
	}
	x.shows(t, "was not sent")
}

// What is typed into the palette is no answer to a question that comes late.
func TestLateRunDoesNotAskOverWhatIsTyped(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40, func(x *world) { x.profile.Confirm = true }, recorded(t, 1))
	all, err := x.history.List(context.Background(), history.Query{})
	if err != nil {
		t.Fatal(err)
	}
	_, slow := x.app.Update(runs.AgainAsked{ID: all[0].ID})
	x.Key("ctrl+p")
	x.Type("pa")
	x.Run(slow)
	x.Type("y")
	if n := x.runs(t); n != 1 || x.app.flight.job.Running() {
		t.Errorf("%d runs: a letter that was typed sent it", n)
	}
	x.shows(t, "pay")
}

// What was asked about is what is sent: nothing else, and to nowhere else.
func TestConfirmedIsWhatWasAsked(t *testing.T) {
	t.Parallel()
	asks := func(x *world) { x.profile.Confirm = true }
	t.Run("another draft", func(t *testing.T) {
		t.Parallel()
		x := explore(t, 140, 40, asks, recorded(t, 3))
		all, err := x.history.List(context.Background(), history.Query{})
		if err != nil {
			t.Fatal(err)
		}
		run, err := x.history.Get(context.Background(), all[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		x.Key("ctrl+r")
		x.shows(t, "Send POST")
		x.Send(fetched{exchange: run}) // it was opened just before
		x.Key("y")
		if n := x.runs(t); n != 3 {
			t.Errorf("another draft than the one that was asked about was sent: %d runs", n)
		}
		x.shows(t, "Nothing was sent")
	})
	t.Run("another profile", func(t *testing.T) {
		t.Parallel()
		x := explore(t, 140, 40, asks, elsewhere)
		late := x.loadedAs(t, "production")
		x.Key("ctrl+r")
		x.shows(t, "to sandbox?")
		x.Send(late)
		x.Key("y")
		if n := x.runs(t); n != 0 || x.app.flight.job.Running() {
			t.Error("it was sent to production, though the question was about the sandbox")
		}
		x.shows(t, "Nothing was sent")
	})
	t.Run("the same bytes to another profile", func(t *testing.T) {
		t.Parallel()
		x := explore(t, 140, 40, asks, elsewhere, recorded(t, 1))
		late := x.loadedAs(t, "production")
		x.Key("6", "R")
		x.shows(t, "Send the same bytes again to sandbox")
		x.Send(late)
		x.Key("y")
		if n := x.runs(t); n != 1 || x.app.flight.job.Running() {
			t.Error("the bytes were sent to production, though the question was about the sandbox")
		}
		x.shows(t, "Nothing was sent")
	})
	t.Run("as it was", func(t *testing.T) {
		t.Parallel()
		x := explore(t, 140, 40, asks)
		x.Key("e")
		x.begin("space") // its message is still on its way
		x.Key("ctrl+r")
		x.Run(x.app.draftChanged())
		x.Key("y")
		if n := x.runs(t); n != 1 {
			t.Errorf("%d runs", n)
		}
	})
}

// What is asked about says that it is tampered.
func TestQuestionsSayTampered(t *testing.T) {
	t.Parallel()
	x := explore(t, 140, 40)
	x.Key("3", "s")
	x.choose(t, "path_trailing_slash")
	x.Key("esc")
	x.Key("ctrl+r")
	e := *x.app.desk.shown
	e.Profile = "production"
	if len(e.Tampered) == 0 {
		t.Fatal("it was not tampered")
	}
	x.Send(fetched{exchange: e, purpose: toResend})
	x.shows(t, "Send the same bytes again", "tampered on purpose", apiclient.TamperTitles(e.Tampered))
}
