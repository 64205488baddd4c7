package cli

import (
	"fmt"
	"time"

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

// counting says on a terminal how many of all are done, from when that takes
// longer than a moment. The second function ends and removes it.
func (a *app) counting(what string, all int) (show func(n int), done func()) {
	if a.flags.json || !isTerminal(a.err) {
		return nil, func() {}
	}
	start, said := a.now(), false
	show = func(n int) {
		if a.now().Sub(start) < silence/2 {
			return
		}
		said = true
		_, _ = fmt.Fprintf(a.err, "\r\x1b[K%s %s of %s, ctrl+c stops", what, thousands(int64(n)), thousands(int64(all)))
	}
	return show, func() {
		if said {
			_, _ = fmt.Fprint(a.err, "\r\x1b[K")
		}
	}
}
