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
