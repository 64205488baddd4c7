package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient"
	"countersign/tui/headers"
	"countersign/tui/response"
	"countersign/tui/signature"
)

// tamperNews handles what concerns requests that are made wrong on purpose, and
// what is opened whole.
func (a *App) tamperNews(msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case headers.TamperAsked:
		a.open(newTamperBox(a, msg))
	case headers.Opened:
		a.open(newViewBox(a, sheet{title: msg.Title, what: "header value", intro: msg.Intro, text: msg.Text, copy: []byte(msg.Value)}))
	case signature.Opened:
		a.open(newViewBox(a, sheet{title: msg.Title, what: msg.What, intro: msg.Intro, text: msg.Text, copy: msg.Copy, mode: msg.Mode}))
	case response.ExplainAsked:
		a.open(newViewBox(a, sheet{title: msg.Title, what: "explanation", text: []byte(msg.Text), prose: true}))
	default:
		return nil, false
	}
	return nil, true
}

// tamperedTitles names what is tampered in the request on the screen; "" where
// nothing is. Where the draft cannot be signed, it is what was asked for.
func (a *App) tamperedTitles() string {
	if e := a.desk.request(); e != nil {
		return apiclient.TamperTitles(e.Tampered)
	}
	return apiclient.TamperTitles(a.panes.headers.Changes().Tamper)
}
