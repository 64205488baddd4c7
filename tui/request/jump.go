package request

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/ui"
)

// Targets are the tabs.
func (p *Pane) Targets() []ui.Target {
	return ui.TabTargets(tabs, 0, func(i int) tea.Cmd { return p.turnTab(tab(i)) })
}
