package tui

import (
	"cmp"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/ui"
)

// usualServer is offered as the URL of a callback where none was ever named.
const usualServer = "http://127.0.0.1:3000/payments/notify"

// askCallbackURL asks where the open draft, a callback, goes.
func (a *App) askCallbackURL(done func(string) (tea.Cmd, error)) tea.Cmd {
	return a.ask("URL of your server: where the callback goes", cmp.Or(a.panes.request.CallbackURL(), usualServer), done)
}

func (a *App) setCallbackURL(url string) (tea.Cmd, error) {
	var p apiclient.Profile
	if a.services != nil {
		p = a.services.Client.Profile()
	}
	if _, err := p.CallbackURL(url); err != nil {
		return nil, err
	}
	return a.panes.request.SetCallbackURL(url), nil
}

// callbackNamed says that the URL is known now of a callback that is to be sent.
type callbackNamed struct{}

func (callbackNamed) handle(a *App) tea.Cmd { return a.askToSend() }

// askToNotify sends the open draft, a callback: it asks for its URL where there is
// none, and before it goes beyond this machine.
func (a *App) askToNotify() tea.Cmd {
	url := a.panes.request.CallbackURL()
	if url == "" {
		return a.askCallbackURL(func(text string) (tea.Cmd, error) {
			cmd, err := a.setCallbackURL(text)
			if err != nil {
				return nil, err
			}
			return tea.Sequence(cmd, ui.Emit(callbackNamed{})), nil
		})
	}
	p := a.services.Client.Profile()
	u, err := p.CallbackURL(url)
	if err != nil || apiclient.Local(u) {
		return a.launch() // a URL that cannot be used is told by the client
	}
	a.askAbout(fmt.Sprintf("Send a callback to %s?", ui.Safe(u.Host)),
		"It goes to "+ui.Safe(url)+", which is not this machine, signed with "+p.PlatformKeyName+" as the Super App signs.")
	return nil
}

// cannotNotify says why a callback cannot be sent.
func (a *App) cannotNotify() string {
	p := a.services.Client.Profile()
	if a.panes.request.Callback() && p.PlatformKey == nil {
		return "Not sent: profile " + p.Name + " has no platform_key, which signs callbacks as the Super App"
	}
	return ""
}

// destination is where the open draft goes.
func (a *App) destination() string {
	if a.panes.request.Callback() {
		return cmp.Or(a.panes.request.CallbackURL(), "your server")
	}
	return a.services.Client.Profile().BaseURL
}
