package tui

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"countersign/apiclient/variables"
	"countersign/tui/request"
)

// offered are the variables that were asked for.
type offered struct {
	of    string
	known []variables.Known
	err   error
}

// variablesNews handles the messages that concern the variables that are
// offered while one is typed.
func (a *App) variablesNews(msg tea.Msg) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case request.VariablesAsked:
		return a.lookUpVariables(msg.Of), true
	case offered:
		// What could be found is offered, whatever could not.
		if msg.err != nil {
			a.say("Not all variables are known: "+sentence(msg.err), warn)
		}
		a.panes.request.SetVariables(msg.of, msg.known)
		return nil, true
	}
	return nil, false
}

func (a *App) lookUpVariables(of string) tea.Cmd {
	if a.services == nil || a.services.Variables == nil {
		a.panes.request.SetVariables(of, nil)
		return nil
	}
	find := a.services.Variables
	return func() tea.Msg {
		known, err := find(context.Background(), of)
		return offered{of: of, known: known, err: err}
	}
}
