package cli

import (
	"fmt"
	"time"

	"countersign/apiclient/diagnose"
	"countersign/tui/ui"
)

// silence is how long a command may be silent.
const silence = time.Second

// waiting says on a terminal that something is still under way, and for how
// long. The function that it returns ends and removes it.
func (a *app) waiting(what string) (done func()) {
	if a.flags.json || !isTerminal(a.err) {
		return func() {}
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(silence)
		defer tick.Stop()
		said := false
		for seconds := 1; ; seconds++ {
			select {
			case <-tick.C:
				said = true
				_, _ = fmt.Fprintf(a.err, "\r%s… %d s, ctrl+c cancels", ui.Safe(what), seconds)
			case <-stop:
				if said {
					_, _ = fmt.Fprint(a.err, "\r\x1b[K")
				}
				return
			}
		}
	}()
	return func() { close(stop); <-stopped }
}

// liveLine returns what shows a line on a terminal in place of the one before, from when
// the work takes longer than a moment; nil where there is no terminal. The second
// function removes the line.
func (a *app) liveLine() (show func(format string, args ...any), done func()) {
	if a.flags.json || !isTerminal(a.err) {
		return nil, func() {}
	}
	start, said := a.now(), false
	show = func(format string, args ...any) {
		if a.now().Sub(start) >= silence/2 {
			said = true
			_, _ = fmt.Fprintf(a.err, "\r\x1b[K"+format, args...)
		}
	}
	return show, func() {
		if said {
			_, _ = fmt.Fprint(a.err, "\r\x1b[K")
		}
	}
}

// counting says how many of all are done.
func (a *app) counting(what string, all int) (func(n int), func()) {
	show, done := a.liveLine()
	if show == nil {
		return nil, done
	}
	return func(n int) { show("%s %s of %s, ctrl+c stops", what, ui.Thousands(n), ui.Thousands(all)) }, done
}

// searching says that a search goes on: what is tried, how fast, and how long it may take.
func (a *app) searching() (func(diagnose.Progress), func()) {
	show, done := a.liveLine()
	if show == nil {
		return nil, done
	}
	return func(p diagnose.Progress) {
		budget := "no limit"
		if p.Budget > 0 {
			budget = "of " + p.Budget.Round(100*time.Millisecond).String()
		}
		show("%s: %s hypotheses, %.1f million a second, %.1f s %s, ctrl+c stops",
			ui.Safe(p.Stage), ui.Thousands(int(p.Tried)), p.PerSecond/1e6, p.Elapsed.Seconds(), budget)
	}, done
}
