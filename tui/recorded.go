package tui

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/history"
	"countersign/tui/ui"
)

// recording is what the explorer knows of the records of what it shows: a
// large answer is shown before its record is complete.
type recording struct {
	under    int                  // records that are being completed
	lost     []apiclient.Exchange // those that could not be: only the explorer has them
	trying   bool                 // those are being recorded once more
	asking   *confirmBox          // says that leaving waits; the person may leave at once, or stay
	forsaken bool                 // leaving waits no more
	late     bool                 // because it had waited long enough
	ledger   ledger
}

// ledger counts the records that are under way, for whoever ends the program.
type ledger struct {
	mu   sync.Mutex
	n    int
	idle chan struct{}                 // closed when n is 0 again
	lost map[string]apiclient.Exchange // by ID: could not be recorded, and nobody has heard of it
}

func (l *ledger) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.n == 0 {
		l.idle = make(chan struct{})
	}
	l.n++
}

func (l *ledger) end(e apiclient.Exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, not := notRecorded(e); not {
		if l.lost == nil {
			l.lost = map[string]apiclient.Exchange{}
		}
		l.lost[e.ID] = e
	}
	if l.n--; l.n == 0 {
		close(l.idle)
	}
}

// heard notes that the person is told of it.
func (l *ledger) heard(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.lost, id)
}

// busy gives what is closed when no record is under way any more; nil: none is.
func (l *ledger) busy() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.n == 0 {
		return nil
	}
	return l.idle
}

type (
	// recordOverdue says that leaving has waited long enough.
	recordOverdue struct{ asked *confirmBox }
	// forsaken is the answer of who does not want to wait.
	forsaken struct{}
	// retried says which of the lost were recorded after all.
	retried struct {
		ids   []string
		err   error // of the last that was not
		leave bool
	}
)

// soon starts an exchange and gives it as soon as it can be shown. Where its
// record is still to be completed, ended gives it once more when that is done.
func soon(l *ledger, send func(show func(apiclient.Exchange)) apiclient.Exchange) (e apiclient.Exchange, ended <-chan apiclient.Exchange) {
	shown, done := make(chan apiclient.Exchange, 1), make(chan apiclient.Exchange, 1)
	go func() {
		early := false
		e := send(func(e apiclient.Exchange) {
			early = true
			l.begin()
			shown <- e
		})
		if early {
			l.end(e)
		}
		done <- e
	}()
	select {
	case e = <-shown:
		return e, done
	case e = <-done:
		return e, nil
	}
}

// untilRecorded waits for the end of a record.
func (a *App) untilRecorded(ended <-chan apiclient.Exchange) tea.Cmd {
	a.recording.under++
	return func() tea.Msg { return runRecorded{<-ended} }
}

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

// recordLimit is how long leaving waits for records that are under way.
func (a *App) recordLimit() time.Duration { return cmp.Or(a.config.RecordLimit, 10*time.Second) }

// recordNews handles what becomes of records whose exchange is shown already.
func (a *App) recordNews(msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case runRecorded:
		return a.recorded(msg.exchange), true
	case retried:
		return a.retried(msg), true
	case forsaken:
		return a.forsake(), true
	case recordOverdue:
		if msg.asked != a.recording.asking || !a.waitsToLeave() {
			return nil, true
		}
		a.recording.late = true
		return a.forsake(), true
	}
	return nil, false
}

// recorded hears the end of a record. That it failed is said where the
// exchange is shown, which is as it was.
func (a *App) recorded(e apiclient.Exchange) tea.Cmd {
	a.recording.under--
	a.recording.ledger.heard(e.ID)
	waits := a.waitsToLeave()
	_, not := notRecorded(e)
	if not {
		a.lose(e)
	}
	cmds := []tea.Cmd{a.look(false)}
	switch {
	case waits && a.recording.under == 0:
		a.overlay, a.recording.asking = nil, nil
		cmds = append(cmds, a.leave())
	case !not && len(a.recording.lost) > 0:
		cmds = append(cmds, a.retry(false)) // there is room again
	}
	return tea.Batch(cmds...)
}

// lose says that an exchange could not be recorded and keeps it, to try again.
func (a *App) lose(e apiclient.Exchange) {
	a.recording.lost = append(a.recording.lost, e)
	if a.reshow(e) {
		return
	}
	f, _ := notRecorded(e)
	a.sum("The answer of "+orDash(cmp.Or(e.Endpoint, e.Request.Path()))+" is not in the history: "+f.Says, bad)
}

// reshow puts e in the place of itself, where it is shown.
func (a *App) reshow(e apiclient.Exchange) bool {
	if a.desk.shown == nil || a.desk.shown.ID != e.ID {
		return false
	}
	a.desk.shown = &e
	a.conclude(outcome(e), toneOf(e))
	a.panes.response.Restate(&e)
	a.tellPanes()
	return true
}

// retry records the lost ones once more.
func (a *App) retry(leave bool) tea.Cmd {
	if a.recording.trying {
		return nil
	}
	a.recording.trying = true
	h, lost := a.services.History, slices.Clone(a.recording.lost)
	return func() tea.Msg {
		ids, err := recordAgain(h, lost)
		return retried{ids, err, leave}
	}
}

func recordAgain(h *history.Store, lost []apiclient.Exchange) (ids []string, err error) {
	for _, e := range lost {
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
	a.recording.trying = false
	for _, id := range msg.ids {
		i := slices.IndexFunc(a.recording.lost, func(e apiclient.Exchange) bool { return e.ID == id })
		e := unmarked(a.recording.lost[i])
		a.recording.lost = slices.Delete(a.recording.lost, i, i+1)
		a.reshow(e)
	}
	switch n := len(a.recording.lost); {
	case !msg.leave:
	case n == 0:
		return tea.Batch(a.look(false), a.leave())
	default:
		a.open(newConfirm(a, fmt.Sprintf("Quit and lose %d %s?", n, plural(n, "answer")),
			fmt.Sprintf("Not in the history, still not: %v. There the %s stay, marked as outcome unknown.", msg.err, plural(n, "run")), func() tea.Msg { return forsaken{} }))
	}
	return a.look(false)
}

// waitsToLeave reports whether the person wants to leave and sees why it waits.
func (a *App) waitsToLeave() bool {
	return a.recording.asking != nil && a.overlay == overlay(a.recording.asking)
}

// hold waits with leaving where records would be lost, and says so; false
// means that there is nothing to wait for.
func (a *App) hold() (tea.Cmd, bool) {
	r := &a.recording
	switch {
	case r.forsaken || a.services == nil:
		return nil, false
	case r.under > 0:
		r.asking = newConfirm(a, "The answer is still being recorded. Leave before it is?",
			fmt.Sprintf("The explorer leaves by itself when it is, in %.0f seconds at most. ", a.recordLimit().Seconds())+"Left before, the run stays in the history, marked as outcome unknown.",
			func() tea.Msg { return forsaken{} })
		r.asking.title = "Leaving"
		a.open(r.asking)
		asked := r.asking
		return a.config.After(a.recordLimit(), func(time.Time) tea.Msg { return recordOverdue{asked} }), true
	case len(r.lost) > 0 && !r.trying:
		return a.retry(true), true
	}
	return nil, false
}

// forsake leaves without what is not recorded.
func (a *App) forsake() tea.Cmd {
	a.overlay, a.recording.forsaken = nil, true
	return a.leave()
}

// settle waits for the records that are under way when the program ends
// without asking, by a signal or with its terminal, and says why on out. Its
// error is what the person has not been told.
func (a *App) settle(out io.Writer) error {
	r := &a.recording
	if r.late {
		return fmt.Errorf("the answer was not recorded within %s: its run is in the history, marked as outcome unknown", a.recordLimit())
	}
	if r.forsaken {
		return nil
	}
	if idle := r.ledger.busy(); idle != nil {
		_, _ = fmt.Fprintln(out, ui.Safe("countersign: the answer is being recorded, "+a.recordLimit().String()+" at most"))
		select {
		case <-idle:
		case <-time.After(a.recordLimit()):
			r.late = true
			return a.settle(out)
		}
	}
	r.ledger.mu.Lock()
	defer r.ledger.mu.Unlock()
	for _, e := range r.ledger.lost {
		r.lost = append(r.lost, e)
	}
	if len(r.lost) == 0 {
		return nil
	}
	_, err := recordAgain(a.services.History, r.lost)
	return err
}
