package tui

import (
	"context"
	"fmt"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/runs"
	"countersign/tui/ui"
)

// longestName bounds the name of a run, in characters: a row shows a few dozen.
const longestName = 200

// runsNews handles what the list of runs asks for.
func (a *App) runsNews(msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case runs.NameAsked:
		return a.ask(prompt{title: "Name of this run (nothing: none)", text: msg.Name, done: func(name string) (tea.Cmd, error) {
			if n := utf8.RuneCountInString(name); n > longestName {
				return nil, fmt.Errorf("a name has at most %d characters, this one has %s", longestName, ui.Thousands(n))
			}
			return a.panes.runs.Rename(msg.ID, name), nil
		}}), true
	case runs.Changed:
		return a.look(false), true
	case runs.FilterAsked:
		return a.openFilters(), true
	case facetsCounted:
		if box, ok := a.overlay.(*filterBox); ok {
			box.take(msg)
		}
	case resendConfirmed:
		if msg.services != a.services {
			a.say(otherProfile, warn)
			return nil, true
		}
		return a.resend(msg.saved), true
	default:
		return nil, false
	}
	return nil, true
}

// resendConfirmed says that the very bytes of a run are to be sent again, to
// where requests went when that was asked.
type resendConfirmed struct {
	services *Services
	saved    apiclient.Exchange
}

// askToResend sends the bytes of a run again, or asks first where the profile
// wants it, or where they were meant for another.
func (a *App) askToResend(saved apiclient.Exchange, elsewhere bool) tea.Cmd {
	p := a.services.Client.Profile()
	if !p.Confirm && !elsewhere {
		return a.resend(saved)
	}
	why := "This profile asks before each request, because it may move money. The bytes are those of then: old time, old signature."
	if elsewhere {
		why = fmt.Sprintf("It was sent with profile %s: other host, client id and keys. The bytes are those of then: old time, old signature.", saved.Profile)
	}
	if titles := apiclient.TamperTitles(saved.Tampered); titles != "" {
		why += " They were tampered with on purpose: " + titles + "."
	}
	a.open(newConfirm(a, fmt.Sprintf("Send the same bytes again to %s (%s)?", p.Name, p.BaseURL)+amountsOf(saved.Request.Content()), why,
		ui.Emit(resendConfirmed{a.services, saved})))
	return nil
}

// resend puts the very bytes of a run in flight.
func (a *App) resend(saved apiclient.Exchange) tea.Cmd {
	if a.flight != nil || a.services == nil {
		return nil
	}
	a.say("", neutral)
	ctx, cancel := context.WithCancel(context.Background())
	now := a.config.Now()
	a.desk.sends++
	seq, revision, key, s := a.desk.sends, a.desk.revision, a.panes.request.Key(), a.services
	a.flight = &flight{seq: seq, cancel: cancel, since: now, now: now, endpoint: saved.Endpoint}
	a.panes.response.Wait(a.flight.words(a.theme.Words("{cancel} cancels")))
	work := func() tea.Msg {
		defer cancel()
		return finished{seq: seq, revision: revision, key: key, exchange: s.Client.Resend(ctx, saved)}
	}
	return tea.Batch(work, a.nextTick())
}
