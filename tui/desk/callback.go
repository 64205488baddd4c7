package desk

import (
	"cmp"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/box"
	"countersign/tui/ui"
)

// usualServer is offered as the URL of a callback where none was ever named.
const usualServer = "http://127.0.0.1:3000/payments/notify"

// AskCallbackURL asks where the open draft, a callback, goes.
func (d *Desk) AskCallbackURL() { d.askCallbackURL(d.setCallbackURL) }

func (d *Desk) askCallbackURL(done func(string) (tea.Cmd, error)) {
	url := cmp.Or(d.o.Request.CallbackURL(), usualServer)
	d.o.Open(box.NewPrompt(d.o.Theme, "URL of your server: where the callback goes", url, done))
}

func (d *Desk) setCallbackURL(url string) (tea.Cmd, error) {
	var p apiclient.Profile
	if d.services != nil {
		p = d.services.Client.Profile()
	}
	if _, err := p.CallbackURL(url); err != nil {
		return nil, err
	}
	return d.o.Request.SetCallbackURL(url), nil
}

// callbackNamed says that the URL is known now of a callback that is to be sent.
type callbackNamed struct{}

func (callbackNamed) update(d *Desk) tea.Cmd { return d.Send() }

// notify sends the open draft, a callback: it asks for its URL where there is none,
// and before it goes beyond this machine.
func (d *Desk) notify() tea.Cmd {
	url := d.o.Request.CallbackURL()
	if url == "" {
		d.askCallbackURL(func(text string) (tea.Cmd, error) {
			cmd, err := d.setCallbackURL(text)
			if err != nil {
				return nil, err
			}
			return tea.Sequence(cmd, ui.Emit(callbackNamed{})), nil
		})
		return nil
	}
	p := d.services.Client.Profile()
	u, err := p.CallbackURL(url)
	if err != nil || apiclient.Local(u) {
		return d.launch() // a URL that cannot be used is reported by the client
	}
	d.askAbout(fmt.Sprintf("Send a callback to %s?", ui.Safe(u.Host)),
		"It goes to "+ui.Safe(url)+", which is not this machine, signed with "+p.PlatformKeyName+" as the Super App signs.")
	return nil
}

// Destination is where the open draft goes.
func (d *Desk) Destination() string {
	if d.o.Request.Callback() {
		return cmp.Or(d.o.Request.CallbackURL(), "your server")
	}
	return d.services.Client.Profile().BaseURL
}
