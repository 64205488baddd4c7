package runs

import (
	tea "github.com/charmbracelet/bubbletea"

	"countersign/tui/ui"
)

// Targets are the runs on the screen; to jump to one shows it.
func (p *Pane) Targets() []ui.Target {
	var list []ui.Target
	from, to := p.list.Window()
	top := p.h - p.list.Height
	for i := from; i < min(to, len(p.runs)); i++ {
		list = append(list, ui.Target{Y: top + i - from, Go: func() tea.Cmd {
			p.list.To(i)
			return ui.Emit(Opened{ID: p.currentID()})
		}})
	}
	return list
}
