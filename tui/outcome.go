package tui

import "countersign/apiclient"

// ended is how an exchange ended, as the status line says it.
type ended struct {
	of     *apiclient.Exchange
	status status
}

// conclude says how the exchange on the screen ended. What is said of a key
// later only covers it.
func (a *App) conclude(text string, t tone) {
	a.sum(text, t)
	a.desk.ended = ended{a.desk.shown, a.status}
}

// hush takes away what was said of the last key. How the exchange on the screen
// ended stands there again, while it is on the screen.
func (a *App) hush() {
	e := a.desk.ended
	if e.of == nil || e.of != a.desk.shown {
		a.say("", neutral)
		return
	}
	a.status = e.status
	if a.desk.live() && a.status.tone == good {
		a.status.tone = neutral
	}
}
