package request

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/apiclient/catalog"
	"countersign/tui/ui"
)

// callback reports whether the Super App sends the request of a draft, to the
// merchant's own server.
func (d *draft) callback() bool {
	return d.received || d.endpoint.Direction == catalog.Callback
}

// Callback reports whether the open draft is a callback. Its target is the URL of
// the merchant's server; before that was named it is a path.
func (p *Pane) Callback() bool { return p.open().callback() }

// CallbackURL returns where the open draft, a callback, goes: its own URL, or the
// one that was named last. "" is nowhere yet.
func (p *Pane) CallbackURL() string {
	if target := p.open().target; isURL(target) {
		return target
	}
	return p.server
}

func isURL(target string) bool { return strings.Contains(target, "://") }

// SetCallbackURL sets the URL that the open draft goes to, and other callbacks
// without a URL.
func (p *Pane) SetCallbackURL(url string) tea.Cmd {
	p.open().target, p.server = url, url
	p.refit()
	return ui.Emit(Edited{})
}

// callbackLine says where a callback goes; where there is no room for all of it the
// scheme goes, then the beginning.
func (p *Pane) callbackLine(room int) string {
	const to = "callback to "
	url := p.CallbackURL()
	if url == "" {
		return to + p.theme.Words("your server: {request.target} names it")
	}
	url = ui.Safe(url[:min(len(url), longestTarget)])
	if ui.Width(to+url) > room {
		url = strings.TrimPrefix(url, "http://")
	}
	return to + ui.TruncateLeft(url, max(room-ui.Width(to), leastPath))
}

// wasReceived reports whether the request of a run was a callback: sending it again
// means to be the Super App again.
func wasReceived(e *apiclient.Exchange) bool {
	return e.Origin.AsPlatform() || e.Origin == apiclient.FromListen
}

// targetWord is the footer's word for the target of the open draft.
func (p *Pane) targetWord() string {
	if p.Callback() {
		return "URL"
	}
	return "path"
}
