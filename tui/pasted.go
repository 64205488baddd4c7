package tui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/hint"
	"countersign/tui/box"
	"countersign/tui/headers"
	"countersign/tui/keymap"
	"countersign/tui/pasted"
	"countersign/tui/status"
	"countersign/tui/ui"
)

// pasteRead is what a paste holds.
type pasteRead struct {
	seq      int
	requests pasted.Requests
	err      error
}

// askPaste opens a place for the text of a request.
func (a *App) askPaste() tea.Cmd {
	a.open(box.NewPaste(a.theme, "Paste a request", "A curl command, a HAR, a call of fetch, a raw HTTP message, or the path of such a file. "+
		"It becomes a draft; nothing is sent.", "opens it", nil, func(text []byte) tea.Cmd { return a.takePaste(string(text)) }))
	return nil
}

// takePaste makes a draft of a request that was pasted, or of a file that was
// dropped.
func (a *App) takePaste(text string) tea.Cmd {
	if a.services == nil {
		return ui.Tell("Still starting: a moment")
	}
	a.desk.opened++
	seq, reader := a.desk.opened, pasted.Reader{Client: a.services.Client, Catalog: a.config.Catalog}
	return func() tea.Msg {
		all, err := reader.Read(text)
		return pasteRead{seq, all, err}
	}
}

// handle opens the request, or asks which one of several.
func (msg pasteRead) handle(a *App) tea.Cmd {
	switch {
	case msg.seq != a.desk.opened:
	case msg.err != nil:
		a.status.Set("No request was pasted: "+hint.Sentence(msg.err)+
			a.theme.Words(". Text goes into a text field: {request.edit} opens the body"), status.Warn)
	case len(msg.requests.List) == 1:
		return a.openPasted(msg.requests.List[0])
	default:
		a.open(pasted.NewPick(a.theme, msg.requests, a.openPasted))
	}
	return nil
}

// openPasted opens a request that was pasted as a draft of its own.
func (a *App) openPasted(p pasted.Request) tea.Cmd {
	a.openDraft(func() {
		a.panes.request.OpenPasted(p.Key, p.Title, p.Endpoint, p.Known, p.Draft)
		if _, known := a.desk.changes[p.Key]; !known {
			a.setChanges(p.Key, headers.Changes{Set: p.Draft.Header, Tamper: p.Draft.Tamper})
		}
	})
	a.setFocus(keymap.Request)
	cmd := a.draftOpened()
	text := "{send} signs and sends it"
	if a.files.space != nil {
		text += ", {save} saves it in a file"
	}
	text = strings.Join(append(append([]string{"Pasted"}, p.Notes...), a.theme.Words(text)), " · ")
	a.status.Keep(text, status.Neutral)
	if ui.Width(ui.Safe(text)) > a.layout.Width-3 && len(p.Notes) > 0 { // the status line would cut it off
		a.notify([]string{"The request was pasted as a draft: " + strings.Join(p.Notes, "; ") + "."})
	}
	return cmd
}

// canPaste returns why no request can be pasted now.
func (a *App) canPaste() string {
	if a.services == nil {
		return "Still starting: a moment"
	}
	return a.coveredRequest()
}
