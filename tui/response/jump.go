package response

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/ui"
)

// Targets are the tabs, where there is an answer.
func (p *Pane) Targets() []ui.Target {
	if p.waiting != "" || p.exchange == nil || p.exchange.Response == nil {
		return nil
	}
	return ui.TabTargets(tabs, len(p.summary()), func(i int) tea.Cmd { return p.open(tab(i)) })
}
